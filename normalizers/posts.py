"""Whose a post is: 区委常委、常务副区长 李四 is one leader, 分管副省长、李四 are two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from normalizers.persons import fold_dots, is_title, name_and_post
from normalizers.reference import Names
from normalizers.text import label

#: A leader of a cell: the name and the post; where only a post is printed it is both.
NamedPost = tuple[str, str | None]


@dataclass(slots=True)
class _Assigner:
    """Gives the posts of one cell to its names; ``waiting`` are posts that belong to what follows, if to anything."""

    names: Names
    leaders: list[NamedPost] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    #: The last name has its post behind it, and that is one that people have beside another: the next one is, too.
    goes_on: bool = False

    def read(self, entries: Sequence[str]) -> None:
        """The entries between two list marks."""
        titles = [self._stands_beside(entry) for entry in entries]
        # 张三 副区长 李四 常委: whoever begins with a name goes on so, and so does 张三 常委、副区长 李四 常委.
        behind = any(titles) and titles[-1] and (self.goes_on or not titles[0])
        fresh = False
        for position, (entry, title) in enumerate(zip(entries, titles, strict=True)):
            found = name_and_post(entry, self.names)
            goes_on, self.goes_on = self.goes_on, False
            if found is not None:
                self._named(found[0], [found[1]], own=fresh)
                self.goes_on = entry.startswith(found[0]) and found[1].endswith(self._beside)
                fresh = False
            elif title and (
                (goes_on and (behind or all(titles[position:]))) or (behind and position and not titles[position - 1])
            ):
                name, post = self.leaders.pop()
                self.leaders.append((name, entry if post is None else f"{post}、{entry}"))
                self.goes_on = entry.endswith(self._beside)
            elif title:
                is_between = position > 0 and not behind and not titles[0] and self.leaders[-1][1] is None
                if is_between or (goes_on and not all(titles[position:])):
                    self.doubts.append(f"{entry} may be the post of the name before it or behind it")
                self.waiting.append(entry)
                fresh = True
            elif fresh and not is_title(entry, self.names):
                self._named(entry, [], own=True)
                fresh = False
            else:
                self.flush()
                self.leaders.append((entry, entry if is_title(entry, self.names) else None))

    @property
    def _beside(self) -> tuple[str, ...]:
        """Ends of posts that people have beside another one."""
        return (*self.names.memberships, *self.names.side_posts)

    def _stands_beside(self, entry: str) -> bool:
        """Whether an entry is a post that can belong to a name beside it."""
        if name_and_post(entry, self.names) is not None or not is_title(entry, self.names):
            return False
        return not entry.startswith(self.names.duties)

    def _named(self, name: str, posts: list[str], own: bool) -> None:
        """A name with its own posts and those that wait for it; ``own``: the last of these stands right before it."""
        waiting, self.waiting = self.waiting, []
        posts = [*([waiting.pop()] if own and waiting else []), *posts]
        while waiting and waiting[-1].endswith(self._beside):
            posts.insert(0, waiting.pop())
        if waiting:
            self.doubts.append(f"{'、'.join(waiting)} may be a post of {name} or stand for somebody else")
            self.waiting = waiting
            self.flush()
        self.leaders.append((name, "、".join(posts) or None))

    def flush(self) -> None:
        """Posts that no name followed stand for whoever has them; a membership belongs to the post behind it."""
        joined: list[str] = []
        for post in self.waiting:
            if joined and joined[-1].endswith(self.names.memberships):
                joined[-1] += f"、{post}"
            else:
                joined.append(post)
        self.leaders += [(post, post) for post in joined]
        self.waiting = []


def assign_posts(groups: Iterable[Sequence[str]], names: Names) -> tuple[list[NamedPost], list[str]]:
    """The leaders of a cell in order, and what is in doubt about their posts.

    ``groups`` are the entries between list marks (、 ，): within a group blanks and line breaks separate.
    """
    assigner = _Assigner(names)
    for entries in groups:
        assigner.read([_plain(entry, names) for entry in entries])
    assigner.flush()
    return assigner.leaders, assigner.doubts


def _plain(entry: str, names: Names) -> str:
    """An entry without blanks, the honorific behind a name and the colon behind a post alone (组长： 张三)."""
    text = fold_dots(label(entry))
    for word in names.honorifics:
        text = text.removesuffix(word) or text
    return text.removesuffix("：") if is_title(text.removesuffix("："), names) else text
