"""Make the environment: a virtual one in ``.venv``, filled from a hashed lock file, once.

Only the standard library, and syntax that an old Python still reads, so that it can say what is
missing instead of failing to start. Nothing of the project itself is imported before it is there.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST, NEWEST = (3, 11), (3, 13)
PREPARING = (
    "pipeline.report.fonts",
    "pipeline.report.fonts_chinese",
    "pipeline.dagster_home",
    "pipeline.warehouse.readings",
    "pipeline.warehouse.lineages",
)
"""Modules that make once what runs would have to wait for."""


class SetupError(Exception):
    """Something that the machine lacks, in one sentence."""


def check_python(version: tuple[int, int], have_venv: bool) -> None:
    """Raise SetupError when this Python cannot carry the project."""
    if not OLDEST <= version <= NEWEST:
        raise SetupError(
            f"Python {version[0]}.{version[1]} at {sys.executable} cannot run this project, which "
            "needs 3.11 to 3.13. Install one, or name it: make PYTHON=/path/to/python3.11 report"
        )
    if not have_venv:
        raise SetupError(
            f"The Python at {sys.executable} lacks the modules venv and ensurepip, which make the "
            "environment. On Debian and Ubuntu: apt-get install python3-venv"
        )


def has_venv() -> bool:
    """Whether a virtual environment with pip can be made (Debian splits these modules off)."""
    probe = "import venv, ensurepip"
    return subprocess.call([sys.executable, "-c", probe], stderr=subprocess.DEVNULL) == 0


def stamp_text(lock: Path, venv: Path) -> str:
    """What the installed environment depends on: lock files, packaging, where it stands."""
    digest = hashlib.sha256()
    for path in (lock, ROOT / "requirements-bootstrap.lock", ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    digest.update(f"{venv} {sys.version_info[0]}.{sys.version_info[1]}".encode())
    return digest.hexdigest()


def run(*command: object) -> None:
    run_together([command])


def run_together(commands: Sequence[Sequence[object]]) -> None:
    """Start all of them and wait for the last; SetupError names the first that failed."""
    started = [subprocess.Popen([str(part) for part in c], cwd=str(ROOT)) for c in commands]
    codes = [process.wait() for process in started]
    for command, code in zip(commands, codes, strict=True):
        if code:
            step = " ".join(str(part) for part in command)
            raise SetupError(f"This step failed, see its message above: {step}")


def install(venv: Path, lock: Path) -> None:
    """Fill ``venv`` from ``lock`` and make the command ``sco`` in it."""
    python = venv / "bin" / "python"
    run(sys.executable, "-m", "venv", "--clear", venv)
    pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    run(*pip, "--require-hashes", "--requirement", ROOT / "requirements-bootstrap.lock")
    uv = [venv / "bin" / "uv", "pip", "install", "--quiet", "--python", python]
    run(*uv, "--compile-bytecode", "--require-hashes", "--requirement", lock)
    launcher(venv, python)


def launcher(venv: Path, python: Path) -> None:
    """Write ``.venv/bin/sco``: the project runs in place, so that its sql/ stands beside it."""
    site = subprocess.check_output(
        [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    )
    (Path(site.decode().strip()) / "sco_in_place.pth").write_text(str(ROOT) + "\n", "utf-8")
    script = venv / "bin" / "sco"
    # A shell line, not a shebang of the interpreter: the path may hold spaces.
    script.write_text(
        '#!/bin/sh\nexec "$(dirname "$0")/python" -m pipeline.cli "$@"\n', encoding="utf-8"
    )
    script.chmod(0o755)


def main() -> int:
    parser = argparse.ArgumentParser(description="Make the environment in .venv, once.")
    parser.add_argument("--dev", action="store_true", help="with the tools for tests and checks")
    options = parser.parse_args()
    venv = ROOT / ".venv"
    try:
        check_python(sys.version_info[:2], has_venv())
        if prepared(venv, dev=options.dev):
            return 0
        lock = ROOT / ("requirements-dev.lock" if options.dev else "requirements.lock")
        print(f"Setting up the environment in {venv} (once)", flush=True)
        install(venv, lock)
        python = venv / "bin" / "python"
        # As for what is installed: where PYTHONDONTWRITEBYTECODE is set, as in many images, no run
        # would keep what it compiles.
        run(python, "-m", "compileall", "-q", ROOT / "pipeline")
        run_together([[python, "-m", module] for module in PREPARING])
        stamp(venv, dev=options.dev).write_text(stamp_text(lock, venv), "utf-8")
    except SetupError as error:
        print(f"set-up: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"set-up: cannot write {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


def stamp(venv: Path, dev: bool) -> Path:
    return venv / ("ready-dev" if dev else "ready")


def prepared(venv: Path, dev: bool) -> bool:
    """Whether the environment is there already; the one for tests serves for the report too."""
    for is_dev in (True,) if dev else (False, True):
        lock = ROOT / ("requirements-dev.lock" if is_dev else "requirements.lock")
        path = stamp(venv, is_dev)
        if path.exists() and path.read_text("utf-8") == stamp_text(lock, venv):
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())
