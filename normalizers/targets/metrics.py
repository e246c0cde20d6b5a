"""What a number measures: the words before it, behind it, or those of the number before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from normalizers.targets.context import modalities
from normalizers.targets.numbers import number_of
from normalizers.targets.spans import AND, ANY, CLAUSE, SENTENCE, boundary, noun_of, parts_of, right_of
from normalizers.targets.tokens import Number, Scan

#: What a change is compared with, right before the words of change: it belongs to no metric.
_COMPARED = re.compile(
    r"(?:(?:较|比|同|在|是|为|达到|恢复到|增至|增加到|提高到|扩大到|提升到|提升至|扩大至)?"
    r"(?:(?:19|20)\d\d年|原来|原有|现有|目前|现状|上年|去年|前年|同期|上一?年度|年初|期初|“十[一二三四五]五”|十[一二三四五]五)"
    r"(?:年?底|末|初|同期|期末|末期|水平|基础上|基数上)*的?|的)$"
)
#: 从380元, behind the metric.
_STARTS_FROM = re.compile(r"(?<=.)(?:从|由)[^，。；：、从由]{0,12}\d[^，。；：、从由]{0,8}$")
_PLACES = ("地区", "区域", "沿线", "片区", "街道", "全区", "全市", "全县", "全镇", "流域")
_SERVED = re.compile(r"(?:为|对|向|面向|给|在|让)(?:全[国省市区县镇]|[市区县省])?")
_SUMMED = re.compile(r"([二三四五六七八九十两]+)(?:大|类|种|个|项|条|家)")
#: Ends of parts of a sentence that goes on.
_PAUSES = ("；", ";")
_EDGES = " \t\u3000的"


@dataclass(frozen=True, slots=True)
class Metric:
    """What is measured: its text, and where the words of the target begin and end."""

    name: str
    start: int
    end: int
    #: Where the name itself stands, where it stands in one piece before the number.
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A quantity that has been named: where the number or the words of its target begin and end, and what it is.

    ``number`` is None for a target that is said without one.
    """

    start: int
    end: int
    name: str
    number: Number | None = None


def metrics_of(scan: Scan, group: Sequence[Number], before: Sequence[Named]) -> list[Metric]:
    """The metric of each number of a group."""
    first = group[0]
    if len(group) > 1 or first.head.distributive:
        start = boundary(scan, first.head.start, CLAUSE)
        end = first.head.start
        if not scan.plain[start:end].strip() and start:
            end = max(mark.start for mark in scan.separators if mark.end == start)
            start = boundary(scan, end, CLAUSE)
        start = max([start, *(named.end for named in before if named.number and named.end <= end)])
        whole = start
        if "分别" in scan.plain[start:end]:
            end = scan.plain.index("分别", start)
            first.head.distributive = True
        start, end = trimmed(scan, start, end, predicate=first.head.binds)
        parts = parts_of(scan.plain[start:end], len(group))
        if parts:
            spans = [(start + low, start + high) for low, high in parts]
            begins = phrase_start(scan, whole, start)
            return [
                Metric(_name(scan, low, high), begins if n == 0 else low, group[-1].tail_end)
                for n, (low, high) in enumerate(spans)
            ]
    if first.head.distributive and start >= end:  # A突破10亿元、B突破5亿元，分别增长5%、6%
        sentence = boundary(scan, first.start, SENTENCE)
        named = [one.name for one in before if one.start >= sentence and one.number][-len(group) :]
        if len(named) == len(group) > 1:
            return [Metric(name, n.head.start, group[-1].tail_end) for name, n in zip(named, group, strict=True)]
    metric = _metric(scan, first, before)
    return [metric, *(Metric(metric.name, number.head.start, number.tail_end) for number in group[1:])]


def _ranked(scan: Scan, number: Number, start: int, end: int) -> tuple[int, int]:
    """The span of what is ranked: without the place and the words of rank (综合实力跻身全国百强、全省前十)."""
    if start >= end or scan.grammar.ranked.fullmatch(scan.plain, start, end):
        start = trimmed(scan, boundary(scan, number.head.start, CLAUSE), end, predicate=True)[0]
    if scan.grammar.ranked.fullmatch(scan.plain, start, end):
        return start, start
    found = scan.grammar.ranked.search(scan.plain, start, end)
    return start, found.start() if found and found.start() > start else end


