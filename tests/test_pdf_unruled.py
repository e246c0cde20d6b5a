"""Tables without rulings: small documents, each with the table that a reader sees."""

from __future__ import annotations

from pages import CHINESE, PROSE, Sheet
from unruled import centred, document, rows

from extractors.stitch import stitch

#: Where the columns of the trade table stand, and what it says.
PLACES = [(60.0, "left"), (250.0, "right"), (330.0, "right"), (410.0, "right")]
TRADE = [
    ("Country", "Exports", "Imports", "Balance"),
    ("Austria", "12.1", "10.4", "1.7"),
    ("Belgium", "23.8", "25.0", "-1.2"),
    ("Denmark", "7.3", "6.9", "0.4"),
    ("United Kingdom", "48.8", "51.3", "-2.5"),
]


def trade(sheet: Sheet, y: float, step: float = 16) -> float:
    for number, texts in enumerate(TRADE):
        sheet.row(y + step * number, PLACES, texts)
    return y + step * len(TRADE)


def test_a_table_of_white_space_between_paragraphs() -> None:
    sheet = Sheet()
    sheet.text(60, sheet.prose(80) + 12, "Trade with neighbours")
    sheet.prose(trade(sheet, 150) + 20)
    found = document(sheet)
    (table,) = found.tables
    assert rows(table) == [list(texts) for texts in TRADE]
    assert [doubt.rule for doubt in table.doubts] == ["unruled_table"]
    assert table.caption.endswith("Trade with neighbours")
    assert [block.text for block in found.blocks] == [*PROSE, "Trade with neighbours", *PROSE]


def test_rules_between_rows_of_several_lines() -> None:
    sheet = Sheet()
    places = [(60.0, "left"), (150.0, "left"), (300.0, "left")]
    texts = [
        ("Office", "Person\nin charge", "Opening hours"),
        ("Citizens'\nservice", "Dr. Maria\nFeldhoff", "Monday to Thursday from 8 am\nto 4 pm, Friday until noon"),
        ("Building\npermits", "James\nO'Leary", "Please bring two copies of each\nplan and a form that is signed"),
        ("Library", "C. Okafor", "Every day"),
    ]
    y = 100.0
    for row in texts:
        sheet.row(y, places, row)
        y += 12 * max(text.count("\n") + 1 for text in row) + 1
        sheet.line(55, y - 1, 500, y - 1)
    (table,) = document(sheet).tables
    assert rows(table) == [[text.replace("\n", "|") for text in row] for row in texts]


def test_without_rules_the_wider_distances_part_the_rows() -> None:
    sheet = Sheet()
    places = [(60.0, "left"), (150.0, "left"), (300.0, "left")]
    texts = [
        ("Office", "Person", "Opening hours"),
        ("Citizens'\nservice", "Dr. Maria\nFeldhoff", "Monday to Thursday from 8 am\nto 4 pm, Friday until noon"),
        ("Building\npermits", "James\nO'Leary", "Please bring two copies of each\nplan and a form that is signed"),
        ("Library", "C. Okafor", "Every day"),
    ]
    y = 100.0
    for row in texts:
        sheet.row(y, places, row)
        y += 12 * max(text.count("\n") + 1 for text in row) + 8
    (table,) = document(sheet).tables
    assert rows(table) == [[text.replace("\n", "|") for text in row] for row in texts]


def test_zebra_fills_show_the_rows() -> None:
    sheet = Sheet()
    places = [(60.0, "left"), (100.0, "left"), (300.0, "left")]
    texts = [
        ("No.", "Risk", "Owner"),
        ("1", "Key supplier fails to deliver\nthe control units in time", "Purchase"),
        ("2", "Loss of personal data", "Security"),
        ("3", "Outage of the data centre\nin the second half", "Security"),
        ("4", "Staff turnover", "Personnel"),
    ]
    y = 100.0
    for number, row in enumerate(texts):
        bottom = y + 12 * max(text.count("\n") + 1 for text in row) + 2
        if number % 2:
            sheet.fill(55, y - 1, 400, bottom - 1)
        sheet.row(y, places, row)
        y = bottom
    (table,) = document(sheet).tables
    assert rows(table) == [[text.replace("\n", "|") for text in row] for row in texts]


