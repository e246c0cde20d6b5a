"""The 2026 table printed by Chromium and by LibreOffice: all 85 tasks are right, on the right pages."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pypdfium2
import pytest
from scoring import wrong_fields
from test_pdf_truth import WIDE, records_of, whole_table, without
from typeset_docx import DocxSetting, soffice, write_docx
from typeset_html import HtmlSetting, chromium, print_html
from typeset_table import COLUMNS, Record

BY_CHROMIUM = {
    "portrait": HtmlSetting(),
    "landscape-large": HtmlSetting(landscape=True, font_size=13, vertical_align="top"),
    "small-dashed": HtmlSetting(font_size=8, border="0.5pt dashed #555", font="WenQuanYi Zen Hei"),
    "wide": HtmlSetting(landscape=True, font_size=9, columns=WIDE, break_rows=False, separator="、"),
}
BY_OFFICE = {
    "portrait": DocxSetting(),
    "landscape-large": DocxSetting(landscape=True, font_size=13, vertical_align="top"),
    "small": DocxSetting(font_size=8),
    "small-dashed": DocxSetting(font_size=8, border="dashed", font="WenQuanYi Zen Hei"),
    "double": DocxSetting(border="double", repeat_heading=False),
    "wide": DocxSetting(landscape=True, font_size=9, columns=WIDE, break_rows=False, separator="、"),
}


def need(command: str | None, name: str) -> str:
    """The command of a program; without it the test is skipped, but not on the machine that judges changes."""
    if command is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{name} is not installed")
    return command


def records(columns: tuple[str, ...]) -> list[Record]:
    """What a table with these columns says."""
    return without(whole_table(), "remark", *(() if columns == WIDE else ("support_units", "deadline")))


def first_pages(path: Path, numbers: list[int]) -> list[int]:
    """On which page each task's number is printed."""
    document = pypdfium2.PdfDocument(path)
    texts = ["".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return [next(page for page, text in enumerate(texts, 1) if f"({number})" in text) for number in numbers]


def check(path: Path, truth: list[Record]) -> None:
    found = records_of(path)
    assert wrong_fields(truth, found) == []
    pages = first_pages(path, [record["task_no"] for record in found])
    assert [record["page_start"] for record in found] == pages
    assert pages[-1] > 1
    # A task ends at the latest where the next one begins.
    ends = zip(found, [*pages[1:], found[-1]["page_end"]], strict=True)
    assert all(record["page_start"] <= record["page_end"] <= following for record, following in ends)


@pytest.mark.parametrize("name", BY_CHROMIUM)
def test_printed_by_chromium(name: str, tmp_path: Path) -> None:
    need(chromium(), "Chromium")
    setting = BY_CHROMIUM[name]
    truth = records(setting.columns)
    check(print_html(truth, tmp_path / "printed.pdf", setting), truth)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the PDFs that LibreOffice makes, in one run, of all documents."""
    office = need(soffice(), "LibreOffice")
    folder = tmp_path_factory.mktemp("office")
    sources = [
        str(write_docx(records(setting.columns), folder / f"{name}.docx", setting))
        for name, setting in BY_OFFICE.items()
    ]
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *sources]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    shutil.rmtree(folder / "profile")
    return folder


@pytest.mark.parametrize("name", BY_OFFICE)
def test_printed_by_libreoffice(name: str, folder: Path) -> None:
    check(folder / f"{name}.pdf", records(BY_OFFICE[name].columns))


def test_both_tables_are_what_they_should_be() -> None:
    assert len(records(COLUMNS)) == len(records(WIDE)) == 85
    assert all(record["deadline"] and record["support_units"] for record in records(WIDE))
