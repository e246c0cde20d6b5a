"""Characters that a Word file writes as elements: breaks, tabs, hyphens, and signs of symbol fonts."""

from __future__ import annotations

#: Elements that stand for one character; a soft hyphen is not printed within a line.
MARKS = {
    "tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "",
}  # fmt: skip
#: Signs of the fonts that Word's 插入符号 offers, by font and code without the private area: those that mean something
#: in a table.
_SIGNS = {
    "wingdings": {
        0x6C: "●", 0x6E: "■", 0x6F: "□", 0x75: "◆", 0xA1: "○", 0xA7: "▪", 0xA8: "□", 0xAB: "★", 0xB2: "☆", 0xD8: "➢",
        0xE0: "→", 0xFB: "×", 0xFC: "√", 0xFD: "☒", 0xFE: "☑",
        **{0x81 + at: chr(ord("①") + at) for at in range(10)},
    },
    "wingdings 2": {0x4F: "×", 0x50: "√", 0x51: "☒", 0x52: "☑", 0xA3: "□", 0xEA: "★", 0xEB: "★"},
    "symbol": {0xB7: "•", 0xB1: "±", 0xB3: "≥", 0xA3: "≤", 0xB4: "×", 0xB0: "°", 0xAE: "→", 0xBB: "≈", 0xB9: "≠"},
}  # fmt: skip
_PRIVATE = 0xF000


def sign(font: str | None, code: str | None) -> str:
    """The character of a ``w:sym``; one that no table knows stays as it is, so that it is not lost."""
    try:
        point = int(code or "", 16)
    except ValueError:
        return ""
    known = _SIGNS.get((font or "").lower(), {}).get(point - _PRIVATE if point >= _PRIVATE else point)
    if known:
        return known
    return chr(point) if 0x20 <= point < 0xD800 or 0xE000 <= point <= 0xFFFD else ""
