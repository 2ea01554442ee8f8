"""The Atom feed of a site (RFC 4287) and its sitemap: what follows it, and what searches it.

Ids follow from the edition's name and times from its dates, as in the feed of all editions. Links
in the feed are relative to it; a sitemap wants whole addresses and is made only where they are
known.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final
from xml.etree import ElementTree as ET

from pipeline.report.content import Report
from pipeline.report.feed import entry_id, feed_of, moment, put, to_bytes
from pipeline.report.site.places import INDEX

SITEMAP: Final = "sitemap.xml"
_SITEMAPS: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"


def site_feed(report: Report) -> bytes:
    """The edition, and an entry of its own for each key finding."""
    when = moment(report.as_of)
    feed = feed_of(entry_id("site", report.bloc, report.language), report.title, report.title, when)
    _entry(feed, report, "", report.title, INDEX, report.standfirst)
    for finding in report.findings:
        title = f"{finding.figure} {finding.sentence}"
        address = f"{INDEX}#finding-{finding.id}"
        _entry(feed, report, finding.id, title, address, finding.source)
    return to_bytes(feed)


def _entry(
    feed: ET.Element, report: Report, part: str, title: str, address: str, summary: str
) -> None:
    entry = ET.SubElement(feed, "entry")
    put(entry, "id", entry_id("site", report.edition, report.language, part))
    put(entry, "title", title)
    put(entry, "updated", moment(report.as_of))
    ET.SubElement(entry, "link", rel="alternate", type="text/html", href=address)
    put(entry, "summary", summary)


def sitemap(address: str, paths: Iterable[str], as_of: date) -> bytes:
    """All pages below an address that ends on a slash, in the order given."""
    root = ET.Element("urlset", xmlns=_SITEMAPS)
    for path in paths:
        entry = ET.SubElement(root, "url")
        put(entry, "loc", address + path)
        put(entry, "lastmod", as_of.isoformat())
    return to_bytes(root)
