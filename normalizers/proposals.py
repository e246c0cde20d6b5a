"""Lines for a roster, proposed for names that it does not have: the sort of body, a stable id, YAML to paste.

A proposal is for a person to look at; nothing in the dataset comes from it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from normalizers.divisions import region_name
from normalizers.reference import DEFAULT_DIR, ReferenceDataError, load, load_yaml
from normalizers.resolver import level_of
from normalizers.roster import UNIT_KINDS, Alias, Organisation
from normalizers.text import HAN, strip_brackets

#: What YAML takes as a text without quotation marks, in a list as well.
_PLAIN = re.compile(rf"[{HAN}（][{HAN}A-Za-z0-9（）、·]*")
#: The ends of the names of regions, longest first: 钟楼区 is 钟楼 in the names of its bodies.
_REGION_ENDS = ("自治区", "自治州", "自治县", "地区", "省", "市", "区", "县", "旗", "州", "盟")

#: Kinds whose names are whole: nothing is left out of them in an id.
_WHOLE = ("street", "town", "group")


@dataclass(frozen=True, slots=True)
class KindRule:
    """Names that begin or end so are of a kind; with ``place`` only those that begin with their region's name."""

    kind: str
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    place: bool

    def fits(self, name: str, place: str | None) -> bool:
        """Whether a name is of the kind; ``place`` is the short name of the region."""
        if self.place and not (place and name.startswith(place)):
            return False
        return name.startswith(self.begins) or name.endswith(self.ends)


@dataclass(frozen=True, slots=True)
class Guesses:
    """The words of reference/organisations/kinds.yaml."""

    kinds: tuple[KindRule, ...]
    members: dict[str, tuple[str, ...]]
    offices: tuple[str, ...]

    def kind_of(self, name: str, place: str | None) -> str:
        """The kind that a name points to, ``other`` where none does."""
        return next((rule.kind for rule in self.kinds if rule.fits(name, place)), "other")

    def members_of(self, name: str) -> tuple[str, ...]:
        """The kinds that a group names: town and street for 各镇（街道）."""
        return tuple(kind for kind, words in self.members.items() if any(word in name for word in words))


@cache
def load_guesses(directory: Path = DEFAULT_DIR) -> Guesses:
    """What names point to. Raises :class:`ReferenceDataError` for a faulty file."""
    path = directory / "organisations" / "kinds.yaml"
    data: Any = load_yaml(path)
    try:
        rules = tuple(
            KindRule(
                entry["kind"], tuple(entry.get("begins", ())), tuple(entry.get("ends", ())), bool(entry.get("place"))
            )
            for entry in data["kinds"]
        )
        members = {kind: tuple(words) for kind, words in data["members"].items()}
        guesses = Guesses(rules, members, tuple(data["offices"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ReferenceDataError(f"{path}: lacks {error} or has it in another form") from error
    unknown = ({rule.kind for rule in rules} | set(guesses.members)) - set(UNIT_KINDS)
    if unknown:
        raise ReferenceDataError(f"{path}: {min(unknown)} is no kind; kinds are {', '.join(UNIT_KINDS)}")
    return guesses


@dataclass(slots=True)
class Proposer:
    """Proposes lines for the roster of a region; ``taken`` are ids that are in use and grows with each proposal."""

    region_code: str
    taken: set[str]
    directory: Path = DEFAULT_DIR

    @property
    def place(self) -> str | None:
        """The short name of the region (钟楼 of 钟楼区), None for an unknown code."""
        name = region_name(self.region_code)
        return next((name.removesuffix(end) for end in _REGION_ENDS if name.endswith(end)), name) if name else None

    def propose(self, name: str, kind: str | None = None, aliases: Collection[str] = ()) -> Organisation:
        """A line for a name. ``kind`` is guessed unless given; groups get the members that they name."""
        guesses = load_guesses(self.directory)
        region = self._region_of(name)
        kind = kind or guesses.kind_of(strip_brackets(name)[0], self.place)
        return Organisation(
            self.new_id(name if kind in _WHOLE else self._short(name), region),
            name,
            kind,
            tuple(map(Alias, aliases)),
            region_code=region,
            members=guesses.members_of(name) if kind == "group" else (),
        )

    def new_id(self, name: str, region_code: str) -> str:
        """An id: the region's code and the first letters of a name in pinyin.

        The same names in the same order get the same ids; the second one with the same letters has a 2 behind them.
        """
        letters = initials(name)
        number = 1
        while (unit_id := f"{region_code}-{letters}{number if number > 1 else ''}") in self.taken:
            number += 1
        self.taken.add(unit_id)
        return unit_id

    def _region_of(self, name: str) -> str:
        """The region that a name's word of level means: in a table of a district 市发改委 is a body of the city."""
        own = region_name(self.region_code) or ""
        level = level_of(name.removeprefix("团"), load(self.directory).units.lists)
        if level is None or own.endswith(level):
            return self.region_code
        above = (f"{self.region_code[:4]}00", f"{self.region_code[:2]}0000")
        return next((code for code in above if (region_name(code) or "").endswith(level)), self.region_code)

    def _short(self, name: str) -> str:
        """A name without brackets, and without its word of level or its region's name: 发改局, 公安分局."""
        base = strip_brackets(name)[0]
        for word in (level_of(base, load(self.directory).units.lists), self.place):
            if word and base.startswith(word) and len(base) > len(word) + 1:
                return base[len(word) :]
        return base


def initials(text: str) -> str:
    """The first letters of a Chinese text in pinyin (发改局 is fgj), other letters and digits as they are."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415  its dictionaries take a third of a second

    letters = "".join(lazy_pinyin(text, style=Style.FIRST_LETTER, errors=lambda rest: rest)).lower()
    return re.sub(r"[^a-z0-9]", "", letters) or "x"


def line(body: Organisation, region_code: str) -> str:
    """A body as a line to paste under ``organisations:`` of the roster of a region, without its indentation."""
    parts = [f"id: {body.unit_id}", f"name: {_quoted(body.name)}", f"kind: {body.kind}"]
    if body.aliases:
        parts.append(f"aliases: [{', '.join(map(_alias, body.aliases))}]")
    parts += [f"{key}: {year}" for key, year in _years(body)]
    if body.region_code not in (region_code, ""):
        parts.append(f'region_code: "{body.region_code}"')
    for key, ids in (("members", body.members), ("merged_into", body.merged_into), ("renamed_to", body.renamed_to)):
        parts += [f"{key}: [{', '.join(ids)}]"] if ids else []
    return f"- {{{', '.join(parts)}}}"


def _alias(alias: Alias) -> str:
    years = _years(alias)
    if not years:
        return _quoted(alias.name)
    return f"{{{', '.join([f'name: {_quoted(alias.name)}', *(f'{key}: {year}' for key, year in years)])}}}"


def _years(entry: Alias | Organisation) -> list[tuple[str, int]]:
    years = (("valid_from", entry.valid_from), ("valid_to", entry.valid_to))
    return [(key, year) for key, year in years if year is not None]


def _quoted(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
