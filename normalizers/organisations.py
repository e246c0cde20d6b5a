"""Organisations: the names in a cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from normalizers.breaks import NEVER, SURE, Pieces, Reading, pieces_of, read_pieces
from normalizers.elided import Completion, Listed, Note, goes_on_with_kinds, prefix_of
from normalizers.joined import grouped, jammed, parted, without_numbers, without_others
from normalizers.meaning import is_unit
from normalizers.mentions import GROUPED, LISTED, Mentions
from normalizers.reference import UnitPatterns
from normalizers.text import is_unclosed, label, split_outside_brackets, squeeze, strip_brackets

_OPENING = re.compile(r"[（(〔［\[【]")
#: What an entry of a list costs: a name of the roster, one met elsewhere in the document, one that begins and ends like
#: an organisation, one that only ends so, one with an end that other words have as well, any other, an end alone.
_KNOWN, _MET, _FULL, _NAMED, _SOFT, _OTHER, _END = 0.0, 0.2, 1.0, 1.5, 2.0, 4.0, 6.0
#: What it costs to put two names together over a break: by how sure it is that they are two.
_TWO, _BRANCH, _MAYBE, _PARENT, _BEGINS = 3.0, 1.8, 1.6, 0.4, 4.2
#: So many names begin with the same two characters when these are a place.
_OFTEN = 2
#: A branch is named shortly; what is longer (钟楼公安分局) is a body of its own.
_LONGEST_BRANCH = 5
#: No name is shorter, but for those that patterns.yaml has as a whole (妇联).
_SHORTEST = 3
#: What it costs to begin a name at a line break where names are separated by marks.
_AGAINST = 2.0
#: Two ways to read a cell whose costs differ by less than this are both possible.
_SURE_MARGIN = 1.0
#: By more than this a name that was put together is one for the whole document.
_SURELY = 2.0


@dataclass(frozen=True, slots=True)
class Split:
    """The organisations of a cell, and what is in doubt about them; ``joined`` were surely cut by wraps.

    ``fulls`` has for each name its full form where the list says a part of it only once (省科技厅), else None.
    ``notes`` are what else is to be said of names.
    """

    names: tuple[str, ...]
    fulls: tuple[str | None, ...]
    doubt: str | None = None
    joined: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    def among(self, others: Split) -> Split:
        """The same names with the full forms that they have in a longer list, of which they are a part."""
        fulls: dict[str, set[str | None]] = {}
        for name, full in zip(others.names, others.fulls, strict=True):
            fulls.setdefault(name, set()).add(full)
        own = tuple(next(iter(fulls[name])) if len(fulls.get(name, ())) == 1 else None for name in self.names)
        notes = [note for note in self.notes if note.rule != "elision_unclear"]
        notes += [note for note in others.notes if note.rule == "elision_unclear" and note.name in self.names]
        return replace(self, fulls=own, notes=tuple(notes))


@dataclass(slots=True)
class UnitSplitter:
    """Finds the organisations in a cell; ``is_known`` says whether a name is in the roster.

    List marks and sure breaks separate; nothing inside brackets does. A line break that may be a wrap separates where
    the parts look more like two names than like one: by the roster, the names met elsewhere in the document
    (``mentions``), and how names begin and end.
    """

    patterns: UnitPatterns
    is_known: Callable[[str], bool]
    mentions: Mentions = field(default_factory=Mentions)
    #: The cells separate names with list marks, so that line breaks hardly ever do.
    only_marks: bool = False
    _splits: dict[str, Split] = field(default_factory=dict)
    _readings: dict[Pieces, Reading] = field(default_factory=dict)
    _prices: dict[str, float] = field(default_factory=dict)
    _names: dict[str, bool] = field(default_factory=dict)
    _entries: dict[str, tuple[list[str], list[Note]]] = field(default_factory=dict)

    def split(self, text: str) -> Split:
        """The organisations in a marked text as printed, punctuation folded, in order, each once."""
        if text not in self._splits:
            self._splits[text] = self._split(text.replace(SURE, "\n") if self.only_marks else text)
        return self._splits[text]

    def _split(self, text: str) -> Split:
        listed: list[Listed] = []
        notes: list[Note] = []
        doubts: list[str] = []
        joined: list[str] = []
        for pieces, is_group in self._listed(without_numbers(text), notes):
            reading = self._reading(pieces)
            for at, entry in enumerate(reading.entries):
                group = listed[-1].group + (is_group or at > 0) if listed else 0
                found, said = self._named("".join(entry))
                listed += [Listed(name, group) for name in found]
                notes += said
            if reading.margin >= _SURELY:
                joined += [label("".join(entry)) for entry in reading.entries if len(entry) > 1]
            elif reading.margin < _SURE_MARGIN:
                doubts.append(" / ".join(pieces.texts))
        completed, open_notes = self._completion.complete(listed)
        kept = dict.fromkeys((item.name, item.full) for item in completed)
        doubt = f"it is not sure where one name ends and the next begins: {'；'.join(doubts)}" if doubts else None
        whole = (name for name in joined if name.startswith(self.patterns.levels) and is_unit(name, self.patterns))
        names, fulls = tuple(name for name, _ in kept), tuple(full for _, full in kept)
        return Split(names, fulls, doubt, tuple(whole), (*notes, *open_notes))

    def _listed(self, text: str, notes: list[Note]) -> Iterator[tuple[Pieces, bool]]:
        """The pieces of each element of a list, and whether a group begins with it; what was left out is noted."""
        for part in split_outside_brackets(text, GROUPED):
            is_group = True
            for listed in grouped(split_outside_brackets(part, LISTED), self.patterns):
                own, others = without_others(listed.rstrip("。."), self._begins_whole)
                notes += [others] if others else []
                for pieces in self._groups(_unbroken(own)):
                    yield pieces, is_group
                    is_group = True
                is_group = False

    def _named(self, entry: str) -> tuple[list[str], list[Note]]:
        """The names of an entry, without what is no name, and what is to be said of them."""
        if entry not in self._entries:
            words = self.patterns.lists
            names, joined = parted(label(entry.strip("。.")), words.joining, words.in_names, self._is_whole)
            unknown = (name for name in names if not self.is_known(name))
            notes = [joined, *(jammed(name, self._is_whole, self.patterns.parents) for name in unknown)]
            self._entries[entry] = [name for name in names if name], [note for note in notes if note]
        return self._entries[entry]

    def _looks_whole(self, name: str) -> bool:
        return self.is_known(name) or is_unit(name, self.patterns)

    def _begins_whole(self, name: str) -> bool:
        return self._looks_whole(name) or name.startswith(self.patterns.lists.functions)

    def _is_whole(self, name: str) -> bool:
        """Whether a name that a word may join to another is a whole one."""
        words = self.patterns.lists
        if self.is_known(name) or name.startswith(words.vague):
            return self._looks_whole(name)
        begins = prefix_of(name, words) or name.startswith((*words.functions, *words.party))
        return len(name) >= _SHORTEST and bool(begins) and self._looks_whole(name)

    @property
    def _completion(self) -> Completion:
        return Completion(self.patterns.lists, self.is_known, partial(is_unit, patterns=self.patterns))

    def _groups(self, parts: Sequence[str]) -> Iterator[Pieces]:
        """The parts between sure breaks, those in one that could go on with each other over the break."""
        group: list[str] = []
        for part in filter(str.strip, parts):
            if group and not self._could_go_on(group[-1].split()[-1], part.split()[0]):
                yield pieces_of(group)
                group = []
            group.append(part)
        if group:
            yield pieces_of(group)

    def _could_go_on(self, before: str, part: str) -> bool:
        """Whether a name could go on over a sure break: not where a whole name begins behind it."""
        if _OPENING.match(part) or part in self.patterns.bare_endings or not self._is_name(part):
            return True
        begins = part.startswith(self.patterns.levels) or self._is_met(part) or self._is_name(before)
        return not begins or self._is_met(before + part)

    def _reading(self, pieces: Pieces) -> Reading:
        if len(pieces.texts) == 1:
            return Reading((pieces.texts,), NEVER)
        if pieces not in self._readings:
            self._readings[pieces] = read_pieces(pieces.texts, partial(self._cost, pieces))
        return self._readings[pieces]

    def _cost(self, pieces: Pieces, start: int, end: int) -> float:
        """What pieces cost as one organisation."""
        texts = pieces.texts[start:end]
        name = "".join(texts)
        known = self._is_met(name)
        seams = 0.0
        for at in range(1, len(texts)):
            left, right = "".join(texts[:at]), "".join(texts[at:])
            if pieces.sure[start + at - 1] and not self._goes_on(left, texts[at], name):
                return NEVER
            seams += 0.0 if known else self._seam(left, right)
        price = self._price(name)
        against = _AGAINST if self.only_marks and start else 0.0
        return against + (price * len(texts) if price == _OTHER else price + seams)

    def _price(self, name: str) -> float:
        if name not in self._prices:
            self._prices[name] = self._judged(name)
        return self._prices[name]

    def _judged(self, name: str) -> float:
        """What a name costs by itself."""
        if self.is_known(name):
            return _KNOWN
        if name in self.patterns.bare_endings or _OPENING.match(name) or is_unclosed(name):
            return _END
        if label(name) in self.mentions.units:
            return _MET
        if not is_unit(name, self.patterns):
            return _OTHER
        if not squeeze(strip_brackets(name)[0]).endswith(self.patterns.endings):
            return _SOFT
        return _FULL if name.startswith(self.patterns.levels) else _NAMED

    def _seam(self, left: str, right: str) -> float:
        """What it costs that two parts are one name: much where both could be names of their own."""
        is_end = right in self.patterns.bare_endings or _OPENING.match(right)
        if is_end or is_unclosed(left) or left in self.patterns.levels or goes_on_with_kinds(left, right):
            return 0.0
        met = self._is_met(right)
        begins = met or self._begins(left, right)
        if not self._is_name(left):
            if len(left) < _SHORTEST:
                return 0.0
            return _BEGINS if begins and self._is_name(right) else 0.0
        apart = not met and right[:2] != left[:2] and not left.startswith(self.patterns.levels)
        if apart and _is_part(left, right, self.patterns.outlets):
            return _PARENT
        if (apart or not begins) and _is_part(left, right, self.patterns.branches):
            return _BRANCH
        if begins or not self._is_name(right):
            return _TWO if begins else 0.0
        is_department = not right.endswith(self.patterns.lists.own_ends)
        if is_department and any(
            left == level + parent for level in self.patterns.levels for parent in self.patterns.parents
        ):
            return _PARENT
        strong = self._is_met(left) or squeeze(strip_brackets(left)[0]).endswith(self.patterns.endings)
        return _TWO if strong else _MAYBE

    def _begins(self, left: str, right: str) -> bool:
        """Whether a part begins like other names of the document: with a word of level, or with a place."""
        if self.mentions.places[right[:2]] >= _OFTEN or right[:2] == left[:2]:
            return True
        level = next((word for word in self.patterns.levels if right.startswith(word)), None)
        if level is None or right[len(level) :] in self.patterns.bare_endings:
            return False
        if len(level) > 1 or level == "各" or left.startswith(level) or self.mentions.levels[level]:
            return True
        # 市住房和城 / 乡建设局: 乡 is a word of some level, but not of the one that the name before begins with.
        return not self.mentions.levels and (self._is_name(left) or not left.startswith(self.patterns.levels))

    def _is_name(self, part: str) -> bool:
        if part not in self._names:
            self._names[part] = self._is_met(part) or is_unit(part, self.patterns)
        return self._names[part]

    def _is_met(self, name: str) -> bool:
        return self._price(name) <= _MET

    def _goes_on(self, before: str, part: str, name: str) -> bool:
        """Whether a part behind a sure break belongs to the name before it all the same: it is only the end of one."""
        if _OPENING.match(part) or part in self.patterns.bare_endings:
            return True
        return self._is_met(name) and not (self._is_met(before) and self._is_met(part))


def _is_part(left: str, right: str, heads: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether the second of two names could be a part of the first: 农业银行 / 钟楼支行."""
    return len(right) <= _LONGEST_BRANCH and any(right.endswith(e) and left.endswith(own) for e, own in heads.items())


def split_units(text: str, patterns: UnitPatterns, is_known: Callable[[str], bool]) -> tuple[str, ...]:
    """The organisations in a cell of which nothing else is known: any white space may be a wrap."""
    return UnitSplitter(patterns, is_known).split("\n".join(text.split())).names


def _unbroken(listed: str) -> list[str]:
    """An element of a list split at its sure breaks; white space inside brackets goes."""
    parts = split_outside_brackets(listed, SURE)
    return ["\n".join("".join(piece.split()) for piece in split_outside_brackets(part, "\n")) for part in parts]
