"""The calls into pdfium that are made once for each character or path, without the cost of ctypes' checks.

pypdfium2's functions convert and check every argument; here they take plain addresses. The lock of the interpreter
is kept during a call (pdfium is not safe in threads anyway).
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import c_int, c_uint, c_void_p
from functools import partial
from struct import Struct
from typing import Any

import pypdfium2.raw as pdfium_c


def _direct(function: Any, result: Any, *arguments: Any) -> Any:
    address = ctypes.cast(function, c_void_p).value
    assert address is not None  # a function that was loaded has one
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


char_unicode = _direct(pdfium_c.FPDFText_GetUnicode, c_uint, c_void_p, c_int)
char_map_error = _direct(pdfium_c.FPDFText_HasUnicodeMapError, c_int, c_void_p, c_int)
char_box = _direct(pdfium_c.FPDFText_GetLooseCharBox, c_int, c_void_p, c_int, c_void_p)
char_origin = _direct(pdfium_c.FPDFText_GetCharOrigin, c_int, c_void_p, c_int, c_void_p, c_void_p)
char_object = _direct(pdfium_c.FPDFText_GetTextObject, c_void_p, c_void_p, c_int)
page_count_objects = _direct(pdfium_c.FPDFPage_CountObjects, c_int, c_void_p)
page_object = _direct(pdfium_c.FPDFPage_GetObject, c_void_p, c_void_p, c_int)
form_object = _direct(pdfium_c.FPDFFormObj_GetObject, c_void_p, c_void_p, ctypes.c_ulong)
form_count = _direct(pdfium_c.FPDFFormObj_CountObjects, c_int, c_void_p)
object_type = _direct(pdfium_c.FPDFPageObj_GetType, c_int, c_void_p)
object_matrix = _direct(pdfium_c.FPDFPageObj_GetMatrix, c_int, c_void_p, c_void_p)
object_bounds = _direct(pdfium_c.FPDFPageObj_GetBounds, c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
fill_colour = _direct(pdfium_c.FPDFPageObj_GetFillColor, c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
stroke_colour = _direct(pdfium_c.FPDFPageObj_GetStrokeColor, c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
stroke_width = _direct(pdfium_c.FPDFPageObj_GetStrokeWidth, c_int, c_void_p, c_void_p)
text_mode = _direct(pdfium_c.FPDFTextObj_GetTextRenderMode, c_int, c_void_p)
object_clip = _direct(pdfium_c.FPDFPageObj_GetClipPath, c_void_p, c_void_p)
clip_count = _direct(pdfium_c.FPDFClipPath_CountPaths, c_int, c_void_p)
clip_segments = _direct(pdfium_c.FPDFClipPath_CountPathSegments, c_int, c_void_p, c_int)
clip_segment = _direct(pdfium_c.FPDFClipPath_GetPathSegment, c_void_p, c_void_p, c_int, c_int)
path_mode = _direct(pdfium_c.FPDFPath_GetDrawMode, c_int, c_void_p, c_void_p, c_void_p)
path_count = _direct(pdfium_c.FPDFPath_CountSegments, c_int, c_void_p)
path_segment = _direct(pdfium_c.FPDFPath_GetPathSegment, c_void_p, c_void_p, c_int)
segment_point = _direct(pdfium_c.FPDFPathSegment_GetPoint, c_int, c_void_p, c_void_p, c_void_p)
segment_type = _direct(pdfium_c.FPDFPathSegment_GetType, c_int, c_void_p)
segment_closes = _direct(pdfium_c.FPDFPathSegment_GetClose, c_int, c_void_p)


class Out:
    """Memory that pdfium writes its answers into; one of each is enough.

    pdfium gets the addresses (``uint_at``, ``float_at``, ``int_at``); what it wrote is read by calling ``colour`` (four
    numbers), ``matrix`` (six), ``box`` (four), ``point`` (two), ``number`` (one; all these share the same memory) and
    ``mode`` (two). ``look`` gives the bytes of the colour and of the matrix without its shift.
    """

    def __init__(self) -> None:
        self._memory = (ctypes.c_char * 48)()
        start = ctypes.addressof(self._memory)
        self.uint_at = tuple(range(start, start + 16, 4))
        self.float_at = tuple(range(start + 16, start + 40, 4))
        self.int_at = tuple(range(start + 40, start + 48, 4))
        self.colour = self._reader("4I", 0)
        self.matrix = self._reader("6f", 16)
        self.box = self._reader("4f", 16)
        self.point = self._reader("2f", 16)
        self.number = self._reader("f", 16)
        self.mode = self._reader("2i", 40)
        self.look = self._reader("32s", 0)

    def _reader(self, what: str, at: int) -> Callable[[], Any]:
        """What reads values from a place in the memory: all of them in one call, without a ctypes object for each."""
        return partial(Struct(what).unpack_from, self._memory, at)
