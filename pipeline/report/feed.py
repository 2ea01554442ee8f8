"""The Atom feed of all editions (RFC 4287): who follows it learns of every new one.

It says the same on every machine: ids follow from the names of editions, times from their as-of
dates, and links are relative to the feed. Where it stands is the affair of ``editions_index``.
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
    feed = ET.Element("feed", xmlns=_ATOM)
    _text(feed, "id", _NAMESPACE.urn)
    _text(feed, "title", title)
    _text(feed, "updated", _moment(max(m.inputs.as_of for m in editions)))
    _text(ET.SubElement(feed, "author"), "name", author)
    ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=FEED)
    ET.SubElement(feed, "link", rel="alternate", type="text/html", href="index.html")
    for manifest in editions:
        _entry(feed, manifest)
    ET.indent(feed, " ")
    text: bytes = ET.tostring(feed, "utf-8", xml_declaration=True)
    return text + b"\n"


def _entry(feed: ET.Element, manifest: Manifest) -> None:
    entry = ET.SubElement(feed, "entry")
    name, moment = manifest.edition, _moment(manifest.inputs.as_of)
    _text(entry, "id", uuid.uuid5(_NAMESPACE, name).urn)
    _text(entry, "title", f"{manifest.title} ({name})")
    _text(entry, "updated", moment)
    _text(entry, "published", moment)
    for form, file in (("text/html", "report.html"), ("application/pdf", "report.pdf")):
        ET.SubElement(entry, "link", rel="alternate", type=form, href=f"{name}/{file}")
    _text(entry, "summary", "\n".join(f"{f.figure} {f.sentence}" for f in manifest.findings))


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text


def _moment(day: date) -> str:
    """Midnight of the as-of date: nothing here is taken from a clock."""
    return f"{day.isoformat()}T00:00:00Z"
