"""Numbers as a sheet prints them (number formats: ISO/IEC 29500-1, 18.8.30 and 18.8.31)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache

_DATE, _TIME = 'yyyy"年"m"月"d"日"', "h:mm:ss"
#: What the numbers of built-in formats mean in a Chinese Excel.
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy/m/d", 15: "d-mmm-yy",
    16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: _TIME, 22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m/d/yy", 31: _DATE, 32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00", 45: "mm:ss", 49: "@", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"', 54: 'm"月"d"日"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[\$(?P<sign>[^\]-]*)[^\]]*\]|\[(?P<rule>[^\]]*)\]|(?P<general>General|G/通用格式)'
    r"|(?P<noon>AM/PM|上午/下午)|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|a{3,4})|(?P<exponent>[eE][+-])"
    r"|(?P<digits>[0#?.,]+)|(?P<other>.)",
    re.DOTALL,
)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_WEEK = "一二三四五六日"
#: Colours and languages change nothing about the text; conditions, elapsed times and Chinese numerals do.
_HARMLESS = re.compile(r"(black|blue|cyan|green|magenta|red|white|yellow|color\s*\d+|颜色\s*\d+)", re.IGNORECASE)
Token = tuple[str, str]


def printed(value: float, code: str, since_1904: bool = False) -> tuple[str, bool]:
    """A number in a format, and whether the format is understood; where not, it is printed like Excel's General."""
    sections = _sections(code)
    negative = value < 0
    chosen = 1 if negative and len(sections) > 1 else 2 if value == 0 and len(sections) > 2 else 0
    tokens = sections[chosen]
    kinds = {kind for kind, _ in tokens}
    text: str | None = None
    if kinds & {"exponent", "rule"}:
        pass
    elif "date" in kinds:
        text = _as_date(value, tokens, since_1904)
    elif "general" in kinds or "text" in kinds:
        text = "".join(
            _general(abs(value) if chosen else value) if kind != "literal" else said for kind, said in tokens
        )
    elif kinds == {"literal"}:
        text = "".join(said for _, said in tokens)
    elif "digits" in kinds:
        number = _as_number(abs(value), tokens)
        text = "-" + number if number and negative and not chosen else number
    return (text, True) if text else (_general(value), False)


def _general(value: float) -> str:
    """A number as Excel prints it when no format is set: 11 places at most."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return format(value, ".10g")


@lru_cache(maxsize=256)
def _sections(code: str) -> tuple[tuple[Token, ...], ...]:
    """The parts of a format for positive numbers, negative ones and zero, as tokens."""
    sections: list[list[Token]] = [[]]
    for match in _TOKEN.finditer(code or "General"):
        kind = match.lastgroup or ""
        said = match[kind] if kind else ""
        if kind == "other" and said == ";":
            sections.append([])
        elif kind in ("quoted", "escaped", "sign", "other"):
            special = (
                {"%": "percent", "@": "text", "/": "literal"}.get(said, "literal") if kind == "other" else "literal"
            )
            sections[-1].append((special, said))
        elif kind == "rule" and _HARMLESS.fullmatch(said):
            continue
        elif kind:
            sections[-1].append((kind, said))
    return tuple(map(tuple, sections))


def _as_number(value: float, tokens: tuple[Token, ...]) -> str:
    """A number in a format of digits; empty where there are several of them (a fraction, a telephone number)."""
    patterns = [said for kind, said in tokens if kind == "digits"]
    patterns = [said for said in patterns if set(said) & set("0#?")]
    if len(patterns) != 1:
        return ""
    pattern = patterns[0]
    value *= 100 ** sum(kind == "percent" for kind, _ in tokens)
    bare = pattern.rstrip(",")
    value /= 1000 ** (len(pattern) - len(bare))
    whole, _, decimals = bare.partition(".")
    least, most = decimals.count("0"), len(decimals)
    # Halves are rounded up, and 0.285 is meant as it is written, not as it is stored.
    text = f"{float(format(value, '.15g')) + 10 ** -(most + 9):.{most}f}"
    before, _, after = text.partition(".")
    after = after[:least] + after[least:].rstrip("0")
    before = before.zfill(whole.replace(",", "").count("0"))
    if "," in whole:
        before = f"{int(before):,}"
    number = before + ("." + after if after or ("." in bare and least) else "")
    return "".join(
        number if said == pattern else "%" if kind == "percent" else said if kind != "digits" else said.strip(",#?0")
        for kind, said in tokens
    )


def _as_date(value: float, tokens: tuple[Token, ...], since_1904: bool) -> str | None:
    """A day and a time; None where the number is none."""
    try:
        moment = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)
        # Excel takes 1900 for a leap year, so that days before March 1900 are one further on.
        moment += timedelta(days=value + (0 if since_1904 or value >= 61 else 1), microseconds=500)
    except OverflowError:
        return None
    if value < 0:
        return None
    noon = any(kind == "noon" for kind, _ in tokens)
    dates = [said.lower() for kind, said in tokens if kind == "date"]
    at = -1
    said = []
    for kind, text in tokens:
        if kind == "date":
            at += 1
            near = (dates[at - 1] if at else "")[:1], (dates[at + 1] if at + 1 < len(dates) else "")[:1]
            said.append(_part(moment, text.lower(), near[0] == "h" or near[1] == "s", noon))
        elif kind == "noon":
            names = text.split("/")
            said.append(names[moment.hour >= 12])
        else:
            said.append(text)
    return "".join(said)


def _part(moment: datetime, code: str, minutes: bool, noon: bool) -> str:
    """A part of a moment: yyyy, m, dd ..."""
    letter, width = code[0], len(code)
    if letter == "y":
        return str(moment.year) if width > 2 else f"{moment.year % 100:02}"
    if letter == "a":
        return ("星期" if width > 3 else "周") + _WEEK[moment.weekday()]
    if letter == "m" and not minutes and width > 2:
        return _MONTHS[moment.month - 1]
    hour = (moment.hour + 11) % 12 + 1 if noon else moment.hour
    number = {"m": moment.minute if minutes else moment.month, "d": moment.day, "h": hour, "s": moment.second}[letter]
    return f"{number:02}" if width > 1 else str(number)
