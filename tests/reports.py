"""Review pages in tests: a file to its release with a view and pictures, its page, and what the page says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib

from extractors.pictures import DRAWN, draw
from extractors.read import read_document
from normalizers.identity import IdentityError, identify
from normalizers.normalize import normalize
from normalizers.records import Identity
from normalizers.reference import DEFAULT_DIR
from normalizers.text import squeeze
from normalizers.titles import title_of
from normalizers.view import view_of
from writers.release import Release, build
from writers.report import page

ROOT = Path(__file__).parent.parent
DATA = ROOT / "tests" / "data"
TEXT_2026 = ROOT / "raw" / "2026" / "zhonglou.txt"


def release_of(path: Path, reference: Path = DEFAULT_DIR) -> Release:
    """The release of a file, without what validation would find; a file that nobody can identify gets a name."""
    read = read_document(path)
    title = title_of(read, reference) or "责任分解表"
    try:
        identity = identify(path, path.name, title, reference)
    except IdentityError:
        identity = Identity(
            "320404-2026-probe", "320404", "常州市钟楼区", 2026, "probe", title, None, path.name, None, "0" * 64
        )
    drawn = draw([(path, read.pages)]) if read.format in DRAWN else iter([(path, ())])
    return build(normalize(read, identity, reference), view_of(read), next(drawn)[1])


def files_of(release: Release) -> dict[str, bytes]:
    """The page of a release and its pictures, by name."""
    return dict(page.write(release, {}))


def put(release: Release, folder: Path) -> str:
    """Write the page and its pictures to a folder; gives the page's address."""
    for name, data in files_of(release).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return (folder / page.FILE).as_uri()


def embedded(html: str) -> Any:
    """The object that a page holds, as a browser finds it."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    (element,) = [script for script in tree.iter("script") if script.get("id") == page.DATA]
    return json.loads(element.text)


def spots_of(data: Any) -> dict[int, str]:
    """The text of every numbered place."""
    texts: dict[int, str] = {}
    for shown in data["pages"]:
        own = [cell[0] for table in shown["tables"] for cell in table["cells"]]
        own += [text[0] for text in (*shown["texts"], *shown["out"])]
        texts.update(enumerate(own, shown["first"]))
        texts.update({number: "" for number, _ in shown["extra"]})
    return texts


def values(data: Any) -> Iterator[tuple[dict[str, Any], str, list[str]]]:
    """Each task of a page, each of its fields that has a value, and the texts of that value."""
    for task in data["tasks"]:
        for name in data["words"]["fields"]:
            value = task[name]
            texts = [data["shared"][at][0] for at in value] if isinstance(value, list) else [value]
            if found := [str(text) for text in texts if text is not None]:
                yield task, name, found


def bare(text: str) -> str:
    """A text without white space and the punctuation that cleaning changes."""
    return re.sub(r"[,，;；:：()（）.。、“”\"!！?？]", "", squeeze(text))
