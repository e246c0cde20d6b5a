"""Numerals: 1,200.5 and 二百五十, as exact numbers."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

#: Digits, letters and signs of full width to those of half width, one for one.
HALF_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
HALF_WIDTH |= {ord(wide): ord(half) for wide, half in zip("％．－＋／＜＞＝", "%.-+/<>=", strict=True)}
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}
#: Characters of Chinese numerals; 万 and 亿 inside a numeral are followed by more of it.
HAN_DIGITS = "零〇一二两三四五六七八九十百千"


def number_of(text: str) -> Decimal | None:
    """The number that Arabic digits or a Chinese numeral say, None for what is no numeral (一二, 百十)."""
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return _han(text)


def _han(text: str) -> Decimal | None:
    for sign, factor in (("亿", 10**8), ("万", 10**4)):
        head, found, rest = text.partition(sign)
        if found:
            high, low = _han(head), _han(rest.lstrip("零")) if rest else Decimal(0)
            return None if high is None or low is None else high * factor + low
    total, digit, last = 0, None, 10**4
    for char in text:
        if char in _POWERS:
            if _POWERS[char] >= last or (digit is None and total):
                return None
            last = _POWERS[char]
            total, digit = total + (1 if digit is None else digit) * last, None
        elif char not in _DIGITS or (digit is not None and digit != 0):
            return None
        else:
            digit = _DIGITS[char]
    return Decimal(total + (digit or 0)) if text else None
