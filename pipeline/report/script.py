"""Which faces the report is set in, by the script of its language."""

from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.language import CHINESE
from pipeline.report.fonts import Face, Faces, prepare_fonts
from pipeline.report.fonts_chinese import ENDING, chinese_of, name_of_chinese, with_chinese


def faces_of(language: str, faces: Faces | None, cache_dir: Path) -> Faces:
    """The given faces, or those of the cache, with what the script of a language needs beside.

    Raises:
        ReportError: a font package is missing, or the cache cannot be written.
    """
    own = faces or prepare_fonts(cache_dir)
    return with_chinese(own, cache_dir) if language == CHINESE.code else own


def faces_of_names(language: str, others: Sequence[str], cache_dir: Path) -> tuple[Face, ...]:
    """What a page needs beside its faces to name the other languages that it leads to.

    Raises:
        ReportError: a font package is missing, or the cache cannot be written.
    """
    is_needed = CHINESE.code in others and language != CHINESE.code
    return (name_of_chinese(cache_dir),) if is_needed else ()


def faces_of_small(
    language: str, shown: Callable[[], str], others: Sequence[str], cache_dir: Path
) -> tuple[Face, ...]:
    """What a small page, set in the reader's own faces, must bring along.

    Letters are on every machine, Chinese signs are not: of those it has the ones that are shown.

    Args:
        language: of the page.
        shown: its text, asked for where that decides.
        others: codes of the languages that it leads to.
        cache_dir: where faces are kept.

    Raises:
        ReportError: a font package is missing, or the cache cannot be written.
    """
    if language == CHINESE.code:
        return chinese_of(shown(), cache_dir)
    return faces_of_names(language, others, cache_dir)


def endings(language: str) -> tuple[str, ...]:
    """What the names of the families end on in which a language is set, the first one first."""
    return (ENDING, "") if language == CHINESE.code else ("",)
