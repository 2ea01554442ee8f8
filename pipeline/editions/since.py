"""Since when an edition says what changed: by default the as-of date of the one that readers had.

The report calls it by its date and no edition: the day may be one of somebody's choosing, or the
edition of that day may never have been made. It is chosen once, before anything is built, and is
an input of the edition from then on: named in its manifest and hashed into its id, so that the
edition can be made again where no other stands.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from pipeline.editions.standing import Edition, find_edition, tampered
from pipeline.errors import ReportError, SettingsError
from pipeline.inputs import EditionInputs
from pipeline.report.manifest import MANIFEST


def settled(
    inputs: EditionInputs, editions_dir: Path, *, wanted: date | None = None
) -> EditionInputs:
    """The inputs with the day that the edition compares with.

    That is, in this order: the day that is wanted; that of an edition of the same other inputs
    which stands already, so that editions made meanwhile change nothing; the as-of date of the
    newest whole edition of the bloc before this one. Without any it stays None, a year before.

    Args:
        inputs: of the edition; their own ``since`` does not matter.
        editions_dir: where editions stand.
        wanted: the day that a user names.

    Raises:
        SettingsError: the day that is wanted does not come before the edition's own.
    """
    if wanted is not None:
        must_precede(wanted, inputs.as_of)
        return replace(inputs, since=wanted)
    return alike(inputs, editions_dir) or replace(inputs, since=_last_before(inputs, editions_dir))


def must_precede(since: date, as_of: date) -> None:
    """Let a day pass that comes before the as-of date of the edition.

    Raises:
        SettingsError: it does not.
    """
    if since >= as_of:
        raise SettingsError(
            f"since {since}: expected a day before the edition's own as-of date, {as_of}"
        )


def day_of(text: str, editions_dir: Path) -> date:
    """The day that a user means: a date, or the as-of date of an edition.

    Args:
        text: YYYY-MM-DD; all else is an edition, by id, folder or manifest.
        editions_dir: where editions are known by their ids.

    Raises:
        SettingsError: it is neither.
        ReportError: the manifest of the edition cannot be read.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return find_edition(text, editions_dir).manifest.inputs.as_of
    except SettingsError as error:
        raise SettingsError(
            f"since {text!r}: expected a date (YYYY-MM-DD) or an edition; {error}"
        ) from error


def alike(inputs: EditionInputs, editions_dir: Path) -> EditionInputs | None:
    """The inputs of the whole edition that differs from these at most in what it compares with;
    of several the one with the newest such day."""
    found = [
        e.manifest.inputs
        for e in _editions(editions_dir)
        if replace(e.manifest.inputs, since=inputs.since) == inputs and not tampered(e)
    ]
    return max(found, key=lambda i: i.since or date.min, default=None)


def preceding(as_of: date, days: Iterable[date], first: date) -> date | None:
    """The day of a backfill that comes before one of its days; None before its first.

    It depends on nothing but these, so that the same editions come out in whatever order, and
    also where one of the days has failed: compared is what the archive says of both days.

    Args:
        as_of: the day.
        days: all of the backfill.
        first: the day of the first release in the archive; before it there is no edition.
    """
    return max((day for day in days if first <= day < as_of), default=None)


def _last_before(inputs: EditionInputs, editions_dir: Path) -> date | None:
    """As-of date of the newest whole edition of the bloc that is older than the one of these."""
    before = [
        e
        for e in _editions(editions_dir)
        if e.manifest.inputs.bloc == inputs.bloc and e.manifest.inputs.as_of < inputs.as_of
    ]
    before.sort(key=lambda e: e.manifest.inputs.as_of, reverse=True)
    return next((e.manifest.inputs.as_of for e in before if not tampered(e)), None)


def _editions(editions_dir: Path) -> Iterator[Edition]:
    """Every folder that holds the edition of its name; what is unfinished or damaged is none."""
    for manifest in sorted(editions_dir.glob(f"*/{MANIFEST}")):
        try:
            edition = Edition.at(manifest.parent)
        except ReportError:
            continue
        if edition.manifest.edition == manifest.parent.name:
            yield edition
