"""What a cell's text could be: a number, a person's name, organisations, a label, the text of a task.

Scores run from 0 (can't be) to 1 (a reader would say so at once). They say nothing about where a cell stands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from normalizers.persons import is_name, is_post, name_and_post
from normalizers.reference import Reference, UnitPatterns
from normalizers.text import HAN, numeral, squeeze, strip_brackets

#: The printed number of a task at the beginning of its text: (12), （12）, 12. or 12、 but not 12.5 and not 3、4月.
TASK_NUMBER = re.compile(r"\s*(?:[(（]\s*(\d{1,4})\s*[)）]|(\d{1,4})\s*(?:[、．]|\.(?!\d)))\s*")
#: ① to ㊿ at the beginning of a text: mostly parts of one task; numbers of tasks where they run on (numbering.py).
CIRCLED_NUMBER = re.compile("\\s*([①-⑳㉑-㉟㊱-㊿])[、.．]?\\s*")
_TOKENS = re.compile(r"[\s\u3000、，,；;/|]+")
_SENTENCE = re.compile(r"[。；，,;：]")
_DATE = re.compile(
    r"\d{4}\s*年|\d{4}[.．/-]\d{1,2}|\d{1,2}\s*月|季度|年底|年内|全年|长期|持续|常年|上半年|下半年|月底|时序|序时"
)
_NAME_CHARS = re.compile(rf"[{HAN}][{HAN}·•]*")
#: A name that was cut: what follows 和 is longer in every name (住房和城 of 住房和城乡建设局).
_CUT = re.compile("和(?!单位$|部门$).{0,2}$")
#: Nothing but words of level, or one behind a name: 自治区市 begins 自治区市场监管局, 民政局市 is of two names.
_ONLY_LEVELS = re.compile("(?:自治[区州县]|[省市区县旗州盟镇乡])+|.*[局委办厅][省市区县旗州盟]")
#: What stands in brackets within a name: 各县（市、区）人民政府.
_INNER = re.compile(r"[（(][^（）()]*[)）]")
#: Words for several levels or kinds of places in one name: 省、市有关部门, 各镇、街道.
_LEVELS = re.compile("(?<=[省市区县旗州盟镇乡道])、(?=[省市区县旗州盟镇乡街])")
_PLACES = frozenset("省市区县镇乡旗州")
_MAX_LABEL = 40
#: Above this a cell fits its column.
FITS = 0.5


@dataclass(slots=True)
class Vocabulary:
    """Names and organisations that the document itself uses, counted in the columns they were met in."""

    leaders: Counter[str] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)

    def is_leader(self, token: str) -> bool:
        """Whether the document has the token among its leaders, more often than among its organisations."""
        return self.leaders[token] > self.units[token]

    def is_unit(self, token: str) -> bool:
        """Whether the document has the token among its organisations, more often than among its leaders."""
        return self.units[token] > self.leaders[token]


def tokens(text: str) -> list[str]:
    """The parts of a cell between blanks, line breaks and list separators; the halves of `吴 伟` are put together."""
    return join_single_characters([part for part in _TOKENS.split(text.strip()) if part])


def join_single_characters(parts: Iterable[str]) -> list[str]:
    """Puts together names that were spread with blanks: 吴, 伟 is 吴伟; 王, 旭锋 is 王旭锋."""
    joined: list[str] = []
    open_name = False
    for part in parts:
        if open_name and len(joined[-1]) + len(part) <= 3:
            joined[-1] += part
            open_name = False
        else:
            joined.append(part)
            open_name = len(part) == 1 and bool(_NAME_CHARS.fullmatch(part))
    return joined


def is_unit(token: str, patterns: UnitPatterns) -> bool:
    """Whether a token looks like the name of an organisation."""
    base = squeeze(_LEVELS.sub("", _INNER.sub("", strip_brackets(token)[0])))
    if len(base) < 2 or not _NAME_CHARS.fullmatch(re.sub(r"[A-Za-z0-9（）()“”]", "", base) or " "):
        return False
    if (
        _CUT.search(base)
        or base.endswith(patterns.words)
        or (len(base) == 2 and base[1] in _PLACES and base[0] != "各")
    ):
        return False
    if _ONLY_LEVELS.fullmatch(base) or _is_outlet_without_end(base, patterns):
        return False
    if base.find("各") == 1 and base[0] not in patterns.levels:
        return False  # 会各成员单位 is the end of 安委会各成员单位
    if base in patterns.endings and base not in patterns.bare_endings:
        return True  # 妇联, 科协, 移动: all of the name
    if base.endswith(patterns.places) and base.startswith(tuple("省市区县")):
        return False
    if base.endswith(patterns.endings):
        return len(base) >= 3 or base.startswith(patterns.levels)
    # 区委社会 is half of 区委社会工作部: departments of a committee end otherwise.
    return len(base) >= 4 and base.endswith(patterns.soft_endings) and base[1] != "委"


def _is_outlet_without_end(base: str, patterns: UnitPatterns) -> bool:
    """Whether a name is that of an outlet without its end: 中国电信广州 of 中国电信广州分公司."""
    if base[-1] not in _PLACES:
        return False
    parents = tuple(parent for own in patterns.outlets.values() for parent in own)
    return any(base[:-length].endswith(parents) for length in (2, 3, 4))


def is_date(text: str) -> bool:
    """Whether a text says when something is to be done."""
    return bool(_DATE.search(text))


def has_task_number(text: str) -> bool:
    """Whether a text begins with a printed task number and goes on."""
    match = TASK_NUMBER.match(text)
    return bool(match) and match is not None and match.end() < len(text)


def score(role: str, text: str, reference: Reference, vocabulary: Vocabulary) -> float:
    """How well a text that is not blank fits a column of the role, from 0 to 1."""
    judge = _JUDGES.get(role)
    if judge is None:
        return 0.2 if has_task_number(text) else 0.55
    return judge(text, reference, vocabulary)


def _number_score(text: str, _reference: Reference, _vocabulary: Vocabulary) -> float:
    return 1.0 if numeral(text.strip("()（）.、 ")) is not None else 0.0


def _deadline_score(text: str, _reference: Reference, _vocabulary: Vocabulary) -> float:
    return 1.0 if is_date(text) and len(text) <= _MAX_LABEL else 0.2


def _leaders_score(text: str, reference: Reference, vocabulary: Vocabulary) -> float:
    return _mean(_leader_score(token, reference, vocabulary) for token in tokens(text))


def _units_score(text: str, reference: Reference, vocabulary: Vocabulary) -> float:
    return _mean(_unit_score(token, reference, vocabulary) for token in tokens(text))


def _mean(scores: Iterable[float]) -> float:
    values = list(scores)
    return sum(values) / len(values) if values else 0.0


def _leader_score(token: str, reference: Reference, vocabulary: Vocabulary) -> float:
    if vocabulary.is_leader(token):
        return 1.0
    if vocabulary.is_unit(token) or is_unit(token, reference.units):
        return 0.05
    if is_name(token, reference.names) or name_and_post(token, reference.names):
        return 0.9
    return 0.7 if is_post(token, reference.names) else 0.1


def _unit_score(token: str, reference: Reference, vocabulary: Vocabulary) -> float:
    if vocabulary.is_unit(token):
        return 1.0
    if vocabulary.is_leader(token):
        return 0.0
    if is_unit(token, reference.units):
        return 0.9
    if is_name(token, reference.names) or is_post(token, reference.names) or name_and_post(token, reference.names):
        return 0.1
    return 0.3 if len(token) <= 20 and not _SENTENCE.search(token) else 0.05


def _content_score(text: str, reference: Reference, vocabulary: Vocabulary) -> float:
    if has_task_number(text):
        return 1.0
    if len(text) > _MAX_LABEL or (len(text) >= 10 and _SENTENCE.search(text)):
        carriers = max(_units_score(text, reference, vocabulary), _leaders_score(text, reference, vocabulary))
        return 0.8 if carriers < FITS else 0.2
    return 0.15


def _label_score(text: str, reference: Reference, vocabulary: Vocabulary) -> float:
    if has_task_number(text) or numeral(text) is not None or len(text) > _MAX_LABEL or "。" in text:
        return 0.05
    leader = _leaders_score(text, reference, vocabulary)
    unit = _units_score(text, reference, vocabulary)
    return 0.2 if max(leader, unit) >= 0.85 else 0.85


_JUDGES: Mapping[str, Callable[[str, Reference, Vocabulary], float]] = {
    "number": _number_score,
    "category": _label_score,
    "content": _content_score,
    "leader": _leaders_score,
    "co_leader": _leaders_score,
    "person": _leaders_score,
    "lead": _units_score,
    "support": _units_score,
    "deadline": _deadline_score,
}
