"""Leaders in charge: names from a cell."""

from __future__ import annotations

from normalizers.meaning import tokens
from normalizers.text import label


def split_leaders(text: str) -> tuple[str, ...]:
    """The names in a cell, in order, each once; blanks inside a two-character name go.

    Blanks, line breaks, 、 ， ； / separate names.
    """
    return tuple(dict.fromkeys(label(token) for token in tokens(text)))
