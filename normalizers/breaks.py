"""Line breaks inside of a cell: which separate its entries, and which are mere wraps.

A cell's lines are the pieces of its entries. Which pieces make one entry is decided by what the entries would say:
every way to put the pieces together has its costs, and the cheapest one counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from normalizers.text import HAN

#: Stands in a marked text for a break that separates; a plain line break may be a wrap.
SURE = "\u2029"
#: Pieces that one entry may have at most: names of organisations take up to five lines in narrow columns.
_MAX_PIECES = 7
NEVER = float("inf")
_BLANKS = re.compile(r"\s+")
#: A line that is one word of two or three characters, spread out with blanks.
_SPREAD = re.compile(rf"[{HAN}](?:\s+[{HAN}]){{1,2}}")
_OPENING, _CLOSING = "（(〔［[【", "）)〕］]】"


@lru_cache(maxsize=4096)
def marked(text: str, wraps: tuple[int, ...] | None) -> str:
    """The text with each white space turned into SURE where it separates and into a line break where it may not.

    ``wraps`` are the offsets of the line breaks that may be wraps. None: it is not known how the text was set, and a
    blank may be what is left of a break. Where every line is one spread word (秦　海), blanks separate nothing.
    """
    if wraps is None:
        return _BLANKS.sub("\n", text.strip())

    # Where another line is no such word, its halves may stand on two lines (王 旭 / 锋) or in one (旭锋 / 江 / 文亭).
    is_spread = all(_SPREAD.fullmatch(line.strip()) for line in text.split("\n") if line.strip())

    def mark(match: re.Match[str]) -> str:
        if is_spread and "\n" not in match[0]:
            return ""
        breaks = [at for at in range(match.start(), match.end()) if text[at] == "\n"]
        return "\n" if breaks and all(at in wraps for at in breaks) else SURE

    return _BLANKS.sub(mark, text.strip(SURE)) if text == text.strip() else marked(*_stripped(text, wraps))


def _stripped(text: str, wraps: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """A text without white space around it, and its wraps."""
    cut = len(text) - len(text.lstrip())
    return text.strip(), tuple(at - cut for at in wraps)


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of a text, and for each but the last whether a sure break stands behind it."""

    texts: tuple[str, ...]
    sure: tuple[bool, ...]


def pieces_of(parts: Sequence[str]) -> Pieces:
    """The pieces of a text that was split at its sure breaks."""
    texts: list[str] = []
    sure: list[bool] = []
    for part in parts:
        own = part.split()
        if not own:
            continue
        if texts:
            sure.append(True)
        sure += [False] * (len(own) - 1)
        texts += own
    return _with_whole_brackets(texts, sure)


def _with_whole_brackets(texts: Sequence[str], sure: Sequence[bool]) -> Pieces:
    """The pieces with those put together that stand in one bracket: no entry ends before its bracket does."""
    whole: list[str] = []
    breaks: list[bool] = []
    at = 0
    while at < len(texts):
        end = _closed(texts, at)
        whole.append("".join(texts[at:end]))
        breaks += sure[end - 1 : end]
        at = end
    return Pieces(tuple(whole), tuple(breaks))


def _closed(texts: Sequence[str], start: int) -> int:
    """Behind which piece the brackets are closed that the piece at ``start`` opens; its own end where none does it."""
    depth = 0
    for at in range(start, min(len(texts), start + _MAX_PIECES)):
        depth += sum(map(texts[at].count, _OPENING)) - sum(map(texts[at].count, _CLOSING))
        if depth <= 0:
            return at + 1
    return start + 1


@dataclass(frozen=True, slots=True)
class Reading:
    """How pieces are put together: the entries with their pieces, and by how much the next best way is worse."""

    entries: tuple[tuple[str, ...], ...]
    margin: float


def read_pieces(texts: Sequence[str], cost: Callable[[int, int], float]) -> Reading:
    """The cheapest way to put pieces together in their order.

    ``cost`` gives what the pieces from one index to before another cost as one entry.
    """
    best: list[list[tuple[float, tuple[int, ...]]]] = [[(0.0, ())]]
    for end in range(1, len(texts) + 1):
        ways: list[tuple[float, tuple[int, ...]]] = []
        for start in range(max(0, end - _MAX_PIECES), end):
            own = cost(start, end)
            if own < NEVER:
                ways += [(before + own, (*cuts, start)) for before, cuts in best[start]]
        # Of ways that cost the same the one with more entries counts.
        best.append(sorted(ways, key=lambda way: (round(way[0], 6), -len(way[1]), way[1]))[:2])
    first, *rest = best[-1]
    cuts = (*first[1], len(texts))
    entries = tuple(tuple(texts[a:b]) for a, b in pairwise(cuts))
    return Reading(entries, rest[0][0] - first[0] if rest else NEVER)
