"""How well scans of the 2026 table are read, and what that costs beside rapidocr alone.

The table of 85 tasks is printed by Chromium in a Song face, and its pages are scanned at 150 and 200 dpi, crooked by
0.5 and 1.5 degrees, with a red seal over the table, noise, and JPEG of quality 40. Nothing is taken from the cache.
Writes its part of docs/scans.md; ``--errors`` prints every field that is wrong.

    PYTHONPATH=tests python bench/scan_quality.py [--errors] [--only 150-0.5]
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scan_pages import Scanner
from scanned import Quality, quality_of, scanned_pages, scanned_pdf
from test_pdf_truth import whole_table, without
from typeset_html import HtmlSetting, print_html

from extractors.read import read_document
from extractors.scan.cache import FOLDER, OFF
from normalizers.normalize import normalize
from normalizers.tabulate import nested

PAGE = Path(__file__).resolve().parent.parent / "docs" / "scans.md"
BEGIN, END = "<!-- quality: begin (made by bench/scan_quality.py) -->", "<!-- quality: end -->"
KINDS = {
    f"{dpi}-{skew}": Scanner(dpi=dpi, skew=skew, seal=True, noise=8, jpeg=40, seed=dpi)
    for dpi in (150, 200)
    for skew in (0.5, 1.5)
}
#: Pages that rapidocr reads alone: a full one.
ALONE = (2,)


@dataclass(frozen=True)
class Figures:
    """How well a scan was read; CPU seconds a page of everything, and of rapidocr alone."""

    quality: Quality
    everything: float
    alone: float


def measure(pdf: bytes, truth: Sequence[dict[str, Any]], scanner: Scanner, folder: Path) -> Figures:
    """The figures of one scan."""
    path = scanned_pdf(pdf, folder / "scan.pdf", scanner)
    begun = _spent()
    document = read_document(path)
    everything = (_spent() - begun) / document.pages
    records = nested(normalize(document, None))
    return Figures(quality_of(truth, records), everything, _alone(pdf, scanner))


def _spent() -> float:
    """CPU seconds of this process and of those that it waited for."""
    return sum(os.times()[:4])


def _alone(pdf: bytes, scanner: Scanner) -> float:
    """CPU seconds a page of rapidocr as it comes, on some of the pictures as they are, past its loading."""
    from rapidocr import EngineType, RapidOCR  # noqa: PLC0415  loaded last: other processes read the pages

    kind = EngineType.OPENVINO
    made: Any = RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.openvino.inference_num_threads": 1,
            **{f"{part}.engine_type": kind for part in ("Det", "Cls", "Rec")},
        }
    )
    spent = 0.0
    for picture in scanned_pages(pdf, scanner, ALONE):
        begun = time.process_time()
        made(picture)
        spent += time.process_time() - begun
    return spent / len(ALONE)


def report(found: dict[str, Figures]) -> str:
    """The figures as Markdown."""
    lines = [
        "## How well scans are read",
        "",
        "The 2026 table (85 tasks, 7 pages), printed by Chromium and scanned: red seal over the table, noise, JPEG 40.",
        "A task is right when every field is (white space and the width of marks do not count); a wrong field is said",
        "when a doubt names it. CPU is in seconds a page: look at the ratio. `make bench`:",
        "",
        "| dpi, degrees | characters wrong | tasks right | wrong fields, of them said | right tasks with a doubt "
        "| CPU, rapidocr alone | CPU, everything |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, figures in found.items():
        q = figures.quality
        said = len(q.wrong) - len(q.unsaid)
        lines.append(
            f"| {name.replace('-', ', ')} | {q.error_rate:.2%} | {q.right} of {q.tasks} | {len(q.wrong)}, {said} "
            f"| {len(q.doubted)} | {figures.alone:.1f} | {figures.everything:.1f} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--only", choices=KINDS, action="append")
    given = parser.parse_args()
    os.environ[FOLDER] = OFF
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        truth = truth_2026()
        path = print_html(truth, Path(folder) / "table.pdf", HtmlSetting())
        for name in given.only or KINDS:
            found[name] = measure(path.read_bytes(), truth, KINDS[name], Path(folder))
            for entry in found[name].quality.wrong if given.errors else ():
                print(name, "unsaid" if entry in found[name].quality.unsaid else "said", *entry, sep="\n    ")
            print(report({name: found[name]}).rpartition("\n")[2])
    text = report(found)
    print(text)
    if not given.only:
        write(text)


def truth_2026() -> list[dict[str, Any]]:
    """The tasks with names for the subcategories that the source lost: without them each of those is a doubt."""
    return without(whole_table(), "support_units", "deadline", "remark")


def write(text: str) -> None:
    """Put the figures into their part of the page."""
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before.rstrip()}\n\n{BEGIN}\n{text}\n{END}\n{after.lstrip()}", encoding="utf-8")


if __name__ == "__main__":
    main()
