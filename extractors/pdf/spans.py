"""Columns without horizontal rules inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extractors.model import Doubt
from extractors.pdf.content import Page
from extractors.pdf.grid import Grid
from extractors.pdf.lines import TextLine


def split_unruled_columns(
    grid: Grid, lines: Mapping[int, Sequence[TextLine]], page: Page
) -> tuple[Grid, dict[int, list[TextLine]], list[Doubt]]:
    return grid, {index: list(own) for index, own in lines.items()}, []
