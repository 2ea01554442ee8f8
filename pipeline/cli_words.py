"""What the commands of ``sco`` share: exit codes, and the option that they all have.

Which code means what stands in ``cli``.
"""

from typing import Annotated

import typer

DONE, FAILED, WRONG_USE = 0, 1, 2

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
