"""The organisations of a region, read from reference/organisations/<region_code>.yaml.

A body keeps its id for good. What changes over time are its names (aliases with years), its life (``valid_from``,
``valid_to``) and what became of it (``merged_into``, ``renamed_to``). docs/organisations.md shows how to write them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from normalizers.reference import DEFAULT_DIR, ReferenceDataError, load_yaml
from normalizers.text import label

UnitKind = Literal[
    "bureau", "party", "street", "town", "park", "enterprise", "vertical", "institution", "group", "other"
]
UNIT_KINDS: tuple[str, ...] = get_args(UnitKind)
_ID = re.compile(r"(\d{6})-[a-z0-9]+")
_FILE_KEYS = ("region_code", "closed_kinds", "organisations")
_KEYS = (
    "id",
    "name",
    "kind",
    "aliases",
    "valid_from",
    "valid_to",
    "region_code",
    "members",
    "merged_into",
    "renamed_to",
)
_ALIAS_KEYS = ("name", "valid_from", "valid_to")
_FIRST, _LAST = 1, 9999


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name of a body in print, and the years (both included, None where open) in which it was used."""

    name: str
    valid_from: int | None = None
    valid_to: int | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """One body of a roster; ``valid_from`` and ``valid_to`` are years, both included, None where open.

    ``region_code`` is the region it belongs to, that of the roster if nothing else is said. ``members`` of a group are
    kinds (all bodies of that kind) and ids; a group without any is open (各有关单位). ``merged_into`` and
    ``renamed_to`` are the ids of the bodies that it became.
    """

    unit_id: str
    name: str
    kind: str
    aliases: tuple[Alias, ...] = ()
    valid_from: int | None = None
    valid_to: int | None = None
    region_code: str = ""
    members: tuple[str, ...] = ()
    merged_into: tuple[str, ...] = ()
    renamed_to: tuple[str, ...] = ()

    @property
    def successors(self) -> tuple[str, ...]:
        """The ids of the bodies that it became."""
        return self.merged_into + self.renamed_to

    def valid_in(self, year: int | None) -> bool:
        """Whether the body existed in a year; None is any year."""
        return year is None or _covers(self.valid_from, self.valid_to, year)

    def names_in(self, year: int | None) -> tuple[str, ...]:
        """The names that mean the body in a year, the canonical one first; none where it did not exist."""
        if not self.valid_in(year):
            return ()
        used = (a.name for a in self.aliases if year is None or _covers(a.valid_from, a.valid_to, year))
        return self.name, *used


@dataclass(frozen=True, slots=True)
class Roster:
    """The organisations of one region. ``closed`` maps a kind whose list is complete to the ends of such names."""

    region_code: str
    organisations: tuple[Organisation, ...]
    closed: Mapping[str, tuple[str, ...]]

    def body(self, unit_id: str) -> Organisation:
        """The body with an id; KeyError for an unknown one."""
        for body in self.organisations:
            if body.unit_id == unit_id:
                return body
        raise KeyError(unit_id)

    def members_of(self, group: Organisation, year: int | None) -> tuple[Organisation, ...]:
        """The members of a group in a year, in the order of the roster; a kind means the bodies of the same region."""
        return tuple(
            body
            for body in self.organisations
            if body.valid_in(year)
            and body.kind != "group"
            and (body.unit_id in group.members or _is_of_kind(body, group))
        )

    def known_otherwise(self, name: str) -> Iterator[Organisation]:
        """The bodies that a name means in whatever year."""
        wanted = label(name)
        return (body for body in self.organisations if wanted in map(label, body.names_in(None)))


def _is_of_kind(body: Organisation, group: Organisation) -> bool:
    return body.kind in group.members and body.region_code == group.region_code


def _covers(first: int | None, last: int | None, year: int) -> bool:
    return (first or _FIRST) <= year <= (last or _LAST)


@cache
def load_roster(region_code: str, directory: Path = DEFAULT_DIR) -> Roster | None:
    """The roster of a region, None where there is none. Raises :class:`ReferenceDataError` for a faulty one."""
    path = directory / "organisations" / f"{region_code}.yaml"
    return read_roster(path, region_code) if path.exists() else None


def read_roster(path: Path, region_code: str) -> Roster:
    """The roster in a file. Raises :class:`ReferenceDataError` with the file, the line's id and what is wrong."""
    data = load_yaml(path)
    if not isinstance(data, dict) or not isinstance(data.get("organisations"), list):
        raise ReferenceDataError(f"{path}: needs a list under organisations")
    _refuse_keys(f"{path}", data, _FILE_KEYS)
    if str(data.get("region_code", region_code)) != region_code:
        raise ReferenceDataError(
            f"{path}: is the roster of {region_code}, but its region_code is {data['region_code']}"
        )
    organisations = tuple(
        _organisation(path, number, entry, region_code) for number, entry in enumerate(data["organisations"], 1)
    )
    roster = Roster(region_code, organisations, _closed(path, data.get("closed_kinds") or {}))
    _refuse_double_ids(path, organisations)
    _refuse_lost_references(path, roster)
    _refuse_double_names(path, organisations)
    return roster


