"""Printed words of time as days; the truth was written by hand for a document of 2026."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from reading import read, table

from normalizers.dates import find_dates, span_of
from normalizers.deadlines import unclear_deadlines, with_deadlines
from normalizers.records import DateSpan
from normalizers.reference import DEFAULT_DIR, ReferenceDataError

#: Wording, first day, last day; - where there is none.
TRUTH = """
6月底前                              -           2026-06-30
6月底                                -           2026-06-30
六月底前                             -           2026-06-30
6月末                                -           2026-06-30
6月30日前                            -           2026-06-30
6月30日之前                          -           2026-06-30
6月30号以前                          -           2026-06-30
6月30日（含）前                      -           2026-06-30
12月31日24时前                       -           2026-12-31
2026年6月30日前                      -           2026-06-30
6月30日                              2026-06-30  2026-06-30
6月                                  2026-06-01  2026-06-30
6月份                                2026-06-01  2026-06-30
2026年6月                            2026-06-01  2026-06-30
2026 年 6 月                         2026-06-01  2026-06-30
2026.6                               2026-06-01  2026-06-30
2026.06                              2026-06-01  2026-06-30
2026.6.30                            2026-06-30  2026-06-30
2026/06/30                           2026-06-30  2026-06-30
2026-06-30前                         -           2026-06-30
26年6月底                            -           2026-06-30
二〇二六年六月                       2026-06-01  2026-06-30
6月上旬                              2026-06-01  2026-06-10
6月中旬                              2026-06-11  2026-06-20
6月下旬                              2026-06-21  2026-06-30
2月下旬                              2026-02-21  2026-02-28
2028年2月底                          -           2028-02-29
2028年2月29日                        2028-02-29  2028-02-29
年内                                 2026-01-01  2026-12-31
2026年内                             2026-01-01  2026-12-31
年底                                 -           2026-12-31
年底前                               -           2026-12-31
2026年底前                           -           2026-12-31
2026年年底前                         -           2026-12-31
今年底                               -           2026-12-31
全年                                 2026-01-01  2026-12-31
2026年                               2026-01-01  2026-12-31
2026年度                             2026-01-01  2026-12-31
2026年全年                           2026-01-01  2026-12-31
全年推进                             2026-01-01  2026-12-31
上半年                               2026-01-01  2026-06-30
下半年                               2026-07-01  2026-12-31
2026上半年                           2026-01-01  2026-06-30
一季度                               2026-01-01  2026-03-31
第四季度                             2026-10-01  2026-12-31
第4季度                              2026-10-01  2026-12-31
四季度末                             -           2026-12-31
2026年二季度末前                     -           2026-06-30
二、三季度                           2026-04-01  2026-09-30
第一、第二季度                       2026-01-01  2026-06-30
一至三季度                           2026-01-01  2026-09-30
1-3季度                              2026-01-01  2026-09-30
前三季度                             2026-01-01  2026-09-30
3—5月                                2026-03-01  2026-05-31
3-5月份                              2026-03-01  2026-05-31
三至五月                             2026-03-01  2026-05-31
7、8月                               2026-07-01  2026-08-31
3月~5月                              2026-03-01  2026-05-31
3月至5月                             2026-03-01  2026-05-31
2026年1月-12月                       2026-01-01  2026-12-31
2026年1-12月                         2026-01-01  2026-12-31
2026.1-12                            2026-01-01  2026-12-31
2026.01-2026.12                      2026-01-01  2026-12-31
2026.1.1-2026.12.31                  2026-01-01  2026-12-31
2026.1.1-12.31                       2026-01-01  2026-12-31
2025年10月-2026年3月                 2025-10-01  2026-03-31
1月1日至6月30日                      2026-01-01  2026-06-30
6月1-15日                            2026-06-01  2026-06-15
2026年6月1日起至12月31日             2026-06-01  2026-12-31
到2027年                             -           2027-12-31
至2028年12月                         -           2028-12-31
截至2026年底                         -           2026-12-31
2025-2027年                          2025-01-01  2027-12-31
2025年-2027年                        2025-01-01  2027-12-31
2026、2027年                         2026-01-01  2027-12-31
三年内                               2026-01-01  2028-12-31
明年                                 2027-01-01  2027-12-31
明年3月底前                          -           2027-03-31
十四五末                             -           2025-12-31
“十五五”期间                         2026-01-01  2030-12-31
五一前                               -           2026-04-30
国庆节前                             -           2026-09-30
6月起                                2026-06-01  -
自2026年6月1日起                     2026-06-01  -
长期                                 -           -
长期坚持                             -           -
持续推进                             -           -
常年                                 -           -
6月底前完成                          -           2026-06-30
6月底前完成三年行动方案              -           2026-06-30
按序时进度推进，年底前完成           -           2026-12-31
12月底前全面完成建设                 -           2026-12-31
全年持续推进                         2026-01-01  2026-12-31
2026年6月起长期坚持                  2026-06-01  -
6月底前开工，12月底前完成            -           2026-12-31
一季度启动，6月底前完成              2026-01-01  2026-06-30
6月底前完成设计，下半年开工          -           2026-12-31
2025年10月启动，次年3月完成          2025-10-01  2026-03-31
2027年3月开工，9月完工               2027-03-01  2027-09-30
到2027年形成能力；6月底前见效        -           2027-12-31
6月底前完成，长期坚持                -           -
"""

#: What has no days: only a calendar or the day of issue tells, it can be read in two ways, or there is no such day.
UNCLEAR = [
    "春节前", "本月底", "本季度", "年初", "汛期前", "按时序进度推进", "每年12月底前", "每季度末", "每月25日前",
    "3个月内",
    "6月前", "三季度前", "2027年前", "6月31日前", "2026年2月29日", "11月-3月", "5—3月", "区发改局", "6月底前，春节前",
    "接到通知后30日内", "2026年春节前", "2026.1.1-31", "2026-2028", "6月中旬前", "按上级要求",
]  # fmt: skip


def truth() -> list[tuple[str, DateSpan]]:
    rows = [line.rsplit(maxsplit=2) for line in TRUTH.strip().splitlines()]
    return [(words, DateSpan(*(None if day == "-" else day for day in days))) for words, *days in rows]


@pytest.mark.parametrize(("words", "span"), truth())
def test_words_as_days(words: str, span: DateSpan) -> None:
    assert span_of(words, 2026) == span


@pytest.mark.parametrize("words", UNCLEAR)
def test_what_can_be_read_in_two_ways_has_no_days(words: str) -> None:
    assert span_of(words, 2026) is None


def test_without_a_year_only_printed_years_count() -> None:
    assert span_of("6月底前", None) is None
    assert span_of("2027年6月底前", None) == DateSpan(None, "2027-06-30")
    assert span_of("长期", None) == DateSpan(None, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("力争6月底前完成2026年度目标。", ["6月底前", "2026年度"]),
        ("到2030年，森林覆盖率达到25%；年内新增3处。", ["到2030年", "年内"]),
        ("实施三年行动，落实“十四五”规划，投资2026.6亿元。", []),
        ("自2026年6月1日起，上半年、三季度分别建成2个、3个。", ["自2026年6月1日起", "上半年", "三季度"]),
        ("持续推进12345热线，每年12月开展。", []),
        ("2026年春节前完成，2026年清明期间值守。", []),
        ("总量进入全省前三，2026年前三季度增长5%。", ["2026年前三季度"]),
        ("2025—2027年累计建成30公里，达到2027年序时。", ["2025—2027年", "2027年"]),
    ],
)
def test_places_in_a_text(text: str, words: list[str]) -> None:
    assert [text[start:end] for start, end, _ in find_dates(text, 2026)] == words


@given(
    st.dates(date(1990, 1, 1), date(2099, 12, 31)),
    st.sampled_from(
        ["{y}年{m}月{d}日", "{y}.{m}.{d}", "{y}/{m:02}/{d:02}", "{y}-{m}-{d}", "{m}月{d}日", "{y}年{m}月{d}号"]
    ),
)
def test_every_day_in_every_form(day: date, form: str) -> None:
    words = form.format(y=day.year, m=day.month, d=day.day)
    assert span_of(words, day.year) == DateSpan(day.isoformat(), day.isoformat())
    assert span_of(words + "前", day.year) == DateSpan(None, day.isoformat())


@given(st.integers(1, 12), st.integers(1, 12), st.sampled_from(["-", "—", "至", "~", "到"]), st.integers(1990, 2099))
def test_months_that_rise_are_a_span_and_others_are_unclear(first: int, last: int, sign: str, year: int) -> None:
    span = span_of(f"{year}年{first}{sign}{last}月", 2026)
    assert (span is not None) == (first < last)
    if span:
        assert span.first == date(year, first, 1).isoformat()
        assert (span.last or "")[:7] == f"{year}-{last:02}"


@example("2026年6月1日起至每年年底前三季度2026.6-12月末", 2026)
@given(
    st.text("0123456789一二三四十年月日季度旬上下中前底末内起至到-—、./全每第今明次十五期间长持续春节，", max_size=25),
    st.none() | st.integers(1978, 2100),
)
def test_whatever_is_printed_the_places_are_in_order_and_the_days_too(text: str, year: int | None) -> None:
    found = list(find_dates(text, year))
    assert all(0 <= start < end <= len(text) for start, end, _ in found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))
    for span in [span_of(text, year), *(span for _, _, span in found)]:
        days = [date.fromisoformat(day) for day in (span.first, span.last) if day] if span else []
        assert days == sorted(days)


@given(st.lists(st.sampled_from(["6月底前", "三季度", "2027年3月", "年内", "到2028年"]), min_size=1, max_size=6))
def test_all_places_are_found_wherever_they_stand(words: list[str]) -> None:
    text = "完成任务，".join(words)
    assert [text[start:end] for start, end, _ in find_dates(text, 2026)] == words


def deadlines(*words: str) -> str:
    rows = (f"{n}→做大总量，完成{n}项。→区发改局→{text}" for n, text in enumerate(words, 1))
    return table(*rows, heading="序号\t目标任务\t牵头单位\t完成时限")


def test_a_deadline_has_its_days_beside_it_and_one_issue_for_each_unclear_wording() -> None:
    tasks = with_deadlines(read(deadlines("6月底前", "春节前", "春节前", "年内", "本月底")).tasks, 2026, DEFAULT_DIR)
    assert [task.due for task in tasks] == [
        DateSpan(None, "2026-06-30"), None, None, DateSpan("2026-01-01", "2026-12-31"), None,
    ]  # fmt: skip
    issues = list(unclear_deadlines(tasks))
    assert [(found.rule, found.severity, found.task_no, found.field) for found in issues] == [
        ("deadline_unclear", "info", 2, "deadline"),
        ("deadline_unclear", "info", 5, "deadline"),
    ]
    assert "春节前" in issues[0].message
    assert "2 tasks" in issues[0].message


def test_the_words_are_data(tmp_path: Path) -> None:
    text = (DEFAULT_DIR / "dates.yaml").read_text(encoding="utf-8")
    (tmp_path / "dates.yaml").write_text(text.replace("下半年:", "后半年: [7, 12]\n  下半年:"), encoding="utf-8")
    assert span_of("后半年", 2026) is None
    assert span_of("后半年", 2026, tmp_path) == DateSpan("2026-07-01", "2026-12-31")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "dates.yaml").write_text("years: {今年: 0}\n", encoding="utf-8")
    with pytest.raises(ReferenceDataError, match=r"dates\.yaml"):
        span_of("年内", 2026, tmp_path / "other")
