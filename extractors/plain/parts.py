"""The tasks of a numbered text and the headings above them: what each says, and about whom."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.plain.items import Listing, Mark, mark_at, stops
from extractors.plain.labels import CLOSING, OPENING
from extractors.plain.outline import PLAIN, Heading, Item, Part, named, with_bodies
from extractors.plain.roles import RoleGroup
from extractors.plain.stream import Stream

#: Lines that are no part of a list.
NOTE = re.compile(
    r"(?:注|说明|备注|附注)\s*\d?\s*[:：]|附件|附表|附：|抄送|(?:联系|填报|制表|审核|签发|印发)\S{0,4}[:：]|\d{4}年\d"
)
#: What may stand before the text of a task: 任务内容：, 目标任务：.
_CONTENT_LABEL = re.compile(
    r"[【\[]?(?:主要|重点|目标|工作|具体|年度|任务|项目)*(?:任务|工作|内容|目标|标准|事项)[】\]]?[ \t]*[:：][ \t\n]*|"
    r"【(?:主要|重点|目标|工作|具体|年度|任务|项目)*(?:任务|工作|内容|目标|标准|事项)】[ \t\n]*"
)
_FEWEST_LABELS = 2
#: A line with which an attachment begins: 附件2, 附表：重点任务分工.
_ATTACHMENT = re.compile(r"附\s*[件表]\s*\d*\s*(?:[:：]|$)", re.MULTILINE)
_SENTENCE_END = "。！？；;!?"
#: A heading without a number is no longer than this.
_SHORT = 30


@dataclass(frozen=True, slots=True)
class PartReader:
    """Reads the parts of a listing; ``width``: a line that is as long may be wrapped."""

    stream: Stream
    listing: Listing
    groups: Sequence[RoleGroup]
    width: int

    def parts(self) -> list[Part]:
        """All parts in order."""
        leading = self._leading()
        events: list[Mark | RoleGroup] = [*self.listing.items, *self.listing.headings, *leading]
        events.sort(key=lambda event: event.start)
        first = self.listing.items[0].start
        while events and not isinstance(events[0], RoleGroup) and self._is_before(events, first):
            events.pop(0)
        limits = sorted([*(event.start for event in events), *stops(self.stream), len(self.stream.text)])
        ends = [limits[bisect_right(limits, event.start)] for event in events]
        roles_first = self._roles_first(events, ends)
        items = {item.start for item in self.listing.items}
        parts: list[Part] = []
        for event, end in zip(events, ends, strict=True):
            if isinstance(event, RoleGroup):
                own = self._within(event.start, end)
                roles = [role for group in own for role in group.roles]
                parts.append(Heading(event.start, event.end, 9, None, roles, None, [(g.start, g.end) for g in own]))
            elif event.start in items:
                item = self._item(event, end, roles_first)
                parts.append(item)
                parts += self._plain_heading(item, end)
            else:
                parts.append(self._heading(event, end))
        parts = [*self._heading_above(parts), *parts]
        self._drop_labels([part for part in parts if isinstance(part, Item)])
        attachments = [start for start in self.stream.starts if _ATTACHMENT.match(self.stream.text, start)]
        for part in parts:
            if isinstance(part, Heading) and (at := bisect_right(attachments, part.start)) < len(attachments):
                part.until = attachments[at]
        return with_bodies(self.stream.text, parts)

    def _drop_labels(self, items: Sequence[Item]) -> None:
        """Where most tasks say 任务： before their text, that is a label and no text."""
        found = [_CONTENT_LABEL.match(self.stream.text, *item.content[0]) for item in items if item.content]
        if len(found) < _FEWEST_LABELS or sum(map(bool, found)) * 2 < len(items):
            return
        for item in items:
            match = _CONTENT_LABEL.match(self.stream.text, *item.content[0]) if item.content else None
            if match is not None and match.end() < item.content[0][1]:
                item.content[0] = (match.end(), item.content[0][1])

    def _is_before(self, events: Sequence[Mark | RoleGroup], first: int) -> bool:
        """Whether the first event is a numbered line of the text above the list: another one of its rank and number
        follows before the first task, or the list begins anew behind it."""
        event = events[0]
        if not isinstance(event, Mark) or event.start >= first:
            return False
        same = [e for e in events[1:] if isinstance(e, Mark) and e.rank == event.rank and e.start < first]
        return bool(same)

    def _leading(self) -> list[RoleGroup]:
        """Lines that say who carries the tasks below them, where the first of them stands above the first task."""
        first = self.listing.items[0].start
        above = [mark.start for mark in self.listing.headings if mark.start < first]
        before = [g for g in self.groups if g.on_lines and (above[-1] if above else 0) <= g.start < first]
        if not before or above:
            return []
        starts = [item.start for item in self.listing.items]
        found: list[RoleGroup] = []
        for group in self.groups:
            nxt = bisect_left(starts, group.start)
            is_next = nxt < len(starts) and not self.stream.text[group.end : starts[nxt]].strip()
            if group.on_lines and is_next:
                found.append(group)
        return found

    def _within(self, start: int, end: int) -> list[RoleGroup]:
        begins = [group.start for group in self.groups]
        return list(self.groups[bisect_left(begins, start) : bisect_left(begins, end)])

    def _roles_first(self, events: Sequence[Mark | RoleGroup], ends: Sequence[int]) -> bool:
        """Whether those who carry a task stand above its text: text follows them in most tasks."""
        starts = {item.start for item in self.listing.items}
        followed = total = 0
        for event, end in zip(events, ends, strict=True):
            own = self._within(event.start, end) if event.start in starts else []
            if own:
                total += 1
                followed += bool(self.stream.text[self.stream.line_end(own[-1].end) : end].strip())
        return total >= 2 and followed * 2 > total

    def _item(self, mark: Mark, end: int, roles_first: bool) -> Item:
        own = self._within(mark.end, end)
        text_end = self._text_end(mark, end, own, roles_first)
        spans, at = [], mark.end
        for group in own:
            spans.append(self.stream.trimmed(at, group.start))
            at = group.end
        spans.append(self.stream.trimmed(at, max(at, text_end)))
        content = [span for span in spans if span[0] < span[1]]
        if len(content) > 1 and self.stream.text[slice(*content[-1])] in _SENTENCE_END:
            before = self.stream.text[content[-2][1] - 1]
            content = content[:-1] if before in _SENTENCE_END else content
        stray = self.stream.trimmed(text_end, end)
        item = Item(mark, content, [role for group in own for role in group.roles], [(mark.start, text_end)])
        item.unnamed = any(group.unnamed for group in own)
        item.stray = stray if stray[0] < stray[1] else None
        if any(group.unclosed for group in own):
            item.doubts.append("a bracket that says who carries the task is not closed")
        labels = [role.label for role in item.roles]
        if len(set(labels)) < len(labels):
            said = "、".join(dict.fromkeys(label or "责任单位" for label in labels if labels.count(label) > 1))
            item.doubts.append(f"{said} stands more than once in the task; what they say was joined in order")
        return item

    def _text_end(self, mark: Mark, end: int, own: Sequence[RoleGroup], roles_first: bool) -> int:
        """Where a task ends: its last line, or those who carry it, unless finer numbers go on behind these."""
        if own:
            at = min(self.stream.line_end(own[-1].end), end)
            following = self.stream.trimmed(at, end)
            if following[0] < following[1] and (self._is_finer(following[0], mark) or roles_first):
                return self._lines_end(following[0], end, mark, roles_first)
            return at
        return self._lines_end(mark.end, end, mark, False)

    def _lines_end(self, start: int, end: int, mark: Mark, all_lines: bool) -> int:
        """The end of the lines of a text: a line goes on below when it is full or open, or finer numbers follow."""
        text, at = self.stream.text, min(self.stream.line_end(start), end)
        while at + 1 < end:
            line = text[text.rfind("\n", 0, at) + 1 : at]
            goes_on = line[-1:] in "，、：,:" or (len(line) >= self.width and line[-1:] not in "。！？")
            if NOTE.match(text, at + 1) or not (all_lines or goes_on or self._is_finer(at + 1, mark)):
                break
            at = min(self.stream.line_end(at + 1), end)
        return at

    def _is_finer(self, at: int, mark: Mark) -> bool:
        other = mark_at(self.stream.text, at)
        return other is not None and other.rank > mark.rank

    def _heading(self, mark: Mark, end: int) -> Heading:
        text = self.stream.text
        line_end = min(self.stream.line_end(mark.start), end)
        if line_end - mark.start >= self.width and line_end + 1 < end and text[line_end - 1] not in _SENTENCE_END:
            line_end = min(self.stream.line_end(line_end + 1), end)
        own = self._within(mark.start, end)
        roles = [role for group in own for role in group.roles]
        title_end = min([line_end, *(group.start for group in own)])
        heading = named(self.stream, mark, title_end, roles)
        heading.taken = [(mark.start, max(title_end, mark.end)), *((group.start, group.end) for group in own)]
        heading.end = line_end
        return heading

    def _heading_above(self, parts: Sequence[Part]) -> Iterator[Heading]:
        """The line above the first task, where it is in brackets as all lines without a number between tasks are."""
        text = self.stream.text
        plain = [part for part in parts if isinstance(part, Heading) and part.rank == PLAIN]
        start = text.rfind("\n", 0, max(self.listing.items[0].start - 1, 0)) + 1
        end = self.stream.line_end(start)
        first = parts[0]
        boxed = all(text[at] in OPENING for at in (start, *(heading.start for heading in plain)))
        if plain and boxed and isinstance(first, Item) and end < first.mark.start and text[end - 1] in CLOSING:
            heading = named(self.stream, Mark(start, start, "", 0, ""), end, [], PLAIN)
            heading.taken = [(start, end)]
            yield heading

    def _plain_heading(self, item: Item, end: int) -> Iterator[Heading]:
        """A short line without a number between two tasks."""
        if item.stray is None or end >= len(self.stream.text) or end not in {m.start for m in self.listing.items}:
            return
        start, stop = item.stray
        said = self.stream.text[start:stop]
        if "\n" in said or len(said) > _SHORT or said[-1] in _SENTENCE_END + "，、：:" or NOTE.match(said):
            return
        item.stray = None
        heading = named(self.stream, Mark(start, start, "", 0, ""), stop, [], PLAIN)
        heading.taken = [(start, stop)]
        yield heading
