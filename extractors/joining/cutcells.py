"""How the text of a cell that a page break cuts stands in its parts.

Five modes are known: in the middle of the first part, at the top of the first part, in the middle of the whole height
(so that it lands on any page, or its lines on two), in the middle of the largest part, and on every page.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter

from extractors.joining.bodies import Placed
from extractors.joining.groups import squeeze
from extractors.joining.habits import Habit

FIRST, TOP, CENTRE, LARGEST, REPEAT = range(5)
MODES = 5
#: For each mode how likely a document prints like that.
Modes = tuple[float, ...]
#: How far a text may be off its place, in points, or in parts of its line height.
_OFF, _OFF_LINES = 3.0, 0.4
#: Parts whose heights differ by no more than this are equally high, in points.
_SAME_HEIGHT = 1.0
#: Lines that a break tears apart may be off by so many times as much.
_OFF_SPLIT = 2.0
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
_HUGS = 1.0
#: Less than this is left free above the break where no further line had room, in lines.
_NO_ROOM = 1.5
#: How likely the rest of a text stands in the middle of its part, not at its top.
_RECENTRED = 0.1
#: A text that flows over a break begins no farther below the top of its part than this, in lines.
_FROM_TOP = 0.75
#: A text stands at the top of its cell when it is no farther below it than this, in lines.
_AT_TOP = 1.2
#: How likely the lines of a cut cell stand on both sides of the break, and how likely that is taken for granted
#: without geometry.
_SPLIT, _UNSEEN_SPLIT = 0.1, 0.0001


@dataclass(slots=True)
class Extent:
    """The parts of a cell as one: what it says and where that stands in its whole height.

    ``text_at`` is the part in which the text begins, ``texts`` the number of parts that say something new, ``every``
    whether all parts say the same. ``height`` and ``ink`` (top and bottom of the text, from the top of the first part)
    are None without geometry. ``own`` is how far the text stands below the middle of its own part, ``gap`` how far
    below its top, ``below`` how far above the end; ``largest`` whether no part is higher than the one with the text;
    ``loose`` at how many breaks a text does not flow over (there was room for a line before it, or the rest is out of
    place), ``recentred`` behind how many the rest stands in the middle. ``forced``: of the texts so many are in it
    because a row was cut, so that where they stand says nothing.
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
    recentred: int = 0
    forced: int = 0


_FIELDS = attrgetter(*(field.name for field in fields(Extent)))


def extent(placed: Placed, line: float) -> Extent:
    """A single part; ``line`` is the usual height of a line."""
    text, ink = squeeze(placed.cell.text), placed.cell.ink
    top, bottom = placed.top, placed.bottom
    height = None if top is None or bottom is None else bottom - top
    if top is None or bottom is None or ink is None or not text:
        at = 0 if text else None
        return Extent(1, text, text, at, int(bool(text)), bool(text), height, None, 0, 0, 0, 0, height or 0.0)
    gap, below, high = ink.top - top, bottom - ink.bottom, bottom - top
    own = (gap - below) / 2
    return Extent(1, text, text, 0, 1, True, high, (gap, high - below), own, gap, line, below, high)


def extend(before: Extent, after: Extent) -> Extent:
    """A cell with one more part."""
    line, whole = after.line, Extent(*_FIELDS(before))
    whole.parts += 1
    whole.every = before.every and after.text == before.last_text
    whole.highest = max(before.highest, after.highest)
    whole.height = None if before.height is None or after.height is None else before.height + after.height
    if not after.text:
        whole.largest = before.largest and after.highest <= before.highest + _SAME_HEIGHT
        whole.below += after.highest
        return whole
    ink = None
    if after.ink is not None and before.height is not None:
        ink = (after.ink[0] + before.height, after.ink[1] + before.height)
    whole.last_text, whole.below = after.text, after.below
    if not before.text:
        whole.text, whole.text_at, whole.texts, whole.ink = after.text, before.parts, 1, ink
        whole.own, whole.gap, whole.line = after.own, after.gap, line
        whole.largest = after.highest + _SAME_HEIGHT >= whole.highest
    elif after.text != before.last_text:
        whole.texts += 1
        whole.ink = (before.ink[0], ink[1]) if before.ink and ink else None
        at_top, in_middle = after.gap < _HUGS * line, abs(after.own) <= max(_OFF, _OFF_LINES * line)
        whole.loose += before.below >= _NO_ROOM * before.line or not (at_top or in_middle)
        whole.recentred += not at_top
    return whole


def fits(whole: Extent, habit: Habit, runs_on: bool = False, foot: bool = False) -> tuple[float, ...]:
    """For each mode how well it explains where the text of a cell stands.

    ``runs_on``: the cell may go on after its last part; ``foot``: it ends at the foot of a page, where some programs
    print whole cells like cut ones.
    """
    if whole.text_at is None or (whole.forced and whole.forced == whole.texts):
        return (1.0,) * MODES
    seen = whole.height is not None and whole.ink is not None
    flows = _UNSEEN_SPLIT
    if seen:
        flows = _SPLIT * _IMPOSSIBLE ** (2 * whole.loose) * _RECENTRED**whole.recentred
    if whole.forced:
        return (flows,) * MODES
    off = max(_OFF, _OFF_LINES * habit.line)
    stray = habit.stray if seen and habit.place else 1.0
    own = 1.0 if abs(whole.own if habit.place == "middle" else whole.gap - habit.gap) <= off else stray
    top = 1.0 if whole.gap <= _AT_TOP * habit.line else stray
    if whole.parts == 1:
        at_top = max(own, top if runs_on else _WHOLE_AT_TOP * top if foot else 0.0)
        middle = max(own, _anywhere(whole, off)) if runs_on and whole.own > 0 else own
        return (own, at_top, middle, own, own)
    if whole.every:
        return (_IMPOSSIBLE, _IMPOSSIBLE, _IMPOSSIBLE, _IMPOSSIBLE, own)
    middle = _centre(whole, runs_on, stray, off)
    if whole.texts > 1:
        flowed = flows if whole.gap <= _FROM_TOP * habit.line or not seen else flows * _IMPOSSIBLE**2
        return (flowed, flowed, middle * flows, flowed, flows * _IMPOSSIBLE)
    largest = own if whole.largest or runs_on else _IMPOSSIBLE
    if whole.text_at != 0:
        return (_IMPOSSIBLE, _IMPOSSIBLE, middle, largest, _IMPOSSIBLE)
    return (own, top, middle, largest, _IMPOSSIBLE)


def _centre(whole: Extent, runs_on: bool, stray: float, off: float) -> float:
    """How well a text stands in the middle of the whole height; of a cell that goes on, above the later middle."""
    if whole.ink is None or whole.height is None:
        return 1.0
    middle = (whole.ink[0] + whole.ink[1] - whole.height) / 2
    if abs(middle) <= off * (1 if whole.texts == 1 else _OFF_SPLIT):
        return _ENDS_HERE if runs_on else 1.0
    return max(stray, _anywhere(whole, off)) if runs_on and middle > 0 else stray


def _anywhere(whole: Extent, off: float) -> float:
    """How likely a text stands in one of all the places of its part, as exactly as others are found in theirs."""
    return min(_LATER_MIDDLE, 2 * off / max(whole.highest, 1.0))
