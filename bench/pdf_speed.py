"""What does reading a PDF's tables cost, beside merely reading its characters, and beside others?

Every engine reads the same files in the same run, each time in a process of its own, in turn, several times. CPU time
is counted past the imports, user and system, with all child processes. Then documents of 100 to 1,000 pages: whether
time grows with the pages and no faster, how much memory, and what a second core brings.

    python bench/pdf_speed.py [--rounds 3] [--no-peers] [--peers .venv-peers] [--no-long] [--no-slow] [--print]
    python bench/pdf_speed.py --engines fenjie pdfplumber [--rounds 3]

The results are written into docs/benchmarks.md, between its two marks; with --print they are only shown. With
--engines only these, and plain reading, read the short documents, and the results are only shown: for a quick look
while something is being changed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pdf_report
from pdf_documents import Rulings, embedded_font, typeset
from pdf_measure import Figures, Job, calibrate, cores, parallel_gain, rounds, spread
from pdf_peers import Peers, prepare

ROOT = Path(__file__).resolve().parent.parent
OWN = ("plain reading", "fenjie", "pdfplumber", "camelot lattice", "camelot lattice, vector")
#: Engines that look at pictures of the pages: measured in the first round only.
SLOW = ("camelot lattice", "PyMuPDF", "img2table")
LENGTHS = (100, 250, 500, 1000)


class Document(NamedTuple):
    """A document to be made and read."""

    pages: int
    rulings: Rulings = "long"
    embedded: bool = True

    @property
    def name(self) -> str:
        rulings = "long rulings" if self.rulings == "long" else "four rulings to a cell"
        font = "font embedded" if self.embedded and embedded_font() else "font not embedded"
        return f"{self.pages} pages, {rulings}, {font}"


DOCUMENTS = (Document(3), Document(30), Document(12, "cells"), Document(12, embedded=False))


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def make(folder: Path, document: Document) -> Path:
    path = folder / f"{document.pages}-{document.rulings}-{document.embedded}.pdf"
    if not path.exists():
        typeset(path, *document)
    return path


def jobs(path: Path, warm: Path, peers: Peers | None, slow: bool, chosen: Sequence[str] | None) -> dict[str, Job]:
    """Every engine on one file, or those chosen and plain reading."""
    if chosen:
        return {name: Job(name, path, warm) for name in OWN if name == OWN[0] or name in chosen}
    wanted = {name: Job(name, path, warm) for name in OWN}
    if peers:
        wanted |= {name: Job(name, path, warm, peers.python) for name in peers.engines}
    return {name: job for name, job in wanted.items() if slow or name not in SLOW}


def compare(folder: Path, peers: Peers | None, arguments: argparse.Namespace) -> list[pdf_report.Comparison]:
    """All engines on the short documents, with the machine's noise."""
    warm = make(folder, Document(1))
    comparisons = []
    for document in DOCUMENTS:
        path = make(folder, document)
        failures: dict[str, str] = {}
        noise = [calibrate()]
        results: dict[str, list[Figures]] = {}
        for number in range(arguments.rounds):
            tell(f"{document.name}: round {number + 1} of {arguments.rounds}")
            slow = number == 0 and not arguments.no_slow
            todo = {k: v for k, v in jobs(path, warm, peers, slow, arguments.engines).items() if k not in failures}
            for name, figures in rounds(todo, 1, failures.__setitem__).items():
                results.setdefault(name, []).extend(figures)
            noise.append(calibrate())
        kept = {name: figures for name, figures in results.items() if name not in failures}
        load = os.getloadavg()[0]
        comparisons.append(pdf_report.Comparison(document.name, document.pages, kept, failures, spread(noise), load))
    return comparisons


def lengths(folder: Path, count: int) -> list[pdf_report.Length]:
    """Plain and own reading of long documents, and the memory of the own one."""
    warm = make(folder, Document(1))
    results = []
    for pages in LENGTHS:
        tell(f"{pages} pages")
        path = make(folder, Document(pages))
        both = {name: Job(name, path, warm, seconds=0.0) for name in ("plain reading", "fenjie")}
        failures: dict[str, str] = {}
        figures = rounds(both, count, failures.__setitem__)
        watched = {"fenjie": Job("fenjie", path, warm, seconds=0.0, memory=True)}
        memory = rounds(watched, 1, failures.__setitem__).get("fenjie", [])
        if failures:
            tell(f"{pages} pages: {failures}")
            break
        most = max((item.memory or 0.0 for item in memory), default=0.0)
        results.append(pdf_report.Length(pages, figures["plain reading"], figures["fenjie"], most or None))
    return results


def on_cores(folder: Path, count: int) -> pdf_report.Cores | None:
    """The longest document on one core and on two, in turn."""
    if cores() < 2:
        tell("only one core here: what a second one brings can't be measured")
        return None
    warm, path = make(folder, Document(1)), make(folder, Document(LENGTHS[-1]))
    failures: dict[str, str] = {}
    tell(f"{LENGTHS[-1]} pages on one core and on two")
    both = {str(number): Job("fenjie", path, warm, seconds=0.0, cores=number) for number in (1, 2)}
    before = parallel_gain()
    figures = rounds(both, count, failures.__setitem__)
    if failures:
        tell(f"on one core and on two: {failures}")
        return None
    return pdf_report.Cores(LENGTHS[-1], figures["1"], figures["2"], min(before, parallel_gain()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", type=Path, default=ROOT / ".venv-peers", help="environment of the other peers")
    parser.add_argument("--engines", nargs="+", choices=OWN, help="only these, on the short documents; writes nothing")
    parser.add_argument("--no-peers", action="store_true", help="only what the project itself has installed")
    parser.add_argument("--no-slow", action="store_true", help="without those that look at pictures of pages")
    parser.add_argument("--no-long", action="store_true", help="without the documents of 100 to 1,000 pages")
    parser.add_argument("--print", action="store_true", help="show the results, write nothing")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error("--rounds must be at least 1")
    peers = None if arguments.no_peers or arguments.engines else prepare(arguments.peers)
    for engine, reason in (peers.missing if peers else {}).items():
        tell(f"could not be had: {engine} ({reason})")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        comparisons = compare(folder, peers, arguments)
        short = arguments.no_long or arguments.engines
        long = [] if short else lengths(folder, arguments.rounds)
        second = None if short else on_cores(folder, arguments.rounds)
    text = pdf_report.report(comparisons, long, second, peers.missing if peers else {})
    if arguments.print or arguments.engines:
        print(text)
    else:
        pdf_report.write(ROOT / "docs" / "benchmarks.md", text)


if __name__ == "__main__":
    main()
