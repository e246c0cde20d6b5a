"""Text of Chinese documents, the way their authors meant it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizers.text import clean, numeral, split_outside_brackets, squeeze, strip_brackets


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("地区生产总值增长 5%左右。", "地区生产总值增长5%左右。"),
        ("力促精研科技等 70 个项目", "力促精研科技等70个项目"),
        ("配合推进地铁 5 号线, 新增 46 个", "配合推进地铁5号线，新增46个"),
        ("劣 V 类支浜; 强化 VOCs 管控", "劣V类支浜；强化VOCs管控"),
        ("区应急管理局(安委办)", "区应急管理局（安委办）"),
        ("试行(草案(二稿))", "试行（草案（二稿））"),
        ("推广office suite软件", "推广office suite软件"),
        ("投资1,200万元，10:30开工", "投资1,200万元，10:30开工"),
        ("区文商旅发展促进\n中心", "区文商旅发展促进中心"),
        ("增长４．５％以上", "增长4.5%以上"),
        ("Wi-Fi, 5G", "Wi-Fi, 5G"),
        ("  工　作　标　准 ", "工作标准"),
        ("年均化解率 15% 以上", "年均化解率15%以上"),
    ],
)
def test_blanks_and_widths(raw: str, meant: str) -> None:
    assert clean(raw) == meant


@given(st.text(alphabet="区发改局（）(),，。 5%A\n　、", max_size=30))
def test_cleaning_twice_is_cleaning_once_and_loses_no_sign(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    fold = str.maketrans("（），", "(),")
    assert squeeze(once).translate(fold) == squeeze(text).translate(fold)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("十二", 12),
        ("二十", 20),
        ("一百零三", 103),
        ("2.0", 2),
        ("１５", 15),
        ("", None),
        ("三类", None),
        ("3.5", None),
    ],
)
def test_numerals(text: str, value: int | None) -> None:
    assert numeral(text) == value


def test_brackets() -> None:
    assert strip_brackets("区应急管理局（安委办）") == ("区应急管理局", "安委办")
    assert strip_brackets("各镇（街道）办") == ("各镇（街道）办", None)
    assert split_outside_brackets("甲、乙（丙、丁）、戊", "、") == ["甲", "乙（丙、丁）", "戊"]
