"""A small project of real figures: a few series of the bundled archive, in folders of its own.

Whole runs take seconds with it. Nothing of the installation is read but code, catalogue and fonts.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.ingest.archive import Archive
from pipeline.ingest.packs import write_packs
from pipeline.ingest.sidecar import Sidecar, SidecarDraft
from pipeline.settings import PROJECT_ROOT, Settings

SERIES = (
    "SP.POP.TOTL",
    "NY.GDP.MKTP.CD",
    "NY.GDP.MKTP.PP.CD",
    "BX.GSR.CCIS.CD",
    "BX.GSR.CCIS.ZS",
    "IT.NET.USER.ZS",
)
SUITES = ("core.observations", "core.current", "marts.inequality")
NEWEST = 2
"""Releases of each series that the small archive has."""
FIRST_YEAR = 2010
"""What is older is left out of the small archive: tables are as wide with it, and far shorter."""


def newest(archive: Archive, series: Sequence[str] = SERIES, count: int = NEWEST) -> list[Sidecar]:
    """The newest snapshots of some series, in the archive's order."""
    chosen: list[Sidecar] = []
    for code in series:
        own = [s for s in archive.snapshots() if s.indicators == (code,)]
        chosen += sorted(own, key=lambda s: s.vintage)[-count:]
    return chosen


def small_archive(folder: Path, **options: Any) -> Path:
    """Write the small archive to ``folder``, to be used as the bundled one."""
    bundled = Archive(None, PROJECT_ROOT / "pipeline" / "bundled")
    chosen = bundled.read_many(newest(bundled, **options))
    write_packs(folder / "packs", [_of_late(sidecar, *bodies) for sidecar, bodies in chosen])
    return folder


def _of_late(sidecar: Sidecar, body: bytes) -> tuple[Sidecar, list[bytes]]:
    """A snapshot of a tidy table without the rows of years before ``FIRST_YEAR``."""
    head, *rows = body.decode().splitlines(keepends=True)
    year = head.strip().split(",").index("year")
    kept = [row for row in rows if int(row.split(",")[year]) >= FIRST_YEAR]
    short = "".join((head, *kept)).encode()
    said = {name: value for name, value in sidecar if name in SidecarDraft.model_fields}
    return SidecarDraft(**said).with_bodies([short]), [short]


def small_settings(folder: Path, **changed: Any) -> Settings:
    """Settings of a project below ``folder``; its archive is there too, or elsewhere if told."""
    given: dict[str, Any] = {
        "home": folder / "home",
        "editions_dir": folder / "editions",
        "bundled_dir": folder / "bundled",
        "second_process": False,  # it takes longer to start than it saves here
    }
    return Settings(**(given | changed))


def few_suites(folder: Path) -> Path:
    """Some of the suites, to be used as all: for runs of which the checks are not the point."""
    folder.mkdir()
    for suite in SUITES:
        text = (PROJECT_ROOT / "expectations" / f"{suite}.yaml").read_text("utf-8")
        (folder / f"{suite}.yaml").write_text(text, "utf-8")
    return folder
