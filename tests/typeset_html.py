"""Typesets records as HTML that Chromium prints: spans, a heading that repeats, rows that a page break may cut."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from typeset_table import COLUMNS, TITLE, Grid, GridCell, Record, grid

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class HtmlSetting:
    """How the table is set; `border` is a CSS border, `font` the first family that is tried."""

    landscape: bool = False
    font_size: float = 10
    font: str = "Noto Serif CJK SC"
    border: str = "1px solid #000"
    vertical_align: str = "middle"
    break_rows: bool = True
    repeat_heading: bool = True
    columns: tuple[str, ...] = COLUMNS
    number: str = "({}) "
    separator: str = "\n"
    title: str = TITLE


def html_of(records: Sequence[Record], setting: HtmlSetting | None = None) -> str:
    """The page as HTML."""
    setting = setting or HtmlSetting()
    table = grid(records, setting.columns, setting.number, setting.separator)
    columns = "".join(f'<col style="width:{share:.2%}">' for share in table.shares)
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{setting.title}</title>'
        f"<style>{_style(setting)}</style></head><body><h1>{setting.title}</h1>"
        f"<table><colgroup>{columns}</colgroup>{_heading(table)}<tbody>{_body(table)}</tbody></table></body></html>"
    )


def chromium() -> str | None:
    """The browser's command, where there is one."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def print_html(records: Sequence[Record], path: Path, setting: HtmlSetting | None = None) -> Path:
    """Print the page to a PDF; raises RuntimeError where there is no browser."""
    browser = chromium()
    if not browser:
        raise RuntimeError(f"none of {', '.join(BROWSERS)} is installed")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source.html"
        source.write_text(html_of(records, setting), encoding="utf-8")
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        command = [browser, *options, f"--user-data-dir={folder}/profile", f"--print-to-pdf={path}", source.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
    return path


def _style(setting: HtmlSetting) -> str:
    rules = [
        f"@page{{size:A4{' landscape' if setting.landscape else ''};margin:50pt 40pt;"
        '@bottom-center{content:"- " counter(page) " -";font-size:9pt}}',
        f"body{{margin:0;font:{setting.font_size}pt/1.35 '{setting.font}',serif}}",
        f"h1{{font-size:{setting.font_size * 1.7}pt;font-weight:normal;text-align:center}}",
        "table{width:100%;table-layout:fixed;border-collapse:collapse}",
        f"th,td{{border:{setting.border};padding:3pt;font-weight:normal;text-align:center;"
        f"vertical-align:{setting.vertical_align};overflow-wrap:anywhere}}",
        "td.content{text-align:left}",
        f"tr{{break-inside:{'auto' if setting.break_rows else 'avoid'}}}",
        f"thead{{display:{'table-header-group' if setting.repeat_heading else 'table-row-group'}}}",
    ]
    return "".join(rules)


def _heading(table: Grid) -> str:
    return f"<thead><tr>{''.join(_cell(cell, 'th') for cell in table.heading)}</tr></thead>"


def _body(table: Grid) -> str:
    rows: list[list[str]] = [[] for _ in range(table.n_rows)]
    for cell in table.cells:
        rows[cell.row].append(_cell(cell, "td"))
    return "".join(f"<tr>{''.join(cells)}</tr>" for cells in rows)


def _cell(cell: GridCell, tag: str) -> str:
    rows = f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
    cols = f' colspan="{cell.col_span}"' if cell.col_span > 1 else ""
    return f'<{tag} class="{cell.column}"{rows}{cols}>{escape(cell.text).replace(chr(10), "<br>")}</{tag}>'
