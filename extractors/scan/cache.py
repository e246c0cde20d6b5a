"""What was recognised before, kept by what was recognised: recognising a page takes seconds, looking it up none.

The folder is that of FENJIE_CACHE, else ``fenjie`` in the user's cache folder; FENJIE_CACHE=off keeps nothing. A file
holds one page, named after its pixels and after the programme that recognised it, so that a new version reads anew.
Files come to their places by renaming, so several processes may use the folder. A cache that can't be used is none.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import zlib
from dataclasses import asdict
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from extractors.scan.model import Glyph, Picture, Recognised, Ruling

#: The variable with the folder, and what it says for none.
FOLDER, OFF = "FENJIE_CACHE", "off"
#: All files together take so many bytes at most; the oldest go first, until this share of it is left.
_MOST, _KEPT = 256 << 20, 0.8
#: A page's file that is unpacked to more than this is none of ours.
_LARGEST = 64 << 20
_SUFFIX = ".page"


def folder() -> Path | None:
    """Where pages are kept; None where none are."""
    said = os.environ.get(FOLDER, "")
    if said:
        return None if said == OFF else Path(said).expanduser()
    home = os.environ.get("XDG_CACHE_HOME", "")
    try:
        return (Path(home) if home else Path.home() / ".cache") / "fenjie"
    except RuntimeError:  # a user without a home
        return None


def key_of(picture: Picture) -> str:
    """The name of what is recognised on a picture: other pixels, another place or another version have another."""
    digest = hashlib.sha256(_version().encode())
    digest.update(repr((picture.page, picture.pixels.shape, picture.dpi, picture.width, picture.height)).encode())
    digest.update(np.ascontiguousarray(picture.to_page, np.float64).tobytes())
    digest.update(np.ascontiguousarray(picture.pixels).data)
    return digest.hexdigest()


def look_up(key: str) -> Recognised | None:
    """What was kept under a name; None when nothing was, or when it is damaged."""
    if (at := folder()) is None:
        return None
    file = at / f"{key}{_SUFFIX}"
    try:
        unpacker = zlib.decompressobj()
        found = json.loads(unpacker.decompress(file.read_bytes(), _LARGEST))
        glyphs = tuple(Glyph(*values) for values in found.pop("glyphs"))
        rulings = tuple(Ruling(*values) for values in found.pop("rulings"))
        matrix = tuple(tuple(map(float, row)) for row in found.pop("to_page"))
        result = Recognised(**found, to_page=matrix, glyphs=glyphs, rulings=rulings)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, zlib.error):
        return None
    with contextlib.suppress(OSError):
        os.utime(file)  # the oldest are those not used for the longest time
    return result


def keep(key: str, found: Recognised) -> None:
    """Keep what was recognised."""
    if (at := folder()) is None:
        return
    values = asdict(found)
    values["glyphs"] = [tuple(glyph.values()) for glyph in values["glyphs"]]
    values["rulings"] = [tuple(ruling.values()) for ruling in values["rulings"]]
    data = zlib.compress(json.dumps(values, ensure_ascii=False).encode(), 6)
    with contextlib.suppress(OSError):
        at.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=at, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(at / f"{key}{_SUFFIX}")
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        _make_room(at)


def _make_room(at: Path) -> None:
    """Delete the files that were not used for the longest time, when all take too much room."""
    files = []
    for file in at.glob(f"*{_SUFFIX}"):
        with contextlib.suppress(OSError):  # another process deleted it
            files.append((file.stat().st_mtime, file.stat().st_size, file))
    size = sum(own for _, own, _ in files)
    if size <= _MOST:
        return
    for _, own, file in sorted(files):
        file.unlink(missing_ok=True)
        size -= own
        if size <= _KEPT * _MOST:
            return


@cache
def _version() -> str:
    """What recognises here: this package's own code, and the engine's versions."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    for package in ("rapidocr", "openvino", "onnxruntime", "opencv-python-headless", "opencv-python"):
        with contextlib.suppress(PackageNotFoundError):
            digest.update(f"{package} {version(package)}".encode())
    return digest.hexdigest()
