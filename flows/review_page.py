"""The pages of the review server that are no report: the list of documents, and what can't be shown."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup

from flows.review_documents import Listed

_STATIC = Path(__file__).parent / "static"
_STATES = {"held_back": "暂缓发布", "unreadable": "不能读取", "new": "未入库", "published": "已发布"}


def list_page(listed: Sequence[Listed]) -> str:
    """The list of documents as HTML: those that wait for somebody, then those without doubts."""
    settled = [item for item in listed if item.state == "published" and not item.n_open]
    waiting = [item for item in listed if item not in settled]
    return _template().render(style=_style(), states=_STATES, waiting=waiting, settled=settled, problem=None)


def problem_page(text: str) -> str:
    """What stands in the way, with the way back to the list."""
    return _template().render(style=_style(), states=_STATES, waiting=[], settled=[], problem=text)


def list_policy() -> str:
    """What these pages may load: nothing but their own style."""
    digest = base64.b64encode(hashlib.sha256(str(_style()).encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@cache
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(_STATIC)
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.get_template("review.html.j2")


@cache
def _style() -> Markup:
    return Markup("\n" + (_STATIC / "review.css").read_text(encoding="utf-8"))
