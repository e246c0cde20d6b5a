"""Which column each of some lines belongs to, when only their order and their kinds tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.plain.kinds import Column, Kind

_NEVER = float("-inf")
#: What it costs to read a line as the rest of the cell above: where nothing else tells, cells stand on one line each.
_REST_COST = 0.03
#: Placings whose lines suit their columns equally well, but for this much a line, are equally good.
_TIE = 0.2


@dataclass(slots=True)
class Placing:
    """The columns in their order, and the one with whose cell a row begins."""

    columns: list[Column]
    key: int
    #: Whether each text is a whole cell, so that a column takes one of them only (labels have several levels).
    whole: bool = False
    #: The kinds of columns of which that is known.
    whole_kinds: frozenset[Kind] = frozenset()

    def takes_one(self, col: int) -> bool:
        """Whether a column takes one text only."""
        kind = self.columns[col].kind
        return kind in self.whole_kinds or (self.whole and kind != "label")


def place_lines(
    lines: Sequence[str], placing: Placing, opening: bool = False, last: bool = False
) -> list[tuple[int, int | None]]:
    """For each line its column and another one that suits as well, if any; those of the next row are -1 - column.

    The first line is in the key column. Columns follow each other in their order; those before the key are the next
    row's. ``opening``: the lines stand before the first row; ``last``: no row follows.
    """
    n, key = len(placing.columns), placing.key
    order = list(range(key)) if opening else [*range(key, n), *([] if last else [-1 - col for col in range(key)])]
    if opening:
        order = order or [0]
    fit = [[placing.columns[col if col >= 0 else -1 - col].suits(line) for col in order] for line in lines]
    if not opening and lines:
        fit[0] = [1.0] + [_NEVER] * (len(order) - 1)
    single = [placing.takes_one(col if col >= 0 else -1 - col) for col in order]
    before, chosen = _best(fit, single)
    behind, _ = _best([row[::-1] for row in fit[::-1]], single[::-1])
    found: list[tuple[int, int | None]] = []
    for index, at in enumerate(chosen):
        total = before[index][at] + behind[len(lines) - 1 - index][len(order) - 1 - at] - fit[index][at]
        rival = None
        for other in range(len(order)):
            if other == at or fit[index][other] == _NEVER:
                continue
            score = before[index][other] + behind[len(lines) - 1 - index][len(order) - 1 - other] - fit[index][other]
            if total - score < _TIE:
                rival = order[other]
                break
        found.append((order[at], rival))
    return found


def _best(fit: Sequence[Sequence[float]], single: Sequence[bool]) -> tuple[list[list[float]], list[int]]:
    """For each line and place in the order the best sum up to there, and the best places of all lines.

    Lines of one column follow each other; ``single`` are the places that take one line only.
    """
    sums: list[list[float]] = []
    came: list[list[int]] = []
    for index, row in enumerate(fit):
        own: list[float] = []
        origin: list[int] = []
        for at, value in enumerate(row):
            if index == 0:
                own.append(value)
                origin.append(-1)
                continue
            options = [*sums[index - 1][:at], _NEVER if single[at] else sums[index - 1][at] - _REST_COST]
            best = max(range(len(options)), key=lambda place: (options[place], place))
            own.append(options[best] + value)
            origin.append(best)
        sums.append(own)
        came.append(origin)
    if not sums:
        return sums, []
    at = max(range(len(sums[-1])), key=lambda place: (sums[-1][place], -place))
    chosen = [at]
    for index in range(len(fit) - 1, 0, -1):
        at = came[index][at]
        chosen.append(at)
    return sums, chosen[::-1]