def test_labels_over_several_columns() -> None:
    sheet = Sheet()
    sheet.line(55, 98, 420, 98)
    sheet.text(60, 100, "Line item")
    sheet.text(240, 100, "2024", "centre")
    sheet.text(360, 100, "2025", "centre")
    sheet.row(116, [(230.0, "right"), (280.0, "right"), (350.0, "right"), (400.0, "right")], ["Plan", "Actual"] * 2)
    sheet.line(55, 131, 420, 131)
    body = [("Revenue", "12", "11", "13", "14"), ("Grants", "3", "2", "3", "3"), ("Expenses", "-7", "-7", "-8", "-9")]
    for number, texts in enumerate(body):
        places = [(60.0, "left"), (230.0, "right"), (280.0, "right"), (350.0, "right"), (400.0, "right")]
        sheet.row(134 + 16 * number, places, texts)
    sheet.line(55, 182, 420, 182)
    (table,) = document(sheet).tables
    assert rows(table) == [
        ["Line item*2", "2024*2", "2025*2"],
        ["Plan", "Actual", "Plan", "Actual"],
        *(list(texts) for texts in body),
    ]


def test_totals_run_over_the_columns_before_them() -> None:
    sheet = Sheet()
    places = [(60.0, "left"), (100.0, "left"), (280.0, "right"), (380.0, "right")]
    texts = [
        ("Pos.", "Description", "Quantity", "Amount"),
        ("1", "Consulting", "18", "2,520.00"),
        ("2", "Travel expenses", "1", "312.40"),
        ("3", "Licence", "5", "445.00"),
    ]
    for number, row in enumerate(texts):
        sheet.row(100 + 16 * number, places, row)
    for number, (label, amount) in enumerate((("Subtotal", "3,277.40"), ("Total due within 30 days", "3,932.88"))):
        sheet.text(60, 164 + 16 * number, label)
        sheet.text(380, 164 + 16 * number, amount, "right")
    (table,) = document(sheet).tables
    assert rows(table)[4:] == [["Subtotal*3", "3,277.40"], ["Total due within 30 days*3", "3,932.88"]]


def test_painted_cells_with_white_gaps() -> None:
    sheet = Sheet()
    texts = [("Time", "Monday", "Tuesday"), ("08:30", "Registration", "Lab visit"), ("10:00", "Keynote", "Session 3")]
    for row, own in enumerate(texts):
        for col, text in enumerate(own):
            sheet.fill(60 + 120 * col, 100 + 30 * row, 178.5 + 120 * col, 128.5 + 30 * row)
            sheet.text(70 + 120 * col, 108 + 30 * row, text)
    (table,) = document(sheet).tables
    assert rows(table) == [list(own) for own in texts]


def test_a_frame_with_rules_between_columns_only() -> None:
    sheet = Sheet()
    trade(sheet, 104)
    for y in (100.0, 118.0, 184.0):
        sheet.line(55, y, 420, y)
    for x in (55.0, 180.0, 260.0, 340.0, 420.0):
        sheet.line(x, 100, x, 184)
    (table,) = document(sheet).tables
    assert rows(table) == [list(texts) for texts in TRADE]
    assert [round(x) for x in table.columns[1:-1]] == [180, 260, 340]


def has_no_table(sheet: Sheet) -> bool:
    return not document(sheet).tables


def test_prose_is_no_table() -> None:
    sheet = Sheet()
    for number in range(6):
        sheet.prose(80 + 44 * number)
    assert has_no_table(sheet)


def test_prose_in_two_columns_is_no_table() -> None:
    sheet = Sheet()
    short = ("The following overview was prepared by the", "secretariat on the basis of all the reports",
             "received from the regional offices by the", "end of March. It was then revised again.")  # fmt: skip
    for number in range(8):
        sheet.prose(80 + 48 * number, short)
        sheet.prose(80 + 48 * number, short, 320)
    assert has_no_table(sheet)


