"""Words that a list of organisations says only once, or puts between names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)  # one object for each folder of reference data, so that it can be a key
class ListWords:
    """The words under ``lists`` in reference/organisations/patterns.yaml, which says what each of them means."""

    levels: tuple[str, ...]
    no_levels: tuple[str, ...]
    functions: tuple[str, ...]
    party: tuple[str, ...]
    offices: tuple[str, ...]
    department_ends: tuple[str, ...]
    own_begins: tuple[str, ...]
    own_ends: tuple[str, ...]
    parks: tuple[str, ...]
    joining: tuple[str, ...]
    in_names: tuple[str, ...]
    vague: tuple[str, ...]

    @classmethod
    def of(cls, data: Mapping[str, list[str]]) -> ListWords:
        """The words of a mapping as in patterns.yaml, long ones first. KeyError where it lacks one."""
        return cls(*(tuple(sorted(data[name], key=len, reverse=True)) for name in cls.__dataclass_fields__))
