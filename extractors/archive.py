"""ZIP packages from strangers (Word, Excel, OFD): what is in them is read within limits, and nothing is unpacked."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections import Counter
from pathlib import Path

from extractors.errors import ReadError

#: Bytes that a part, and all parts together, may have when they are unpacked. A document of a thousand pages has 20 MB
#: of XML; what has ten times as much is no responsibility table.
MAX_PART, MAX_TOTAL = 128 << 20, 512 << 20
#: Bytes of plain XML shrink to a twentieth, of a long table to a fiftieth; an attack (42.zip) to a thousandth.
_MAX_RATIO, _SMALL = 300, 4 << 20
_MAX_PARTS = 20_000
_ATTACK = "It is no document but an attack, or damaged: open it in a viewer and save it anew"
_DAMAGED = "It is damaged: get it again, or open it in its own program and save it anew"


class Package:
    """The parts of a ZIP file.

    Raises :class:`ReadError` when it is damaged, locked, or larger inside than any document: before anything is
    unpacked by what the directory declares, and again by what really comes out.
    """

    def __init__(self, data: bytes, path: str | Path) -> None:
        self.path = Path(path)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OverflowError) as error:
            raise ReadError(path, f"the ZIP package can't be opened ({error})", _DAMAGED) from error
        infos = [info for info in self._zip.infolist() if not info.is_dir()]
        self._refuse(infos, len(data))
        self._infos = {info.filename: info for info in infos}

    @property
    def names(self) -> list[str]:
        """The names of the parts, in the order of the package."""
        return list(self._infos)

    @property
    def size(self) -> int:
        """Bytes of all parts, unpacked."""
        return sum(info.file_size for info in self._infos.values())

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def read(self, name: str) -> bytes:
        """A part's content. Raises :class:`ReadError` when there is none, or when it is damaged."""
        info = self._infos.get(name)
        if info is None:
            raise ReadError(self.path, f"the part {name} is missing from the package", _DAMAGED)
        try:
            with self._zip.open(info) as part:
                data = part.read(MAX_PART + 1)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError) as error:
            raise ReadError(self.path, f"the part {name} can't be unpacked ({error})", _DAMAGED) from error
        if len(data) > MAX_PART:
            raise ReadError(self.path, f"the part {name} has over {MAX_PART >> 20} MB", _ATTACK)
        return data

    def _refuse(self, infos: list[zipfile.ZipInfo], packed: int) -> None:
        total = sum(info.file_size for info in infos)
        twice = next((name for name, count in Counter(info.filename for info in infos).items() if count > 1), None)
        outside = next((info.filename for info in infos if _leads_outside(info.filename)), None)
        problem = None
        if len(infos) > _MAX_PARTS:
            problem = f"the package has {len(infos):,} parts"
        elif total > MAX_TOTAL or any(info.file_size > MAX_PART for info in infos):
            problem = f"the package would have {total >> 20:,} MB unpacked"
        elif total > _SMALL and total > _MAX_RATIO * packed:
            problem = f"the package would be {total // packed:,} times as large unpacked"
        elif twice is not None:
            problem = f"the package has two parts named {twice}"
        elif outside is not None:
            problem = f"the package has a part named {outside}, which leads outside of it"
        if problem:
            raise ReadError(self.path, problem, _ATTACK)
        if any(info.flag_bits & 1 for info in infos):
            raise ReadError(self.path, "the package is encrypted", "Open it in its own program and save it unprotected")


def resolve(part: str, target: str) -> str:
    """The name of the part that ``target`` means when it is named within ``part``."""
    base = "/" if target.startswith("/") else "/" + posixpath.dirname(part)
    return posixpath.normpath(posixpath.join(base, target)).lstrip("/")


def _leads_outside(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or parts[0] == "" or parts[0].endswith(":")
