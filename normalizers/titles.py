"""The title of a document, as printed above or in its first responsibility table."""

from __future__ import annotations

import re
from pathlib import Path

from extractors.model import Provenance, SourceDocument
from normalizers.headings import find_heading
from normalizers.listed import top_of, with_listed_tasks
from normalizers.reference import DEFAULT_DIR, load
from normalizers.text import label

#: Words of the title of a table, and of a document that has one.
_TABLE, _REPORT = "表$|分解|分工", "报告|任务|清单|方案"
_SENTENCE = re.compile("[，。；：]")
#: 附件1：, before the title of an attachment.
_ATTACHMENT = re.compile(r"^附[件表]\d*[:：]")


def _names_table(title: str) -> bool:
    """Whether a line is the title of a table or of a document about tasks."""
    return bool(re.search(f"{_TABLE}|{_REPORT}", title)) and len(title) > 6 and not _SENTENCE.search(title)


def find_title(texts: list[str]) -> str | None:
    """The title among the lines before the first table: the line that names a table or a report, else the longest."""
    lines = [_ATTACHMENT.sub("", label(text)) for text in texts]
    lines = [line for line in lines if not _SENTENCE.search(line)] or lines
    for words in (_TABLE, _REPORT):
        named = [index for index, line in enumerate(lines) if re.search(words, line) and len(line) > 6]
        if named:
            index = max(named, key=lambda at: len(lines[at]))
            before = lines[index - 1] if index and not re.search(words, lines[index - 1]) else ""
            return before + lines[index] if before.endswith("》") or before.startswith("关于") else lines[index]
    return max(lines, key=len, default=None)


def title_of(document: SourceDocument, directory: Path = DEFAULT_DIR) -> str | None:
    """The document's title, without blanks; None where there is no text.

    What stands right above the first responsibility table, or in its first rows, names it best; else it is among the
    lines before the first table. ``directory`` is the reference folder.
    """
    reference = load(directory)
    document = with_listed_tasks(document, directory)
    for table in document.tables:
        heading = find_heading(top_of(table), reference, reference.rules_for(None))
        if heading is not None:
            first = min(cell.row for cell in heading.cells)
            inside = [cell.text for cell in table.cells if cell.row < first]
            title = find_title([*table.caption.splitlines(), *inside])
            if title and _names_table(title):
                return title
            break
    return find_title(_lines_above(document))


def _lines_above(document: SourceDocument) -> list[str]:
    """The lines before the first table; all lines where there is none."""
    texts = [block.text for block in document.blocks]
    if not document.tables:
        return texts
    first = document.tables[0]
    start = first.cells[0].provenance
    if start.bbox or (start.line and start.line[0].isdecimal()):
        return [block.text for block in document.blocks if _before(block.provenance, start)]
    # Places such as paragraph 12 and table 1 can't be compared, but the caption is what stands right above the table.
    caption = first.caption.splitlines()
    ends = range(len(caption), len(texts) + 1)
    end = next((end for end in ends if texts[end - len(caption) : end] == caption), None)
    return caption if end is None else texts[:end]


def _before(block: Provenance, first: Provenance) -> bool:
    """Whether a block stands before the first table: by its line in a text, else by its place on the page."""
    if block.line and first.line:
        return int(block.line.split("-")[0]) < int(first.line.split("-")[0])
    tops = (block.bbox.top if block.bbox else 0.0, first.bbox.top if first.bbox else 0.0)
    return (block.page, tops[0]) <= (first.page, tops[1])
