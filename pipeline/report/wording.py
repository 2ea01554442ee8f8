"""How a sentence of the report is chosen and becomes prose; ``pipeline.wording`` has the variants.

Which variant is said follows from the rounded figures, so that a text cannot contradict the figure
beside it. A little markup becomes spans: ``**strong**``, ``*emphasis*``, ``[text](#exhibit)``,
``[#exhibit]`` (its number), ``[^note]`` and ``[=finding|text]``.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from pipeline import rounding
from pipeline.report.content import Prose, Span

_MARKUP: Final = re.compile(
    r"\*\*(?P<strong>[^*]+)\*\*|\*(?P<emphasis>[^*]+)\*|\[\^(?P<note>[\w.-]+)\]"
    r"|\[=(?P<finding>[\w.-]+)\|(?P<figure>[^\]]+)\]"
    r"|(?P<aside> ?\(\[#[\w.-]+\](?:, \[#[\w.-]+\])*\)"
    r"|（\[#[\w.-]+\](?:、\[#[\w.-]+\])*）)|\[#(?P<exhibit>[\w.-]+)\]"
    r"|\[(?P<text>[^\]]+)\]\((?P<target>[^)\s]+)\)"
)

_BLANKS: Final = re.compile(r"[ \t\n]+")
"""What YAML may wrap a sentence at; a space that does not break stays one."""


def direction(before: float | None, after: float | None, digits: int) -> str:
    """ "rises", "falls" or "unchanged" as the rounded figures say; "unknown" without both."""
    if before is None or after is None:
        return "unknown"
    first, second = rounding.half_up(before, digits), rounding.half_up(after, digits)
    return "unchanged" if first == second else "rises" if second > first else "falls"


def prose(text: str, exhibits: Mapping[str, str]) -> Prose:
    """The spans of ``text``. ``exhibits`` gives the label ("Figure 3") of each exhibit there is;
    a reference to one that is not there is left out with its parentheses."""
    spans: list[Span] = []
    end = 0
    flat = _BLANKS.sub(" ", text.strip())
    for match in _MARKUP.finditer(flat):
        spans.append(Span(flat[end : match.start()]))
        spans += _spans(match, exhibits)
        end = match.end()
    spans.append(Span(flat[end:]))
    return tuple(_merged(spans))


def _spans(match: re.Match[str], exhibits: Mapping[str, str]) -> list[Span]:
    part = match.groupdict()
    if part["strong"]:
        return [Span(part["strong"], "strong")]
    if part["emphasis"]:
        return [Span(part["emphasis"], "emphasis")]
    if part["note"]:
        return [Span("", "note", part["note"])]
    if part["finding"]:
        return [Span(part["figure"], "number", part["finding"])]
    if part["exhibit"]:
        return _links([part["exhibit"]], exhibits)
    if part["aside"]:
        wide = part["aside"].startswith("（")
        before, between, after = ("（", "、", "）") if wide else (" (", ", ", ")")
        links = _links(re.findall(r"\[#([\w.-]+)\]", part["aside"]), exhibits, between)
        return [Span(before), *links, Span(after)] if links else []
    return [Span(part["text"], "link", part["target"])]


def _links(ids: Sequence[str], exhibits: Mapping[str, str], between: str = ", ") -> list[Span]:
    """Links to those of the exhibits that are there, with commas between."""
    links = [Span(exhibits[i], "link", "#" + i) for i in ids if i in exhibits]
    return [span for link in links for span in (Span(between), link)][1:]


def _merged(spans: list[Span]) -> list[Span]:
    """Neighbouring plain texts as one, empty ones gone."""
    merged: list[Span] = []
    for span in spans:
        if span.kind == "text" and merged and merged[-1].kind == "text":
            merged[-1] = Span(merged[-1].text + span.text)
        elif span.text or span.kind == "note":
            merged.append(span)
    return merged
