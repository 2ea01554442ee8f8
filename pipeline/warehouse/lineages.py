"""The lineage of tables, kept: it follows from SQL and code, and takes seconds to work out.

All of it is one small file of JSON in the cache, named by the hash of the code and of the
libraries, and can be thrown away at any time.

    python -m pipeline.warehouse.lineages

works out that of all tables beforehand, as the set-up does.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.ingest.files import atomic_write
from pipeline.ingest.sidecar import canonical_json, digest
from pipeline.inputs import code_hash, lock_hash
from pipeline.settings import settings
from pipeline.warehouse.sqlfiles import all_tables, lineage_of
from pipeline.warehouse.store import reporting
from pipeline.warehouse.tables import Lineage, SqlTable, Table


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
        asked = {table.name: _key(table) for table in tables if isinstance(table, SqlTable)}
        kept = self._kept()
        if not asked.keys() <= kept.keys() or any(kept[n]["key"] != k for n, k in asked.items()):
            kept |= {
                table.name: {"key": asked[table.name], "lineage": lineage_of(table)}
                for table in tables
                if table.name in asked
            }
            self._keep(kept)
        return {
            table.name: _lineage(kept[table.name]["lineage"])
            if table.name in asked
            else lineage_of(table)
            for table in tables
        }

    def _kept(self) -> dict[str, Any]:
        try:
            kept = json.loads(self.path.read_bytes())["tables"]
        except (OSError, ValueError, KeyError, TypeError):
            return {}  # none is kept, or it is damaged: it is worked out
        return kept if isinstance(kept, dict) else {}

    def _keep(self, kept: Mapping[str, Any]) -> None:
        with reporting(self.path.parent, "cannot keep the lineage"):
            atomic_write(self.path, canonical_json({"tables": kept}))
            for other in self.path.parent.glob("*.json"):
                if other != self.path:
                    other.unlink(missing_ok=True)


def _key(table: SqlTable) -> str:
    """What the lineage of a table follows from beside code."""
    columns = [column.name for column in table.columns]
    return digest(canonical_json([table.sql, table.schemas, columns, table.depends_on]))


def _lineage(kept: Mapping[str, Sequence[Sequence[str]]]) -> Lineage:
    return {
        column: tuple((table, name) for table, name in sources) for column, sources in kept.items()
    }


def main() -> None:
    here = settings()
    tables = all_tables(here.sql_dir)
    Lineages(here.cache_dir).of(tables)
    print(f"Worked out the lineage of {len(tables)} tables", flush=True)


if __name__ == "__main__":
    main()
