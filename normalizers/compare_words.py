"""What a task's text has to compare: bits of words that say what it is about, and the proper names in it.

Numbers with their units, years and set phrases (reference/compare.yaml) say nothing about which task it is: they are
what changes from year to year, or what every task has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from normalizers.reference import DEFAULT_DIR, ReferenceDataError, load_yaml
from normalizers.targets.numbers import HALF_WIDTH
from normalizers.targets.words import load_words

_LISTS = ("set_phrases", "common_words", "name_endings", "no_names")
#: How much a bit of one, two and three characters counts: a single character is hardly a word, three rarely meet by
#: chance.
_LENGTHS = ((1, 0.35), (2, 1.0), (3, 1.3))
#: A bit inside a word that many tasks share.
_COMMON = 0.35
#: The words of a measured quantity count as much again as the same words elsewhere.
_METRIC = 1.0
#: What stands in quotation marks has a name of its own (“枫桥经验”): its words count more.
_QUOTED = 1.6
#: A text that has fewer characters than this without its set phrases is compared with them.
_LEAST = 3
_LEAST_NAME = 3
_LEAST_STEM = 2
_BREAK = "\n"
_QUOTES = re.compile("[“”\"‘’'·]")
_IN_QUOTES = re.compile('[“"]([^“”"]{2,12})[”"]')
#: Before the kind of a thing they make a sort of it and no name: 普惠性社区.
_SORTS = ("性", "型", "式", "类", "级", "化")
_BRACKETS = re.compile(r"[（(][^（()）]*[）)]")
_SIGNS = re.compile(r"[^0-9A-Za-z+\u3007\u3400-\u4dbf\u4e00-\u9fff\n]+")


@dataclass(frozen=True, slots=True, eq=False)
class CompareWords:
    """The words of reference/compare.yaml, as patterns that prefer the longest word."""

    set_phrases: re.Pattern[str]
    common_words: re.Pattern[str]
    name_endings: re.Pattern[str]
    no_names: tuple[str, ...]
    same_words: tuple[tuple[str, str], ...]
    numbers: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name with the kind of thing it names: 实验小学城东校区 and 校区."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class TaskText:
    """What a task is compared by: bits of its words with their weight, and its names."""

    bits: dict[str, float]
    names: tuple[Name, ...]


@cache
def load_compare_words(directory: Path = DEFAULT_DIR) -> CompareWords:
    """Read reference/compare.yaml; ReferenceDataError when it lacks a list or has it in another form."""
    path = directory / "compare.yaml"
    data = load_yaml(path)
    for name in _LISTS:
        words = data.get(name)
        if not isinstance(words, list) or not words or not all(isinstance(word, str) and word for word in words):
            raise ReferenceDataError(f"{path}: {name} is no list of words")
    same = data.get("same_words")
    if not isinstance(same, list) or not all(isinstance(group, list) and len(group) > 1 for group in same):
        raise ReferenceDataError(f"{path}: same_words is no list of lists of two words and more")
    pairs = [(str(first), str(other)) for first, *others in same for other in others]
    phrases, common, endings = (_pattern(data[name]) for name in _LISTS[:3])
    no_names = tuple(sorted(data["no_names"], key=lambda word: (-len(word), word)))
    return CompareWords(phrases, common, endings, no_names, tuple(pairs), _numbers(directory))


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word))))


def _numbers(directory: Path) -> re.Pattern[str]:
    """Numbers that change: those with a unit behind them, and years. 12345热线, 5号线 and “3312” are names."""
    units = load_words(directory).units
    unit = _pattern([*units.quantities, *units.counts]).pattern
    powers = "".join(units.magnitudes)
    digits = r"\d+(?:[.,]\d+)*"
    return re.compile(rf"20\d\d年|{digits}\s*[{powers}余多来几]*(?:{unit})|{digits}\s*[{powers}]+|{digits}\.\d+")


def task_text(content: str, metrics: Sequence[str], words: CompareWords) -> TaskText:
    """What there is to compare in a task's content and in the quantities that its targets measure."""
    text = _folded(content, words)
    pieces = _pieces(words.set_phrases.sub(_BREAK, text))
    if sum(map(len, pieces)) < _LEAST:
        pieces = _pieces(text)
    bits: dict[str, float] = {}
    for piece in pieces:
        for bit, weight in _bits(piece, words):
            bits[bit] = max(bits.get(bit, 0.0), weight)
    for match in _IN_QUOTES.finditer(content):
        for bit in _pieces(_folded(match.group(1), words)):
            bits[bit] = max(bits.get(bit, 0.0), _LENGTHS[-1][1]) * _QUOTED
    for metric in metrics:
        for piece in _pieces(words.set_phrases.sub(_BREAK, _folded(metric, words))):
            for bit, weight in _bits(piece, words):
                bits["#" + bit] = max(bits.get("#" + bit, 0.0), weight * _METRIC)
    return TaskText(bits, tuple(_names(text, words)))


def metric_pieces(metric: str, words: CompareWords) -> tuple[str, ...]:
    """A metric without numbers and set phrases, in pieces; the whole text where nothing else is left."""
    text = _folded(metric, words)
    return tuple(_pieces(words.set_phrases.sub(_BREAK, text)) or _pieces(text))


def _folded(text: str, words: CompareWords) -> str:
    """The text without quotation marks and changing numbers, with one word for what has two."""
    text = _QUOTES.sub("", text.translate(HALF_WIDTH))
    for first, other in words.same_words:
        if first not in text:
            text = text.replace(other, first)
    return words.numbers.sub(_BREAK, text)


def _pieces(text: str) -> list[str]:
    return [piece for piece in _SIGNS.sub(_BREAK, text).split(_BREAK) if piece]


def _bits(piece: str, words: CompareWords) -> Iterator[tuple[str, float]]:
    common = [False] * len(piece)
    for match in words.common_words.finditer(piece):
        common[match.start() : match.end()] = [True] * len(match.group())
    for length, weight in _LENGTHS:
        for start in range(len(piece) - length + 1):
            inside = all(common[start : start + length])
            yield piece[start : start + length], weight * (_COMMON if inside else 1.0)


def _names(text: str, words: CompareWords) -> Iterator[Name]:
    """The proper names of a text. What stands in brackets only says from where to where, or which part."""
    for piece in _pieces(words.set_phrases.sub(_BREAK, _BRACKETS.sub(_BREAK, text))):
        name = piece
        while ending := _ending(name, words):
            name, kind = name[: ending.end()], ending.group()
            general = next((word for word in words.no_names if name.endswith(word)), None)
            if general is None:
                if len(name) >= _LEAST_NAME and not name.removesuffix(kind).endswith(_SORTS):
                    yield Name(name, kind)
                break
            name = name[: -len(general)]


def _ending(text: str, words: CompareWords) -> re.Match[str] | None:
    """Where the name in a text ends: 实验小学城东校区 goes on behind 小学, 铜井老街开街 does not behind 老街."""
    last = None
    for match in words.name_endings.finditer(text):
        stem = match.start() - (last.end() if last else 0)
        # 桥 is part of the name in 石桥河.
        if stem >= _LEAST_STEM or (stem == 0) == (last is not None):
            last = match
    return last
