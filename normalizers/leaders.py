"""The leaders of a region, read from reference/leaders/<region_code>.yaml: who a printed name or post stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

from normalizers.persons import fold_dots
from normalizers.records import Leader
from normalizers.reference import DEFAULT_DIR, ReferenceDataError, load_yaml
from normalizers.text import label

_ID = re.compile(r"(\d{6})-l-[a-z0-9]+")
_KEYS = {"id", "name", "aliases", "posts"}
_POST_KEYS = {"post", "valid_from", "valid_to"}
_FIRST, _LAST = 1, 9999


@dataclass(frozen=True, slots=True)
class Post:
    """An office and its term: years, both included, None where open."""

    name: str
    valid_from: int | None = None
    valid_to: int | None = None

    @property
    def years(self) -> tuple[int, int]:
        """The first and the last year, far ones where the term is open."""
        return self.valid_from or _FIRST, self.valid_to or _LAST

    def covers(self, year: int | None) -> bool:
        """Whether the office was held in a year; None is any year."""
        return year is None or self.years[0] <= year <= self.years[1]


@dataclass(frozen=True, slots=True)
class Person:
    """One leader: ``aliases`` are other spellings of the name, ``posts`` the offices with their terms."""

    leader_id: str
    name: str
    aliases: tuple[str, ...] = ()
    posts: tuple[Post, ...] = ()

    @property
    def spellings(self) -> frozenset[str]:
        """The name and its other spellings, without blanks and with one form of dot."""
        return frozenset(_key(name) for name in (self.name, *self.aliases))

    def held_in(self, year: int | None) -> tuple[Post, ...]:
        """The offices held in a year; None is any year."""
        return tuple(post for post in self.posts if post.covers(year))

    def serves_in(self, year: int | None) -> bool:
        """Whether the person held an office in a year; always where no office is listed."""
        return not self.posts or bool(self.held_in(year))


@dataclass(frozen=True, slots=True)
class LeaderRoster:
    """The leaders of one region."""

    region_code: str
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class LeaderResolver:
    """Looks leaders up in the list of a region; without one (None) every leader stays as printed.

    ``year`` is that of the document, None where it is not known.
    """

    roster: LeaderRoster | None
    year: int | None

    def resolve(self, leader: Leader) -> Leader:
        """The leader with the id and the canonical name, unchanged where the list does not know exactly one such."""
        found = [person for person in self._named(leader.printed) if person.serves_in(self.year)]
        if not found and leader.printed == leader.post:
            found = self._holders(leader.post)
        if len(found) != 1:
            return leader
        return Leader(leader.printed, found[0].leader_id, found[0].name, leader.post)

    def spellings(self) -> frozenset[str]:
        """All names that the list has for the year of the document."""
        people = self.roster.people if self.roster else ()
        return frozenset().union(*(person.spellings for person in people if person.serves_in(self.year)))

    def out_of_office(self, name: str) -> str | None:
        """The terms of a leader who held no office in the year of the document: 副区长 2020-2022; else None."""
        posts = [post for person in self._named(name) if not person.serves_in(self.year) for post in person.posts]
        terms = (f"{post.name} {post.valid_from or ''}-{post.valid_to or ''}" for post in posts)
        return "、".join(terms) or None

    def _named(self, name: str) -> list[Person]:
        people = self.roster.people if self.roster else ()
        return [person for person in people if _key(name) in person.spellings]

    def _holders(self, post: str) -> list[Person]:
        """Those who held an office in the year of the document; nobody where that year is not known."""
        people = self.roster.people if self.roster and self.year is not None else ()
        return [person for person in people if any(label(p.name) == post for p in person.held_in(self.year))]


def _key(name: str) -> str:
    return fold_dots(label(name))


@cache
def load_leaders(region_code: str, directory: Path = DEFAULT_DIR) -> LeaderRoster | None:
    """The leaders of a region, None where there is no list. Raises :class:`ReferenceDataError` for a faulty one."""
    path = directory / "leaders" / f"{region_code}.yaml"
    if not path.exists():
        return None
    data = load_yaml(path)
    if not isinstance(data, dict) or not isinstance(data.get("leaders"), list):
        raise ReferenceDataError(f"{path}: needs a list under leaders")
    if unknown := set(data) - {"region_code", "leaders"}:
        raise ReferenceDataError(f"{path}: {', '.join(map(str, unknown))} means nothing here")
    if str(data.get("region_code", region_code)) != region_code:
        raise ReferenceDataError(f"{path}: is the list of {region_code}, but its region_code is {data['region_code']}")
    people = tuple(_person(f"{path}: leader {number}", entry) for number, entry in enumerate(data["leaders"], 1))
    _refuse_doubles(path, people)
    return LeaderRoster(region_code, people)


def _person(where: str, entry: Any) -> Person:
    if not isinstance(entry, dict) or not {"id", "name"} <= entry.keys() or not entry.keys() <= _KEYS:
        raise ReferenceDataError(f"{where} needs id and name and may have aliases and posts, not {entry!r}")
    leader_id, name = str(entry["id"]), str(entry["name"])
    if not _ID.fullmatch(leader_id):
        raise ReferenceDataError(f"{where}: an id has the form 320404-l-zs, not {leader_id}")
    aliases, posts = entry.get("aliases") or [], entry.get("posts") or []
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        raise ReferenceDataError(f"{where}: aliases is a list of names")
    if not isinstance(posts, list):
        raise ReferenceDataError(f"{where}: posts is a list")
    return Person(leader_id, name, tuple(aliases), tuple(_post(where, post) for post in posts))


def _post(where: str, entry: Any) -> Post:
    if not isinstance(entry, dict) or "post" not in entry or not entry.keys() <= _POST_KEYS:
        raise ReferenceDataError(f"{where}: a post has the keys {', '.join(sorted(_POST_KEYS))}, not {entry!r}")
    first, last = entry.get("valid_from"), entry.get("valid_to")
    if not all(year is None or type(year) is int for year in (first, last)):
        raise ReferenceDataError(f"{where}: valid_from and valid_to are years")
    post = Post(str(entry["post"]), first, last)
    if post.years[0] > post.years[1]:
        raise ReferenceDataError(f"{where}: {post.name} ends before it begins")
    return post


def _refuse_doubles(path: Path, people: tuple[Person, ...]) -> None:
    """An id belongs to one leader, and a name does in any one year."""
    for one, other in combinations(people, 2):
        if one.leader_id == other.leader_id:
            raise ReferenceDataError(f"{path}: the id {one.leader_id} occurs twice")
        if (names := one.spellings & other.spellings) and _together(one, other):
            raise ReferenceDataError(f"{path}: {min(names)} means both {one.leader_id} and {other.leader_id}")


def _together(one: Person, other: Person) -> bool:
    """Whether two leaders serve in one and the same year."""
    ours, theirs = ([post.years for post in person.posts] or [(_FIRST, _LAST)] for person in (one, other))
    return any(a[0] <= b[1] and b[0] <= a[1] for a in ours for b in theirs)
