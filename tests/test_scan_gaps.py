"""Faint marks in the answer of the recognition network: found where a gap shows that one stands there."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from extractors.scan.decode import decode
from extractors.scan.model import Glyph
from extractors.scan.unsure import is_unsure

CHARACTERS = ("<blank>", *"推动协同联以凤凰河增效20质量，、。：.|", " ")
#: Columns of the answer from one wide character to the next.
STEP = 5
Answer = NDArray[np.float32]


def answer(columns: Mapping[int, Mapping[str, float]], length: int) -> Answer:
    """The network's answer: in each column the probabilities of some characters; nothing has the rest."""
    result = np.zeros((length, len(CHARACTERS)), np.float32)
    for column, seen in columns.items():
        for text, probability in seen.items():
            result[column, CHARACTERS.index(text)] = probability
    result[:, 0] = 1 - result.sum(axis=1)
    return result


def line(text: str, faint: Mapping[int, Mapping[str, float]] | None = None) -> Answer:
    """Wide characters, one for each step; _ is a gap. ``faint`` is what is seen in other columns."""
    columns: dict[int, Mapping[str, float]] = {
        2 + STEP * at: {char: 0.99} for at, char in enumerate(text) if char != "_"
    }
    return answer({**columns, **(faint or {})}, STEP * len(text))


def test_a_faint_mark_in_a_gap_is_found_and_unsure() -> None:
    read = decode(line("推动协同联_以凤凰河", {27: {"，": 0.08, ".": 0.06, "：": 0.2}}), 1.0, CHARACTERS)
    assert "".join(character.text for character in read) == "推动协同联，以凤凰河"
    mark = read[5]
    assert read[4].at < mark.at < read[6].at
    assert mark.confidence < 0.5
    assert mark.others.startswith("：")


def test_the_end_of_a_line_may_have_one() -> None:
    read = decode(line("推动协同联_", {26: {"。": 0.3}}), 1.0, CHARACTERS)
    assert "".join(character.text for character in read) == "推动协同联。"


def test_no_mark_where_nothing_was_seen() -> None:
    for text, faint in (
        ("推动协同联_以凤凰河", {}),
        ("推动协同联以凤凰河", {24: {"，": 0.04}}),
        ("推动_同", {12: {"，": 0.2}}),
    ):
        read = decode(line(text, faint), 1.0, CHARACTERS)
        assert "".join(character.text for character in read) == text.replace("_", "")


def test_what_was_seen_between_two_characters_makes_the_second_unsure() -> None:
    digits = {27: {"2": 0.99}, 29: {"|": 0.06, ".": 0.03}, 31: {"0": 0.99}}
    read = decode(line("推动协同联__质量", digits), 1.0, CHARACTERS)
    assert "".join(character.text for character in read) == "推动协同联20质量"
    zero = read[6]
    assert (zero.text, zero.confidence < 0.5, zero.others[0]) == ("0", True, "|")
    sure = decode(line("推动协同联__质量", {27: {"2": 0.99}, 29: {"2": 0.1}, 31: {"0": 0.99}}), 1.0, CHARACTERS)
    assert all(character.confidence > 0.9 for character in sure)


def test_stops_that_may_be_others_are_unsure_and_brackets_are_not() -> None:
    def glyph(text: str, others: str, confidence: float = 0.6) -> Glyph:
        return Glyph(text, 0, 0, 1, 1, confidence, others=others)

    assert is_unsure(glyph("、", "，"))
    assert is_unsure(glyph("大", "太"))
    assert not is_unsure(glyph("，", ","))
    assert not is_unsure(glyph("）", "」"))
    assert not is_unsure(glyph("、", "，", 0.9))
