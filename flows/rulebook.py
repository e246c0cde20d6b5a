"""Renders docs/rules.md from the two catalogues of rules: ``python -m flows.rulebook`` writes it."""

from __future__ import annotations

from pathlib import Path

from flows.fingerprint import ROOT
from normalizers.rules import RULES as READING
from normalizers.rules import Rule
from validators.rules import RULES as JUDGING

PAGE = Path("docs/rules.md")
_INTRO = """# Rules: what can be in doubt

Every doubt is a row of `issues` with the name of its rule. `critical` holds a document back, `warning` may be a wrong
value, `info` is worth knowing. This page is made from the code: `make docs`.
"""


def markdown() -> str:
    """The page: the rules of reading, then those that only validation raises, the gravest first."""
    judging = {name: rule for name, rule in JUDGING.items() if name not in READING}
    return "\n".join(
        [
            _INTRO,
            "## Raised while reading and by `fenjie extract`\n",
            *_table(READING),
            "\n## Raised by validation alone\n",
            *_table(judging),
            "",
        ]
    )


def _table(rules: dict[str, Rule]) -> list[str]:
    order = ("critical", "warning", "info")
    rows = sorted(rules.items(), key=lambda item: order.index(item[1].severity))
    return [
        "| rule | severity | what it means | what to do |",
        "| --- | --- | --- | --- |",
        *(f"| `{name}` | {rule.severity} | {rule.meaning} | {rule.advice} |" for name, rule in rows),
    ]


def main() -> None:
    """Write the page."""
    (ROOT / PAGE).write_text(markdown(), encoding="utf-8")


if __name__ == "__main__":
    main()
