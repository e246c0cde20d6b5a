"""What recognition from a picture easily mistakes (reference/ocr.yaml): characters, digits, marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

from normalizers.reference import DEFAULT_DIR, ReferenceDataError, load_yaml
from normalizers.text import HAN

#: Quotation marks as a text layer has them and as recognition may give them.
_STRAIGHT = '"＂'
_MARKS = "，。；：、？！“”‘’（）《》"


@dataclass(frozen=True, slots=True)
class Lookalikes:
    """The tables of reference/ocr.yaml; ``pairs`` are two characters each, ``digits`` what is read for a digit."""

    pairs: frozenset[frozenset[str]]
    digits: Mapping[str, str]
    digit_pairs: frozenset[frozenset[str]]
    marks: Mapping[str, str]
    full_stops: str

    def are_alike(self, one: str, other: str) -> bool:
        """Whether two characters are easily mistaken for each other."""
        return frozenset((one, other)) in self.pairs

    def is_misread(self, read: str, meant: str) -> bool:
        """Whether a name may have been read so: as long, and one character taken for one that looks like it."""
        return (changed := changed_character(read, meant)) is not None and self.are_alike(*changed)

    def number(self, read: str) -> int | None:
        """The number that digits stand for, some of which may have been read as letters; None: no number."""
        digits = "".join(self.digits.get(char, char) for char in read)
        return int(digits) if re.fullmatch("[0-9]{1,4}", digits) else None

    def may_be_number(self, read: str, number: int) -> bool:
        """Whether a printed number may have been read so: it differs in digits that look alike, or lacks one."""
        digits, meant = "".join(self.digits.get(char, char) for char in read), str(number)
        if len(digits) == len(meant):
            pairs = [frozenset(pair) for pair in zip(digits, meant, strict=True) if pair[0] != pair[1]]
            return all(pair in self.digit_pairs for pair in pairs)
        return len(digits) + 1 == len(meant) and any(meant[:at] + meant[at + 1 :] == digits for at in range(len(meant)))

    def fold(self, text: str) -> str:
        """Marks of Chinese text in the form that they have there; what may be meant otherwise stays.

        A point between Chinese characters is the tail of a comma that was all that could be seen of it. A straight
        quotation mark opens and closes in turns, where there are as many of both.
        """
        for read, meant in self.marks.items():
            mark = re.escape(read)
            text = re.sub(rf"(?<=[{HAN}{_MARKS}])\s*{mark}|{mark}(?=\s*[{HAN}])", meant, text)
        text = re.sub(rf"(?<=[{HAN}”）》])\s*[{re.escape(self.full_stops)}]\s*$", "。", text)
        text = re.sub(rf"(?<=[{HAN}”）》])\s*\.\s*(?=[{HAN}“（《])", "，", text)
        return _curled(text)


def changed_character(read: str, meant: str) -> tuple[str, str] | None:
    """The one character in which two texts of one length differ, as (read, meant); None where it is not one."""
    if len(read) != len(meant):
        return None
    changes = [(one, other) for one, other in zip(read, meant, strict=True) if one != other]
    return changes[0] if len(changes) == 1 else None


@cache
def load_lookalikes(directory: Path = DEFAULT_DIR) -> Lookalikes:
    """The tables of a reference folder. Raises :class:`ReferenceDataError` for faulty ones."""
    path = directory / "ocr.yaml"
    data = load_yaml(path)
    keys = {"alike", "digits", "alike_digits", "marks", "full_stops"}
    if not isinstance(data, dict) or data.keys() != keys:
        raise ReferenceDataError(f"{path}: needs the keys {', '.join(sorted(keys))}, and no others")
    try:
        digits = {read: digit for digit, signs in data["digits"].items() for read in signs}
        marks = {str(read): str(meant) for read, meant in data["marks"].items()}
        pairs, digit_pairs = _pairs(data["alike"]), _pairs(data["alike_digits"])
    except (AttributeError, TypeError) as error:
        raise ReferenceDataError(f"{path}: has something in another form ({error})") from error
    return Lookalikes(pairs, digits, digit_pairs, marks, str(data["full_stops"]))


def _pairs(groups: Iterable[str]) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(pair) for group in groups for pair in combinations(group, 2))


def _curled(text: str) -> str:
    marks = [match.start() for match in re.finditer(f"[{_STRAIGHT}]", text)]
    if not marks or len(marks) % 2 or "“" in text or "”" in text or not re.search(f"[{HAN}]", text):
        return text
    chars = list(text)
    for number, at in enumerate(marks):
        chars[at] = "”" if number % 2 else "“"
    return "".join(chars)
