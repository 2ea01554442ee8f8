"""The Atom feed of all editions in a language (RFC 4287): who follows it learns of every new one.

It says the same on every machine: ids follow from the names of editions, times from their as-of
dates, and links are relative to the feed. Where it stands is the affair of ``editions_index``; the
feed of one edition's site is made of the same pieces.
"""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Final
from xml.etree import ElementTree as ET

from pipeline.language import ENGLISH, Language
from pipeline.report.manifest import Manifest, Told
from pipeline.report.words import file_name

FEED: Final = "feed.xml"
_ATOM: Final = "http://www.w3.org/2005/Atom"
_NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_OID, "editions of the SCO digital economy report")


def atom_feed(title: str, editions: Sequence[tuple[Manifest, Told]], language: Language) -> bytes:
    """The feed in UTF-8; editions in the order given, the newest first.

    Args:
        title: of the feed.
        editions: at least one, with what its report says first in the language.
        language: of the feed.
    """
    newest = max(m.inputs.as_of for m, _ in editions)
    author = editions[0][1].title
    code = language.code
    own_id = _NAMESPACE.urn if language is ENGLISH else entry_id("editions", code)
    feed = feed_of(
        own_id,
        title,
        author,
        moment(newest),
        own=file_name("xml", code, "feed"),
        page=file_name("html", code, "index"),
    )
    feed.set("xml:lang", language.tag)
    for manifest, told in editions:
        _entry(feed, manifest, told, code)
    return to_bytes(feed)


def feed_of(
    feed_id: str,
    title: str,
    author: str,
    updated: str,
    *,
    own: str = FEED,
    page: str = "index.html",
) -> ET.Element:
    """A feed without entries. ``own`` is its file, ``page`` what it is the feed of, beside it."""
    feed = ET.Element("feed", xmlns=_ATOM)
    put(feed, "id", feed_id)
    put(feed, "title", title)
    put(feed, "updated", updated)
    put(ET.SubElement(feed, "author"), "name", author)
    ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=own)
    ET.SubElement(feed, "link", rel="alternate", type="text/html", href=page)
    return feed


def entry_id(*names: str) -> str:
    """The id of an entry, from names that no other has."""
    return uuid.uuid5(_NAMESPACE, " ".join(names)).urn


def put(parent: ET.Element, tag: str, text: str) -> None:
    """Put an element with a text into another."""
    ET.SubElement(parent, tag).text = text


def moment(day: date) -> str:
    """Midnight of the as-of date: nothing here is taken from a clock."""
    return f"{day.isoformat()}T00:00:00Z"


def to_bytes(root: ET.Element) -> bytes:
    """A document in UTF-8, indented."""
    ET.indent(root, " ")
    text: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return text + b"\n"


def _entry(feed: ET.Element, manifest: Manifest, told: Told, language: str) -> None:
    entry = ET.SubElement(feed, "entry")
    name, when = manifest.edition, moment(manifest.inputs.as_of)
    put(entry, "id", entry_id(name) if language == ENGLISH.code else entry_id(name, language))
    put(entry, "title", f"{told.title} ({name})")
    put(entry, "updated", when)
    put(entry, "published", when)
    for form, kind in (("text/html", "html"), ("application/pdf", "pdf")):
        address = f"{name}/{file_name(kind, language)}"
        ET.SubElement(entry, "link", rel="alternate", type=form, href=address)
    put(entry, "summary", "\n".join(f"{figure} {sentence}" for figure, sentence in told.findings))
