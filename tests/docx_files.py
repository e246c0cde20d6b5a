"""Writes Word files part by part: what the body holds is given as XML."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

from extractors.model import Cell

TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_NAMES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "v": "urn:schemas-microsoft-com:vml",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    }.items()
)
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ROOTS = {"numbering": "numbering", "styles": "styles", "footnotes": "footnotes", "header": "hdr", "footer": "ftr"}


def docx(
    body: str, parts: Mapping[str, str] | None = None, main: str = TRANSITIONAL, at: str = "word/doc.xml"
) -> bytes:
    """A Word file; `parts` are the contents of other parts by kind (numbering, styles, footnotes, header, footer)."""
    names = f'xmlns:w="{main}" {_NAMES}'
    kinds = list(parts or ())
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("_rels/.rels", _relations([("officeDocument", at)]))
        package.writestr("word/_rels/doc.xml.rels", _relations([(kind, f"{kind}.xml") for kind in kinds]))
        package.writestr(at, f"<w:document {names}><w:body>{body}<w:sectPr/></w:body></w:document>")
        for kind, content in (parts or {}).items():
            package.writestr(f"word/{kind}.xml", f"<w:{_ROOTS[kind]} {names}>{content}</w:{_ROOTS[kind]}>")
    return file.getvalue()


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    found = "".join(
        f'<Relationship Id="r{at}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{found}</Relationships>'


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(content: str = "", properties: str = "") -> str:
    """A paragraph; a content that is no XML is a run."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{content if '<' in content or not content else r(content)}</w:p>"


def tc(content: str = "", properties: str = "", width: int = 0) -> str:
    """A cell; a content that is no XML is a paragraph."""
    said = f'<w:tcW w:w="{width}" w:type="dxa"/>' if width else ""
    inner = content if content.startswith("<") else p(content)
    return f"<w:tc><w:tcPr>{said}{properties}</w:tcPr>{inner}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str, grid: Sequence[int] = ()) -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in grid)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"


def spans(count: int) -> str:
    return f'<w:gridSpan w:val="{count}"/>'


def numbered(num: int, level: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>'


def level(at: int, text: str, form: str = "decimal", more: str = "", start: int = 1) -> str:
    said = f'<w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{at}">{said}</w:lvl>'


def abstract(key: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{key}">{"".join(levels)}</w:abstractNum>'


def num(key: int, of: int, more: str = "") -> str:
    return f'<w:num w:numId="{key}"><w:abstractNumId w:val="{of}"/>{more}</w:num>'


def table_of(cells: Sequence[Cell], n_rows: int, widths: Sequence[int]) -> str:
    """A table of cells that tile a grid."""
    rows = []
    for row in range(n_rows):
        here = sorted((cell for cell in cells if cell.row <= row < cell.row + cell.row_span), key=lambda cell: cell.col)
        said = []
        for cell in here:
            begins = cell.row == row
            merge = "" if cell.row_span == 1 else '<w:vMerge w:val="restart"/>' if begins else "<w:vMerge/>"
            inner = "".join(p(line) for line in cell.text.split("\n")) if begins else p()
            width = sum(widths[cell.col : cell.col + cell.col_span])
            said.append(tc(inner, spans(cell.col_span) + merge, width))
        rows.append(tr(*said))
    return tbl(*rows, grid=widths)