def test_lists_forms_and_contents_are_no_tables() -> None:
    numbered, form, contents = Sheet(), Sheet(), Sheet()
    for number in range(6):
        numbered.text(60, 80 + 14 * number, f"{number + 1}.")
        numbered.text(85, 80 + 14 * number, PROSE[number % 3])
        form.row(80 + 20 * number, [(60.0, "left"), (150.0, "left"), (300.0, "left"), (390.0, "left")],
                 ["Name:", "__________", "Date of birth:", "__________"])  # fmt: skip
        contents.row(80 + 14 * number, [(60.0, "left"), (90.0, "left"), (500.0, "right")],
                     [f"{number}.1", "Naming of things" + " ." * 60, str(3 * number)])  # fmt: skip
    assert has_no_table(numbered)
    assert has_no_table(form)
    assert has_no_table(contents)


def test_a_chinese_notice_is_no_table() -> None:
    sheet = Sheet(CHINESE)
    sheet.text(297, 80, "关于印发任务分解表的通知", "centre")
    for number in range(5):
        sheet.prose(
            110 + 50 * number,
            (
                "各镇人民政府、各街道办事处，区各有关部门：现将任务分解表印发给你们，请",
                "认真组织实施。各责任单位要细化措施，明确时限，确保全面完成年度任务。",
            ),
        )
    sheet.text(500, 400, "区政府办公室", "right")
    sheet.text(500, 416, "2026年3月1日", "right")
    assert has_no_table(sheet)


def test_a_responsibility_table_without_rulings_over_pages() -> None:
    """Columns differ from page to page when each is read alone: together they are one table."""
    sheet = Sheet(CHINESE)
    places = [(60.0, "left"), (95.0, "left"), (390.0, "centre"), (450.0, "left")]
    heading = ["序号", "工作标准", "分管领导", "牵头单位"]
    leaders, units = ["王旭锋", "胡金芳"], ["区发改局", "区文商旅发展促进中心\n区财政局", "区住建局"]
    for page in range(3):
        if page:
            sheet.next_page()
        sheet.row(60, places, heading)
        for row in range(8):
            number = 8 * page + row + 1
            content = (
                f"（{number}）推进项目建设，确保年内完成投资{number}亿元以上，建成\n道路{number}公里，改造老旧小区。"
            )
            sheet.row(84 + 36 * row, places, [str(number), content, leaders[(page + row) % 2], units[page]])
    (table,) = stitch(list(document(sheet).tables))
    assert (table.n_rows, table.n_cols) == (25, 4)
    assert len({piece.columns for piece in table.tables}) == 1
    firsts = [cell.text for cell in table.cells if cell.col == 0]
    assert firsts == ["序号", *(str(number) for number in range(1, 25))]
    (content,) = (cell.text for cell in table.cells if (cell.row, cell.col) == (17, 1))
    assert content == "（17）推进项目建设，确保年内完成投资17亿元以上，建成\n道路17公里，改造老旧小区。"
    assert {doubt.rule for doubt in table.doubts} >= {"unruled_table"}


#: Numbers in the middle of rows, of which no two columns have as many lines; titles between them.
MIDDLE: list[tuple[str, ...]] = [
    ("编号", "工作标准", "主责单位", "时间要求"),
    ("一、乡村全面振兴",),
    ("（一）基础设施",),
    ("1", "抓好国省干线公路改造，坚决守住不发生规模性返贫\n底线。", "区退役军人局\n区妇联\n区资源规划局", "年底前"),
    ("2", "抓好企业培育，新改建农村公路188公里。", "区医保局", "上半年"),
    ("二、产业",),
    ("（一）数字经济",),
    ("3", "一是推进创建；\n二是落实修复；\n三是提升技能，改造老旧小区131个，惠及居民\n1705户；\n四是培育企业。",
     "区审计局\n区城管局", "2027年12月"),
    ("4", "抓好链条，建成高标准农田\n49.5万亩。", "新丰高新区管委会\n各乡镇", "持续\n推进"),
    ("5", "养老床位达到1745张。", "区民政局\n区财政局\n区住建局\n区人社局", "长期坚持"),
]  # fmt: skip


