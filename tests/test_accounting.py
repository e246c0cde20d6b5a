"""Strict reading: whatever is done to a text layer, no cell disappears without a word."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st
from test_truth import EIGHT, SIX, WHOLE
from typeset_text import Layer, typeset

from extractors import delimited
from extractors.stitch import stitch
from normalizers.headings import find_heading
from normalizers.normalize import normalize
from normalizers.records import FIELD_NAMES
from normalizers.reference import load
from normalizers.text import squeeze


def damaged(text: str, rng: random.Random) -> str:
    """The text with one to six lines damaged: tabs lost or added, lines cut, doubled or shuffled, brackets lost."""
    lines = text.split("\n")
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(lines))
        line = lines[at]
        inside = rng.randint(0, len(line))
        fields = line.split("\t")
        rng.shuffle(fields)
        tabs = [index for index, char in enumerate(line) if char == "\t"] or [0]
        tab = rng.choice(tabs)
        lines[at : at + 1] = rng.choice(
            [
                [line[:tab] + line[tab + 1 :]],
                [line[:inside] + "\t" + line[inside:]],
                [line[:inside], line[inside:]],
                [rng.choice(lines), line],
                ["\t".join(fields)],
                [line.replace("(", "").replace(")", "")],
            ]
        )
    return "\n".join(lines)


def unaccounted(text: str) -> list[str]:
    """The cells of responsibility tables that are in no value and in no issue."""
    source = delimited.parse(text, "x.txt")
    document = normalize(source, None)
    raws = [squeeze(getattr(task, name).raw or "") for task in document.tasks for name in FIELD_NAMES]
    said = "".join(squeeze(issue.message) for issue in document.issues)
    reference = load()
    rules = reference.rules_for(None)
    return [
        cell.text
        for table in stitch(source.tables)
        if (heading := find_heading(table, reference, rules)) is not None
        for cell in table.cells
        if cell.row >= heading.rows and cell.text
        if not any(squeeze(cell.text) in raw for raw in raws) and squeeze(cell.text)[:20] not in said
    ]


@given(
    st.builds(
        Layer,
        columns=st.sampled_from([SIX, EIGHT]),
        rows_per_page=st.integers(4, 20),
        heading=st.sampled_from(["full", "short", "mixed"]),
        drop_rate=st.sampled_from([0.0, 0.15]),
        shift_rate=st.sampled_from([0.0, 0.15]),
        wrap_rate=st.sampled_from([0.0, 0.1]),
        strip_trailing=st.booleans(),
        number=st.sampled_from(["({}) ", "{}."]),
        seed=st.integers(0, 10_000),
    ),
    st.integers(0, 10_000),
)
def test_no_cell_disappears_from_what_could_be_published(layer: Layer, seed: int) -> None:
    text = damaged(typeset(WHOLE[:30], layer), random.Random(seed))
    document = normalize(delimited.parse(text, "x.txt"), None)
    # A column whose heading is not known is said as a whole.
    if not any(issue.severity == "critical" or issue.rule == "unknown_heading" for issue in document.issues):
        assert unaccounted(text) == []
