"""A page number at the foot of a page that a table might take for its own.

Some producers let rulings run on below the text, to be clipped away; a table without rulings has no end but its text's.
"""

from __future__ import annotations

import re

import numpy as np

from extractors.pdf.content import Bools, Chars, Page

#: — 3 —, - 3 -, 第3页, 第3页共9页; digits alone might be the last cell of a column.
_SAYS_SO = re.compile(r"[-—–―─]+(\d{1,4})[-—–―─]+|第\d{1,4}页([,，/]?共\d{1,4}页)?")
_MAX_LENGTH = 16
#: Characters whose baselines are nearer than this share of the type's height are one line.
_SAME_LINE = 0.5


def number_at_foot(page: Page) -> Bools:
    """The characters of the page's lowest line, where that says that it is a page number."""
    chars = page.chars
    lowest = int(np.argmax(chars.baseline))
    height = float(chars.boxes[lowest, 3] - chars.boxes[lowest, 1])
    line: Bools = chars.baseline > chars.baseline[lowest] - _SAME_LINE * max(height, 1.0)
    if line.sum() > _MAX_LENGTH or not _SAYS_SO.fullmatch(_text(chars.take(line))):
        return np.zeros(len(chars), np.bool_)
    return line


def _text(chars: Chars) -> str:
    return "".join(chars.text[index] for index in np.argsort(chars.boxes[:, 0], kind="stable").tolist())
