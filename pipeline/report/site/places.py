"""Where everything of a report stands in the site: the page of each anchor, and ways between pages.

Paths are below the folder of the language; English has the site's own, the others one each in it.
"""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pipeline.errors import ReportError
from pipeline.language import ENGLISH
from pipeline.report.content import ClaimCards, Exhibit, Profile, Report, Section
from pipeline.report.references import EDITION_FILES, anchor_of, claim_anchor, profile_anchor, slug

INDEX: Final = "index.html"
INDICATORS: Final = "indicators.html"
ABOUT: Final = "about.html"
FOLDER: Final = "folder"
"""Anchor of what the edition's folder holds beside the site."""
PROFILES: Final = "profiles"
CLAIMS: Final = "claims"
METHOD: Final = "method"
"""Sections that the navigation names."""
_ON_INDEX: Final = ("report", "findings")
_ON_ABOUT: Final = ("notes", "sources", "cite", FOLDER)


def folder_of(language: str) -> str:
    """The folder of a language below the site: "" of English, else "ru/"."""
    return "" if language == ENGLISH.code else f"{language}/"


def chapter_path(section_id: str) -> str:
    return f"chapter/{section_id}.html"


def country_path(state: str) -> str:
    return f"country/{state}.html"


def claim_path(claim_id: str) -> str:
    return f"claim/{claim_id}.html"


def indicator_path(indicator: str) -> str:
    """Of a code of letters, digits, dots and underscores: "indicator/it-net-user-zs.html"."""
    return f"indicator/{slug(indicator)}.html"


def state_of(profile: Profile) -> str:
    """The code of a profile's state."""
    return profile.id.removeprefix(profile_anchor(""))


def way(target: str, here: str) -> str:
    """The relative address of one path as seen from a page."""
    return posixpath.relpath(target, posixpath.dirname(here) or ".")


@dataclass(frozen=True)
class Places:
    """The places of one report."""

    report: Report

    @cached_property
    def pages(self) -> tuple[str, ...]:
        """Paths of all pages, in reading order.

        Raises:
            ReportError: two pages would have one path, perhaps but for their case.
        """
        report = self.report
        paths = [
            INDEX,
            *(chapter_path(section.id) for section in report.sections),
            *(country_path(state_of(profile)) for profile in report.profiles()),
            *(claim_path(card.id) for card in report.claim_cards()),
            INDICATORS,
            *(indicator_path(card.id) for card in report.indicators),
            ABOUT,
        ]
        known: dict[str, str] = {}
        for path in paths:
            if known.setdefault(path.lower(), path) != path or paths.count(path) > 1:
                raise ReportError(f"site: two pages at {path!r}: expected ids that differ as paths")
        return tuple(paths)

    @cached_property
    def heads(self) -> Mapping[str, str]:
        """The page that begins with an anchor, by the anchor."""
        return {
            **{s.id: chapter_path(s.id) for s in self.report.sections},
            **{p.id: country_path(state_of(p)) for p in self.report.profiles()},
            **{claim_anchor(c.id): claim_path(c.id) for c in self.report.claim_cards()},
        }

    @cached_property
    def _pages_of(self) -> Mapping[str, str]:
        """The page of every other anchor."""
        found = dict.fromkeys(_ON_INDEX, INDEX) | dict.fromkeys(_ON_ABOUT, ABOUT)
        for section in self.report.sections:
            found |= dict(_within(section))
        return found

    def page_of(self, anchor: str) -> str:
        """The page on which an anchor stands.

        Raises:
            ReportError: there is no such place in the report.
        """
        found = self.heads.get(anchor) or self._pages_of.get(anchor)
        if found is None:
            raise ReportError(f"site: there is no place {anchor!r}")
        return found

    def to(self, anchor: str, here: str) -> str:
        """The address of an anchor as seen from a page.

        Raises:
            ReportError: there is no such place in the report.
        """
        page = self.page_of(anchor)
        if page == here:
            return f"#{anchor}"
        return way(page, here) if anchor in self.heads else f"{way(page, here)}#{anchor}"

    def link(self, target: str, here: str) -> str:
        """The address of the target of a link in prose; what stands beside the site is told of.

        Raises:
            ReportError: there is no such place in the report.
        """
        if target in EDITION_FILES:
            return self.to(FOLDER, here)
        anchor = anchor_of(target)
        return target if anchor is None else self.to(anchor, here)


def _within(section: Section) -> Iterator[tuple[str, str]]:
    """Anchors in a section with their pages; what is on a page of its own is not among them."""
    page = chapter_path(section.id)
    for block in section.blocks:
        if isinstance(block, Exhibit | ClaimCards):
            yield block.id, page
        elif isinstance(block, Profile):
            yield block.values.id, country_path(state_of(block))
