"""The outline of a list of tasks: its headings and items, and which headings hold for an item."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from sys import maxsize

from extractors.plain.items import Mark, mark_at, number_of
from extractors.plain.labels import CLOSING, HAN, OPENING, Role
from extractors.plain.roles import BODY
from extractors.plain.stream import Span, Stream

_COUNT = r"\s*[（(〔\[【]\s*(?:共|计|共计)?\s*(?P<count>\d{1,4}|[一二三四五六七八九十百]+)\s*[项条个件]\s*[)）〕\]】]"
_COUNTED = re.compile(rf"(?P<title>.+?){_COUNT}\s*[:：。]?$", re.DOTALL)
#: The heading of those tasks that somebody leads: 区发改局牵头工作, 由区发改局牵头负责的工作, 吴伟同志牵头.
_LED = re.compile(
    rf"(?:由\s*)?(?P<who>[{HAN}A-Za-z（()）·、，,和 \u3000\n]{{2,80}}?)\s*(?P<person>同志)?\s*"
    r"(?:负责)?(?:牵头|主办|主责|领办)(?:负责|承办|落实|组织|实施|办理|推进|完成|抓)*的?"
    r"(?:重点|主要|目标)*(?:工作|任务|事项|项目)*\s*[:：。]?$"
)
_POST = re.compile(r"(?:副?[省市区县镇乡州旗]长|主任|书记|常委|委员|调研员)$")
#: Fewer headings that are names of bodies say nothing.
_FEWEST_BODIES = 2
#: The rank of a heading without a number.
PLAIN = 8


@dataclass(slots=True)
class Heading:
    """The heading of a part. ``title`` is what it is called, None where it only says who leads the tasks below it.

    It holds as far as ``until``, where an attachment begins.
    """

    start: int
    end: int
    rank: int
    title: Span | None
    roles: list[Role] = field(default_factory=list)
    declared: int | None = None
    taken: list[Span] = field(default_factory=list)
    until: int = maxsize


@dataclass(slots=True)
class Item:
    """A task: its mark, where its text stands, who carries it, and what is in doubt about that."""

    mark: Mark
    content: list[Span]
    roles: list[Role]
    taken: list[Span]
    doubts: list[str] = field(default_factory=list)
    #: Those who carry it are named without a role.
    unnamed: bool = False
    #: Text behind the task that is not read as part of it.
    stray: Span | None = None


Part = Heading | Item


def named(stream: Stream, mark: Mark, end: int, roles: list[Role], rank: int | None = None) -> Heading:
    """A heading with what it says: a title, a declared count, who leads."""
    rank = mark.rank if rank is None else rank
    start, end = stream.trimmed(mark.start, end)
    heading = Heading(start, end, rank, (start, end), roles)
    begin = min(mark.end, end)
    counted = _COUNTED.match(stream.text, begin, end)
    if counted is not None:
        heading.declared = number_of(counted["count"])
        end = begin + len(counted["title"])
        heading.title = (start, end)
    led = _LED.fullmatch(stream.text, begin, end)
    if led is not None:
        is_person = bool(led["person"]) or bool(_POST.search(led["who"]))
        who = (led.start("who"), led.end("who"))
        heading.roles = [Role("责任领导" if is_person else "牵头单位", who), *roles]
        heading.title = None
    return heading


def with_bodies(text: str, parts: list[Part]) -> list[Part]:
    """Where nothing else says who leads, headings that are names of bodies do: 一、区发改局（8项）, 【区发改局】.

    All headings of their rank are; without a count of tasks, others have to support.
    """
    headings = [part for part in parts if isinstance(part, Heading) and part.title]
    roles = [role for part in parts for role in part.roles]
    if any("配合" not in role.label for role in roles):
        return parts
    counted = [part for part in headings if part.declared is not None]
    for rank in {part.rank for part in headings}:
        own = [part for part in counted or (headings if roles else []) if part.rank == rank and part.title]
        names = [_name_of(text, part) for part in own]
        if len(own) >= _FEWEST_BODIES and all(BODY.search(text[start:end]) for start, end in names):
            for part, name in zip(own, names, strict=True):
                part.roles.insert(0, Role("牵头单位", name))
                part.title = None
    return parts


def _name_of(text: str, heading: Heading) -> Span:
    """The title of a heading without its number or the brackets around it."""
    start, end = heading.title or (heading.start, heading.end)
    mark = mark_at(text, start)
    if mark is not None:
        return mark.end, end
    boxed = text[start] in OPENING and text[end - 1] in CLOSING
    return (start + 1, end - 1) if boxed else (start, end)


def scopes_of(parts: Sequence[Part]) -> list[tuple[Item, tuple[Heading, ...]]]:
    """Each item with the headings above it that hold."""
    above: list[Heading] = []
    found: list[tuple[Item, tuple[Heading, ...]]] = []
    for part in parts:
        if isinstance(part, Item):
            found.append((part, tuple(heading for heading in above if heading.until > part.mark.start)))
        else:
            above = [*(heading for heading in above if heading.rank < part.rank), part]
    return found
