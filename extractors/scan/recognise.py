"""The characters of a straightened page, recognised by rapidocr with the models that come in its wheel.

The engine is made once for each process; it needs no network. Its boxes of characters come from the recognition network
itself, so that they are as exact as a third of a character.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from extractors.scan.model import Glyph, Pixels, Straight

#: What is missing where a scan can't be read, and what to do about it.
MISSING = "reading scans needs the extra scan (rapidocr and openvino), which is not installed"
MISSING_ADVICE = "Run make setup, or: pip install 'fenjie[scan]'"
#: Lines that the engine is less sure of than this are noise: specks, rims of seals, the edge of a rule.
_LEAST = 0.5
#: The longest side, in pixels, of what is looked at at once: A4 at 200 dpi has 2339.
_LONGEST = 2400
#: Corners of a box as the engine gives them: four points, clockwise from the top left.
_Corners = Sequence[Sequence[float]]


class EngineMissingError(Exception):
    """The recogniser is not installed; the message says what is missing."""


def is_installed() -> bool:
    """Whether scans can be read here."""
    return find_spec("rapidocr") is not None and _engine_name() is not None


def recognise(straight: Straight) -> list[Glyph]:
    """The characters of a page, line by line; white space is left out.

    Raises :class:`EngineMissingError` where the recogniser is not installed.
    """
    found = engine()(_three_channels(straight.pixels), use_cls=False)
    if found.txts is None or found.word_results is None:
        return []
    return [glyph for line in found.word_results for glyph in _glyphs(line)]


def confidence_of(pixels: Pixels) -> float:
    """How sure the engine is of the text of some lines, 0 to 1: tells a page that is upside down.

    ``pixels`` are grey, h x w. Raises :class:`EngineMissingError`.
    """
    found = engine()(_three_channels(pixels), use_cls=False)
    scores = found.scores or ()
    weights = [len(text) for text in found.txts or ()]
    return float(np.average(scores, weights=weights)) if scores and sum(weights) else 0.0


@cache
def engine() -> Any:
    """The recogniser of this process: one thread, since pages are read by several processes."""
    name = _engine_name()
    if name is None or find_spec("rapidocr") is None:
        raise EngineMissingError(MISSING)
    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    from rapidocr import EngineType, RapidOCR  # noqa: PLC0415  heavy, and an extra

    kind = EngineType.OPENVINO if name == "openvino" else EngineType.ONNXRUNTIME
    threads = "inference_num_threads" if name == "openvino" else "intra_op_num_threads"
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.text_score": _LEAST,
            "Global.max_side_len": _LONGEST,
            "Global.return_word_box": True,
            "Global.return_single_char_box": True,
            "Global.use_cls": False,
            f"EngineConfig.{name}.{threads}": 1,
            "Det.engine_type": kind,
            "Cls.engine_type": kind,
            "Rec.engine_type": kind,
        }
    )


def _engine_name() -> str | None:
    return next((name for name in ("openvino", "onnxruntime") if find_spec(name) is not None), None)


def _three_channels(grey: Pixels) -> Pixels:
    return np.repeat(grey[:, :, None], 3, axis=2)


def _glyphs(line: Sequence[tuple[str, float, _Corners]]) -> Iterator[Glyph]:
    for text, confidence, corners in line:
        xs, ys = [point[0] for point in corners], [point[1] for point in corners]
        if text.strip():
            yield Glyph(text, float(min(xs)), float(min(ys)), float(max(xs)), float(max(ys)), float(confidence))
