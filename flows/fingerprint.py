"""What a result depends on besides the document: the code and what people know."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from pathlib import Path

from normalizers.reference import DEFAULT_DIR, fingerprint

#: The root of the repository: the rooms lie side by side in it.
ROOT = Path(__file__).resolve().parent.parent
#: The rooms whose code decides what a release contains.
_ROOMS = ("extractors", "normalizers", "validators", "writers")
#: What code is, and what pages are made of.
_KINDS = (".py", ".js", ".css", ".j2")


@cache
def version(directory: Path = DEFAULT_DIR) -> str:
    """A hash over the code of the rooms, the pinned packages, the Python release and the reference data.

    Hashing the code itself is safer than a number that somebody has to remember to raise, and takes milliseconds.
    """
    digest = hashlib.sha256(f"{sys.version_info[0]}.{sys.version_info[1]}".encode())
    files = [path for room in _ROOMS for path in sorted((ROOT / room).rglob("*")) if path.suffix in _KINDS]
    for path in [*files, ROOT / "requirements.lock"]:
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() if path.exists() else b"")
    digest.update(fingerprint(directory).encode())
    return digest.hexdigest()
