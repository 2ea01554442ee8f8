"""The PDF: accessible, archivable, the same bytes every time, its data attached."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from pipeline.errors import ReportError
from pipeline.report.content import Paragraph, Report, Section, Span
from pipeline.report.datapackage import package_of_exhibits
from pipeline.report.files import exhibit_csv
from pipeline.report.fonts import Faces
from pipeline.report.pdf import render_pdf


@pytest.fixture(scope="module")
def made(sample_report: Report, faces: Faces) -> bytes:
    return render_pdf(sample_report, faces=faces)


@pytest.fixture(scope="module")
def document(made: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(BytesIO(made)) as opened:
        yield opened


def test_is_tagged_with_language_and_title(document: pikepdf.Pdf) -> None:
    assert document.Root.MarkInfo.Marked
    assert str(document.Root.Lang) == "en"
    assert document.Root.ViewerPreferences.DisplayDocTitle
    assert document.open_metadata()["dc:title"] == "Invented figures & other things"


def test_says_that_it_is_accessible_and_archivable(document: pikepdf.Pdf) -> None:
    metadata = document.open_metadata()
    assert metadata["pdfuaid:part"] == "1"
    assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")


def test_is_dated_by_its_data(document: pikepdf.Pdf) -> None:
    assert str(document.docinfo["/CreationDate"]) == "D:20260501000000Z"
    assert str(document.docinfo["/ModDate"]) == "D:20260501000000Z"


def test_embeds_all_its_fonts_and_takes_none_from_the_machine(document: pikepdf.Pdf) -> None:
    names = set()
    for entry in document.objects:
        if isinstance(entry, pikepdf.Dictionary) and entry.get("/Type") == "/FontDescriptor":
            assert "/FontFile2" in entry or "/FontFile3" in entry
            names.add(str(entry.FontName).partition("+")[2])
    assert names
    assert all(name.startswith(("SCOSans", "SCOSerif")) for name in names), names


def test_bookmarks_lead_to_sections_and_exhibits(document: pikepdf.Pdf) -> None:
    with document.open_outline() as outline:
        found = {item.title: [child.title for child in item.children] for item in outline.root}
    assert list(found) == ["Key findings", "Who is online", "What changed", "Method", "Sources",
                           "How to cite"]  # fmt: skip
    assert found["Who is online"][0] == "Northland leads <b>& stays</b> ahead"


def _tags(node: Any) -> Iterator[pikepdf.Dictionary]:
    if isinstance(node, pikepdf.Array):
        for child in list(node):
            yield from _tags(child)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        if "/K" in node:
            yield from _tags(node.K)


def test_pictures_have_their_alternative_and_tables_their_heads(
    document: pikepdf.Pdf, sample_report: Report
) -> None:
    tags = list(_tags(document.Root.StructTreeRoot.K))
    alternatives = [str(tag.Alt) for tag in tags if tag.S == "/Figure" and "/Alt" in tag]
    assert alternatives == [e.alt for e in sample_report.exhibits() if e.chart]
    assert any(tag.S == "/TH" for tag in tags)
    assert any(tag.S == "/Note" for tag in tags)


def test_the_data_of_every_exhibit_are_attached(
    document: pikepdf.Pdf, sample_report: Report
) -> None:
    attached = {n: f.get_file().read_bytes() for n, f in document.attachments.items()}
    assert attached == {
        "datapackage.json": package_of_exhibits(sample_report),
        **{f"{e.id}.csv": exhibit_csv(e.table).encode() for e in sample_report.exhibits()},
    }


def _text(made: bytes, tmp_path: Path) -> str:
    source = tmp_path / "report.pdf"
    source.write_bytes(made)
    run = subprocess.run(["pdftotext", str(source), "-"], capture_output=True, check=True)
    return " ".join(run.stdout.decode().split())


def test_signs_of_markup_stay_text(sample_report: Report, faces: Faces, tmp_path: Path) -> None:
    nasty = "#panic() #let x = 1 *bold* _it_ $a$ @ref <label> `raw` = h - l / t \\ // c [b] {c}"
    report = replace(
        sample_report,
        title=nasty,
        sections=(*sample_report.sections, Section("x", nasty, (Paragraph((Span(nasty),)),))),
    )
    made = render_pdf(report, faces=faces)
    with pikepdf.open(BytesIO(made)) as document, document.open_outline() as outline:
        assert nasty in [item.title for item in outline.root]
    if (Path("/usr/bin") / "pdftotext").exists():
        assert _text(made, tmp_path).count(nasty) >= 2


def test_a_letter_that_no_face_has_is_an_error(sample_report: Report, faces: Faces) -> None:
    with pytest.raises(ReportError, match=r"report\.typ"):
        render_pdf(replace(sample_report, standfirst="\u4e2d"), faces=faces)
