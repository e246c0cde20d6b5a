"""JSON Lines: one nested object for each task, UTF-8, lines ended by LF."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from normalizers.tabulate import Row
from writers.release import Release


def encode(objects: Iterable[Row]) -> bytes:
    """One object per line, Chinese as it is."""
    return "".join(json.dumps(item, ensure_ascii=False, allow_nan=False) + "\n" for item in objects).encode()


def write(release: Release, _files: Mapping[str, bytes]) -> dict[str, bytes]:
    """``tasks.jsonl``: the keys of ``fenjie extract``, preceded by task_id and document_id."""
    return {"tasks.jsonl": encode(release.nested)}
