"""The files of the site: its pages in every language, what they share, feed and sitemap."""

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from pipeline.language import ENGLISH, language_of, speaking
from pipeline.report.chain_view import chain_rows
from pipeline.report.chains import CELLS_FILE
from pipeline.report.content import Report
from pipeline.report.feed import FEED
from pipeline.report.fonts import Face, Faces
from pipeline.report.html import SCRIPT, script_text, style_sheet
from pipeline.report.said_tables import CHAINS
from pipeline.report.script import endings, faces_of, faces_of_names
from pipeline.report.site.feeds import SITEMAP, site_feed, sitemap
from pipeline.report.site.pages import Site, data_files, pages, titles
from pipeline.report.site.places import folder_of
from pipeline.report.views import Views
from pipeline.report.words import file_name
from pipeline.settings import settings
from pipeline.warehouse.export import to_csv

SITE: Final = "site"
"""The folder of the site within an edition."""
LICENCES: Final = "LICENCES.txt"
_ICON: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">'
    '<path d="M1 9V6h2v3zM4 9V3.5h2V9zM7 9V1h2v8z" fill="#1F5FA8"/></svg>\n'
)


def write_language(
    report: Report,
    views: Views,
    others: Sequence[str],
    edition: Path,
    *,
    faces: Faces,
    address: str = "",
    templates_dir: Path | None = None,
) -> list[str]:
    """Write the pages of one language, and what only they use, into the folder of an edition.

    Args:
        views: of the report; nothing is drawn anew.
        others: the other languages of the site, by code.
        edition: the folder of the edition.
        faces: the fonts of English.
        address: where the site will stand, with a slash at its end; empty where that is not known.

    Returns:
        The paths of the pages below the site.

    Raises:
        ReportError: a reference leads nowhere, or a template is missing or wrong.
    """
    site = Site(report, views, tuple(others), address, templates_dir)
    folder = edition / SITE / site.folder
    with speaking(language_of(report.language)):
        written = dict(pages(site))
        texts = written | dict(data_files(site)) | _assets(site, faces, folder)
        _write(folder, texts)
        (folder / FEED).write_bytes(site_feed(report))
    return [site.folder + path for path in written]


def write_shared(
    reports: Sequence[Report],
    paths: Sequence[str],
    edition: Path,
    *,
    address: str = "",
    templates_dir: Path | None = None,
) -> None:
    """Write what the languages of the site share, and take their PDFs along.

    Args:
        reports: in each language, the one of the site's own folder first.
        paths: of all pages, for the sitemap.
        edition: the folder of the edition, which has the PDFs and the licences already.
        address: as for ``write_language``; without one there is no sitemap.

    Raises:
        ReportError: a template is missing.
    """
    root = edition / SITE
    first = reports[0]
    for report in reports:
        pdf = file_name("pdf", report.language)
        shutil.copyfile(edition / pdf, root / folder_of(report.language) / pdf)
    texts = {
        "assets/icon.svg": _ICON,
        "assets/report.js": script_text(templates_dir, SCRIPT),
        "assets/site.js": script_text(templates_dir, "site/site.js"),
        CELLS_FILE: to_csv([doc.name for doc in CHAINS.columns], chain_rows(first)),
    }
    _write(root, texts)
    shutil.copyfile(edition / LICENCES, root / LICENCES)
    if address:
        (root / SITEMAP).write_bytes(sitemap(address, paths, first.as_of))


def _assets(site: Site, faces: Faces, folder: Path) -> dict[str, str]:
    """Style and search of a language, and the fonts that are its own."""
    report = site.report
    own = (
        *faces_of(report.language, faces, settings().cache_dir).faces,
        *faces_of_names(report.language, site.others, settings().cache_dir),
    )
    shared = {face.woff2 for face in faces.faces} if site.folder else set()
    to_site = "../" * (1 + site.folder.count("/"))
    (folder / "assets").mkdir(parents=True, exist_ok=True)
    for face in own:
        if face.woff2 not in shared:
            shutil.copyfile(face.woff2, folder / "assets" / face.woff2.name)

    def address(face: Face) -> str:
        there = f"{to_site}assets/" if face.woff2 in shared else ""
        return there + face.woff2.name

    style = style_sheet(
        site.templates_dir,
        own,
        dark=report.dark_colours,
        script=endings(report.language)[0],
        translated=language_of(report.language) is not ENGLISH,
        address=address,
    )
    index = json.dumps(titles(site), ensure_ascii=False, separators=(",", ":"))
    return {
        "assets/site.css": style + script_text(site.templates_dir, "site/site.css"),
        "assets/pages.js": f"globalThis.sitePages={index};\n",
    }


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="")
