"""report.html: a release as a page for people, which opens from disk and needs no network; its pictures beside it.

Nothing of a document is ever markup: its texts stand in a JSON element and are put into the page as text. The
Content-Security-Policy lets nothing run but the page's own script, known by its hash.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from writers.release import Release
from writers.report.data import dumps, page_data

FILE = "report.html"
#: The identifiers of the elements that hold the data of the page and, where a server gives it, how to talk to it.
DATA, CONFIG = "fenjie-data", "fenjie-review"
_STATIC = Path(__file__).parent / "static"
#: In the order in which they need each other.
_SCRIPTS = (
    "dom", "model", "filters", "lazy", "tables", "source", "marks", "targets", "records", "doubts", "entries", "yaml",
    "forms", "pending", "server", "keys", "main",
)  # fmt: skip


def write(release: Release, _files: Mapping[str, bytes]) -> dict[str, bytes]:
    """``report.html`` and the pictures of the pages; no page for a release without a view of its source."""
    if release.view is None:
        return {}
    return {FILE: html(page_data(release)).encode(), **release.pictures}


def html(data: Mapping[str, Any], config: Mapping[str, Any] | None = None) -> str:
    """The page for the data that :func:`writers.report.data.page_data` makes.

    ``config`` is what a server tells the page (docs/review.md); without it the page offers corrections as a text.
    """
    import jinja2  # noqa: PLC0415  a run that publishes nothing needs no templates

    loader = jinja2.FileSystemLoader(_STATIC)
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    style, script = style_text(), script_text()
    return environment.get_template("report.html.j2").render(
        title=f"{data['document']['document_id']} 审阅",
        policy=policy(style, script),
        style=environment.filters["safe"](style),
        script=environment.filters["safe"](script),
        data=environment.filters["safe"](dumps(data)),
        config=environment.filters["safe"](dumps(config)) if config is not None else None,
        ids={"data": DATA, "config": CONFIG},
    )


def policy(style: str, script: str) -> str:
    """What the page may load and run: its own style and script, pictures from where it lies, requests to its server."""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src 'self' file:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def style_text() -> str:
    """The style sheet, as it stands in the page."""
    return "\n" + "\n".join((_STATIC / f"{name}.css").read_text(encoding="utf-8") for name in ("page", "review"))


@cache
def script_text() -> str:
    """The script, as it stands in the page: every file in one function, so that the page has no names of its own."""
    parts = [(_STATIC / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS]
    return '\n(() => {\n"use strict";\n' + "\n".join(parts) + "\n})();\n"
