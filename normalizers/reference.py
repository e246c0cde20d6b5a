"""What people know and edit, read from reference/: headings, names, organisations, reading rules.

Every loader returns plain frozen values and raises :class:`ReferenceDataError` with the file and what is wrong in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from normalizers.list_words import ListWords

#: The repository's own reference/ folder.
DEFAULT_DIR = Path(__file__).resolve().parent.parent / "reference"
_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ReferenceDataError(Exception):
    """A file in reference/ (or a sidecar) that can't be used; the message names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Names:
    """How people's names and posts look; see reference/names.yaml for each list."""

    surnames: frozenset[str]
    compound_surnames: frozenset[str]
    posts: tuple[str, ...]
    words: frozenset[str]
    post_starts: tuple[str, ...]
    post_characters: frozenset[str]
    duties: tuple[str, ...]
    memberships: tuple[str, ...]
    side_posts: tuple[str, ...]
    honorifics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitPatterns:
    """How organisations' names look, in any region."""

    endings: tuple[str, ...]
    soft_endings: tuple[str, ...]
    levels: tuple[str, ...]
    bare_endings: frozenset[str]
    places: tuple[str, ...]
    parents: frozenset[str]
    branches: Mapping[str, tuple[str, ...]]
    outlets: Mapping[str, tuple[str, ...]]
    words: tuple[str, ...]
    lists: ListWords


@dataclass(frozen=True, slots=True)
class RoleMarks:
    """Signs and words that say which part organisations have. ``shared``: what all of those named do together.

    ``openers`` are words before the one who leads (由), ``beside`` those between him and those who support (会同),
    ``joint`` beginnings of words that speak of several (共同牵头).
    """

    lead_signs: tuple[str, ...]
    lead: tuple[str, ...]
    support: tuple[str, ...]
    shared: tuple[str, ...]
    openers: tuple[str, ...]
    beside: tuple[str, ...]
    joint: tuple[str, ...]

    @classmethod
    def of(cls, data: Mapping[str, list[str]]) -> RoleMarks:
        """The marks of a mapping as in reference/reading_rules.yaml, long words first. KeyError where it lacks one."""
        names = ("lead_signs", "lead", "support", "shared", "openers", "beside", "joint")
        return cls(*(tuple(sorted(data[name], key=len, reverse=True)) for name in names))


#: How categories can be numbered; normalizers/category_numbers.py has their patterns.
NUMBER_FORMS = ("words", "parts", "bracketed", "digits", "bracketed_digits", "letters", "roman")


