"""All mutations of the handlings of publishers' quirks, which ``tests/doubles/README.md`` lists."""

from typing import Final

from tests.slow import quirks_of_others, quirks_of_wire, quirks_of_world_bank

QUIRKS: Final = (
    *quirks_of_wire.MUTATIONS,
    *quirks_of_world_bank.MUTATIONS,
    *quirks_of_others.MUTATIONS,
)
