"""What holds for a target beyond its own words: modality, scope and the day it is due."""

from __future__ import annotations

from normalizers.dates import span_of
from normalizers.targets.roles import CLAUSE, SENTENCE, boundary
from normalizers.targets.tokens import Number, Scan

#: A time behind one of these is what is compared with, or a name.
_COMPARING = ("较", "比", "同", "与", "“", "在")


def modality_of(scan: Scan, position: int) -> str | None:
    """The last word of modality before a position in its clause."""
    start = boundary(scan, position, CLAUSE)
    found = [match[0] for match in scan.grammar.modality.finditer(scan.plain, start, position)]
    return found[-1] if found else None


def scope_of(scan: Scan, number: Number) -> str | None:
    """The words of scope of a number, joined with a blank.

    A period holds from where it stands on to the end of the sentence or to the next period; what says how the number is
    counted (其中, 年均, 累计) holds for the next number only.
    """
    words = scan.grammar.words
    sentence, clause = boundary(scan, number.start, SENTENCE), boundary(scan, number.start, CLAUSE)
    before = [other.tail_end for other in scan.numbers if other.tail_end <= number.start and other.role == "own"]
    own = max([clause, *before])
    period: tuple[int, str] | None = None
    others: list[tuple[int, str]] = []
    for match in scan.grammar.scope.finditer(scan.plain, sentence, number.start):
        if match[0] in words.of("shares") or match[0] in words.of("nested"):
            if match.start() >= own or (match[0] in words.of("nested") and match.start() >= clause):
                others.append((match.start(), match[0]))
        elif not scan.plain[sentence : match.start()].endswith(_COMPARING):
            period = (match.start(), match[0])
    found = sorted([*others, *([period] if period else [])])
    return " ".join(dict.fromkeys(word for _, word in found)) or None


def period_of(scan: Scan, position: int) -> str | None:
    """The period before a position in its sentence."""
    sentence = boundary(scan, position, SENTENCE)
    found = None
    for match in scan.grammar.period.finditer(scan.plain, sentence, position):
        if not scan.plain[sentence : match.start()].endswith(_COMPARING):
            found = match[0]
    return found


def due_of(scope: str | None, year: int | None) -> str | None:
    """The last day that the words of scope name, where the year is known."""
    span = span_of(scope, year) if scope and year else None
    return span.last if span else None
