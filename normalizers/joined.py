"""Words and numbers in a list of organisations that are no part of a name: 及 between two, 等单位 behind one, ①."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache

from normalizers.breaks import SURE
from normalizers.elided import Note, goes_on_with_kinds, prefix_of
from normalizers.meaning import is_unit
from normalizers.reference import UnitPatterns
from normalizers.text import HAN, is_unclosed, label, squeeze

#: Ends of words for levels and kinds of places.
_PLACES = frozenset("省市县区旗州盟镇乡道）)")
_NUMERAL = "(?:\\d{1,2}|[一二三四五六七八九十]{1,3})"
_NUMBER = re.compile(
    rf"(?:(?<=[\s、，,；;{SURE}])|^)(?:{_NUMERAL}\s*、|\d{{1,2}}\s*[.．]|[（(]{_NUMERAL}[)）])\s*(?=[{HAN}])|[①-⑳]\s*(?=[{HAN}])"
)
_MORE_NUMBERS = re.compile(rf"(?<=[{HAN}）)])[（(]{_NUMERAL}[)）]\s*(?=[{HAN}])")
#: Bodies that are not named: 等单位, 等省有关部门, 等10个部门, 等区（市）县政府.
_OTHERS = re.compile(
    rf"等(?:\d+|[一二三四五六七八九十]+)?[家个]?(?:(?:(?!等)[{HAN}（()）]){{0,8}}(?:单位|部门|企业|机构|院校|高校|街道|乡镇|政府|管委会))?$"
)
#: Where another name may begin without anything between: 县住建局县城管局.
_SEAM = re.compile("(?<=[局委办厅部室处])(?=[省市区县州旗])")


def grouped(parts: Sequence[str], patterns: UnitPatterns) -> list[str]:
    """The marked parts of a list; a level word alone belongs to the part behind it if that is no body: 省、市有关部门.

    So does a word for a kind of places: 各镇、街道, 各区、县人民政府.
    """
    joined: list[str] = []
    for part in parts:
        if joined and joined[-1][-1] in _PLACES and _are_one(joined[-1], part, patterns):
            joined[-1] += f"、{part}"
        else:
            joined.append(part)
    return joined


def _are_one(before: str, part: str, patterns: UnitPatterns) -> bool:
    """Whether two marked parts of a list make one group of bodies."""
    return any(_is_one(a, b, patterns) for a in _last(before, patterns) for b in _first(part, patterns))


def _is_one(before: str, part: str, patterns: UnitPatterns) -> bool:
    """Whether two texts beside a mark make one group of bodies."""
    words = patterns.lists
    is_shared = part[len(prefix_of(part, words) or "") :].startswith((*words.functions, *words.party))
    is_level = before.rsplit("、", maxsplit=1)[-1] in words.levels
    return (is_level and not is_shared) or goes_on_with_kinds(before, part)


def _last(part: str, patterns: UnitPatterns) -> list[str]:
    """What may stand before a mark: all of a part, or its last line if the lines before it are names of their own."""
    whole, (*lines, last) = squeeze(part), part.split()
    is_apart = last.startswith("各") or not is_unit(whole, patterns)
    return [whole, last] if is_apart and is_unit("".join(lines), patterns) else [whole]


def _first(part: str, patterns: UnitPatterns) -> list[str]:
    """What may stand behind a mark: all of a part, or its first line if those behind it are names of their own."""
    first, *lines = part.split()
    rest = "".join(lines)
    return [squeeze(part), first] if is_unit(rest, patterns) and rest not in patterns.bare_endings else [squeeze(part)]


def without_numbers(text: str) -> str:
    """A marked text of a cell with the numbers of its entries (1. ① 一、 （1）) as sure breaks."""
    text, count = _NUMBER.subn(SURE, text)
    return _MORE_NUMBERS.sub(SURE, text) if count else text


def without_others(text: str, is_whole: Callable[[str], bool]) -> tuple[str, Note | None]:
    """A marked element of a list without the words for others that stand at its end, and what they were."""
    flat = label(text)
    match = _OTHERS.search(flat) if "等" in flat else None
    if match is None or (match.start() and not is_whole(flat[: match.start()])):
        return text, None
    printed = [at for at, char in enumerate(text) if not char.isspace()]
    own = flat[: match.start()]
    note = Note("unnamed_units", own, f"{flat} stands for organisations that are not named, too")
    return text[: printed[-len(match[0])]].rstrip(), note


def parted(
    name: str, joining: tuple[str, ...], in_names: tuple[str, ...], is_whole: Callable[[str], bool]
) -> tuple[list[str], Note | None]:
    """The names that words like 及 join, where each side of it is a whole name; what may be two names is said.

    Words that stand in names as well (和) never divide.
    """
    for match in _words(joining + in_names).finditer(name):
        left, right = name[: match.start()], name[match.end() :]
        if is_unclosed(left):
            continue
        if match[0] in joining and not left and is_whole(right):
            return parted(right, joining, in_names, is_whole)
        if match[0] in joining and not right and is_whole(left):
            return [left], None
        if is_whole(left) and is_whole(right):
            if match[0] in in_names:
                return [name], Note("joined_names", name, f"{name} could be two names, {left} and {right}")
            others, note = parted(right, joining, in_names, is_whole)
            return [left, *others], note
    return [name], None


def jammed(name: str, is_whole: Callable[[str], bool], parents: Collection[str]) -> Note | None:
    """What is to be said of a name that could be two without anything between them: 县住建局县城管局.

    ``parents`` are bodies that are named so in one breath: 市纪委市监委.
    """
    for match in _SEAM.finditer(name):
        left, right = name[: match.start()], name[match.start() :]
        if left[1:] in parents and right[1:] in parents:
            continue
        if len(left) > 2 and not is_unclosed(left) and is_whole(left) and is_whole(right):
            return Note("joined_names", name, f"{name} could be two names, {left} and {right}")
    return None


@lru_cache(maxsize=8)
def _words(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
