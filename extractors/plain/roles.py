"""What a text says about who carries a task: labels with their values, in brackets or on lines of their own.

Labels are told by how they look: a word of carrying and an end (牵头单位, 区政府分管领导), and a colon or a blank
behind them. What a label means is not known here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from extractors.plain.stream import Span, Stream

HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff"
OPENING, CLOSING = "（(〔［[【", "）)〕］]】"
_STEMS = (
    "牵头|责任|主责|主办|主管|分管|承办|协办|配合|协同|协作|协助|协管|参与|参加|联合|落实|实施|挂钩|包保|包联|督办|联系"
)
_ENDS = "单位|部门|领导(?:同志)?|主体|科室|处室|责任人|负责人|人|副?[省市区县镇乡]长"
#: Who carries a task: 牵头单位, 区政府分管领导, 责任单位及责任人; and what is short for it: 牵头, 配合.
CARRIER = re.compile(
    rf"[{HAN}]{{0,8}}?(?:{_STEMS})[{HAN}]{{0,6}}?(?:{_ENDS})(?:[及和、与][{HAN}]{{1,8}})?|负责人|"
    "牵头|主办|主责|配合|协办|协同|参与|责任"
)
#: By when, and what else stands among them.
_BESIDE = re.compile(
    rf"[{HAN}]{{0,4}}(?:时限|期限|完成时间|办结时间|时间节点|进度安排|时间安排|时间要求)|备注|联系人|联络员"
)
_WORD = rf"(?:[{HAN}](?:\n?[{HAN}]){{1,15}}|[{HAN}](?:[ \t\u3000]+[{HAN}])+)"
_LABEL = re.compile(rf"({_WORD}(?:[（(][{HAN}]{{1,6}}[)）])?)[ \t\u3000]*\n?[:：][ \t\u3000]*|({_WORD})[ \t\u3000]+")
_BEHIND = re.compile(rf"[。；;！ \t\u3000]({_WORD})[ \t\u3000]*\n?[:：]")
_BOXED = re.compile(rf"[【〔［\[]\s*({_WORD})\s*[】〕］\]]\s*[:：]?[ \t\u3000]*")
#: Brackets around a label: 【牵头单位】.
_BOXES = "【〔［["
_SEPARATORS = "；;，,。 \t\u3000\n"
#: A bracket without labels that says who does what: （区发改局牵头，区财政局配合）, （★区发改局、区财政局）.
_SAYS_WHO = re.compile(
    r"(?:牵头|主办|主责|协办|配合|负责|承办|参与|落实)(?:负责|落实|实施|组织实施|配合)?(?=[，,；;、。）)\s]|$)"
)
_STARRED = re.compile(rf"(?:^|[、，,；;\s])[★☆▲][{HAN}]|[{HAN}）)][★☆▲](?=[、，,；;\s]|$)")
#: A bracket without labels may be nothing but names: each ends like that of a body.
BODY = re.compile(
    r"(?:局|委|办|镇|乡|街道|中心|集团|公司|部|院|室|委员会|管委会|处|厅|署|大队|支队|区|园|所|站|会|行|供电|单位|部门)"
    r"(?:[（(][^（()）]*[)）])?$"
)
_NAME = re.compile(rf"[{HAN}A-Za-z（()）、·]{{2,40}}")
_BETWEEN_NAMES = re.compile(r"[、，,；; \t\u3000]+")
_SENTENCE = re.compile("[。！？!?]")
#: No list of those who carry a task is longer.
_LONGEST = 1500


@dataclass(frozen=True, slots=True)
class Role:
    """A label without white space (empty: the text says itself who does what) and where its value stands."""

    label: str
    value: Span


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


def is_carrier(label: str) -> bool:
    """Whether a label names those who carry a task."""
    return bool(CARRIER.fullmatch(label)) or not label


def _is_sure(label: str) -> bool:
    """Whether a label is one by its own looks."""
    return is_carrier(label) or bool(_BESIDE.fullmatch(label))


def closing(text: str, opening: int, end: int) -> int | None:
    """Where the bracket closes that opens at an offset; None when it does not before ``end``.

    All kinds of brackets count alike, since documents close one kind with another.
    """
    depth = 0
    for at in range(opening, min(end, opening + _LONGEST)):
        if text[at] in OPENING:
            depth += 1
        elif text[at] in CLOSING:
            depth -= 1
            if depth == 0:
                return at
    return None


def split_roles(text: str, start: int, end: int, known: Collection[str] = ()) -> tuple[Role, ...]:
    """The labels and values of a stretch, in order; none when it does not begin with a label.

    Nothing inside brackets is a label; where brackets do not match, all characters are alike. A label that a wrap cut
    is told by being one of the ``known`` ones.
    """
    # Most stretches begin with no label: that is seen before their brackets are counted.
    first = _label_at(text, start, end, known)
    if text[start : min(start + 1, end)].strip() and not (first and _is_sure(first[0])):
        return ()
    depths = _depths(text, start, end)
    found: list[tuple[str, int, int]] = []
    at = start
    while at < end:
        begins = at == start or text[at - 1] in _SEPARATORS or text[at - 1] in CLOSING or text[at] in _BOXES
        match = _label_at(text, at, end, known) if begins and depths[at - start] == 0 else None
        if match is not None:
            label, value = match
            if _is_sure(label) or (found and ":" in text[at:value].replace("：", ":")):
                found.append((label, at, value))
                at = value
                continue
        at += 1
        if not found and text[start:at].strip():
            return ()
    if not any(_is_sure(label) for label, _, _ in found):
        return ()
    ends = [begin for _, begin, _ in found[1:]] + [end]
    return tuple(Role(label, _bare(text, value, to)) for (label, _, value), to in zip(found, ends, strict=True))


def _label_at(text: str, at: int, end: int, known: Collection[str]) -> tuple[str, int] | None:
    """The label that begins at an offset and where its value begins."""
    for pattern in (_BOXED, _LABEL):
        if (match := pattern.match(text, at, end)) is not None:
            label = "".join((match[1] or match[pattern.groups]).split())
            if "\n" in match[0].rstrip() and label not in known:
                return None
            if pattern is _BOXED and not _is_sure(label):
                return None
            if pattern is _LABEL and match[1] is None and (len(label) < 3 or not _is_sure(label)):
                return None  # a blank makes a label only of a word that is surely one
            return label, match.end()
    return None


def _depths(text: str, start: int, end: int) -> list[int]:
    """How many brackets are open before each character; a box around a label is no bracket."""
    depths, depth, at = [], 0, start
    while at < end:
        if depth == 0 and (box := _BOXED.match(text, at, end)) and is_carrier("".join(box[1].split())):
            depths += [0] * (box.end() - at)
            at = box.end()
            continue
        depths.append(depth)
        depth += (text[at] in OPENING) - (text[at] in CLOSING)
        if depth < 0:
            return [0] * (end - start)
        at += 1
    return depths if depth == 0 else [0] * (end - start)


def _bare(text: str, start: int, end: int) -> Span:
    """A value without separators around it."""
    while start < end and text[start] in _SEPARATORS:
        start += 1
    while end > start and text[end - 1] in _SEPARATORS:
        end -= 1
    return start, end


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
        self.known = frozenset(label for label, times in said.items() if times > 1 and _is_sure(label))
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
        if _BOXED.match(text, opening) and split_roles(text, opening, self.stream.line_end(opening), self.known):
            end = self.stream.line_end(opening)
            return RoleGroup(opening, end, split_roles(text, opening, end, self.known))
        closed = closing(text, opening, barrier)
        if closed is not None:
            roles = split_roles(text, *self.stream.trimmed(opening + 1, closed), self.known)
            says_who = not roles and self._says_who(opening, closed)
            unnamed = not roles and not says_who and self.takes_names and self._names_bodies(opening, closed)
            if says_who or unnamed:
                roles = (Role("", _bare(text, opening + 1, closed)),)
            return RoleGroup(opening, closed + 1, roles, unnamed=unnamed) if roles else None
        end = min(self.stream.line_end(opening), barrier)
        roles = split_roles(text, opening + 1, end, self.known)
        return RoleGroup(opening, end, roles, unclosed=True) if roles else None

    def _says_who(self, opening: int, end: int) -> bool:
        """Whether a bracket behind a sentence, or at the end of a line, says in words or signs who does what."""
        text = self.stream.text
        body = text[opening + 1 : end]
        if _SENTENCE.search(body.rstrip("。")) or len(body) > _LONGEST // 4:
            return False
        parts = re.split("[，,；;]", body.rstrip("。 "))
        if not (_SAYS_WHO.search(parts[-1].strip() + "，") and _SAYS_WHO.search(body)) and not _STARRED.search(body):
            return False
        return self._is_behind(opening, end)

    def _names_bodies(self, opening: int, end: int) -> bool:
        """Whether a bracket behind a sentence, or at the end of a line, holds nothing but names of bodies."""
        text = self.stream.text
        start, stop = _bare(text, opening + 1, end)
        names, at = [], start
        for depth, char in zip(_depths(text, start, stop), range(start, stop), strict=True):
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
        cut = _label_at(text, start, barrier, self.known)  # a label may itself be wrapped
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
