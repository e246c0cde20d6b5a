"""Where sentences end."""

from __future__ import annotations

import re

_END = re.compile(r"[。；！？;.!?][”’」』）)]*\s*$")


def ends_sentence(text: str) -> bool:
    """Whether a text ends with the end of a sentence."""
    return bool(_END.search(text))
