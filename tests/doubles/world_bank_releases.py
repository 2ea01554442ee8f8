"""The archived releases of the World Bank's double: source 57 in the publisher's wire shape.

What belongs here: the list of releases, whose labels are wrong here and there as the publisher's
are, and the pages of a series. Years ascend, the world comes last, and an economy or a year that a
release does not know is left out without a word.
"""

from collections.abc import Mapping, Sequence

Values = Mapping[tuple[str, int], str | float | int]
Releases = Mapping[str, Mapping[str, Values]]
"""By id of the release, code, and economy and year."""

FIRST_YEAR = 1960
YEARS_BEHIND = 1
"""A release ends with the year before its own."""


def answer(releases: Releases, path: Sequence[str], page: int, size: int) -> str | None:
    """The reply to a path below ``/v2/sources/57``; None where there is no data."""
    match path:
        case ["version"]:
            return _listed(releases, page, size)
        case ["series", code, "country", codes, "time", years, "version", release]:
            series = releases.get(release, {}).get(code)
            if series is None:
                return None
            cells = _cells(series, codes.split(";"), years.split(";"), int(release[:4]))
            return _paged(cells, series, code, release, page, size) if cells else None
    return None


def _listed(releases: Releases, page: int, size: int) -> str:
    ids = sorted(releases)[(page - 1) * size : page * size]
    entries = ",".join(f'{{"id":"{i}","value":"1994 Sep"}}' for i in ids)
    return (
        f'{{"page":{page},"pages":{-(-len(releases) // size)},"per_page":{size},'
        f'"total":{len(releases)},"source":[{{"id":"57","name":"WDI Database Archives","concept":'
        f'[{{"id":"version","name":"version","variable":[{entries}]}}]}}]}}'
    )


def _cells(
    series: Values, codes: Sequence[str], times: Sequence[str], year_of_release: int
) -> list[tuple[str, int]]:
    known = {economy for economy, _ in series}
    years = sorted(int(t.removeprefix("YR")) for t in times)
    return [
        (economy, year)
        for economy in sorted(known.intersection(codes), key=lambda e: (e == "WLD", e))
        for year in years
        if FIRST_YEAR <= year <= year_of_release - YEARS_BEHIND
    ]


def _paged(
    cells: Sequence[tuple[str, int]], series: Values, code: str, release: str, page: int, size: int
) -> str:
    rows = [
        _row(economy, year, series.get((economy, year), "null"), code, release)
        for economy, year in cells[(page - 1) * size : page * size]
    ]
    return (
        f'{{"page":{page},"pages":{-(-len(cells) // size)},"per_page":{size},'
        f'"total":{len(cells)},"lastupdated":"2025-10-29","source":{{"id":"57",'
        f'"name":"WDI Database Archives","data":[{",".join(rows)}]}}}}'
    )


def _row(economy: str, year: int, value: object, code: str, release: str) -> str:
    ids = {"Country": economy, "Time": f"YR{year}", "Series": code, "Version": release}
    variables = ",".join(
        f'{{"concept":"{concept}","id":"{id_}","value":"{id_}, in words"}}'
        for concept, id_ in ids.items()
    )
    return f'{{"variable":[{variables}],"value":{value}}}'