def _metric(scan: Scan, number: Number, before: Sequence[Named]) -> Metric:
    """What a number measures: what stands before it, or behind it, or what the number before it measures."""
    predicate = number.head.binds
    whole = _left_start(scan, number)
    start, end = trimmed(scan, whole, number.head.start, predicate)
    if not predicate and (served := scan.grammar.served.match(scan.plain, start, end)):
        start = served.end()
    if number.joined and number.baseline is not None and scan.plain[start:end].endswith(("从", "由")):
        end -= 1  # 营收从5亿元至10亿元
    begin = phrase_start(scan, whole, start)
    if number.form == "rank":
        start, end = _ranked(scan, number, start, end)
    left = scan.plain[start:end]
    noun = thing_of(scan, number)
    if noun and _SERVED.fullmatch(left):  # 对300户困难家庭进行改造
        end = start
        left = ""
    verb = scan.grammar.verb_end.search(left) or len(left) == 2  # a word of two characters before a count is its verb
    if noun and (not left or verb):
        return replace(_with_noun(scan, number, (start, end), noun), start=begin)
    if noun and left.endswith(_PLACES):  # 完成环太湖地区127个村庄治理
        behind = _with_noun(scan, number, (end, end), noun)
        return Metric(_name(scan, start, end) + behind.name, begin, behind.end)
    if noun and left.endswith("等"):
        return replace(_with_noun(scan, number, (end, end), noun), start=begin)
    if left:
        start = _behind_summed_up(scan, start, end)
        end = start + len(_without_unit(scan.plain[start:end], number))
        return Metric(_name(scan, start, end), begin, number.tail_end, (start, end))
    if before and _goes_on(scan, number, before[-1]):
        return Metric(before[-1].name, number.head.start, number.tail_end)
    return _from_clause_before(scan, number)


def _goes_on(scan: Scan, number: Number, last: Named) -> bool:
    """Whether a number without a name is about the quantity named last: in its sentence, or behind ； in its unit."""
    start = boundary(scan, number.start, SENTENCE)
    if last.start >= start:
        return True
    if not last.number or last.number.unit != number.unit or scan.plain[start - 1 : start] not in _PAUSES:
        return False
    return last.start >= boundary(scan, start - 1, SENTENCE) and bool(number.head.level or number.head.change)


def _left_start(scan: Scan, number: Number) -> int:
    """Where the words begin that say what a number measures; its conditions and its baseline are among them."""
    start = boundary(scan, number.head.start, ANY)
    clause = boundary(scan, number.head.start, CLAUSE)
    taken = [o for o in scan.numbers if o.tail_end <= number.head.start and o.tail_end > clause]
    for other in reversed(taken):
        if other.role in ("condition", "baseline", "none"):
            if other.start < start and other.role != "none":
                start = boundary(scan, other.head.start, ANY)
            continue
        start = max(start, other.tail_end)
        break
    if start > clause and not any(clause <= other.start < start for other in scan.numbers):
        if number.form == "zero":
            return clause
        items = [
            *scan.plain[trimmed(scan, clause, start, predicate=False)[0] : start].strip("、").split("、"),
            scan.plain[start : number.head.start],
        ]
        if _one_list(scan, items, number.head.binds):
            return clause
    return start


def _one_list(scan: Scan, items: Sequence[str], predicate: bool) -> bool:
    """Whether the members of a list are measured together (新建幼儿园、小学), not tasks of their own."""
    if not all(0 < len(item) <= 14 for item in items[:-1]):
        return False
    if predicate and all(map(scan.grammar.measured_end.search, items)):
        return True
    if all(map(scan.grammar.verb_start.fullmatch, items[:-1])):  # 新增、优化公交线路
        return bool(scan.grammar.verb_start.match(items[-1]))
    own = [_begins_otherwise(scan, item) for item in items]
    return not any(own) if predicate else bool(scan.grammar.verb_start.match(items[0])) and not any(own[1:])


def _begins_otherwise(scan: Scan, item: str) -> bool:
    """Whether a member of a list is a task of its own, not one of several things measured together."""
    grammar = scan.grammar
    return bool(grammar.verb_start.match(item) or grammar.verb_end.search(item) or grammar.predicate.match(item))


def _with_noun(scan: Scan, number: Number, left: tuple[int, int], noun: str) -> Metric:
    """新增35部电梯: the verb before the number and the thing behind it."""
    start, end = left
    low = scan.plain.index(noun[0], number.tail_end)
    high = low + len(noun.rstrip())
    verb = _name(scan, start, end)
    first = start if verb else number.head.start
    if not verb and number.head.last in scan.grammar.words.of("verbs") and number.head.last == "完成":
        verb = number.head.last
    return Metric(verb + _name(scan, low, high), first, high)


