"""PDF files written byte by byte, so that a test can make them as wrong as it likes."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

#: A ruled table of two by two cells: 甲 is beyond Helvetica, so its cells say a1, b1, a2, b2.
TABLE = (
    b"0.5 w 20 20 200 100 re S 120 20 m 120 120 l S 20 70 m 220 70 l S BT /F 10 Tf 1 0 0 1 30 90 Tm (a1) Tj "
    b"1 0 0 1 130 90 Tm (b1) Tj 1 0 0 1 30 40 Tm (a2) Tj 1 0 0 1 130 40 Tm (b2) Tj ET"
)
TEXTS = ["a1", "b1", "a2", "b2"]
_BOX = b"/MediaBox [0 0 300 200]"


def write(objects: Mapping[int, bytes], trailer: bytes = b"", header: bytes = b"%PDF-1.7\n") -> bytes:
    """A file of these objects; 1 is the catalog."""
    data = header
    places = {}
    for number, body in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    size = max(objects) + 1
    table = b"".join(b"%010d 00000 n \n" % places.get(number, 0) for number in range(1, size))
    end = b"trailer\n<</Size %d /Root 1 0 R %b>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table) + end


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object with these further entries in its dictionary."""
    return b"<<%b /Length %d>>\nstream\n%b\nendstream" % (entries, len(content), content)


def packed(content: bytes, entries: bytes = b"", times: int = 1) -> bytes:
    """A deflated stream object, deflated several times if asked for."""
    for _ in range(times):
        content = zlib.compress(content, 9)
    return stream(content, entries + b" /Filter [" + b" /FlateDecode" * times + b"]")


def document(
    *contents: bytes, box: bytes = _BOX, resources: bytes = b"", more: Mapping[int, bytes] | None = None
) -> dict[int, bytes]:
    """The objects of a document with a page for each content (a stream object, or what goes into one).

    1 is the catalog, 2 the page tree, 3 the font; ``more`` are further objects, from 1000 on.
    """
    pages = {10 + 2 * at: content for at, content in enumerate(contents)}
    objects = {
        1: b"<</Type /Catalog /Pages 2 0 R>>",
        2: b"<</Type /Pages /Kids [%b] /Count %d>>" % (b" ".join(b"%d 0 R" % no for no in pages), len(pages)),
        3: b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
    }
    for number, content in pages.items():
        objects[number] = b"<</Type /Page /Parent 2 0 R %b /Contents %d 0 R /Resources <</Font <</F 3 0 R>> %b>>>>" % (
            box,
            number + 1,
            resources,
        )
        objects[number + 1] = content if content.startswith(b"<<") else stream(content)
    return objects | dict(more or {})


def pdf(*contents: bytes, box: bytes = _BOX, resources: bytes = b"", more: Mapping[int, bytes] | None = None) -> bytes:
    """A file with a page for each content; see :func:`document`."""
    return write(document(*contents, box=box, resources=resources, more=more))


def form(content: bytes, draws: int | None = None) -> bytes:
    """A form object; ``draws`` is the number of another one that it may draw as /X."""
    inner = b"" if draws is None else b"/XObject <</X %d 0 R>>" % draws
    return stream(content, b"/Type /XObject /Subtype /Form /BBox [0 0 300 200] /Resources <<%b>>" % inner)
