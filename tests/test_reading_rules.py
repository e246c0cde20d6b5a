"""A publisher's entry in reference/reading_rules.yaml changes how its documents are read; documents by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from reading import table

from extractors import delimited
from extractors.model import SourceDocument
from extractors.read import read_document
from normalizers.category_numbers import FORMS, CategoryNumbers
from normalizers.normalize import normalize
from normalizers.records import Identity, NormalizedDocument, TaskRecord
from normalizers.reference import DEFAULT_DIR, NUMBER_FORMS, NumberForms, ReferenceDataError, load

PUBLISHER = "某县人民政府办公室"
IDENTITY = Identity(
    "999999-2026-zfgzbg", "999999", "某县", 2026, "zfgzbg", "任务分解表", PUBLISHER, "2026/x.txt", None, "0" * 64
)


def folder(tmp_path: Path, **own: object) -> Path:
    """The reference folder with an entry for the publisher."""
    for path in DEFAULT_DIR.rglob("*.yaml"):
        target = tmp_path / "reference" / path.relative_to(DEFAULT_DIR)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    rules = tmp_path / "reference" / "reading_rules.yaml"
    data = yaml.safe_load(rules.read_text(encoding="utf-8"))
    data["publishers"] = {PUBLISHER: own}
    rules.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return tmp_path / "reference"


def both(document: SourceDocument, tmp_path: Path, **own: object) -> tuple[NormalizedDocument, NormalizedDocument]:
    """The document read by the rules of everybody, and by those of its publisher."""
    return normalize(document, IDENTITY), normalize(document, IDENTITY, folder(tmp_path, **own))


def text(*rows: str, heading: str) -> SourceDocument:
    return delimited.parse(table(*rows, heading=heading.replace("→", "\t")), "x.txt")


def web(tmp_path: Path, *rows: str) -> SourceDocument:
    """A web page with a table; → separates cells, a row without it is one cell over all four columns."""
    cells = (
        "".join(f"<td>{cell}</td>" for cell in row.split("→")) if "→" in row else f'<td colspan="4">{row}</td>'
        for row in rows
    )
    path = tmp_path / "x.html"
    body = "".join(f"<tr>{row}</tr>" for row in cells)
    path.write_text(f"<html><body><table border=1>{body}</table></body></html>", encoding="utf-8")
    return read_document(path)


def units(task: TaskRecord) -> tuple[list[str], list[str]]:
    """Who leads and who supports."""
    return [unit.printed for unit in task.lead_units.value], [unit.printed for unit in task.support_units.value]


def rules_of(document: NormalizedDocument) -> list[str]:
    return [found.rule for found in document.issues]


LISTED = text(
    "1→做大工业总量，增长5%。→县工信局、县财政局、县统计局",
    "2→培育市场主体500户。→县市场监管局",
    "3→改善城乡环境。→县城管局牵头，县住建局、县水利局配合",
    heading="序号→目标任务→责任单位",
)


def test_the_first_listed_organisation_leads_where_the_publisher_says_so(tmp_path: Path) -> None:
    usual, own = both(LISTED, tmp_path, first_leads=["responsible"])
    assert units(usual.tasks[0]) == (["县工信局", "县财政局", "县统计局"], [])
    assert [units(task) for task in own.tasks] == [
        (["县工信局"], ["县财政局", "县统计局"]),
        (["县市场监管局"], []),
        (["县城管局"], ["县住建局", "县水利局"]),
    ]
    assert "first_leads" not in rules_of(usual)
    assert rules_of(own).count("first_leads") == 1
    assert own.tasks[0].support_units.provenance == own.tasks[0].lead_units.provenance
    assert own.tasks[0].support_units.raw == "县工信局、县财政局、县统计局"


def test_the_rule_holds_for_the_columns_that_it_names(tmp_path: Path) -> None:
    assert units(both(LISTED, tmp_path, first_leads=["lead"])[1].tasks[0])[0] == ["县工信局", "县财政局", "县统计局"]


def test_the_others_of_a_lead_column_stand_before_those_who_support(tmp_path: Path) -> None:
    document = text(
        "1→做大工业总量，增长5%。→县工信局、县财政局→县统计局、县财政局", heading="序号→目标任务→牵头单位→配合单位"
    )
    usual, own = both(document, tmp_path, first_leads=["lead"])
    assert units(usual.tasks[0]) == (["县工信局", "县财政局"], ["县统计局", "县财政局"])
    assert units(own.tasks[0]) == (["县工信局"], ["县财政局", "县统计局"])


def test_what_responsible_means_beside_a_lead_column_and_alone(tmp_path: Path) -> None:
    beside = text("1→做大工业总量，增长5%。→县工信局→县财政局", heading="序号→目标任务→牵头单位→责任单位")
    usual, own = both(beside, tmp_path / "beside", responsible_beside_lead="lead")
    assert units(usual.tasks[0]) == (["县工信局"], ["县财政局"])
    assert units(own.tasks[0]) == (["县工信局", "县财政局"], [])
    usual, own = both(LISTED, tmp_path / "alone", responsible_alone="support")
    assert units(usual.tasks[1]) == (["县市场监管局"], [])
    assert units(own.tasks[1]) == ([], ["县市场监管局"])


def test_a_blank_cooperating_cell_of_a_text_layer(tmp_path: Path) -> None:
    document = text(
        "1→做大工业总量，增长5%。→县工信局→县财政局",
        "2→培育市场主体500户。→县市场监管局→",
        heading="序号→目标任务→牵头单位→配合单位",
    )
    continues = [role for role in yaml_default()["blank_continues"] if role != "support"]
    usual, own = both(document, tmp_path, blank_continues=continues)
    assert units(usual.tasks[1]) == (["县市场监管局"], ["县财政局"])
    assert units(own.tasks[1]) == (["县市场监管局"], [])


def test_a_blank_cooperating_cell_of_a_table_with_rulings(tmp_path: Path) -> None:
    rows = [f"{n}→完成{n}件实事，惠及群众。→县{name}局→{'县财政局' if n == 1 else ''}" for n, name in
            enumerate(["工信", "教育", "民政", "水利", "交通"], 1)]  # fmt: skip
    document = web(tmp_path, "序号→目标任务→牵头单位→配合单位", *rows)
    usual, own = both(document, tmp_path, ruled_blank_continues=["leader", "lead", "support"])
    assert [units(task)[1] for task in usual.tasks] == [["县财政局"], [], [], [], []]
    assert [units(task)[1] for task in own.tasks] == [["县财政局"]] * 5
    assert "blank_same_as_above" in rules_of(own)


def test_separators_of_a_publisher(tmp_path: Path) -> None:
    document = text(
        "1→做大工业总量，增长5%。→王行杰+江文亭→县工信局+县财政局",
        "2→培育市场主体500户。→王旭锋→县市场监管局",
        heading="序号→目标任务→分管领导→牵头单位",
    )
    usual, own = both(document, tmp_path, separators=["+"])
    assert units(usual.tasks[0])[0] == ["县工信局+县财政局"]
    assert units(own.tasks[0])[0] == ["县工信局", "县财政局"]
    assert [leader.printed for leader in own.tasks[0].leaders.value] == ["王行杰", "江文亭"]
    assert own.tasks[0].lead_units.raw == "县工信局+县财政局"


def test_heading_words_of_a_publisher(tmp_path: Path) -> None:
    document = text("1→做大工业总量，增长5%。→县工信局", heading="序号→攻坚事项→挂帅单位")
    usual, own = both(document, tmp_path, headings={"content": ["攻坚事项"], "lead": ["挂帅单位"]})
    assert usual.tasks == ()
    assert units(own.tasks[0]) == (["县工信局"], [])
    assert own.tasks[0].content.value == "做大工业总量，增长5%。"


def numbered(tmp_path: Path, *rows: str) -> SourceDocument:
    """A table of categories (一、…) and of tasks, given by their numbers."""
    texts = [row if "、" in row else f"{row}→做好第{index}件实事。→县教育局→年内" for index, row in enumerate(rows)]
    return web(tmp_path, "序号→目标任务→牵头单位→完成时限", *texts)


def places(document: NormalizedDocument) -> list[tuple[int, int]]:
    return [(task.table_no, task.task_no.value) for task in document.tasks]


def test_task_numbers_that_begin_again_in_each_category(tmp_path: Path) -> None:
    document = web(
        tmp_path,
        "序号→目标任务→牵头单位→完成时限",
        "一、工业经济",
        "1→做大工业总量，增长5%。→县工信局→6月底前",
        "2→培育市场主体500户。→县市场监管局→年内",
        "二、民生实事",
        "1→新建学校3所。→县教育局→春节前",
        "2→改造老旧小区20个。→县住建局→全年",
    )
    usual, own = both(document, tmp_path, numbers_restart=True)
    assert [(task.table_no, task.task_no.value, task.category.value) for task in own.tasks] == [
        (1, 1, "工业经济"), (1, 2, "工业经济"), (2, 1, "民生实事"), (2, 2, "民生实事"),
    ]  # fmt: skip
    assert [found.rule for found in own.issues if found.severity != "info"] == []
    [unclear] = [found for found in own.issues if found.rule == "deadline_unclear"]
    assert (unclear.table_no, unclear.task_no) == (2, 1)
    # The table shows it itself; it is said, where nobody has declared it.
    assert usual.tasks == own.tasks
    assert sorted(rules_of(usual)) == sorted([*rules_of(own), "numbers_restart"])


@pytest.mark.parametrize(
    "rows",
    [
        ["一、工业", "1", "2", "3", "二、民生", "1"],  # 4 may have been misread
        ["一、工业", "1", "2", "二、民生", "1", "3"],  # a task is lost
        ["一、工业", "1", "2", "1", "2", "二、民生", "3"],  # no category begins
        ["一、工业", "1", "2", "二、民生", "3", "三、生态", "1", "2"],  # the second goes on
    ],
)
def test_numbers_that_may_be_misread_are_no_restart(tmp_path: Path, rows: list[str]) -> None:
    usual, own = both(numbered(tmp_path, *rows), tmp_path, numbers_restart=True)
    assert "duplicate_task_no" in rules_of(usual)
    assert "numbers_restart" not in rules_of(usual)
    assert {table for table, _ in places(own)} == {1, 2}


def test_numbers_that_begin_again_below_categories(tmp_path: Path) -> None:
    rows = ["一、工业", "（一）项目、投资", "1", "2", "（二）企业、市场", "1", "二、民生", "（一）教育、医疗", "1"]
    usual, _ = both(numbered(tmp_path, *rows), tmp_path)
    assert "numbers_restart" in rules_of(usual)
    assert places(usual) == [(1, 1), (1, 2), (2, 1), (3, 1)]
    assert [task.subcategory.value for task in usual.tasks] == ["项目、投资"] * 2 + ["企业、市场", "教育、医疗"]


def test_categories_numbered_with_letters(tmp_path: Path) -> None:
    document = web(
        tmp_path,
        "序号→目标任务→牵头单位→完成时限",
        "A.工业经济",
        "1→做大工业总量，增长5%。→县工信局→年内",
        "B.民生实事",
        "1.教育",
        "2→新建学校3所。→县教育局→年内",
    )
    forms = {"first": ["letters"], "second": ["digits"], "either": []}
    usual, own = both(document, tmp_path, category_numbers=forms)
    assert usual.tasks[0].category.value == "A.工业经济"
    assert [(t.category_no.value, t.category.value, t.subcategory.value) for t in own.tasks] == [
        (1, "工业经济", None), (2, "民生实事", "教育"),
    ]  # fmt: skip


def test_the_bracketed_numeral_as_the_first_level(tmp_path: Path) -> None:
    document = web(
        tmp_path,
        "序号→目标任务→牵头单位→完成时限",
        "（一）工业经济",
        "一、项目",
        "1→做大工业总量，增长5%。→县工信局→年内",
    )
    forms = {"first": ["bracketed"], "second": ["words"], "either": []}
    usual, own = both(document, tmp_path, category_numbers=forms)
    assert (usual.tasks[0].category.value, usual.tasks[0].subcategory.value) == ("项目", None)
    assert (own.tasks[0].category.value, own.tasks[0].subcategory.value) == ("工业经济", "项目")


@pytest.mark.parametrize(
    ("label", "form", "number", "rest"),
    [
        ("一、工业", "words", 1, "工业"),
        ("第三部分：民生", "parts", 3, "民生"),
        ("（十二）开放", "bracketed", 12, "开放"),
        ("2.教育", "digits", 2, "教育"),
        ("（3）教育", "bracketed_digits", 3, "教育"),
        ("C、教育", "letters", 3, "教育"),
        ("Ⅳ.教育", "roman", 4, "教育"),
        ("VI.教育", "roman", 6, "教育"),
    ],
)
def test_forms_of_numbers(label: str, form: str, number: int, rest: str) -> None:
    found = CategoryNumbers(NumberForms((form,), (), ())).first(label)
    assert found is not None
    assert (found.number, found.label) == (number, rest)


def test_every_form_has_a_pattern() -> None:
    assert tuple(FORMS) == NUMBER_FORMS


def test_other_publishers_are_read_as_before(tmp_path: Path) -> None:
    own = folder(tmp_path, first_leads=["responsible"], headings={"lead": ["挂帅单位"]})
    assert load(own).rules_for("另一县人民政府") == load(own).rules_for(None)
    assert "挂帅单位" not in load(own).of_publisher("另一县人民政府").headings


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"first_lead": ["lead"]}, "first_lead"),
        ({"separators": ["以及"]}, "single signs"),
        ({"headings": {"lead": ["挂帅"], "support": ["挂帅"]}}, "挂帅"),
        ({"category_numbers": {"first": ["words"]}}, "second"),
        ({"category_numbers": {"first": ["runes"], "second": [], "either": []}}, "runes"),
    ],
)
def test_a_faulty_entry_is_refused(tmp_path: Path, own: dict[str, object], said: str) -> None:
    with pytest.raises(ReferenceDataError, match=said):
        load(folder(tmp_path, **own))


def test_every_rule_has_its_reason_in_the_manual() -> None:
    page = (DEFAULT_DIR.parent / "docs" / "reading-rules.md").read_text(encoding="utf-8")
    assert [key for key in yaml_default() if f"`{key}`" not in page] == []
    assert [form for form in NUMBER_FORMS if f"`{form}`" not in page] == []


def yaml_default() -> dict[str, list[str]]:
    data: dict[str, dict[str, list[str]]] = yaml.safe_load((DEFAULT_DIR / "reading_rules.yaml").read_text("utf-8"))
    return data["default"]
