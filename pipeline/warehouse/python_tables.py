"""Tables that are computed by Python and not by SQL, declared with columns, reads and lineage."""

from collections.abc import Sequence

from pipeline.warehouse.reference import SOURCES
from pipeline.warehouse.tables import Table

DECLARED: Sequence[Table] = (*SOURCES,)
