"""Typesets records as a ruled table in an OFD file; says on which page each record stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ofd_package import Ofd, advance, deltas, path, text
from typeset_layout import Layout, Measures, Merge, Placed, wrap
from typeset_table import COLUMNS, TITLE, Grid, Record, grid

#: A path for each line, thin filled rectangles, a rectangle for each cell, one path for all lines of a page.
Ruling = Literal["strokes", "fills", "rectangles", "one path"]
#: An object for each line with all offsets, with runs of them, an object for each character, glyphs named, a matrix
#: that scales, an object for each cell with several TextCodes.
Writing = Literal["offsets", "runs", "characters", "glyphs", "scaled", "cells"]
#: Objects right in the layer, in nested blocks, or in composite objects of the resources.
Nesting = Literal["layer", "blocks", "composites"]
_MM = 25.4 / 72
_SIDE, _ABOVE, _BELOW, _PADDING = 40.0, 50.0, 50.0, 3.0
_WATERMARK = (
    '<Annot ID="7" Type="Watermark" Creator="t" LastModDate="2026-01-01"><Appearance Boundary="30 100 150 100">{}'
    "</Appearance></Annot>"
)
_STAMP = '<Annot ID="8" Type="Stamp"><Appearance Boundary="120 200 40 40">{}</Appearance></Annot>'


@dataclass(frozen=True)
class OfdSetting:
    """How the table is set; lengths are points. ``framed``: the lines of a page are those of its template."""

    landscape: bool = False
    merge: Merge = "first"
    font_size: float = 10
    ruling: Ruling = "strokes"
    writing: Writing = "offsets"
    nesting: Nesting = "layer"
    framed: bool = False
    stamped: bool = False
    break_rows: bool = True
    repeat_heading: bool = True
    namespace: str = "http://www.ofdspec.org/2016"
    columns: tuple[str, ...] = COLUMNS


def typeset_ofd(records: Sequence[Record], file: Path, setting: OfdSetting | None = None) -> tuple[Path, list[Record]]:
    """Write the OFD; give its path and the records with page_start and page_end (from 1) as they are to be read."""
    setting = setting or OfdSetting()
    layout = Layout(table := grid(records, setting.columns), _measures(table, setting))
    file.write_bytes(_package(layout, setting).data())
    expected = []
    for row, record in enumerate(records):
        first, last = layout.pages_of(row)
        expected.append({**record, "page_start": first + 1, "page_end": last + 1})
    return file, expected


def _page_size(setting: OfdSetting) -> tuple[float, float]:
    return (297 / _MM, 210 / _MM) if setting.landscape else (210 / _MM, 297 / _MM)


def _measures(table: Grid, setting: OfdSetting) -> Measures:
    width, height = _page_size(setting)
    lefts = [_SIDE]
    for share in table.shares:
        lefts.append(lefts[-1] + share * (width - 2 * _SIDE))
    leading = setting.font_size * 1.35

    def measure(said: str) -> float:
        return sum(advance(char, setting.font_size) for char in said)

    lines = [
        len(wrap(cell.text, lefts[cell.col + cell.col_span] - lefts[cell.col] - 2 * _PADDING, measure))
        for cell in table.heading
    ]
    heading = max(lines) * leading + 2 * _PADDING
    return Measures(
        top=_ABOVE,
        bottom=height - _BELOW,
        lefts=tuple(lefts),
        leading=leading,
        padding=_PADDING,
        width=measure,
        merge=setting.merge,
        break_rows=setting.break_rows,
        heading=setting.font_size * 3.5 + heading,
        repeated=heading if setting.repeat_heading else 0,
    )


def _package(layout: Layout, setting: OfdSetting) -> Ofd:
    width, height = _page_size(setting)
    pages, templates, uses, units, annotations = [], {}, {}, "", {}
    for number in range(layout.parts[-1].page + 1):
        placed = [part for part in layout.placed() if part.page == number]
        if number == 0 or setting.repeat_heading:
            placed = [*_heading(layout, setting, number), *placed]
        rules, said = _rules(layout.measures, setting, placed), _texts(layout.measures, setting, placed)
        if number == 0:
            size = setting.font_size * 1.7
            said = [_line(width / 2 - layout.measures.width(TITLE) * 0.85, _ABOVE, TITLE, size, setting), *said]
        said.append(_line(width / 2 - 10, height - 34, f"- {number + 1} -", 9, setting))
        if setting.framed:
            templates[str(100 + number)] = ("Background", "".join(rules))
            uses[number] = [str(100 + number)]
            rules = []
        content, unit = _nested(number, [*rules, *said], setting)
        units += unit
        pages.append(content)
        if setting.stamped:
            annotations[number] = _WATERMARK.format(
                text(0, 0, "内部资料严禁外传", 18, 'CTM="0.8 -0.6 0.6 0.8 0 90" Alpha="60"')
            ) + _STAMP.format(text(5, 15, "某某区人民政府", 4, inner='<FillColor Value="255 0 0"/>'))
    own = f"<CompositeGraphicUnits>{units}</CompositeGraphicUnits>" if units else ""
    return Ofd(pages, width * _MM, height * _MM, templates, uses, "", own, annotations, {}, setting.namespace)


def _nested(number: int, objects: Sequence[str], setting: OfdSetting) -> tuple[str, str]:
    """The objects of a page as its content, and a unit of the resources where they stand in one."""
    content = "".join(objects)
    if setting.nesting == "blocks":
        half = len(objects) // 2
        inner = f'<PageBlock ID="51">{"".join(objects[half:])}</PageBlock>'
        return f'<PageBlock ID="50">{"".join(objects[:half])}{inner}</PageBlock>', ""
    if setting.nesting == "composites":
        # The unit is set twice as large, from 10 mm on.
        unit = (
            f'<CompositeGraphicUnit ID="{200 + number}" Width="500" Height="500"><Content><PageBlock ID="52">'
            f'<CompositeObject ID="53" ResourceID="{400 + number}" Boundary="-20 -40 400 400" CTM="2 0 0 2 0 0"/>'
            f"</PageBlock></Content></CompositeGraphicUnit>"
            f'<CompositeGraphicUnit ID="{400 + number}" Width="500" Height="500"><Content>{content}</Content>'
            "</CompositeGraphicUnit>"
        )
        own = f'<CompositeObject ID="54" ResourceID="{200 + number}" Boundary="10 20 300 300" CTM="0.5 0 0 0.5 0 0"/>'
        return own, unit
    return content, ""


def _heading(layout: Layout, setting: OfdSetting, page: int) -> list[Placed]:
    measures = layout.measures
    top = measures.top + (setting.font_size * 3.5 if page == 0 else 0)
    bottom = measures.top + (measures.heading if page == 0 else measures.repeated)
    placed = []
    for cell in layout.table.heading:
        left, right = measures.lefts[cell.col], measures.lefts[cell.col + cell.col_span]
        lines = wrap(cell.text, right - left - 2 * measures.padding, measures.width)
        text_top = (top + bottom - len(lines) * measures.leading) / 2
        placed.append(Placed(cell, page, top, bottom, tuple(lines), text_top))
    return placed


def _texts(measures: Measures, setting: OfdSetting, cells: Sequence[Placed]) -> list[str]:
    found = []
    for placed in cells:
        left, right = _sides(measures, placed)
        flush = placed.cell.column == "content" and placed.cell.row_span == 1 and placed.top != measures.top
        top = placed.text_top + (measures.leading - setting.font_size) / 2
        lines = []
        for number, line in enumerate(placed.lines):
            x = left + measures.padding if flush else (left + right - measures.width(line)) / 2
            lines.append((x, top + number * measures.leading, line))
        if setting.writing == "cells" and lines:
            found.append(_cell(lines, setting.font_size))
        else:
            found += [_line(x, y, line, setting.font_size, setting) for x, y, line in lines]
    return found


def _cell(lines: Sequence[tuple[float, float, str]], size: float) -> str:
    """One object for all lines of a cell, each a TextCode; equal X and Y are left out."""
    x0, y0, before = lines[0][0] * _MM, lines[0][1] * _MM, None
    codes = ""
    for x, y, line in lines:
        own = "" if x == before else f' X="{x * _MM - x0:.4f}"'
        before = x
        base = f"{y * _MM - y0 + 0.88 * size * _MM:.4f}"
        codes += f'<TextCode{own} Y="{base}" DeltaX="{deltas(line, size * _MM, True)}"><![CDATA[{line}]]></TextCode>'
    return (
        f'<TextObject ID="1" Boundary="{x0:.4f} {y0:.4f} 20 20" Font="1" Size="{size * _MM:.4f}">{codes}</TextObject>'
    )


def _line(x: float, y: float, line: str, size: float, setting: OfdSetting) -> str:
    x, y, size = x * _MM, y * _MM, round(size * _MM, 4)
    match setting.writing:
        case "characters":
            found = ""
            for char in line:
                found += text(x, y, char, size)
                x += advance(char, size)
            return found
        case "glyphs":
            glyphs = " ".join(str(700 + index) for index in range(len(line)))
            change = f'<CGTransform CodePosition="0" CodeCount="{len(line)}" GlyphCount="{len(line)}">'
            return text(x, y, line, size, inner=f"{change}<Glyphs>{glyphs}</Glyphs></CGTransform>")
        case "scaled":
            # Producers that come from PDF keep its points and scale them, with the page's own corner as origin.
            steps, points = deltas(line, size / _MM, True), f"{size / _MM:.4f}"
            return (
                f'<TextObject ID="1" Boundary="0 0 210 297" CTM="{_MM:.6f} 0 0 {_MM:.6f} {x:.4f} {y:.4f}" Font="1" '
                f'Size="{points}"><TextCode X="0" Y="{0.88 * size / _MM:.4f}" DeltaX="{steps}">{line}</TextCode>'
                "</TextObject>"
            )
        case _:
            return text(x, y, line, size, runs=setting.writing == "runs")


def _sides(measures: Measures, placed: Placed) -> tuple[float, float]:
    cell = placed.cell
    return measures.lefts[cell.col], measures.lefts[cell.col + cell.col_span]


def _rules(measures: Measures, setting: OfdSetting, cells: Sequence[Placed]) -> list[str]:
    """The lines of the cells, each for itself: what two cells share is drawn twice."""
    found, all_lines = [], ""
    for placed in cells:
        left, right, top, bottom = (length * _MM for length in (*_sides(measures, placed), placed.top, placed.bottom))
        if setting.ruling == "rectangles":
            found.append(path(f"M {left} {top} L {right} {top} L {right} {bottom} L {left} {bottom} C"))
            continue
        across = [(left, y, right, y) for y in (top, bottom)]
        for x0, y0, x1, y1 in [*across, *((x, top, x, bottom) for x in (left, right))]:
            if setting.ruling == "one path":
                all_lines += f"S{x0:.3f} {y0:.3f}L{x1:.3f} {y1:.3f}"
            elif setting.ruling == "fills":
                sides = f"M 0 0 L {x1 - x0 + 0.2} 0 L {x1 - x0 + 0.2} {y1 - y0 + 0.2} L 0 {y1 - y0 + 0.2} C"
                boundary = f"{x0 - 0.1} {y0 - 0.1} {x1 - x0 + 0.2} {y1 - y0 + 0.2}"
                found.append(path(sides, boundary, 'Stroke="false" Fill="true"', '<FillColor Value="0 0 0"/>'))
            else:
                found.append(path(f"M {x0:.3f} {y0:.3f} L {x1:.3f} {y1:.3f}", more='LineWidth="0.18"'))
    return [*found, path(all_lines)] if all_lines else found
