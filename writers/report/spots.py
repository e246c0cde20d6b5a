"""The spots of a document: every place that the page can light up, numbered through, and which fields were read there.

A field names its places as provenance does. On a fixed page that is the box of a cell; in a text it is a line, on which
several cells stand: then what the field was read from tells which of them is meant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from normalizers.text import squeeze
from normalizers.view import Box, DocumentView, ViewCell, ViewPage, ViewPlace, ViewText

#: The share of the smaller of two boxes that both have in common, from which they are one place.
_SAME = 0.5


@dataclass(frozen=True, slots=True)
class Spot:
    """Something on a page: ``column`` is where a cell stands in its table, whose running number is ``table``."""

    text: str
    table: int = -1
    column: int = -1


@dataclass(slots=True)
class Spots:
    """All spots of a document by their numbers: cells, texts and left-out texts of each page, in this order.

    ``extra`` are the places, by number and behind all others, that fields name and nothing was seen at.
    """

    spots: list[Spot] = field(default_factory=list)
    extra: list[tuple[int, ViewPlace]] = field(default_factory=list)
    _at: dict[ViewPlace, list[int]] = field(default_factory=dict)
    _boxes: dict[int, list[tuple[Box, int]]] = field(default_factory=dict)
    #: How often a field was found in a column, for sure: by (table, field, column) and by (field, column).
    _habits: Counter[tuple[int, str, int]] = field(default_factory=Counter)

    @classmethod
    def of(cls, view: DocumentView) -> Spots:
        """The spots of a view."""
        found = cls()
        tables = 0
        for page in view.pages:
            for spot, place in _on(page, tables):
                found._add(spot, place)
            tables += len(page.tables)
        return found

    def _add(self, spot: Spot, place: ViewPlace) -> None:
        number = len(self.spots)
        self.spots.append(spot)
        self._at.setdefault(place, []).append(number)
        if place.box:
            self._boxes.setdefault(place.page, []).append((place.box, number))

    def learn(self, place: ViewPlace, name: str, raw: str | None) -> None:
        """Note the column of a field whose text is that of exactly one of the cells at its place."""
        found = self._at.get(place, ())
        same = [number for number in found if raw and squeeze(self.spots[number].text) == squeeze(raw)]
        if len(found) > 1 and len(same) == 1:
            spot = self.spots[same[0]]
            self._habits[spot.table, name, spot.column] += 1
            self._habits[-1, name, spot.column] += 1

    def find(self, place: ViewPlace, name: str | None = None, raw: str | None = None) -> list[int]:
        """The numbers of the spots at a place; ``name`` and ``raw`` (field and its text) tell one of several."""
        found = self._at.get(place)
        if not found and place.box:
            found = [number for box, number in self._boxes.get(place.page, ()) if _is_same(box, place.box)]
        if not found:
            return self._extra(place)
        return self._told(found, name, raw) if len(found) > 1 and name else list(found)

    def _extra(self, place: ViewPlace) -> list[int]:
        number = len(self.spots) + len(self.extra)
        self.extra.append((number, place))
        self._at[place] = [number]
        return [number]

    def _told(self, found: Sequence[int], name: str, raw: str | None) -> list[int]:
        """Those of the spots at one place that the field was read from, as far as its text and habits tell."""
        filled = [number for number in found if number < len(self.spots) and squeeze(self.spots[number].text)]
        text = squeeze(raw or "")
        same = [number for number in filled if squeeze(self.spots[number].text) == text]
        part = [
            n for n in filled if text and (text in squeeze(self.spots[n].text) or squeeze(self.spots[n].text) in text)
        ]
        likely = same or part or list(found)
        return [max(likely, key=lambda number: self._habit(number, name))] if same or part else likely

    def _habit(self, number: int, name: str) -> tuple[int, int, int]:
        spot = self.spots[number]
        own, all_of = self._habits[spot.table, name, spot.column], self._habits[-1, name, spot.column]
        return own, all_of, len(spot.text)


def _on(page: ViewPage, tables: int) -> Iterator[tuple[Spot, ViewPlace]]:
    for number, table in enumerate(page.tables, tables):
        for cell in table.cells:
            yield Spot(cell.text, number, cell.col), cell.place
    for text in (*page.texts, *page.left_out):
        yield Spot(text.text), text.place


def on_page(page: ViewPage) -> list[ViewCell | ViewText]:
    """Everything on a page that has a number, in the order of the numbers."""
    return [*(cell for table in page.tables for cell in table.cells), *page.texts, *page.left_out]


def _is_same(one: Box, other: Box) -> bool:
    """Whether two boxes lie on each other, so that the most of the smaller one is in the other."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return False
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return width * height >= _SAME * smaller
