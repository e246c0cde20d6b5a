"""What kind of column a heading names, and how well a line suits it: for texts in which only kinds tell columns apart.

Kinds are told by the heading's last word and by what stands in rows that miss nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["number", "label", "content", "name", "unit", "date", "other"]

#: Headings by their ends; the first that fits counts.
_HEADINGS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("number", re.compile(r"(序号|编号|序|项次|No\.?|NO\.?)$")),
    ("name", re.compile(r"(领导|负责人|责任人|联系人|联络员|省长|市长|区长|县长)$")),
    ("unit", re.compile(r"(单位|部门|主体|科室|处室)(及责任人)?$")),
    ("date", re.compile(r"(时限|期限|时间|进度安排|节点)$")),
    (
        "content",
        re.compile(r"(标准|任务|内容|工作|要求|措施|举措|任务分解|民生实事|任务及目标|事项|年度目标|工作目标)$"),
    ),
    ("label", re.compile(r"(名称|类别|领域|分类|目标|指标|板块|类型|项目|工作重点)$")),
    ("other", re.compile(r"(备注|说明|情况|进展|资金|筹措|来源|投资|投资额)$")),
)
_UNIT = re.compile(
    r"(局|委|办|部|院|校|社|厅|处|科|室|站|队|所|中心|公司|集团|银行|支行|分行|街道|镇|乡|区|县|市|政府|单位|部门|联合会|工会|团委|妇联|残联|科协|"
    r"工商联|联社|协会|园区|开发区|管委会|支队|大队|总队|分局|法院|检察院|红十字会|学院|医院|馆|台|园|电力|烟草|办公室|会|军|联)([（(][^（()）]*[)）])?$"
)
#: Ends that no name of three characters has.
_SHORT_UNIT = re.compile(r"(局|委|办|厅|部|区|县|镇|乡|院|署|街道|公司|集团|中心|联)$")
#: Ends that other words have as often as bodies: 做优城市, 打造示范园.
_WEAK_UNIT = re.compile(r"(市|县|台|馆|社|军|校|园|站|(?<![工协合字])会)$")
_LEVEL = re.compile(r"^(省|市|区|县|各|团|国)")
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,4}")
_POST = re.compile(r"(长|书记|主任|领导|负责人|委员|常委|政委)$")
_DATE = re.compile(r"(\d{4}年|\d{1,2}月|年底|全年|长期|季度|持续|上半年|下半年|月底)")
_SEPARATORS = re.compile(r"[、，,；;/\s]+")
_SENTENCE = re.compile(r"[，。；！]|\d")
_LONG = 26
#: What it counts that a name stands in the column in a row that misses nothing: too little to settle which one it is.
_SEEN = 0.1
#: A text suits a column of its kind.
SUITS = 0.4


def kind_of(label: str) -> Kind | None:
    """The kind of column that a heading names, None when it names none that is known."""
    bare = re.sub(r"[（(][^（()）]*[)）]$", "", "".join(label.split()))
    return next((kind for kind, pattern in _HEADINGS if pattern.search(bare)), None)


@dataclass(slots=True)
class Column:
    """A column and what was seen in it."""

    kind: Kind
    seen: Counter[str] = field(default_factory=Counter)

    def learn(self, text: str) -> None:
        """Note what stands in the column in a row that misses nothing."""
        self.seen.update(tokens(text))

    def suits(self, text: str) -> float:
        """How well a line suits the column, from 0 to 1."""
        if self.kind in ("name", "unit"):
            parts = tokens(text)
            return sum(map(self._token_suits, parts)) / len(parts) if parts else 0.0
        return _plainly(self.kind, text)

    def _token_suits(self, token: str) -> float:
        is_unit = bool(_UNIT.search(token)) and (
            len(token) > 3 or bool(_LEVEL.match(token) or _SHORT_UNIT.search(token))
        )
        if self.kind == "unit":
            seen = _SEEN if token in self.seen else 0.0
            if is_unit and _WEAK_UNIT.search(token) and not _LEVEL.match(token):
                return 0.5 + seen
            return (0.9 if is_unit else 0.3 if len(token) > 3 and len(token) < _LONG else 0.1) + seen
        if token in self.seen:
            return 1.0
        if is_unit or _DATE.search(token):
            return 0.05
        return 0.85 if _NAME.fullmatch(token) and len(token) < 4 else 0.7 if _POST.search(token) else 0.2


def _plainly(kind: Kind, text: str) -> float:
    if kind == "number":
        return 1.0 if text.strip("（）().、 ").isdecimal() else 0.0
    if kind == "date":
        return 0.95 if _DATE.search(text) and len(text) < _LONG else 0.0
    if kind == "content":
        return 0.85 if len(text) > _LONG or "。" in text or (_SENTENCE.search(text) and len(text) > 9) else 0.2
    if kind == "label":
        long = len(text) > _LONG or "。" in text or text.strip("（）().、 ").isdecimal()
        return 0.05 if long else 0.25 if _UNIT.search(text) and _LEVEL.match(text) else 0.6
    return 0.4


def tokens(text: str) -> list[str]:
    """The names in a cell: 、 ， ； blanks and line breaks part them, but not within a name of two characters."""
    said = re.sub(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])[ \u3000]+([\u4e00-\u9fff])(?![\u4e00-\u9fff])", r"\1\2", text)
    return [part for part in _SEPARATORS.split(said) if part]
