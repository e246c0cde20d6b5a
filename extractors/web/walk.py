"""The texts of a page in its order: lines, the tables between them, and what is not shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from extractors.web.elements import BLOCKS, PREFORMATTED, UNSEEN, is_hidden, is_struck, tag_of, typed
from extractors.web.texts import Collected

#: What is told of a part that is left out: why, and its text.
Left = tuple[Literal["hidden", "struck", "picture"], str]


@dataclass(slots=True)
class Found:
    """What stands in a part of a page, in order."""

    text: Collected = field(default_factory=Collected)
    left: list[Left] = field(default_factory=list)


def walk(root: etree._Element, found: Found, stop: Callable[[etree._Element], bool] | None = None) -> None:
    """Collect the texts of an element. ``stop`` is asked at each table whether it takes it; its text is then left out.

    Without recursion: pages from strangers may be nested thousands of levels deep.
    """
    walker = etree.iterwalk(root, events=("start", "end"))
    preformatted = 0
    passed: etree._Element | None = None
    for event, element in walker:
        tag = tag_of(element)
        if event == "end":
            preformatted -= tag in PREFORMATTED and element is not passed
            if element is not passed:
                _end(tag, found)
            passed = None
            if element is not root:
                found.text.add(element.tail, preformatted > 0)
            continue
        if element is not root and _is_passed(element, tag, found, stop):
            passed = element
            walker.skip_subtree()
            continue
        preformatted += tag in PREFORMATTED
        if tag == "br" or (tag in BLOCKS and tag not in ("td", "th")) or (element is root and tag in BLOCKS):
            found.text.break_line()
        found.text.add(element.text, preformatted > 0)


def _end(tag: str, found: Found) -> None:
    if tag in ("td", "th"):
        # Cells of a table within a cell or without a grid stand side by side.
        found.text.add(" ")
    elif tag in BLOCKS:
        found.text.break_line()


def _is_passed(element: etree._Element, tag: str, found: Found, stop: Callable[[etree._Element], bool] | None) -> bool:
    """Whether an element is not walked through; what is to be said of it is said."""
    if not tag or tag in UNSEEN:
        return True
    if is_hidden(element):
        found.left.append(("hidden", plain_text(element)))
        return True
    if is_struck(element):
        found.left.append(("struck", plain_text(element)))
        return True
    if tag in ("input", "select"):
        found.text.add(typed(element))
        return True
    if tag == "img" and (alt := (element.get("alt") or "").strip()):
        found.left.append(("picture", alt))
    return tag == "table" and stop is not None and stop(element)


def plain_text(element: etree._Element) -> str:
    """All text of an element on one line, whether it is shown or not."""
    own = (
        piece for part in element.iter(etree.Element) if tag_of(part) not in UNSEEN for piece in _pieces(part, element)
    )
    return " ".join("".join(own).split())


def _pieces(part: etree._Element, root: etree._Element) -> tuple[str, ...]:
    between = " " if tag_of(part) in BLOCKS else ""
    return (part.text or "",) if part is root else (between, part.text or "", between, part.tail or "")
