"""The lineage of tables, kept: it follows from SQL and code, and takes seconds to work out.

All of it is one small file of JSON in the cache, named by the hash of the code and of the
libraries, and can be thrown away at any time.

    python -m pipeline.warehouse.lineages

works out that of all tables beforehand, as the set-up does.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.ingest.files import atomic_write
from pipeline.ingest.sidecar import canonical_json, digest
from pipeline.inputs import code_hash, lock_hash
from pipeline.settings import settings
from pipeline.warehouse.sqlfiles import all_tables, lineage_of
from pipeline.warehouse.store import reporting
from pipeline.warehouse.tables import Lineage, SqlTable, Table

Kept = Mapping[str, Sequence[Sequence[str]]]
"""A lineage as JSON has it: column → pairs of table and column."""


class Lineages:
    """What was worked out, in a folder."""

    def __init__(self, cache_dir: Path) -> None:
        code = digest(f"{code_hash()} {lock_hash()}".encode())
        self.path = cache_dir / "lineage" / f"{code[:32]}.json"

    def of(self, tables: Sequence[Table]) -> dict[str, Lineage]:
        """What each column of each table comes from, by table.

        Raises:
            WarehouseError: a table is wrong, see ``lineage_of``, or the folder cannot be written.
            ReportError: the lock file is missing.
        """
        keys = {table.name: _key(table) for table in tables if isinstance(table, SqlTable)}
        kept = self._kept()
        missing = [t for t in tables if t.name in keys and keys[t.name] not in kept]
        if missing:
            kept |= {keys[table.name]: lineage_of(table) for table in missing}
            self._keep(kept)
        return {
            t.name: _as_worked_out(kept[keys[t.name]]) if t.name in keys else lineage_of(t)
            for t in tables
        }

    def _kept(self) -> dict[str, Kept]:
        """Lineages by the key of their table; none where they are not there or damaged."""
        try:
            kept = json.loads(self.path.read_bytes())
        except (OSError, ValueError):
            return {}
        found = kept.items() if isinstance(kept, dict) else ()
        return {key: lineage for key, lineage in found if isinstance(lineage, dict)}

    def _keep(self, kept: Mapping[str, Kept]) -> None:
        with reporting(self.path.parent, "cannot keep the lineage"):
            atomic_write(self.path, canonical_json(kept))
            for other in self.path.parent.glob("*.json"):
                if other != self.path:
                    other.unlink(missing_ok=True)


def _key(table: SqlTable) -> str:
    """What the lineage of a table follows from beside code."""
    columns = [column.name for column in table.columns]
    return digest(canonical_json([table.sql, table.schemas, columns, table.depends_on]))


def _as_worked_out(kept: Kept) -> Lineage:
    return {column: tuple((table, name) for table, name in kept[column]) for column in kept}


def main() -> None:
    here = settings()
    tables = all_tables(here.sql_dir)
    Lineages(here.cache_dir).of(tables)
    print(f"Worked out the lineage of {len(tables)} tables", flush=True)


if __name__ == "__main__":
    main()
