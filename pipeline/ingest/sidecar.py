"""The sidecar of a snapshot: who published which bytes, when, under what licence, from where.

Here are its model, its identity and its one canonical text, which carries its own checksum. Where
the bytes stand on disk is the archive's affair, what they mean is the readers'.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from pipeline.errors import ArchiveError

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._]+$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

Reader = Literal[
    "comtrade", "data360", "ilostat", "imf_imts", "tidy_csv", "uis", "unctad",
    "world_bank_releases", "world_bank_v2",
]  # fmt: skip
"""Names of the readers, by which ``readers`` finds them."""

_CHECK_KEY = "check"
"""Key of a sidecar's text that holds the SHA-256 of the rest of it."""


def _to_whole_utc_seconds(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC).replace(microsecond=0)


Moment = Annotated[datetime, AfterValidator(_to_whole_utc_seconds)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Part(_Frozen):
    """One body of a snapshot, byte for byte as received."""

    sha256: Sha256
    size: int = Field(ge=0)
    media_type: Text
    request: str | None = None
    """The URL that was asked for, where there was a request."""


class _Provenance(_Frozen):
    """What a draft and a sidecar have in common."""

    publisher: Slug
    indicators: Annotated[tuple[Code, ...], Field(min_length=1)]
    vintage: date
    """When the publisher said this, or the bound that ``vintage_basis`` explains."""
    vintage_basis: Text
    retrieved_at: Moment | None = None
    licence: Text
    attribution: Text
    source: Text
    """Where the copy stood: a URL, or several joined by "; "."""
    reader: Reader
    constants: Mapping[str, str] = Field(default_factory=dict)
    """Columns of a tidy table that are the same in every row (indicator, counterpart, status)."""

    @model_validator(mode="before")
    @classmethod
    def _sort(cls, data: Any) -> Any:
        """Keep indicators and constants in order, so that one snapshot has one text."""
        if isinstance(data, dict):
            data = dict(data)
            if isinstance(data.get("indicators"), list | tuple):
                data["indicators"] = tuple(sorted(set(data["indicators"])))
            if isinstance(data.get("constants"), Mapping):
                data["constants"] = dict(sorted(data["constants"].items()))
        return data


class SidecarDraft(_Provenance):
    """A snapshot that has not been archived yet: everything but what the bytes decide."""

    media_type: Text = "text/csv"
    requests: tuple[str, ...] = ()
    """The URL of each body, in their order; empty where nothing was requested."""

    def with_bodies(self, bodies: Sequence[bytes]) -> "Sidecar":
        """The sidecar of this draft with these bodies.

        Raises:
            ArchiveError: there is no body, or not one request to each.
        """
        if not bodies:
            raise ArchiveError(f"{self.publisher} {', '.join(self.indicators)}: no body to archive")
        if self.requests and len(self.requests) != len(bodies):
            raise ArchiveError(
                f"{self.publisher} {', '.join(self.indicators)}: {len(self.requests)} requests "
                f"for {len(bodies)} bodies, expected one to each"
            )
        requests = self.requests or (None,) * len(bodies)
        parts = tuple(
            Part(sha256=body_digest(b), size=len(b), media_type=self.media_type, request=r)
            for b, r in zip(bodies, requests, strict=True)
        )
        shared = {name: getattr(self, name) for name in _Provenance.model_fields}
        content = content_digest(self.reader, self.constants, parts)
        return Sidecar(**shared, parts=parts, snapshot=_snapshot_id(self, content))


class Sidecar(_Provenance):
    """One archived snapshot."""

    snapshot: str
    """``publisher/slug of the indicators/vintage/12 hex digits`` of content and source."""
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _named_by_its_content(self) -> Self:
        expected = _snapshot_id(self, self.content)
        if self.snapshot != expected:
            raise ValueError(f"snapshot is {self.snapshot}, its content says {expected}")
        return self

    def __hash__(self) -> int:
        return hash(self.snapshot)

    @property
    def content(self) -> str:
        """Digest of what the snapshot says, whenever it was said: parts, reader, constants."""
        return content_digest(self.reader, self.constants, self.parts)

    @property
    def series(self) -> tuple[str, tuple[str, ...]]:
        """Publisher and indicators: snapshots of one series supersede each other."""
        return self.publisher, self.indicators

    @property
    def order(self) -> tuple[str, tuple[str, ...], date, str]:
        """Key of the archive's order."""
        return self.publisher, self.indicators, self.vintage, self.snapshot


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


@lru_cache(maxsize=8)
def body_digest(body: bytes) -> str:
    """The digest of a body as it came, which may be asked for once for each of its series."""
    return digest(body)


def content_digest(reader: str, constants: Mapping[str, str], parts: Sequence[Part]) -> str:
    """Digest of the parts' digests and of what turns them into observations."""
    return digest(canonical_json([reader, dict(constants), [p.sha256 for p in parts]]))


def slug(indicators: Sequence[str]) -> str:
    """A folder name for indicators: the first one, and how many more there are."""
    first = re.sub(r"[^a-z0-9]+", "_", indicators[0].lower()).strip("_")
    return first if len(indicators) == 1 else f"{first}-and-{len(indicators) - 1}-more"


def _snapshot_id(record: _Provenance, content: str) -> str:
    # two copies of one release say the same and are two snapshots: the source tells them apart
    tail = digest(canonical_json([content, record.source]))[:12]
    return f"{record.publisher}/{slug(record.indicators)}/{record.vintage}/{tail}"


def canonical_json(value: Any) -> bytes:
    """JSON with sorted keys and no spare space, in UTF-8: one value, one text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def dump(sidecar: Sidecar, **extra: Any) -> bytes:
    """The canonical text of a sidecar in one line, closed by its own checksum.

    Args:
        sidecar: the sidecar.
        extra: further keys of the line, such as the place in a pack.
    """
    return seal({**sidecar.model_dump(mode="json"), **extra})


def load(line: bytes, where: str) -> tuple[Sidecar, dict[str, Any]]:
    """A sidecar and the extra keys of its line, back from ``dump``.

    Args:
        line: the text.
        where: file (and line) to name in an error.

    Raises:
        ArchiveError: not canonical, the checksum does not fit, or a field is wrong.
    """
    record = unseal(line, where)
    extra = {k: record.pop(k) for k in sorted(set(record) - set(Sidecar.model_fields))}
    try:
        return Sidecar.model_validate(record), extra
    except ValidationError as e:
        first = e.errors()[0]
        field = ".".join(str(p) for p in first["loc"]) or "snapshot"
        raise ArchiveError(f"{where}: malformed sidecar: {field}: {first['msg']}") from e


def seal(record: Mapping[str, Any]) -> bytes:
    """Canonical JSON of ``record`` in one line, with its checksum under ``check``."""
    return canonical_json({**record, _CHECK_KEY: digest(canonical_json(record))}) + b"\n"


def unseal(line: bytes, where: str) -> dict[str, Any]:
    """The record that ``seal`` wrote; any other byte than those it wrote is an error.

    Raises:
        ArchiveError: the line is damaged.
    """
    try:
        record = json.loads(line)
    except ValueError as e:  # UnicodeDecodeError is one, too
        raise ArchiveError(f"{where}: malformed sidecar: not JSON ({e})") from e
    if not isinstance(record, dict) or _CHECK_KEY not in record:
        raise ArchiveError(f"{where}: malformed sidecar: no {_CHECK_KEY!r} with its checksum")
    del record[_CHECK_KEY]
    if not _is_sealed(line, record):
        raise ArchiveError(f"{where}: damaged sidecar: the text does not match its checksum")
    return record


def _is_sealed(line: bytes, record: Mapping[str, Any]) -> bool:
    try:
        return seal(record) == line
    except UnicodeEncodeError:  # half a surrogate pair, which we never write
        return False
