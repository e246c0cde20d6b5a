"""Printed words of time to days: 6月底前, 二、三季度, 2025-2027年, 长期.

The words are data in reference/dates.yaml; docs/reading.md says what each means. Years without digits (今年, 6月) are
those of the document. What a reader could take in two ways, or only with a calendar, has no days.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from normalizers.date_words import DateWords, Grammar, load_grammar
from normalizers.records import DateSpan
from normalizers.reference import DEFAULT_DIR
from normalizers.text import clean, numeral

_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
#: A century for years of two digits (26年6月).
_CENTURY = 2000


@dataclass(frozen=True, slots=True)
class _Period:
    """Days that words name; ``first`` is None where only the end is named (6月底).

    ``year`` is that of the end, and ``printed_year`` tells whether the words say it. ``is_day``: they name single days,
    ``is_fixed``: a day by its name (国庆).
    """

    first: date | None
    last: date
    year: int
    printed_year: bool
    is_day: bool = False
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """Words of time in a text; ``span`` is None where their days can't be known."""

    start: int
    end: int
    span: DateSpan | None


def span_of(words: str, year: int | None, directory: Path = DEFAULT_DIR) -> DateSpan | None:
    """The days that a deadline stands for, None where they can't be known.

    ``year`` is that of the document. Where a text names several times it is the whole span: from the first beginning
    to the last end. Both days are None for what has neither (长期). Raises
    :class:`normalizers.reference.ReferenceDataError` for faulty words in ``directory``, the reference folder.
    """
    text, grammar = clean(words), load_grammar(directory)
    places = list(_places(text, year, grammar))
    rest = _without(text, places)
    if any(place.span is None for place in places) or grammar.unclear.search(rest) or grammar.left_over.search(rest):
        return None
    spans = [place.span for place in places if place.span is not None]
    if grammar.open.search(rest) and not any(span.last and span.first for span in spans):
        spans.append(DateSpan(None, None))
    if not spans and (plan := grammar.plan_alone.fullmatch(text)):
        first, last = grammar.words.plans[plan[1]]
        return DateSpan(date(first, 1, 1).isoformat(), date(last, 12, 31).isoformat())
    return _whole(spans) if spans else None


def find_dates(text: str, year: int | None, directory: Path = DEFAULT_DIR) -> Iterator[tuple[int, int, DateSpan]]:
    """The times in a text, in order: start and end of their words (characters, end excluded) and their days.

    Words without an end (长期, 持续) and times whose days can't be known are left out. For ``year`` and ``directory``
    see :func:`span_of`.
    """
    for place in _places(text, year, load_grammar(directory)):
        if place.span is not None:
            yield place.start, place.end, place.span


def _whole(spans: Sequence[DateSpan]) -> DateSpan:
    """From the first beginning to the last end; no beginning where another time ends before it."""
    lasts = [span.last for span in spans if span.last is not None]
    first = min((span.first for span in spans if span.first is not None), default=None)
    if first is not None and any(span.first is None and span.last and span.last < first for span in spans):
        first = None
    return DateSpan(first, max(lasts) if len(lasts) == len(spans) else None)


def _without(text: str, places: Sequence[_Place]) -> str:
    """The text with a sign in place of each time."""
    for place in reversed(places):
        text = text[: place.start] + "\x1f" + text[place.end :]
    return text


def _places(text: str, year: int | None, grammar: Grammar) -> Iterator[_Place]:
    """All times of a text. A month without a year belongs to the year that the time before it prints."""
    position, said = 0, year
    while match := grammar.point.search(text, position):
        period = _period(match, said, year, grammar)
        start, end = match.span()
        through = grammar.through.match(text, end)
        if through and through["short_month"] and not match["dotted_day"]:
            through = None
        if period is not None and through:
            following = _period(through, period.year, year, grammar)
            period, end = _joined(period, following), through.end()
        elif through:
            end = through.end()
        suffix = grammar.suffix.match(text, end)
        span = _span(period, suffix, grammar) if period is not None else None
        if suffix:
            end = suffix.end()
        elif grammar.goes_on.match(text, end):
            span = None
        prefix = grammar.prefix.search(text, position, start)
        if prefix:
            start = prefix.start()
            span = _after(prefix[0], span, grammar.words)
        if period is not None and period.printed_year and not _is_years(period):
            said = period.year
        yield _Place(start, end, span)
        position = end


def _is_years(period: _Period) -> bool:
    """Whether a period is made of whole years: then what follows need not lie in them (到2027年；6月底前)."""
    return (period.first is None or (period.first.month, period.first.day) == (1, 1)) and (
        period.last.month,
        period.last.day,
    ) == (12, 31)


