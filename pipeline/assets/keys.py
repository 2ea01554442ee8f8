"""Names of assets: which key a table, a snapshot series or a publisher has in Dagster."""

import re
from collections.abc import Mapping

import dagster as dg

OWNERS = ("team:sco-report",)


def publisher_key(publisher: str) -> dg.AssetKey:
    return dg.AssetKey(["publishers", publisher])


def series_key(publisher: str, indicator: str) -> dg.AssetKey:
    """Key of the archive's newest snapshot of one series; Dagster allows no dots in keys."""
    return dg.AssetKey(["archive", publisher, re.sub(r"[^A-Za-z0-9_]", "_", indicator)])


def table_key(table: str) -> dg.AssetKey:
    """``core.observations`` → ``core/observations``."""
    return dg.AssetKey(table.split("."))


def exhibit_key(exhibit: str) -> dg.AssetKey:
    return dg.AssetKey(["exhibits", exhibit])


def check_name(expectation: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]", "_", expectation)


WAREHOUSE = dg.AssetKey(["warehouse", "published"])
VALIDATION = dg.AssetKey(["edition", "validation"])
EDITION = dg.AssetKey(["edition", "report"])
BY_YEAR = dg.AssetKey(["editions", "by_year"])


def tags(**values: str) -> Mapping[str, str]:
    return {f"sco/{name}": value for name, value in values.items()}
