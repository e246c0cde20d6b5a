"""What a text about a person could be: a name, a post, or both in one (副区长张三)."""

from __future__ import annotations

import re

from normalizers.reference import Names
from normalizers.text import HAN, split_outside_brackets, strip_brackets

_NAME_CHARS = re.compile(rf"[{HAN}][{HAN}·•]*")
#: The dots of names of more than one part, as printed.
_DOTS = re.compile("[•・‧∙⋅･]")
_MAX_POST = 24
_LISTED = "、，,；;"


def fold_dots(name: str) -> str:
    """A name with the dot between its parts in one form: 阿卜杜拉•买买提 is 阿卜杜拉·买买提."""
    return _DOTS.sub("·", name)


def is_name(token: str, names: Names) -> bool:
    """Whether a token looks like a person's name: a family name and one or two characters."""
    if not _NAME_CHARS.fullmatch(token) or token in names.words:
        return False
    if "·" in token or "•" in token:
        return 4 <= len(token) <= 15
    if token[:2] in names.compound_surnames:
        return 3 <= len(token) <= 4
    return token[0] in names.surnames and 2 <= len(token) <= 3


def is_post(token: str, names: Names) -> bool:
    """Whether a token is a post that stands in place of a name: 分管副省长."""
    return 2 < len(token) <= 14 and token.endswith(names.posts)


def is_title(text: str, names: Names) -> bool:
    """Whether a text is a post, or several in a list, and no name: 区长, 区委常委、副区长. 王家长 may be a name."""
    parts = split_outside_brackets(text, _LISTED)
    return bool(parts) and all(_is_title(part, names) for part in parts)


def _is_title(text: str, names: Names) -> bool:
    text = strip_brackets(text)[0]  # 副区长（挂职）
    if not 2 <= len(text) <= _MAX_POST or not text.endswith(names.posts) or not _NAME_CHARS.fullmatch(text):
        return False
    # 长 ends names as well as posts, the other ends are words.
    return not (is_name(text, names) and text.endswith("长") and text[-2:] not in names.words)


def name_and_post(entry: str, names: Names) -> tuple[str, str] | None:
    """The name and the post of one entry: 副区长张三, 张三副区长, 张三（副区长）, 组长：张三; else None."""
    before, colon, behind = entry.partition("：")
    if colon:
        return (behind, before) if is_title(before, names) and is_name(behind, names) else None
    base, bracket = strip_brackets(entry)
    if bracket is not None:
        if is_name(base, names) and is_title(bracket, names):
            return base, bracket
        if is_title(base, names) and is_name(bracket, names):
            return bracket, base
        return None
    if is_name(entry, names) and "·" not in entry:
        return None
    return _post_first(entry, names) or _name_first(entry, names)


def _post_first(entry: str, names: Names) -> tuple[str, str] | None:
    """副区长张三."""
    for at in range(len(entry) - 2, max(1, len(entry) - 16), -1):
        post, name = entry[:at], entry[at:]
        if _is_sure_name(name, names) and not name.endswith(names.posts) and is_title(post, names):
            return name, post
    return None


def _name_first(entry: str, names: Names) -> tuple[str, str] | None:
    """张三副区长."""
    for at in range(2, min(len(entry) - 1, 16)):
        name, post = entry[:at], entry[at:]
        if post.startswith(names.post_starts) and _is_sure_name(name, names) and is_title(post, names):
            return name, post
    return None


def _is_sure_name(text: str, names: Names) -> bool:
    """Whether a part of a text is a name, and no beginning of a post (常务副)."""
    return is_name(text, names) and not names.post_characters & set(text[1:])
