"""What holds for a target beyond its own words: modality, scope and the day it is due."""

from __future__ import annotations

import re
from collections.abc import Iterator

from normalizers.dates import span_of
from normalizers.targets.spans import CLAUSE, boundary
from normalizers.targets.tokens import Number, Scan

#: A time behind one of these is what is compared with, or a name.
_ALONE = ("，", "：", ":", ",")
_COMPARING = ("较", "比", "同", "与", "“", "在", "达", "恢复")


def holds_from(scan: Scan, position: int) -> int:
    """From where on words of modality and scope hold at a position: its clause, with the one before 其中."""
    start = boundary(scan, position, CLAUSE)
    while start and scan.grammar.nested.match(scan.plain, start):
        mark = max(mark.start for mark in scan.separators if mark.end == start)
        if any(one.start == mark and one.kind == "end" for one in scan.separators):
            break
        start = boundary(scan, mark, CLAUSE)
    return start


def modality_of(scan: Scan, position: int) -> str | None:
    """The last word of modality before a position, as far as it holds."""
    found = [match[0] for match in modalities(scan, holds_from(scan, position), position)]
    return found[-1] if found else None


def modalities(scan: Scan, start: int, end: int) -> Iterator[re.Match[str]]:
    """The words of modality in a part of the text; 争取 before a thing is a verb (争取资金10亿元)."""
    grammar = scan.grammar
    for match in grammar.modality.finditer(scan.plain, start, end):
        if match[0] in grammar.words.of("verbs"):
            number = next((n for n in scan.numbers if n.start >= match.end()), None)
            goes_on = grammar.verb_start.match(scan.plain, match.end()) or grammar.leads.match(scan.plain, match.end())
            if scan.plain[: match.start()].endswith("向上") or not (goes_on or (number and number.head.binds)):
                continue
        yield match


def scope_of(scan: Scan, number: Number, metric: tuple[int, int] | None) -> str | None:
    """The words of scope of a number, joined with a blank.

    A period holds to the end of its clause, and for 其中 behind it; alone in a clause (到2027年，) it holds for the
    next one. What says how the number is counted (年均, 累计) holds for the next number only; inside the ``metric``
    it is part of its name (PM2.5年均浓度).
    """
    words = scan.grammar.words
    clause = boundary(scan, number.start, CLAUSE)
    before = [other.tail_end for other in scan.numbers if other.tail_end <= number.start and other.role == "own"]
    own = max([clause, *before])
    period = _period(scan, number.start, metric)
    others = [
        (match.start(), match[0])
        for match in scan.grammar.share.finditer(scan.plain, clause, number.start)
        if (match.start() >= own or match[0] in words.of("nested"))
        and not (metric and metric[0] < match.start() and match.end() < metric[1])
    ]
    found = sorted([*others, *([period] if period else [])])
    return " ".join(dict.fromkeys(word for _, word in found)) or None


def _period(scan: Scan, position: int, metric: tuple[int, int] | None = None) -> tuple[int, str] | None:
    """The period that holds at a position: said in its clause, or in a clause of its own before (到2027年，)."""
    own = holds_from(scan, position)
    start = own
    if own and scan.plain[own - 1] in _ALONE:
        start = boundary(scan, own - 1, CLAUSE)
    found = None
    for match in scan.grammar.period.finditer(scan.plain, start, position):
        if match.start() < own and match.end() != own - 1:
            continue
        if metric and metric[0] < match.start() and match.end() < metric[1]:
            continue
        behind = scan.plain[match.end() : match.end() + 1]
        if behind != "的" and not scan.plain[start : match.start()].endswith(_COMPARING):
            found = match.start(), match[0]
    return found


def period_of(scan: Scan, position: int) -> str | None:
    """The words of the period that holds at a position."""
    found = _period(scan, position)
    return found[1] if found else None


def due_of(scan: Scan, scope: str | None, year: int | None) -> str | None:
    """The last day that the words of scope name, where the year is known."""
    span = span_of(scope, year, scan.grammar.words.directory) if scope and year else None
    return span.last if span else None
