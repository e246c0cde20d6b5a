"""Which format a file has, by its content, and its reader."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from extractors import decode, delimited
from extractors.errors import ReadError
from extractors.model import SourceDocument

#: A reader of everything but PDF: content and file to what stands in it.
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

#: The format is told by so many bytes. A PDF's header may stand behind others (ISO 32000-1, Annex H, note 13).
HEAD = 1024
#: What belongs to every PDF and stands in no text: a misplaced header is told by it.
_PDF_END = b"%%EOF"


def is_pdf(data: bytes) -> bool:
    """Whether a file that begins with these bytes is a PDF."""
    return b"%PDF-" in data[:HEAD]


def load(path: Path, most: int | None = None) -> bytes:
    """The content of a file, or so many bytes of it. Raises :class:`ReadError` when it can't be opened."""
    try:
        with path.open("rb") as file:
            return file.read(-1 if most is None else most)
    except OSError as error:
        raise ReadError(
            path, f"the file can't be opened ({error.strerror})", "Check its name and who may read it"
        ) from error


def read_content(data: bytes, path: Path) -> SourceDocument:
    """What stands in a file that is no PDF. Raises :class:`ReadError` when it can't be read."""
    return with_tables(_reader(data, path)(data, path))


def with_tables(document: SourceDocument) -> SourceDocument:
    """The document itself. Raises :class:`ReadError` when it holds no table."""
    if document.tables:
        return document
    problem = "; ".join(["no table was found in it", *(doubt.detail for doubt in document.doubts[:1])])
    advice = (
        "A table in a PDF is ruled or set in columns; check that it is the right file"
        if document.format == "pdf"
        else "A table in a text file has a tab between its cells; give the original document if it has another form"
    )
    raise ReadError(document.path, problem, advice)


def _reader(data: bytes, path: Path) -> Reader:
    """The reader for the content. A new format gets its signature and its reader here."""
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            raise ReadError(
                path, f"this is a {name} file, which fenjie can't read yet", "Give the table as tab-separated text"
            )
    if _PDF_END in data[-HEAD:] and b"%PDF-" in data:
        raise ReadError(
            path, "this is a PDF behind other bytes, which hide its beginning", "Get the file again, or save it anew"
        )
    return _read_text


def _read_text(data: bytes, path: Path) -> SourceDocument:
    text, _ = decode.decode(data, path)
    return delimited.parse(text, str(path))
