"""What holds for a target beyond its own words: modality, scope and the day it is due."""

from __future__ import annotations

from normalizers.dates import span_of
from normalizers.targets.roles import CLAUSE, SENTENCE, boundary
from normalizers.targets.tokens import Number, Scan

#: A time behind one of these is what is compared with, or a name.
_ALONE = ("，", "：", ":", ",")
_COMPARING = ("较", "比", "同", "与", "“", "在")


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
    found = [match[0] for match in scan.grammar.modality.finditer(scan.plain, holds_from(scan, position), position)]
    return found[-1] if found else None


def scope_of(scan: Scan, number: Number) -> str | None:
    """The words of scope of a number, joined with a blank.

    A period holds to the end of its clause, and for 其中 behind it; alone in a clause (到2027年，) it holds for the
    sentence. What says how the number is counted (年均, 累计) holds for the next number only.
    """
    words = scan.grammar.words
    clause = boundary(scan, number.start, CLAUSE)
    before = [other.tail_end for other in scan.numbers if other.tail_end <= number.start and other.role == "own"]
    own = max([clause, *before])
    period = _period(scan, number.start)
    others = [
        (match.start(), match[0])
        for match in scan.grammar.share.finditer(scan.plain, clause, number.start)
        if match.start() >= own or match[0] in words.of("nested")
    ]
    found = sorted([*others, *([period] if period else [])])
    return " ".join(dict.fromkeys(word for _, word in found)) or None


def _period(scan: Scan, position: int) -> tuple[int, str] | None:
    """The period that holds at a position: said in its clause, or in a clause of its own before (到2027年，)."""
    sentence, own = boundary(scan, position, SENTENCE), holds_from(scan, position)
    found = None
    for match in scan.grammar.period.finditer(scan.plain, sentence, position):
        alone = scan.plain[match.end() : match.end() + 1] in _ALONE
        if (match.start() >= own or alone) and not scan.plain[sentence : match.start()].endswith(_COMPARING):
            found = match.start(), match[0]
    return found


def period_of(scan: Scan, position: int) -> str | None:
    """The words of the period that holds at a position."""
    found = _period(scan, position)
    return found[1] if found else None


def due_of(scope: str | None, year: int | None) -> str | None:
    """The last day that the words of scope name, where the year is known."""
    span = span_of(scope, year) if scope and year else None
    return span.last if span else None
