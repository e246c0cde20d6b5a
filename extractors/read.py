"""The one way into the readers: a file, whatever its format, to its tables and the text around them."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

from extractors.errors import ReadError
from extractors.formats import is_large, is_pdf, is_scanned, load, read_content, with_tables
from extractors.model import SourceDocument, Table
from extractors.portions import SHORT

#: Told a document, how many of its pages have been read and how many it has.
Watch = Callable[[Path, int, int], None]


def read_document(path: str | Path, password: str | None = None, watch: Watch | None = None) -> SourceDocument:
    """Everything that stands in the file.

    The format is found from the content. ``password`` opens an encrypted PDF. A file that is long, or may hold far
    more than it seems to, is read by other processes (:mod:`extractors.supervised`); the result is the same, and
    ``watch`` is told how far it is. Raises :class:`ReadError` when the file can't be read or holds no table.
    """
    file = Path(path)
    if is_large(file) or is_scanned(file):
        return _supervised(file, password, watch)
    data = load(file)
    if not is_pdf(data):
        return read_content(data, file)
    document = _read_pdf(data, file, password)
    return _supervised(file, password, watch) if document is None else with_tables(document)


def read_tables(path: str | Path, password: str | None = None) -> list[Table]:
    """Every physical table of the file, page by page. Raises :class:`ReadError` like :func:`read_document`.

    A page that could not be read is warned of.
    """
    document = read_document(path, password)
    for doubt in document.doubts:
        warnings.warn(f"{path}: {doubt.detail}", stacklevel=2)
    return list(document.tables)


def _read_pdf(data: bytes, file: Path, password: str | None) -> SourceDocument | None:
    """A PDF that may be read here, or has to be since no other process could open it; None for another one."""
    from extractors.pdf import reader  # noqa: PLC0415  pdfium and numpy are loaded for a PDF only

    if not file.is_file():
        return reader.read(data, file, password)
    return reader.read_short(data, file, password, SHORT)


def _supervised(file: Path, password: str | None, watch: Watch | None) -> SourceDocument:
    from extractors.supervised import read_documents, whole  # noqa: PLC0415  not for every small file

    ((_, document),) = read_documents([file], whole, password, watch)
    if isinstance(document, ReadError):
        raise document
    return document
