"""A county's table of 36 tasks as earlier years print them: six columns and a number for each task, and variants."""

from __future__ import annotations

from typing import Any

_CATEGORIES = ("一、经济发展", "二、乡村振兴", "三、民生保障")
_TEXTS = (
    "地区生产总值增长{}%左右。", "新增规上工业企业{}家以上，培育专精特新企业，打造“1+4+N”产业体系。",
    "建成高标准农田{}万亩。",
    "完成{}条农村公路提档升级；推进城乡公交一体化。", "城镇新增就业{}人以上，办好12345热线。", "新改扩建幼儿园{}所。",
    "实施重大项目{}个，总投资超30亿元，其中亿元以上项目过半，确保年内全部开工建设并形成实物工作量。",
)  # fmt: skip
_LEADERS = (["吴伟"], ["李建国", "王芳"], ["陈志强"], ["欧阳明"], ["张三丰", "吴伟"])
_LEADS = (
    ["县发改局"], ["县工信局", "县科技局"], ["县农业农村局"], ["高新园（邹区镇）", "各镇（街道）"],
    ["县应急管理局（安委办）"],
    ["县人力资源和社会保障局", "县教育局"], ["金控集团"],
)  # fmt: skip
_SUPPORTS = (["县财政局"], ["县委组织部", "县住建局", "县交通运输局"], ["县卫健委", "县民政局"], ["县税务局"])
_DEADLINES = ("2025年12月底前", "6月底前", "全年")


def county(n_tasks: int = 36) -> list[dict[str, Any]]:
    """The records; some leaders and organisations go on over several tasks."""
    records = []
    for index in range(n_tasks):
        number = index + 1
        group = index * 3 // n_tasks
        records.append(
            {
                "task_no": number,
                "content": _TEXTS[index % 7].format(number + 3),
                "category_no": group + 1,
                "category": _CATEGORIES[group][2:],
                "subcategory": None,
                "leaders": _LEADERS[index // 3 % 5],
                "lead_units": _LEADS[index // 2 % 7],
                "support_units": _SUPPORTS[index % 4],
                "deadline": _DEADLINES[index // 5 % 3],
            }
        )
    return records
