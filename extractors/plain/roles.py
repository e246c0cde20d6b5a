"""Where a text says who carries a task: in brackets, on lines of their own, by labels, in words, by names alone."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from extractors.plain.labels import (
    BOXED,
    CLOSING,
    HAN,
    LONGEST,
    OPENING,
    WORD,
    Role,
    bare,
    closing,
    depths,
    is_sure,
    label_at,
    split_roles,
)
from extractors.plain.stream import Stream

_BEHIND = re.compile(rf"[。；;！ \t\u3000]({WORD})[ \t\u3000]*\n?[:：]")
#: A bracket without labels that says who does what: （区发改局牵头，区财政局配合）, （★区发改局、区财政局）.
_SAYS_WHO = re.compile(
    r"(?:牵头|主办|主责|协办|配合|负责|承办|参与|落实)(?:负责|落实|实施|组织实施|配合)?(?=[，,；;、。）)\s]|$)"
)
_PART = re.compile("[^，,；;]+")
#: By when, behind those who do it: 12月底前完成, 持续推进. It stands under this label.
_WHEN = re.compile(
    "[0-9一二三四五六七八九十]+月|[0-9]{4}年|季度|[上下]半年|年[内底]|全年|每[年月季]|持续|长期|常态|适时"
)
_BY_WHEN = "完成时限"
_STARRED = re.compile(rf"(?:^|[、，,；;\s])[★☆▲][{HAN}]|[{HAN}）)][★☆▲](?=[、，,；;\s]|$)")
#: A bracket without labels may be nothing but names: each ends like that of a body.
BODY = re.compile(
    r"(?:局|委|办|镇|乡|街道|中心|集团|公司|部|院|室|委员会|管委会|处|厅|署|大队|支队|区|园|所|站|会|行|供电|单位|部门)"
    r"(?:[（(][^（()）]*[)）])?$"
)
_NAME = re.compile(rf"[{HAN}A-Za-z（()）、·]{{2,40}}")
_BETWEEN_NAMES = re.compile(r"[、，,；; \t\u3000]+")
_SENTENCE = re.compile("[。！？!?]")


@dataclass(frozen=True, slots=True)
class RoleGroup:
    """A stretch that says who carries a task.

    ``on_lines``: it is not in brackets but on lines of its own. ``unnamed``: it is nothing but names of bodies, and
    says of none whether it leads.
    """

    start: int
    end: int
    roles: tuple[Role, ...]
    on_lines: bool = False
    unclosed: bool = False
    unnamed: bool = False


@dataclass(slots=True)
class RoleFinder:
    """Finds what a stream says about who carries its tasks. ``barriers`` are offsets at which something new begins."""

    stream: Stream
    barriers: Sequence[int]
    width: int
    groups: list[RoleGroup] = field(default_factory=list)
    known: frozenset[str] = frozenset()
    takes_names: bool = False

    def find(self) -> list[RoleGroup]:
        """All groups in order; none reaches over a barrier. Labels that wraps cut are found by the whole ones.

        Where the text has no labels at all, brackets with nothing but names of bodies say who carries the tasks.
        """
        said = Counter(role.label for group in self._found() for role in group.roles)
        self.known = frozenset(label for label, times in said.items() if times > 1 and is_sure(label))
        self.takes_names = not any(said)
        return self._found()

    def _found(self) -> list[RoleGroup]:
        self.groups = []
        text, at = self.stream.text, 0
        starts = set(self.stream.starts)
        for opening in _openings(text, starts):
            if opening < at:
                continue
            group = self._on_line(opening) if opening in starts or text[opening] not in OPENING else None
            if group is None and text[opening] in OPENING:
                group = self._in_brackets(opening)
            if group is not None:
                self.groups.append(group)
                at = group.end
        return self.groups

    def _barrier(self, at: int) -> int:
        index = bisect_right(self.barriers, at)
        return self.barriers[index] if index < len(self.barriers) else len(self.stream.text)

    def _in_brackets(self, opening: int) -> RoleGroup | None:
        text, barrier = self.stream.text, self._barrier(opening)
        if BOXED.match(text, opening) and split_roles(text, opening, self.stream.line_end(opening), self.known):
            end = self.stream.line_end(opening)
            return RoleGroup(opening, end, split_roles(text, opening, end, self.known))
        closed = closing(text, opening, barrier)
        if closed is not None:
            roles = split_roles(text, *self.stream.trimmed(opening + 1, closed), self.known)
            roles = roles or self._who_and_when(opening, closed)
            unnamed = not roles and self.takes_names and self._names_bodies(opening, closed)
            if unnamed:
                roles = (Role("", bare(text, opening + 1, closed)),)
            return RoleGroup(opening, closed + 1, roles, unnamed=unnamed) if roles else None
        end = min(self.stream.line_end(opening), barrier)
        roles = split_roles(text, opening + 1, end, self.known)
        return RoleGroup(opening, end, roles, unclosed=True) if roles else None

    def _who_and_when(self, opening: int, end: int) -> tuple[Role, ...]:
        """What a bracket behind a sentence, or at the end of a line, says in words or signs: who does what, by when."""
        text = self.stream.text
        body = text[opening + 1 : end]
        if _SENTENCE.search(body.rstrip("。")) or len(body) > LONGEST // 4 or not self._is_behind(opening, end):
            return ()
        parts = [(match.start(), match[0].strip("。 \n")) for match in _PART.finditer(body)]
        when = len(parts)
        while when > 1 and _WHEN.search(parts[when - 1][1]) and not _SAYS_WHO.search(parts[when - 1][1] + "，"):
            when -= 1
        said = [bool(_SAYS_WHO.search(part + "，")) for _, part in parts[:when]]
        if not (said and said[-1]) and not _STARRED.search(body):
            return ()
        if when == len(parts):
            return (Role("", bare(text, opening + 1, end)),)
        at = opening + 1 + parts[when][0]
        return Role("", bare(text, opening + 1, at)), Role(_BY_WHEN, bare(text, at, end))

    def _names_bodies(self, opening: int, end: int) -> bool:
        """Whether a bracket behind a sentence, or at the end of a line, holds nothing but names of bodies."""
        text = self.stream.text
        start, stop = bare(text, opening + 1, end)
        names, at = [], start
        for depth, char in zip(depths(text, start, stop), range(start, stop), strict=True):
            if depth == 0 and _BETWEEN_NAMES.match(text[char]):
                names.append(text[at:char])
                at = char + 1
        names = ["".join(name.split()) for name in (*names, text[at:stop]) if name.strip()]
        fit = all(_NAME.fullmatch(name) and BODY.search(name) for name in names)
        return bool(names) and fit and self._is_behind(opening, end)

    def _is_behind(self, opening: int, end: int) -> bool:
        """Whether a bracket stands behind a sentence or at the end of a line."""
        text = self.stream.text
        behind = text[end + 1 : end + 2]
        return not behind.strip() or behind in "。；;" or text[:opening].rstrip()[-1:] in ("。", "；", ";")

    def _on_line(self, start: int) -> RoleGroup | None:
        """The label line that begins at an offset, with the lines that its value goes on over."""
        text, barrier = self.stream.text, self._barrier(start)
        cut = label_at(text, start, barrier, self.known)  # a label may itself be wrapped
        end = self.stream.line_end(cut[1] if cut else start)
        if not split_roles(text, start, end, self.known):
            return None
        while end + 1 < barrier and self._goes_on(start, end):
            end = self.stream.line_end(end + 1)
        return RoleGroup(start, end, split_roles(text, start, end, self.known), on_lines=True)

    def _goes_on(self, start: int, end: int) -> bool:
        """Whether a label line goes on below: it ends with a list mark, in a bracket, or is as long as lines are."""
        text = self.stream.text
        following = self.stream.line_end(end + 1)
        if split_roles(text, end + 1, following, self.known):
            return False
        is_full = end - text.rfind("\n", 0, end) - 1 >= self.width
        line = text[start:end]
        is_open = sum(map(line.count, OPENING)) > sum(map(line.count, CLOSING))
        return line.rstrip()[-1:] in "、，," or is_open or (is_full and line[-1:] not in "。；")


def _openings(text: str, starts: set[int]) -> Iterator[int]:
    """Where a group may begin: at each bracket and each line, and at a label behind a sentence or a blank."""
    behind = {match.start(1) for match in _BEHIND.finditer(text)}
    brackets = {at for at, char in enumerate(text) if char in OPENING}
    yield from sorted(starts | behind | brackets)
