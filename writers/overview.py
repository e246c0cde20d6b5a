"""outputs/index.html: every year and document at a glance, with links to what is published of each.

Made from the release folders, the comparisons and the quarantine alone; the same outputs give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from writers.compare_files import put
from writers.errors import write_error
from writers.overview_cards import Card, cards
from writers.pages.render import page

FILE = "index.html"
#: Reasons of one held-back document that the page shows; all of them stand in its file.
_REASONS = 6


def write_overview(outputs: Path) -> bool:
    """Write ``index.html``; False when it stands there already. Raises WriteError when it can't be written."""
    data = html(outputs)
    path = outputs / FILE
    try:
        if path.is_file() and path.read_bytes() == data:
            return False
        put(path, data)
    except OSError as error:
        raise write_error(path, error) from error
    return True


def html(outputs: Path) -> bytes:
    """The overview of an outputs folder as a page in one file."""
    documents, comparisons, held_back = cards(outputs)
    readable = [card for card in documents if "problem" not in card]
    data = {
        **_packed(readable),
        "comparisons": [card for card in comparisons if "problem" not in card],
        "heldBack": [_shortened(card) for card in held_back],
        "problems": [card for card in (*documents, *comparisons) if "problem" in card],
    }
    summary = f"{summary_of(readable)}{f'；{len(held_back)} 份未发布' if held_back else ''}"
    values = {"data": data, "summary": summary}
    return page("overview.html.j2", ("base.css", "overview.css"), ("overview.js",), values)


def _packed(documents: Sequence[Card]) -> dict[str, Any]:
    """Documents with each name said once: thousands of them have the same organisations."""
    names: dict[str, int] = {}
    packed = []
    for card in documents:
        parties = {
            key: [[names.setdefault(name, len(names)), *counts] for name, *counts in card[key]]
            for key in ("units", "leaders")
        }
        packed.append({**card, **parties})
    return {"documents": packed, "names": list(names)}


def _shortened(card: Card) -> Card:
    return {**card, "reasons": card["reasons"][:_REASONS], "more": max(len(card["reasons"]) - _REASONS, 0)}


def summary_of(documents: Sequence[Card]) -> str:
    """Which documents these are, in a few words: the region, or how many; the years; how many tasks."""
    regions = {card["region_code"]: card["region"] for card in documents}
    where = next(iter(regions.values())) if len(regions) == 1 else f"{len(regions)} 个地区"
    tasks = sum(card["n_tasks"] for card in documents)
    return f"{where}，{_years(documents) or '无年度'}，{len(documents)} 份文件，{tasks} 项任务"


def _years(documents: Iterable[Card]) -> str:
    years = sorted({card["year"] for card in documents})
    return f"{years[0]}–{years[-1]}年" if len(years) > 1 else f"{years[0]}年" if years else ""
