"""A PDF written object by object, for text whose code points the test chooses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: Width and height of the page.
SIZE = (300, 200)


def write_pdf(objects: Sequence[str]) -> bytes:
    """A file of these objects, numbered from 1; the first is the catalog."""
    data = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size} /Root 1 0 R>>\nstartxref\n{len(data)}\n"
    return data + f"{end}%%EOF".encode("latin-1")


def page_with_font(content: str, code_points: Mapping[int, str]) -> bytes:
    """A page with this content; its font /F says of each of its codes (two bytes) what character it is."""
    pairs = "".join(f"<{code:04X}> <{char.encode('utf-16-be').hex()}>\n" for code, char in code_points.items())
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{len(code_points)} beginbfchar\n{pairs}endbfchar endcmap end end"
    )
    return write_pdf(
        [
            "<</Type /Catalog /Pages 2 0 R>>",
            "<</Type /Pages /Kids [3 0 R] /Count 1>>",
            f"<</Type /Page /Parent 2 0 R /MediaBox [0 0 {SIZE[0]} {SIZE[1]}] /Contents 4 0 R "
            "/Resources <</Font <</F 5 0 R>>>>>>",
            _stream(content),
            "<</Type /Font /Subtype /Type0 /BaseFont /Own /Encoding /Identity-H /DescendantFonts [6 0 R] "
            "/ToUnicode 8 0 R>>",
            "<</Type /Font /Subtype /CIDFontType2 /BaseFont /Own /CIDSystemInfo <</Registry (Adobe) "
            "/Ordering (Identity) /Supplement 0>> /DW 1000 /FontDescriptor 7 0 R>>",
            "<</Type /FontDescriptor /FontName /Own /Flags 4 /FontBBox [0 -120 1000 880] /ItalicAngle 0 /Ascent 880 "
            "/Descent -120 /CapHeight 880 /StemV 80>>",
            _stream(cmap),
        ]
    )


def _stream(text: str) -> str:
    return f"<</Length {len(text)}>>\nstream\n{text}\nendstream"
