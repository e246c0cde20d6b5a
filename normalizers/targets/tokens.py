"""The tokens of a text: its numbers, each with the words before and behind it that bind it, and its separators."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from normalizers.records import Change, Comparator
from normalizers.targets.grammar import Grammar
from normalizers.targets.numbers import HALF_WIDTH, number_of

Form = Literal["plain", "zero", "rank", "multiple", "share"]
#: What becomes of a number: a target of its own, part of the condition on something counted, where a change starts
#: from, a sum of what is named before it, something reached already, or nothing that can be told.
Role = Literal["own", "condition", "baseline", "sum", "reached", "none"]
#: As far before a number its unit may stand in brackets.
_NEAR = 12
_NUMBERS = frozenset({"number", "hannum", "zero", "rank", "doubled", "share", "implied"})
_SEPARATORS = frozenset({"end", "comma", "list", "open", "close"})


@dataclass(slots=True)
class Head:
    """The words right before a number, from ``start`` on: 力争全年增长不低于 is modality, scope, change and bound."""

    start: int
    change: Change | None = None
    level: bool = False
    ceiling: bool = False
    bound: Comparator | None = None
    distributive: bool = False
    #: The last of its words, which may be a verb that the metric takes (完成120亿元投资).
    last: str = ""

    @property
    def binds(self) -> bool:
        """Whether the words make a commitment of any number that follows them."""
        return bool(self.change or self.level or self.ceiling or self.bound)


@dataclass(slots=True)
class Number:
    """A number of the text: its own characters with the unit, and to ``tail_end`` those with 以上."""

    start: int
    end: int
    form: Form
    value: Decimal
    upper: Decimal | None
    unit: str | None
    bound: Comparator | None
    head: Head
    tail: Comparator | None
    tail_end: int
    #: The unit as the text prints it, where that is not ``unit`` (％).
    printed: str | None
    role: Role = "own"
    baseline: Decimal | None = None
    #: The range was said with 至 or 到, so that 从 before it makes its first number a baseline.
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Separator:
    """A mark that parts a text: ``end`` of a sentence, ``comma`` (with the colon), ``list`` (、), open or close."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Scan:
    """A text with its tokens. ``plain`` is the text with digits and letters of half width, of the same length."""

    text: str
    plain: str
    numbers: tuple[Number, ...]
    separators: tuple[Separator, ...]
    #: Where the separators begin and end.
    separator_starts: tuple[int, ...]
    separator_ends: tuple[int, ...]
    grammar: Grammar


def scan(text: str, grammar: Grammar) -> Scan:
    """The tokens of a text. Years, names, grades and the like are none: they stay part of the words around them."""
    plain = text.translate(HALF_WIDTH)
    backwards = plain[::-1]
    numbers: list[Number] = []
    separators: list[Separator] = []
    done = 0
    position = 0
    while match := grammar.token.search(plain, position):
        if _is_no_range(match, grammar):  # 提高0.5个百分点至25.3%
            match = grammar.token.match(plain, match.start(), match.end("first_unit")) or match
        position = match.end()
        kind = match.lastgroup or ""
        if kind in _SEPARATORS:
            separators.append(Separator(match.start(), match.end(), kind))
            done = match.end()
        elif kind in _NUMBERS and (number := _number(text, plain, backwards, match, done, grammar)):
            numbers.append(number)
            done = number.tail_end
    starts, ends = tuple(mark.start for mark in separators), tuple(mark.end for mark in separators)
    return Scan(text, plain, tuple(numbers), tuple(separators), starts, ends, grammar)


def _is_no_range(match: re.Match[str], grammar: Grammar) -> bool:
    """Whether what looks like a range has two kinds of units: then it is two numbers."""
    first, last = match["first_unit"], match["last_unit"]
    if not (first and last) or first == last:
        return False
    here, there = grammar.words.units.base(first), grammar.words.units.base(last)
    return here is None or there is None or here[0] != there[0]


def _number(text: str, plain: str, backwards: str, match: re.Match[str], done: int, grammar: Grammar) -> Number | None:
    """The number of a match with the words around it, none of them before ``done``; None where it is no number."""
    kind = match.lastgroup or ""
    read = _read(match, kind, grammar)
    if read is None:
        return None
    form, value, upper, unit, bound = read
    head = _head(plain, backwards, match.start(), done, grammar)
    if kind == "implied" and not (head.bound or head.level):
        return None
    if match["half"] == "减半":
        head.change = "decrease"
    end = match.end() - len(match[0]) + len(match[0].rstrip())
    if unit is None and form == "plain":
        named = grammar.bracketed.search(plain, max(0, head.start - _NEAR), head.start)
        unit = named[1] if named else None
    tail = grammar.tail.match(plain, end)
    return Number(
        match.start(),
        end,
        form,
        value,
        upper,
        unit,
        bound,
        head,
        tail=grammar.tails[tail[1]] if tail else None,
        tail_end=tail.end() if tail else end,
        printed=text[end - len(unit) : end] if unit and plain.endswith(unit, 0, end) else unit,
        joined="至" in match[0] or "到" in match[0],
    )


