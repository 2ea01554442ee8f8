"""A small project of real figures: a few series of the bundled archive, in folders of its own.

Whole runs take seconds with it. Nothing of the installation is read but code, catalogue and fonts.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.ingest.archive import Archive
from pipeline.ingest.bundle import export_snapshots
from pipeline.ingest.sidecar import Sidecar
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


def newest(archive: Archive, series: Sequence[str] = SERIES, count: int = NEWEST) -> list[Sidecar]:
    """The newest snapshots of some series, in the archive's order."""
    chosen: list[Sidecar] = []
    for code in series:
        own = [s for s in archive.snapshots() if s.indicators == (code,)]
        chosen += sorted(own, key=lambda s: s.vintage)[-count:]
    return chosen


def small_archive(folder: Path, **options: Any) -> Path:
    """Export the small archive to ``folder``, to be used as the bundled one."""
    bundled = Archive(None, PROJECT_ROOT / "pipeline" / "bundled")
    export_snapshots(bundled, newest(bundled, **options), folder)
    return folder


def small_settings(folder: Path, **changed: Any) -> Settings:
    """Settings of a project below ``folder``, with the small archive made at need."""
    bundled = folder / "bundled"
    if not bundled.exists():
        small_archive(bundled)
    given: dict[str, Any] = {
        "home": folder / "home",
        "editions_dir": folder / "editions",
        "bundled_dir": bundled,
    }
    return Settings(**(given | changed))


def few_suites(folder: Path) -> Path:
    """Some of the suites, to be used as all: for runs of which the checks are not the point."""
    folder.mkdir()
    for suite in SUITES:
        text = (PROJECT_ROOT / "expectations" / f"{suite}.yaml").read_text("utf-8")
        (folder / f"{suite}.yaml").write_text(text, "utf-8")
    return folder
