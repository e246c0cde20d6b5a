"""What reading the pages left in doubt, and text outside the tables: on which tasks and fields it is said."""

from __future__ import annotations

from ruled import SHORT, UP, place, read, ruled

from extractors.model import Doubt, Provenance, TextBlock
from normalizers.records import NormalizedDocument


def said(document: NormalizedDocument) -> list[tuple[str, int | None, str | None]]:
    return [(issue.rule, issue.task_no, issue.field) for issue in document.issues]


def test_doubts_of_reading_go_to_the_tasks_and_fields_that_stand_there() -> None:
    rows = [["1", "做大总量。", "王旭锋", "区发改局", "/"], ["2", "扩大开放。", UP, "区商务局", ""]]
    spots = {"uncertain_join": (place(1, 2, rows=2),), "overflow": (place(2, 4),), "unheard_of": (place(1, 1),)}
    doubts = [Doubt(rule, f"because of {rule}", where) for rule, where in spots.items()]
    near = Doubt("engines_disagree", "another box", (Provenance(1, place(2, 3).bbox, engine="camelot"),))
    document = read(ruled(SHORT, *rows, doubts=[*doubts, near, Doubt("span_inferred", "a whole column")]))
    assert said(document) == [
        ("span_inferred", None, None),
        ("reading_doubt", 1, "content"),
        ("uncertain_join", 1, "leaders"),
        ("uncertain_join", 2, "leaders"),
        ("engines_disagree", 2, "lead_units"),
        ("overflow", 2, "support_units"),
    ]
    assert document.issues[1].message == "unheard_of: because of unheard_of"


def test_doubts_about_the_document_as_a_whole() -> None:
    document = read(
        ruled(SHORT, ["1", "做大总量。", "王旭锋", "区发改局", "/"]),
        doubts=[Doubt("scanned_page", "page 2 is a picture", (Provenance(2),))],
    )
    assert [(issue.rule, issue.severity, issue.task_no) for issue in document.issues] == [
        ("scanned_page", "critical", None)
    ]


def block(text: str, row: float, col: float, page: int = 1) -> TextBlock:
    box = place(0, 0).bbox
    assert box is not None
    where = place(1, 1, page).bbox
    assert where is not None
    moved = type(where)(col * 80, 100 + row * 20 + 4, col * 80 + 40, 100 + row * 20 + 16)
    return TextBlock(text, Provenance(page, moved))


def test_text_outside_the_table_that_may_belong_into_it_is_said() -> None:
    table = ruled(SHORT, ["1", "做大总量，", "王旭锋", "区发改局", "/"], ["2", "扩大开放，", "王旭锋", "区商务局", "/"])
    assert said(read(table, blocks=[block("责任分解表", -2, 1), block("区财政局", 1, 6)])) == [
        ("text_outside", 1, None)
    ]
    assert said(read(table, blocks=[block("并持续优化。", 5, 1)])) == [("unfinished_text", 2, "content")]
    assert said(read(table, blocks=[block("3 强化创新。 江文亭", 0, 1, page=2)])) == [("row_outside", None, None)]
    finished = ruled(SHORT, ["1", "做大总量。", "王旭锋", "区发改局", "/"])
    assert said(read(finished, blocks=[block("注：按季度通报。", 5, 1)])) == []


def test_a_table_without_headings_that_goes_on_with_the_numbers_is_no_other_table() -> None:
    first = ruled(SHORT, ["1", "做大总量。", "王旭锋", "区发改局", "/"])
    rest = ruled(["2", "扩大开放。", "王旭锋", "区商务局", "/"], ["3", "办好教育。", "江文亭", "区教育局", "/"])
    assert [(issue.rule, issue.severity) for issue in read(first, rest).issues] == [("row_outside", "critical")]
