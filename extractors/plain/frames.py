"""Lines of a drawn table as bars and what stands between them: ┌─┬┐│├┼┤, their heavy and double kin, or +---+ and |."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractors.plain.columns import FONTS, Widths

_HORIZONTAL = frozenset("─━═╌╍┄┅┈┉╴╶╸╺╼╾-=")
_VERTICAL = frozenset("│┃║╎╏┆┇┊┋╵╷╹╻╽╿|")
#: The pipe, and the box-drawing characters that are no horizontal ruling.
_BARS = frozenset("|") | frozenset(map(chr, range(0x2500, 0x2580))) - _HORIZONTAL
#: A plus is a crossing where a rule of at least two dashes meets it.
_CROSSING = re.compile(r"(?<=[-=]{2})\+|\+(?=[-=]{2})")
#: Crossings from which no ruling goes down.
_CLOSED_BELOW = frozenset("└┕┖┗┘┙┚┛┴┵┶┷┸┹┺┻╘╙╚╛╜╝╧╨╩╰╯")
_RULE = re.compile(r"[-=─━═╌╍┄┅┈┉]{2,}|[─━═╌╍┄┅┈┉]")
#: A line with more bars is no table's.
_MOST_BARS = 200
#: Of the lines, so many at least must have a bar where a ruling of the table stands.
_FEWEST = 2


@dataclass(slots=True)
class FrameLine:
    """One line of a drawn table: the columns of its bars and the texts between them.

    ``places`` are the bars' columns in characters of the font, ``edges`` the grid lines that they are.
    """

    number: int
    page: int
    bars: str
    places: list[int]
    texts: list[str]
    #: Columns that the text between two bars may take.
    rooms: list[int]
    edges: list[int]

    @property
    def is_rule(self) -> bool:
        """Whether something is ruled in the line."""
        return any(map(is_ruled, self.texts))

    @property
    def is_pure(self) -> bool:
        """Whether nothing but rulings stands in the line."""
        return self.is_rule and all(is_ruled(text) or not text.strip() for text in self.texts)


def is_ruled(text: str) -> bool:
    """Whether the stretch between two bars is a ruling; a dash that stands for nothing has blanks around it."""
    bare = text.replace(":", "")
    return bool(bare) and len(bare) == len(bare.strip()) and all(char in _HORIZONTAL for char in bare)


def is_framed(line: str) -> bool:
    """Whether a line begins and ends with a bar of a drawn table, and has two or more."""
    bare = line.strip()
    if len(bare) < 3 or not (bare[0] in _BARS or bare.startswith(("+-", "+="))):
        return False
    return 1 < len(_bars(bare)) <= _MOST_BARS and (bare[-1] in _BARS or bare.endswith(("-+", "=+")))


def is_ruling(line: str) -> bool:
    """Whether a framed line has a ruling in it; one of dashes and pipes alone is Markdown's."""
    if all(line[at] == "|" for at in _bars(line)):
        return False
    return is_framed(line) and bool(_RULE.search(line)) and FrameLine(0, 0, *_split(line, FONTS[0])).is_rule


def _bars(line: str) -> list[int]:
    """Where the bars stand in a line, as offsets."""
    crossings = {match.start() for match in _CROSSING.finditer(line)}
    return [at for at, char in enumerate(line) if char in _BARS or at in crossings]


def _split(line: str, widths: Widths) -> tuple[str, list[int], list[str], list[int], list[int]]:
    starts, bars = widths.starts(line), _bars(line)
    texts = [line[a + 1 : b] for a, b in pairwise(bars)]
    rooms = [starts[b] - starts[a + 1] for a, b in pairwise(bars)]
    return "".join(line[at] for at in bars), [starts[at] for at in bars], texts, rooms, []


def frame(lines: Sequence[tuple[int, int, str]]) -> tuple[list[FrameLine], int, Widths]:
    """The lines of a drawn table, each bar as one of its grid lines; how many those are, and the font.

    ``lines`` are number, page and text. Grid lines are those of the rulings. A bar is the grid line that it stands
    on; where the font can't be told or texts have pushed bars aside, bars are counted.
    """
    widths = _font([text for _, _, text in lines])
    found = [FrameLine(number, page, *_split(text.rstrip(), widths)) for number, page, text in lines]
    grid = _grid_lines(found)
    below: list[int] | None = None
    for line in found:
        line.edges = _edges(line, grid, below)
        if line.is_pure:
            down = [edge for bar, edge in zip(line.bars, line.edges, strict=True) if bar not in _CLOSED_BELOW]
            below = down if "+" not in line.bars else None
        elif not line.is_rule:
            below = line.edges if len(line.edges) == len(below or ()) else below
        else:
            below = None
    return found, len(grid), widths