def test_rows_whose_texts_stand_in_the_middle() -> None:
    sheet = Sheet(CHINESE)
    places = [(70.0, "centre"), (90.0, "left"), (380.0, "centre"), (480.0, "centre")]
    y = 60.0
    for row in MIDDLE:
        y = centred(sheet, y, places[: len(row)], row) + 9 if len(row) > 1 else title(sheet, y, row[0])
    (table,) = document(sheet).tables
    found = [[text for text in row if text] for row in rows(table)]
    for number, row in enumerate(MIDDLE):
        expected = [text.replace("\n", "|") for text in row]
        assert [text.split("*")[0] for text in found[number]] == expected, found
    assert len(found) == len(MIDDLE)


def title(sheet: Sheet, y: float, text: str) -> float:
    """A title that begins to the left of all numbers; gives where the next row begins."""
    sheet.text(52, y, text)
    return y + 24


def test_lines_at_one_distance_are_parted_by_numbers() -> None:
    """No gap tells a row from the next: it begins with the line of its number."""
    sheet = Sheet(CHINESE)
    places = [(60.0, "left"), (95.0, "left"), (390.0, "left")]
    y = 60.0
    texts = [("序号", "工作标准", "牵头单位")] + [
        (str(number), f"推进第{number}个项目建设，确保年内完成投资{number}亿元以上，\n建成道路。", "区发改局\n区财政局")
        for number in range(1, 6)
    ]
    for row in texts:
        sheet.row(y, places, row)
        y += 12 * (row[1].count("\n") + 1)
    (table,) = document(sheet).tables
    assert rows(table) == [[text.replace("\n", "|") for text in row] for row in texts]


def test_a_heading_nearer_to_its_row_than_rows_to_each_other() -> None:
    """Under a title and a date; the numbers begin again, and the last page has but one row."""
    sheet = Sheet(CHINESE)
    places = [(70.0, "centre"), (90.0, "left"), (380.0, "centre"), (480.0, "centre")]
    heading = ("编\n号", "工作标准", "主责单位", "时间要求")
    body = [
        ("1", "抓好国省干线公路改造，坚决守住不发生规模性返贫\n底线。", "区退役军人局\n区妇联\n区资源规划局", "年底前"),
        ("2", "抓好企业培育，新改建农村公路188公里。", "区医保局", "上半年"),
        ("1", "抓好链条，建成高标准农田\n49.5万亩。", "新丰高新区管委会", "持续\n推进"),
        ("2", "养老床位达到1745张。", "区民政局\n区财政局", "长期坚持"),
    ]  # fmt: skip
    sheet.text(380, 40, "填报单位：区政府办公室")
    y = centred(sheet, 70, places, heading) + 4
    sheet.text(52, y, "一、工业经济")
    y += 23
    for row in body[:3]:
        y = centred(sheet, y, places, row) + 11
    sheet.next_page()
    centred(sheet, centred(sheet, 70, places, heading) + 4, places, body[3])
    first, last = document(sheet).tables
    shown = [[text.replace("\n", "|") for text in row] for row in (heading, *body)]
    assert rows(first) == [shown[0], ["一、工业经济*4"], *shown[1:4]]
    assert rows(last) == [shown[0], shown[4]]


def test_centred_rows_without_a_gap_between_them() -> None:
    """All lines stand at one distance: the numbers, in the middle of their rows, tell where these end."""
    sheet = Sheet(CHINESE)
    places = [(70.0, "centre"), (90.0, "left"), (380.0, "centre"), (480.0, "centre")]
    y = 60.0
    for row in MIDDLE:
        if len(row) > 1:
            y = centred(sheet, y, places, row)
        else:
            sheet.text(62, y, row[0])
            y += 15
    (table,) = document(sheet).tables
    found = [[text.split("*")[0] for text in row if text] for row in rows(table)]
    assert found == [[text.replace("\n", "|") for text in row] for row in MIDDLE]


