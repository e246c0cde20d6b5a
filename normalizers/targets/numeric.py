"""Targets with a number, built from the tokens of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from normalizers.records import Change, Comparator, Target
from normalizers.targets.context import due_of, modality_of, scope_of
from normalizers.targets.metrics import Metric, Named, metrics_of, quantities, thing_of
from normalizers.targets.spans import ANY, boundary
from normalizers.targets.tokens import Number, Scan

_LINK = re.compile(r"\s*(?:、|和|及|以及|与|或者?|，)\s*")


def numeric_targets(scan: Scan, year: int | None, said: Sequence[Named] = ()) -> Iterator[tuple[int, Target]]:
    """The targets with a number and where it stands, in the order of their numbers.

    ``said`` are the quantities of targets without one, in their order: a number may go on about them.
    """
    before: list[Named] = []
    for group in _groups(scan):
        done = before[-1].start if before else -1
        before += [named for named in said if done < named.start < group[0].start]
        metrics = metrics_of(scan, group, before)
        tail = group[-1].tail if len(group) > 1 and _shares(scan, group, metrics) else None
        _go_on(group[0], metrics[0], before)
        for number, metric in zip(group, metrics, strict=True):
            if number is not group[0]:
                _inherit(number, group[0])
            if number.unit is None and group[0].head.distributive:  # 分别提高至20、450万元
                number = replace(number, unit=group[-1].unit, printed=group[-1].printed)  # noqa: PLW2901 - a copy
            last = group[-1].unit
            if number.unit and last and last != number.unit and last.startswith(number.unit):  # 分别提高3个、5个百分点
                number = replace(number, unit=last, printed=group[-1].printed)  # noqa: PLW2901 - a copy
            if tail and number.tail is None:
                number = replace(number, tail=tail)  # noqa: PLW2901 - a copy with the tail that all share
            before.append(Named(number.start, number.tail_end, metric.name, number))
            for one in quantities(scan, number, metric):
                yield number.start, _target(scan, number, one, year)


def _groups(scan: Scan) -> list[list[Number]]:
    """The numbers that are commitments; those with nothing between them but a mark or 和 stand together."""
    groups: list[list[Number]] = []
    for number in scan.numbers:
        if number.role != "own":
            continue
        last = groups[-1][-1] if groups else None
        gap = scan.plain[last.tail_end : number.head.start] if last else ""
        joined = last and _LINK.fullmatch(gap) and not (number.head.change or number.head.level)
        if last and joined and ("，" not in gap or groups[-1][0].head.distributive) and not thing_of(scan, number):
            groups[-1].append(number)
        else:
            groups.append([number])
    return groups


def _inherit(number: Number, first: Number) -> None:
    """One word for several numbers: what binds the first of a group binds the others, too."""
    if number.head.binds and not number.head.bound:
        return
    number.head.change = number.head.change or first.head.change
    number.head.level = number.head.level or first.head.level
    number.head.ceiling = number.head.ceiling or first.head.ceiling
    number.head.bound = number.head.bound or first.head.bound


def _go_on(number: Number, metric: Metric, before: Sequence[Named]) -> None:
    """增长5%，力争5.5%: a bare number behind another of the same thing is a change or a level as that one is."""
    if not before or number.head.change or number.head.bound or metric.start != number.head.start:
        return
    last = before[-1].number
    if last and before[-1].name == metric.name and last.unit == number.unit:
        number.head.change = last.head.change
        number.head.level = number.head.level or last.head.level


def _shares(scan: Scan, group: Sequence[Number], metrics: Sequence[Metric]) -> bool:
    """Whether the word behind the last number of a group holds for all of them."""
    between = scan.plain[group[-2].tail_end : group[-1].head.start]
    alternative = "或" in between
    return not alternative and (group[0].head.distributive or len({metric.name for metric in metrics}) == len(metrics))


def _target(scan: Scan, number: Number, metric: Metric, year: int | None) -> Target:
    units = scan.grammar.words.units
    change, name = _change(scan, number, metric)
    base = units.base(number.unit)
    factor, base_unit = (base[1], base[0]) if base else (Decimal(1), number.unit)
    if number.unit and not base:
        factor, rest = units.split(number.unit)
        base_unit = rest or None
    scope = scope_of(scan, number, metric.span)
    return Target(
        kind="numeric",
        metric=name,
        comparator=_comparator(scan, number, change),
        value=number.value,
        upper=number.upper,
        baseline=number.baseline,
        unit=number.printed,
        base_value=number.value * factor,
        base_upper=number.upper * factor if number.upper is not None else None,
        base_unit=base_unit,
        change=change,
        modality=modality_of(scan, number.start),
        scope=scope,
        due=due_of(scan, scope, year),
        reference=None,
        phrase=scan.text[metric.start : metric.end],
        start=metric.start,
        end=metric.end,
    )


def _change(scan: Scan, number: Number, metric: Metric) -> tuple[Change | None, str]:
    """Whether the number is a change or a level that something rises or falls to, and the metric without that word."""
    grammar, name = scan.grammar, metric.name
    counted = grammar.words.units.is_count(number.unit)
    if number.form in ("zero", "rank"):
        return None, name
    if number.form == "multiple" and scan.plain[number.start] == "翻":
        return "increase", name
    if number.form == "multiple" and metric.span and not number.head.change:  # 增至原来的2倍
        before = grammar.rising.search(scan.plain, metric.span[1], number.start)
        word = before[0] if before else ""
        return grammar.changes.get(word) or grammar.changes.get(word[:-1]), name
    if number.head.change:
        if counted and not number.head.level and thing_of(scan, number) and not _changes_count(scan, number.head.last):
            return None, number.head.last + name
        return number.head.change, name
    words = grammar.count_change if counted else grammar.any_change
    if match := words.match(name):
        kind = grammar.changes.get(match[0])
        if kind and len(match[0]) < len(name):
            return kind, name[match.end() :]
    return None, name


def _changes_count(scan: Scan, word: str) -> bool:
    return word in scan.grammar.words.of("count_changes")


def _comparator(scan: Scan, number: Number, change: Change | None) -> Comparator:
    """How a number binds: a range, else the word of bound, else what kind of number it is."""
    if number.upper is not None:
        return "range"
    bound = number.head.bound
    if number.tail and bound in (None, "about"):
        bound = number.tail
    bound = bound or number.bound or _bound_before_verb(scan, number)
    if bound:
        return bound
    if number.head.ceiling:
        return "at_most"
    if number.form == "multiple":
        return "multiple"
    return "change_by" if change and not number.head.level else "equal"


def _bound_before_verb(scan: Scan, number: Number) -> Comparator | None:
    """至少建成5个: the word of bound stands before the verb."""
    start = boundary(scan, number.head.start, ANY)
    match = scan.grammar.bound_verb.search(scan.plain, start, number.start)
    return scan.grammar.bounds[match[1]] if match else None
