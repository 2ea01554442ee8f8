"""What the tests of the archive share: made-up drafts, and an archive on a scratch disk."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.ingest.archive import Archive
from pipeline.ingest.sidecar import SidecarDraft

MakeDraft = Callable[..., SidecarDraft]


@pytest.fixture
def make_draft() -> MakeDraft:
    """A draft of one indicator's snapshot; any field can be given."""

    def make(**fields: Any) -> SidecarDraft:
        indicator = fields.pop("indicator", "IT.NET.USER.ZS")
        standard: dict[str, Any] = {
            "publisher": "world_bank_wdi",
            "indicators": (indicator,),
            "vintage": date(2025, 4, 15),
            "vintage_basis": "“Last Updated Date” in the file",
            "licence": "CC BY 4.0",
            "attribution": "World Development Indicators, The World Bank",
            "source": "https://example.org/figures.csv",
            "reader": "tidy_csv",
            "constants": {"indicator": indicator},
        }
        return SidecarDraft(**(standard | fields))

    return make


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """An empty archive that can be written."""
    return Archive(tmp_path / "archive")


@pytest.fixture
def tidy() -> Callable[..., bytes]:
    """Makes a tidy body of rows "economy,year,value"."""
    return lambda *rows: ("\n".join(("economy,year,value", *rows)) + "\n").encode()
