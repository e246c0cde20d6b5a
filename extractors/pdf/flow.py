"""Text that runs over the lower ruling of its cell and lies on top of another cell's text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extractors.model import Doubt
from extractors.pdf.content import Page
from extractors.pdf.grid import Grid
from extractors.pdf.lines import TextLine


def settle_overflow(
    grid: Grid, lines: Mapping[int, Sequence[TextLine]], page: Page
) -> tuple[dict[int, list[TextLine]], list[Doubt]]:
    return {index: list(own) for index, own in lines.items()}, []
