"""What differs between two values is seen at a glance, with and without colours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.texts_compared import compared, compared_lists, compared_objects, plain


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("修路", "修路5条", "修路{+5条+}"),
        ("", "12月底", "{+12月底+}"),
        ("12月底", "", "[-12月底-]"),
        ("地区生产总值增长5%左右。", "地区生产总值增长5%以上。", "地区生产总值增长5%[-左右-]{+以上+}。"),
        ("3", "4", "[-3-]{+4+}"),
        ("第一行\n第二行", "第一行\r\n第三行", "第一行⏎第[-二-]{+三+}行"),
    ],
)
def test_texts(old: str, new: str, shown: str) -> None:
    assert compared(old, new).plain == shown


def test_what_is_the_same_in_a_long_text_is_cut_short() -> None:
    start, end = "坚持稳中求进工作总基调，" * 9, "，推动高质量发展取得新成效" * 9
    shown = compared(f"{start}建成公园1个{end}", f"{start}建成公园2个{end}").plain
    assert shown == "…求进工作总基调，建成公园[-1-]{+2+}个，推动高质量发展取得新…"


def test_texts_with_nothing_in_common_stand_one_behind_the_other() -> None:
    assert compared("建成公园1个", "完成修路任务").plain == "[-建成公园1个-]{+完成修路任务+}"
    assert compared("甲" * 300, "乙").plain == f"[-{'甲' * 120}…-]{{+乙+}}"


def test_colours_say_the_same_as_the_marks() -> None:
    shown = compared("修路5条", "修路6条")
    assert {(shown.plain[span.start : span.end], span.style) for span in shown.spans} == {
        ("[-5-]", "red"),
        ("{+6+}", "green"),
    }


def test_lists_go_and_come_by_items() -> None:
    old, new = ["区发改局", "区工信局"], ["区发改局", "区教育局", "区民政局"]
    assert compared_lists(old, new).plain == "区发改局、[-区工信局-]、{+区教育局+}、{+区民政局+}"
    assert compared_lists([], ["区教育局"]).plain == "{+区教育局+}"


def test_of_objects_only_the_values_that_differ_are_shown() -> None:
    old = [{"metric": "公园", "value": 1.0}, {"metric": "道路", "value": 5.0, "scope": "年内"}]
    new = [{"metric": "公园", "value": 1.0}, {"metric": "道路", "value": 6.0}]
    assert compared_objects(old, new).plain == "2: value [-5-]{+6+}.0, scope [-年内-]"
    assert compared_objects([{"phrase": "5条", "value": 5}], []).plain == "[-5条-]"


def test_a_terminal_obeys_no_document() -> None:
    assert plain("甲\x1b[31m乙\x07\u202e丙　丁") == "甲�[31m乙��丙　丁"


@given(st.text(alphabet="甲乙丙1，\n", max_size=40), st.text(alphabet="甲乙丙1，\n", max_size=40))
def test_short_texts_can_be_read_in_full(old: str, new: str) -> None:
    """Without what came it is the old text, without what went the new one, as far as nothing is cut."""
    shown = compared(old, new).plain
    if "…" not in shown:
        for text, kept, left in ((old, "[-", "{+"), (new, "{+", "[-")):
            assert taken(shown, kept, left) == plain(text)


def taken(shown: str, kept: str, left: str) -> str:
    ends = {"[-": "-]", "{+": "+}"}
    while left in shown:
        before, _, rest = shown.partition(left)
        shown = before + rest.partition(ends[left])[2]
    return shown.replace(kept, "").replace(ends[kept], "")
