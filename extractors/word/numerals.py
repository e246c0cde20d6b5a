"""The numerals of automatic numbering: ``w:numFmt`` (ISO/IEC 29500-1, 17.18.59)."""

from __future__ import annotations

_DIGITS, _LEGAL_DIGITS = "零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"
_POWERS, _LEGAL_POWERS = ("", "十", "百", "千"), ("", "拾", "佰", "仟")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
#: Series of single characters: the first one, and how many there are.
_SERIES = {
    "decimalEnclosedCircle": ("①", 20),
    "decimalEnclosedCircleChinese": ("①", 20),
    "decimalEnclosedParen": ("⑴", 20),
    "decimalEnclosedFullstop": ("⒈", 20),
    "ideographEnclosedCircle": ("㊀", 10),
}
_LISTS = {"ideographTraditional": "甲乙丙丁戊己庚辛壬癸", "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥"}
_CHINESE = (
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand",
    "ideographLegalTraditional", "koreanCounting",
)  # fmt: skip
_ROMAN_MOST, _LETTERS_MOST, _CHINESE_MOST = 3999, 780, 9999


def numeral(count: int, form: str) -> str:
    """A number as Word prints it; what has no such numeral is printed in digits."""
    if form in ("none", "bullet"):
        return ""
    return (_foreign(count, form) if count > 0 else None) or _decimal(count, form)


def _decimal(count: int, form: str) -> str:
    digits = str(count)
    if form == "decimalZero":
        return digits.zfill(2)
    if form.startswith("0"):  # a form of one's own: 001, 002
        return digits.zfill(len(form))
    if form == "decimalFullWidth":
        return digits.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
    if form == "numberInDash":
        return f"- {digits} -"
    return digits


def _foreign(count: int, form: str) -> str | None:
    if form in _SERIES:
        first, most = _SERIES[form]
        return chr(ord(first) + count - 1) if count <= most else None
    if form in _LISTS:
        return _LISTS[form][(count - 1) % len(_LISTS[form])]
    if form == "ideographDigital":
        return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(count))
    if form in _CHINESE and count <= _CHINESE_MOST:
        return chinese(count)
    if form == "chineseLegalSimplified" and count <= _CHINESE_MOST:
        return _spoken(count, _LEGAL_DIGITS, _LEGAL_POWERS)
    if form.endswith("Roman") and count <= _ROMAN_MOST:
        return _cased(_roman(count), form)
    if form.endswith("Letter") and count <= _LETTERS_MOST:
        return _cased(chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1), form)
    return None


def chinese(count: int) -> str:
    """A number from 1 to 9999 in Chinese: 十二, 一百零五."""
    text = _spoken(count, _DIGITS, _POWERS)
    return text[1:] if text.startswith("一十") else text


def _spoken(count: int, digits: str, powers: tuple[str, ...]) -> str:
    text = ""
    for power in range(len(powers) - 1, -1, -1):
        digit = count // 10**power % 10
        if digit:
            text += digits[digit] + powers[power]
        elif text and not text.endswith(digits[0]):
            text += digits[0]
    return text.rstrip(digits[0])


def _roman(count: int) -> str:
    text = ""
    for amount, letters in _ROMAN:
        text += letters * (count // amount)
        count %= amount
    return text


def _cased(text: str, form: str) -> str:
    return text.upper() if form.startswith("upper") else text
