"""Text of Chinese documents: blanks, widths, punctuation, numerals, lists."""

from __future__ import annotations

import re
from functools import cache, lru_cache

#: Han characters, with the ideographic zero and the extensions that personal names use.
HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
#: Chinese and full-width punctuation: blanks beside it are typesetting.
_PUNCTUATION = r"\u3001-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65“”‘’—…·"
_WIDE = f"[{HAN}{_PUNCTUATION}]"
_BLANK = r"[\s\u200b\u200c\u200d\ufeff\u00ad\u2060]"
_BLANK_BESIDE_WIDE = re.compile(f"(?<={_WIDE}){_BLANK}+|{_BLANK}+(?={_WIDE})")
_BLANKS = re.compile(f"{_BLANK}+")
#: A line break inside a cell is a wrap; only between Latin words it stands for a blank.
_WRAP = re.compile(r"(?<![A-Za-z])[ \t]*[\r\n]+[ \t]*|[ \t]*[\r\n]+[ \t]*(?![A-Za-z])")
#: Blanks that a text layer put around digits and signs: "5 %", "1 200" is left alone, "4.5 - 5" is not Chinese.
_BLANK_BEFORE_PERCENT = re.compile(r"(?<=\d)\s+(?=[%％‰])")
_HALF = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", "(": "（", ")": "）"}
#: A half-width mark is Chinese punctuation when a Han character or Chinese punctuation stands beside it (blanks between
#: them or not), and it is no part of a number (1,200, 10:30).
_HALF_MARK = re.compile(
    rf"(?<=[{HAN}{_PUNCTUATION}])\s*[,;:!?]|(?<!\d)[,;:!?](?=\s*[{HAN}{_PUNCTUATION}])|[,;:!?]\s*(?=[{HAN}])"
)
_OPENING, _CLOSING = "（(〔［[【", "）)〕］]】"
_ANY_BRACKET = re.compile(f"[{re.escape(_OPENING + _CLOSING)}]")
#: Stands for all characters at which a text is split.
_SEPARATOR = "\x1f"
_BRACKETS = re.compile(r"\(([^()]*)\)")
_WIDE_ASCII = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_WIDE_ASCII |= {0xFF05: 0x25, 0xFF0B: 0x2B, 0xFF0E: 0x2E}
_HAN_RE = re.compile(f"[{HAN}]")
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


def squeeze(text: str) -> str:
    """The text without any white space: for comparing labels."""
    return _BLANKS.sub("", text)


def has_han(text: str) -> bool:
    """Whether there is a Han character in the text."""
    return bool(_HAN_RE.search(text))


def clean(text: str) -> str:
    """The text as its author meant it.

    Blanks that a text layer or a line break put beside Chinese characters and punctuation go, those between Latin
    words stay; half-width punctuation in Chinese text becomes full width, full-width digits and letters half width.
    Numbers keep their own commas and points.
    """
    text = _WRAP.sub("", text.translate(_WIDE_ASCII).strip())
    text = _fold_marks(_fold_brackets(text)) if has_han(text) else text
    text = _BLANK_BESIDE_WIDE.sub("", text)
    return _BLANKS.sub(" ", _BLANK_BEFORE_PERCENT.sub("", text))


@lru_cache(maxsize=1 << 14)  # the same few hundred names are asked for again and again
def label(text: str) -> str:
    """A short Chinese label (category, organisation, name) without any blank, punctuation folded."""
    return clean(_BLANKS.sub("", text) if has_han(text) else text)


def _fold_marks(text: str) -> str:
    """Half-width marks of Chinese text to full width; a folded mark may stand beside another half-width one."""
    while (folded := _HALF_MARK.sub(lambda match: _HALF[match[0].strip()], text)) != text:
        text = folded
    return text


def _fold_brackets(text: str) -> str:
    """The brackets of a text with Chinese in it to full width, from the inside out."""
    while (folded := _BRACKETS.sub(r"（\1）", text)) != text:
        text = folded
    return text.replace("(", "（").replace(")", "）")


def numeral(text: str) -> int | None:
    """The number that a text of Arabic or Chinese digits says (12, 十二, 一百零三), else None."""
    text = squeeze(text).translate(_WIDE_ASCII)
    if re.fullmatch(r"\d{1,6}(\.0+)?", text):
        return int(float(text))
    if not text or any(char not in _DIGITS and char not in "十百" for char in text):
        return None
    total = part = 0
    for char in text:
        if char in "十百":
            total += (part or 1) * (10 if char == "十" else 100)
            part = 0
        else:
            part = _DIGITS[char]
    return total + part


def strip_brackets(text: str) -> tuple[str, str | None]:
    """A name and what stands in brackets at its end: 区应急管理局（安委办） gives (区应急管理局, 安委办)."""
    match = re.fullmatch(r"(.+?)[（(〔［\[【](.+)[)）〕］\]】]", text)
    return (match[1], match[2]) if match else (text, None)


def is_unclosed(text: str) -> bool:
    """Whether a bracket is open at the end of a text."""
    return bool(_ANY_BRACKET.search(text)) and sum(map(text.count, _OPENING)) > sum(map(text.count, _CLOSING))


@cache
def _separators(characters: str) -> dict[int, str]:
    return dict.fromkeys(map(ord, characters), _SEPARATOR)


def split_outside_brackets(text: str, separators: str) -> list[str]:
    """The parts between the separator characters; nothing inside brackets separates. Empty parts are left out.

    Where a bracket is not closed, all of them are taken as characters like others.
    """
    if not _ANY_BRACKET.search(text) or sum(map(text.count, _OPENING)) != sum(map(text.count, _CLOSING)):
        parts = text.translate(_separators(separators)).split(_SEPARATOR)
        return [part.strip() for part in parts if part.strip()]
    parts, depth = [""], 0
    for char in text:
        if char in _OPENING:
            depth += 1
        elif char in _CLOSING:
            depth = max(0, depth - 1)
        if depth == 0 and char in separators:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts if part.strip()]
