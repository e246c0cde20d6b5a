"""How the text of a cell that a page break cuts stands in its parts.

Four modes are known: in the middle of the first part, at the top of the first part, in the middle of the whole height
(so that it lands on any page, or its lines on two), and on every page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from extractors.joining.bodies import Placed
from extractors.joining.groups import squeeze

FIRST, TOP, CENTRE, REPEAT = range(4)
MODES = 4
#: For each mode how likely a document prints like that.
Modes = tuple[float, ...]
#: How far a text may be off its place, in points, or in parts of its line height.
_OFF, _OFF_LINES = 3.0, 0.4
#: How likely a structure is that its mode does not make.
_IMPOSSIBLE = 0.001
#: How likely the lines of a cut cell stand on both sides of the break, and how likely that is taken for granted
#: without geometry.
_SPLIT, _UNSEEN_SPLIT = 0.1, 0.01


@dataclass(frozen=True, slots=True)
class Extent:
    """The parts of a cell as one: what it says and where that stands in its whole height.

    ``text_at`` is the part in which the text begins, ``texts`` the number of parts that say something new, ``every``
    whether all parts say the same. ``height`` and ``ink`` (top and bottom of the text, from the top of the first part)
    are None without geometry. ``own`` is how far the text stands below the middle of its own part, ``gap`` how far
    below its top; ``hugs`` whether the lines on both sides of each break stand close to it.
    """

    parts: int
    text: str
    last_text: str
    text_at: int | None
    texts: int
    every: bool
    height: float | None
    ink: tuple[float, float] | None
    own: float
    gap: float
    line: float
    below: float
    hugs: bool = True


def extent(placed: Placed) -> Extent:
    """A single part."""
    text, ink = squeeze(placed.cell.text), placed.cell.ink
    top, bottom = placed.top, placed.bottom
    height = None if top is None or bottom is None else bottom - top
    if top is None or bottom is None or ink is None or not text:
        at = 0 if text else None
        return Extent(1, text, text, at, int(bool(text)), bool(text), height, None, 0.0, 0.0, 0.0, 0.0)
    place = (ink.top - top, ink.bottom - top)
    own = (ink.top + ink.bottom - top - bottom) / 2
    line = (ink.bottom - ink.top) / (placed.cell.text.strip().count("\n") + 1)
    return Extent(1, text, text, 0, 1, True, height, place, own, place[0], line, bottom - ink.bottom)


def extend(before: Extent, placed: Placed) -> Extent:
    """A cell with one more part."""
    after = extent(placed)
    height = None if before.height is None or after.height is None else before.height + after.height
    whole = replace(before, parts=before.parts + 1, height=height, every=False)
    if not after.text:
        return replace(whole, below=before.below + (after.height or 0.0))
    ink = after.ink and before.height is not None and (after.ink[0] + before.height, after.ink[1] + before.height)
    if not before.text:
        return replace(
            whole, text=after.text, last_text=after.text, text_at=before.parts, texts=1, ink=ink or None,
            own=after.own, gap=after.gap, line=after.line, below=after.below,
        )  # fmt: skip
    if after.text == before.last_text:
        return replace(whole, every=before.every)
    hugs = before.hugs and before.below < before.line and after.gap < after.line
    both = (before.ink[0], ink[1]) if before.ink and ink else None
    return replace(whole, last_text=after.text, texts=before.texts + 1, ink=both, below=after.below, hugs=hugs)


def fits(whole: Extent, runs_on: bool, stray: float | None) -> tuple[float, ...]:
    """For each mode how well it explains where the text of a cell stands.

    ``runs_on``: the cell may go on after its last part; ``stray``: how likely a text of the column does not stand
    where it belongs, None when texts of whole cells do not stand in the middle.
    """
    if whole.text_at is None:
        return (1.0,) * MODES
    off = max(_OFF, _OFF_LINES * whole.line)
    if whole.height is None or whole.ink is None:
        stray = None
    off_place = 1.0 if stray is None else stray
    own = 1.0 if abs(whole.own) <= off else off_place
    top = 1.0 if whole.gap <= whole.line else off_place
    if whole.parts == 1:
        return (own, max(own, top) if runs_on else own, 1.0 if runs_on and whole.own > 0 else own, own)
    if whole.texts > 1:
        flows = _UNSEEN_SPLIT if stray is None else _SPLIT if whole.hugs else _IMPOSSIBLE
        return (flows, flows, _centre(whole, runs_on, stray, off) * flows, _IMPOSSIBLE)
    middle = _centre(whole, runs_on, stray, off)
    if whole.every:
        return (_IMPOSSIBLE, _IMPOSSIBLE, _IMPOSSIBLE, own)
    if whole.text_at != 0:
        return (_IMPOSSIBLE, _IMPOSSIBLE, middle, _IMPOSSIBLE)
    return (own, top, middle, _IMPOSSIBLE)


def _centre(whole: Extent, runs_on: bool, stray: float | None, off: float) -> float:
    """How well a text stands in the middle of the whole height; of a cell that goes on, above the later middle."""
    if stray is None or whole.ink is None or whole.height is None:
        return 1.0
    middle = (whole.ink[0] + whole.ink[1] - whole.height) / 2
    return 1.0 if abs(middle) <= off or (runs_on and middle > 0) else stray
