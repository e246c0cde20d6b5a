"""Parts of a text: clauses, what stands left and right of a number, the thing that is named behind it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from normalizers.targets.tokens import Number, Scan

#: Separators at which a part ends: any of them, those of clauses, those of sentences.
ANY = frozenset({"end", "comma", "list", "open", "close"})
CLAUSE = frozenset({"end", "comma", "open", "close"})
SENTENCE = frozenset({"end"})
#: What joins the members of a list (not the 及 of 惠及, the 与 of 参与).
AND = re.compile(r"、|以及|(?<![调平饱])和(?![谐平])|(?<![惠普涉波])及|(?<!参)与")
OF = "的"
HAN = re.compile(r"[一-鿿“]")
_CONNECTS = re.compile(r"或|和|及|与|以及|等|并|且|至|到")
#: What is done, in quotes behind the thing: 240家企业“智改数转”.
_DOING = re.compile(r"(?<=[一-鿿])“[^”]+”$")


def boundary(scan: Scan, position: int, kinds: frozenset[str]) -> int:
    """Where the part of the text begins in which a position stands: behind the last separator of these kinds."""
    for n in range(bisect_right(scan.separator_ends, position) - 1, -1, -1):
        if scan.separators[n].kind in kinds:
            return scan.separators[n].end
    return 0


def boundary_behind(scan: Scan, position: int, kinds: frozenset[str]) -> int:
    """Where the part of the text ends in which a position stands."""
    for n in range(bisect_left(scan.separator_starts, position), len(scan.separators)):
        if scan.separators[n].kind in kinds:
            return scan.separators[n].start
    return len(scan.text)


def right_of(scan: Scan, number: Number) -> str:
    """What stands behind a number up to the next separator, or to the next number and its words."""
    end = boundary_behind(scan, number.tail_end, ANY)
    following = [other.head.start for other in scan.numbers if other.start >= number.tail_end and other is not number]
    return scan.plain[number.tail_end : max(min([end, *following]), number.tail_end)]


def left_of(scan: Scan, number: Number, kinds: frozenset[str] = ANY) -> str:
    """What stands before a number and its words, from the last separator or number on."""
    start = boundary(scan, number.head.start, kinds)
    before = [other.tail_end for other in scan.numbers if other.tail_end <= number.head.start and other is not number]
    return scan.plain[max([start, *before]) : number.head.start]


def noun_of(scan: Scan, number: Number) -> str:
    """The thing that is named right behind a number, with its conditions (983部电梯, 21个总投资超30亿元的项目)."""
    start = number.tail_end
    end = boundary_behind(scan, start, ANY)
    numbers = {number.head.start for number in scan.numbers}
    levels = scan.grammar.words.of("delegated", "levels")
    while scan.plain[end : end + 1] == "、" and scan.plain[start:end] in levels and end + 1 not in numbers:
        end = boundary_behind(scan, end + 1, ANY)  # 20个省、市重大项目
    taken = [n.head.start for n in scan.numbers if n.start >= start and n.role not in ("condition", "none")]
    return thing_in(scan, scan.plain[start : max(start, min([end, *taken]))])


def thing_in(scan: Scan, text: str) -> str:
    """The thing that a text begins with; empty where it goes on with what is done, or with another number."""
    grammar = scan.grammar
    text = text.strip().removeprefix(OF)
    if not text or not (HAN.match(text) or text[0].isalnum()) or _CONNECTS.match(text):
        return ""
    if grammar.predicate.match(text) or grammar.modality.match(text):
        return ""
    cut = grammar.predicate.search(text, 1)
    text = text[: cut.start()] if cut else text
    return _DOING.sub("", text)


def parts_of(text: str, count: int) -> list[tuple[int, int]]:
    """The parts of a list of so many names, as spans; none where it has another number of names."""
    for pattern in ("、", AND):
        spans, low = [], 0
        for match in re.finditer(pattern, text):
            spans.append((low, match.start()))
            low = match.end()
        spans.append((low, len(text)))
        if len(spans) == count > 1 and all(text[a:b].strip() for a, b in spans):
            return spans
    return []
