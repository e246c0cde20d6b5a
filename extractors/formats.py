"""Which format a file has, by its content, and its reader."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from extractors.errors import ReadError
from extractors.model import SourceDocument
from extractors.plain.prose import read_prose

#: A reader of everything but PDF: content and file to what stands in it.
Reader = Callable[[bytes, Path], SourceDocument]

#: The readers by format, each a module with a function ``read``; a module is imported when it is needed. A new format
#: gets its reader here and its signature in :func:`detect`.
_READERS = {
    "txt": "extractors.plain.reader",
    "docx": "extractors.word.reader",
    "doc": "extractors.word.legacy",
    "rtf": "extractors.word.legacy",
    "odt": "extractors.word.legacy",
    "ofd": "extractors.ofd.reader",
    "xlsx": "extractors.sheets.reader",
    "xls": "extractors.sheets.reader",
    "ods": "extractors.sheets.reader",
    "html": "extractors.web.reader",
    "mhtml": "extractors.web.reader",
    "png": "extractors.scan.reader",
    "jpeg": "extractors.scan.reader",
    "tiff": "extractors.scan.reader",
}
#: The formats whose pages are pictures.
PICTURES = ("png", "jpeg", "tiff")
#: The formats of which LibreOffice makes a DOCX first.
LEGACY = ("doc", "rtf", "odt")
#: What people call the formats that have no reader, and what to do about them.
_UNREAD = {
    "zip": ("a ZIP archive and no document", "Unpack it and give the documents in it"),
    "xml": ("an XML file of an unknown kind", "Give the original document"),
    "locked": ("an encrypted Office file", "Open it in its own program and save it unprotected"),
    "ole": ("an Office file of an unknown kind", "Open it in its own program and save it as DOCX, XLSX or PDF"),
    "image": ("a GIF picture", "Give the document itself, or a PNG, JPEG or TIFF of it"),
}

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = ((b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpeg"), (b"II*\0", "tiff"), (b"MM\0*", "tiff"), (b"GIF8", "image"))
#: Streams of an OLE file (names are UTF-16) and the formats that have them; a locked file has none of its own.
_STREAMS = (("EncryptedPackage", "locked"), ("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"))
#: Local headers of a ZIP file name its parts. Their names tell the format: ISO/IEC 29500-2, GB/T 33190, OpenDocument.
_PARTS = (
    (b"word/", "docx"), (b"xl/", "xlsx"), (b"OFD.xml", "ofd"), (b"opendocument.spreadsheet", "ods"),
    (b"opendocument.text", "odt"),
)  # fmt: skip
_TAG = re.compile(
    rb"<(!doctype\s+html|html|head|body|meta|title|style|script|link|table|tbody|thead|tr|td|th|div|span|p|font|center|ul|"
    rb"section|article|main|h\d|br|b|strong|a|img)[\s>/]",
    re.IGNORECASE,
)
_ROW, _CELL = re.compile(rb"<tr[\s>]", re.IGNORECASE), re.compile(rb"<t[dh][\s>]", re.IGNORECASE)
_MIME = re.compile(rb"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
_WORD_2003 = b'progid="Word.Document"'

#: Bytes of a file, and of what is packed in it, that are read in a second or so.
_LARGE, _LARGE_UNPACKED = 2 << 20, 16 << 20
#: The format is told by so many bytes. A PDF's header may stand behind others (ISO 32000-1, Annex H, note 13).
HEAD = 1024
_BLANK = b" \t\r\n\f\0\xef\xbb\xbf\xff\xfe"


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


def is_large(path: Path) -> bool:
    """Whether a file, or what is packed in it, has so much in it that reading it should be watched.

    Raises :class:`ReadError` when it can't be opened.
    """
    if not path.is_file():
        return False
    if path.stat().st_size > _LARGE:
        return True
    if load(path, len(_ZIP)) != _ZIP:
        return False
    try:
        with zipfile.ZipFile(path) as package:
            return sum(info.file_size for info in package.infolist()) > _LARGE_UNPACKED
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OverflowError):
        return False  # reading it will say so


def is_scanned(path: Path) -> bool:
    """Whether a file holds pictures of pages. Raises :class:`ReadError` when it can't be opened."""
    return path.is_file() and detect(load(path, HEAD)) in PICTURES


def detect(data: bytes) -> str:
    """The format of a file with this content: a key of the readers, or of what has none; ``txt`` if nothing tells."""
    if is_pdf(data):
        return "pdf"
    if data.startswith(_ZIP):
        return _detect_package(data)
    if data.startswith(_OLE):
        return next((name for stream, name in _STREAMS if stream.encode("utf-16-le") in data), "ole")
    image = next((name for start, name in _IMAGES if data.startswith(start)), None)
    return image or _detect_text(data)


def _detect_package(data: bytes) -> str:
    """The format of a ZIP package by the names of its parts: fonts and attachments in it may hold any bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = [name.replace("\\", "/").lower().encode() for name in package.namelist()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OverflowError):
        names = []  # damaged: what is left of it may tell, and reading it will say so
    found = (name for part, name in _PARTS if any(own.startswith(part.lower()) for own in names))
    return next(found, None) or next((name for part, name in _PARTS if part in data), "zip")


def read_content(data: bytes, path: Path) -> SourceDocument:
    """What stands in a file that is no PDF. Raises :class:`ReadError` when it can't be read."""
    return with_tables(_reader(data, path)(data, path))


def with_tables(document: SourceDocument) -> SourceDocument:
    """The document, a list of tasks in its text as a table. Raises :class:`ReadError` when it holds no table at all."""
    if document.tables:
        return document
    tables, blocks = read_prose(document.blocks)
    if tables:
        return replace(document, tables=tables, blocks=blocks)
    problem = "; ".join(["no table was found in it", *(doubt.detail for doubt in document.doubts[:1])])
    raise ReadError(document.path, problem, _ADVICE.get(document.format, "Check that it is the right file"))


_ADVICE = {
    "pdf": "A table in a PDF is ruled or set in columns; check that it is the right file",
    "txt": "A table in a text has tabs, pipes, drawn lines or columns; tasks in prose each say who carries them",
}


def _detect_text(data: bytes) -> str:
    head = data[: 64 * HEAD]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or 0 in data[:HEAD]:
        head = head.replace(b"\0", b"")  # UTF-16: its ASCII characters are left
    start = head.lstrip(_BLANK)
    if start.startswith(b"{\\rtf"):
        return "rtf"
    if _MIME.search(head[: 8 * HEAD]) and b"mime-version" in head[: 8 * HEAD].lower():
        return "mhtml"
    if _WORD_2003 in head[:HEAD]:
        return "doc"
    is_table = _ROW.search(head) and _CELL.search(head)
    if is_table or (start.startswith(b"<") and _TAG.search(head)):
        return "html"
    return "xml" if start.startswith(b"<?xml") else "txt"


def _reader(data: bytes, path: Path) -> Reader:
    """The reader for the content."""
    name = detect(data)
    if name in _READERS:
        read: Reader = import_module(_READERS[name]).read
        return read
    what, advice = _UNREAD[name]
    raise ReadError(path, f"this is {what}", advice)
