"""The first page of the Data Docs of a run: each batch has a site of its own, made where the batch was validated.

One site for all would have to be made in one place at the end, and takes longer than publishing the documents.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from html import escape
from pathlib import Path

_PAGE = """<!DOCTYPE html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>数据校验</title></head>
<body>
<h1>数据校验</h1>
<ul>
{items}
</ul>
</body>
</html>
"""


def write_index(folder: Path, batches: Sequence[tuple[str, str, str]]) -> None:
    """Write ``index.html`` with a link to the site of every batch, and remove the sites of earlier runs.

    A batch is its name (that of its folder), its first and its last document. Without one nothing is changed: the
    sites of the last run that validated anything stay.
    """
    places = {place: name for name, *_ in batches for place in (name, *_further(folder, name))}
    if not any((folder / place).is_dir() for place in places):
        return
    for path in folder.iterdir():
        if path.is_dir() and path.name not in places:
            shutil.rmtree(path, ignore_errors=True)
    ends = {name: (first, last) for name, first, last in batches}
    items = [
        f'<li><a href="{place}/index.html">{escape(_named(*ends[name]))}</a></li>'
        for place, name in sorted(places.items(), key=lambda pair: (ends[pair[1]], pair[0]))
        if (folder / place).is_dir()
    ]
    (folder / "index.html").write_text(_PAGE.format(items="\n".join(items)), encoding="utf-8")


def _further(folder: Path, name: str) -> list[str]:
    """The further sites of a batch: documents that claim the same identifier are validated apart."""
    return sorted(path.name for path in folder.glob(f"{name}-*"))


def _named(first: str, last: str) -> str:
    return first if first == last else f"{first} … {last}"
