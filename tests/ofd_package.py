"""Writes OFD packages for tests, part by part (GB/T 33190-2016), with no help from the reader. Lengths are mm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

NAMESPACE = "http://www.ofdspec.org/2016"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


@dataclass
class Ofd:
    """What goes into a package: the objects of each page, and what they refer to, as XML without namespace prefix.

    ``templates`` by ID, with the ZOrder; ``uses`` are the IDs of the templates of each page by its index;
    ``annotations`` by page index; ``parts`` are put in as they are, or left out where they are None.
    """

    pages: Sequence[str] = ()
    width: float = 210.0
    height: float = 297.0
    templates: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    uses: Mapping[int, Sequence[str]] = field(default_factory=dict)
    public: str = ""
    own: str = ""
    annotations: Mapping[int, str] = field(default_factory=dict)
    areas: Mapping[int, str] = field(default_factory=dict)
    namespace: str = NAMESPACE
    parts: Mapping[str, str | bytes | None] = field(default_factory=dict)

    def document(self, folder: str = "Doc_0") -> dict[str, str]:
        """The parts of one document."""
        found = {
            f"{folder}/Document.xml": self._root("Document", self._common() + self._listed() + (
                "<Annotations>Annots/Annotations.xml</Annotations>" if self.annotations else "")),
            f"{folder}/PublicRes.xml": self._root("Res", self.public, ' BaseLoc="Res"'),
            f"{folder}/DocumentRes.xml": self._root("Res", self.own, ' BaseLoc="Res"'),
        }  # fmt: skip
        for key, (_, content) in self.templates.items():
            found[f"{folder}/Tpls/Tpl_{key}/Content.xml"] = self._page(content)
        for index, content in enumerate(self.pages):
            used = "".join(f'<Template TemplateID="{key}" ZOrder="{self.templates[key][0]}"/>'
                           if key in self.templates else f'<Template TemplateID="{key}"/>'
                           for key in self.uses.get(index, ()))  # fmt: skip
            found[f"{folder}/Pages/Page_{index}/Content.xml"] = self._page(content, self.areas.get(index, "") + used)
        listed = ""
        for index, content in self.annotations.items():
            listed += f'<Page PageID="{index + 1}"><FileLoc>Page_{index}/Annotation.xml</FileLoc></Page>'
            found[f"{folder}/Annots/Page_{index}/Annotation.xml"] = self._root("PageAnnot", content)
        if listed:
            found[f"{folder}/Annots/Annotations.xml"] = self._root("Annotations", listed)
        return found

    def data(self, *others: Ofd) -> bytes:
        """The package; other ones are further documents in it."""
        bodies, parts = "", dict[str, str | bytes | None]()
        for number, document in enumerate((self, *others)):
            bodies += f"<DocBody><DocInfo><DocID>{number}</DocID></DocInfo>"
            bodies += f"<DocRoot>Doc_{number}/Document.xml</DocRoot></DocBody>"
            parts |= document.document(f"Doc_{number}")
        parts = {"OFD.xml": self._root("OFD", bodies, ' Version="1.0" DocType="OFD"'), **parts, **self.parts}
        file = BytesIO()
        with ZipFile(file, "w", ZIP_DEFLATED) as package:
            for name, content in parts.items():
                if content is not None:
                    package.writestr(name, content)
        return file.getvalue()

    def _common(self) -> str:
        listed = "".join(
            f'<TemplatePage ID="{key}" BaseLoc="Tpls/Tpl_{key}/Content.xml" ZOrder="{order}"/>'
            for key, (order, _) in self.templates.items()
        )
        return (
            f"<CommonData><MaxUnitID>9</MaxUnitID><PageArea><PhysicalBox>0 0 {self.width} {self.height}</PhysicalBox>"
            f"</PageArea><PublicRes>PublicRes.xml</PublicRes><DocumentRes>DocumentRes.xml</DocumentRes>{listed}</CommonData>"
        )

    def _listed(self) -> str:
        pages = "".join(
            f'<Page ID="{index + 1}" BaseLoc="Pages/Page_{index}/Content.xml"/>' for index in range(len(self.pages))
        )
        return f"<Pages>{pages}</Pages>"

    def _page(self, content: str, before: str = "") -> str:
        layered = content if "<Layer" in content else f'<Layer ID="90" Type="Body">{content}</Layer>'
        return self._root("Page", f"{before}<Content>{layered}</Content>")

    def _root(self, name: str, content: str, attributes: str = "") -> str:
        """A part; with a namespace every element gets the usual prefix."""
        if not self.namespace:
            return f"{_HEAD}<{name}{attributes}>{content}</{name}>"
        return f'{_HEAD}<{name} xmlns="{self.namespace}"{attributes}>{content}</{name}>'


def advance(char: str, size: float) -> float:
    """How far a character moves on in these files."""
    return size / 2 if char.isascii() else size


def deltas(text: str, size: float, runs: bool = False) -> str:
    """The offsets of a text, with equal ones as ``g n v`` where that is wanted."""
    steps = [f"{advance(char, size):.4f}" for char in text[:-1]]
    if not runs:
        return " ".join(steps)
    found: list[str] = []
    at = 0
    while at < len(steps):
        end = at
        while end < len(steps) and steps[end] == steps[at]:
            end += 1
        found.append(f"g {end - at} {steps[at]}" if end - at > 1 else steps[at])
        at = end
    return " ".join(found)


def text(x: float, y: float, said: str, size: float = 3.5, more: str = "", inner: str = "", runs: bool = False) -> str:
    """A text object; y is the top of the line, the baseline is 0.88 of the size below it."""
    width = sum(advance(char, size) for char in said)
    delta = f' DeltaX="{deltas(said, size, runs)}"' if len(said) > 1 else ""
    return (
        f'<TextObject ID="1" Boundary="{x:.4f} {y:.4f} {width:.4f} {size:.4f}" Font="1" Size="{size}" {more}>{inner}'
        f'<TextCode X="0" Y="{0.88 * size:.4f}"{delta}>{escape(said)}</TextCode></TextObject>'
    )


def path(data: str, boundary: str = "0 0 210 297", more: str = "", inner: str = "") -> str:
    """A path object; its data in the space of the Boundary's corner."""
    return (
        f'<PathObject ID="2" Boundary="{boundary}" {more}>{inner}<AbbreviatedData>{data}</AbbreviatedData></PathObject>'
    )


def lattice(columns: Sequence[float], rows: Sequence[float], more: str = 'LineWidth="0.2"') -> str:
    """The lines of a table whose columns and rows end at these places, one path each."""
    across = [path(f"M {columns[0]} {y} L {columns[-1]} {y}", more=more) for y in rows]
    return "".join(across + [path(f"M {x} {rows[0]} L {x} {rows[-1]}", more=more) for x in columns])


def table(texts: Sequence[Sequence[str]], top: float = 40.0) -> str:
    """A ruled table of these texts, 40 by 10 mm a cell, from 20 mm on."""
    columns = [20.0 + 40 * index for index in range(len(texts[0]) + 1)]
    rows = [top + 10 * index for index in range(len(texts) + 1)]
    said = [
        text(columns[col] + 2, rows[row] + 3, entry)
        for row, line in enumerate(texts)
        for col, entry in enumerate(line)
        if entry
    ]
    return lattice(columns, rows) + "".join(said)
