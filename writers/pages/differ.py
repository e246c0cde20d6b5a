"""The words in which two texts differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

#: What is never taken apart: a number, a Latin word; else single characters.
_PIECE = re.compile(r"\d+(?:[.,]\d+)*|[A-Za-z]+|.", re.DOTALL)
#: Characters from which on a stretch of both texts is shown as shared, unless it stands at the ends of both: single
#: ones meet by chance.
_LEAST = 2
#: Part of a text, and whether it stands in the other one too.
Part = tuple[str, bool]


def parts(earlier: str, later: str) -> tuple[list[Part], list[Part]]:
    """Both texts in parts; joined they are the texts again."""
    before, after = _PIECE.findall(earlier), _PIECE.findall(later)
    ends = {(0, 0), (len(before) - 1, len(after) - 1)}
    blocks = [
        block
        for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
        if len("".join(before[block.a : block.a + block.size])) >= _LEAST or (block.size and (block.a, block.b) in ends)
    ]
    return (
        list(_parts(before, [(block.a, block.size) for block in blocks])),
        list(_parts(after, [(block.b, block.size) for block in blocks])),
    )


def _parts(pieces: Sequence[str], shared: Sequence[tuple[int, int]]) -> Iterator[Part]:
    done = 0
    for start, size in shared:
        if start > done:
            yield "".join(pieces[done:start]), False
        yield "".join(pieces[start : start + size]), True
        done = start + size
    if done < len(pieces):
        yield "".join(pieces[done:]), False
