"""The Chinese faces of the report: Noto Sans SC and Noto Serif SC, cut to the signs that it uses.

Both come as a Python package, one weight each. Which signs a page may hold follows from the
translations. They come before the faces of ``fonts``, from which Latin letters and figures are
taken. Made once, then kept by hash in the cache.
"""

import hashlib
import importlib.metadata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.language import CHINESE
from pipeline.messages import OF_REPORT, messages, po_file
from pipeline.report.fonts import SANS, SERIF, Face, Faces, keep_files, package_file

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

ENDING: Final = " SC"
"""What the names of these families end on, after those of the others."""
_PACKAGE: Final = "pylopdf_fonts_zh_cn"
_FILES: Final = {SANS: "NotoSansSC-Regular.otf", SERIF: "NotoSerifSC-Regular.otf"}
_OWN: Final = "年月日和、，。；：（）“”‘’《》—…·零一二三四五六七八九十百千万亿美元无中文"
"""Signs that dates, lists and amounts bring, and punctuation."""
_FIRST: Final = 0x2E80
"""Code point from which on the signs of Chinese and its neighbours stand."""
_WIDE: Final = frozenset("“”‘’—…")
"""Signs of other scripts, too, that Chinese has wide."""


def with_chinese(faces: Faces, cache_dir: Path) -> Faces:
    """The faces with the Chinese ones before them.

    Raises:
        ReportError: the font package is missing, the translations cannot be read, or the cache
            cannot be written.
    """
    signs = _signs()
    store = _store(signs, cache_dir)
    own = tuple(_face(family, family + ENDING, signs, store) for family in _FILES)
    return replace(
        faces,
        more_ttf=(store / "ttf",),
        faces=(*own, *faces.faces),
        licence=f"{faces.licence}\n{'-' * 70}\n\n{(store / 'OFL.txt').read_text('utf-8')}",
    )


def name_of_chinese(cache_dir: Path) -> Face:
    """The two signs by which a page of another language leads to the Chinese one.

    It has the name of the family that such pages are set in, which it completes.

    Raises:
        ReportError: the font package is missing, or the cache cannot be written.
    """
    signs = frozenset(CHINESE.name)
    return _face(SANS, SANS, signs, _store(signs, cache_dir, (SANS,)))


def chinese_of(text: str, cache_dir: Path) -> tuple[Face, ...]:
    """What a small page with this text needs: one face of its own Chinese signs, if it has any.

    Raises:
        ReportError: the font package is missing, or the cache cannot be written.
    """
    signs = frozenset(filter(_is_chinese, text))
    if not signs:
        return ()
    return (_face(SANS, SANS + ENDING, signs, _store(signs, cache_dir, (SANS,))),)


def _store(signs: frozenset[str], cache_dir: Path, families: Sequence[str] = tuple(_FILES)) -> Path:
    name = f"zh-{_recipe_hash(signs, families)}"
    return keep_files(cache_dir / "fonts" / name, lambda: _files(signs, families))


def _face(family: str, called: str, signs: frozenset[str], store: Path) -> Face:
    ranges = ",".join(f"U+{ord(sign):X}" for sign in sorted(signs))
    otf, woff2 = (_name(family, ending) for ending in ("otf", "woff2"))
    return Face(called, 400, False, store / "ttf" / otf, store / "woff2" / woff2, ranges)


def _signs() -> frozenset[str]:
    said = "".join(
        message.text
        for domain in OF_REPORT
        for message in messages(po_file(CHINESE, domain), CHINESE.locale_id).values()
    )
    return frozenset(filter(_is_chinese, said + _OWN))


def _is_chinese(sign: str) -> bool:
    return ord(sign) >= _FIRST or sign in _WIDE


def _recipe_hash(signs: frozenset[str], families: Sequence[str]) -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    digest.update("".join((*sorted(signs), *families)).encode())
    for distribution in ("fonttools", "brotli", "pylopdf-fonts-zh-cn"):
        digest.update(importlib.metadata.version(distribution).encode())
    return digest.hexdigest()[:16]


def _files(signs: frozenset[str], families: Sequence[str]) -> dict[str, bytes]:
    files = dict(_faces(signs, families))
    licence = importlib.metadata.distribution("pylopdf-fonts-zh-cn").metadata["License"]
    files["OFL.txt"] = (
        f"{SANS}{ENDING} and {SERIF}{ENDING} are modified versions (subset, renamed) of Noto Sans "
        f"SC and Noto Serif SC.\n\n{licence.strip()}\n"
    ).encode()
    return files


def _faces(signs: frozenset[str], families: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    for family in families:
        options = subset.Options(
            layout_features=["kern", "locl"], name_IDs=["*"], notdef_outline=True, hinting=False
        )
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=[ord(sign) for sign in signs])
        font = TTFont(package_file(_PACKAGE, _FILES[family]), recalcTimestamp=False)
        subsetter.subset(font)
        _rename(font, family + ENDING)
        for flavor, ending in ((None, "otf"), ("woff2", "woff2")):
            font.flavor = flavor
            buffer = BytesIO()
            font.save(buffer)
            yield f"{'woff2' if flavor else 'ttf'}/{_name(family, ending)}", buffer.getvalue()


def _rename(font: "TTFont", family: str) -> None:
    """Give the face its name of ours; keep copyright (0), version (5), licence (13, 14)."""
    table = font["name"]
    kept = {
        i: record.toUnicode() for i in (0, 5, 13, 14) if (record := table.getName(i, 3, 1, 0x409))
    }
    plain = family.replace(" ", "") + "-Regular"
    names = kept | {1: family, 2: "Regular", 3: plain, 4: f"{family} Regular", 6: plain}
    table.names = []
    for name_id, value in sorted(names.items()):
        table.setName(value, name_id, 3, 1, 0x409)


def _name(family: str, ending: str) -> str:
    return f"{(family + ENDING).replace(' ', '')}.{ending}"


def main() -> None:
    """Cut the faces at set-up time, so that the first Chinese report does not wait for them."""
    from pipeline.settings import settings

    cache_dir = settings().cache_dir
    store = _store(_signs(), cache_dir)
    name_of_chinese(cache_dir)
    print(f"Chinese fonts in {store / 'ttf'}")


if __name__ == "__main__":
    main()
