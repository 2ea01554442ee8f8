"""The faces of the report, cut from the variable fonts that come as Python packages.

What belongs here: which faces there are and how each is made. What does not: where they are used.
Their licence (OFL) reserves the name "Source", so that the changed faces carry a name of ours;
its text travels with them. Made once (some seconds), then kept by hash in the cache.
"""

import base64
import hashlib
import importlib.metadata
import importlib.util
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.errors import ReportError

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

SANS: Final = "SCO Sans"
SERIF: Final = "SCO Serif"

# Latin with its accents, Greek letters of formulas, Cyrillic with the letters of Kazakh, Kyrgyz,
# Tajik and Uzbek, and the signs that figures and notes need.
_RANGES: Final = (
    "0020-007E 00A0-017F 0192 0218-021B 0259 02BB-02BC 02C6-02C7 02D8-02DD 0300-0304 0306-0308 "
    "030A-030C 0327-0328 0391-03A9 03B1-03C9 0400-045F 0490-0493 0496-049D 04A0-04A3 04AE-04B3 "
    "04B6-04BB 04D8-04D9 04E2-04E3 04E8-04E9 04EE-04EF 2010-2015 2018-201E 2020-2022 2026 202F "
    "2030 2032-2033 2039-203A 2044 2070-208E 20AC 20B8 20BD 2116 2122 2190-2193 2202 2206 2211 "
    "2212 2215 2219 221A 221E 2248 2260 2264-2265 25A0 25B2 25B6 25BC 25CB 25CF 2713"
)
_FEATURES: Final = ("kern", "mark", "mkmk", "ccmp", "locl", "liga", "lnum", "tnum", "pnum")
_MARKER: Final = "faces.json"


@dataclass(frozen=True)
class Cut:
    """How one static face is made: which file, at which place on its axes, under which name."""

    package: str
    file: str
    family: str
    style: str
    weight: int
    optical_size: int | None = None

    @property
    def italic(self) -> bool:
        return "Italic" in self.style

    @property
    def stem(self) -> str:
        return f"{self.family}-{self.style}".replace(" ", "")


_SANS_FILE: Final = ("fontpkg_source_sans_3", "files/SourceSans3[wght].ttf", SANS)
_SERIF_FILE: Final = ("fontpkg_source_serif_4", "files/SourceSerif4[opsz,wght].ttf", SERIF)
_SLANTED_FILE: Final = ("fontpkg_source_serif_4", "files/SourceSerif4-Italic[opsz,wght].ttf", SERIF)
CUTS: Final = (
    Cut(*_SANS_FILE, "Regular", 400),
    Cut(*_SANS_FILE, "SemiBold", 600),
    Cut(*_SANS_FILE, "Bold", 700),
    Cut(*_SERIF_FILE, "Regular", 400, optical_size=14),
    Cut(*_SERIF_FILE, "SemiBold", 600, optical_size=32),  # headings only
    Cut(*_SLANTED_FILE, "Italic", 400, optical_size=14),
)


@dataclass(frozen=True)
class Face:
    """One static face on disk: TTF for Typst and vl-convert, WOFF2 for the page."""

    family: str
    weight: int
    italic: bool
    ttf: Path
    woff2: Path
    ranges: str = ""
    """Signs that it is for, as CSS says it; empty: all that it has."""

    def data_uri(self) -> str:
        """The WOFF2 as a ``data:`` URI, so that a page needs no request."""
        encoded = base64.b64encode(self.woff2.read_bytes()).decode("ascii")
        return "data:font/woff2;base64," + encoded


@dataclass(frozen=True)
class Faces:
    """All faces; ``ttf_directory`` holds their TTFs and nothing else."""

    ttf_directory: Path
    faces: tuple[Face, ...]
    licence: str
    more_ttf: tuple[Path, ...] = ()
    """Directories with the TTFs of other scripts."""


def prepare_fonts(cache_dir: Path) -> Faces:
    """The faces, made under ``cache_dir/fonts`` if they are not there (or were damaged).

    Raises:
        ReportError: a font package is missing, or the cache cannot be written.
    """
    store = keep_files(cache_dir / "fonts" / _recipe_hash(), _face_files)
    faces = tuple(
        Face(
            cut.family,
            cut.weight,
            cut.italic,
            store / "ttf" / f"{cut.stem}.ttf",
            store / "woff2" / f"{cut.stem}.woff2",
        )
        for cut in CUTS
    )
    return Faces(store / "ttf", faces, (store / "OFL.txt").read_text("utf-8"))


def keep_files(store: Path, make: Callable[[], dict[str, bytes]]) -> Path:
    """The store with its files, made if they are not there (or were damaged).

    Raises:
        ReportError: it cannot be written.
    """
    if not _is_whole(store):
        try:
            _make(store, make)
        except OSError as error:
            raise ReportError(
                f"{store}: the report's fonts cannot be kept there: {error}"
            ) from error
    return store


