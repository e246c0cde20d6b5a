"""A font of this machine that has the Chinese characters of a picture."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

VARIABLE = "FENJIE_FONT"
#: Families for screens and simplified Chinese come first, in this order; else whatever has the characters.
_FAVOURITES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
)
#: A font without these is no font for Chinese.
_PROBE = "年度任务牵头单位领导疑点区局街道"
_ADVICE = (
    "Install one (Debian and Ubuntu: apt-get install fonts-noto-cjk; Fedora: dnf install google-noto-sans-cjk-fonts), "
    f"or name a font file or family in {VARIABLE}."
)


class FontError(Exception):
    """There is no font that could draw Chinese; the message says what to install."""


def chinese_font(text: str) -> tuple[str, str]:
    """The name of a family that matplotlib can draw with, and the characters of ``text`` that it lacks ("" at best).

    The font named in FENJIE_FONT (a file or a family) is taken without looking further, if it has Chinese characters.
    Raises FontError when there is none.
    """
    wanted = os.environ.get(VARIABLE)
    if wanted:
        return _named(wanted, text)
    best: tuple[int, str, str] | None = None
    for family, path, index in _candidates():
        lacking = _lacking(path, index, text)
        if lacking is None:
            continue
        if not lacking:
            return family, ""
        if best is None or len(lacking) < best[0]:
            best = len(lacking), family, lacking
    if best is None:
        raise FontError(f"No font on this machine has Chinese characters, so the plots can't be drawn. {_ADVICE}")
    return best[1], best[2]


def _named(wanted: str, text: str) -> tuple[str, str]:
    from matplotlib import font_manager  # noqa: PLC0415  slow, and only for plots

    if Path(wanted).is_file():
        try:
            font_manager.fontManager.addfont(wanted)
        except (OSError, RuntimeError) as error:
            raise FontError(f"{VARIABLE}: {wanted} can't be read as a font ({error}). {_ADVICE}") from error
        entries = [entry for entry in font_manager.fontManager.ttflist if entry.fname == wanted]
    else:
        entries = [entry for entry in font_manager.fontManager.ttflist if entry.name.lower() == wanted.lower()]
    if not entries:
        raise FontError(f"{VARIABLE}: there is no font {wanted} here, neither a file nor a family. {_ADVICE}")
    for entry in entries:
        lacking = _lacking(entry.fname, _index(entry), text)
        if lacking is not None:
            return entry.name, lacking
    raise FontError(f"{VARIABLE}: {wanted} has no Chinese characters. {_ADVICE}")


def _candidates() -> Iterator[tuple[str, str, int]]:
    """Families in the order of preference, each with a file and the place of the face in it."""
    from matplotlib import font_manager  # noqa: PLC0415

    known = font_manager.fontManager.ttflist
    yield from _ordered((entry.name, entry.fname, _index(entry)) for entry in known if entry.style == "normal")
    # Fonts that were installed after matplotlib made its list.
    listed = {entry.fname for entry in known}
    for path in sorted(set(font_manager.findSystemFonts()) - listed):
        try:
            font_manager.fontManager.addfont(path)
        except (OSError, RuntimeError):
            continue
        added = [entry for entry in font_manager.fontManager.ttflist if entry.fname == path]
        yield from ((entry.name, entry.fname, _index(entry)) for entry in added)


def _ordered(entries: Iterable[tuple[str, str, int]]) -> Sequence[tuple[str, str, int]]:
    ranks = {family: rank for rank, family in enumerate(_FAVOURITES)}
    return sorted(set(entries), key=lambda entry: (ranks.get(entry[0], len(ranks)), *entry))


def _index(entry: object) -> int:
    """Which face of a collection; matplotlib has known more than the first since 3.11."""
    return int(getattr(entry, "index", 0) or 0)


@cache
def _characters(path: str, index: int) -> frozenset[int]:
    from fontTools.ttLib import TTFont, TTLibError  # noqa: PLC0415

    try:
        with TTFont(path, fontNumber=index, lazy=True) as font:
            return frozenset(font.getBestCmap() or ())
    except (OSError, TTLibError, KeyError, ValueError, AssertionError):
        return frozenset()


def _lacking(path: str, index: int, text: str) -> str | None:
    """The characters of the text that a face lacks, each once; None for a face without Chinese."""
    characters = _characters(path, index)
    if any(ord(character) not in characters for character in _PROBE):
        return None
    return "".join(
        sorted({char for char in text if char.isprintable() and char != " " and ord(char) not in characters})
    )
