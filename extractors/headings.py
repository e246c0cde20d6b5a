"""What tells a heading row from a row of the table, whatever the table is about."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NOT_IN_HEADINGS = re.compile(r"\d|[。；！？]")
#: What the title of a part of a table begins with: 一、 or （一）.
PART_NUMBER = re.compile(r"[一二三四五六七八九十百]+、|[（(][一二三四五六七八九十百]+[)）]")
#: What a row says that sums up others: 合计, 合计：共34项.
TOTAL = re.compile(r"\s*[合总小共]\s*计\s*[:：]?\s*(共?\s*\d+\s*[项个件条][^。；]{0,10})?\s*$")
#: A line that says that the table goes on: 续表, （续）, 接上页.
CONTINUED = re.compile(r"[（(]?(续表?|接上页|转下页|续上表)\d*[)）]?")
#: A heading names its column; longer text is content.
_MAX_HEADING = 20


def could_be_heading(labels: Sequence[str]) -> bool:
    """Whether a row's labels (without white space, blanks left out) could be a heading: short, distinct, no numbers."""
    return (
        len(labels) > 1
        and len(set(labels)) == len(labels)
        and not any(len(label) > _MAX_HEADING or _NOT_IN_HEADINGS.search(label) for label in labels)
    )


def is_repeat(labels: Sequence[str], known: Sequence[str]) -> bool:
    """Whether a row repeats a known heading: the same labels, or some of them in the same order.

    Both are without white space and blanks. A text layer may lose a label of a repeated heading, or the separator
    between two of them; at least two labels and half of the known ones have to be there. The last characters of one may
    be cut off.
    """
    if len(labels) > 1 and "".join(labels) == "".join(known):
        return True
    whole = _completed(labels, known) if len(labels) == len(known) else labels
    remaining = iter(known)
    return len(whole) >= max(2, (len(known) + 1) // 2) and all(label in remaining for label in whole)


def _completed(labels: Sequence[str], known: Sequence[str]) -> list[str]:
    """The labels, of which one that lacks its last characters is the known one."""
    pairs = [*zip(labels, known, strict=True)]
    cut = [at for at, (label, whole) in enumerate(pairs) if label != whole]
    if len(cut) != 1 or len(pairs) < 3:
        return [*labels]
    label, whole = pairs[cut[0]]
    is_cut = whole.startswith(label) and len(whole) <= 2 * len(label)  # one line of a label, not most of it
    return [*known] if is_cut else [*labels]
