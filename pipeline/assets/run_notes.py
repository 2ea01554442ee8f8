"""What a run notes for its later steps: results of expectations, and what became of the sources.

Each run has a folder of its own under the project's state; its validation page stands there too,
so that the UI can link it also when a critical check has stopped the run.
"""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from pipeline.ingest.files import atomic_write
from pipeline.validation.page import render_validation
from pipeline.validation.results import Results, SuiteResult, from_json, merge, to_json

PAGE = "validation.html"
KEPT_RUNS = 20

_RESULTS = "results-"
_REMARKS = "remarks-"


def keep_results(folder: Path, step: str, results: Results) -> None:
    """Add the results of one step and draw the page of all results of the run anew."""
    atomic_write(folder / f"{_RESULTS}{step}.json", to_json(results).encode())
    page = render_validation(results_of(folder))
    atomic_write(folder / PAGE, page.encode())


def results_of(folder: Path) -> dict[str, SuiteResult]:
    """The results of all steps of a run so far, by table."""
    paths = sorted(folder.glob(f"{_RESULTS}*.json"))
    return merge(from_json(path.read_text("utf-8")) for path in paths)


def keep_remarks(folder: Path, publisher: str, remarks: Sequence[str]) -> None:
    """Note what readers must be told of one publisher; nothing where all went well."""
    if remarks:
        text = json.dumps(list(remarks), ensure_ascii=False)
        atomic_write(folder / f"{_REMARKS}{publisher}.json", text.encode())


def remarks_of(folder: Path) -> tuple[str, ...]:
    """The remarks of a run, by publisher."""
    paths = sorted(folder.glob(f"{_REMARKS}*.json"))
    return tuple(text for path in paths for text in json.loads(path.read_text("utf-8")))


def sweep(folder: Path) -> None:
    """Drop the notes of all but the last runs in ``folder``."""
    if not folder.is_dir():
        return
    runs = sorted((p for p in folder.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime)
    for path in runs[:-KEPT_RUNS]:
        shutil.rmtree(path, ignore_errors=True)
