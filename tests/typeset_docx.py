"""Typesets records as a Word document, and LibreOffice makes a PDF of it: merged cells, a heading that repeats."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from typeset_table import COLUMNS, TITLE, Grid, GridCell, Record, grid

OFFICES = ("soffice", "libreoffice")
_SHORT, _LONG, _MARGIN = 11906, 16838, 800
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"


@dataclass(frozen=True)
class DocxSetting:
    """How the table is set; `border` is a border style of Word (single, double, dashed)."""

    landscape: bool = False
    font_size: float = 10
    font: str = "Noto Serif CJK SC"
    border: str = "single"
    vertical_align: str = "center"
    break_rows: bool = True
    repeat_heading: bool = True
    columns: tuple[str, ...] = COLUMNS
    number: str = "({}) "
    separator: str = "\n"
    title: str = TITLE


def write_docx(records: Sequence[Record], path: Path, setting: DocxSetting | None = None) -> Path:
    """Write the document."""
    setting = setting or DocxSetting()
    table = grid(records, setting.columns, setting.number, setting.separator)
    size = (_LONG, _SHORT) if setting.landscape else (_SHORT, _LONG)
    turned = ' w:orient="landscape"' if setting.landscape else ""
    margins = "".join(f' w:{side}="{_MARGIN}"' for side in ("top", "right", "bottom", "left"))
    body = (
        _paragraph(setting.title, setting, size=setting.font_size * 1.7)
        + _table(table, setting, size[0] - 2 * _MARGIN)
        + _paragraph("", setting)
        + f'<w:sectPr><w:footerReference w:type="default" r:id="r1"/><w:pgSz w:w="{size[0]}" w:h="{size[1]}"{turned}/>'
        + f'<w:pgMar{margins} w:header="400" w:footer="400" w:gutter="0"/></w:sectPr>'
    )
    page = "".join(f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    page = page.replace("</w:r>", '</w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>', 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _types())
        package.writestr("_rels/.rels", _relation("officeDocument", "word/document.xml"))
        package.writestr("word/_rels/document.xml.rels", _relation("footer", "footer1.xml"))
        package.writestr("word/document.xml", _part("document", f"<w:body>{body}</w:body>"))
        package.writestr("word/footer1.xml", _part("ftr", f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{page}</w:p>'))
    return path


def soffice() -> str | None:
    """The office's command, where there is one."""
    return next((path for name in OFFICES if (path := shutil.which(name))), None)


def print_docx(records: Sequence[Record], path: Path, setting: DocxSetting | None = None) -> Path:
    """Make a PDF of the document; raises RuntimeError where there is no office."""
    office = soffice()
    if not office:
        raise RuntimeError(f"none of {', '.join(OFFICES)} is installed")
    with tempfile.TemporaryDirectory() as folder:
        source = write_docx(records, Path(folder) / "source.docx", setting)
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        shutil.copyfile(source.with_suffix(".pdf"), path)
    return path


def _types() -> str:
    parts = {"/word/document.xml": "document.main", "/word/footer1.xml": "footer"}
    overrides = "".join(f'<Override PartName="{k}" ContentType="{_WORD}.{v}+xml"/>' for k, v in parts.items())
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    default = f'<Default Extension="rels" ContentType="{relations}"/>'
    return f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">{default}{overrides}</Types>'


def _relation(kind: str, target: str) -> str:
    relation = f'<Relationship Id="r1" Type="{_OFFICE}/{kind}" Target="{target}"/>'
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{relation}</Relationships>'


def _part(element: str, content: str) -> str:
    return f'{_HEAD}<w:{element} xmlns:w="{_MAIN}" xmlns:r="{_OFFICE}">{content}</w:{element}>'


def _paragraph(text: str, setting: DocxSetting, jc: str = "center", size: float = 0) -> str:
    fonts = "".join(f' w:{kind}="{setting.font}"' for kind in ("ascii", "hAnsi", "eastAsia"))
    style = f'<w:rFonts{fonts} w:hint="eastAsia"/><w:sz w:val="{round((size or setting.font_size) * 2)}"/>'
    run = f'<w:r><w:rPr>{style}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    return f'<w:p><w:pPr><w:spacing w:before="0" w:after="0"/><w:jc w:val="{jc}"/></w:pPr>{run}</w:p>'


def _table(table: Grid, setting: DocxSetting, width: int) -> str:
    widths = [round(share * width) for share in table.shares]
    sides = "".join(
        f'<w:{side} w:val="{setting.border}" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    columns = "".join(f'<w:gridCol w:w="{column}"/>' for column in widths)
    rows = [_row(table.heading, 0, widths, setting, heading=True)]
    rows += [_row(table.cells, row, widths, setting, heading=False) for row in range(table.n_rows)]
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{sides}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def _row(cells: tuple[GridCell, ...], row: int, widths: list[int], setting: DocxSetting, heading: bool) -> str:
    marks = "<w:tblHeader/>" if heading and setting.repeat_heading else ""
    marks += "" if setting.break_rows else "<w:cantSplit/>"
    here = sorted((cell for cell in cells if cell.row <= row < cell.row + cell.row_span), key=lambda cell: cell.col)
    content = "".join(
        _cell(cell, row, widths, setting, flush=cell.column == "content" and not heading) for cell in here
    )
    return f"<w:tr><w:trPr>{marks}</w:trPr>{content}</w:tr>"


def _cell(cell: GridCell, row: int, widths: list[int], setting: DocxSetting, flush: bool) -> str:
    """A cell in one row; where it goes on from the row above it stands without its text."""
    begins = cell.row == row
    merge = "" if cell.row_span == 1 else '<w:vMerge w:val="restart"/>' if begins else "<w:vMerge/>"
    span = f'<w:gridSpan w:val="{cell.col_span}"/>' if cell.col_span > 1 else ""
    width = sum(widths[cell.col : cell.col + cell.col_span])
    lines = cell.text.split("\n") if begins else [""]
    paragraphs = "".join(_paragraph(line, setting, "left" if flush else "center") for line in lines)
    place = f'<w:vAlign w:val="{setting.vertical_align}"/>'
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}{place}</w:tcPr>{paragraphs}</w:tc>'
