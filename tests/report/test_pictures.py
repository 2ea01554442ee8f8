"""The figures as PNG: one a figure, as wide as it was drawn, the same bytes, nobody's fonts."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from pipeline.errors import ReportError
from pipeline.report.content import Report
from pipeline.report.fonts import Faces
from pipeline.report.pictures import picture_file, render_pictures

MARGIN = 2 * 20


@pytest.fixture(scope="module")
def pictures(sample_report: Report, faces: Faces) -> dict[str, bytes]:
    return render_pictures(sample_report, faces=faces)


def test_every_figure_has_one_and_no_table_has(pictures: dict[str, bytes]) -> None:
    assert list(pictures) == ["exhibits/paths.png", "exhibits/bars.png"]


def test_it_has_two_dots_a_pixel_of_the_drawing(pictures: dict[str, bytes]) -> None:
    for content in pictures.values():
        width, height = Image.open(BytesIO(content)).size
        assert width == 2 * (660 + MARGIN)
        assert height > 2 * (240 + MARGIN)


def test_it_stands_on_white_and_shows_the_colours_of_the_drawing(
    pictures: dict[str, bytes],
) -> None:
    image = Image.open(BytesIO(pictures["exhibits/paths.png"])).convert("RGB")
    colours = {colour for _, colour in image.getcolors(image.width * image.height) or []}
    assert image.getpixel((0, 0)) == (255, 255, 255)
    assert {(0xB3, 0x26, 0x2E), (0x1F, 0x5F, 0xA8)} <= colours


def test_its_title_is_in_it(sample_report: Report, faces: Faces) -> None:
    exhibit = sample_report.exhibits()[0]
    section = replace(sample_report.sections[0], blocks=(replace(exhibit, title="Other words"),))
    other = replace(sample_report, sections=(section,), findings=(), notes=())
    same = replace(other, sections=(replace(section, blocks=(exhibit,)),))
    made = [render_pictures(report, faces=faces)["exhibits/paths.png"] for report in (other, same)]
    assert made[0] != made[1]


def test_the_same_figures_are_the_same_bytes(
    pictures: dict[str, bytes], sample_report: Report, faces: Faces
) -> None:
    assert render_pictures(sample_report, faces=faces) == pictures


def test_a_report_of_tables_has_none(sample_report: Report, faces: Faces) -> None:
    tables = replace(sample_report, sections=sample_report.sections[1:], findings=())
    assert render_pictures(tables, faces=faces) == {}


def test_a_translation_has_files_of_its_own() -> None:
    assert picture_file("paths", "en") == "exhibits/paths.png"
    assert picture_file("paths", "zh") == "exhibits/paths.zh.png"


def test_a_broken_template_is_named(sample_report: Report, faces: Faces, tmp_path: Path) -> None:
    (tmp_path / "pictures.typ").write_text("#let = 1", "utf-8")
    with pytest.raises(ReportError, match=r"pictures\.typ"):
        render_pictures(sample_report, faces=faces, templates_dir=tmp_path)


def test_a_template_that_makes_another_number_of_pages_is_an_error(
    sample_report: Report, faces: Faces, tmp_path: Path
) -> None:
    (tmp_path / "pictures.typ").write_text("One page.", "utf-8")
    with pytest.raises(ReportError, match="1 pages of 2 figures"):
        render_pictures(sample_report, faces=faces, templates_dir=tmp_path)
