"""The calls into pdfium that are made once for each character or object, without the cost of ctypes' checks.

pypdfium2's functions convert and check every argument. Here only an address that an earlier call gave is converted;
what stays the same over many calls is handed over as references that are made once (:func:`reference`,
:class:`Room`), and numbers as they are. That takes a third of the time. The lock of the interpreter is kept during a
call (pdfium is not safe in threads anyway).
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Iterable, Sequence
from ctypes import c_int, c_uint, c_void_p
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

#: So many answers at most are fetched in one go.
BATCH = 1024


def _direct(function: Any, result: Any, *addresses: Any) -> Any:
    """The function of a library; ``addresses`` are its first arguments that come as plain numbers.

    What follows them is a reference or a small number, which ctypes takes as it is.
    """
    address = ctypes.cast(function, c_void_p).value
    assert address is not None  # a function that was loaded has one
    return ctypes.PYFUNCTYPE(result, *addresses)(address)


# Of a text page or a page, given as a reference.
char_unicode = _direct(pdfium_c.FPDFText_GetUnicode, c_uint)
char_map_error = _direct(pdfium_c.FPDFText_HasUnicodeMapError, c_int)
char_box = _direct(pdfium_c.FPDFText_GetLooseCharBox, c_int)
char_origin = _direct(pdfium_c.FPDFText_GetCharOrigin, c_int)
char_object = _direct(pdfium_c.FPDFText_GetTextObject, c_void_p)
page_object = _direct(pdfium_c.FPDFPage_GetObject, c_void_p)
# Of a page, a form or an object, given as an address.
page_count_objects = _direct(pdfium_c.FPDFPage_CountObjects, c_int, c_void_p)
form_object = _direct(pdfium_c.FPDFFormObj_GetObject, c_void_p, c_void_p, ctypes.c_ulong)
form_count = _direct(pdfium_c.FPDFFormObj_CountObjects, c_int, c_void_p)
object_type = _direct(pdfium_c.FPDFPageObj_GetType, c_int, c_void_p)
object_matrix = _direct(pdfium_c.FPDFPageObj_GetMatrix, c_int, c_void_p)
fill_colour = _direct(pdfium_c.FPDFPageObj_GetFillColor, c_int, c_void_p)
stroke_colour = _direct(pdfium_c.FPDFPageObj_GetStrokeColor, c_int, c_void_p)
stroke_width = _direct(pdfium_c.FPDFPageObj_GetStrokeWidth, c_int, c_void_p)
text_mode = _direct(pdfium_c.FPDFTextObj_GetTextRenderMode, c_int, c_void_p)
font_size = _direct(pdfium_c.FPDFTextObj_GetFontSize, c_int, c_void_p)
object_clip = _direct(pdfium_c.FPDFPageObj_GetClipPath, c_void_p, c_void_p)
clip_count = _direct(pdfium_c.FPDFClipPath_CountPaths, c_int, c_void_p)
clip_segments = _direct(pdfium_c.FPDFClipPath_CountPathSegments, c_int, c_void_p)
clip_segment = _direct(pdfium_c.FPDFClipPath_GetPathSegment, c_void_p, c_void_p)
path_mode = _direct(pdfium_c.FPDFPath_GetDrawMode, c_int, c_void_p)
path_count = _direct(pdfium_c.FPDFPath_CountSegments, c_int, c_void_p)
path_segment = _direct(pdfium_c.FPDFPath_GetPathSegment, c_void_p, c_void_p)
segment_point = _direct(pdfium_c.FPDFPathSegment_GetPoint, c_int, c_void_p)
segment_type = _direct(pdfium_c.FPDFPathSegment_GetType, c_int, c_void_p)
segment_closes = _direct(pdfium_c.FPDFPathSegment_GetClose, c_int, c_void_p)


def address(pointer: Any) -> int:
    """Where a pointer of pypdfium2, which is none to nothing, points to."""
    value = ctypes.cast(pointer, c_void_p).value
    assert value is not None
    return value


def reference(address: int) -> Any:
    """What stands for an address in calls that are made again and again; good as long as the thing is there."""
    return ctypes.byref(ctypes.c_char.from_address(address))


def run(calls: Iterable[object]) -> None:
    """Make all calls (a ``map``), as fast as an interpreter can."""
    deque(calls, maxlen=0)


class Room:
    """Memory into which pdfium writes the answers to a batch of calls, so many values of one type to each call.

    ``places`` are the references that the calls are given: a list for each value of the answer, or one list for all
    of them where pdfium writes them in one go.
    """

    def __init__(self, kind: Any, values: int, apart: bool) -> None:
        size = np.dtype(kind).itemsize
        self._memory = (ctypes.c_char * (size * values * BATCH))()
        self._answers = np.frombuffer(memoryview(self._memory), kind).reshape(BATCH, values)
        starts = range(0, size * values, size) if apart else range(1)
        self.places: Sequence[Sequence[Any]] = [
            [ctypes.byref(self._memory, at) for at in range(start, size * values * BATCH, size * values)]
            for start in starts
        ]

    def answers(self, count: int) -> NDArray[Any]:
        """The answers to so many calls, a row for each; the next calls overwrite them."""
        return self._answers[:count]


# One of each is enough: pdfium reads one page at a time.
BOXES = Room(np.float32, 4, apart=False)
ORIGINS = Room(np.float64, 2, apart=True)
POINTS = Room(np.float32, 2, apart=True)
MATRICES = Room(np.float32, 6, apart=False)
COLOURS = Room(np.uint32, 4, apart=True)
MODES = Room(np.int32, 2, apart=True)
WIDTHS = Room(np.float32, 1, apart=True)
