"""Which tables a SELECT reads, as DuckDB itself understands it: what is quick to know of a file.

What its columns come from takes a closer look, which is ``lineage``'s.
"""

import re
from functools import lru_cache
from typing import Final

import duckdb

_READ: Final = re.compile(r'"?(?P<schema>\w+)"?\."?(?P<table>\w+)"?(?: AS .+)?')
"""How DuckDB writes a table that is read, with the name that the SELECT gives it."""


class SqlError(Exception):
    """The SQL of a table is not usable; the caller adds the file."""


@lru_cache(maxsize=256)
def tables_read(sql: str) -> tuple[str, ...]:
    """Names of the tables that a file's SELECT reads, as "schema.table", sorted.

    Raises:
        SqlError: not SQL, more than one statement, or a table without its schema.
    """
    try:
        found = _parser().get_table_names(sql, qualified=True)
    except duckdb.ParserException as e:
        raise SqlError(f"cannot be parsed: {str(e).strip().splitlines()[0]}") from e
    except duckdb.Error as e:
        raise SqlError(f"expected one SELECT and nothing else after the head comment: {e}") from e
    return tuple(sorted({_name(text) for text in found}))


@lru_cache(maxsize=1)
def _parser() -> duckdb.DuckDBPyConnection:
    """An empty database, which is asked for nothing but the names in a query's text."""
    return duckdb.connect(":memory:")


def _name(text: str) -> str:
    found = _READ.fullmatch(text)
    if found is None:
        raise SqlError(f"reads {text}; expected schema.table")
    return f"{found['schema']}.{found['table']}"
