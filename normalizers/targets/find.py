"""The targets of a text: what a task commits to, after docs/targets.md."""

from __future__ import annotations

from decimal import Decimal

from normalizers.records import Target
from normalizers.targets.context import due_of, modality_of, period_of
from normalizers.targets.grammar import grammar_of
from normalizers.targets.metrics import Named
from normalizers.targets.numeric import numeric_targets
from normalizers.targets.roles import assign
from normalizers.targets.said import Said, said_targets
from normalizers.targets.tokens import Scan, scan
from normalizers.targets.unclear import unclear_numbers
from normalizers.targets.words import TargetWords


def find_targets(content: str, words: TargetWords, year: int | None) -> tuple[Target, ...]:
    """The targets of the text of a task, in the order in which their words end.

    ``year`` is that of the document: it dates words like 年内 and tells what lies behind (2025年完成300家). ``start``
    and ``end`` of a target are characters of ``content``; numbers are never shared by two targets, words may be
    (城镇、农村收入分别增长5%、6%). A text without a commitment has none.
    """
    return read_targets(content, words, year)[0]


def read_targets(content: str, words: TargetWords, year: int | None) -> tuple[tuple[Target, ...], tuple[str, ...]]:
    """The targets of a text as :func:`find_targets` gives them, and what is to be said of numbers that are unclear."""
    tokens = scan(content, grammar_of(words))
    assign(tokens, year)
    words_only = said_targets(tokens)
    said = [(one.position, _said(tokens, one, year)) for one in words_only]
    named = [Named(one.position, one.end, target.metric) for one, (_, target) in zip(words_only, said, strict=True)]
    found = [*said, *numeric_targets(tokens, year, named)]
    targets = tuple(target for _, target in sorted(found, key=lambda pair: (pair[1].end, pair[0])))
    return targets, tuple(unclear_numbers(tokens))


def _said(tokens: Scan, said: Said, year: int | None) -> Target:
    number = said.number
    base = tokens.grammar.words.units.base(number.unit) if number else None
    value: Decimal | None = number.value if number else None
    start = min(said.metric[0], said.position)
    if tokens.text[said.metric[1] : said.position].strip(" ") and any(
        m in tokens.text[said.metric[1] : said.position] for m in "，。；"
    ):
        start = said.position
    scope = period_of(tokens, said.position)
    return Target(
        kind=said.kind,
        metric="".join(tokens.text[said.metric[0] : said.metric[1]].split()),
        comparator="relative" if said.kind == "relative" else None,
        value=value,
        upper=number.upper if number else None,
        baseline=None,
        unit=number.printed if number else None,
        base_value=value * base[1] if value is not None and base else None,
        base_upper=number.upper * base[1] if number and number.upper is not None and base else None,
        base_unit=base[0] if base else None,
        change=None,
        modality=modality_of(tokens, said.at or said.position),
        scope=scope,
        due=due_of(tokens, scope, year),
        reference=said.reference,
        phrase=tokens.text[start : said.end],
        start=start,
        end=said.end,
    )
