"""Names that were misread from a picture: organisations and leaders are a closed set, in which an odd one shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from extractors.model import Provenance
from normalizers.leader_doubts import is_one_off
from normalizers.leaders import LeaderResolver
from normalizers.lookalikes import Lookalikes
from normalizers.records import Field, Issue, Leader, TaskRecord, Unit
from normalizers.repair import is_recognised
from normalizers.resolver import Resolver
from normalizers.rules import issue
from normalizers.text import label, strip_brackets

T = TypeVar("T", Unit, Leader)

#: A name is known to the document when so many of its cells have it; shorter ones differ in one character by chance.
_OFTEN, _LONG = 3, 3
#: What texts end with; the second may stand behind the first. So many texts end so where the document uses full stops.
_STOPS, _ENDS = ("。", "；", "！", "？"), ("”", "）", "》")
_NEARLY_ALL = 0.8
#: Marks that no text ends with, and what a speck behind its end is taken for.
_NO_STOPS = ("，", "、")
_SPECKS = "。，、.,·•-—一_|｜'‘’ "
#: A number with a blank in it, and marks that come in pairs.
_GAP = re.compile(r"\d+(\s+\d+)+\S?")
_PAIRS = (("“", "”"), ("（", "）"), ("《", "》"))
_UNITS = ("lead_units", "support_units")


@dataclass(slots=True)
class _Names:
    """The names of one kind: in which cells the document has each, and those that are known beforehand."""

    known: frozenset[str]
    cells: dict[str, set[tuple[Provenance, ...]]] = field(default_factory=dict)

    def near(self, name: str) -> list[str]:
        """The known and frequent names that are one character off one that is met once and not known."""
        if name in self.known or len(name) < _LONG or len(self.cells.get(name, ())) != 1:
            return []
        often = {other for other, cells in self.cells.items() if len(cells) >= _OFTEN}
        return sorted(other for other in self.known | often if is_one_off(name, other))


def with_names_repaired(
    tasks: Sequence[TaskRecord], resolver: Resolver, leaders: LeaderResolver, lookalikes: Lookalikes | None
) -> tuple[list[TaskRecord], list[Issue]]:
    """The tasks with misread names put right where that is plain, and what else looks misread.

    It is plain where a name stands in one cell only, and differs in one easily mistaken character from exactly one name
    that the rosters know or at least three cells have. ``raw`` of the field keeps what was read. ``lookalikes`` is None
    where nothing was recognised from a picture.
    """
    if lookalikes is None:
        return list(tasks), []
    bodies = resolver.roster.organisations if resolver.roster else ()
    units = _Names(frozenset(label(name) for body in bodies for name in body.names_in(resolver.year)))
    people = _Names(leaders.spellings())
    for task in tasks:
        for name, names in (("leaders", people), *((name, units) for name in _UNITS)):
            for entry in getattr(task, name).value:
                names.cells.setdefault(_base(entry), set()).add(getattr(task, name).provenance)
    issues: list[Issue] = []
    repaired = []
    for task in tasks:
        lead, support = (_repaired(task, name, units, lookalikes, resolver.resolve, issues) for name in _UNITS)
        own = _repaired(task, "leaders", people, lookalikes, lambda name: leaders.resolve(Leader(name)), issues)
        repaired.append(replace(task, leaders=own, lead_units=lead, support_units=support))
    return repaired, issues


def with_last_stops(tasks: Sequence[TaskRecord]) -> tuple[list[TaskRecord], list[Issue]]:
    """The tasks with the ends of their texts put right, where nearly all texts of the document end with a full stop.

    A comma at the end is one, and a mark behind one is a speck.
    """
    stopped = _use_stops(tasks)
    result, issues = [], []
    for task in tasks:
        content = task.content
        ended = _ended(content.value) if stopped and any(map(is_recognised, content.provenance)) else content.value
        if ended != content.value:
            content = replace(content, value=ended, method="corrected")
            detail = f"the end of the text, {ended[-4:]}, was recognised as {task.content.value[-5:]}"
            issues.append(_about("ocr_corrected", detail, task, "content", None))
        result.append(replace(task, content=content))
    return result, issues


def _ended(text: str) -> str:
    """The text with its end as it must be, itself where that is not known."""
    bare = text.rstrip(_SPECKS)
    specks = text[len(bare) :]
    if specks.startswith("。"):
        return bare + "。"
    if text.endswith(_NO_STOPS) and len(specks) == 1:
        return bare + "。"
    last = bare[-1:]
    return bare if specks and last in _STOPS else text


def _use_stops(tasks: Sequence[TaskRecord]) -> bool:
    """Whether nearly all texts that were recognised end with a full stop."""
    own = [task.content.value for task in tasks if any(map(is_recognised, task.content.provenance))]
    return bool(own) and sum(text.endswith(_STOPS) for text in own) >= _NEARLY_ALL * len(own)


def text_suspects(tasks: Sequence[TaskRecord]) -> Iterator[Issue]:
    """The texts in which a mark or a digit seems to have been lost: a warning for each.

    A number has a gap, a bracket or quotation mark lacks its other half, or a text lacks the full stop that nearly all
    others of the document end with.
    """
    stopped = _use_stops(tasks)
    for task in tasks:
        if not any(map(is_recognised, task.content.provenance)):
            continue
        text = task.content.value
        if gap := _GAP.search(text):
            yield _about("ocr_suspect", f"a point or a digit may be lost in {gap[0]}", task, "content", None)
        for opening, closing in _PAIRS:
            if text.count(opening) != text.count(closing):
                detail = f"one of {opening}{closing} lacks its other half"
                yield _about("ocr_suspect", detail, task, "content", None)
        if stopped and not text.endswith((*_STOPS, *_ENDS)):
            detail = f"the text ends without a full stop: …{text[-8:]}"
            yield _about("ocr_suspect", detail, task, "content", None)


def _base(entry: Unit | Leader) -> str:
    return strip_brackets(entry.printed)[0]


def _repaired(
    task: TaskRecord,
    name: str,
    names: _Names,
    lookalikes: Lookalikes,
    resolve: Callable[[str], T],
    issues: list[Issue],
) -> Field[tuple[T, ...]]:
    """A field of names with those put right that are plainly misread; all that is found goes to ``issues``."""
    field: Field[tuple[T, ...]] = getattr(task, name)
    if not any(map(is_recognised, field.provenance)) or field.method == "corrected":
        return field
    entries = list(field.value)
    for at, entry in enumerate(entries):
        base = _base(entry)
        near = names.near(base)
        alike = [other for other in near if lookalikes.is_misread(base, other)]
        if len(alike) == 1:
            entries[at] = _with_post(resolve(alike[0] + entry.printed[len(base) :]), entry)
            issues.append(_about("ocr_corrected", f"{alike[0]} was recognised as {base}", task, name, None))
        elif near:
            detail = f"{base} stands in one cell only and is one character off {'、'.join(near)}"
            advice = f"Is it {(alike or near)[0]}? Look at the place in the source; if so, add a correction to "
            issues.append(_about("ocr_suspect", detail, task, name, f"{advice}reference/corrections."))
    if entries == list(field.value):
        return field
    return replace(field, value=tuple(entries), method="corrected")


def _with_post(new: T, old: T) -> T:
    return replace(new, post=old.post) if isinstance(new, Leader) and isinstance(old, Leader) else new


def _about(rule: str, detail: str, task: TaskRecord, name: str, advice: str | None) -> Issue:
    places = getattr(task, name).provenance
    return issue(rule, detail, task.task_no.value, name, places, advice, task.table_no)
