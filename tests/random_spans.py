"""Random tables with spans for formats that say them: a heading row and a column of single cells, then anything."""

from __future__ import annotations

from hypothesis import strategies as st

#: A cell: row, column, rows, columns that it takes, text.
Span = tuple[int, int, int, int, str]
Spans = list[Span]

_TEXTS = st.text("区政府发改局任务甲乙丙丁、（）。；", min_size=1, max_size=8)


@st.composite
def spans(draw: st.DrawFn) -> Spans:
    """Cells that tile a grid. A cell of its own begins in each row and column, as in every table that is seen."""
    n_rows, n_cols = draw(st.integers(2, 8)), draw(st.integers(2, 6))
    found: Spans = [(0, col, 1, 1, "栏" + "甲乙丙丁戊己"[col]) for col in range(n_cols)]
    found += [(row, 0, 1, 1, f"第{row}项。") for row in range(1, n_rows)]
    taken = {(row, col) for row, col, *_ in found}
    for row in range(1, n_rows):
        for col in range(1, n_cols):
            if (row, col) in taken:
                continue
            cols = draw(st.integers(1, n_cols - col))
            cols = next((width for width in range(1, cols) if (row, col + width) in taken), cols)
            rows = draw(st.integers(1, n_rows - row))
            taken |= {(row + r, col + c) for r in range(rows) for c in range(cols)}
            found.append((row, col, rows, cols, draw(_TEXTS)))
    return found
