"""Edits of a correction file's text: what does not change stays as people wrote it, byte for byte.

YAML libraries that write a file anew lose something of its style. So an entry is put in, changed or taken out at the
place that the parser names, and the result is parsed again: where it does not say exactly what it should, ruamel.yaml
writes the file instead, which keeps comments and order but not every blank.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from normalizers.corrections import KINDS

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WIDE = 1_000_000
Data = dict[str, list[dict[str, Any]]]


class EditError(Exception):
    """A text that can't be edited by machine; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Append:
    """A new entry at the end of a list of the file."""

    kind: str
    entry: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """Other values for some keys that the entry has; ``index`` counts from 0."""

    kind: str
    index: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Remove:
    """An entry taken out."""

    kind: str
    index: int


Edit = Append | Change | Remove


def parse(text: str) -> Data:
    """The entries of a text by list. Raises :class:`EditError` where it is not what a correction file is."""
    try:
        data = yaml.load(text, Loader=_Loader) or {}
        return {kind: [dict(entry) for entry in data.get(kind) or []] for kind in KINDS}
    except (yaml.YAMLError, AttributeError, TypeError, ValueError) as error:
        raise EditError("the file is faulty; mend it first") from error


def edited(text: str, edits: Sequence[Edit]) -> str:
    """The text after the edits; indices are those of the text as given. Raises :class:`EditError`."""
    removals = {(edit.kind, edit.index): edit for edit in edits if isinstance(edit, Remove)}
    edits = [edit for edit in edits if not isinstance(edit, Remove)] + [*removals.values()]
    wanted = _applied(parse(text), edits)
    for attempt in (_spliced, _round_trip):
        try:
            result = attempt(text, edits)
            if parse(result) == wanted:
                return result
        except (yaml.YAMLError, EditError, LookupError, TypeError, AttributeError):
            continue
    raise EditError("the file is written in a way that can't be changed by machine; add the entry by hand")


def _applied(data: Any, edits: Sequence[Edit]) -> Any:
    """The data after the edits; works on plain data and on ruamel's alike."""
    for edit in edits:
        if isinstance(edit, Change):
            data[edit.kind][edit.index].update(edit.values)
    for kind, index in sorted({(e.kind, e.index) for e in edits if isinstance(e, Remove)}, reverse=True):
        del data[kind][index]
    for edit in edits:
        if isinstance(edit, Append):
            if data.get(edit.kind) is None:
                data[edit.kind] = []
            data[edit.kind].append(dict(edit.entry))
    return data


def _round_trip(text: str, edits: Sequence[Edit]) -> str:
    from ruamel.yaml import YAML  # noqa: PLC0415  hardly ever needed

    handler = YAML()
    handler.preserve_quotes = True
    handler.width = _WIDE
    handler.version = (1, 1)  # as the loader reads
    handler.indent(mapping=2, sequence=4, offset=2)
    buffer = io.StringIO()
    handler.dump(_applied(handler.load(text), edits), buffer)
    return re.sub(r"\A%YAML 1\.1\n---\s", "", buffer.getvalue())


def _spliced(text: str, edits: Sequence[Edit]) -> str:
    """The edits made in the text itself, from its end to its beginning, so that places stay true."""
    newline = "\r\n" if "\r\n" in text else "\n"
    if text and not text.endswith("\n"):
        text += newline
    root = yaml.compose(text, Loader=_Loader)
    lists = {key.value: value for key, value in root.value} if root is not None else {}
    splices: list[tuple[int, int, str]] = []
    for edit in edits:
        if isinstance(edit, Change):
            nodes = {key.value: value for key, value in lists[edit.kind].value[edit.index].value}
            flow = lists[edit.kind].value[edit.index].flow_style
            for key, value in edit.values.items():
                splices.append((nodes[key].start_mark.index, _end(nodes[key]), _inline(value, flow)))
        elif isinstance(edit, Remove):
            splices.append(_removal(text, lists[edit.kind], edit.index))
    late = ""
    for kind in KINDS:
        entries = [edit.entry for edit in edits if isinstance(edit, Append) and edit.kind == kind]
        if entries and kind in lists:
            splices += _appendix(text, lists[kind], entries, newline)
        elif entries:
            late += _lines([f"{kind}:", *(_block(entry, 2) for entry in entries)], newline, blank=bool(text or late))
    for start, end, new in sorted(splices, reverse=True):
        text = text[:start] + new + text[end:]
    return text + late


def _appendix(text: str, node: Any, entries: Sequence[Mapping[str, Any]], newline: str) -> list[tuple[int, int, str]]:
    """The new entries behind the last one of a list, in its style."""
    if node.value and node.flow_style:
        new = "".join(f", {_inline(dict(entry), True)}" for entry in entries)
        return [(_end(node.value[-1]), _end(node.value[-1]), new)]
    if node.value:
        indent, flow = node.start_mark.column, bool(node.value[-1].flow_style)
        place = _line_end(text, _end(node.value[-1]))
    else:
        # ``accepted:`` or ``accepted: []``: the brackets go, entries follow on the next line.
        indent, flow, place = 2, False, _line_end(text, node.end_mark.index)
    shape = [_flow(entry, indent) if flow else _block(entry, indent) for entry in entries]
    splices = [(place, place, _lines(shape, newline))]
    if not node.value and node.end_mark.index > node.start_mark.index:
        splices.append((node.start_mark.index, node.end_mark.index, ""))
    return splices


def _removal(text: str, node: Any, index: int) -> tuple[int, int, str]:
    """The lines of an entry; what people wrote above it stays."""
    if node.flow_style:
        raise EditError("entries stand in one line")
    item = node.value[index]
    start = text.rfind("\n", 0, item.start_mark.index) + 1
    if text[start : item.start_mark.index].strip() != "-":
        raise EditError("the entry shares its line")
    return start, _line_end(text, _end(item)), ""


def _end(node: Any) -> int:
    """Where the text of a node ends; the parser's mark of a block is behind the comments that follow it."""
    if node.value and not isinstance(node.value, str) and not node.flow_style:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _line_end(text: str, index: int) -> int:
    """Behind the line break of the line that a place is in (or right behind one, as that of a block text is)."""
    if index and text[index - 1] == "\n":
        return index
    return text.find("\n", index) + 1 or len(text)


def _lines(lines: Sequence[str], newline: str, *, blank: bool = False) -> str:
    return (newline if blank else "") + "".join(f"{line}\n" for line in lines).replace("\n", newline)


def _block(entry: Mapping[str, Any], indent: int) -> str:
    """An entry with a line for each key."""
    blanks = " " * indent
    lines = [f"{key}: {_inline(value, False)}" for key, value in entry.items()]
    return f"{blanks}- " + f"\n{blanks}  ".join(lines)


def _flow(entry: Mapping[str, Any], indent: int) -> str:
    return f"{' ' * indent}- {_inline(dict(entry), True)}"


def _inline(value: Any, flow: bool) -> str:
    """A value in one line; within brackets (``flow``) some signs need quotation marks that need none elsewhere."""
    if isinstance(value, str) and len(value.splitlines()) > 1:
        return _dumped(value, default_style='"')
    if flow and not isinstance(value, dict | list):
        return _dumped([value])[1:-1]
    return _dumped(value)


def _dumped(value: Any, **style: Any) -> str:
    dumped: str = yaml.safe_dump(
        value, allow_unicode=True, width=_WIDE, sort_keys=False, default_flow_style=True, **style
    )
    return dumped.removesuffix("\n").removesuffix("\n...")
