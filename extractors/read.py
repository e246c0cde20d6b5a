"""The one way into the readers: a file, whatever its format, to its tables and the text around them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from extractors import decode, delimited
from extractors.errors import ReadError
from extractors.model import SourceDocument, Table

Reader = Callable[[bytes, Path], SourceDocument]

#: First bytes of formats that are no text, each with its reader or, where there is none, its name.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "ZIP (Word, Excel or OFD)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "legacy Office"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
)

#: A PDF's header may stand behind other bytes, within so many (ISO 32000-1, Annex H, note 13).
_PDF_HEADER = 1024


def read_document(path: str | Path) -> SourceDocument:
    """Everything that stands in the file.

    The format is found from the content. Raises :class:`ReadError` when the file can't be read or holds no table.
    """
    file = Path(path)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ReadError(
            file, f"the file can't be opened ({error.strerror})", "Check its name and who may read it"
        ) from error
    document = _reader(data, file)(data, file)
    if not document.tables:
        raise ReadError(
            file,
            "no table was found in it",
            "A table in a text file has a tab between its cells; give the original document if it has another form",
        )
    return document


def read_tables(path: str | Path) -> list[Table]:
    """Every physical table of the file, page by page. Raises :class:`ReadError` like :func:`read_document`."""
    return list(read_document(path).tables)


def _reader(data: bytes, path: Path) -> Reader:
    """The reader for the content. A new format gets its signature and its reader here."""
    if b"%PDF-" in data[:_PDF_HEADER]:
        return _read_pdf
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            raise ReadError(
                path, f"this is a {name} file, which fenjie can't read yet", "Give the table as tab-separated text"
            )
    return _read_text


def _read_pdf(data: bytes, path: Path) -> SourceDocument:
    from extractors.pdf.reader import read  # pdfium and numpy are loaded for a PDF only

    return read(data, path)


def _read_text(data: bytes, path: Path) -> SourceDocument:
    text, _ = decode.decode(data, path)
    return delimited.parse(text, str(path))
