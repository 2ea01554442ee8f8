"""Real figures that several measures over time are held to, typed in from one snapshot."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from pipeline.measures.series import Series

SNAPSHOT = "world_bank_wdi/it_net_user_zs/2025-12-08/c3a687a24596"
"""Individuals using the Internet, % of population, as the World Bank gave it in late 2025."""

_ONLINE: Mapping[str, Mapping[int, float]] = {
    "KAZ": {
        2007: 4.02, 2008: 11.0, 2009: 18.2, 2010: 31.6, 2011: 50.6, 2012: 61.9066, 2013: 63.3042,
        2014: 66.0, 2015: 70.8299, 2016: 74.5877, 2017: 76.4267, 2018: 78.9039, 2019: 81.8776,
        2020: 85.9426, 2021: 90.924, 2022: 92.2969, 2023: 92.8785, 2024: 93.3917,
    },
    "UZB": {
        2013: 26.8, 2014: 35.5, 2015: 42.8, 2016: 46.7913, 2017: 48.7, 2018: 55.2, 2019: 70.4,
        2020: 71.1, 2021: 76.5904, 2022: 83.9, 2023: 89.0136,
    },
    "KGZ": {
        2013: 23.0, 2014: 28.3, 2015: 30.247, 2016: 40.5, 2017: 50.8, 2018: 62.8, 2019: 64.1,
        2020: 72.0, 2021: 77.1177, 2022: 82.5991, 2023: 88.4701,
    },
    "TJK": {
        2013: 16.0, 2014: 17.49, 2015: 18.98, 2016: 20.47, 2017: 21.96, 2020: 27.5441,
        2021: 49.8409, 2022: 53.1078, 2023: 56.791,
    },
    "IND": {
        2013: 12.3, 2014: 13.5, 2015: 14.9, 2016: 16.5, 2017: 18.2, 2018: 20.0813, 2019: 29.5235,
        2020: 43.4054, 2022: 55.9,
    },
    "IRN": {
        2013: 29.95, 2014: 39.3536, 2015: 45.335, 2016: 53.2268, 2017: 64.044, 2018: 70.2006,
        2019: 72.4509, 2020: 75.5699, 2021: 78.5957, 2022: 79.061, 2023: 79.6309,
    },
}  # fmt: skip


@pytest.fixture
def snapshot() -> str:
    """Where the figures of ``online`` stand in the bundled archive."""
    return SNAPSHOT


@pytest.fixture
def online() -> Mapping[str, Series]:
    """Share of people online, %, by economy; no breaks, as the publisher flags none."""
    return MappingProxyType({e: Series.of(dict(values)) for e, values in _ONLINE.items()})
