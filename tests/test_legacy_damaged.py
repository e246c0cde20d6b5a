"""Damaged DOC, RTF and ODT files, all in one call of LibreOffice: each is read or refused, none stops the others."""

from __future__ import annotations

import io
import random
import subprocess
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from test_pdf_printed import need, records
from test_sheets import damaged
from typeset_docx import soffice, write_docx
from typeset_table import COLUMNS

from extractors.errors import ReadError
from extractors.model import tiles
from extractors.word import legacy
from normalizers.normalize import normalize
from normalizers.tabulate import nested

EACH, TASKS = 40, 12
_ELEMENTS = (
    b"table:table-cell", b"table:table-row", b"table:covered-table-cell", b"table:table", b"text:p", b"text:span",
    b"text:h", b"text:list",
)  # fmt: skip


def flipped(data: bytes, rng: random.Random) -> bytes:
    """Some bits changed: nothing moves."""
    found = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        found[rng.randrange(len(found))] ^= 1 << rng.randrange(8)
    return bytes(found)


def swapped(content: bytes, rng: random.Random) -> bytes:
    """XML that stays well-formed: elements renamed with their ends, or spans changed."""
    if rng.random() < 0.5:
        old, new = rng.sample(_ELEMENTS, 2)
        for end in (b">", b"/>", b" "):
            content = content.replace(b"<" + old + end, b"<" + new + end)
        return content.replace(b"</" + old + b">", b"</" + new + b">")
    parts = content.split(b'spanned="')
    for at in rng.sample(range(1, len(parts)), min(6, len(parts) - 1)):
        parts[at] = rng.choice((b"0", b"-1", b"99999", b"x", b"2", b"3")) + parts[at][parts[at].index(b'"') :]
    return b'spanned="'.join(parts)


def mutated(data: bytes, form: str, rng: random.Random) -> bytes:
    """The file cut off, some of its bytes changed, or an ODT's content changed as XML."""
    choice = rng.random()
    if choice < 0.15:
        return data[: rng.randrange(len(data))]
    if form == "odt" and choice < 0.85:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as new:
            for name in package.namelist():
                content = package.read(name)
                new.writestr(name, swapped(content, rng) if name == "content.xml" else content)
        return out.getvalue()
    return damaged(data, rng) if form == "rtf" or choice > 0.9 else flipped(data, rng)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The first tasks of the 2026 table in each format."""
    office = need(soffice(), "LibreOffice")
    folder = tmp_path_factory.mktemp("legacy")
    source = write_docx(records(COLUMNS)[:TASKS], folder / "x.docx")
    for form in ("doc", "rtf", "odt"):
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", form, "--outdir", str(folder), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
    return {form: (folder / f"x.{form}").read_bytes() for form in ("doc", "rtf", "odt")}


def test_mutated_files(whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    run = legacy._run

    def counted(command: Sequence[str], at: Path, files: int) -> bool:
        calls.append(files)
        return run(command, at, files)

    monkeypatch.setattr(legacy, "_run", counted)
    rng = random.Random(7)
    files = [(mutated(data, form, rng), Path(f"{at}.{form}")) for form, data in whole.items() for at in range(EACH)]
    files.append((whole["rtf"], Path("whole.rtf")))
    read = Counter[str]()
    for (data, path), converted in zip(files, legacy.convert(files), strict=True):
        try:
            document = legacy.read_converted(converted, data, path)
        except ReadError:
            continue
        read[path.suffix] += 1
        assert all(tiles(table.cells, table.n_rows, table.n_cols) for table in document.tables)
        found = normalize(document, None)
        if [task["task_no"] for task in nested(found)] != list(range(1, TASKS + 1)):
            assert any(issue.severity != "info" for issue in found.issues), path
    assert not isinstance(converted, ReadError)  # the whole file, behind all damaged ones
    assert all(read[f".{form}"] > EACH // 4 for form in whole)
    assert len(calls) < 8


@pytest.mark.parametrize("stops", [0, 2, 4])
def test_a_file_that_stops_libreoffice_costs_only_itself(
    stops: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in for LibreOffice: it copies each file, cannot load one of them, and breaks down at another."""
    good = write_docx(records(COLUMNS)[:2], tmp_path / "x.docx").read_bytes()
    (tmp_path / "good.docx").write_bytes(good)
    office = tmp_path / "soffice"
    office.write_text(
        "#!/bin/sh\n"
        'while [ "$1" != "--outdir" ]; do shift; done\n'
        'out="$2"; shift 2\n'
        f"echo $# >> {tmp_path}/calls\n"
        'for file in "$@"; do\n'
        '  grep -q STOP "$file" && exit 134\n'
        f'  grep -q SKIP "$file" || cp {tmp_path}/good.docx "$out/$(basename "$file" .rtf).docx"\n'
        "done\n",
        encoding="utf-8",
    )
    office.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    files = [
        (b"{\\rtf1 " + (b"STOP" if at == stops else b"SKIP" if at == 1 else b"x") + b"}", Path(f"{at}.rtf"))
        for at in range(5)
    ]
    converted = legacy.convert(files)
    failed = {at for at, found in enumerate(converted) if isinstance(found, ReadError)}
    assert failed == {stops, 1}
    calls = [int(line) for line in (tmp_path / "calls").read_text(encoding="utf-8").split()]
    assert calls[0] == 5
    assert len(calls) <= 5
