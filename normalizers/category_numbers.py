"""The numbers printed before labels of categories: 一、, （一）, 1., A. and others, as the reading rules name them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from normalizers.reference import NumberForms
from normalizers.text import numeral, squeeze

_WORDS = "[一二三四五六七八九十百]+"
_ROMAN = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ"
_ROMAN_LETTERS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
#: What each form looks like before a label; the group is the number.
FORMS = {
    "words": rf"({_WORDS})\s*[、.．]",
    "parts": rf"第({_WORDS})(?:部分|章|篇|类|大类)[、：:]?",
    "bracketed": rf"[（(]({_WORDS})[)）]",
    "digits": r"(\d{1,2})\s*(?:[、．]|\.(?!\d))",
    "bracketed_digits": r"[（(](\d{1,2})[)）]",
    "letters": r"([A-Z])\s*[、.．]",
    "roman": rf"([{_ROMAN}]|[IVX]{{1,4}})\s*[、.．]",
}


@dataclass(frozen=True, slots=True)
class Numbered:
    """The number that a label begins with, and the label behind it."""

    number: int
    label: str


@dataclass(frozen=True, slots=True)
class CategoryNumbers:
    """Reads the numbers before labels, level by level."""

    forms: NumberForms

    def first(self, label: str) -> Numbered | None:
        """The number of the first level that a label begins with."""
        return _read(label, self.forms.first)

    def second(self, label: str) -> Numbered | None:
        """The number of the second level that a label begins with."""
        return _read(label, self.forms.second)

    def either(self, label: str) -> Numbered | None:
        """The number of a form that stands for either level."""
        return _read(label, self.forms.either)

    def strip(self, label: str) -> str:
        """A label without the numbers of both levels before it."""
        for read in (self.first, self.second):
            found = read(label)
            label = found.label if found else label
        return label

    def value(self, text: str) -> int | None:
        """The number that a cell of numbers says: 3, 三, （三）, and C or Ⅲ where categories are numbered so."""
        bare = squeeze(text).strip("()（）.、．")
        found = numeral(bare)
        if found is None and {"letters", "roman"} & {*self.forms.first, *self.forms.second, *self.forms.either}:
            found = _value(bare) if re.fullmatch(rf"[A-Z{_ROMAN}]|[IVX]{{1,4}}", bare) else None
        return found


def _read(label: str, forms: Iterable[str]) -> Numbered | None:
    for form in forms:
        match = _pattern(form).match(label)
        number = _value(match[1], form) if match else None
        if match and number is not None:
            return Numbered(number, label[match.end() :])
    return None


@lru_cache(maxsize=16)
def _pattern(form: str) -> re.Pattern[str]:
    return re.compile(rf"{FORMS[form]}\s*")


def _value(text: str, form: str = "letters") -> int | None:
    """The number that digits, words, a letter or a Roman numeral say; None for letters that are no numeral."""
    if form != "letters" and text in _ROMAN_LETTERS:
        return _ROMAN_LETTERS.index(text) + 1
    if text in _ROMAN:
        return _ROMAN.index(text) + 1
    if re.fullmatch("[A-Z]", text):
        return ord(text) - ord("A") + 1
    return numeral(text)
