"""The plan of a refresh: which requests, how many values, and that it is what is then asked."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.catalog.models import Catalog
from pipeline.errors import SourceError
from pipeline.ingest.archive import Archive
from pipeline.ingest.refresh import FIRST_YEAR, refresh
from pipeline.ingest.request_plan import plan_refresh
from tests.doubles.data360 import Data360Double
from tests.doubles.imts import ImtsDouble
from tests.doubles.live_catalog import WDI, fast_settings, live_catalog, live_indicator, publisher
from tests.doubles.publishers import PublishersDouble
from tests.doubles.world_bank import WorldBankDouble

TODAY = date(2025, 11, 24)
NET, COVERED = "IT.NET.USER.ZS", "ITU_DH_POP_COV_4G"


@pytest.fixture
def catalog() -> Catalog:
    itu = publisher("itu", "ITU", connector="data360", database="ITU_DH", aggregates=False)
    found = live_catalog(
        live_indicator(NET),
        live_indicator(COVERED, publisher="itu"),
        live_indicator("OLD", live=False),
    )
    return found.model_copy(update={"publishers": {**found.publishers, "itu": itu}})


def test_only_live_series_of_publishers_that_can_be_asked_are_planned(
    catalog: Catalog, tmp_path: Path
) -> None:
    plans = plan_refresh(catalog, fast_settings("http://bank/v2", tmp_path), today=TODAY)
    assert [(p.publisher, p.series) for p in plans] == [("itu", (COVERED,)), (WDI, (NET,))]


def test_a_mean_that_passes_for_the_world_is_not_asked_for(
    catalog: Catalog, tmp_path: Path
) -> None:
    itu, bank = plan_refresh(catalog, fast_settings("http://bank/v2", tmp_path), today=TODAY)
    assert set(bank.economies) - set(itu.economies) == {"WLD"}
    years = TODAY.year - FIRST_YEAR + 1
    assert (itu.cells, bank.cells) == (3 * years, 4 * years)


def test_a_publisher_that_cannot_be_asked_is_named(catalog: Catalog, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="publisher 'institute' cannot be asked"):
        plan_refresh(
            catalog, fast_settings("http://x", tmp_path), today=TODAY, publishers=["institute"]
        )


def test_what_is_planned_is_what_is_asked(
    catalog: Catalog, archive: Archive, tmp_path: Path
) -> None:
    bank = WorldBankDouble({NET: {("CHN", 2023): "90.6"}}, years=(FIRST_YEAR, TODAY.year))
    itu = Data360Double({("ITU_DH", COVERED): {("CHN", 2023): "99.9"}})
    with PublishersDouble(bank, itu, ImtsDouble({})) as double:
        settings = fast_settings("http://nobody", tmp_path).asking(double.origin)
        plans = plan_refresh(catalog, settings, today=TODAY)
        refresh(archive, catalog, settings, today=TODAY)
        planned = {url.removeprefix(double.origin) for plan in plans for url in plan.requests}
        assert set(double.asked) == planned
