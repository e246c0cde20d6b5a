"""How the text of a cell that a page break cuts stands in its parts.

Five modes are known: in the middle of the first part, at the top of the first part, in the middle of the whole height
(so that it lands on any page, or its lines on two), in the middle of the largest part, and on every page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from extractors.joining.bodies import Placed
from extractors.joining.groups import squeeze

FIRST, TOP, CENTRE, LARGEST, REPEAT = range(5)
MODES = 5
#: For each mode how likely a document prints like that.
Modes = tuple[float, ...]
#: How far a text may be off its place, in points, or in parts of its line height.
_OFF, _OFF_LINES = 3.0, 0.4
#: How likely a structure is that its mode does not make.
_IMPOSSIBLE = 0.001
#: How well the middle of a cell that goes on explains a text below the middle of what was seen so far: the less the
#: more places there are where it could stand.
_LATER_MIDDLE = 0.2
#: How likely a cell that reaches down to the next break ends there.
_ENDS_HERE = 0.5
#: How likely the text of a whole cell stands at its top where cut ones do.
_WHOLE_AT_TOP = 0.5
#: A line hugs a page break that is no farther away than this, in lines.
_HUGS = 0.75
#: A text stands at the top of its cell when it is no farther below it than this, in lines.
_AT_TOP = 1.2
#: How likely the lines of a cut cell stand on both sides of the break, and how likely that is taken for granted
#: without geometry.
_SPLIT, _UNSEEN_SPLIT = 0.1, 0.0001


@dataclass(frozen=True, slots=True)
class Extent:
    """The parts of a cell as one: what it says and where that stands in its whole height.

    ``text_at`` is the part in which the text begins, ``texts`` the number of parts that say something new, ``every``
    whether all parts say the same. ``height`` and ``ink`` (top and bottom of the text, from the top of the first part)
    are None without geometry. ``own`` is how far the text stands below the middle of its own part, ``gap`` how far
    below its top, ``below`` how far above the end; ``largest`` whether no part is higher than the one with the text;
    ``loose`` at how many breaks the lines on both sides do not stand close to it. ``forced``: of the texts so many are
    in it because a row was cut, so that where they stand says nothing.
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
    highest: float = 0.0
    largest: bool = True
    loose: int = 0
    forced: int = 0


def extent(placed: Placed, line: float) -> Extent:
    """A single part; ``line`` is the usual height of a line."""
    text, ink = squeeze(placed.cell.text), placed.cell.ink
    top, bottom = placed.top, placed.bottom
    height = None if top is None or bottom is None else bottom - top
    if top is None or bottom is None or ink is None or not text:
        at = 0 if text else None
        return Extent(1, text, text, at, int(bool(text)), bool(text), height, None, 0.0, 0.0, 0.0, 0.0, height or 0.0)
    place = (ink.top - top, ink.bottom - top)
    own = (ink.top + ink.bottom - top - bottom) / 2
    return Extent(1, text, text, 0, 1, True, height, place, own, place[0], line, bottom - ink.bottom, bottom - top)


def extend(before: Extent, placed: Placed, line: float) -> Extent:
    """A cell with one more part."""
    after = extent(placed, line)
    height = None if before.height is None or after.height is None else before.height + after.height
    highest = max(before.highest, after.highest)
    whole = replace(before, parts=before.parts + 1, height=height, every=False, highest=highest)
    if not after.text:
        largest = before.largest and after.highest <= before.highest
        return replace(whole, below=before.below + (after.height or 0.0), largest=largest)
    ink = after.ink and before.height is not None and (after.ink[0] + before.height, after.ink[1] + before.height)
    if not before.text:
        return replace(
            whole, text=after.text, last_text=after.text, text_at=before.parts, texts=1, ink=ink or None,
            own=after.own, gap=after.gap, line=after.line, below=after.below, largest=after.highest == highest,
        )  # fmt: skip
    if after.text == before.last_text:
        return replace(whole, every=before.every)
    loose = before.loose + (before.below >= before.line or after.gap >= _HUGS * after.line)
    both = (before.ink[0], ink[1]) if before.ink and ink else None
    return replace(whole, last_text=after.text, texts=before.texts + 1, ink=both, below=after.below, loose=loose)


def fits(whole: Extent, stray: float | None, runs_on: bool = False, foot: bool = False) -> tuple[float, ...]:
    """For each mode how well it explains where the text of a cell stands.

    ``stray``: how likely a text of the column does not stand where it belongs, None when texts of whole cells do not
    stand in the middle; ``runs_on``: the cell may go on after its last part; ``foot``: it ends at the foot of a page,
    where some programs print whole cells like cut ones.
    """
    if whole.text_at is None or (whole.forced and whole.forced == whole.texts):
        return (1.0,) * MODES
    off = max(_OFF, _OFF_LINES * whole.line)
    flows = _UNSEEN_SPLIT
    if whole.height is None or whole.ink is None:
        stray = None
    else:
        flows = _SPLIT * _IMPOSSIBLE ** (2 * whole.loose)
    if whole.forced:
        return (flows,) * MODES
    off_place = 1.0 if stray is None else stray
    own = 1.0 if abs(whole.own) <= off else off_place
    top = 1.0 if whole.gap <= _AT_TOP * whole.line else off_place
    if whole.parts == 1:
        at_top = max(own, top if runs_on else _WHOLE_AT_TOP * top if foot else 0.0)
        middle = max(own, _anywhere(whole, off)) if runs_on and whole.own > 0 else own
        return (own, at_top, middle, own, own)
    if whole.texts > 1:
        return (flows, flows, _centre(whole, runs_on, stray, off) * flows, flows, flows)
    if whole.every:
        return (_IMPOSSIBLE, _IMPOSSIBLE, _IMPOSSIBLE, _IMPOSSIBLE, own)
    middle = _centre(whole, runs_on, stray, off)
    largest = own if whole.largest or runs_on else _IMPOSSIBLE
    if whole.text_at != 0:
        return (_IMPOSSIBLE, _IMPOSSIBLE, middle, largest, _IMPOSSIBLE)
    return (own, top, middle, largest, _IMPOSSIBLE)


def _centre(whole: Extent, runs_on: bool, stray: float | None, off: float) -> float:
    """How well a text stands in the middle of the whole height; of a cell that goes on, above the later middle."""
    if stray is None or whole.ink is None or whole.height is None:
        return 1.0
    middle = (whole.ink[0] + whole.ink[1] - whole.height) / 2
    if abs(middle) <= off:
        return _ENDS_HERE if runs_on else 1.0
    return max(stray, _anywhere(whole, off)) if runs_on and middle > 0 else stray


def _anywhere(whole: Extent, off: float) -> float:
    """How likely a text stands in one of all the places of its part, as exactly as others are found in theirs."""
    return min(_LATER_MIDDLE, 2 * off / max(whole.highest, 1.0))