@dataclass(frozen=True, slots=True)
class NumberForms:
    """How categories are numbered: the forms of the first level, of the second, and those that stand for either."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    either: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """How a publisher's tables are read where they leave it open; see reference/reading_rules.yaml.

    ``headings`` are more words with their meaning, ``separators`` more signs between names.
    """

    blank_continues: frozenset[str]
    ruled_blank_continues: frozenset[str]
    ruled_blank_follows: frozenset[str]
    ruled_blank_together: frozenset[str]
    responsible_beside_lead: str
    responsible_alone: str
    empty_marks: frozenset[str]
    ditto_marks: frozenset[str]
    role_marks: RoleMarks
    headings: tuple[tuple[str, str], ...]
    first_leads: frozenset[str]
    separators: str
    numbers_restart: bool
    category_numbers: NumberForms


@dataclass(frozen=True, slots=True)
class Reference:
    """Everything that does not depend on the document. ``directory`` is where it was read from."""

    directory: Path
    headings: Mapping[str, str]
    levels: tuple[str, ...]
    names: Names
    units: UnitPatterns
    rules: Mapping[str, ReadingRules]

    def rules_for(self, publisher: str | None) -> ReadingRules:
        """The reading rules of a publisher, the default ones for others."""
        return self.rules.get(publisher or "", self.rules[""])

    def of_publisher(self, publisher: str | None) -> Reference:
        """The same with the heading words of a publisher: they go before those of everybody."""
        own = self.rules_for(publisher).headings
        return replace(self, headings={**self.headings, **dict(own)}) if own else self


def load_yaml(path: Path) -> Any:
    """The content of a YAML file. Raises :class:`ReferenceDataError` when it is missing or no YAML."""
    return parse_yaml(read_text(path), path)


def read_text(path: Path) -> str:
    """The text of a file. Raises :class:`ReferenceDataError` when it is missing or no UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ReferenceDataError(f"{path}: can't be opened ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ReferenceDataError(f"{path}: is not UTF-8 text. Save it as UTF-8") from error


def parse_yaml(text: str, path: Path) -> Any:
    """The data of a text of YAML. Raises :class:`ReferenceDataError`, which names ``path``, where it is none."""
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise ReferenceDataError(f"{path}{where}: is no valid YAML ({getattr(error, 'problem', error)})") from error


@cache
def load(directory: Path = DEFAULT_DIR) -> Reference:
    """The reference data of a folder. Raises :class:`ReferenceDataError`."""
    headings = load_yaml(directory / "headings.yaml")
    names = load_yaml(directory / "names.yaml")
    units = load_yaml(directory / "organisations" / "patterns.yaml")
    rules = load_yaml(directory / "reading_rules.yaml")
    try:
        return Reference(
            directory,
            _meanings(directory / "headings.yaml", headings["roles"]),
            tuple(headings["levels"]),
            Names(
                frozenset("".join(names["surnames"].split())),
                frozenset(names["compound_surnames"]),
                tuple(names["posts"]),
                frozenset(names["words"]),
                tuple(names["post_starts"]),
                frozenset(names["post_characters"]),
                tuple(names["duties"]),
                tuple(names["memberships"]),
                tuple(names["side_posts"]),
                tuple(names["honorifics"]),
            ),
            UnitPatterns(
                tuple(units["endings"]),
                tuple(units["soft_endings"]),
                tuple(units["levels"]),
                frozenset(units["bare_endings"]),
                tuple(units["places"]),
                frozenset(units["parents"]),
                _tuples(units["branches"]),
                _tuples(units["outlets"]),
                tuple(units["words"]),
                ListWords.of(units["lists"]),
            ),
            _all_rules(directory / "reading_rules.yaml", rules),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ReferenceDataError(f"{directory}: a file lacks {error} or has it in another form") from error


def _tuples(lists: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(values) for key, values in lists.items()}


def _meanings(path: Path, roles: dict[str, list[Any]]) -> dict[str, str]:
    """The role of each heading; a heading that is no text, or has two meanings, is refused."""
    meanings: dict[str, str] = {}
    for role, words in roles.items():
        for word in words:
            if not isinstance(word, str):
                raise ReferenceDataError(f"{path}: {word!r} under {role} is no text; put it in quotation marks")
            if meanings.setdefault(word, role) != role:
                raise ReferenceDataError(f"{path}: {word} stands under {meanings[word]} and under {role}")
    return meanings


def _all_rules(path: Path, data: Mapping[str, Any]) -> dict[str, ReadingRules]:
    """The rules of each publisher, those of everybody under the empty name; a key that means nothing is refused."""
    default = data["default"]
    rules = {"": _rules(path, default)}
    for publisher, own in (data["publishers"] or {}).items():
        if not isinstance(own, dict) or not own.keys() <= default.keys():
            known = ", ".join(default)
            raise ReferenceDataError(f"{path}: {publisher} needs some of the keys {known}, not {own!r}")
        try:
            rules[str(publisher)] = _rules(path, default | own)
        except (KeyError, TypeError, AttributeError) as error:
            raise ReferenceDataError(f"{path}: {publisher} lacks {error} or has it in another form") from error
    return rules


def _rules(path: Path, merged: dict[str, Any]) -> ReadingRules:
    separators = [str(sign) for sign in merged["separators"]]
    if any(len(sign) != 1 for sign in separators):
        raise ReferenceDataError(f"{path}: separators are single signs, not {separators}")
    levels = merged["category_numbers"]
    if levels.keys() != {"first", "second", "either"}:
        raise ReferenceDataError(f"{path}: category_numbers needs first, second and either, not {', '.join(levels)}")
    forms = NumberForms(tuple(levels["first"]), tuple(levels["second"]), tuple(levels["either"]))
    if unknown := {*forms.first, *forms.second, *forms.either} - set(NUMBER_FORMS):
        raise ReferenceDataError(f"{path}: category_numbers has forms that are not known: {', '.join(sorted(unknown))}")
    return ReadingRules(
        frozenset(merged["blank_continues"]),
        frozenset(merged["ruled_blank_continues"]),
        frozenset(merged["ruled_blank_follows"]),
        frozenset(merged["ruled_blank_together"]),
        merged["responsible_beside_lead"],
        merged["responsible_alone"],
        frozenset(merged["empty_marks"]),
        frozenset(merged["ditto_marks"]),
        RoleMarks.of(merged["role_marks"]),
        tuple(_meanings(path, merged["headings"] or {}).items()),
        frozenset(merged["first_leads"]),
        "".join(separators),
        bool(merged["numbers_restart"]),
        forms,
    )


def fingerprint(directory: Path = DEFAULT_DIR, leave_out: str | None = None) -> str:
    """SHA-256 over every file of the folder: changes whenever a person edits what they know.

    ``leave_out`` names a folder in it that does not count.
    """
    digest = hashlib.sha256()
    for path in sorted(directory.rglob("*.yaml")):
        if leave_out is not None and path.is_relative_to(directory / leave_out):
            continue
        digest.update(path.relative_to(directory).as_posix().encode())
        digest.update(b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