def _font(lines: Sequence[str]) -> Widths:
    """The font in which most bars stand below each other."""
    barred = [(line, _bars(line)) for line in lines]

    def steadiness(widths: Widths) -> int:
        places: Counter[int] = Counter()
        for line, bars in barred:
            starts = widths.starts(line)
            places.update({starts[at] for at in bars})
        return sum(times * times for times in places.values())

    return max(FONTS, key=steadiness)


def _grid_lines(found: Sequence[FrameLine]) -> list[int]:
    """The columns of the grid lines: where rulings have crossings; if they don't agree, the line with most bars."""
    fullest = max((line.places for line in found), key=len)
    counts = Counter(place for line in found for place in line.places)
    pure = {place for line in found if line.is_pure for place in line.places if counts[place] >= _FEWEST}
    most = Counter(len(line.places) for line in found)
    usual = max(most, key=lambda count: (most[count], count))
    if len(pure) < len(fullest) or (len(pure) > len(fullest) and usual == len(fullest) and _is_ragged(found, pure)):
        return list(fullest)
    return sorted(pure)


def _is_ragged(found: Sequence[FrameLine], grid: set[int]) -> bool:
    """Whether most bars of the lines of text stand beside the grid lines, so that only counting them helps."""
    bars = [place for line in found if not line.is_rule for place in line.places]
    return sum(place in grid for place in bars) * 2 < len(bars)


def _edges(line: FrameLine, grid: Sequence[int], below: Sequence[int] | None) -> list[int]:
    """Which grid line each bar of a line is."""
    at = {place: index for index, place in enumerate(grid)}
    if all(place in at for place in line.places):
        return [at[place] for place in line.places]
    if len(line.places) == len(grid):
        return list(range(len(grid)))
    if below is not None and len(below) == len(line.places):
        return list(below)
    if len(line.places) > len(grid):  # bars of the text itself: the nearest to each grid line are the table's
        kept = _nearest(grid, line.places)
        _merge(line, kept)
        return list(range(len(grid)))
    return _nearest(line.places, grid)


def _merge(line: FrameLine, kept: Sequence[int]) -> None:
    """Make the bars that are not kept part of the text around them."""
    texts, rooms = [], []
    for a, b in pairwise(kept):
        pieces = [line.texts[a]]
        for index in range(a + 1, b):
            pieces += [line.bars[index], line.texts[index]]
        texts.append("".join(pieces))
        rooms.append(sum(line.rooms[a:b]) + b - a - 1)
    line.bars = "".join(line.bars[index] for index in kept)
    line.places = [line.places[index] for index in kept]
    line.texts, line.rooms = texts, rooms


def _nearest(few: Sequence[int], many: Sequence[int]) -> list[int]:
    """For each of a few places one of many, in order, so that the sum of the distances is least."""
    best: list[tuple[int, tuple[int, ...]]] = [(0, ())] * (len(many) + 1)
    for index, place in enumerate(few):
        following: list[tuple[int, tuple[int, ...]]] = [(1 << 40, ())] * (len(many) + 1)
        for at in range(index, len(many)):
            cost = best[at][0] + abs(many[at] - place)
            following[at + 1] = min(following[at], (cost, (*best[at][1], at)), key=lambda option: option[0])
        best = following
    return list(best[len(many)][1])


def repaired(line: str) -> str | None:
    """A line between those of a drawn table that lost a bar at one end or both, with them; None: it is no such line."""
    bare = line.strip()
    if not 1 < len(_bars(bare)) <= _MOST_BARS:
        return None
    start = "" if bare[0] in _BARS or bare.startswith(("+-", "+=")) else "|"
    end = "" if bare[-1] in _BARS or bare.endswith(("-+", "=+")) else "|"
    return f"{line[: len(line) - len(line.lstrip())]}{start}{bare}{end}"
