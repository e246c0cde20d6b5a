"""Numbers that look like a commitment and can't be read as one for sure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from normalizers.targets.spans import ANY, boundary, left_of
from normalizers.targets.tokens import Number, Scan

#: 2.1:1 behind a word of bound or level; 12:00 is a time.
_RATIO = re.compile(r"(?<![\d:：])(?!\d{1,2}[:：][0-5]\d(?!\d))\d+(?:\.\d+)?\s*[:：]\s*\d+(?:\.\d+)?")
#: 5000至1.2万人: whether 万 goes for both is not said, though 5000万 can't be meant.
_FALLING = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s*(?:[-—–~～]{1,2}|至|到)\s*(\d+(?:\.\d+)?)\s*[万亿]+[一-鿿]{0,2}")
_OPPOSITE = {"at_least": ("at_most", "less_than"), "at_most": ("at_least", "more_than")}
_RATES = ("%", "‰", "百分点")
_HAN = re.compile(r"[一-鿿]")


def unclear_numbers(scan: Scan) -> Iterator[str]:
    """What is to be said of each such number, in the order of the text."""
    magnitudes = scan.grammar.words.units.magnitudes
    for number in scan.numbers:
        printed = scan.text[number.head.start : number.tail_end]
        behind = scan.plain[number.tail_end : number.tail_end + 1]
        if number.role == "own" and number.tail in _OPPOSITE and number.head.bound in _OPPOSITE[number.tail]:
            yield f"{printed} says two opposite bounds; it was read as {number.head.bound}"
        elif number.role == "own" and _may_lead_to_a_level(scan, number):
            yield f"{printed} was read as a range; it may be a change and the level that it leads to"
        elif number.role == "own" and number.unit and not number.unit.strip("".join(magnitudes)):
            yield f"{printed} has no unit: what it counts is not said"
        elif number.role == "none" and number.unit is None and _HAN.match(behind) and _commits(scan, number):
            unit = scan.text[number.start : number.tail_end + 2]
            yield f"{unit} has no unit that reference/units.yaml knows, so it is in no target"
    read = {number.start for number in scan.numbers}
    for match in _FALLING.finditer(scan.plain):
        if float(match[1]) > float(match[2]) and match.start() not in read:
            yield f"{match[0]} is a range that falls as it is printed, so it is in no target"
    for match in _RATIO.finditer(scan.plain):
        head = scan.grammar.head.match(scan.plain[::-1], len(scan.plain) - match.start())
        if head and scan.grammar.binding.search(head[0][::-1]):
            yield f"{match[0]} is a ratio, which is not read as a number"


def _may_lead_to_a_level(scan: Scan, number: Number) -> bool:
    """Whether a range may be two numbers: 降低2微克/立方米至30微克/立方米. Rates rise by 5%至6%."""
    if number.upper is None or not (number.joined and number.head.change and number.unit):
        return False
    is_rate = number.unit.endswith(_RATES)
    return not is_rate and scan.plain[number.start : number.end].count(number.unit) > 1


def _commits(scan: Scan, number: Number) -> bool:
    """Whether what stands before a number makes it a commitment: a word of bound or change, or a verb and a thing."""
    if number.head.bound or number.head.change or number.head.ceiling:
        return True
    left = left_of(scan, number)
    verb = scan.grammar.verb_start.match(left)
    return bool(verb and len(left) > len(verb[0]) + 1 and boundary(scan, number.start, ANY) < number.head.start)