def _from_clause_before(scan: Scan, number: Number) -> Metric:
    """规上工业增加值，力争增长6%: the thing is named in the clause before; else what the words themselves say."""
    start = boundary(scan, number.head.start, CLAUSE)
    if start > boundary(scan, number.head.start, SENTENCE):
        end = max(mark.start for mark in scan.separators if mark.end == start)
        clause = boundary(scan, end, CLAUSE)
        end = min([end, *(other.head.start for other in scan.numbers if clause < other.start < end)])
        low, high = trimmed(scan, clause, end, predicate=True)
        if low < high:
            return Metric(_without_unit(_name(scan, low, high), number), low, number.tail_end)
    words = (
        scan.plain[number.head.start : number.start] or right_of(scan, number) or scan.plain[number.start : number.end]
    )
    return Metric("".join(words.split()), number.head.start, number.tail_end)


def _behind_summed_up(scan: Scan, start: int, end: int) -> int:
    """甲、乙、丙三大产业规模: the metric begins behind the names that the numeral sums up."""
    for match in _SUMMED.finditer(scan.plain, start, end):
        listed = scan.plain[start : match.start()]
        if number_of(match[1]) in (len(listed.split("、")), len(AND.split(listed))) and match.start() > start:
            return match.start()
    return start


def trimmed(scan: Scan, start: int, end: int, predicate: bool) -> tuple[int, int]:
    """The span without leading words that belong to no metric, and without what a change is compared with."""
    grammar, plain = scan.grammar, scan.plain
    for match in modalities(scan, start, end):
        start = match.end()
    changed = True
    while changed:
        changed = False
        for pattern in (grammar.leads, grammar.movers if predicate else grammar.helpers):
            leading = pattern.match(plain, start, end)
            if leading and leading.end() > start:
                start, changed = leading.end(), True
        while start < end and plain[start] in _EDGES:
            start, changed = start + 1, True
        text = plain[start:end]
        if found := _STARTS_FROM.search(text):
            end, changed = start + found.start(), True
            continue
        if found := _COMPARED.search(text) or grammar.scope_end.search(text):
            end, changed = start + found.start(), found.start() < len(text)
    while end > start and plain[end - 1] in _EDGES:
        end -= 1
    return start, end


def phrase_start(scan: Scan, start: int, metric: int) -> int:
    """Where the words of a target begin: at modality, scope, verb or metric, but behind words of manner."""
    if found := list(modalities(scan, start, metric)):
        return found[-1].start()
    while start < metric and (match := scan.grammar.manner.match(scan.plain, start, metric)):
        start = match.end()
    while start < metric and scan.plain[start] in _EDGES:
        start += 1
    return start


def quantities(scan: Scan, number: Number, metric: Metric) -> list[Metric]:
    """Several quantities under one number are a target each (A和B均增长5%)."""
    if metric.span is None or not (number.head.binds or number.form == "zero"):
        return [metric]
    spans = each_quantity(scan, *metric.span)
    return [
        Metric(_name(scan, low, high), metric.start if n == 0 else low, metric.end, (low, high))
        for n, (low, high) in enumerate(spans)
    ]


def each_quantity(scan: Scan, start: int, end: int) -> list[tuple[int, int]]:
    """The quantities of a list as spans (实际使用外资和进出口总额); the list as one where its parts share a noun.

    Parts that end alike are quantities by themselves (存量违法建设、新增违法建设).
    """
    text, spans, low = scan.plain[start:end], [], start
    for match in AND.finditer(text):
        spans.append((low, start + match.start()))
        low = start + match.end()
    spans.append((low, end))
    parts = [scan.plain[a:b] for a, b in spans]
    alike = len({part[-2:] for part in parts}) == 1 and min(map(len, parts)) > 2
    if alike or all(map(scan.grammar.measured_end.search, parts)):
        return spans
    return [(start, end)]


def thing_of(scan: Scan, number: Number) -> str:
    """The thing that is counted or measured, where it is named behind the number."""
    return noun_of(scan, number) if number.form in ("plain", "share") else ""


def _without_unit(name: str, number: Number) -> str:
    """The name of a metric without the unit in brackets behind it (总产值（亿元）)."""
    return re.sub(rf"[（(]{re.escape(number.unit)}[）)]$", "", name) if number.unit else name


def _name(scan: Scan, start: int, end: int) -> str:
    return "".join(scan.text[start:end].split())
