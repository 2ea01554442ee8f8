"""The catalogue as a report on one bloc needs it: with today's members of that bloc as its set.

The project's own bloc has its sets in the catalogue's files; another one's follow from its dated
memberships, so that a report about it takes no code and no entry.
"""

from datetime import date
from typing import Final

from pipeline.catalog.entry import PROJECT_BLOC
from pipeline.catalog.models import Catalog, MemberSet
from pipeline.errors import SettingsError

FEWEST: Final = 2


def find_bloc(catalog: Catalog, name: str) -> str:
    """Id of the bloc of a name, in whatever case.

    Raises:
        SettingsError: the catalogue has no such bloc, or no states of it.
    """
    known = {b.id: b for b in catalog.blocs.values() if len(b.members) >= FEWEST}
    if name.casefold() not in known:
        listed = ", ".join(f"{b.short_name} ({b.id})" for _, b in sorted(known.items()))
        raise SettingsError(
            f"bloc {name!r}: the catalogue has no such bloc of states; it has {listed}"
        )
    return known[name.casefold()].id


def of_bloc(catalog: Catalog, bloc: str, as_of: date) -> Catalog:
    """The catalogue with the bloc's members on a day as the set that is reported on.

    Of the project's own bloc the catalogue stays as it is. The set is fixed: it is applied to all
    years, also before states joined. A composite index of the set that was reported on before
    ranks its states instead, between the same goalposts.

    Raises:
        SettingsError: the catalogue has no such bloc, or it had no two members on that day.
    """
    if bloc == PROJECT_BLOC:
        return catalog
    entry = catalog.blocs[find_bloc(catalog, bloc)]
    economies = entry.members_on(as_of)
    if len(economies) < FEWEST:
        raise SettingsError(
            f"bloc {entry.id!r}: has {len(economies)} members on {as_of}, at least {FEWEST} needed"
        )
    name = f"{entry.id}_today"
    own = MemberSet(
        id=name, name=f"Members of the bloc {entry.short_name}", bloc=entry.id, rule="fixed",
        economies=economies,
    )  # fmt: skip
    index = {
        code: plan.model_copy(update={"member_set": name})
        if plan.member_set == catalog.reported
        else plan
        for code, plan in catalog.index.items()
    }
    sets = {**catalog.member_sets, name: own}
    return catalog.model_copy(update={"member_sets": sets, "index": index, "reported": name})