_Read = tuple[Form, Decimal, Decimal | None, str | None, Comparator | None]


def _read(match: re.Match[str], kind: str, grammar: Grammar) -> _Read | None:
    """Form, value, upper, unit and bound of a match, None where it is no number."""
    if kind == "zero":
        return "zero", Decimal(0), None, None, None
    if kind == "rank":
        return _rank(match)
    if kind == "doubled":
        times = number_of(match["double"] or "一")
        return ("multiple", 2 ** (times or Decimal(1)), None, "倍", None)
    if kind == "share":
        return _share(match)
    if kind == "implied":  # 突破万亿元
        return "plain", Decimal(1), None, match[0], None
    return _plain(match, grammar)


def _rank(match: re.Match[str]) -> _Read | None:
    value = number_of(match["top"] or match["place"] or match["first_place"])
    if value is None:
        return None
    bound: Comparator | None = "at_most" if match["top"] else None
    unit = match["place_unit"] or (match["top_unit"] if match["top_unit"] != "强" else None)  # 百强 is a list, no unit
    return "rank", value, None, unit, bound


def _share(match: re.Match[str]) -> _Read | None:
    if match["half"]:
        return "share", Decimal(50), None, "%", "more_than" if match["half"] == "过半" else None
    if match["tenths"]:
        tenths, half = number_of(match["tenths"]), number_of(match["half_tenth"] or "0")
        return ("share", tenths * 10 + (half or 0), None, "%", None) if tenths is not None else None
    parts, of = number_of(match["parts"]), number_of(match["of"])
    if not parts or of is None:
        return None
    return "share", (of * 100 / parts).quantize(Decimal("0.01")).normalize() + 0, None, "%", None


def _plain(match: re.Match[str], grammar: Grammar) -> _Read | None:
    groups = match.groupdict()
    if groups["near"]:  # 二三十家
        return _near(groups)
    first = groups["value"] or groups["first"] or groups["han"] or groups["han_first"]
    value = number_of(first or "")
    last = groups["last"] or groups["han_last"]
    upper = number_of(last) if last else None
    if value is None or (last and upper is None):
        return None
    unit = groups["unit"] or groups["last_unit"] or groups["han_unit"]
    if groups["scale"]:
        unit = groups["scale"] + (unit or "")
    if upper is not None:
        own = groups["first_unit"]
        if own and own != unit:
            here, there = grammar.words.units.base(own), grammar.words.units.base(unit)
            if here is None or there is None or here[0] != there[0]:
                return None
            value = value * here[1] / there[1]
        if upper <= value and not (groups["first_unit"] or unit == "%"):
            return None
    more = groups["more1"] or groups["more2"] or groups["han_more"]
    times = unit is not None and grammar.words.units.split(unit)[1] == "倍"
    return "multiple" if times else "plain", value, upper, unit, "more_than" if more else None


def _near(groups: Mapping[str, str | None]) -> _Read | None:
    """二三十家: two neighbouring numbers make a range."""
    times = groups["near_times"] or ""
    low, high = number_of((groups["near"] or "") + times), number_of((groups["next"] or "") + times)
    if low is None or high is None or not low < high:
        return None
    return "plain", low, high, groups["han_unit"], None


def _head(plain: str, backwards: str, start: int, done: int, grammar: Grammar) -> Head:
    """The words right before the character ``start``, none of them before ``done``."""
    match = grammar.head.match(backwards, len(plain) - start)
    first = max(start - (len(match[0]) if match else 0), done)
    head = Head(first + len(plain[first:start]) - len(plain[first:start].lstrip()))
    words = grammar.words
    for found in grammar.head_word.finditer(plain, first, start):
        word = found[0]
        head.last = word
        if word in grammar.bounds:
            head.bound = grammar.bounds[word]
        elif word in words.of("ceilings"):
            head.ceiling = True
        elif word in words.of("levels"):
            head.level = word != "为" or found.start() > done
        elif word in words.of("distributive"):
            head.distributive = True
        elif word in grammar.changes:
            head.change = grammar.changes[word]
        elif word[:-1] in grammar.changes:
            head.change, head.level = grammar.changes[word[:-1]], True
    return head
