"""Page numbers by the way they are printed."""

from __future__ import annotations

import re

#: 3, - 3 -, — 3 —, 第3页, 第 3 页 共 9 页, 3/9, Page 3 of 9.
_PAGE_NUMBER = re.compile(
    r"[-—–―─·•\s]*(第|page|p\.)?\s*\d{1,4}\s*(页|of|/|[,，]|共|\s|\d)*[-—–―─·•\s]*$", re.IGNORECASE
)
_MAX_LENGTH = 20


def is_page_number(text: str) -> bool:
    """Whether a line says nothing but the number of a page."""
    return len(text) <= _MAX_LENGTH and bool(_PAGE_NUMBER.match(text))
