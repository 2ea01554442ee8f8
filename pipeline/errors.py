"""The errors that a user of the project may meet, one class a room.

Every message is one sentence a person can act on: it names the file, the key and the value, and
says what was expected. Anything that is not a ``ProjectError`` is a bug of ours.
"""


class ProjectError(Exception):
    """Something the user can mend: input, settings, disk. Shown without a traceback."""


class SettingsError(ProjectError):
    """A path or switch from the environment is unusable."""


class CatalogError(ProjectError):
    """The catalogue is wrong: the message names file, entry and field."""


class ArchiveError(ProjectError):
    """A snapshot is missing, damaged or cannot be written."""


class SourceError(ProjectError):
    """A publisher did not answer, or answered something that is not what was asked for."""


class RefusedError(SourceError):
    """The publisher is there, and does not give what it was asked for."""


class ShapeError(SourceError):
    """An answer came, and it is not in the shape that was expected."""


class ReadError(ProjectError):
    """An archived body is not in the shape its reader expects."""


class RunError(ProjectError):
    """A run cannot take its turn, or cannot be noted in the history of runs."""


class WarehouseError(ProjectError):
    """The warehouse cannot be built, opened or swapped."""


class ExpectationError(ProjectError):
    """An expectation suite is wrong, or a critical expectation failed."""


class MeasureError(ProjectError, ValueError):
    """A measure was asked of input that it is not defined for (negative, NaN, empty)."""


class ReportError(ProjectError):
    """An exhibit or an edition cannot be rendered or written."""
