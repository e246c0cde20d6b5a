"""Numbered items of a text and the headings above them, by the marks with which they begin.

Which style of number the tasks carry is told by where those who carry them stand: each task says so once.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.plain.roles import RoleGroup
from extractors.plain.stream import Stream

_CHINESE = "[一二三四五六七八九十百]+"
#: Styles of numbers with their rank: what has a lower rank stands above what has a higher one.
STYLES: dict[str, tuple[int, re.Pattern[str]]] = {
    "一、": (0, re.compile(rf"\s*(?:({_CHINESE})\s*[、．]|第({_CHINESE})(?:部分|章|篇|大类|类)[、：:\s]?)\s*")),
    "（一）": (1, re.compile(rf"\s*[（(]\s*({_CHINESE})\s*[)）]\s*[、.．]?\s*")),
    "第1项": (
        2,
        re.compile(
            rf"\s*(?:第\s*(\d{{1,4}}|{_CHINESE})\s*[项条](?:任务)?|"
            rf"(?:任务|项目|事项)\s*(\d{{1,4}}|{_CHINESE})(?=\s*(?:[：:、．.\n]|$)))\s*[：:、．.]?\s*"
        ),
    ),
    "1.": (2, re.compile(r"\s*(\d{1,4})\s*(?:[、．]|\.(?!\d))\s*")),
    "（1）": (3, re.compile(r"\s*[（(〔\[［【]\s*(\d{1,4})\s*[)）〕\]］】]\s*[、.．]?\s*")),
    "1）": (4, re.compile(r"\s*(\d{1,4})\s*[)）]\s*")),
    "①": (5, re.compile("\\s*([\u2460-\u2473\u3251-\u325f\u32b1-\u32bf])\\s*")),
    "一是": (6, re.compile(rf"\s*({_CHINESE})是")),
}
_ENDS = "。；！？;!?.）)〕］]】：:"
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")}
#: Styles whose items may follow each other on one line.
_INLINE = ("第1项", "1.", "（1）", "1）", "①", "一是")
#: A line that ends a list: 附件2, 附件：名单, 注：…
_STOP = re.compile(r"(?:附\s*[件表]\s*\d*\s*(?:[:：][^\n]*)?|附[:：][^\n]*|注\s*\d?\s*[:：][^\n]*)$", re.MULTILINE)
#: Fewer items are no list.
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark with which an item or a heading begins, from ``start`` up to ``end``; ``printed`` is its number."""

    start: int
    end: int
    style: str
    number: int
    printed: str

    @property
    def rank(self) -> int:
        """How far below the top level its style stands."""
        return STYLES[self.style][0]


def number_of(printed: str) -> int:
    """The number that Arabic or Chinese digits or a circled number say."""
    if len(printed) == 1 and not printed.isdecimal() and printed not in _DIGITS and printed not in "十百":
        return int(unicodedata.numeric(printed))
    if printed.isdecimal():
        return int(printed)
    total = part = 0
    for char in printed:
        if char in "十百":
            total += (part or 1) * (10 if char == "十" else 100)
            part = 0
        else:
            part = _DIGITS[char]
    return total + part


def mark_at(text: str, at: int) -> Mark | None:
    """The mark that stands at an offset."""
    for style, (_, pattern) in STYLES.items():
        if (match := pattern.match(text, at)) is not None:
            printed = next(group for group in match.groups() if group)
            return Mark(at, match.end(), style, number_of(printed), printed)
    return None


def line_marks(stream: Stream) -> list[Mark]:
    """The marks with which lines begin."""
    marks = (mark_at(stream.text, start) for start in stream.starts)
    return [mark for mark in marks if mark is not None]


def stops(stream: Stream) -> list[int]:
    """Where lines begin that end a list."""
    return [start for start in stream.starts if _STOP.match(stream.text, start)]


@dataclass(frozen=True, slots=True)
class Listing:
    """The marks of the tasks and those of the headings above them, in order."""

    items: tuple[Mark, ...]
    headings: tuple[Mark, ...]


def listings(stream: Stream, marks: Sequence[Mark], groups: Sequence[RoleGroup]) -> Iterator[Listing]:
    """For each style the items that would be the tasks if it were theirs."""
    for style in STYLES:
        rank = STYLES[style][0]
        headings = tuple(mark for mark in marks if mark.rank < rank)
        items = tuple(_accepted(stream, style, marks, headings, groups))
        if len(items) >= _FEWEST:
            yield Listing(items, tuple(mark for mark in headings if _apart(mark, items)))


def runs_on(listing: Listing, marks: Sequence[Mark]) -> bool:
    """Whether finer numbers run on from one item to the next: then these are the tasks, and the items are above them.

    The points of a task begin anew in each task.
    """
    starts = [item.start for item in listing.items]
    last: dict[str, tuple[int, int]] = {}
    on = anew = 0
    for mark in marks:
        item = bisect_right(starts, mark.start)
        if item and mark.rank > listing.items[0].rank:
            before = last.get(mark.style, (item, 0))
            on += before[0] != item and mark.number == before[1] + 1
            anew += before[0] != item and mark.number == 1
            last[mark.style] = (item, mark.number)
    return on > anew


def _apart(mark: Mark, items: Sequence[Mark]) -> bool:
    return all(item.start != mark.start for item in items)


def _accepted(
    stream: Stream, style: str, marks: Sequence[Mark], headings: Sequence[Mark], groups: Sequence[RoleGroup]
) -> Iterator[Mark]:
    """The marks of a style at which an item begins.

    A line may begin with digits by chance, where a sentence was wrapped: then the number does not follow the last one
    and the text before has no end. Within a line only the next number begins an item.
    """
    own = [mark for mark in marks if mark.style == style]
    lines = {mark.start for mark in own}
    inline = [mark for mark in _inline(stream, style, groups) if mark.start not in lines] if style in _INLINE else []
    breaks = sorted([*(mark.start for mark in headings), *stops(stream)])
    last: Mark | None = None
    for mark in sorted((*own, *inline), key=lambda mark: mark.start):
        follows = last is not None and mark.number == last.number + 1
        if mark.start in lines:
            new_part = last is None or bisect_right(breaks, mark.start) > bisect_right(breaks, last.start)
            ended = stream.text[: mark.start].rstrip()[-1:] in _ENDS if not follows and not new_part else True
            if not ended:
                continue
        elif not follows:
            continue
        yield mark
        last = mark


def _inline(stream: Stream, style: str, groups: Sequence[RoleGroup]) -> Iterator[Mark]:
    """The marks within lines: behind a sentence or behind those who carry a task, and not within a bracket of these."""
    text, pattern = stream.text, STYLES[style][1]
    ends = [group.end for group in groups]
    begins = [group.start for group in groups]
    sentences = (match.end() for match in re.finditer("[。；;][”」]?", text))
    for at in sorted({*ends, *sentences}):
        inside = bisect_right(begins, at) - 1
        within = inside >= 0 and begins[inside] < at < ends[inside]
        if not within and at < len(text) and (match := pattern.match(text, at)) is not None:
            printed = next(group for group in match.groups() if group)
            yield Mark(
                match.start() + len(match[0]) - len(match[0].lstrip()), match.end(), style, number_of(printed), printed
            )
