"""The Atom feed of all editions (RFC 4287): who follows it learns of every new one.

It says the same on every machine: ids follow from the names of editions, times from their as-of
dates, and links are relative to the feed. Where it stands is the affair of ``editions_index``; the
feed of one edition's site is made of the same pieces.
"""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Final
from xml.etree import ElementTree as ET

from pipeline.report.manifest import Manifest

FEED: Final = "feed.xml"
_ATOM: Final = "http://www.w3.org/2005/Atom"
_NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_OID, "editions of the SCO digital economy report")


def atom_feed(title: str, author: str, editions: Sequence[Manifest]) -> bytes:
    """The feed in UTF-8; editions in the order given, the newest first.

    Args:
        title: of the feed.
        author: who makes the editions.
        editions: at least one.
    """
    newest = max(m.inputs.as_of for m in editions)
    feed = feed_of(_NAMESPACE.urn, title, author, moment(newest))
    for manifest in editions:
        _entry(feed, manifest)
    return to_bytes(feed)


def feed_of(feed_id: str, title: str, author: str, updated: str) -> ET.Element:
    """A feed without entries, beside the ``index.html`` that it is the feed of."""
    feed = ET.Element("feed", xmlns=_ATOM)
    put(feed, "id", feed_id)
    put(feed, "title", title)
    put(feed, "updated", updated)
    put(ET.SubElement(feed, "author"), "name", author)
    ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=FEED)
    ET.SubElement(feed, "link", rel="alternate", type="text/html", href="index.html")
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


def _entry(feed: ET.Element, manifest: Manifest) -> None:
    entry = ET.SubElement(feed, "entry")
    name, when = manifest.edition, moment(manifest.inputs.as_of)
    put(entry, "id", entry_id(name))
    put(entry, "title", f"{manifest.title} ({name})")
    put(entry, "updated", when)
    put(entry, "published", when)
    for form, file in (("text/html", "report.html"), ("application/pdf", "report.pdf")):
        ET.SubElement(entry, "link", rel="alternate", type=form, href=f"{name}/{file}")
    put(entry, "summary", "\n".join(f"{f.figure} {f.sentence}" for f in manifest.findings))
