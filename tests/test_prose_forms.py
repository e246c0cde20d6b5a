"""Lists of tasks as various publishers print them, each with what a reader takes from it."""

from __future__ import annotations

import pytest
from test_prose import document, understood

from normalizers.tabulate import nested

#: Number, category, content, leaders, lead and support organisations, deadline; and the rules that may be said.
Read = tuple[int, str | None, str, str, str, str, str | None]
FORMS: dict[str, tuple[str, list[Read], set[str]]] = {
    "who and by when in one bracket": (
        """国务院关于落实重点工作分工的意见

一、稳定经济运行
（一）继续实施积极的财政政策。（财政部牵头，国家发展改革委、中国人民银行等按职责分工负责）
（二）实施适度宽松的货币政策。（中国人民银行牵头，4月底前出台相关政策，年内持续推进）
二、发展新质生产力
（三）培育壮大新兴产业、未来产业。（工业和信息化部牵头，科技部配合，12月底前完成）
（四）推动传统产业改造提升。（工业和信息化部、财政部按职责分工负责，持续推进）
""",
        [
            (1, "稳定经济运行", "继续实施积极的财政政策。", "", "财政部", "国家发展改革委 中国人民银行", None),
            (
                2,
                "稳定经济运行",
                "实施适度宽松的货币政策。",
                "",
                "中国人民银行",
                "",
                "4月底前出台相关政策，年内持续推进",
            ),
            (3, "发展新质生产力", "培育壮大新兴产业、未来产业。", "", "工业和信息化部", "科技部", "12月底前完成"),
            (4, "发展新质生产力", "推动传统产业改造提升。", "", "工业和信息化部 财政部", "", "持续推进"),
        ],
        {"role_marks", "unnamed_units"},
    ),
    "labels on the line of the task": (
        """重点任务清单

（一）做强产业
1. 任务：新增规上企业20家。 牵头单位：区工信局 配合单位：区统计局 完成时限：2026年12月
2. 任务：新增高企30家。 牵头单位：区科技局 配合单位：区工信局、区财政局 完成时限：2026年12月
（二）做优城市
3. 任务：改造老旧小区5个。 牵头单位：区住建局 配合单位：各街道 完成时限：2026年10月
""",
        [
            (1, "做强产业", "新增规上企业20家。", "", "区工信局", "区统计局", "2026年12月"),
            (2, "做强产业", "新增高企30家。", "", "区科技局", "区工信局 区财政局", "2026年12月"),
            (3, "做优城市", "改造老旧小区5个。", "", "区住建局", "各街道", "2026年10月"),
        ],
        set(),
    ),
    "a block for each task": (
        """2026年重点工作

任务1
任务内容：完成全年目标任务。
牵头领导：王旭锋
牵头单位：区发改局

任务2
任务内容：推进项目建设。
牵头领导：江文亭
牵头单位：区住建局
""",
        [
            (1, None, "完成全年目标任务。", "王旭锋", "区发改局", "", None),
            (2, None, "推进项目建设。", "江文亭", "区住建局", "", None),
        ],
        set(),
    ),
    "an attachment to a report": (
        """政府工作报告

一、过去一年工作
1．经济稳中有进。
2．民生持续改善。
二、今年工作
1．抓好产业。
2．抓好民生。

附件：重点任务分工
1．完成全年目标任务。（牵头单位：区发改局）
2．推进项目建设。（牵头单位：区住建局）
3．抓好安全生产。（牵头单位：区应急管理局）
""",
        [
            (1, None, "完成全年目标任务。", "", "区发改局", "", None),
            (2, None, "推进项目建设。", "", "区住建局", "", None),
            (3, None, "抓好安全生产。", "", "区应急管理局", "", None),
        ],
        {"text_outside"},
    ),
    "bodies in brackets above those whom they lead": (
        """2026年重点工作责任清单

【区发改局】
1．完成全年目标任务。（配合单位：区统计局）
2．推进项目建设。（配合单位：区住建局）
【区教育局】
3．新建学校3所。（配合单位：区住建局）
""",
        [
            (1, None, "完成全年目标任务。", "", "区发改局", "区统计局", None),
            (2, None, "推进项目建设。", "", "区发改局", "区住建局", None),
            (3, None, "新建学校3所。", "", "区教育局", "区住建局", None),
        ],
        set(),
    ),
    "numbered bodies below parts": (
        """2026年重点工作责任清单

一、经济发展
（一）区发改局
1．完成全年目标任务。（配合单位：区统计局）
（二）区工信局
2．新增规上企业20家。（配合单位：区住建局）
二、民生保障
（一）区教育局
3．新建学校3所。（配合单位：区住建局）
""",
        [
            (1, "经济发展", "完成全年目标任务。", "", "区发改局", "区统计局", None),
            (2, "经济发展", "新增规上企业20家。", "", "区工信局", "区住建局", None),
            (3, "民生保障", "新建学校3所。", "", "区教育局", "区住建局", None),
        ],
        set(),
    ),
    "parts that are no bodies": (
        """2026年重点工作责任清单

一、经济发展
1．完成全年目标任务。（配合单位：区统计局）
二、开发区
2．新增规上企业20家。（配合单位：区住建局）
""",
        [
            (1, "经济发展", "完成全年目标任务。", "", "", "区统计局", None),
            (2, "开发区", "新增规上企业20家。", "", "", "区住建局", None),
        ],
        {"missing_unit"},
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_forms(form: str) -> None:
    text, expected, rules = FORMS[form]
    found = understood(text)
    assert [
        (
            task["task_no"], task["category"], task["content"], " ".join(task["leaders"]),
            " ".join(task["lead_units"]), " ".join(task["support_units"]), task["deadline"],
        )
        for task in nested(found)
    ] == expected  # fmt: skip
    assert {issue.rule for issue in found.issues} <= rules


def test_a_report_above_the_list_stays_text() -> None:
    found = document(FORMS["an attachment to a report"][0])
    assert [block.text for block in found.blocks][-3:] == ["1．抓好产业。", "2．抓好民生。", "附件：重点任务分工"]


def test_a_label_that_few_tasks_have_is_text() -> None:
    found = understood(
        "1．目标：完成10个项目。（牵头单位：区发改局）\n2．做好乙项工作。（牵头单位：区财政局）\n"
        "3．做好丙项工作。（牵头单位：区财政局）\n"
    )
    assert found.tasks[0].content.value == "目标：完成10个项目。"


def test_a_bracket_that_only_says_by_when_names_nobody() -> None:
    found = understood(
        "1．做好甲项工作。（12月底前完成）\n（牵头单位：区发改局）\n2．做好乙项工作。（持续推进）\n（牵头单位：区财政局）\n"
    )
    assert [task.content.value for task in found.tasks] == [
        "做好甲项工作。（12月底前完成）",
        "做好乙项工作。（持续推进）",
    ]
