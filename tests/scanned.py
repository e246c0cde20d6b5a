"""Scanned documents: the pages of a PDF as pictures, in files that hold nothing else; and how well they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image
from rapidfuzz.distance import Levenshtein
from scan_pages import Scanner, scan
from scoring import plain, wrong_fields

#: The texts of a record, in the order in which their characters are compared.
_TEXTS = ("task_no", "category", "subcategory", "content", "leaders", "lead_units", "support_units", "deadline")
#: Quality of the JPEG pictures in a file where a scanner has none of its own.
_FINE = 95
#: What is said of single characters that were not surely recognised.
_UNSURE = ("uncertain_character", "uncertain_number", "uncertain_name", "ocr_suspect", "ocr_corrected")

Record = Mapping[str, Any]


def scanned_pages(pdf: bytes, scanner: Scanner, pages: Sequence[int] | None = None) -> Iterator[Image.Image]:
    """The pages of a PDF (counted from 1; None: all of them) as the scanner gives them."""
    if pages is None:
        document = pypdfium2.PdfDocument(pdf)
        pages = range(1, len(document) + 1)
        document.close()
    for page in pages:
        yield Image.fromarray(scan(pdf, page, replace(scanner, seed=scanner.seed + page))[0].pixels)


def scanned_pdf(pdf: bytes, path: Path, scanner: Scanner, pages: Sequence[int] | None = None) -> Path:
    """Write a PDF of pictures alone, as JPEG of the scanner's quality; give its path."""
    own = list(scanned_pages(pdf, replace(scanner, jpeg=None), pages))
    quality = scanner.jpeg or _FINE
    own[0].save(path, "PDF", save_all=True, append_images=own[1:], resolution=scanner.dpi, quality=quality)
    return path


def scanned_tiff(pdf: bytes, path: Path, scanner: Scanner, pages: Sequence[int] | None = None) -> Path:
    """Write a TIFF with a picture for each page; give its path."""
    own = list(scanned_pages(pdf, scanner, pages))
    dpi = (scanner.dpi, scanner.dpi)
    own[0].save(path, "TIFF", save_all=True, append_images=own[1:], dpi=dpi, compression="tiff_lzw")
    return path


@dataclass(frozen=True)
class Quality:
    """How well a scan was read.

    ``errors`` of ``characters`` are wrong (edit distance of the texts of all tasks, white space and the width of marks
    not counted); ``wrong`` are the fields that are, as :func:`scoring.wrong_fields` gives them, ``unsaid`` those of
    them whose task and field no doubt names. ``doubted`` are right tasks with a doubt. A doubt is a warning, and what
    is said of a character that was not surely recognised.
    """

    tasks: int
    characters: int
    errors: int
    wrong: tuple[tuple[Any, ...], ...]
    unsaid: tuple[tuple[Any, ...], ...]
    doubted: tuple[int, ...]

    @property
    def error_rate(self) -> float:
        """Character errors, 0 to 1."""
        return self.errors / self.characters

    @property
    def right(self) -> int:
        """Tasks that are right in every field."""
        return self.tasks - len({entry[0] for entry in self.wrong})


def quality_of(truth: Sequence[Record], records: Sequence[Record]) -> Quality:
    """Records of ``fenjie extract`` against the truth, each task by its number."""
    found = {record["task_no"]: record for record in records}
    wrong: list[tuple[Any, ...]] = []
    errors = characters = 0
    for task in truth:
        record = found.pop(task["task_no"], None)
        text = _text(task)
        characters += len(text)
        errors += Levenshtein.distance(text, _text(record)) if record else len(text)
        wrong += wrong_fields([task], [record]) if record else [(task["task_no"], "task_no", text, None)]
    wrong += [(number, "task_no", None, number) for number in found]
    said = {
        (record["task_no"], issue["field"])
        for record in records
        for issue in record["issues"]
        if issue["severity"] != "info" or issue["rule"] in _UNSURE
    }
    unsaid = tuple(entry for entry in wrong if not {entry[:2], (entry[0], None)} & said)
    doubted = tuple(sorted({number for number, _ in said} - {entry[0] for entry in wrong}))
    return Quality(len(truth), characters, errors, tuple(wrong), unsaid, doubted)


def _text(record: Record) -> str:
    values = [record.get(name) for name in _TEXTS]
    return "|".join(plain("、".join(value) if isinstance(value, list) else value) for value in values)
