"""The patterns that the words make: what the tokens of a text look like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import cast

from normalizers.records import Change, Comparator
from normalizers.targets.numbers import HAN_DIGITS
from normalizers.targets.words import TargetWords

DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
#: No numeral has longer parts; without a limit a long run of them (misread print) takes the square of the time.
HAN = rf"(?:(?![零〇])[{HAN_DIGITS}]{{1,12}}(?:[万亿][{HAN_DIGITS}]{{1,12}}){{0,3}})"
_DASH = r"(?:-{1,2}|—{1,2}|–|~|～|−|至|到)"
_SPACE = r"\s*"
#: A year, a month or a period that numbers make part of a date or plan.
_TIME = (
    rf"(?:19|20)\d\d{_SPACE}(?:{_DASH}{_SPACE}(?:(?:19|20)\d\d|\d\d))?{_SPACE}年(?:\d{{1,2}}月(?:\d{{1,2}}日)?)?"
    r"(?:度|底|末|初|中|年底)?(?:之?前|以前|以来|起)?"
    rf"|\d{{1,2}}(?:{_DASH}\d{{1,2}})?月(?:份|\d{{1,2}}日|底|末|初|中旬|上旬|下旬)*(?:之?前|以前|起)?"
    r"|[一二三四1-4](?:、[一二三四])*季度(?:末|底)?(?:之?前)?|前[一二三四两\d]+(?:个)?(?:季度|月)|十[一二三四五六]五(?:期间|时期|末)?"
    rf"|(?:{DIGITS}|[{HAN_DIGITS}]+)(?:-\d+)?{_SPACE}年(?:内|之内|左右|以内|来|后|前)?(?!均)"
)
#: Words of time that say for when a number holds, with the 到 before them.
_WHEN = (
    rf"(?:到|至|截至|截止)?(?:(?:19|20)\d\d年?{_DASH}(?:19|20)?\d\d年"
    r"|(?:19|20)\d\d年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:年?底|末|中|初|上半年|下半年)?(?:之?前|以前)?"
    rf"|\d{{1,2}}(?:{_DASH}\d{{1,2}})?月(?:份|\d{{1,2}}日)?(?:底|末|初|中旬|上旬|下旬)?(?:之?前|以前)?"
    r"|(?:前?[一二三四1-4]|第[一二三四])季度(?:末|底)?(?:之?前)?"
    r"|[“\"]?十[一二三四五六]五[”\"]?(?:期间|时期|末)|[一二三四五六七八九十两\d]+年内|(?:未来|今后|用)[一二三四五六七八九十两\d]+年(?:时间)?"
    r"|[一二三四五六七八九十两]年(?=累计|新|内|完成|建成)|[春秋]季(?:学期)?(?:开学)?前|年底(?:之?前)?)"
)


@dataclass(frozen=True, slots=True, eq=False)
class Grammar:
    """Compiled patterns. ``token`` finds names, times, numbers and separators in one pass over a text.

    ``head`` reads the words before a number backwards, on reversed text; ``head_word`` tells them apart again.
    ``tail`` are the words of bound right behind a number.
    """

    words: TargetWords
    token: re.Pattern[str]
    head: re.Pattern[str]
    head_word: re.Pattern[str]
    tail: re.Pattern[str]
    bounds: Mapping[str, Comparator]
    tails: Mapping[str, Comparator]
    changes: Mapping[str, Change]
    leads: re.Pattern[str]
    manner: re.Pattern[str]
    movers: re.Pattern[str]
    helpers: re.Pattern[str]
    verb_end: re.Pattern[str]
    verb_start: re.Pattern[str]
    predicate: re.Pattern[str]
    count_change: re.Pattern[str]
    measured_end: re.Pattern[str]
    modality: re.Pattern[str]
    scope_end: re.Pattern[str]
    period: re.Pattern[str]
    share: re.Pattern[str]
    nested: re.Pattern[str]
    reached: re.Pattern[str]
    past_year: re.Pattern[str]
    served: re.Pattern[str]
    rising: re.Pattern[str]
    #: 总产值（亿元）：500.
    bracketed: re.Pattern[str]
    #: 跻身全省, before a rank: the place belongs to the rank.
    ranked: re.Pattern[str]
    binding: re.Pattern[str]
    any_change: re.Pattern[str]
    bound_verb: re.Pattern[str]


def either(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "(?:" + "|".join(map(re.escape, sorted(set(words), key=lambda word: (-len(word), word)))) + ")"


@cache
def grammar_of(words: TargetWords) -> Grammar:
    """The patterns of a set of words."""
    bounds = cast(dict[str, Comparator], _meanings(words.maps["bounds_before"]))
    tails = cast(dict[str, Comparator], _meanings(words.maps["bounds_behind"]))
    changes = cast(dict[str, Change], _meanings(words.maps["changes"]))
    risen = [word + end for word in changes for end in words.of("level_ends")]
    head_words = [
        *bounds, *changes, *risen, *words.of("levels"), *words.of("ceilings"), *words.of("modality"),
        *words.of("periods"), *words.of("shares"), *words.of("nested"), *words.of("distributive"), *words.of("fillers"),
    ]  # fmt: skip
    period = rf"(?:{_WHEN}|{either(words.of('periods'))})"
    manner = _leading(words, "manner")
    manner = rf"{manner}(?={manner}*{_leading(words, 'leads', 'verbs', 'helpers', 'modality')}|$)"
    return Grammar(
        words=words,
        token=re.compile(_token(words)),
        head=re.compile(rf"(?:{_backwards(head_words, words)}|[ \t\u3000])+"),
        head_word=re.compile(either(head_words)),
        tail=re.compile(rf"[ \t\u3000]*({either(tails)})"),
        bounds=bounds,
        tails=tails,
        changes=changes,
        leads=re.compile(rf"(?:{_leading(words, 'leads', 'nested', 'shares')}|{manner}|{period})+"),
        manner=re.compile(rf"(?:{_leading(words, 'leads')}|{manner})+"),
        movers=re.compile(rf"{_leading(words, 'movers', 'helpers')}+"),
        helpers=re.compile(rf"{_leading(words, 'helpers')}+"),
        verb_end=re.compile(rf"{either(words.of('verbs'))}$"),
        verb_start=re.compile(either(words.of("verbs"))),
        predicate=re.compile(_leading(words, "predicates")),
        count_change=re.compile(either(words.of("count_changes"))),
        measured_end=re.compile(rf"{either(words.of('measured'))}$"),
        modality=re.compile(either(words.of("modality"))),
        period=re.compile(period),
        share=re.compile(rf"(?<!人){either((*words.of('shares'), *words.of('nested')))}"),
        nested=re.compile(either(words.of("nested"))),
        reached=re.compile(either(words.of("reached"))),
        past_year=re.compile(r"(?<!\d)((?:19|20)\d\d)年"),
        served=re.compile(
            rf"(?:(?:为|对|向|面向|给|在)[^，。；、]{{2,16}}?|[^，。；、]{{1,8}}等地){manner}*(?={either(words.of('verbs'))})"
        ),
        ranked=re.compile(
            rf"(?:继续)?{either(words.of('ranks'))}[^，。；]{{0,9}}$|全[国省市区县](?:百强|前列)?(?:、全[国省市区县])*$"
        ),
        bracketed=re.compile(rf"[（(]({unit_pattern(words)})[）)]\s*[:：]?\s*$"),
        rising=re.compile(either([*risen, *(word for word in changes if len(word) > 1)])),
        binding=re.compile(either([*risen, *bounds, *changes, *words.of("ceilings"), *words.of("levels")])),
        any_change=re.compile(either(word for word in changes if len(word) > 1)),
        bound_verb=re.compile(
            rf"({either(words.of('bounds_before', 'at_least'))})(?:再|各)?{either(words.of('verbs'))}$"
        ),
        scope_end=re.compile(rf"(?:{period}|{either((*words.of('shares'), *words.of('nested')))})$"),
    )


def _leading(words: TargetWords, *names: str, but: Iterable[str] = ()) -> str:
    """A pattern for the words of these lists, not where they begin a longer word (服务 in 服务业)."""
    parts, longer = [], (*words.of("lookalikes"), *but)
    for word in sorted({word for name in names for word in words.of(name)}, key=lambda word: (-len(word), word)):
        others = [o.removeprefix(word) for o in longer if o != word and o.startswith(word)]
        parts.append(re.escape(word) + (f"(?!{either(others)})" if others else ""))
    return "(?:" + "|".join(parts) + ")"


def _backwards(head_words: Iterable[str], words: TargetWords) -> str:
    """The words before a number, to be matched backwards; not where they end a longer verb (增 in 新增)."""
    longer = (*words.of("verbs"), *words.of("lookalikes"))
    parts = []
    for word in sorted(set(head_words), key=lambda word: (-len(word), word)):
        others = [other.removesuffix(word)[::-1] for other in longer if other != word and other.endswith(word)]
        parts.append(re.escape(word[::-1]) + (f"(?!{either(others)})" if others else ""))
    return "(?:" + "|".join(parts) + ")"


def _meanings(lists: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {word: name for name, group in lists.items() for word in group}


def unit_pattern(words: TargetWords) -> str:
    """A pattern for a printed unit with its power of ten: 万平方米, 微克/立方米, 个百分点."""
    units = words.units
    magnitude = "[" + "".join(units.magnitudes) + "]*"
    known = sorted({*units.quantities, *units.counts}, key=lambda word: (-len(word), word))
    one = "(?:" + "|".join(re.escape(unit) + _not_other(unit, units.begins_other) for unit in known) + ")"
    return rf"(?:{magnitude}{one}(?:/(?:{magnitude}{one}|年|月))?|/\d*[万千百亿](?:人|户)?|[万亿]+(?![一-鿿]))"


def _not_other(unit: str, begins_other: Mapping[str, str]) -> str:
    if unit[-1].isascii() and unit[-1].isalnum():
        return r"(?![A-Za-z0-9])"
    others = begins_other.get(unit, "")
    return f"(?![{others}])" if others else ""


def _token(words: TargetWords) -> str:
    """A pattern with a named group for each kind of token, in the order in which they are tried."""
    unit, money = unit_pattern(words), _money(words)
    zero = either(words.of("zero", "words"))
    groups = {
        "zero": rf"[“\"]?(?:{zero}|(?<![社消])零{either(words.of('zero', 'of'))}(?!\d))[”\"]?",
        "comma": r"[，：:,]|[①-⑳]|(?<![^。；：\s])\d{1,2}[.．、](?=[一-鿿])",
        "rank": _rank(),
        "time": _TIME,
        "name": "|".join(_names(words, unit, money)),
        "doubled": r"翻(?P<double>[一两二三四五]?)番|翻倍",
        "share": rf"(?P<parts>{HAN}|\d+)分之(?P<of>{HAN}|{DIGITS})|(?P<tenths>[一二三四五六七八九两\d](?:\.\d)?)成"
        r"(?P<half_tenth>[一二三四五六七八九])?(?![为功立长果型效熟套片本员都品交分])|(?P<half>过半(?!年)|一半|半数|减半)",
        "number": _arabic(words, unit),
        "implied": rf"(?<![\d百千万十亿])(?:万|亿|万亿){money}",
        "hannum": r"(?:(?P<near>[一二三四五六七八])(?P<next>[二三四五六七八九])(?P<near_times>[十百])?"
        rf"|(?P<han_first>[二三四五六七八九十百两]{{1,12}}){_DASH}(?P<han_last>[{HAN_DIGITS}]{{1,12}})"
        rf"|(?<![数几])(?P<han>{HAN})(?P<han_more>{either(words.of('more'))})?)(?P<han_unit>{unit})",
        "end": r"[。；;！!？?\n]",
        "list": r"、",
        "open": r"[（(]",
        "close": r"[）)]",
    }
    # Nearly all characters begin no token: one look at them spares trying every kind.
    firsts = {word[0] for word in (*words.of("zero", "words"), *words.of("names_before"))} | set(words.units.magnitudes)
    begins = (
        re.escape("".join(sorted(firsts)))
        + HAN_DIGITS
        + r"\dA-Za-zⅠ-Ⅻ前翻过半减“‘《「\"〔\[（(）)。；;！!？?\n，：:,、①-⑳"
    )
    return rf"(?=[{begins}])(?:" + "|".join(f"(?P<{name}>{pattern})" for name, pattern in groups.items()) + ")"


def _money(words: TargetWords) -> str:
    """The units of money, whose codes are those of ISO 4217."""
    return either(name for name, (base, _) in words.units.quantities.items() if re.fullmatch("[A-Z]{3}", base))


def _rank() -> str:
    """前十, 前3名, 第2位; 全市第一 at the end of its words. 前3个月 and 提前10天 are none."""
    number = rf"(?:{DIGITS}|{HAN})"
    before = rf"(?<=[国省市区县列入进居位持身名排])|(?<!\w)|(?<![提目以之日月眼跟面年底])(?=前{number}[强名位])"
    return (
        rf"(?:{before})前(?P<top>{number})(?P<top_unit>位|名|强)?(?![年个季月天期后提述半台沿几])"
        rf"|第(?P<place>{number})(?P<place_unit>位|名)(?!书记)"
        r"|(?<=[国省市区县])第(?P<first_place>[一二三四五六七八九十]|\d+)(?![一-鿿])"
    )


def _names(words: TargetWords, unit: str, money: str) -> Iterator[str]:
    """Patterns for what holds numbers and is a name, a grade, a time of day or the like."""
    magnitude = "[" + "".join(words.units.magnitudes) + "]"
    units = (*words.units.quantities, *words.units.counts)
    latin = "|".join(re.escape(name) for name in units if re.match("[A-Za-z]", name))
    yield '“[^”]{0,40}”|‘[^’]{0,30}’|《[^》]{0,60}》|「[^」]{0,40}」|"[^"]{0,40}"'
    yield rf"[〔\[（(](?:19|20)\d\d[〕\]）)]{_SPACE}\d+号"
    yield rf"{either(words.of('names_before'))}{_SPACE}(?:{DIGITS}|{HAN})"
    yield r"[A-Za-zⅠ-Ⅻ]+[-.]?\d[\dA-Za-z.]*"  # PM2.5, 5G
    yield r"\d+(?:[.:：×xX*+]\d+)*[×xX*+:：](?:\d+|[A-Za-z])(?:[×xX*+:：](?:\d+|[A-Za-zX]))*"  # 1+4+N, 7×24, 8:30
    yield rf"\d+{_SPACE}分钟[^，。；、]{{0,10}}圈"
    yield rf"\d+(?!(?:{latin})(?![A-Za-z]))[A-Za-z]+[\dA-Za-z]*级?"
    yield rf"(?:(?:{DIGITS}|{HAN}){_SPACE}(?:{magnitude}*|{unit})|{magnitude}+){money}?级(?!别)"  # 三十亿级, 50万吨级
    yield rf"{DIGITS}{_SPACE}{_leading(words, 'names_behind', but=units)}"
    yield rf"{HAN}{either(words.of('names_behind_han'))}"
    yield r"[（(](?:[^（）()\d，。；：]{1,10}|[A-Za-z][A-Za-z\d.]*)[）)]"  # 县（市、区）
    yield rf"(?<!\d){magnitude}*[百千万亿]{money}(?={either(words.all_of('bounds_behind'))})"  # 亿元以上项目


def _arabic(words: TargetWords, unit: str) -> str:
    """4.5-5%, 100余家, 3万多人, 1,200."""
    magnitude, more = "[" + "".join(words.units.magnitudes) + "]", either(words.of("more"))
    return (
        rf"(?P<first>{DIGITS}){_SPACE}(?P<first_unit>{unit})?{_SPACE}{_DASH}{_SPACE}"
        rf"(?P<last>{DIGITS}){_SPACE}(?P<last_unit>{unit})?(?![\dA-Za-z])"
        rf"|(?P<value>{DIGITS}){_SPACE}(?:(?P<more1>{more})(?={_SPACE}{unit}))?"
        rf"(?:(?P<scale>{magnitude}+)(?P<more2>{more}))?{_SPACE}(?P<unit>{unit})?(?![A-Za-z])"
    )
