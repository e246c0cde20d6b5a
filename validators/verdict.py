"""What validation is told about a document, and what it answers. Cheap to import: no GX, no pandas."""

from __future__ import annotations

from dataclasses import dataclass

from normalizers.corrections import Correction
from normalizers.records import Issue, NormalizedDocument


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a document besides its records.

    ``has_roster``: reference/organisations knows the region, so that an organisation without a ``unit_id``
    is a doubt and not the rule. ``declared_counts``: every number of tasks that the text itself declares
    (共85项). ``columns``: the fields of :data:`normalizers.records.FIELD_NAMES` that the heading has.
    ``accepted``: entries of reference/corrections for doubts that people have looked at and accepted. They are not
    raised again, and a lack that was accepted is explained.
    """

    has_roster: bool
    declared_counts: tuple[int, ...]
    columns: frozenset[str]
    accepted: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The document with the validator's issues merged in, and whether it may be published.

    ``reasons`` are the critical issues, in the order of ``document.issues``; there is at least one exactly
    when ``held_back`` is true.
    """

    document: NormalizedDocument
    held_back: bool
    reasons: tuple[Issue, ...]


def facts_of(document: NormalizedDocument) -> Facts:
    """The facts that a document carries itself."""
    return Facts(document.has_roster, document.declared_counts, document.columns, document.accepted)
