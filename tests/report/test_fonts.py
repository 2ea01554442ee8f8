"""The faces: static, ours by name, with the letters that are needed, kept by hash."""

import shutil
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from pipeline.errors import ReportError
from pipeline.report import fonts
from pipeline.report.fonts import Faces, prepare_fonts

LETTERS = "AZaz09äßçÉşŽžЯяЁёӘәҒғҚқҢңӨөҮүҲҳҶҷӢӣӮӯΣε−–—“”’…×÷≥≤≈∞→↑↓₽²₂\u00a0"


@pytest.fixture
def cached(faces: Faces, tmp_path: Path) -> Path:
    """A copy of the project's cache that a test may damage."""
    store = faces.ttf_directory.parent
    shutil.copytree(store, tmp_path / "fonts" / store.name)
    return tmp_path


def test_every_face_is_static_and_has_the_letters(faces: Faces) -> None:
    for face in faces.faces:
        font = TTFont(face.ttf)
        assert "fvar" not in font
        missing = [char for char in LETTERS if ord(char) not in font.getBestCmap()]
        assert missing == [], face.ttf.name


def test_the_reserved_name_is_in_no_name_of_a_face(faces: Faces) -> None:
    for face in faces.faces:
        for path in (face.ttf, face.woff2):
            names = TTFont(path)["name"]
            assert names.getBestFamilyName() == face.family
            assert not any("Source" in names.getDebugName(i) for i in (1, 3, 4, 6, 16))


def test_the_licence_travels_with_them(faces: Faces) -> None:
    assert faces.licence.count("SIL OPEN FONT LICENSE Version 1.1") == 2
    assert "Reserved Font Name" in faces.licence


def test_no_clock_is_in_the_bytes(faces: Faces) -> None:
    modified = {TTFont(face.ttf)["head"].modified for face in faces.faces}
    made_upstream = 3_800_000_000  # seconds since 1904: mid-2024
    assert all(stamp < made_upstream for stamp in modified)


def test_a_face_for_the_page_stays_small(faces: Faces) -> None:
    assert all(face.woff2.stat().st_size < 50_000 for face in faces.faces)
    assert faces.faces[0].data_uri().startswith("data:font/woff2;base64,d09GMg")


def test_the_folder_for_typst_holds_the_faces_and_nothing_else(faces: Faces) -> None:
    assert sorted(faces.ttf_directory.iterdir()) == sorted(face.ttf for face in faces.faces)


def test_what_is_in_the_cache_is_not_made_again(
    cached: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "_face_files", lambda: pytest.fail("made again"))
    assert len(prepare_fonts(cached).faces) == len(fonts.CUTS)


def test_a_damaged_face_is_made_again(
    cached: Path, faces: Faces, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = faces.ttf_directory.parent
    whole = {
        str(p.relative_to(store)): p.read_bytes()
        for p in store.rglob("*")
        if p.is_file() and p.name != "faces.json"
    }
    monkeypatch.setattr(fonts, "_face_files", lambda: whole)
    damaged = prepare_fonts(cached).faces[0].ttf
    damaged.write_bytes(damaged.read_bytes()[:-1])
    assert prepare_fonts(cached).faces[0].ttf.read_bytes() == faces.faces[0].ttf.read_bytes()
    assert [p for p in (cached / "fonts").iterdir() if p.name.startswith(".tmp")] == []


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(ReportError, match="file/fonts"):
        prepare_fonts(blocked)


@pytest.mark.slow
def test_cutting_a_face_twice_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    # A few letters take the same way as all of them, in a tenth of the time.
    monkeypatch.setattr(fonts, "_codepoints", lambda: [ord(letter) for letter in "AaЯя"])
    cut = fonts.CUTS[0]
    made = []
    for _ in range(2):
        variable = fonts._subset(fonts.package_file(cut.package, cut.file))
        made.append(fonts._saved(fonts._static_face(cut, variable), "woff2"))
    assert made[0] == made[1]
