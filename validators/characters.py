"""Characters that nobody printed. Cheap to import."""

from __future__ import annotations

import re

# Controls; soft hyphens, zero-width, direction and other invisible marks; noncharacters and the replacement
# character; lone surrogates; private use. Line breaks are controls as well: a published value is one line.
_UNREADABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff0-\uffff"
    "\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]"
)


def unreadable(value: object) -> str | None:
    """The first character of a text that nobody printed."""
    found = _UNREADABLE.search(value) if isinstance(value, str) else None
    return found.group() if found else None


def visible(text: str) -> str:
    """The text with such characters written out, for messages: ``[U+FFFD]``."""
    return _UNREADABLE.sub(lambda found: f"[U+{ord(found.group()):04X}]", text)


def is_text(value: str) -> bool:
    """Whether a string can be written at all: UTF-8 has no halves of surrogate pairs."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def escaped(value: str) -> bytes:
    """A string that cannot be written, as bytes in which what is no character is spelt out: ``\\ud842``."""
    return value.encode(errors="backslashreplace")
