"""Targets that are said without a number of their own: relative, qualitative and delegated ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from normalizers.records import TargetKind
from normalizers.targets.grammar import either
from normalizers.targets.metrics import each_quantity, trimmed
from normalizers.targets.spans import ANY, CLAUSE, HAN, SENTENCE, boundary
from normalizers.targets.tokens import Number, Scan
from normalizers.targets.words import TargetWords

#: No mark, so that words stay within their clause.
_IN = r"[^，。；：、！？\n（）]"


@dataclass(frozen=True, slots=True)
class Said:
    """A target in words: where its metric stands, where its words end, what it is measured against.

    ``number`` is the distance that a relative target states.
    """

    kind: TargetKind
    metric: tuple[int, int]
    end: int
    position: int
    reference: str | None = None
    number: Number | None = None
    #: Where the words stand that make it one, behind the metric.
    at: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Patterns:
    same: re.Pattern[str]
    above: re.Pattern[str]
    state: re.Pattern[str]
    turned: re.Pattern[str]
    delegated: re.Pattern[str]
    met: re.Pattern[str]


@cache
def _patterns(words: TargetWords) -> _Patterns:
    states, relative, delegated = words.maps["states"], words.maps["relative"], words.maps["delegated"]
    ends, reach = either(relative["ends"]), either(relative["reach"])
    averages = either(relative["averages"])
    figure = rf"{either(delegated['ends'])}(?:任务|目标|指标|要求)*"
    lead, adverb, core = either(states["leads"]), either(states["adverbs"]), either(states["cores"])
    above = either(relative["above"])
    return _Patterns(
        same=re.compile(rf"{either(relative['with'])}(?P<ref>{_IN}{{2,18}}?){either(relative['same'])}"),
        above=re.compile(
            rf"{above}(?P<ref>(?:全[国省市区县]、)*[^，。；：、\d！？（）]{{0,14}}{ends})"
            rf"|{reach}(?P<ref2>[^，。；：、\d！？（）]{{0,10}}{averages})"
            rf"|{either(relative['than'])}(?P<ref3>[^，。；：、\d！？（）]{{2,12}})(?=$|[，。；、])"
        ),
        state=re.compile(
            rf"[“\"]?(?:{lead}*{adverb}+{core}(?![量率值额])|{lead}*{adverb}*{either(states['phrases'])}|保持{core})[”\"]?"
        ),
        turned=re.compile(
            rf"(?:(?:{adverb}+{either(states['turned'])}|{either(states['kept'])})"
            rf"(?P<thing>{_IN}{{2,14}}{either(words.of('rates'))})"
            rf"|{either(states['turned'])}(?P<rate>{_IN}{{2,16}}{either(words.of('plain_rates'))}))(?=$|[，。；、])"
        ),
        delegated=re.compile(
            rf"{either(delegated['verbs'])}(?:好|了|或超过|或超额完成|并超过)?{_IN}{{0,4}}?{_somebody(words)}"
            rf"的?(?P<thing>(?:{_IN}|、){{0,24}}?{figure})"
        ),
        met=re.compile(
            rf"{_somebody(words)}的?(?P<thing>{_IN}{{0,16}}?{figure})(?:全面|全部|如期|按时|超额|圆满)*完成"
        ),
    )


def _somebody(words: TargetWords) -> str:
    """Somebody else who set the figure: 市下达, 省、市政府核定."""
    level, act = either(words.of("delegated", "levels")), either(words.of("delegated", "acts"))
    return rf"{level}(?:[、和]{level})*级?(?:政府|党委|委)?(?:统一|年度|年|对我区|对区)?{act}"


def said_targets(scan: Scan) -> list[Said]:
    """The targets without a number of their own, in their order; numbers that are distances are taken (role none)."""
    found: list[Said] = []
    for finder in (_relative, _delegated, _qualitative, _turned):
        others = tuple(found)
        for said in finder(scan):
            if not any(said.position < other.end and other.position < said.end for other in others):
                found.append(said)
                if said.number:
                    said.number.role = "none"
    return sorted(found, key=lambda said: said.position)


def _metric_before(scan: Scan, position: int) -> tuple[int, int]:
    """Where the metric stands that the words at a position speak of; an empty span where there is none."""
    clause = boundary(scan, position, CLAUSE)
    taken = [number.tail_end for number in scan.numbers if number.tail_end <= position and number.role == "own"]
    span = trimmed(scan, max([clause, *taken]), position, predicate=True)
    if span[0] < span[1] and scan.plain[span[0]] != "、":
        return span
    if clause > boundary(scan, position, SENTENCE) and span[0] >= span[1]:
        end = max(mark.start for mark in scan.separators if mark.end == clause)
        first = [number.head.start for number in scan.numbers if clause > number.start >= boundary(scan, end, CLAUSE)]
        return trimmed(scan, boundary(scan, end, CLAUSE), min([end, *first]), predicate=True)
    first = [number.head.start for number in scan.numbers if clause <= number.start < position]
    return trimmed(scan, clause, min([position, *first]), predicate=True)


def _relative(scan: Scan) -> Iterator[Said]:
    """收入与经济增长同步，力争快于全市平均: what names no quantity of its own goes on about that of the last."""
    patterns = _patterns(scan.grammar.words)
    matches = [*patterns.same.finditer(scan.plain), *patterns.above.finditer(scan.plain)]
    last: tuple[int, int] | None = None
    done = 0
    for match in sorted(matches, key=re.Match.start):
        metric = _metric_before(scan, match.start())
        own = boundary(scan, match.start(), CLAUSE)
        if last and metric[0] < own and last[0] >= boundary(scan, match.start(), SENTENCE):
            numbers = [n for n in scan.numbers if done <= n.start < match.start() and n.role == "own"]
            metric = metric if numbers else last
        said = _same(scan, match, metric) if match.re is patterns.same else _above(scan, match, metric)
        if said:
            last, done = metric, said.end
            for low, high in each_quantity(scan, *metric):
                yield replace(said, metric=(low, high), position=high)


def _same(scan: Scan, match: re.Match[str], metric: tuple[int, int]) -> Said | None:
    """与经济增长同步."""
    near = metric[0] >= boundary(scan, match.start(), CLAUSE)
    if metric[0] >= metric[1] or HAN.match(scan.plain[match.end() : match.end() + 1]):
        return None  # 与市场经济相适应的制度
    if not _measurable(scan, scan.plain[metric[0] : metric[1]], near):
        return None
    return Said("relative", metric, match.end(), metric[1], match["ref"], at=match.start())


def _above(scan: Scan, match: re.Match[str], metric: tuple[int, int]) -> Said | None:
    """高于全国平均水平1个百分点."""
    numbers, units = scan.numbers, scan.grammar.words.units
    bound = any(match.start() <= n.start < match.end() and n.role == "own" for n in numbers)
    if metric[0] >= metric[1] or bound:  # 高于五成 compares with a number
        return None
    if match["ref3"] and not scan.grammar.measured_end.search(scan.plain[metric[0] : metric[1]]):
        return None
    behind = (n for n in numbers if n.start >= match.end() and not scan.plain[match.end() : n.start].strip())
    number = next(behind, None)
    if number and (number.unit is None or (number.role != "own" and not units.is_weak(number.unit))):
        number = None
    if number and (number.head.binds or units.is_count(number.unit)):
        number = None
    end = number.tail_end if number else match.end()
    reference = match["ref"] or match["ref2"] or match["ref3"]
    return Said("relative", metric, end, metric[1], reference, number, match.end())


def _measurable(scan: Scan, text: str, near: bool) -> bool:
    """Whether a text names a quantity: at its end, or anywhere where it stands right before the words."""
    words = scan.grammar.words
    if scan.grammar.measured_end.search(text) or text.endswith("增长"):
        return True
    return near and any(word in text for word in words.of("measured") if len(word) > 1)


def _delegated(scan: Scan) -> Iterator[Said]:
    for match in _patterns(scan.grammar.words).met.finditer(scan.plain):
        yield Said("delegated", match.span("thing"), match.end(), match.start())
    for match in _patterns(scan.grammar.words).delegated.finditer(scan.plain):
        clause = boundary(scan, match.start(), CLAUSE)
        if match[0].startswith("落实") and not match[0].endswith(("任务", "目标", "指标", "任务数", "目标值")):
            continue  # to carry out what is required is a task
        metric = trimmed(scan, clause, match.start(), predicate=True)
        if metric[0] >= metric[1] or scan.grammar.predicate.match(scan.plain, *metric):
            yield Said("delegated", match.span("thing"), match.end(), match.start())
            continue
        for low, high in each_quantity(scan, *metric):
            yield Said("delegated", (low, high), match.end(), high)


def _qualitative(scan: Scan) -> Iterator[Said]:
    done = 0
    for match in _patterns(scan.grammar.words).state.finditer(scan.plain):
        if any(n.head.start < match.end() and match.start() < n.tail_end for n in scan.numbers if n.role == "own"):
            continue
        clause = boundary(scan, match.start(), CLAUSE)
        metric = trimmed(scan, max(clause, done), match.start(), predicate=True)
        metric = metric[0] + (scan.plain[metric[0] : metric[0] + 1] == "、"), metric[1]
        done = match.end()
        text = scan.plain[metric[0] : metric[1]]
        covered = match[0].strip('“”"').endswith(scan.grammar.words.of("states", "complete"))
        if any(metric[0] <= n.start < match.start() and n.role == "own" for n in scan.numbers):  # 100%全覆盖
            continue
        behind = scan.plain[match.end() : match.end() + 1]
        if not text or (behind.isalnum() and not covered):
            continue
        if not covered and not scan.grammar.measured_end.search(text):
            continue
        for low, high in each_quantity(scan, *metric):
            yield Said("qualitative", (low, high), match.end(), high)


def _turned(scan: Scan) -> Iterator[Said]:
    """稳步提高森林覆盖率: the verb stands before the rate."""
    for match in _patterns(scan.grammar.words).turned.finditer(scan.plain):
        start = boundary(scan, match.start(), ANY)
        if trimmed(scan, start, match.start(), predicate=True)[0] >= match.start():
            yield Said("qualitative", match.span("thing" if match["thing"] else "rate"), match.end(), match.start())
