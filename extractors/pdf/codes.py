"""The code points of a page's characters, as pdfium gives them and as they are meant."""

from __future__ import annotations

import ctypes
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium_c

from extractors.pdf import raw
from extractors.pdf.content import Bools, Ints

#: White space and what takes no room, by code point; False for everything else.
_BLANKS = np.zeros(0x10000, np.bool_)
_BLANKS[
    [*range(2), *range(3, 33), 0x7F, 0xA0, 0xAD, 0x3000, 0xFEFF, *range(0x2000, 0x2010), 0x2028, 0x2029, 0x202F]
] = True
#: pdfium gives a hyphen at the end of a line as one of these.
_HYPHENS = (0x02, 0xFFFE)
#: Stands for a character that the document gives no code point for.
_UNKNOWN = 0xFFFD


def read_codes(text_page: object, handle: Any, count: int) -> tuple[Ints, Ints, Bools]:
    """The characters of a text page that are no white space: their code points, their indices among all of them, and
    whether white space stands before each.
    """
    codes = _codes(text_page, handle, count)
    # ASCII is right even where the font does not say so; of other characters pdfium gives the number in the font.
    doubtful = ((codes < 0x20) | (codes > 0x7E)).nonzero()[0]
    has_no_code = [*map(raw.char_map_error, repeat(handle), doubtful.tolist())]
    if 1 in has_no_code:
        codes[doubtful[np.array(has_no_code) == 1]] = _UNKNOWN
    for hyphen in _HYPHENS:
        codes[codes == hyphen] = ord("-")
    seconds = _join_pairs(codes)
    blank = _BLANKS[np.minimum(codes, 0xFFFF)]
    keep = np.flatnonzero(~blank & ~seconds)
    return codes[keep], keep, np.diff(np.cumsum(blank)[keep], prepend=0) > 0


def _codes(text_page: object, handle: Any, count: int) -> Ints:
    """The code points; all in one call, unless pdfium leaves some out there."""
    buffer = (ctypes.c_ushort * (2 * count + 2))()
    written = pdfium_c.FPDFText_GetText(text_page, 0, count, buffer)
    if written == count + 1:
        return np.frombuffer(memoryview(buffer), np.uint16)[:count].astype(np.int64)
    return np.array([raw.char_unicode(handle, index) for index in range(count)], np.int64)


def _join_pairs(codes: Ints) -> Bools:
    """Put characters beyond 16 bits together, which come as two; gives a mask of what is the second half of one."""
    seconds = np.zeros(len(codes), np.bool_)
    halves = (codes >= 0xD800) & (codes < 0xE000)
    if halves.any():
        first = np.flatnonzero((codes[:-1] >> 10 == 0xD800 >> 10) & (codes[1:] >> 10 == 0xDC00 >> 10))
        codes[first] = 0x10000 + ((codes[first] - 0xD800) << 10) + (codes[first + 1] - 0xDC00)
        seconds[first + 1] = True
        halves[first] = False
    codes[(halves & ~seconds) | (codes > 0x10FFFF)] = _UNKNOWN
    return seconds
