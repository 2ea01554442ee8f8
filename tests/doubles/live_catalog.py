"""What a connector needs to be tried: a small catalogue of live series, and settings in a hurry."""

from datetime import date
from pathlib import Path
from typing import Any

from pipeline.catalog.models import (
    Bloc,
    Catalog,
    Economy,
    Indicator,
    Licence,
    Membership,
    PlausibleRange,
    Publisher,
)
from pipeline.settings import Settings

WDI = "world_bank_wdi"
ECONOMIES = ("BLR", "CHN", "TJK", "WLD")


def live_indicator(code: str, **fields: Any) -> Indicator:
    """An indicator that is asked of the World Bank."""
    standard: dict[str, Any] = {
        "id": code,
        "publisher": WDI,
        "name": code,
        "short_name": code,
        "unit": "units",
        "pillar": "macro",
        "kind": "share",
        "direction": "neutral",
        "plausible": PlausibleRange(minimum=0, maximum=100),
    }
    return Indicator(**(standard | fields))


def live_catalog(*indicators: Indicator) -> Catalog:
    """Three states and the world; the World Bank, and an institute that cannot be asked."""
    since = date(2001, 6, 15)
    members = tuple(Membership(economy=e, since=since) for e in ECONOMIES if e != "WLD")
    return Catalog(
        economies={
            e: Economy(code=e, name=e, kind="aggregate" if e == "WLD" else "economy")
            for e in ECONOMIES
        },
        blocs={
            "sco": Bloc(id="sco", name="SCO", short_name="SCO", members=members),
            "world": Bloc(id="world", name="World", short_name="World", aggregate="WLD"),
        },
        groups={},
        member_sets={},
        publishers={
            WDI: publisher(WDI, "World Bank", connector="world_bank"),
            "institute": publisher("institute", "Institute"),
        },
        indicators={i.id: i for i in indicators},
        sha256="0" * 64,
    )


def publisher(publisher_id: str = WDI, name: str = "World Bank", **fields: Any) -> Publisher:
    """A publisher, of the World Bank's kind unless something else is said."""
    standard: dict[str, Any] = {
        "id": publisher_id,
        "name": name,
        "short_name": name,
        "dataset": "Figures",
        "url": "https://example.org",
        "licence": Licence(name="CC BY 4.0", redistributable=True),
        "attribution": f"Figures, {name}",
        "cadence_days": 90,
    }
    return Publisher(**(standard | fields))


def fast_settings(url: str, home: Path, **fields: Any) -> Settings:
    """Settings that ask ``url`` without waiting between tries, and keep all state in ``home``."""
    standard: dict[str, Any] = {
        "world_bank_url": url,
        "home": home,
        "http_backoff_s": 0,
        "http_retries": 2,
        "max_requests_per_s": 1e6,
        "connect_timeout_s": 5,
        "read_timeout_s": 5,
    }
    return Settings(**(standard | fields))
