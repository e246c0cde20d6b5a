"""Text files: decoded, and read by the reader of their form."""

from __future__ import annotations

from pathlib import Path

from extractors import decode, delimited
from extractors.errors import ReadError
from extractors.model import SourceDocument

#: What belongs to every PDF and stands in no text.
_PDF_END, _END = b"%%EOF", 1024


def read(data: bytes, path: Path) -> SourceDocument:
    """What stands in a text file. Raises :class:`ReadError` when it is no text."""
    if _PDF_END in data[-_END:] and b"%PDF-" in data:
        problem = "this is a PDF behind other bytes, which hide its beginning"
        raise ReadError(path, problem, "Get the file again, or save it anew")
    text, _ = decode.decode(data, path)
    return delimited.parse(text, str(path))