def _joined(first: _Period, last: _Period | None) -> _Period | None:
    """From the beginning of a period to the end of another, None where that lies before it."""
    begins = first.first or first.last
    if last is None or last.last < begins:
        return None
    return replace(last, first=begins, printed_year=first.printed_year or last.printed_year)


def _span(period: _Period, suffix: re.Match[str] | None, grammar: Grammar) -> DateSpan | None:
    """A period with the words behind it."""
    first = period.first.isoformat() if period.first else None
    last = period.last.isoformat()
    word = suffix["word"] if suffix else ""
    if not word or word in grammar.words.within:
        return DateSpan(first, last)
    if word in grammar.words.from_:
        return DateSpan(first or last, None)
    if period.is_fixed:
        return DateSpan(None, (period.last - timedelta(days=1)).isoformat())
    # 6月30日前 and 6月底前 have their day in it; 6月前 can mean before June as well as by its end.
    return DateSpan(None, last) if period.is_day or period.first is None else None


def _after(prefix: str, span: DateSpan | None, words: DateWords) -> DateSpan | None:
    """A span behind the words before it: 到2027年 names only an end."""
    if span is None or prefix not in words.until or span.last is None:
        return span
    return DateSpan(None, span.last)


def _period(match: re.Match[str], said: int | None, year: int | None, grammar: Grammar) -> _Period | None:
    """The days of a matched time; None where there is no such day, or no year is known."""
    found = {name: value for name, value in match.groupdict().items() if value}
    words = grammar.words
    if "plan" in found:
        first, last = words.plans[found["plan"]]
        return _ended(_Period(date(first, 1, 1), date(last, 12, 31), last, True), found)
    if "within_years" in found:
        count = numeral(found["within_years"])
        if year is None or not count:
            return None
        return _Period(date(year, 1, 1), date(year + count - 1, 12, 31), year + count - 1, False)
    years = _years(found, said, year, words)
    if years is None:
        return None
    try:
        return _ended(_dated(found, years, words), found)
    except ValueError:  # the 31st of June, a list that falls
        return None


def _ended(period: _Period, found: dict[str, str]) -> _Period:
    return replace(period, first=None) if "end" in found else period


def _years(found: dict[str, str], said: int | None, year: int | None, words: DateWords) -> tuple[int, int] | None:
    """The first and last year that a time names, else the one that holds."""
    if "years" in found or "dotted_year" in found:
        digits = found.get("years") or found["dotted_year"]
        numbers = [int(part) for part in re.findall(r"\d+", digits.translate(_CHINESE_DIGITS))]
        numbers = [number if number > 99 else number + _CENTURY for number in numbers]
        return numbers[0], numbers[-1]
    if "year_word" in found:
        word = found["year_word"]
        base = said if word in words.following_year else year
        own = None if base is None else base + words.years.get(word, 1)
        return None if own is None else (own, own)
    return None if said is None else (said, said)


def _dated(found: dict[str, str], years: tuple[int, int], words: DateWords) -> _Period:
    """The period of a time whose years are known. ValueError where there is no such day."""
    printed = "years" in found or "dotted_year" in found or "year_word" in found
    months, days = (1, 12), (1, 31)
    is_day = is_fixed = False
    if "months" in found:
        months = _rising(found["months"])
        if "days" in found:
            days, is_day = _rising(found["days"]), True
        elif "part" in found:
            days = words.parts_of_month[found["part"]]
    elif "dotted_month" in found:
        months = int(found["dotted_month"]), int(found.get("dotted_until") or found["dotted_month"])
        if "dotted_day" in found:
            days, is_day = (int(found["dotted_day"]),) * 2, True
    elif "short_month" in found:
        months, days, is_day = (int(found["short_month"]),) * 2, (int(found["short_day"]),) * 2, True
    elif "quarters" in found:
        first, last = _rising(found["quarters"])
        months = 3 * first - 2, 3 * last
    elif "period" in found:
        months = words.periods[found["period"]]
    elif "fixed" in found:
        month, day = words.days[found["fixed"]]
        months, days, is_fixed = (month, month), (day, day), True
    first_day = date(years[0], months[0], days[0])
    length = monthrange(years[1], months[1])[1]
    last_day = date(years[1], months[1], days[1] if is_day or is_fixed else min(days[1], length))
    if last_day < first_day or years[1] < years[0]:
        raise ValueError(f"{last_day} lies before {first_day}")
    return _Period(first_day, last_day, years[1], printed, is_day, is_fixed)


def _rising(text: str) -> tuple[int, int]:
    """The first and last number of a list (3—5, 二、三). ValueError where they do not rise."""
    numbers = [numeral(part) for part in re.findall(r"\d+|[一二三四五六七八九十]+", text)]
    known = [number for number in numbers if number]
    if len(known) < len(numbers) or sorted(set(known)) != known:
        raise ValueError(text)
    return known[0], known[-1]
