"""Two texts side by side for a terminal: what is the same is cut short, what differs is coloured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from rich.text import Text

#: Characters of what is the same that are shown before and behind a difference.
_CONTEXT = 12
#: Pieces that are the same but shorter than this only tear a difference apart.
_SHORTEST = 2
_ELLIPSIS = "…"
#: Texts that are less alike than this (0 to 1) are shown one after the other, each only so long.
_ALIKE, _LONG = 0.4, 120


def compared(old: str, new: str) -> Text:
    """What has to be taken away (red, in ``[-...-]``) and put in (green, in ``{+...+}``) to make ``new`` of ``old``.

    The marks stand there for those who see no colours.
    """
    result = Text()
    old, new = plain(old), plain(new)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    pieces = _pieces(old, new, matcher) if matcher.ratio() > _ALIKE else [("", _cut(old), _cut(new))]
    for number, (same, gone, come) in enumerate(pieces):
        result.append(_shortened(same, number > 0, number < len(pieces) - 1 or bool(gone or come)))
        if gone:
            result.append(f"[-{gone}-]", style="red")
        if come:
            result.append(f"{{+{come}+}}", style="green")
    return result


def compared_lists(old: Sequence[str], new: Sequence[str]) -> Text:
    """The same for lists: whole items go or come; an item that only moved goes and comes."""
    result = Text()
    for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            _add_items(result, old[start:end], "{}", None)
        else:
            _add_items(result, old[start:end], "[-{}-]", "red")
            _add_items(result, new[new_start:new_end], "{{+{}+}}", "green")
    return result


def compared_objects(old: Sequence[Mapping[str, object]], new: Sequence[Mapping[str, object]]) -> Text:
    """The same for lists of objects: of an object that stayed only the values that differ, behind its name."""
    if len(old) != len(new):
        return compared_lists([_words(item) for item in old], [_words(item) for item in new])
    result = Text()
    for number, (before, after) in enumerate(zip(old, new, strict=True), 1):
        if before == after:
            continue
        result.append(f"{'；' if result else ''}{number}: ")
        names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        for position, name in enumerate(names):
            result.append(f"{', ' if position else ''}{name} ")
            result.append_text(compared(*(str(item.get(name, "")) for item in (before, after))))
    return result


def _words(item: Mapping[str, object]) -> str:
    """An object in short: the words it was read from where it has them, else its values."""
    return str(item.get("phrase") or " ".join(str(value) for value in item.values()))


def plain(text: str) -> str:
    """The text on one line, without anything that a terminal would obey."""
    lines = "⏎".join(text.splitlines())
    return "".join(letter if letter.isprintable() or letter == "\u3000" else "�" for letter in lines)


def _add_items(result: Text, items: Sequence[str], form: str, style: str | None) -> None:
    for item in items:
        if result:
            result.append("、")
        result.append(form.format(plain(item)), style=style)


def _pieces(old: str, new: str, matcher: SequenceMatcher[str]) -> list[tuple[str, str, str]]:
    """The texts as triples: what is the same, then what goes and what comes behind it."""
    pieces: list[tuple[str, str, str]] = []
    same = gone = come = ""
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        is_short = end - start < _SHORTEST and end < len(old)
        if tag == "equal" and is_short and (gone or come):
            gone += old[start:end]
            come += new[new_start:new_end]
        elif tag == "equal":
            if same or gone or come:
                pieces.append((same, gone, come))
            same, gone, come = old[start:end], "", ""
        else:
            gone += old[start:end]
            come += new[new_start:new_end]
    return [*pieces, (same, gone, come)]


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else text[:_LONG] + _ELLIPSIS


def _shortened(text: str, is_behind: bool, is_before: bool) -> str:
    """A text that is the same: only its ends beside a difference, when it is long."""
    head = _CONTEXT if is_behind else 0
    tail = _CONTEXT if is_before else 0
    if len(text) <= head + tail + len(_ELLIPSIS):
        return text
    return text[:head] + _ELLIPSIS + (text[-tail:] if tail else "")
