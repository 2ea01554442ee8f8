"""Durable files: a file is there whole or not at all, and stays there after a power cut.

Here are the few acts on a disk that the archive relies on. What is written is its affair.
"""

import errno
import os
from pathlib import Path

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EACCES: "the folder is not writable",
    errno.EPERM: "the folder is not writable",
    errno.EROFS: "the file system is read-only",
    errno.ENOTDIR: "a part of the path is a file, expected a folder",
    errno.EEXIST: "a part of the path is a file, expected a folder",
}


def explain(error: OSError) -> str:
    """Why the disk refused, and of which file, in words."""
    reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
    return f"{reason} ({error.filename})" if error.filename else reason


def make_folder(folder: Path) -> None:
    """Create a folder with its parents, so that it survives a crash.

    Raises:
        OSError: it cannot be created.
    """
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    fsync(folder.parent)


def atomic_write(path: Path, data: bytes, unfinished: Path | None = None) -> None:
    """Write ``data`` beside ``path``, flush it to the disk and rename it into place.

    Only one writer may be at work in a folder: the archive holds its lock.

    Args:
        path: of the file.
        data: what it holds afterwards.
        unfinished: where to write it until it is whole, on the same disk. A killed process leaves
            it there, and the next one that writes to this very place takes it away.

    Raises:
        OSError: the disk refused; no unfinished file is left.
    """
    make_folder(path.parent)
    unfinished = unfinished or path.with_name(f".{path.name}.tmp")
    try:
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    fsync(path.parent)


def fsync(path: Path) -> None:
    """Have a file, or what was renamed in a folder, on the disk.

    Raises:
        OSError: it cannot be opened, or the disk refuses.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
