"""XML from strangers: parsed without entities, without a network, and refused where it declares a DTD."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from extractors.errors import ReadError

_ADVICE = "It is damaged, or no document but an attack: open it in its own program and save it anew"


def parse_xml(data: bytes, path: str | Path, part: str) -> etree._Element:
    """The root of an XML part. Raises :class:`ReadError` when it is malformed or has a document type (an entity bomb).

    No format of documents here needs a document type: ISO/IEC 29500-2 forbids one in Word and Excel files.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadError(path, f"the part {part} is no well-formed XML ({error})", _ADVICE) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ReadError(path, f"the part {part} declares entities or a document type", _ADVICE)
    return root
