"""Texts and names as SQL writes them, so that nothing within them ends them."""


def quoted(text: object) -> str:
    """A text, or the path of a file, as a literal."""
    return "'" + str(text).replace("'", "''") + "'"


def quoted_name(name: str) -> str:
    """A name of a schema, table or column."""
    return '"' + name.replace('"', '""') + '"'
