"""Which pieces of lines are rulings, and how these go on where the scan shows a gap."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from extractors.pdf.content import Bools, Floats
from extractors.scan.pieces import Evidence, Pieces

#: A piece this long, in points, with nothing beside it is no stroke of any but the largest titles; where other ink is
#: beside it, it has to be longer.
_LONG, _LONGER = 34.0, 60.0
_ALL_ALONE, _ALONE = 0.9, 0.78
#: What crosses no other ruling is one when it is this long, in points.
_FREE = 110.0
#: An end is at another ruling, and two pieces are one line, within these, in points.
_MEETS, _SAME = 2.2, 1.6
#: A gap of this length is one in the print, whatever is there, in points.
_GAP = 3.6
#: Pieces that stand alone are parts of one line over such a gap, in points: no column is as narrow.
_CHAIN = 8.0
#: A gap between ends that meet nothing is bridged, and an end goes on to the next ruling, over so much, in points.
_BRIDGE, _REACH = 12.0, 12.0


def chained(own: Pieces, point: float) -> Pieces:
    """The pieces, those in a line with small gaps between them put together: dashes, and what is printed badly.

    ``solid`` counts the gaps, too. Only pieces that stand alone are: those in text are parts of characters.
    """
    alone = own.alone >= _ALONE
    rest, apart = own.take(~alone), own.take(alone)
    chains: list[list[float]] = []
    for group in _groups(apart, point):
        first = len(chains)
        for index in group:
            piece = apart.row(index)
            before = chains[-1] if len(chains) > first else None
            if before and piece[1] - before[2] <= _CHAIN * point and abs(piece[0] - before[0]) <= _SAME * point:
                chains[-1] = _together(before, piece)
            else:
                chains.append(piece)
    return Pieces.of([*(rest.row(index) for index in range(len(rest))), *chains])


def settled(level: Pieces, standing: Pieces, point: float) -> tuple[Pieces, Pieces]:
    """The pieces that are rulings; ``point`` is how many pixels a point is.

    Long ones that stand alone are; short ones where both their ends meet rulings, or where they go on from one.
    """
    pieces = (level, standing)
    sure = [_is_sure(own, point) for own in pieces]
    maybe = [~done for done in sure]
    while True:
        more = False
        for one, other in ((0, 1), (1, 0)):
            crossing = pieces[other].take(sure[other])
            own = pieces[one]
            first, last = (_meets(ends, own.at, crossing, point) for ends in (own.start, own.end))
            found = maybe[one] & ((first & last) | _goes_on(own, sure[one], point))
            sure[one] |= found
            maybe[one] &= ~found
            more = more or bool(found.any())
        if not more:
            break
    level, standing = (own.take(chosen) for own, chosen in zip(pieces, sure, strict=True))
    return level.take(_belongs(level, standing, point)), standing.take(_belongs(standing, level, point))


def joined(own: Pieces, crossing: Pieces, evidence: Evidence, point: float) -> Pieces:
    """The rulings of one direction, each line as long as it was meant to be.

    Two pieces in a line are one where the gap is small, where ink shows in it, or where one of the ends at the gap
    meets no crossing ruling: a line that is meant to end does so at another. An end that meets none goes on to one.
    """
    groups = _groups(own, point)
    result = Pieces.of([line for group in groups for line in _lines(own, group, crossing, evidence, point)])
    start = _extended(result, crossing, evidence, point, -1)
    return replace(result, start=start, end=_extended(result, crossing, evidence, point, 1))


def _groups(own: Pieces, point: float) -> list[list[int]]:
    """The indices of pieces at about the same height, each group along the line."""
    groups: list[list[int]] = []
    for index in np.argsort(own.at).tolist():
        if groups and own.at[index] - own.at[groups[-1][-1]] <= _SAME * point:
            groups[-1].append(index)
        else:
            groups.append([index])
    return [sorted(group, key=own.start.__getitem__) for group in groups]


def _is_sure(own: Pieces, point: float) -> Bools:
    lengths = own.lengths() / point
    return ((lengths >= _LONG) & (own.alone >= _ALL_ALONE)) | ((lengths >= _LONGER) & (own.alone >= _ALONE))


def _meets(ends: Floats, at: Floats, crossing: Pieces, point: float) -> Bools:
    """Whether a crossing ruling runs through each of these places, or ends there."""
    near = _MEETS * point
    meeting: Bools = (
        (np.abs(ends[:, None] - crossing.at) <= near + crossing.thickness / 2)
        & (at[:, None] >= crossing.start - near) & (at[:, None] <= crossing.end + near)
    )  # fmt: skip
    return np.asarray(meeting.any(axis=1), np.bool_)


def _goes_on(own: Pieces, sure: Bools, point: float) -> Bools:
    """Whether each goes on, behind a small gap, from one that is a ruling."""
    others = own.take(sure)
    gap = np.maximum(others.start - own.end[:, None], own.start[:, None] - others.end)
    in_line = np.abs(own.at[:, None] - others.at) <= _SAME * point
    return np.asarray((in_line & (gap <= _GAP * point) & (gap >= -point)).any(axis=1), np.bool_)


def _belongs(own: Pieces, crossing: Pieces, point: float) -> Bools:
    """Whether each meets a crossing ruling somewhere, or is too long to be anything but a ruling."""
    near = _MEETS * point
    meets = (
        (crossing.at >= own.start[:, None] - near) & (crossing.at <= own.end[:, None] + near)
        & (own.at[:, None] >= crossing.start - near) & (own.at[:, None] <= crossing.end + near)
    ).any(axis=1)  # fmt: skip
    return meets | (own.lengths() >= _FREE * point)


def _lines(own: Pieces, group: list[int], crossing: Pieces, evidence: Evidence, point: float) -> list[list[float]]:
    """The pieces of a group at one height, joined."""
    lines: list[list[float]] = []
    for index in group:
        piece = own.row(index)
        if lines and _is_one(lines[-1], piece, crossing, evidence, point):
            lines[-1] = _together(lines[-1], piece)
        else:
            lines.append(piece)
    return lines


def _is_one(before: list[float], after: list[float], crossing: Pieces, evidence: Evidence, point: float) -> bool:
    gap = after[1] - before[2]
    if gap <= _GAP * point:
        return True
    ends, heights = np.array([before[2], after[1]]), np.array([before[0], after[0]])
    if gap <= _BRIDGE * point and not _meets(ends, heights, crossing, point).all():
        return True
    return evidence.shows((before[0] + after[0]) / 2, before[2], after[1])


def _together(one: list[float], other: list[float]) -> list[float]:
    """Two pieces as one; its middle and thickness are those of both, weighed by length."""
    first, second = one[2] - one[1], other[2] - other[1]
    mean = [(a * first + b * second) / (first + second) for a, b in zip(one, other, strict=True)]
    start, end = min(one[1], other[1]), max(one[2], other[2])
    solid = min(1.0, mean[5] * (first + second) / (end - start))
    return [mean[0], start, end, mean[3], mean[4], solid]


def _extended(own: Pieces, crossing: Pieces, evidence: Evidence, point: float, direction: int) -> Floats:
    """The ends in a direction (-1 or 1), those that meet nothing moved on to the next crossing ruling.

    That is where it is near, or where ink shows on the way.
    """
    ends = (own.end if direction > 0 else own.start).copy()
    if not len(crossing):
        return ends
    near = _MEETS * point
    free = ~_meets(ends, own.at, crossing, point)
    for index in np.flatnonzero(free).tolist():
        at, end = float(own.at[index]), float(ends[index])
        away = (crossing.at - end) * direction
        spans = (at >= crossing.start - near) & (at <= crossing.end + near)
        reached = np.where(spans & (away > 0), away, np.inf)
        nearest = int(np.argmin(reached))
        goal = float(crossing.at[nearest])
        if reached[nearest] <= _REACH * point or (
            np.isfinite(reached[nearest]) and evidence.shows(at, min(end, goal), max(end, goal))
        ):
            ends[index] = goal
    return ends
