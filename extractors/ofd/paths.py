"""Paths in OFD's short form (GB/T 33190-2016, 9.1): ``M 0 0 L 10 0 C``."""

from __future__ import annotations

import re

from extractors.pdf.painted import Matrix, Point

_TOKEN = re.compile(r"[SMLQBAC]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
#: How many numbers follow each operator.
_TAKES = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_MOST = 1e6


def subpaths(data: str, matrix: Matrix) -> list[list[Point | None]]:
    """The points of each part of a path; None stands before a point that a curve leads to.

    A damaged path ends where it can't be followed.
    """
    a, b, c, d, e, f = matrix
    parts: list[list[Point | None]] = []
    tokens = _TOKEN.findall(data)
    at, operator, closed = 0, "", False
    while at < len(tokens):
        if tokens[at] in _TAKES:
            operator = tokens[at]
            at += 1
        takes = _TAKES.get(operator, 0)
        if operator == "C":
            if parts and parts[-1] and not closed:
                parts[-1].append(parts[-1][0])
                closed = True
            operator = ""
            continue
        values = tokens[at : at + takes]
        if not takes or len(values) < takes or any(value in _TAKES for value in values):
            break
        at += takes
        x, y = (max(-_MOST, min(_MOST, float(value))) for value in values[-2:])
        point = (a * x + c * y + e, b * x + d * y + f)
        if operator in "SM" or not parts:
            parts.append([point])
        else:
            if closed:  # what follows goes on from where the closed part began
                parts.append([parts[-1][0]])
            parts[-1] += [point] if operator == "L" else [None, point]
        closed = False
    return parts


def extent(parts: list[list[Point | None]]) -> tuple[float, float, float, float] | None:
    """The box around the points; None without any."""
    points = [point for part in parts for point in part if point is not None]
    if not points:
        return None
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (min(xs), min(ys), max(xs), max(ys))
