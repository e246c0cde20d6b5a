"""Encodings: what people save, and what is no text at all."""

from __future__ import annotations

import codecs

import pytest

from extractors.decode import decode
from extractors.errors import ReadError

TEXT = "序号\t目标名称\t工作标准\r\n1\t全区经济\t(1) 地区生产总值增长 5%左右。\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig"),
        (TEXT.encode("gb18030"), "gb18030"),
        (TEXT.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (b"plain ascii\twith tabs\n", "utf-8"),
    ],
)
def test_encodings_in_use_are_recognised(data: bytes, encoding: str) -> None:
    text, found = decode(data, "x.txt")
    assert found == encoding
    assert text.startswith(("序号\t目标名称", "plain"))


def test_rare_characters_of_gb18030_survive() -> None:
    text = "负责人\t㛃堃\n" + "地区生产总值增长左右责任单位" * 3
    assert decode(text.encode("gb18030"), "x.txt")[0] == text


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "is empty"),
        (b" \r\n\t\n", "is empty"),
        (codecs.BOM_UTF8, "is empty"),
        (bytes(range(256)) * 20, "no text"),
        ("責任單位與目標任務，經濟發展局。".encode("big5") * 5, "encoding is unknown"),
        ("目標任務の責任分担表、経済発展局".encode("shift_jis") * 5, "encoding is unknown"),
        (codecs.BOM_UTF8 + TEXT.encode("gb18030"), "not utf-8-sig"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8\x00\xd8a", "not utf-16"),
    ],
)
def test_what_is_no_text_is_said_with_the_file_and_what_to_do(data: bytes, problem: str) -> None:
    with pytest.raises(ReadError) as caught:
        decode(data, "raw/2026/x.txt")
    assert problem in str(caught.value)
    assert str(caught.value).startswith("raw/2026/x.txt: ")
    assert caught.value.advice
