"""What reading the 2026 table costs in each format but PDF: CPU past the imports, in milliseconds.

The documents are those that the tests typeset, 85 tasks each; XLS, which LibreOffice would have to make, is not here.
Each is read once before it is measured. Writes its part of docs/benchmarks.md.

    PYTHONPATH=tests python bench/format_speed.py [--rounds 15]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from typeset_docx import write_docx
from typeset_html import html_of
from typeset_ofd import OfdSetting, typeset_ofd
from typeset_sheets import write_xlsx
from typeset_table import table_2026

from extractors.formats import read_content

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
BEGIN, END = "<!-- formats: begin (made by bench/format_speed.py) -->", "<!-- formats: end -->"


def documents(folder: Path) -> Iterator[tuple[str, Path, float]]:
    """A name for each document, its file, and the milliseconds that it may take (a page of OFD)."""
    records = table_2026()
    yield "DOCX", write_docx(records, folder / "a.docx"), 60
    yield "XLSX", write_xlsx(records, folder / "a.xlsx"), 20
    html = folder / "a.html"
    html.write_text(html_of(records), encoding="utf-8")
    yield "HTML", html, 30
    yield "OFD, an object for each line, a page", typeset_ofd(records, folder / "a.ofd")[0], 20
    setting = OfdSetting(writing="characters")
    yield "OFD, an object for each character, a page", typeset_ofd(records, folder / "b.ofd", setting)[0], 20


def cost(path: Path, rounds: int) -> list[float]:
    """Milliseconds of CPU of each reading; for OFD those of a page."""
    data = path.read_bytes()
    pages = max(1, read_content(data, path).pages)
    spent = []
    for _ in range(rounds):
        begun = time.process_time()
        read_content(data, path)
        spent.append((time.process_time() - begun) * 1000 / pages)
    return spent


def report(rounds: int) -> str:
    """The figures as Markdown."""
    lines = [
        "## Reading other formats",
        "",
        f"The 2026 table (85 tasks), {rounds} readings each in one process, past the imports. `make bench`:",
        "",
        "| ms CPU | min | median | max | asked |",
        "| --- | --- | --- | --- | --- |",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for name, path, most in documents(Path(folder)):
            spent = cost(path, rounds)
            figures = " | ".join(f"{value:.1f}" for value in (min(spent), statistics.median(spent), max(spent)))
            lines.append(f"| {name} | {figures} | {most:.0f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    text = report(parser.parse_args().rounds)
    print(text)
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before.rstrip()}\n\n{BEGIN}\n{text}\n{END}\n{after.lstrip()}", encoding="utf-8")


if __name__ == "__main__":
    main()
