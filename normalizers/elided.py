"""What a list of organisations says only once: 省发展改革委、科技厅 is 省科技厅 too, 黄埔区、南沙区政府 is 黄埔区政府.

Only within a group, which ends at ， or ； or at the end of a line, and only where it is plain; else a note says what
is left open. The words are data (reference/organisations/patterns.yaml, ``lists``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from normalizers.divisions import is_division
from normalizers.list_words import ListWords
from normalizers.text import HAN, strip_brackets

#: A place that is named without its kind: 五星 of 五星、永红街道.
_BARE = re.compile(rf"[{HAN}]{{2,3}}")
_PLACE = re.compile(rf"[{HAN}]{{1,5}}?(?:自治县|自治旗|[区县市旗])")
_KIND = "(?:区县|县区|市县|县市|市区|乡镇|镇街|街镇|街道|园区|开发区|[省市县区旗州盟镇乡])"
_IN_BRACKETS = "(?:[（(][^（）()]*[)）])?"
#: Kinds of bodies as a whole, or what they have: 各县, 各区（园区）人民政府.
EVERY = re.compile(rf"各({_KIND}){_IN_BRACKETS}.*")
EACH = re.compile(
    rf"({_KIND}){_IN_BRACKETS}(?P<body>(?:人民)?政府|管委会|街道办|(?:街道)?办事处|党工委|党委|){_IN_BRACKETS}"
)
#: Bodies that a place may share with others: X区政府, Y街道办事处, Z镇, W区.
_CARRIERS = (
    re.compile(rf"(?P<place>[{HAN}]{{1,5}}?)(?P<kind>自治县|自治旗|[区县市旗])(?P<body>(?:人民)?政府)"),
    re.compile(rf"(?P<place>[{HAN}]{{1,6}}?)(?P<kind>街道|镇|乡)(?P<body>办事处|办|(?:人民)?政府|)"),
    re.compile(rf"(?P<place>[{HAN}]{{1,5}}?)(?P<kind>自治县|自治旗|[区县])(?P<body>)"),
)
_SHARED = ("政府", "街道", "镇", "乡", "街道办事处", "街道办", "乡办事处", "区", "县", "旗")
_OFFICE = re.compile("(.+)(管委会|管理委员会)")
_TOWNS = ("街道", "镇", "乡")
#: Kinds of places that can stand beside each other have the same rank.
_HIGHER = frozenset("省市县区旗州盟")


@dataclass(frozen=True, slots=True)
class Listed:
    """A name of a list, the number of its group, and its full form where the list says a part of it only once."""

    name: str
    group: int
    full: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be said of a name of a list: the rule, and the detail."""

    rule: str
    name: str
    detail: str


@lru_cache(maxsize=1 << 14)  # the same few hundred names are asked for again and again
def prefix_of(name: str, words: ListWords) -> str | None:
    """What a name says of its level: 省 of 省科技厅, 市 of 团市委, 武进区 of 武进区发改局; None if it says nothing."""
    bare = name.removeprefix("团")
    level = next((level for level in words.levels if bare.startswith(level) and bare != level), None)
    if name.endswith(_TOWNS):
        return None
    if level is not None and not bare.startswith(words.no_levels):
        return level
    if name.startswith((*words.own_begins, *words.functions, *words.party)):
        return None
    behind = (*words.functions, *words.party, "委", "政府", "人民政府")
    for end in range(3, min(8, len(name))):
        if name[:end].endswith(words.levels) and name[end:].startswith(behind):
            return name[:end]
    return None


def same_rank(kind: str, other: str) -> bool:
    """Whether two words for kinds of places (区, 街道) can stand beside each other in 各区、县."""
    return (kind[0] in _HIGHER and not kind.startswith("园")) == (other[0] in _HIGHER)


def goes_on_with_kinds(before: str, part: str) -> bool:
    """Whether words for all bodies of a kind of places go on with another kind: 各镇 with 街道, 各区 with 县政府."""
    if not before.startswith("各"):
        return False
    every, each = EVERY.fullmatch(before), EACH.fullmatch(part)
    last = EACH.fullmatch(before.rsplit("、", maxsplit=1)[-1].removeprefix("各"))
    return bool(every and each and last and not last["body"] and same_rank(every[1], each[1]))


