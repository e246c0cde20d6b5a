"""Leaders in charge: names from a cell."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial

from normalizers.breaks import NEVER, SURE, Pieces, pieces_of, read_pieces
from normalizers.mentions import LISTED, Mentions
from normalizers.persons import is_name, is_post, is_title, name_and_post
from normalizers.posts import assign_posts
from normalizers.reference import Names
from normalizers.text import label, split_outside_brackets, strip_brackets

#: What an entry costs: a leader met elsewhere in the document, one that looks like a name, a post, one character, any
#: other; a sure break inside of a name; two names in one.
_MET, _NAME, _POST, _SINGLE, _OTHER, _SPREAD, _TWO = 0.2, 1.0, 1.2, 5.0, 3.5, 0.5, 2.5
#: Two ways to read a cell whose costs differ by less than this are both possible.
_SURE_MARGIN = 0.6
_LISTED = LISTED + "|"
_OPENING = re.compile(r"[（(]")


@dataclass(frozen=True, slots=True)
class LeaderSplit:
    """The leaders of a cell with their posts (None where none is printed), and what is in doubt about them.

    A post that stands in place of a name is both.
    """

    names: tuple[str, ...]
    posts: tuple[str | None, ...] = ()
    doubt: str | None = None


@dataclass(slots=True)
class LeaderSplitter:
    """Finds the leaders in a cell.

    Blanks, line breaks, 、 ， ； / separate names; but a name may be spread (吴 伟), and cut by a wrap where it would
    be no name otherwise.
    """

    names: Names
    mentions: Mentions = field(default_factory=Mentions)
    _known: dict[str, LeaderSplit] = field(default_factory=dict)

    def split(self, text: str) -> LeaderSplit:
        """The leaders in a marked text, in order, each once."""
        if text not in self._known:
            self._known[text] = self._split(text)
        return self._known[text]

    def _split(self, text: str) -> LeaderSplit:
        groups: list[list[str]] = []
        doubts: list[str] = []
        for listed in split_outside_brackets(text, _LISTED):
            if lines := self._spread_lines(listed):
                groups.append(lines)
                continue
            pieces = pieces_of(listed.split(SURE))
            reading = read_pieces(pieces.texts, partial(self._cost, pieces))
            groups.append(["".join(entry) for entry in reading.entries])
            if reading.margin < _SURE_MARGIN:
                doubts.append(f"where one name ends and the next begins: {' / '.join(pieces.texts)}")
        leaders, unsure = assign_posts(groups, self.names)
        own: dict[str, str | None] = {}
        for name, post in leaders:
            own[name] = own.get(name) or post
        doubt = f"it is not sure {'；'.join(doubts)}" if doubts else None
        return LeaderSplit(tuple(own), tuple(own.values()), "；".join(filter(None, [doubt, *unsure])) or None)

    def _spread_lines(self, text: str) -> list[str] | None:
        """The names of a text whose every line is one name of two characters with a blank between: 秦 强 / 孙 红."""
        lines = text.split("\n")
        spread = [line.split() for line in lines]
        if len(lines) < 2 or any([len(part) for part in parts] != [1, 1] for parts in spread):
            return None
        names = ["".join(parts) for parts in spread]
        return names if all(is_name(name, self.names) for name in names) else None

    def _cost(self, pieces: Pieces, start: int, end: int) -> float:
        """What pieces cost as one name."""
        texts = pieces.texts[start:end]
        cost = price = self._price("".join(texts))
        if cost == _OTHER and len(texts) > 1:
            return (_OTHER + _TWO) * len(texts)
        for at in range(1, len(texts)):
            left, right = "".join(texts[:at]), "".join(texts[at:])
            if _OPENING.match(texts[at]):
                continue
            if pieces.sure[start + at - 1]:
                two = price > _NAME or max(self._price(left), self._price(right)) <= _NAME
                if two or not self._is_part(texts[at - 1], texts[at]):
                    return NEVER
                cost += _SPREAD
            elif min(len(left), len(right)) > 1 and max(self._price(left), self._price(right)) <= _POST:
                cost += _TWO
        return cost

    def _is_part(self, left: str, right: str) -> bool:
        """Whether one of two pieces can be no name of its own."""
        return min(len(left), len(right)) == 1 or left in self.names.compound_surnames

    def _price(self, name: str) -> float:
        base = label(strip_brackets(name)[0])
        if base in self.mentions.leaders:
            return _MET
        if is_title(base, self.names) and name_and_post(name, self.names) is None:
            return _POST
        if is_name(base, self.names) or name_and_post(label(name), self.names) is not None:
            return _NAME
        if is_post(base, self.names):
            return _POST
        return _SINGLE if len(base) == 1 or _OPENING.match(base) else _OTHER
