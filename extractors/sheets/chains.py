"""The chains of sectors of an OLE file ([MS-CFB] 2.3): a damaged one may run in a circle, which calamine follows."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_HEADER, _IN_HEADER, _LAST = 512, 109, 0xFFFFFFFA


def runs_in_a_circle(data: bytes) -> bool:
    """Whether a chain of sectors comes back to itself, or the file is too short to tell."""
    if len(data) < _HEADER:
        return True
    size = 1 << min(struct.unpack_from("<H", data, 30)[0], 20)
    mini, more = struct.unpack_from("<I", data, 60)[0], struct.unpack_from("<I", data, 68)[0]
    tables = [number for number in struct.unpack_from(f"<{_IN_HEADER}I", data, 76) if number < _LAST]
    seen: set[int] = set()
    while more < _LAST:
        numbers = _sector(data, more, size)
        if more in seen or not numbers:
            return True
        seen.add(more)
        tables += [number for number in numbers[:-1] if number < _LAST]
        more = numbers[-1]
    if len(tables) * size > len(data) + size:
        return True
    following = [number for table in tables for number in _sector(data, table, size)]
    if _circles(following):
        return True
    minis: list[int] = []
    while mini < len(following):
        minis += _sector(data, mini, size)
        mini = following[mini]
    return _circles(minis)


def _sector(data: bytes, number: int, size: int) -> Sequence[int]:
    """The numbers that a sector holds."""
    part = data[(number + 1) * size : (number + 2) * size]
    return struct.unpack(f"<{len(part) // 4}I", part[: len(part) // 4 * 4])


def _circles(following: Sequence[int]) -> bool:
    """Whether any chain comes back to itself; each sector is walked once."""
    walked = [0] * len(following)
    for start in range(len(following)):
        at = start
        while at < len(following) and not walked[at]:
            walked[at] = start + 1
            at = following[at]
        if at < len(following) and walked[at] == start + 1:
            return True
    return False
