"""DOC, WPS, RTF, ODT and the XML of Word 2003: LibreOffice makes a DOCX of them, several in one call.

LibreOffice runs without a window, with a profile of its own, no macros and no links, and within a limit of time; it
gets copies of the files under names of ours.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from extractors.archive import Package
from extractors.errors import ReadError
from extractors.model import SourceDocument
from extractors.word.reader import read as read_docx

#: The formats of ``extractors.formats.detect`` that are converted, and the endings by which LibreOffice knows them.
SUFFIXES = {"doc": ".doc", "rtf": ".rtf", "odt": ".odt"}
_OFFICES = ("soffice", "libreoffice")
#: Seconds that LibreOffice has to start (the first time it makes a profile), and for each file.
_START, _EACH = 60.0, 30.0
_XML = (b"<?xml", b"\xef\xbb\xbf<?xml")
#: A Word file begins with its FIB, at the beginning of a sector: the mark, and the flag that says it is encrypted.
_FIB, _SECTOR, _FLAGS, _ENCRYPTED = b"\xec\xa5", 512, 0x0A, 0x0100
_MANIFEST = "META-INF/manifest.xml"
_INSTALL = "Install LibreOffice (Debian: libreoffice-writer), or save the file as DOCX"
_SAVE = "Open it in Word, WPS or LibreOffice and save it as DOCX"
_OPEN = "Open it in its own program and save it unprotected, or as DOCX"
_SETTING = (
    '<item oor:path="/org.openoffice.Office.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>'
)
#: No macros whoever signed them, nothing fetched from elsewhere, no links brought up to date.
_SETTINGS = (
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Writer/Content/Update", "Link", "0"),
)


def read(data: bytes, path: Path) -> SourceDocument:
    """What stands in one file. Raises :class:`ReadError` when it can't be converted."""
    (converted,) = convert([(data, path)])
    return read_converted(converted, data, path)


def read_converted(converted: bytes | ReadError, data: bytes, path: Path) -> SourceDocument:
    """What stands in a file of which LibreOffice made a DOCX."""
    if isinstance(converted, ReadError):
        raise converted
    return replace(read_docx(converted, path), format=_format(data))


def convert(files: Sequence[tuple[bytes, Path]]) -> list[bytes | ReadError]:
    """A DOCX of each file (its content and where it lies), or why there is none."""
    results: list[bytes | ReadError] = [_refused(data, path) or b"" for data, path in files]
    wanted = [at for at, result in enumerate(results) if isinstance(result, bytes)]
    office = next((found for name in _OFFICES if (found := shutil.which(name))), None)
    if office is None:
        for at in wanted:
            results[at] = ReadError(files[at][1], "LibreOffice is needed to read it and is not installed", _INSTALL)
        return results
    made = _all(office, {at: files[at][0] for at in wanted})
    for at in wanted:
        results[at] = made.get(at) or ReadError(files[at][1], "LibreOffice can't make a DOCX of it", _SAVE)
    return results


def _all(office: str, files: dict[int, bytes]) -> dict[int, bytes]:
    """What LibreOffice makes of files, in one call; in more where it stopped at one of them.

    It goes on behind a file that it can't load. Where it broke down, the first file behind those that it made is tried
    alone, and the others without it.
    """
    made: dict[int, bytes] = {}
    batches = [list(files)]
    while batches:
        batch = batches.pop()
        done, ended = _call(office, {at: files[at] for at in batch})
        made |= done
        if not ended and len(batch) > 1:
            rest = batch[max((place for place, at in enumerate(batch, 1) if at in done), default=0) :]
            batches += [own for own in (rest[1:], rest[:1]) if own]
    return made


def _format(data: bytes) -> str:
    return "rtf" if data.lstrip().startswith(b"{\\rtf") else "odt" if data.startswith(b"PK") else "doc"


def _refused(data: bytes, path: Path) -> ReadError | None:
    """Why a file is not given to LibreOffice at all: it is locked, or a package that is an attack."""
    locked = False
    if _format(data) == "odt":
        try:
            package = Package(data, path)
            locked = _MANIFEST in package and b"encryption-data" in package.read(_MANIFEST)
        except ReadError as error:
            return error
    elif _format(data) == "doc":
        locked = _is_encrypted(data)
    return ReadError(path, "it is encrypted with a password", _OPEN) if locked else None


def _is_encrypted(data: bytes) -> bool:
    for at in range(_SECTOR, len(data) - _SECTOR + 1, _SECTOR):
        if data.startswith(_FIB, at):
            return bool(int.from_bytes(data[at + _FLAGS : at + _FLAGS + 2], "little") & _ENCRYPTED)
    return False


def _call(office: str, files: dict[int, bytes]) -> tuple[dict[int, bytes], bool]:
    """What one call of LibreOffice makes of files, and whether it came to their end; what it fails on is missing."""
    if not files:
        return {}, True
    with tempfile.TemporaryDirectory(prefix="fenjie-office-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        out = folder / "out"
        out.mkdir()
        sources = []
        for at, data in files.items():
            suffix = ".xml" if data.startswith(_XML) else SUFFIXES[_format(data)]
            source = folder / f"{at}{suffix}"
            source.write_bytes(data)
            sources.append(str(source))
        options = [*_options(folder / "profile"), "--convert-to", "docx", "--outdir", str(out)]
        ended = _run([office, *options, *sources], folder, len(files))
        made = {at: out / f"{at}.docx" for at in files}
        found = {at: path.read_bytes() for at, path in made.items() if path.is_file() and zipfile.is_zipfile(path)}
        return found, ended


def _options(profile: Path) -> list[str]:
    settings = "".join(_SETTING.format(*setting) for setting in _SETTINGS)
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{settings}</oor:items>",
        encoding="utf-8",
    )
    return [f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo", "--nolockcheck"]


def _run(command: Sequence[str], folder: Path, files: int) -> bool:
    """Whether LibreOffice ran to its end; when it takes too long it is killed with all that it started."""
    environment = {**os.environ, "HOME": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            return process.wait(_START + _EACH * files) == 0
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return False
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
