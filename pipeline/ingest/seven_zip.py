"""The one file in a 7z archive, unpacked in memory: nothing is ever written to a disk.

What belongs here: what an archive from elsewhere may not be. It may not hold another file than the
one expected (so that no path in it matters), nor unpack to more than a limit, whatever its list of
contents claims. What the file says is its reader's.
"""

import io

import py7zr
from py7zr.io import BytesIOFactory

from pipeline.errors import ReadError


def only_member(body: bytes, name: str, limit: int) -> bytes:
    """The bytes of the one file of an archive.

    Args:
        body: the archive.
        name: what the file must be called.
        limit: the most bytes that it may have.

    Raises:
        ReadError: it is no whole archive, holds anything else, or unpacks to more than the limit.
    """
    try:
        return _unpack(body, name, limit)
    except ReadError:
        raise
    except py7zr.PasswordRequired as error:
        raise ReadError("the 7z archive is encrypted, expected one without a password") from error
    except py7zr.DecompressionBombError as error:
        raise ReadError(f"{name} unpacks to more than {limit} bytes") from error
    except Exception as error:
        # A damaged archive makes the library stumble in a dozen ways, with as many types of error.
        raise ReadError(f"not a whole 7z archive: {type(error).__name__}: {error}") from error


def _unpack(body: bytes, name: str, limit: int) -> bytes:
    with py7zr.SevenZipFile(io.BytesIO(body), max_extract_size=limit) as archive:
        members = archive.list()
        if [member.filename for member in members] != [name] or not members[0].is_file:
            names = ", ".join(ascii(member.filename) for member in members[:5]) or "nothing"
            raise ReadError(f"the 7z archive holds {names}, expected one file {name}")
        if members[0].uncompressed > limit:
            raise ReadError(
                f"{name} unpacks to {members[0].uncompressed} bytes, expected at most {limit}"
            )
        unpacked = BytesIOFactory(limit + 1)
        archive.extractall(factory=unpacked)
    (member,) = unpacked.products.values()
    member.seek(0)
    return member.read()
