"""The words of reference/dates.yaml and the patterns that are made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from normalizers.reference import DEFAULT_DIR, ReferenceDataError, load_yaml

#: Signs and words between the two ends of a span; in a list of numbers also 、 and its kin.
_SIGNS = r"[-－—–―~～〜]+"
_DASH = rf"(?:{_SIGNS}|至|到)"
_LIST = rf"(?:{_DASH}|[、，,和及])"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
#: Numbers with a unit of time, and what comes again.
_LEFT_OVER = r"(?:[\d一二两三四五六七八九十半几]个?(?:年|月|日|天|周|季|旬|小时)|每(?:半?年|个?月|季|旬|周|日|天))"
_QUARTER = r"(?:第?[1-4一二三四])"


@dataclass(frozen=True, slots=True)
class DateWords:
    """The words of time; see reference/dates.yaml for each list."""

    years: Mapping[str, int]
    following_year: tuple[str, ...]
    periods: Mapping[str, tuple[int, int]]
    parts_of_month: Mapping[str, tuple[int, int]]
    plans: Mapping[str, tuple[int, int]]
    plan_periods: tuple[str, ...]
    days: Mapping[str, tuple[int, int]]
    ends: tuple[str, ...]
    before: tuple[str, ...]
    within: tuple[str, ...]
    from_: tuple[str, ...]
    until: tuple[str, ...]
    since: tuple[str, ...]
    other_words: tuple[str, ...]
    open: tuple[str, ...]
    unclear: tuple[str, ...]
    programmes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grammar:
    """The words and the patterns of a time.

    ``point`` is a time with its 底 or 末, ``through`` a sign and the time that ends a span, ``suffix`` and ``prefix``
    the words around it, ``goes_on`` what behind it says that it is none by itself (2026年春节); ``open`` and
    ``unclear`` are words of deadlines without days, ``left_over`` is what says more about time than was understood,
    ``plan_alone`` a plan's name as the whole text.
    """

    words: DateWords
    point: re.Pattern[str]
    through: re.Pattern[str]
    suffix: re.Pattern[str]
    prefix: re.Pattern[str]
    goes_on: re.Pattern[str]
    open: re.Pattern[str]
    unclear: re.Pattern[str]
    left_over: re.Pattern[str]
    plan_alone: re.Pattern[str]


@cache
def load_grammar(directory: Path = DEFAULT_DIR) -> Grammar:
    """The words of a reference folder as patterns. Raises :class:`ReferenceDataError` for a faulty file."""
    path = directory / "dates.yaml"
    data = load_yaml(path)
    try:
        return _grammar(_words(data))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ReferenceDataError(f"{path}: lacks {error} or has it in another form") from error


def _words(data: Any) -> DateWords:
    def spans(name: str) -> dict[str, tuple[int, int]]:
        return {str(word): (int(first), int(last)) for word, (first, last) in data[name].items()}

    def texts(name: str) -> tuple[str, ...]:
        return tuple(str(word) for word in data[name])

    return DateWords(
        {str(word): int(distance) for word, distance in data["years"].items()},
        texts("following_year"),
        spans("periods"),
        spans("parts_of_month"),
        spans("plans"),
        texts("plan_periods"),
        spans("days"),
        texts("ends"),
        texts("before"),
        texts("within"),
        texts("from"),
        texts("until"),
        texts("since"),
        texts("other_words"),
        texts("open"),
        texts("unclear"),
        texts("programmes"),
    )


def _any(words: Iterable[str]) -> str:
    """A pattern for one of the words, long ones first."""
    return "(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + ")"


def _grammar(words: DateWords) -> Grammar:
    other = f"(?!{_any(words.other_words)})"
    end = rf"(?P<end>{other}年?{other}{_any(words.ends)})"
    point = _point(words, end)
    # Between the ends of a span 起 and 开始 may stand: 6月1日起至12月31日.
    # Behind a date with points the year may be left out: 2026.1.1-12.31.
    short = r"(?P<short_month>1[0-2]|0?[1-9])[./](?P<short_day>3[01]|[12]\d|0?[1-9])(?![\d.．/年%％亿万千百元个])"
    through = rf"{_any(words.from_)}?{_DASH}(?:{point}|{short})"
    after = _any((*words.before, *words.within, *words.from_))
    return Grammar(
        words,
        re.compile(rf"(?<![\d每])(?<!每年)(?<!\d[.．]){point}"),
        re.compile(through),
        # Between a day and 前 may stand the hour, and that the day is in it: 31日24时前, 30日（含）前.
        re.compile(rf"(?:\d{{1,2}}[时点]|（含[^（）]*）)*{other}(?P<word>{after})(?!(?<=前)\d)"),
        re.compile(rf"(?<!达){_any((*words.until, *words.since))}$"),
        re.compile(rf"{_SIGNS}\d|{_any(words.unclear)}"),
        re.compile(_any(words.open)),
        re.compile(_any(words.unclear)),
        re.compile(rf"{_LEFT_OVER}(?!{_any(words.programmes)})"),
        re.compile(rf"[“\"]?({_any(words.plans)})[”\"]?"),
    )


def _point(words: DateWords, end: str) -> str:
    """The pattern of one time."""
    year = (
        rf"(?:(?P<years>(?:\d{{4}}年?{_LIST}){{0,9}}\d{{4}}(?=年)|[〇零一二三四五六七八九]{{4}}(?=年)|\d{{2}}(?=年{_MONTH}月)"
        rf"|\d{{4}}(?={_any(words.periods)}))年?"
        rf"|(?P<year_word>{_any((*words.years, *words.following_year))}))"
    )
    months = rf"(?P<months>(?:{_MONTH}{_LIST}){{0,11}}{_MONTH})月份?"
    days = rf"(?:(?P<days>(?:{_DAY}{_LIST}){{0,11}}{_DAY})[日号]|(?P<part>{_any(words.parts_of_month)}))"
    quarters = rf"(?P<quarters>(?:{_QUARTER}(?:季度)?{_LIST}){{0,3}}{_QUARTER})季度"
    period = rf"(?P<period>{_any(words.periods)})"
    fixed = rf"(?P<fixed>[“\"]?{_any(words.days)}[”\"]?)(?=节?{_any(words.before)})"
    dotted = (
        r"(?P<dotted_year>(?:19|20)\d{2})(?P<sign>[./／-])(?P<dotted_month>1[0-2]|0?[1-9])"
        r"(?:(?P=sign)(?P<dotted_day>3[01]|[12]\d|0?[1-9])日?|(?:(?<=[./／]\d)|(?<=[./／]\d\d))[-—–~～至](?P<dotted_until>1[0-2]|0?[1-9]))?"
        r"(?![\d.．/年%％亿万千百元个家公平人])月?"
    )
    plan = (
        rf"[“\"]?(?P<plan>{_any(words.plans)})[”\"]?(?:{_any(words.plan_periods)}|(?:规划)?期?(?={_any(words.ends)}))"
    )
    within = r"(?<![一二三四五六七八九十近])(?P<within_years>[一二两三四五六七八九十]|\d{1,2})年(?:以|之)?内"
    parts = rf"(?:{months}(?:{days})?|{quarters}|{period}|{fixed})"
    whole_year = rf"(?<![一二两三四五六七八九十几多])年(?={_any(words.ends)})"
    # A year, a part of it, or both.
    dated = rf"(?P<dated>{year})?(?:{parts}|(?(dated)|(?!)))"
    return rf"(?:{plan}|{dotted}|{within}|{dated}|{whole_year}){end}?"
