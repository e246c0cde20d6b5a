"""The bytes of a web page to text: by the mark, by what the page says of itself, and by whether that can be true."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from extractors import decode
from extractors.errors import ReadError

#: Declarations stand in the first 1,024 bytes (WHATWG HTML, 13.2.3.2); Word writes long heads before its own.
_HEAD = 8192
_DECLARED = re.compile(
    rb"<meta[^>]*?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)", re.I
)
#: Names under which pages declare GB 18030: each is a part of it, and pages use characters that the part has not.
_CHINESE = {"gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "csgb2312", "cp936", "ms936", "chinese"}
#: Names of single-byte encodings decode anything; programs declare them where nobody chose one.
_ANYTHING = {"iso8859-1", "cp1252", "latin-1", "ascii"}
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LOST = "\ufffd"
#: Characters lost to damage that a page may have: one in so many.
_FEW = 200


def decode_page(data: bytes, path: Path) -> tuple[str, int]:
    """The text of a page, and how many characters of it are lost. Raises :class:`ReadError` when it is no text."""
    if data.startswith(_MARKS) or 0 in data[:_HEAD]:
        return decode.decode(data, path)[0], 0
    declared = _declared(data)
    for name in dict.fromkeys(filter(None, ("utf-8", declared))):
        # UTF-8 refuses text in any other encoding, so that it is believed against every declaration.
        text = _try(data, name)
        if text is not None:
            return text, 0
    try:
        return decode.decode(data, path)[0], 0
    except ReadError:
        return _damaged(data, declared, path)


def _declared(data: bytes) -> str | None:
    """The encoding that a page declares, as Python knows it; None when it declares none that tells anything."""
    match = _DECLARED.search(data[:_HEAD])
    if match is None:
        return None
    name = (match[1] or match[2]).decode("ascii", "replace").lower()
    if name in _CHINESE:
        return "gb18030"
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return None
    # A page that could be read so far as to find the declaration is no UTF-16.
    return None if known in _ANYTHING or known.startswith(("utf-16", "utf-32")) else known


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _damaged(data: bytes, declared: str | None, path: Path) -> tuple[str, int]:
    """The text of a page that has broken characters, in the encoding in which the fewest are."""
    found = [
        (data.decode(name, "replace"), name) for name in dict.fromkeys(("utf-8", declared or "gb18030", "gb18030"))
    ]
    text, _ = min(found, key=lambda one: one[0].count(_LOST))
    lost = text.count(_LOST)
    if lost * _FEW > len(text) + _FEW:
        raise ReadError(path, "the encoding of the page is unknown", "Save it as UTF-8 again, or give the original")
    return text, lost
