"""One engine reads one PDF, and its CPU time past the imports is counted: a process of its own for every measurement.

    python bench/pdf_engines.py ENGINE FILE [--warm FILE] [--seconds 0.5] [--cores N]

It prints one line of JSON. Nothing but the standard library is imported here, so that it also runs in the environment
of the peers. `--warm` is a small file that is read once before the clock starts, for what an engine imports late.
The file is read again until `--seconds` of CPU time have gone by; the figure is for one reading.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import importlib
import importlib.metadata
import json
import logging
import os
import resource
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: How an engine reads a file: returns how many things (tables, or characters for plain reading) it found.
Engine = Callable[[str], int]


def plain_reading() -> Engine:
    """Every character with its box and every segment of every path, through pypdfium2's raw interface."""
    raw: Any = importlib.import_module("pypdfium2.raw")
    importlib.import_module("pypdfium2")
    box = [ctypes.c_double() for _ in range(4)]
    point = [ctypes.c_float() for _ in range(2)]
    corners = [ctypes.byref(value) for value in box]
    coordinates = [ctypes.byref(value) for value in point]

    def characters(page: Any) -> int:
        text = raw.FPDFText_LoadPage(page)
        found: list[tuple[float, ...]] = []
        for index in range(raw.FPDFText_CountChars(text)):
            code = raw.FPDFText_GetUnicode(text, index)
            raw.FPDFText_GetCharBox(text, index, *corners)
            found.append((code, box[0].value, box[1].value, box[2].value, box[3].value))
        raw.FPDFText_ClosePage(text)
        return len(found)

    def segments(page: Any) -> int:
        found: list[tuple[float, ...]] = []
        for index in range(raw.FPDFPage_CountObjects(page)):
            item = raw.FPDFPage_GetObject(page, index)
            if raw.FPDFPageObj_GetType(item) != raw.FPDF_PAGEOBJ_PATH:
                continue
            for number in range(raw.FPDFPath_CountSegments(item)):
                segment = raw.FPDFPath_GetPathSegment(item, number)
                raw.FPDFPathSegment_GetPoint(segment, *coordinates)
                kind = raw.FPDFPathSegment_GetType(segment)
                found.append((kind, point[0].value, point[1].value))
        return len(found)

    def read(path: str) -> int:
        document = raw.FPDF_LoadDocument(path.encode(), None)
        count = 0
        for number in range(raw.FPDF_GetPageCount(document)):
            page = raw.FPDF_LoadPage(document, number)
            count += characters(page)
            segments(page)
            raw.FPDF_ClosePage(page)
        raw.FPDF_CloseDocument(document)
        return count

    return read


def fenjie() -> Engine:
    read_tables: Any = importlib.import_module("extractors.read").read_tables
    return lambda path: len(read_tables(path))


def pdfplumber() -> Engine:
    module: Any = importlib.import_module("pdfplumber")

    def read(path: str) -> int:
        with module.open(path) as document:
            count = 0
            for page in document.pages:
                count += len(page.extract_tables())
                page.close()
            return count

    return read


def camelot(**options: str) -> Engine:
    module: Any = importlib.import_module("camelot")
    return lambda path: len(module.read_pdf(path, pages="all", flavor="lattice", suppress_stdout=True, **options))


def tablers() -> Engine:
    module: Any = importlib.import_module("tablers")

    def read(path: str) -> int:
        document = module.Document(path)
        count = sum(len(module.find_tables(page, extract_text=True)) for page in document.pages())
        document.close()
        return count

    return read


def tabula() -> Engine:
    module: Any = importlib.import_module("tabula")
    return lambda path: len(module.read_pdf(path, pages="all", lattice=True, output_format="json", silent=True))


def pymupdf() -> Engine:
    module: Any = importlib.import_module("pymupdf")

    def read(path: str) -> int:
        with module.open(path) as document:
            return sum(len([table.extract() for table in page.find_tables().tables]) for page in document)

    return read


def img2table() -> Engine:
    module: Any = importlib.import_module("img2table.document")

    def read(path: str) -> int:
        pages = module.PDF(src=path, pdf_text_extraction=True).extract_tables()
        return sum(len(tables) for tables in pages.values())

    return read


#: Name -> (what makes it, the distribution whose version is named).
ENGINES: dict[str, tuple[Callable[[], Engine], str]] = {
    "plain reading": (plain_reading, "pypdfium2"),
    "fenjie": (fenjie, "fenjie"),
    "pdfplumber": (pdfplumber, "pdfplumber"),
    "camelot lattice": (camelot, "camelot-py"),
    "camelot lattice, vector": (lambda: camelot(engine="vector"), "camelot-py"),
    "tablers": (tablers, "tablers"),
    "tabula lattice": (tabula, "tabula-py"),
    "PyMuPDF": (pymupdf, "pymupdf"),
    "img2table": (img2table, "img2table"),
}


def cpu_seconds() -> float:
    """User and system time of this process, of the children that it has waited for and of those that still live."""
    own = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in own) + _living(os.getpid())


def _living(process: int) -> float:
    """CPU seconds of the living descendants, where the system lists processes (Linux)."""
    total = 0.0
    for listed in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in listed.read_text().split():
                fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
                total += sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK") + _living(int(child))
    return total


def measure(engine: Engine, path: str, seconds: float) -> dict[str, float]:
    """CPU and wall seconds of one reading."""
    begin_cpu, begin_wall = cpu_seconds(), time.perf_counter()
    readings = found = 0
    while not readings or cpu_seconds() - begin_cpu < seconds:
        found = engine(path)
        readings += 1
    cpu, wall = cpu_seconds() - begin_cpu, time.perf_counter() - begin_wall
    return {"cpu": cpu / readings, "wall": wall / readings, "readings": readings, "found": found}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("file")
    parser.add_argument("--warm")
    parser.add_argument("--seconds", type=float, default=0.5)
    parser.add_argument("--cores", type=int)
    arguments = parser.parse_args()
    if arguments.cores:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: arguments.cores])
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    make, distribution = ENGINES[arguments.engine]
    engine = make()
    if arguments.warm:
        engine(arguments.warm)
    figures = measure(engine, arguments.file, arguments.seconds)
    print(json.dumps({**figures, "version": importlib.metadata.version(distribution)}))


if __name__ == "__main__":
    main()
