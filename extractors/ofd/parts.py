"""The parts of an OFD package, found by the names that other parts call them (GB/T 33190-2016, 7.3: ST_Loc)."""

from __future__ import annotations

import posixpath
from pathlib import Path

from lxml import etree

from extractors.archive import Package
from extractors.errors import ReadError
from extractors.markup import parse_xml


class Parts:
    """The package; raises :class:`ReadError` where :class:`extractors.archive.Package` does, and for an encrypted one.

    GM/T 0099 names the part that lists what is encrypted Encryptions.xml.
    """

    def __init__(self, data: bytes, path: Path) -> None:
        self.path = path
        self._package = Package(data, path)
        self._names: dict[str, str] = {}
        for name in self._package.names:
            self._names.setdefault(_key(name), name)
        if any(posixpath.basename(name) == "encryptions.xml" for name in self._names):
            raise ReadError(path, "the OFD is encrypted", "Open it in its own program and save it unprotected")

    def __len__(self) -> int:
        return len(self._names)

    def find(self, named_in: str, location: str | None, *folders: str) -> str | None:
        """The part that is called ``location`` in the part ``named_in``, whatever its case; None if there is none.

        A location that begins with a slash is one from the root, others are from the folder of the part; producers
        also mean the folder of the document (one of ``folders``) or the root.
        """
        location = (location or "").strip().replace("\\", "/")
        if not location:
            return None
        bases = ("",) if location.startswith("/") else (posixpath.dirname(named_in), *folders, "")
        for base in bases:
            name = posixpath.normpath(posixpath.join(base, location.lstrip("/")))
            if (found := self._names.get(_key(name))) is not None:
                return found
        return None

    def read(self, name: str) -> etree._Element:
        """The root of a part. Raises :class:`ReadError` when it is damaged or no XML."""
        return parse_xml(self._package.read(name), self.path, name)


def _key(name: str) -> str:
    """Packages made on Windows have backslashes, and names in another case than the parts that refer to them."""
    return posixpath.normpath(name.replace("\\", "/")).casefold()