def _recipe_hash() -> str:
    """What the faces depend on: this file, the fonts and the tools that cut them."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for distribution in ("fonttools", "brotli"):
        digest.update(importlib.metadata.version(distribution).encode())
    for package, file in sorted({(cut.package, cut.file) for cut in CUTS}):
        digest.update(package_file(package, file).read_bytes())
    return digest.hexdigest()[:16]


def package_file(package: str, file: str) -> Path:
    """A file of a font package.

    Raises:
        ReportError: the package is not installed.
    """
    found = importlib.util.find_spec(package)
    path = Path(found.origin).parent / file if found and found.origin else None
    if path is None or not path.is_file():
        raise ReportError(f"{file}: the package {package} that brings this font is not installed")
    return path


def _is_whole(store: Path) -> bool:
    """Whether every face is there with the bytes that were written."""
    marker = store / _MARKER
    if not marker.is_file():
        return False
    hashes: dict[str, str] = json.loads(marker.read_text("utf-8"))
    return all(
        (store / name).is_file()
        and hashlib.sha256((store / name).read_bytes()).hexdigest() == expected
        for name, expected in hashes.items()
    )


def _make(store: Path, make: Callable[[], dict[str, bytes]]) -> None:
    """Cut all faces in a directory beside ``store`` and rename it, so that none is ever half."""
    store.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".tmp-", dir=store.parent))
    try:
        files = make()
        for name, content in files.items():
            (work / name).parent.mkdir(exist_ok=True)
            (work / name).write_bytes(content)
        hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        (work / _MARKER).write_text(json.dumps(hashes, indent=1, sort_keys=True), "utf-8")
        if store.exists() and not _is_whole(store):
            shutil.rmtree(store)
        try:
            work.rename(store)
        except OSError:
            if not _is_whole(store):  # otherwise another process was faster, with the same bytes
                raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _face_files() -> dict[str, bytes]:
    """Every file of the store but its marker, by relative name."""
    files: dict[str, bytes] = {}
    subsets = {(cut.package, cut.file): b"" for cut in CUTS}
    for package, file in subsets:
        subsets[package, file] = _subset(package_file(package, file))
    for cut in CUTS:
        font = _static_face(cut, subsets[cut.package, cut.file])
        files[f"ttf/{cut.stem}.ttf"] = _saved(font, None)
        files[f"woff2/{cut.stem}.woff2"] = _saved(font, "woff2")
    files["OFL.txt"] = _licence_text().encode("utf-8")
    return files


def _subset(path: Path) -> bytes:
    """The variable font with our characters only: first, because it makes the cutting faster."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(
        layout_features=list(_FEATURES), name_IDs=["*"], notdef_outline=True, hinting=False
    )
    options.drop_tables += ["DSIG", "STAT", "meta"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=_codepoints())
    font = TTFont(path, recalcTimestamp=False)  # the clock must not get into the bytes
    subsetter.subset(font)
    return _saved(font, None)


def _static_face(cut: Cut, variable: bytes) -> "TTFont":
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    font = TTFont(BytesIO(variable), recalcTimestamp=False)
    place = {"wght": cut.weight} | ({"opsz": cut.optical_size} if cut.optical_size else {})
    instancer.instantiateVariableFont(font, place, inplace=True)
    _rename(font, cut)
    return font


def _codepoints() -> list[int]:
    points: list[int] = []
    for part in _RANGES.split():
        first, _, last = part.partition("-")
        points += range(int(first, 16), int(last or first, 16) + 1)
    return points


def _rename(font: "TTFont", cut: Cut) -> None:
    """Give the face its name of ours; keep copyright (0), version (5), licence (13, 14)."""
    table = font["name"]
    kept = {
        i: record.toUnicode() for i in (0, 5, 13, 14) if (record := table.getName(i, 3, 1, 0x409))
    }
    bold, plain = cut.weight >= 700, cut.style in ("Regular", "Bold", "Italic")
    names = kept | {
        1: cut.family if plain else f"{cut.family} {cut.style}",
        2: cut.style if plain else "Regular",
        3: f"{cut.stem};{kept[5]}",
        4: f"{cut.family} {cut.style}",
        6: cut.stem,
        16: cut.family,
        17: cut.style,
    }
    table.names = []
    for name_id, value in sorted(names.items()):
        table.setName(value, name_id, 3, 1, 0x409)
    os2, head = font["OS/2"], font["head"]
    os2.usWeightClass = cut.weight
    os2.fsSelection = (1 if cut.italic else 0) | (1 << 5 if bold else 0) | (1 << 7)
    if not cut.italic and not bold:
        os2.fsSelection |= 1 << 6
    head.macStyle = (1 if bold else 0) | (2 if cut.italic else 0)


def _saved(font: "TTFont", flavor: str | None) -> bytes:
    font.flavor = flavor
    buffer = BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def _licence_text() -> str:
    parts = [
        f"{SANS} and {SERIF} are modified versions (static, subset, renamed) of the fonts whose "
        "licences follow. They may not be called by the names reserved there.\n"
    ]
    for package in sorted({cut.package for cut in CUTS}):
        parts.append(package_file(package, "LICENSE").read_text("utf-8").strip() + "\n")
    return ("\n" + "-" * 70 + "\n\n").join(parts)


def main() -> None:
    """Make the faces at set-up time, so that the first report does not wait for them."""
    from pipeline.settings import settings

    print(f"Fonts in {prepare_fonts(settings().cache_dir).ttf_directory}")


if __name__ == "__main__":
    main()
