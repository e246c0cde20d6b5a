"""Paths in OFD's short form (GB/T 33190-2016, 9.1): ``M 0 0 L 10 0 C``."""

from __future__ import annotations

import re

from extractors.ofd.values import numbers
from extractors.pdf.painted import Matrix, Point

_POINT = r"\s*([-+]?\d+\.?\d*)\s+([-+]?\d+\.?\d*)\s*"
#: What most paths of a table are.
_LINE = re.compile(f"M{_POINT}L{_POINT}")
_OPERATOR = re.compile("([SMLQBAC])")
_MOST = 1e6
#: How many numbers follow each operator; it may stand once before several such groups.
_TAKES = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7}


def subpaths(data: str, matrix: Matrix) -> list[list[Point | None]]:
    """The points of each part of a path; None stands before a point that a curve leads to.

    A damaged path ends where it can't be followed.
    """
    a, b, c, d, e, f = matrix
    if (line := _LINE.fullmatch(data)) is not None:
        x0, y0, x1, y1 = map(float, line.groups())
        if abs(x0) + abs(y0) + abs(x1) + abs(y1) <= _MOST:
            return [[(a * x0 + c * y0 + e, b * x0 + d * y0 + f), (a * x1 + c * y1 + e, b * x1 + d * y1 + f)]]
    parts: list[list[Point | None]] = []
    before, *rest = _OPERATOR.split(data)
    if numbers(before):
        return []
    closed = False
    for operator, following in zip(rest[::2], rest[1::2], strict=True):
        values = numbers(following)
        if operator == "C":
            if parts and not closed:
                parts[-1].append(parts[-1][0])
                closed = True
            if values:
                break
            continue
        takes = _TAKES[operator]
        for last in range(takes, len(values) + 1, takes):
            x, y = values[last - 2], values[last - 1]
            point = (a * x + c * y + e, b * x + d * y + f)
            if operator in "SM" or not parts:
                parts.append([point])
            else:
                if closed:  # what follows goes on from where the closed part began
                    parts.append([parts[-1][0]])
                parts[-1] += [point] if operator == "L" else [None, point]
            closed = False
        if not values or len(values) % takes:
            break
    return parts


def extent(parts: list[list[Point | None]]) -> tuple[float, float, float, float] | None:
    """The box around the points; None without any."""
    points = [point for part in parts for point in part if point is not None]
    if not points:
        return None
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (min(xs), min(ys), max(xs), max(ys))
