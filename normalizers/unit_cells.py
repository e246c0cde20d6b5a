"""The organisations of a field of a task, with the bodies that they stand for and what is in doubt about them."""

from __future__ import annotations

from collections.abc import Sequence

from normalizers.breaks import marked
from normalizers.grid import Entry, text_of
from normalizers.organisations import UnitSplitter
from normalizers.records import Unit
from normalizers.resolver import Resolver


def read_units(
    entries: Sequence[Entry], splitter: UnitSplitter, resolver: Resolver
) -> tuple[tuple[Unit, ...], list[tuple[str, str]]]:
    """The organisations in the entries of a field, and doubts about them as (rule, detail)."""
    if not entries:
        return (), []
    split = splitter.split(text_of(entries))
    if any(entry.among is not None for entry in entries):
        whole = "\n".join(marked(e.text, e.wraps) if e.among is None else e.among for e in entries)
        split = split.among(splitter.split(whole))
    doubts = [("uncertain_wrap", split.doubt)] if split.doubt else []
    for rule in dict.fromkeys(note.rule for note in split.notes):
        doubts.append((rule, "；".join(note.detail for note in split.notes if note.rule == rule)))
    return tuple(map(resolver.resolve, split.names, split.fulls)), doubts
