"""Labels of those who carry a task, and their values: 牵头单位：区发改局；配合单位：区财政局.

Labels are told by how they look: a word of carrying and an end (牵头单位, 区政府分管领导), and a colon or a blank
behind them. What a label means is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from extractors.plain.stream import Span

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
WORD = rf"(?:[{HAN}](?:\n?[{HAN}]){{1,15}}|[{HAN}](?:[ \t\u3000]+[{HAN}])+)"
_LABEL = re.compile(rf"({WORD}(?:[（(][{HAN}]{{1,6}}[)）])?)[ \t\u3000]*\n?[:：][ \t\u3000]*|({WORD})[ \t\u3000]+")
BOXED = re.compile(rf"[【〔［\[]\s*({WORD})\s*[】〕］\]]\s*[:：]?[ \t\u3000]*")
#: Brackets around a label: 【牵头单位】.
_BOXES = "【〔［["
_SEPARATORS = "；;，,。 \t\u3000\n"
#: No list of those who carry a task is longer.
LONGEST = 1500


@dataclass(frozen=True, slots=True)
class Role:
    """A label without white space (empty: the text says itself who does what) and where its value stands."""

    label: str
    value: Span


def is_carrier(label: str) -> bool:
    """Whether a label names those who carry a task."""
    return bool(CARRIER.fullmatch(label)) or not label


def is_sure(label: str) -> bool:
    """Whether a label is one by its own looks."""
    return is_carrier(label) or bool(_BESIDE.fullmatch(label))


def closing(text: str, opening: int, end: int) -> int | None:
    """Where the bracket closes that opens at an offset; None when it does not before ``end``.

    All kinds of brackets count alike, since documents close one kind with another.
    """
    depth = 0
    for at in range(opening, min(end, opening + LONGEST)):
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
    first = label_at(text, start, end, known)
    if text[start : min(start + 1, end)].strip() and not (first and is_sure(first[0])):
        return ()
    open_before = depths(text, start, end)
    found: list[tuple[str, int, int]] = []
    at = start
    while at < end:
        begins = at == start or text[at - 1] in _SEPARATORS or text[at - 1] in CLOSING or text[at] in _BOXES
        match = label_at(text, at, end, known) if begins and open_before[at - start] == 0 else None
        if match is not None:
            label, value = match
            if is_sure(label) or (found and ":" in text[at:value].replace("：", ":")):
                found.append((label, at, value))
                at = value
                continue
        at += 1
        if not found and text[start:at].strip():
            return ()
    if not any(is_sure(label) for label, _, _ in found):
        return ()
    ends = [begin for _, begin, _ in found[1:]] + [end]
    return tuple(Role(label, bare(text, value, to)) for (label, _, value), to in zip(found, ends, strict=True))


def label_at(text: str, at: int, end: int, known: Collection[str]) -> tuple[str, int] | None:
    """The label that begins at an offset and where its value begins."""
    for pattern in (BOXED, _LABEL):
        if (match := pattern.match(text, at, end)) is not None:
            label = "".join((match[1] or match[pattern.groups]).split())
            if "\n" in match[0].rstrip() and label not in known:
                return None
            if pattern is BOXED and not is_sure(label):
                return None
            if pattern is _LABEL and match[1] is None and (len(label) < 3 or not is_sure(label)):
                return None  # a blank makes a label only of a word that is surely one
            return label, match.end()
    return None


def depths(text: str, start: int, end: int) -> list[int]:
    """How many brackets are open before each character; a box around a label is no bracket."""
    found, depth, at = [], 0, start
    while at < end:
        if depth == 0 and (box := BOXED.match(text, at, end)) and is_carrier("".join(box[1].split())):
            found += [0] * (box.end() - at)
            at = box.end()
            continue
        found.append(depth)
        depth += (text[at] in OPENING) - (text[at] in CLOSING)
        if depth < 0:
            return [0] * (end - start)
        at += 1
    return found if depth == 0 else [0] * (end - start)


def bare(text: str, start: int, end: int) -> Span:
    """A value without separators around it."""
    while start < end and text[start] in _SEPARATORS:
        start += 1
    while end > start and text[end - 1] in _SEPARATORS:
        end -= 1
    return start, end
