"""Bytes of a text file to text: which of the encodings in use is it, and is it text at all?"""

from __future__ import annotations

import codecs
from pathlib import Path

from extractors.errors import ReadError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Control characters that occur in text files: tab, line feed, vertical tab, form feed, carriage return.
_TEXT_CONTROLS = frozenset("\t\n\v\f\r")
#: Share of a Chinese text's characters that are among the 3,755 of GB 2312 level 1. Running text has
#: over 95 %; bytes of another encoding decoded as GB 18030 give rare characters instead.
_MIN_COMMON = 0.7
#: First bytes of the GB 2312 rows 16-55, which hold the level 1 characters.
_LEVEL_1 = range(0xB0, 0xD8)


def decode(data: bytes, path: str | Path) -> tuple[str, str]:
    """The text and the name of its encoding.

    A byte order mark decides; without one UTF-8, UTF-16 and GB 18030 are tried in this order, since each
    refuses most of the other's bytes. Raises :class:`ReadError` when the file is empty, is not text or is in
    none of them.
    """
    if not data.strip(b" \t\r\n\f\0\xef\xbb\xbf\xff\xfe"):
        raise ReadError(path, "the file is empty", "Put the document's text into it, or take it out of the folder")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data, encoding, path), encoding
    for candidate in filter(None, ("utf-8", _utf16_order(data), "gb18030")):
        text = _try(data, candidate)
        if text is not None and _is_text(text) and (candidate != "gb18030" or _reads_as_chinese(text)):
            return text, candidate
    raise ReadError(
        path,
        "this is no text in UTF-8, UTF-16 or GB 18030" if _looks_binary(data) else "the encoding is unknown",
        "Save it as UTF-8 text, or give the original document",
    )


def _strict(data: bytes, encoding: str, path: str | Path) -> str:
    text = _try(data, encoding)
    if text is None or not _is_text(text):
        problem = f"the file begins with the mark of {encoding} but is not {encoding} text"
        raise ReadError(path, problem, "Save it as UTF-8 text again")
    return text


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, UnicodeError):
        return None


def _utf16_order(data: bytes) -> str | None:
    """UTF-16 without a mark: tabs, line ends, blanks and digits put a zero byte at every other place."""
    zeros = (data[0::2].count(0), data[1::2].count(0))
    if max(zeros) < len(data) // 50 or len(data) % 2:
        return None
    return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"


def _is_text(text: str) -> bool:
    """Whether there are no control characters but those of text files."""
    return not any((char < " " and char not in _TEXT_CONTROLS) or "\x7f" <= char < "\x80" for char in text)


def _looks_binary(data: bytes) -> bool:
    return sum(byte < 32 and chr(byte) not in _TEXT_CONTROLS for byte in data) > len(data) // 100


def _reads_as_chinese(text: str) -> bool:
    """Whether most of the non-ASCII letters are common Chinese characters."""
    letters = [char for char in text if char > "\x7f" and char.isalpha()]
    common = sum(_is_common(char) for char in letters)
    return not letters or common >= _MIN_COMMON * len(letters)


def _is_common(char: str) -> bool:
    try:
        return char.encode("gb2312")[0] in _LEVEL_1
    except UnicodeEncodeError:
        return False
