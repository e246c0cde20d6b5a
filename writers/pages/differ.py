"""The words in which two texts differ."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

#: A stretch that both texts share is shown as shared from this length on, or at the ends of both: single characters
#: meet by chance.
_LEAST = 2
#: Part of a text, and whether it stands in the other one too.
Part = tuple[str, bool]


def parts(earlier: str, later: str) -> tuple[list[Part], list[Part]]:
    """Both texts in parts; joined they are the texts again."""
    found = SequenceMatcher(None, earlier, later, autojunk=False).get_matching_blocks()
    ends = {(0, 0), (len(earlier) - 1, len(later) - 1)}
    blocks = [block for block in found if block.size >= _LEAST or (block.size and (block.a, block.b) in ends)]
    return (
        list(_parts(earlier, [(block.a, block.size) for block in blocks])),
        list(_parts(later, [(block.b, block.size) for block in blocks])),
    )


def _parts(text: str, shared: list[tuple[int, int]]) -> Iterator[Part]:
    done = 0
    for start, size in shared:
        if start > done:
            yield text[done:start], False
        yield text[start : start + size], True
        done = start + size
    if done < len(text):
        yield text[done:], False
