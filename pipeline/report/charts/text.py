"""How wide a label is, so that labels are placed and never cut or laid over each other.

The widths are those of the report's sans face in its semibold weight (the regular one is a little
narrower, so a label that fits here fits in both). A test compares them with the face itself.
"""

from typing import Final

_PER_MILLE: Final = {
    200: " \u00a0", 255: "|", 262: "i", 263: "j", 271: "l", 275: "',.:;·’", 282: "I", 315: "!",
    317: "f", 322: "-", 324: "()[]{}", 344: "/\\", 361: "t", 373: "r", 431: "s", 438: "*",
    443: "z", 444: "?", 462: "c", 480: "–", 481: "x", 482: '"', 494: "J", 495: "vy", 500: "_",
    501: "Y", 502: "L", 507: "e", 510: "F", 513: "#$+0123456789<=>^~−×≥≤", 516: "a", 520: "g",
    522: "k", 536: "V", 538: "E", 540: "Z", 541: "X", 545: "S", 546: "T", 549: "`o", 556: "u",
    558: "Ah", 560: "n", 563: "b", 564: "dpq", 576: "C", 582: "P", 592: "R", 597: "BK",
    625: "D", 628: "G", 639: "&", 655: "U", 657: "N", 663: "H", 674: "OQ", 745: "M", 748: "w",
    618: "→", 800: "W—", 841: "%", 843: "m", 875: "@", 964: "…",
}  # fmt: skip
_CYRILLIC: Final = {
    422: "г", 455: "«»", 462: "сэ", 466: "з", 476: "т", 481: "х", 495: "у", 504: "ь", 507: "её",
    510: "Г", 516: "а", 518: "в", 522: "к", 530: "я", 531: "ч", 535: "У", 538: "ЕЁ", 541: "Х",
    546: "Т", 549: "о", 552: "л", 553: "Зб", 558: "А", 559: "д", 564: "пр", 572: "н", 574: "ий",
    576: "СЭ", 577: "ц", 582: "Р", 590: "БЬ", 597: "ВК", 600: "Я", 610: "ъ", 614: "Ч", 644: "Л",
    647: "м", 654: "ДП", 656: "Ц", 663: "Н", 666: "Й", 670: "И", 674: "О", 707: "ы", 725: "Ъ",
    726: "ж", 745: "М", 748: "Ф", 757: "фю", 777: "ш", 796: "щ", 826: "Ы", 853: "Ж", 896: "Ш",
    904: "Щ", 929: "Ю", 931: "№",
}  # fmt: skip
WIDTHS: Final = {
    char: width
    for table in (_PER_MILLE, _CYRILLIC)
    for width, chars in table.items()
    for char in chars
}
_UNKNOWN: Final = 700
"""For letters outside the table: wider than most, so that the error is on the safe side."""
_IDEOGRAPH: Final = 1000
"""Chinese signs and their punctuation fill a square."""
_FIRST_IDEOGRAPH: Final = "\u2e80"


def width(text: str, size: float) -> float:
    """Width of one line of ``text`` in pixels at ``size`` pixels, kerning not counted."""
    return sum(WIDTHS.get(char) or _other(char) for char in text) * size / 1000


def _other(char: str) -> int:
    return _IDEOGRAPH if char >= _FIRST_IDEOGRAPH else _UNKNOWN


def widest(texts: list[str], size: float) -> float:
    """Width of the widest of ``texts``; 0 of none."""
    return max((width(text, size) for text in texts), default=0.0)


def fitting(texts: tuple[str, ...], room: float, size: float) -> str:
    """The first of ``texts`` (longest form first) that fits into ``room``, else the last."""
    return next((text for text in texts if width(text, size) <= room), texts[-1])
