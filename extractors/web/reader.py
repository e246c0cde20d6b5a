"""Web pages, whole or in part, as saved by a browser or written by a program: tables, and the lines around them."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from pathlib import Path

from lxml import etree

from extractors.errors import ReadError
from extractors.model import Doubt, LeftOut, Provenance, SourceDocument, Table, TextBlock
from extractors.web.encoding import decode_page
from extractors.web.layout import layout_tables
from extractors.web.tables import read_table
from extractors.web.texts import in_block
from extractors.web.walk import Found, walk

#: Lines right above a table that may be its title.
_CAPTION = 6
_DAMAGED = "Save the page anew, or give the original document"


def read(data: bytes, path: Path) -> SourceDocument:
    """What stands in a web page (HTML or MHTML). Raises :class:`ReadError` when it is no text or nested too deep."""
    is_archive = b"mime-version" in data[:8192].lower() and b"<" not in data.lstrip()[:1]
    text, lost = _archived(data, path) if is_archive else decode_page(data, path)
    page = _Page(path, layout_tables(root := _parse(text, path)))
    page.read(root)
    doubts = []
    if lost:
        doubts.append(Doubt("unreadable_text", f"{lost} characters of the page are broken"))
    return SourceDocument(
        str(path), "mhtml" if is_archive else "html", 0, tuple(page.tables), tuple(page.blocks), tuple(page.left_out),
        tuple(doubts),
    )  # fmt: skip


def _parse(text: str, path: Path) -> etree._Element:
    """The page as a tree, mended as browsers do."""
    parser = etree.HTMLParser(
        encoding="utf-8", recover=True, huge_tree=True, remove_comments=True, remove_pis=True, no_network=True
    )
    try:
        root = etree.fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadError(path, f"the page can't be read ({error})", _DAMAGED) from error
    if root is None:
        raise ReadError(path, "there is nothing in the page", _DAMAGED)
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise ReadError(path, "the elements of the page are nested too deep", _DAMAGED)
    return root


def _archived(data: bytes, path: Path) -> tuple[str, int]:
    """The page within a saved page (MHTML, RFC 2557): its first HTML part."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        for part in message.walk():
            if part.get_content_type() in ("text/html", "application/xhtml+xml"):
                content = part.get_payload(decode=True)
                if isinstance(content, bytes) and content.strip():
                    return _decoded(content, part, path)
    except (ValueError, LookupError, AttributeError, TypeError, IndexError) as error:
        raise ReadError(path, f"the saved page is damaged ({error})", _DAMAGED) from error
    raise ReadError(path, "there is no HTML in the saved page", _DAMAGED)


def _decoded(content: bytes, part: EmailMessage, path: Path) -> tuple[str, int]:
    """The text of a part, whose header tells its encoding before the page does (RFC 2557, 8.1)."""
    charset = part.get_content_charset()
    if charset:
        content = f'<meta charset="{charset}">'.encode("ascii", "replace") + content.removeprefix(b"\xef\xbb\xbf")
    return decode_page(content, path)


@dataclass(slots=True)
class _Page:
    """Tables, and lines between them in their order; ``since`` are the lines behind the last table."""

    path: Path
    layout: set[etree._Element]
    tables: list[Table] = field(default_factory=list)
    blocks: list[TextBlock] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    since: list[str] = field(default_factory=list)
    found: Found = field(default_factory=Found)

    def read(self, root: etree._Element) -> None:
        walk(root, self.found, self._take)
        self._flush()
        if self.tables and not self.blocks:
            self._title(root)

    def _take(self, element: etree._Element) -> bool:
        """Read a table; False for one that only places what stands in it."""
        if element in self.layout:
            return False
        self._flush()
        number = len(self.tables) + 1
        read = read_table(element, number)
        for line in read.lines:
            self._block(line)
        self.left_out += read.left_out
        if read.table is None:
            return True
        caption = "\n".join(self.since[-_CAPTION:])
        self.tables.append(read.captioned(caption))
        self.since = []
        return True

    def _flush(self) -> None:
        """Lines that were collected become blocks."""
        for line in self.found.text.lines():
            self._block(in_block(line))
        place = Provenance(0, line=f"paragraph {len(self.blocks) + 1}")
        self.left_out += [
            LeftOut(text, "hidden", place) for kind, text in self.found.left if text and kind != "picture"
        ]
        self.found.text.pieces.clear()
        self.found.left.clear()

    def _block(self, line: str) -> None:
        if line:
            self.blocks.append(TextBlock(line, Provenance(0, line=f"paragraph {len(self.blocks) + 1}")))
            self.since.append(line)

    def _title(self, root: etree._Element) -> None:
        """A page with nothing but a table: what the window is called is its title."""
        title = next((element for element in root.iter("title")), None)
        if title is not None and (text := " ".join((title.text or "").split())):
            self._block(text)
            self.tables[0] = replace(self.tables[0], caption=text)
