"""What each number of a text is there for: a commitment, a condition, a baseline, a sum, something reached."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from normalizers.targets.spans import AND, ANY, CLAUSE, HAN, OF, boundary, boundary_behind, left_of, right_of, thing_in
from normalizers.targets.tokens import Number, Scan

_FROM = re.compile(r"(?:从|由)[^，。；：、从由]{0,12}$")
_JOINED = re.compile(r"\s*(?:(?:或者?|和|及|以及|与|、|且)[^，。；：]{0,8}|/|至|到)\s*")


def assign(scan: Scan, year: int | None) -> None:
    """Set the role of every number (and the baseline of those that have one)."""
    numbers = scan.numbers
    for number in numbers:
        if not _can_stand(scan, number):
            number.role = "none"
    _baselines(scan)
    _in_metrics(scan)
    for place in range(len(numbers) - 1, -1, -1):
        if numbers[place].role == "own" and _is_condition(scan, place):
            numbers[place].role = "condition"
    for place, number in enumerate(numbers):
        if number.role == "own" and _sums_up(scan, place):
            number.role = "sum"
        elif number.role == "own" and _is_reached(scan, number, year):
            number.role = "reached"


def _can_stand(scan: Scan, number: Number) -> bool:
    """Whether a number can be a commitment or a condition at all: it has a unit, or words that bind it."""
    units, text = scan.grammar.words.units, scan.plain
    if scan.plain.startswith(scan.grammar.words.of("frames"), boundary(scan, number.start, CLAUSE)):
        return False
    if number.form in ("zero", "rank", "share", "multiple"):
        return True
    if number.unit is None:
        behind = text[number.tail_end : number.tail_end + 1]
        return (number.head.binds and not behind.isalnum()) or (
            _counted_without_unit(scan, number) and not behind.isalnum()
        )
    if units.is_weak(number.unit):
        return number.head.binds or bool(scan.grammar.measured_end.search(left_of(scan, number)))
    if not text[number.start].isdigit():
        return _han_counts(scan, number)
    return not (units.is_count(number.unit) and _names_kinds(scan, number))


def _counted_without_unit(scan: Scan, number: Number) -> bool:
    """新增停车泊位500: a verb, a thing, and a whole number that ends the clause (新政2.0 is a version)."""
    if "." in scan.plain[number.start : number.end]:
        return False
    left = left_of(scan, number)
    verb = scan.grammar.verb_start.match(left)
    ends = number.tail_end == boundary_behind(scan, number.tail_end, ANY)
    return bool(verb and len(left) > len(verb[0]) and ends and HAN.search(left[-1:]))


def _han_counts(scan: Scan, number: Number) -> bool:
    """Whether a Chinese numeral counts things: a small one may be an article, name kinds, or belong to a name."""
    units, text = scan.grammar.words.units, scan.plain
    if text[number.start] in "百千" and number.value in (100, 1000) and not (number.head.binds or number.bound):
        return False  # 百里画廊, 千亩花海
    if not units.is_count(number.unit):
        return True
    if number.head.binds or number.bound or number.tail:
        return text[number.start] != "一" or number.value > 9 or number.head.binds
    if _names_kinds(scan, number):
        return False
    left, right = left_of(scan, number), right_of(scan, number)
    words = scan.grammar.words
    if any(right.endswith(word) and len(right) <= 6 for word in words.of("programmes")) and number.value < 20:
        return False
    if text[number.start] == "一" and number.value == 1:
        return left.endswith(words.of("one_verbs")) or (not right and bool(left))
    return True


def _names_kinds(scan: Scan, number: Number) -> bool:
    """Three sides, two “ends”: no things that are counted."""
    right = scan.plain[number.tail_end : number.tail_end + 6]
    if right.startswith(scan.grammar.words.of("kinds")):
        return True
    return not scan.plain[number.start].isdigit() and right.startswith(("“", "‘", '"'))


def _baselines(scan: Scan) -> None:
    """从380元提高至1000元: the first number is where the second starts from."""
    for number, following in pairwise(scan.numbers):
        if following.head.start > number.tail_end or not (following.head.level or following.head.change):
            continue
        if _FROM.search(left_of(scan, number) + scan.plain[number.head.start : number.start]):
            number.role = "baseline"
            if number.unit is None or number.unit == following.unit:
                following.baseline = number.value
    for number in scan.numbers:
        before = left_of(scan, number) + scan.plain[number.head.start : number.start]
        if number.upper is not None and number.joined and _FROM.search(before):
            number.baseline, number.value, number.upper = number.value, number.upper, None


def _in_metrics(scan: Scan) -> None:
    """公交站点500米覆盖率达到100%: the first number is part of the name of what the second measures."""
    for number, following in pairwise(scan.numbers):
        between = scan.plain[number.tail_end : following.head.start]
        if number.role == "own" and not number.head.binds and following.head.binds and number.form == "plain":
            if scan.grammar.words.units.is_count(number.unit):
                continue
            if right_of(scan, number) == between and scan.grammar.measured_end.search(between):
                number.role = "none"


def _is_condition(scan: Scan, place: int) -> bool:
    """Whether a number tells which things are counted (2000万元以上项目110个, 21个总投资超30亿元的项目)."""
    number, grammar = scan.numbers[place], scan.grammar
    units = grammar.words.units
    if number.form not in ("plain", "share"):
        return False
    following = scan.numbers[place + 1] if place + 1 < len(scan.numbers) else None
    gap = scan.plain[number.tail_end : following.head.start] if following else ""
    amount = number.unit is not None and not units.is_count(number.unit)
    if following and following.role == "condition" and gap and _JOINED.fullmatch(gap):
        describes = len(gap) > 2 and not number.head.binds and not grammar.verb_start.match(left_of(scan, number))
        describes = describes and not _of_count(scan, place + 1)
        if amount or describes:  # 人口80万人、面积72平方公里的城区
            return True
    right = right_of(scan, number)
    noun = thing_in(scan, right)
    if not noun:
        return _of_count(scan, place)
    said_of = right.startswith(OF)
    counts_next = bool(
        following
        and following.role == "own"
        and gap == right
        and units.is_count(following.unit)
        and not (following.head.change or following.head.level)
        and noun == right.removeprefix(OF)
        and not grammar.verb_start.match(noun)
    )
    if counts_next and (amount or said_of or number.tail):
        return True
    if _attribute_of_counted(scan, place, said_of):
        return True
    if amount and noun.endswith(grammar.words.of("things")) and not number.head.change:
        return True
    percent = number.unit in ("%", "个百分点") or number.form == "share"
    if not amount or percent or not (said_of or number.tail):
        return False
    return not (noun.endswith(grammar.words.of("amounts")) or (grammar.verb_start.match(noun) and not said_of))


def _of_count(scan: Scan, place: int) -> bool:
    """其中投资10亿元以上30个: a bounded amount right before a bare count says which things are counted."""
    number, following = scan.numbers[place], scan.numbers[place + 1] if place + 1 < len(scan.numbers) else None
    units = scan.grammar.words.units
    if following is None or number.unit is None or units.is_count(number.unit) or number.unit in ("%", "个百分点"):
        return False
    return (
        bool(number.tail or number.head.bound) and units.is_count(following.unit) and following.start == number.tail_end
    )


def _attribute_of_counted(scan: Scan, place: int, said_of: bool) -> bool:
    """21个总投资超30亿元的项目: the number stands between a count and the thing that is counted."""
    if place == 0 or not (said_of or scan.numbers[place].tail):
        return False
    number, before = scan.numbers[place], scan.numbers[place - 1]
    between = scan.plain[before.tail_end : number.head.start]
    return (
        scan.grammar.words.units.is_count(before.unit)
        and before.tail_end <= number.head.start
        and boundary(scan, number.start, ANY) <= before.start
        and not scan.grammar.predicate.search(between)
    )


def _sums_up(scan: Scan, place: int) -> bool:
    """人工智能、数据产业2个未来产业: the number says how many things have just been named."""
    number = scan.numbers[place]
    if not scan.grammar.words.units.is_count(number.unit) or number.head.binds or number.upper is not None:
        return False
    start = boundary(scan, number.head.start, CLAUSE)
    before = [other.tail_end for other in scan.numbers[:place]]
    named = scan.plain[max([start, *before]) : number.start].strip(" 、")
    if named.endswith("等") or not AND.search(named):
        return False
    listed, every = named.split("、"), AND.split(named)
    if scan.grammar.verb_start.fullmatch(every[-1]):  # 新建、改建2所学校
        return False
    return number.value in (len(listed), len(every))


def _is_reached(scan: Scan, number: Number, year: int | None) -> bool:
    """已建成20个, 去年完成300家: what is there already, unless it is only compared with (较去年增长5%)."""
    start = boundary(scan, number.head.start, CLAUSE)
    before = scan.plain[start : number.start]
    compared: Sequence[str] = scan.grammar.words.of("compared")
    for match in scan.grammar.reached.finditer(before):
        if "基础上" in before[match.end() :]:  # 在去年300家的基础上再增50家
            continue
        if not before[: match.start()].endswith(tuple(compared)):
            return True
    if year is None:
        return False
    return any(
        int(match[1]) < year and not before[: match.start()].endswith((*compared, "—", "-"))
        for match in scan.grammar.past_year.finditer(before)
    )
