"""Who leads and who supports, where a cell or a bracket says so itself: ★ before a name, X牵头，Y配合.

The words and signs are data (reference/reading_rules.yaml, ``role_marks``). What is said of a name decides over the
column that it stands in; the text as printed stays with the value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from normalizers.breaks import marked
from normalizers.drafts import Draft
from normalizers.grid import Entry
from normalizers.meaning import is_unit
from normalizers.records import Issue
from normalizers.reference import RoleMarks, UnitPatterns
from normalizers.rules import issue

_OPENING, _CLOSING = "（(〔［[【", "）)〕］]】"
_MARKS = "、，,；;"
#: Stands for a line break that may be a wrap.
_WRAP = "\u2028"
_SEPARATORS = f"、，,；;。\n \t\u3000:：{_WRAP}"
#: Marks that end a group of names, in which a word of level may be said once.
_GROUPS = "，,；;。"
_LISTED = _SEPARATORS.replace("\n", "").replace(" ", "").replace(_WRAP, "")
Part = Literal["lead", "support", "shared"]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Said:
    """Where the names stand in a text that lead and that support. ``unsaid``: of some nothing is said."""

    lead: tuple[Span, ...]
    support: tuple[Span, ...]
    unsaid: bool = False


def settle_roles(draft: Draft, marks: RoleMarks, table_no: int, patterns: UnitPatterns) -> list[Issue]:
    """Put the organisations of a task where its cells themselves say that they belong; what was done, as issues.

    ``patterns`` tell whether a break cuts a name. A cell of those who support is not asked who leads where another
    cell says so.
    """
    issues = []
    for name in ("lead_units", "support_units"):
        entries = draft.entries.get(name, [])
        read = [read_marks(entry.text, marks, entry.wraps, patterns) for entry in entries]
        if not any(read) or (
            name == "support_units" and draft.entries.get("lead_units") and any(r and r.lead for r in read)
        ):
            continue
        own: dict[str, list[Entry]] = {"lead_units": [], "support_units": []}
        for entry, said in zip(entries, read, strict=True):
            if said is None:
                own[name].append(entry)
                continue
            for part, spans in (("lead_units", said.lead), ("support_units", said.support)):
                if spans:
                    among = _list_of(entry, sorted((*said.lead, *said.support)))
                    own[part].append(replace(entry_of(entry, spans), among=among))
            rule = "roles_unclear" if said.unsaid else "role_marks"
            detail = f"{' '.join(entry.text.split())[:60]} says itself who leads and who supports"
            if said.unsaid:
                detail += ", but it is not sure of all names"
            issues.append(issue(rule, detail, draft.task_no.value, name, entry.provenance, None, table_no))
        draft.entries[name] = []
        for part, found in own.items():
            draft.entries[part] = [*found, *draft.entries.get(part, [])]
    return issues


def read_marks(text: str, marks: RoleMarks, wraps: Sequence[int] | None, patterns: UnitPatterns) -> Said | None:
    """Which names of a text lead and which support; None where it says nothing of that.

    ``wraps`` are the offsets of line breaks that may be wraps; None: any white space may be one.
    """
    if any(sign in text for sign in marks.lead_signs):
        return _by_signs(text, marks, wraps, patterns)
    # A wrap can cut a word of roles; every other line break is one that separates.
    flowing = (at for at, char in enumerate(text) if char == "\n" and (wraps is None or at in wraps))
    letters = list(text)
    for at in flowing:
        letters[at] = _WRAP
    return _by_words("".join(letters), marks)


def _by_signs(text: str, marks: RoleMarks, wraps: Sequence[int] | None, patterns: UnitPatterns) -> Said:
    """Names with a sign lead, the others support; ★区审计 / 局 is one name where only both parts together are one."""
    lead: list[Span] = []
    support: list[Span] = []
    has_marks = any(mark in text for mark in _MARKS)
    breaks = [at for at, char in enumerate(text) if char.isspace() and not has_marks]
    unsure = [at for at in breaks if wraps is None or at in wraps]
    unsaid = False
    for start, end in _listed(text, 0, None, breaks):
        bare = _without_signs(text, start, end, marks)
        may_go_on = bare == (start, end) and start - 1 in unsure
        own = next((spans for spans in (lead, support) if spans and spans[-1][1] == start - 1), None)
        seam = _seam(text, own[-1], bare, patterns) if own and may_go_on else "open"
        if own and seam == "one":
            own[-1] = (own[-1][0], end)
        elif bare[0] < bare[1]:
            unsaid = unsaid or (may_go_on and seam == "open")
            (support if bare == (start, end) else lead).append(bare)
    return Said(tuple(lead), tuple(support), unsaid)


def _seam(text: str, before: Span, behind: Span, patterns: UnitPatterns) -> Literal["one", "two", "open"]:
    """Whether what stands before and behind a break that may be a wrap is one name or two."""
    left, right = ("".join(text[start:end].split()) for start, end in (before, behind))
    if not is_unit(left, patterns):
        # Half a name goes on, over as many lines as it takes, unless what follows begins like another one.
        return "one" if is_unit(left + right, patterns) or not right.startswith(patterns.levels) else "open"
    if right.startswith(patterns.levels):
        return "two"
    is_end = right in patterns.bare_endings or not is_unit(right, patterns)
    return "one" if is_end and is_unit(left + right, patterns) else "open"


def _without_signs(text: str, start: int, end: int, marks: RoleMarks) -> Span:
    while start < end and (text[start] in marks.lead_signs or text[start].isspace()):
        start += 1
    while end > start and (text[end - 1] in marks.lead_signs or text[end - 1].isspace()):
        end -= 1
    return start, end


def _by_words(text: str, marks: RoleMarks) -> Said | None:
    """Names before a word of their part (X牵头), behind it and a colon (牵头：X), or with it in brackets."""
    found: dict[Part, list[Span]] = {"lead": [], "support": [], "shared": []}
    at, said, is_beside, is_open = 0, False, False, False
    first = _pattern(marks).match(text.lstrip())
    is_boxes_first = bool(first and first["boxed"])  # 【牵头】区发改局 【配合】区财政局
    for match in _pattern(marks).finditer(text):
        if match.start() < at or _is_within(text, match.start()):
            continue
        if match["beside"]:  # 市工信局会同市财政局: the first leads, and those behind it support
            found["shared" if found["lead"] else "lead"] += _names(text, at, match.start(), marks)
            at, said, is_beside = match.end(), True, True
            continue
        is_beside = False
        word = next(word for word in match.groups() if word)
        part = _part(word, marks)
        if match["before"] or (match["boxed"] and is_boxes_first):
            found["support" if found["lead"] else "shared"] += _names(text, at, match.start(), marks)
            following = _pattern(marks).search(text, match.end())
            is_label = following and (following["before"] or (following["boxed"] and is_boxes_first))
            end = following.start() if following and is_label else len(text)
            found[part] += _names(text, match.end(), end, marks)
            at = end
        else:
            names = _names(text, at, match.start(), marks, _breaks(text) if match["boxed"] else ())
            if not names and not match["boxed"]:
                continue
            if match["boxed"]:  # a bracket speaks of the name before it only, if it does not say that several do it
                own = names if word.replace(_WRAP, "").startswith(marks.joint) else names[-1:]
                # 区发改局、区财政局（牵头）: whether the first one leads, too, is not said.
                is_open = is_open or (part == "lead" and len(own) < len(names) and not found["lead"])
                found["support" if found["lead"] else "shared"] += names[: len(names) - len(own)]
                names = own
            found[part] += names
            at = match.end()
        said = True
    if not said:
        return None
    rest = _names(text, at, len(text), marks)
    lead, support = found["lead"], found["support"]
    # Those who share the work lead where nobody else does, and support where somebody leads.
    (support if lead else lead).extend(found["shared"])
    support += rest
    boxed = all(match["boxed"] for match in _pattern(marks).finditer(text))
    return Said(tuple(sorted(lead)), tuple(sorted(support)), is_open or (bool(rest) and not boxed and not is_beside))


@lru_cache(maxsize=8)
def _pattern(marks: RoleMarks) -> re.Pattern[str]:
    words = _cut_anywhere(sorted((*marks.lead, *marks.support, *marks.shared), key=len, reverse=True))
    beside = _cut_anywhere(marks.beside)
    bodies = f"{_WRAP}?(?:{_cut_anywhere(('单位', '部门'))})?{_WRAP}?"
    around = re.escape(_SEPARATORS)
    return re.compile(
        rf"[（(〔［\[【]{_WRAP}?(?P<boxed>{words}){bodies}[)）〕］\]】]|(?P<beside>{beside})(?!县)|"
        rf"(?:(?<=[{around}])|^)(?P<before>{words}){bodies}\s*[:：]|"
        rf"(?<!政)(?P<behind>{words})(?=[{around}]|$)"
    )


@lru_cache(maxsize=8)
def _opening(marks: RoleMarks) -> re.Pattern[str]:
    """What stands before the name that leads (由)."""
    return re.compile(_cut_anywhere(marks.openers))


def _cut_anywhere(words: Sequence[str]) -> str:
    """A pattern of words that a wrap may cut."""
    return "|".join(f"{_WRAP}?".join(map(re.escape, word)) for word in words)


def _part(printed: str, marks: RoleMarks) -> Part:
    word = printed.replace(_WRAP, "")
    return "lead" if word in marks.lead else "support" if word in marks.support else "shared"


def _breaks(text: str) -> list[int]:
    """Where white space separates names."""
    return [at for at, char in enumerate(text) if char.isspace() and char != _WRAP]


def _is_within(text: str, at: int) -> bool:
    """Whether an offset is inside brackets."""
    before = text[:at]
    return sum(map(before.count, _OPENING)) > sum(map(before.count, _CLOSING))


def _names(text: str, start: int, end: int, marks: RoleMarks, breaks: Sequence[int] = ()) -> list[Span]:
    """Where names stand in a stretch, without what stands before them; at ``breaks`` one surely ends."""
    found = []
    for first, last in _listed(text, start, end, breaks):
        opener = _opening(marks).match(text, first, last)
        begin = opener.end() if opener else first
        if begin < last:
            found.append((begin, last))
    return found


def _listed(text: str, start: int = 0, end: int | None = None, breaks: Sequence[int] = ()) -> list[Span]:
    """The entries of a list: what stands between marks outside of brackets, and between ``breaks``."""
    end = len(text) if end is None else end
    found, depth, first = [], 0, start
    for at in range(start, end + 1):
        char = text[at] if at < end else "、"
        depth = max(0, depth + (char in _OPENING) - (char in _CLOSING))
        if at == end or (depth == 0 and (char in _LISTED or at in breaks)):
            own = text[first:at]
            if own.strip():
                found.append((first + len(own) - len(own.lstrip()), first + len(own.rstrip())))
            first = at + 1
    return found


def _list_of(entry: Entry, spans: Sequence[Span]) -> str:
    """The marked text of all names of an entry, without the words around them, in the groups that they stood in."""
    parts: list[str] = []
    end = spans[0][0]
    for start, stop in spans:
        between = entry.text[end:start]
        is_group = any(mark in between for mark in _GROUPS) or not any(mark in between for mark in "、/／")
        parts += ["；" if is_group else "、"] if parts else []
        wraps = None if entry.wraps is None else tuple(at - start for at in entry.wraps if start <= at < stop)
        parts.append(marked(entry.text[start:stop], wraps))
        end = stop
    return "".join(parts)


def entry_of(entry: Entry, spans: Sequence[Span]) -> Entry:
    """An entry of some names of another one, which it keeps as what was printed."""
    text, wraps = "", []
    for start, end in spans:
        text += "、" if text else ""
        wraps += [len(text) + at - start for at in entry.wraps or () if start <= at < end]
        text += entry.text[start:end]
    said = entry.said if entry.said is not None else entry.text
    return replace(entry, text=text, wraps=None if entry.wraps is None else tuple(wraps), said=said)