@dataclass(frozen=True, slots=True)
class Completion:
    """Puts back what lists say only once.

    ``is_known``: the roster has a name as printed; ``is_unit``: it looks like the name of a body.
    """

    words: ListWords
    is_known: Callable[[str], bool]
    is_unit: Callable[[str], bool]

    def complete(self, listed: Sequence[Listed]) -> tuple[list[Listed], list[Note]]:
        """The names with their full forms, and notes on those where it is not plain."""
        found: list[Listed] = []
        notes: list[Note] = []
        prefixes = {prefix for item in listed if (prefix := prefix_of(item.name, self.words))}
        for _, group in groupby(listed, key=lambda item: item.group):
            items = list(group)
            notes += self._share_ends(items)
            notes += self._share_levels(items, prefixes)
            found += items
        return found, notes

    def _share_levels(self, items: list[Listed], prefixes: set[str]) -> Iterator[Note]:
        """Give the names of a group the level that was said last before them."""
        words, prefix, is_mixed = self.words, None, False
        for at, item in enumerate(items):
            own = prefix_of(item.name, words)
            if own is not None:
                is_mixed = own not in words.levels and prefix not in (None, own)
                prefix = own
                continue
            if item.full or self._is_own(item.name):
                continue
            is_department = item.name.startswith((*words.functions, *words.party))
            if prefix and is_department and not is_mixed:
                items[at] = replace(item, full=self._with_level(prefix, item.name))
            elif not self.is_known(item.name) and (prefix or (prefixes and is_department)):
                level = prefix or (next(iter(prefixes)) if len(prefixes) == 1 else None)
                asked = f": {self._with_level(level, item.name)}?" if level else ""
                yield Note("elision_unclear", item.name, f"{item.name} may lack a word of level{asked}")

    def _with_level(self, level: str, name: str) -> str:
        return f"{level}委{name}" if name.startswith(self.words.party) else level + name

    def _is_own(self, name: str) -> bool:
        """Whether a name is whole without a level, also by the place that it begins with: 钟楼生态环境局."""
        words, base = self.words, strip_brackets(name)[0]
        if name.startswith(words.own_begins) or base.endswith(words.own_ends):
            return True
        if name.startswith((*words.functions, *words.party)):
            return False
        is_placed = any(name.startswith((*words.functions, *words.offices), at) for at in (2, 3, 4))
        return is_placed or not base.endswith(words.department_ends)

    def _share_ends(self, items: list[Listed]) -> Iterator[Note]:
        """Give the names of a group the end that is said only behind the last of them."""
        for at, item in enumerate(items):
            before = items[at - 1].name if at else ""
            if before in self.words.levels and (level := prefix_of(item.name, self.words)) in self.words.levels:
                self._share_body(items, at, item.name[len(level or "") :])
            every = EVERY.fullmatch(before) if before.startswith("各") else None
            each = EACH.fullmatch(item.name) if every else None
            if every and each and same_rank(every[1], each[1]):
                items[at] = replace(item, full=f"各{item.name}")
            if before:
                yield from self._share_place(items, at)

    def _share_body(self, items: list[Listed], at: int, body: str) -> None:
        """市、区发改局: the words of level before a name have the same body."""
        while at and items[at - 1].name in self.words.levels:
            at -= 1
            items[at] = replace(items[at], full=items[at].name + body)

    def _share_place(self, items: list[Listed], at: int) -> Iterator[Note]:
        """黄埔区、南沙区政府, 五星、永红街道, 甲园区、乙园区管委会: the places before a name have the same end."""
        name = items[at].name
        office = _OFFICE.fullmatch(name)
        if office and office[1].endswith(self.words.parks):
            while at and items[at - 1].name.endswith(self.words.parks):
                at -= 1
                items[at] = replace(items[at], full=items[at].name + office[2])
            return
        carrier = self._carrier(name)
        while carrier and at:
            at -= 1
            before = items[at].name
            if before.endswith(self.words.parks) and carrier["body"] and carrier["kind"] not in "街道镇乡":
                detail = f"{before} stands before {name}, but parks have no {carrier['body']} of their own"
                yield Note("elision_unclear", before, detail)
            elif _PLACE.fullmatch(before) and carrier["body"].endswith("政府") and carrier["kind"] not in "街道镇乡":
                items[at] = replace(items[at], full=before + carrier["body"])
            elif self._is_bare_place(before):
                if is_division(before + carrier["kind"]):
                    items[at] = replace(items[at], full=before + carrier["kind"] + carrier["body"])
                else:
                    yield Note("elision_unclear", before, f"{before} may lack the end of {name}")
            else:
                return

    def _carrier(self, name: str) -> re.Match[str] | None:
        """How a name is made whose end a list may share: its place, the kind of that, and what the place has."""
        if name.startswith("各") or name.endswith(self.words.parks) or not name.endswith(_SHARED):
            return None
        found = (match for pattern in _CARRIERS if (match := pattern.fullmatch(name)))
        return next((match for match in found if match["place"] not in self.words.levels), None)

    def _is_bare_place(self, name: str) -> bool:
        return bool(_BARE.fullmatch(name)) and not (
            self.is_unit(name)
            or self.is_known(name)
            or name[-1] in _HIGHER
            or prefix_of(name, self.words)
            or name.startswith((*self.words.functions, *self.words.party))
        )
