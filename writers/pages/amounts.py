"""Amounts in base units as people write them: 70000000000 CNY is 700亿元."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from normalizers.targets.words import load_words

_WAN, _YI = Decimal(10_000), Decimal(100_000_000)


def amount(value: float | None, upper: float | None = None, unit: str | None = None, sign: bool = False) -> str:
    """The amount with its unit; a range with both ends; "" for None. ``sign`` puts a plus before positive numbers."""
    if value is None:
        return ""
    number = Decimal(str(value))
    factor, power = (_YI, "亿") if abs(number) >= _YI else (_WAN, "万") if abs(number) >= _WAN else (Decimal(1), "")
    ends = [_plain(number / factor, sign)]
    if upper is not None:
        ends.append(_plain(Decimal(str(upper)) / factor, sign))
    return "–".join(ends) + power + _unit(unit)


def _plain(number: Decimal, sign: bool) -> str:
    text = f"{number:+.4f}" if sign else f"{number:.4f}"
    text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−")


def _unit(unit: str | None) -> str:
    """The printed form of a base unit: ug/m3 is 微克/立方米."""
    return "/".join(_printed().get(part, part) for part in unit.split("/")) if unit else ""


@cache
def _printed() -> dict[str, str]:
    printed: dict[str, str] = {}
    for word, (base, factor) in load_words().units.quantities.items():
        if factor == 1:
            printed.setdefault(base, word)
    return printed
