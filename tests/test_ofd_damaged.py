"""OFD files with random damage: they are read, or said to be unreadable, and nothing that stands in them is lost."""

from __future__ import annotations

import random
import re
import zlib
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import pytest
from ofd_package import Ofd
from typeset_ofd import OfdSetting, typeset_ofd
from typeset_table import table_2026

from extractors.archive import Package
from extractors.errors import ReadError
from extractors.markup import parse_xml
from extractors.model import SourceDocument
from extractors.ofd.reader import read

NAME = Path("some/file.ofd")
_ATTRIBUTE = re.compile(rb'="[^"]*"')
_TAG = re.compile(rb"<[A-Za-z]+[^<>]*>")
_VALUES = (b'=""', b'="-1"', b'="1e9"', b'="g 9 9 g"', b'="true"', b'="NaN 4"', b'="0 0 0 0"', b'="../../x"')


def originals(folder: Path) -> list[bytes]:
    """Short documents of every way of writing."""
    settings = (
        OfdSetting(writing="cells", stamped=True, framed=True),
        OfdSetting(nesting="composites", writing="runs", ruling="one path"),
        OfdSetting(writing="glyphs", nesting="blocks", ruling="fills"),
    )
    return [typeset_ofd(table_2026()[:14], folder / "a.ofd", setting)[0].read_bytes() for setting in settings]


def _value(data: bytes, rng: random.Random) -> bytes:
    found = list(_ATTRIBUTE.finditer(data))
    where = rng.choice(found)
    return data[: where.start()] + rng.choice(_VALUES) + data[where.end() :]


def _without_tag(data: bytes, rng: random.Random) -> bytes:
    where = rng.choice(list(_TAG.finditer(data)))
    return data[: where.start()] + data[where.end() :]


def _bytes(data: bytes, rng: random.Random) -> bytes:
    damaged = bytearray(data)
    for _ in range(rng.randint(1, 5)):
        damaged[rng.randrange(len(damaged))] = rng.randrange(256)
    return bytes(damaged)


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def _moved(data: bytes, rng: random.Random) -> bytes:
    at, other = rng.randrange(len(data)), rng.randrange(len(data))
    return data[:at] + data[other : other + rng.randrange(300)] + data[at:]


def _part_changed(data: bytes, rng: random.Random) -> bytes:
    """One part with a damage, or missing."""
    change: Callable[[bytes, random.Random], bytes] | None
    change = rng.choice([_value, _value, _value, _value, _without_tag, _bytes, _cut, _moved, None])
    target = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = rng.choice([*names, *[name for name in names if "Pages" in name] * 2])
        for name in names:
            content = old.read(name)
            if name != chosen:
                new.writestr(name, content)
            elif change is not None:
                new.writestr(name, change(content, rng) if _ATTRIBUTE.search(content) else content)
    return target.getvalue()


def said(document: SourceDocument) -> str:
    """All that was read, without white space."""
    texts = [cell.text for table in document.tables for cell in table.cells]
    texts += [block.text for block in document.blocks] + [item.text for item in document.left_out]
    return "".join("".join(texts).split())


def _scanned(data: bytes) -> str:
    """The texts in all pages of a package that are well-formed XML, found without a reader."""
    found = ""
    try:
        with ZipFile(BytesIO(data)) as package:
            for name in package.namelist():
                if "Pages" in name:
                    try:
                        root = parse_xml(package.read(name), NAME, name)
                    except (ReadError, BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
                        continue
                    found += "".join(code.text or "" for code in root.iter("{*}TextCode"))
    except (BadZipFile, ValueError, EOFError, NotImplementedError):
        return ""
    return "".join(found.split())


@pytest.mark.parametrize("seed", range(20))
def test_damaged_files(seed: int, tmp_path: Path) -> None:
    files = originals(tmp_path)
    for number in range(10):
        rng = random.Random(100 * seed + number)
        data = rng.choice(files)
        data = _part_changed(data, rng) if rng.random() < 0.8 else rng.choice([_bytes, _cut, _moved])(data, rng)
        try:
            document = read(data, NAME)
        except ReadError as error:
            assert error.problem
            continue
        if not any(doubt.rule == "unreadable_page" for doubt in document.doubts):
            lost = Counter(_scanned(data)) - Counter(said(document))
            assert not lost, f"seed {seed}, file {number}"


def test_a_package_that_would_be_huge_is_refused() -> None:
    bomb = Ofd([""], parts={"Doc_0/Pages/Page_0/Content.xml": "<Page>" + " " * (20 << 20) + "</Page>"}).data()
    with pytest.raises(ReadError, match="times as large unpacked"):
        read(bomb, NAME)
    with pytest.raises(ReadError):
        Package(bomb, NAME)
