"""The characters of a straightened page, recognised by rapidocr with the models that come in its wheel.

rapidocr finds the lines and recognises each. What it is shown and how its answer is taken apart is ours: lines are cut
at rulings, characters that stand one below the other are put beside each other, and the network's answer gives every
character its place, its confidence and what else it may be.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np

from extractors.pdf.content import Floats
from extractors.scan.decode import Read, decode, placed
from extractors.scan.installed import engine_name
from extractors.scan.missed import missed
from extractors.scan.model import Glyph, Pixels, Ruling, Straight
from extractors.scan.textlines import Line, lines_of

#: Lines that the engine is less sure of than this are noise: specks, rims of seals, the edge of a rule.
_LEAST = 0.5
#: Lines are looked for on a picture whose longest side has so many pixels, and recognised on the picture itself. With
#: twice as many the same lines are found, in four times the time and the memory.
_LONGEST = 1280
#: Lines are shown this high, in pixels; so many at a time: more take longer, the shorter ones being filled up.
_HEIGHT, _BATCH = 48, 2
#: The network is given at least so many columns of pixels, and at most so many: what is wider is squeezed.
_NARROWEST, _WIDEST = 48, 3200
_PAPER = 255
#: Room around characters that are put beside each other, as a share of their size.
_ROOM = 0.15


@dataclass(frozen=True, slots=True)
class Engine:
    """rapidocr's detector of lines and its recogniser: the network and the characters that it knows."""

    detector: Any
    session: Any
    characters: tuple[str, ...]


def recognise(straight: Straight, rulings: Sequence[Ruling] = ()) -> list[Glyph]:
    """The characters of a page, line by line; white space is left out.

    ``straight`` is best given with its rulings painted over; ``rulings`` cut lines that the detector took for one.
    """
    boxes = _detected(straight.pixels)
    boxes = np.concatenate([boxes, missed(boxes, rulings, straight.pixels)])
    lines = lines_of(boxes, rulings, straight.pixels)
    answers = _read([_picture(straight.pixels, line) for line in lines])
    found: list[Glyph] = []
    for line, read in zip(lines, answers, strict=True):
        if read and np.mean([character.confidence for character in read]) >= _LEAST:
            number = found[-1].line + 1 if found else 0
            found += placed(read, line, number)
    return found


def confidence_of(pictures: Sequence[Pixels]) -> float:
    """How sure the engine is of the text of some lines (grey, h x w), 0 to 1: tells a page that is upside down."""
    values = [character.confidence for read in _read(list(pictures)) for character in read]
    return float(np.mean(values)) if values else 0.0


@cache
def engine() -> Engine:
    """The recogniser of this process: one thread, since pages are read by several processes.

    Raises ImportError where it is not installed (:func:`extractors.scan.installed.require`).
    """
    name = engine_name()
    # openvino's converter of models, which is not used here, would report its use; it does without where it can't.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    from rapidocr import EngineType, RapidOCR  # noqa: PLC0415  heavy, and an extra

    kind = EngineType.OPENVINO if name == "openvino" else EngineType.ONNXRUNTIME
    threads = "inference_num_threads" if name == "openvino" else "intra_op_num_threads"
    made = RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            f"EngineConfig.{name}.{threads}": 1,
            "Det.engine_type": kind,
            "Det.limit_type": "max",
            "Det.limit_side_len": _LONGEST,
            "Rec.engine_type": kind,
        }
    )
    cv2.setNumThreads(1)
    # The version is pinned: nothing public loads the two alone.
    load: Any = made
    recogniser = load._load_rec_model()
    return Engine(load._load_det_model(), recogniser.session, tuple(recogniser.postprocess_op.character))


def _detected(grey: Pixels) -> Floats:
    """The boxes of lines, n x 4: x0, top, x1, bottom. The page is level, and so are they."""
    found = engine().detector(np.repeat(grey[:, :, None], 3, axis=2)).boxes
    if found is None or not len(found):
        return np.empty((0, 4))
    corners = np.asarray(found, np.float64)
    return np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)


def _picture(grey: Pixels, line: Line) -> Pixels:
    """What is shown of a line: characters that stand one below the other are put beside each other."""
    if not line.stacked:
        return grey[line.top : line.bottom, line.left : line.right]
    width = line.right - line.left
    high = max(width, *(end - start for start, end in line.stacked))
    room = round(_ROOM * high)
    strip = np.full((high + 2 * room, len(line.stacked) * width), _PAPER, np.uint8)
    for index, (start, end) in enumerate(line.stacked):
        top = room + (high - (end - start)) // 2
        strip[top : top + end - start, index * width : (index + 1) * width] = grey[start:end, line.left : line.right]
    return strip


def _read(pictures: Sequence[Pixels]) -> list[list[Read]]:
    """What stands in each picture of a line."""
    answers: list[list[Read]] = [[] for _ in pictures]
    for batch in _batches(pictures):
        widths = [_width(pictures[index]) for index in batch]
        shown = np.zeros((len(batch), 3, _HEIGHT, max(_NARROWEST, *widths)), np.float32)
        for row, (index, width) in enumerate(zip(batch, widths, strict=True)):
            small = cv2.resize(pictures[index], (width, _HEIGHT))
            shown[row, :, :, :width] = small.astype(np.float32) / 127.5 - 1
        probabilities = np.asarray(engine().session(shown))
        for row, (index, width) in enumerate(zip(batch, widths, strict=True)):
            answers[index] = decode(probabilities[row], width / shown.shape[3], engine().characters)
    return answers


def _width(picture: Pixels) -> int:
    height, width = picture.shape
    return min(_WIDEST, int(np.ceil(_HEIGHT * width / height)))


def _batches(pictures: Sequence[Pixels]) -> Iterator[list[int]]:
    """Indices of pictures that are shown at once: of about the same width, since all are filled up to the widest."""
    order = sorted(range(len(pictures)), key=lambda index: _width(pictures[index]))
    for start in range(0, len(order), _BATCH):
        yield order[start : start + _BATCH]