def test_a_line_is_full_that_is_as_wide_as_its_column() -> None:
    """Borders between columns without rulings stand anywhere: they are not as far from the text on either side."""
    sheet = Sheet(CHINESE)
    places = [(70.0, "centre"), (90.0, "left"), (330.0, "centre"), (500.0, "centre")]
    body = [
        ("序号", "工作标准", "牵头单位", "时间要求"),
        ("1", "做大经济总量。", "县工商联、县人力资源社会\n保障局、县红十字会", "年底前"),
        ("2", "培育市场主体。", "县科技局\n县财政局", "上半年"),
        ("3", "办好学校教育。", "县教育局", "持续推进"),
    ]
    y = 60.0
    for row in body:
        y = centred(sheet, y, places, row) + 9
    (table,) = document(sheet).tables
    wraps = {cell.text: cell.wraps for cell in table.cells if "\n" in cell.text}
    assert wraps == {"县工商联、县人力资源社会\n保障局、县红十字会": (12,), "县科技局\n县财政局": ()}


def test_titles_of_parts_stand_in_no_column() -> None:
    """They are many and reach over the borders of the columns, also where they part the heading from the first row."""
    sheet = Sheet(CHINESE)
    places = [(65.0, "centre"), (90.0, "left"), (390.0, "left"), (500.0, "left")]
    sheet.row(60, [(65.0, "centre"), (230.0, "centre"), (420.0, "centre"), (515.0, "centre")],
              ["序号", "工作标准", "牵头单位", "完成时限"])  # fmt: skip
    y = 84.0
    for number, name in enumerate(("一、民生福祉改善提升", "二、经济运行稳中有进", "三、城乡融合发展"), 1):
        sheet.text(52, y, name)
        sheet.text(52, y + 22, "（一）基础设施建设")
        texts = (str(number), f"推进第{number}个项目建设，确保年内完成投资{number}亿元以上。", "区发改局", "上半年")
        sheet.row(y + 44, places, texts)
        y += 66
    (table,) = document(sheet).tables
    found = [[text.split("*")[0] for text in row] for row in rows(table)]
    assert found[0] == ["序号", "工作标准", "牵头单位", "完成时限"]
    assert found[1:4] == [
        ["一、民生福祉改善提升"],
        ["（一）基础设施建设"],
        ["1", "推进第1个项目建设，确保年内完成投资1亿元以上。", "区发改局", "上半年"],
    ]
    assert len(found) == 10


def test_the_only_remark_of_a_page_is_a_column_of_its_own() -> None:
    sheet = Sheet(CHINESE)
    places = [(65.0, "centre"), (90.0, "left"), (420.0, "centre"), (490.0, "centre")]
    sheet.row(60, [(65.0, "centre"), (160.0, "centre"), *places[2:]], ["序号", "工作标准", "牵头单位", "备注"])
    for number in range(1, 17):
        if number == 9:
            sheet.next_page()
        unit = "区人力资源社会保障局" if number in (2, 10) else "区发改局"
        texts = (str(number), f"推进第{number}个项目建设，完成投资。", unit, "续建" if number in (3, 5, 12) else "")
        sheet.row(84 + 24 * ((number - 1) % 8), places, texts)
    first, second = document(sheet).tables
    assert rows(first)[3] == ["3", "推进第3个项目建设，完成投资。", "区发改局", "续建"]
    assert rows(second)[3] == ["12", "推进第12个项目建设，完成投资。", "区发改局", "续建"]


def test_a_row_that_ends_amid_a_sentence_is_in_doubt() -> None:
    """In a full line; a text whose full stop was forgotten ends anywhere."""
    sheet = Sheet(CHINESE)
    places = [(65.0, "centre"), (90.0, "left"), (390.0, "left")]
    texts = [
        "推进第一个项目建设，确保年内完成投资，\n新建道路。",
        "改造老旧小区，确保年内完成投资，建成道路并改造老旧小",
        "区6个，惠及居民700户。",
        "推进第四个项目建设",
        "推进第五个项目建设，确保完成。",
    ]
    for number, text in enumerate(texts, 1):
        sheet.row(60 + 40 * number, places, [str(number), text, "区发改局"])
    (table,) = document(sheet).tables
    assert [text for row in rows(table) for text in row[1:2]] == [text.replace("\n", "|") for text in texts]
    (doubt,) = [doubt for doubt in table.doubts if doubt.rule == "row_edge"]
    cells = {cell.provenance: cell.row for cell in table.cells}
    assert [cells[place] for place in doubt.places] == [1, 2]
