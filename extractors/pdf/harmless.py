"""Whether a PDF may be read in the process that asks: none of its streams is many times larger than it looks.

pdfium takes a page's whole content in at once, and nothing can stop it meanwhile. A stream of a kilobyte can unpack to
gigabytes, and a form that draws forms that draw forms can be as large. This is a cheap look at the file before pdfium
sees it; what does not pass is read under supervision (:mod:`extractors.supervised`), not refused.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

import numpy as np

#: Bytes. A larger file is not looked through.
_LARGEST_FILE = 32 << 20
#: Bytes of one unpacked stream, and of all. The content of a table page has some ten thousand bytes.
_LARGEST, _LARGEST_SUM = 4 << 20, 256 << 20
#: Bytes. No deflated stream grows by more than 1032 times, so one of this size can't pass the limit.
_SMALL = _LARGEST // 1032
#: How many times a form may be drawn by forms.
_MOST_DRAWN = 1000
#: Font files are large by right: of them only this much is unpacked, and it may not grow by more than this factor.
_PROBE, _GROWS = 1 << 15, 100

_FILTER = re.compile(rb"/(?:Filter|F)\b\s*(\[[^\]]*\]|/\w+|)")
_IMAGE = re.compile(rb"/Subtype\s*/Image\b")
_FONT = re.compile(rb"/Length[123]\b|/Subtype\s*/(?:Type1C|CIDFontType0C|OpenType)\b")
_DRAWS = re.compile(rb"\bDo\b")
_SPACE = b"\0\t\n\f\r "
#: Where a stream's dictionary begins is looked for in so many bytes before it.
_DICTIONARY = 4096


def is_harmless(data: bytes) -> bool:
    """Whether reading the file needs no supervision."""
    if len(data) > _LARGEST_FILE or b"/Encrypt" in data:
        return False
    total, drawn = 0, 1
    for dictionary, content in _streams(data):
        is_form = b"/Form" in dictionary
        if len(content) <= _SMALL and not is_form and dictionary.count(b"Decode") <= 1:
            continue
        if _IMAGE.search(dictionary):
            continue  # reading looks at where a picture is, not at what it shows
        if _FONT.search(dictionary):
            probe = _unpacked(dictionary, content[:_PROBE], _GROWS * _PROBE)
            if probe is None or len(probe) >= _GROWS * min(len(content), _PROBE):
                return False
            continue
        unpacked = _unpacked(dictionary, content, _LARGEST + 1)
        if unpacked is None or len(unpacked) > _LARGEST:
            return False
        total += len(unpacked)
        if is_form:
            drawn *= max(len(_DRAWS.findall(unpacked)), 1)
        if total > _LARGEST_SUM or drawn > _MOST_DRAWN:
            return False
    return True


def _streams(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The dictionary and the stored bytes of each stream."""
    at = data.find(b"stream")
    while at >= 0:
        start = at + len(b"stream")
        end = data.find(b"endstream", start)
        end = len(data) if end < 0 else end
        begin = data.rfind(b" obj", max(at - _DICTIONARY, 0), at)
        yield data[begin if begin >= 0 else max(at - _DICTIONARY, 0) : at], data[start:end].lstrip(b"\r\n")
        at = data.find(b"stream", end + len(b"endstream"))


def _unpacked(dictionary: bytes, content: bytes, most: int) -> bytes | None:
    """At most so many bytes of a stream's content; None when it is not packed in one of the usual ways."""
    named = _FILTER.search(dictionary)
    filters = re.findall(rb"/(\w+)", named[1]) if named else []
    if named and not filters and not named[1].startswith(b"["):
        return None  # the filter stands elsewhere
    if filters and filters[0] in (b"ASCII85Decode", b"A85"):
        content, filters = _from_ascii85(content), filters[1:]
    if not filters:
        return content[:most]
    if filters not in ([b"FlateDecode"], [b"Fl"]):
        return None
    try:
        return zlib.decompressobj().decompress(content, most)
    except zlib.error:
        return None


def _from_ascii85(text: bytes) -> bytes:
    """The bytes behind ASCII base-85; of damaged text something of the same length."""
    text = text.translate(None, _SPACE).split(b"~", 1)[0].replace(b"z", b"!!!!!")
    missing = -len(text) % 5
    digits = np.frombuffer(text + b"u" * missing, np.uint8).astype(np.uint32).reshape(-1, 5) - 33
    words = digits @ np.array([85**4, 85**3, 85**2, 85, 1], np.uint32)
    return words.astype(">u4").tobytes()[: len(words) * 4 - missing]
