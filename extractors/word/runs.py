"""The text of a paragraph, run by run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from lxml import etree

from extractors.word.content import Item
from extractors.word.names import attribute, child, chosen, is_prompt, name_of
from extractors.word.symbols import MARKS, sign

#: Text that is no part of the line: codes of fields, properties, the reading above a character.
_PASSED = {
    "instrText",
    "delInstrText",
    "pPr",
    "sdtPr",
    "sdtEndPr",
    "customXmlPr",
    "smartTagPr",
    "rubyPr",
    "fldData",
    "rPr",
}
_UNSEEN = {"del", "moveFrom", "rt"}
#: White space of the file itself is a blank.
_BLANKS = str.maketrans("\t\r\n", "   ")


@dataclass(slots=True)
class Field:
    """A field that is open: its code is not printed, what follows the separator is."""

    in_code: bool = True


@dataclass(slots=True)
class Line:
    """A paragraph while it is read: what is printed, what is not, what text boxes hold."""

    hidden: bool = False
    text: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    boxes: list[Item] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)

    def add(self, text: str, hidden: bool) -> None:
        """Take in characters."""
        in_code = any(own.in_code for own in self.fields)
        (self.unseen if hidden or in_code else self.text).append(text)


class Reader(Protocol):
    """What the runs of a paragraph need to know of the document."""

    def hides(self, properties: etree._Element | None, style: str) -> bool:
        """Whether a run is hidden."""

    def box(self, element: etree._Element, line: Line) -> None:
        """Read a text box."""


def inline(element: etree._Element, line: Line, reader: Reader) -> None:
    """Take in an element of a paragraph."""
    _inline(element, line, reader, line.hidden)


def _inline(element: etree._Element, line: Line, reader: Reader, hidden: bool) -> None:
    kind = name_of(element)
    if kind in ("t", "m:t", "delText"):
        line.add((element.text or "").translate(_BLANKS), hidden or kind == "delText")
        return
    if kind in MARKS:
        line.add(MARKS[kind], hidden)
        return
    if kind in _PASSED:
        return
    if kind == "r":
        properties = child(element, "rPr")
        if properties is not None and not hidden:
            hidden = reader.hides(properties, "rStyle")
    elif kind == "sym":
        line.add(sign(attribute(element, "font"), attribute(element, "char")), hidden)
    elif kind == "fldChar":
        _mark(line.fields, attribute(element, "fldCharType"))
    elif kind in ("txbxContent", "p", "tbl"):
        reader.box(element, line)
        return
    elif kind == "mc:AlternateContent":
        element = chosen(element)
    elif kind in _UNSEEN or (kind == "sdt" and is_prompt(element)):
        hidden = True
    for own in element:
        _inline(own, line, reader, hidden)


def _mark(fields: list[Field], kind: str | None) -> None:
    if kind == "begin":
        fields.append(Field())
    elif fields and kind == "separate":
        fields[-1].in_code = False
    elif fields and kind == "end":
        fields.pop()
