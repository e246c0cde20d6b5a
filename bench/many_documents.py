"""A folder of thousands of documents made from a few: each a copy under another region's code, with its sidecar.

    python bench/many_documents.py FOLDER --documents 2000 --samples FOLDER_OF_DOCUMENTS

The samples are taken in turn, so every hundred documents have the same mixture. Copies are the same byte for byte; what
makes them different documents is the sidecar, as with files of the same table that two counties publish.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
YEAR = 2026
_ENDINGS = (".txt", ".docx", ".xlsx", ".html", ".pdf")
_SIDECAR = """region: 试验区{code}
region_code: {code}
year: {year}
kind: zfgzbg
title: 试验区{code}人民政府工作报告目标任务责任分解表
"""


def samples(folder: Path) -> list[Path]:
    """The documents below a folder, without scans, which would measure nothing but the recognition of characters."""
    found = (path for path in sorted(folder.rglob("*")) if path.suffix in _ENDINGS)
    return [path for path in found if "scan" not in path.as_posix()]


def make(raw: Path, count: int, originals: Sequence[Path], year: int = YEAR) -> list[Path]:
    """Fill ``raw/<year>/`` with so many documents and give their files. The same call gives the same bytes."""
    folder = raw / str(year)
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for number in range(count):
        original = originals[number % len(originals)]
        code = 110000 + number
        path = folder / f"{code}{original.suffix}"
        shutil.copyfile(original, path)
        sidecar = _SIDECAR.format(code=code, year=year)
        path.with_name(f"{code}.source.yaml").write_text(sidecar, encoding="utf-8")
        made.append(path)
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--samples", type=Path, default=ROOT / "raw")
    arguments = parser.parse_args()
    originals = samples(arguments.samples)
    if not originals:
        parser.error(f"no documents in {arguments.samples}")
    make(arguments.folder, arguments.documents, originals)


if __name__ == "__main__":
    main()
