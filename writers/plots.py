"""The plots of the overview as pictures, for slides and reports: matplotlib, the same input gives the same bytes."""

from __future__ import annotations

import io
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from writers.fonts import chinese_font
from writers.overview_cards import Card

#: As on the page: what leads and what supports, and the severities of doubts.
_DARK, _LIGHT = "#0b5394", "#a9c6e3"
_SEVERITIES = (("严重", "#b3261e"), ("警告", "#e0a100"), ("提示", "#9fb3c8"))
_TOP, _MOST_YEARS = 20, 6
_DPI = 150
_LEAD_AND_SUPPORT = 2
_LOADS = (
    ("units", "units.png", "单位任务数", (("牵头", _DARK), ("配合", _LIGHT))),
    ("leaders", "leaders.png", "领导任务数", (("分管", _DARK),)),
)
#: A party's name and, for each year, its number of tasks in each role.
_Load = tuple[str, list[list[int]]]


def draw(documents: Sequence[Card], title: str) -> tuple[dict[str, bytes], str]:
    """The pictures by file name, and the characters that no font of this machine has; no documents, no pictures.

    ``documents`` are cards of :mod:`writers.overview_cards`, ``title`` says which they are. Raises FontError where
    there is no Chinese font.
    """
    if not documents:
        return {}, ""
    years = sorted({card["year"] for card in documents})
    shown = years[-_MOST_YEARS:]
    loads = {key: _loads(documents, key, shown, len(kinds)) for key, _, _, kinds in _LOADS}
    words = "".join(name for load in loads.values() for name, _ in load) + title
    family, lacking = chinese_font(
        words + "".join(item[2] for item in _LOADS) + "各年度任务量化目标疑点严重警告提示牵头配合分管："
    )
    with _drawn_with(family):
        pictures = {"years.png": _years(documents, years, title)}
        for key, name, heading, kinds in _LOADS:
            if loads[key]:
                pictures[name] = _load(loads[key], shown, f"{heading}：{title}", kinds)
    return pictures, lacking


@contextmanager
def _drawn_with(family: str) -> Iterator[None]:
    """Every text in one font. Characters that it lacks are said once, by us, and not at each of their places."""
    import matplotlib as mpl  # noqa: PLC0415  slow, and only for plots

    settings: dict[Any, Any] = {"font.family": [family, "DejaVu Sans"], "font.size": 10, "axes.unicode_minus": False}
    with mpl.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield


def _loads(documents: Sequence[Card], key: str, years: Sequence[int], kinds: int) -> list[_Load]:
    """Who has most tasks in the last year, at the top; those of several regions that have one name are one."""
    found: dict[str, list[list[int]]] = defaultdict(lambda: [[0] * kinds for _ in years])
    for card in documents:
        if card["year"] in years:
            for name, *counts in card[key]:
                cell = found[name][years.index(card["year"])]
                for index, count in enumerate(counts):
                    cell[index] += count
    parties = sorted(found.items(), key=lambda item: (-sum(item[1][-1]), -sum(map(sum, item[1])), item[0]))
    return parties[:_TOP]


def _figure(width: float, height: float, columns: int) -> tuple[Any, Any]:
    """A figure of inches with a row of axes that share their vertical axis."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(width, height), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    return figure, figure.subplots(1, columns, sharey=True, squeeze=False)[0]


def _png(figure: Any) -> bytes:
    data = io.BytesIO()
    figure.savefig(data, format="png", dpi=_DPI, metadata={"Software": None})
    return data.getvalue()


def _plain(axes: Any) -> None:
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    axes.set_xticks([])


def _bars(axes: Any, rows: Sequence[Sequence[int]], colours: Sequence[str]) -> None:
    """Horizontal bars, a row each, one part behind the other, with numbers at their ends (6+2: lead and support)."""
    for place, parts in enumerate(rows):
        start = 0
        for count, colour in zip(parts, colours, strict=True):
            axes.barh(place, count, left=start, color=colour, height=0.68)
            start += count
        if start:
            text = f"{parts[0]}+{parts[1]}" if len(parts) == _LEAD_AND_SUPPORT and parts[1] else str(start)
            axes.annotate(text, (start, place), (4, 0), textcoords="offset points", va="center", fontsize=9)


def _load(loads: Sequence[_Load], years: Sequence[int], title: str, kinds: Any) -> bytes:
    figure, grid = _figure(3.0 + 2.6 * len(years), 1.2 + 0.3 * len(loads), len(years))
    most = max(sum(cell) for _, cells in loads for cell in cells) or 1
    for column, (axes, year) in enumerate(zip(grid, years, strict=True)):
        _bars(axes, [cells[column] for _, cells in loads], [colour for _, colour in kinds])
        axes.set_title(f"{year}年", loc="left", fontsize=11)
        axes.set_xlim(0, most * 1.25)
        _plain(axes)
    grid[0].set_yticks(range(len(loads)), [name for name, _ in loads])
    grid[0].set_ylim(len(loads) - 0.4, -0.6)
    figure.suptitle(title, x=0.01, ha="left", fontsize=13)
    if len(kinds) > 1:
        _legend(figure, kinds)
    return _png(figure)


def _years(documents: Sequence[Card], years: Sequence[int], title: str) -> bytes:
    def total(year: int, *counts: str) -> list[int]:
        return [sum(card[count] for card in documents if card["year"] == year) for count in counts]

    doubts = [
        [sum(card["issues"][index] for card in documents if card["year"] == year) for index in range(len(_SEVERITIES))]
        for year in years
    ]
    panels: tuple[tuple[str, list[list[int]], list[str]], ...] = (
        ("任务", [total(year, "n_tasks") for year in years], [_DARK]),
        ("量化目标", [total(year, "n_targets") for year in years], [_DARK]),
        ("疑点", doubts, [colour for _, colour in _SEVERITIES]),
    )
    figure, grid = _figure(11, 1.6 + 0.34 * len(years), len(panels))
    for axes, (heading, rows, colours) in zip(grid, panels, strict=True):
        _bars(axes, rows, colours)
        axes.set_title(heading, loc="left", fontsize=11)
        axes.set_xlim(0, max(*map(sum, rows), 1) * 1.35)
        _plain(axes)
    grid[0].set_yticks(range(len(years)), [f"{year}年" for year in years])
    grid[0].set_ylim(len(years) - 0.4, -0.6)
    figure.suptitle(f"各年度：{title}", x=0.01, ha="left", fontsize=13)
    _legend(figure, _SEVERITIES)
    return _png(figure)


def _legend(figure: Any, kinds: Any) -> None:
    from matplotlib.patches import Patch  # noqa: PLC0415

    handles = [Patch(color=colour, label=label) for label, colour in kinds]
    figure.legend(handles=handles, loc="outside upper right", ncols=len(handles), frameon=False, fontsize=9)