def _organisation(path: Path, number: int, entry: Any, region_code: str) -> Organisation:
    where = f"{path}: organisation {number}"
    if not isinstance(entry, dict) or not {"id", "name", "kind"} <= entry.keys():
        raise ReferenceDataError(f"{where}: an organisation needs id, name and kind, not {entry!r}")
    where = f"{path}: {entry['id']}"
    _refuse_keys(where, entry, _KEYS)
    own = str(entry.get("region_code") or region_code)
    match = _ID.fullmatch(str(entry["id"]))
    if match is None or match[1] != own:
        raise ReferenceDataError(f"{where}: an id is {own}- and small letters or digits ({own}-fgj)")
    if entry["kind"] not in UNIT_KINDS:
        raise ReferenceDataError(f"{where}: {entry['kind']!r} is no kind; kinds are {', '.join(UNIT_KINDS)}")
    aliases = tuple(_alias(where, alias) for alias in _list(where, entry, "aliases"))
    members = tuple(map(str, _list(where, entry, "members")))
    if members and entry["kind"] != "group":
        raise ReferenceDataError(f"{where}: only a group has members")
    merged, renamed = (tuple(map(str, _list(where, entry, key))) for key in ("merged_into", "renamed_to"))
    if merged + renamed and entry.get("valid_to") is None:
        raise ReferenceDataError(f"{where}: a body that became another one needs valid_to, its last year")
    return Organisation(
        str(entry["id"]),
        _text(where, entry["name"]),
        str(entry["kind"]),
        aliases,
        *_years(where, entry),
        own,
        members,
        merged,
        renamed,
    )


def _alias(where: str, entry: Any) -> Alias:
    if not isinstance(entry, dict):
        return Alias(_text(where, entry))
    _refuse_keys(f"{where}, alias", entry, _ALIAS_KEYS)
    return Alias(_text(where, entry.get("name")), *_years(where, entry))


def _years(where: str, entry: dict[str, Any]) -> tuple[int | None, int | None]:
    first, last = entry.get("valid_from"), entry.get("valid_to")
    for year in (first, last):
        if year is not None and (not isinstance(year, int) or not 1900 <= year <= 2999):
            raise ReferenceDataError(f"{where}: valid_from and valid_to are years, not {year!r}")
    if first and last and first > last:
        raise ReferenceDataError(f"{where}: valid_from {first} is after valid_to {last}")
    return first, last


def _text(where: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ReferenceDataError(f"{where}: a name is a text, not {value!r}")
    return value.strip()


def _list(where: str, entry: dict[str, Any], key: str) -> list[Any]:
    """A list; a single value is a list of one."""
    value = entry.get(key)
    if isinstance(value, dict):
        raise ReferenceDataError(f"{where}: {key} is a list, not {value!r}")
    return value if isinstance(value, list) else [] if value is None else [value]


def _closed(path: Path, kinds: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(kinds, dict) or not all(
        kind in UNIT_KINDS and isinstance(ends, list) for kind, ends in kinds.items()
    ):
        raise ReferenceDataError(f"{path}: closed_kinds are kinds, each with a list of the ends of such names")
    return {str(kind): tuple(ends) for kind, ends in kinds.items()}


def _refuse_keys(where: str, entry: dict[str, Any], known: tuple[str, ...]) -> None:
    unknown = [str(key) for key in entry if key not in known]
    if unknown:
        raise ReferenceDataError(f"{where}: unknown key {unknown[0]}; keys are {', '.join(known)}")


def _refuse_double_ids(path: Path, organisations: tuple[Organisation, ...]) -> None:
    seen: dict[str, Organisation] = {}
    for body in organisations:
        other = seen.setdefault(body.unit_id, body)
        if other is not body:
            raise ReferenceDataError(f"{path}: {body.unit_id} is the id of both {other.name} and {body.name}")


def _refuse_lost_references(path: Path, roster: Roster) -> None:
    """Members and successors must be there; a successor must outlive the body."""
    bodies = {body.unit_id: body for body in roster.organisations}
    for body in roster.organisations:
        for member in body.members:
            if member not in UNIT_KINDS and member not in bodies:
                raise ReferenceDataError(f"{path}: {body.unit_id} has the member {member}, which is no kind and no id")
            if member == "group" or (member in bodies and bodies[member].kind == "group"):
                raise ReferenceDataError(f"{path}: {body.unit_id} has the member {member}: a group in a group")
        for successor in body.successors:
            if successor not in bodies:
                raise ReferenceDataError(f"{path}: {body.unit_id} became {successor}, which is no id of the file")
            if not bodies[successor].valid_in((body.valid_to or 0) + 1):
                raise ReferenceDataError(
                    f"{path}: {body.unit_id} became {successor}, which is not valid the year after"
                )


def _refuse_double_names(path: Path, organisations: tuple[Organisation, ...]) -> None:
    """A name may mean two bodies only when the years do not overlap in which it means them."""
    seen: dict[str, list[tuple[int, int, Organisation]]] = {}
    for body in organisations:
        for alias in (Alias(body.name), *body.aliases):
            first = max(body.valid_from or _FIRST, alias.valid_from or _FIRST)
            last = min(body.valid_to or _LAST, alias.valid_to or _LAST)
            for from_, to, other in seen.setdefault(label(alias.name), []):
                if other is not body and first <= to and from_ <= last:
                    raise ReferenceDataError(f"{path}: {alias.name} means both {other.unit_id} and {body.unit_id}")
            seen[label(alias.name)].append((first, last, body))
