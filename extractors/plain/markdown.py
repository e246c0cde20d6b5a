"""Markdown tables (GitHub Flavored Markdown 4.10): rows of cells between pipes, told by the row of dashes.

What Markdown adds to a text (pipes, dashes, emphasis, backslashes, ``<br>``) is a mark and no text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from extractors.textlines import Line, numbered_lines

#: The row below the heading: ``| --- | :-: |``.
_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*")
#: A pipe that parts cells; ``\\|`` is one of the text.
_PIPE = re.compile(r"(?<!\\)((?:\\\\)*)\|")
_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
#: Emphasis in pairs, around something that neither begins nor ends with a blank; underscores only around whole words.
_EMPHASIS = (
    re.compile(r"(?<!\\)(\*{1,3})(?=\S)([^*]*?[^\s*\\])\1"),
    re.compile(r"(?<![\\\w])(_{1,3})(?=\S)([^_]*?[^\s_\\])\1(?!\w)"),
    re.compile(r"(?<!\\)(~~)(?=\S)([^~]*?[^\s~\\])\1"),
    re.compile(r"(?<!\\)(`+)(?=\S)([^`]*?[^\s`\\])\1"),
)
#: Every mark of ASCII may stand behind a backslash (CommonMark 2.4).
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+|\s{0,3}>\s?")

#: What Markdown puts before a line of text: a heading, a quotation, an item of a list with emphasis or a backslash.
_LEADING = re.compile(r"\s*(?:>\s?|#{1,6}\s+)+")
_MARKED = re.compile(r"^\s*(?:[-*+]\s+)?(?:>\s?\S|#{1,6}\s+\S|\*\*\S|\d{1,4}\\[.)])", re.MULTILINE)
#: So many lines with marks make a text Markdown.
_FEWEST_MARKED = 2


def is_marked(text: str) -> bool:
    """Whether a text has the marks that Markdown puts before its lines."""
    return len(_MARKED.findall(text)) >= _FEWEST_MARKED


def plain_lines(text: str) -> list[Line]:
    """The lines of the text, each whole and without the marks of Markdown; bullets stay."""
    return [
        Line(number, number, page, [_plain(_LEADING.sub("", content, count=1)).replace("\t", " ")])
        for number, page, content in numbered_lines(text)
    ]


def rows(text: str) -> int:
    """How many lines of the text belong to Markdown tables."""
    return len(_table_lines([content for _, _, content in numbered_lines(text)]))


def lines(text: str) -> list[Line]:
    """The lines of the text; those of a table have its cells as fields, the rows of dashes are left out."""
    numbered = numbered_lines(text)
    in_table = _table_lines([content for _, _, content in numbered])
    found = []
    for index, (number, page, content) in enumerate(numbered):
        if index not in in_table:
            found.append(Line(number, number, page, [_plain(_HEADING.sub("", content, count=1)).replace("\t", " ")]))
        elif not in_table[index]:
            found.append(Line(number, number, page, [_plain(part) for part in _parts(content)]))
    return found


def _table_lines(contents: Sequence[str]) -> dict[int, bool]:
    """The lines of tables, and whether each is a row of dashes.

    A table is a row of dashes with as many cells as the line above it, and the lines with a pipe that follow.
    """
    found: dict[int, bool] = {}
    for index, content in enumerate(contents):
        if index in found or not index or not _is_rule(content) or "|" not in contents[index - 1]:
            continue
        if index - 1 not in found and len(_parts(content)) != len(_parts(contents[index - 1])):
            continue
        found |= {index - 1: False, index: True}
        for below in range(index + 1, len(contents)):
            if not _PIPE.search(contents[below]):
                break
            found[below] = _is_rule(contents[below])
    return found


def _is_rule(content: str) -> bool:
    return "|" in content and bool(_RULE.fullmatch(content)) and "-" in content


def _parts(content: str) -> list[str]:
    """The cells of a line, without the pipes at its ends."""
    parts, last = [], 0
    for match in _PIPE.finditer(content):
        parts.append(content[last : match.end() - 1])
        last = match.end()
    parts.append(content[last:])
    if len(parts) > 1 and not parts[0].strip():
        parts = parts[1:]
    if len(parts) > 1 and not parts[-1].strip():
        parts = parts[:-1]
    return parts


def _plain(text: str) -> str:
    """A cell's text without the marks of Markdown."""
    text = _BREAK.sub("\n", text)
    for _ in range(2):  # emphasis within emphasis
        for pattern in _EMPHASIS:
            text = pattern.sub(r"\2", text)
    return html.unescape(_ESCAPED.sub(r"\1", text)).strip()
