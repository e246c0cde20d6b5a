"""Pages for people that are one file each: style and script inside, no network, nothing of a document as markup.

Templates escape every text. The Content-Security-Policy lets nothing run but the page's own script and nothing load
but what lies beside it, each known by its hash.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

_STATIC = Path(__file__).parent / "static"
#: What could end a script element inside a JSON text.
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def page(template: str, styles: Sequence[str], scripts: Sequence[str], values: Mapping[str, Any]) -> bytes:
    """The page that a template of static/ makes of the values; the same values give the same bytes.

    The template gets ``style`` and ``script`` (their texts), ``policy`` (the Content-Security-Policy) and the filter
    ``json``, for data inside a ``<script type="application/json">``.
    """
    environment = _environment()
    safe = environment.filters["safe"]
    style, script = _joined(tuple(styles)), _joined(tuple(scripts))
    own = {"style": safe(style), "script": safe(script), "policy": _policy(style, script)}
    text: str = environment.get_template(template).render(**values, **own)
    return text.encode()


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src 'self' file: data:; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def _environment() -> Any:
    import jinja2  # noqa: PLC0415  a run that writes no page needs no templates

    loader = jinja2.FileSystemLoader(_STATIC)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["json"] = lambda value: environment.filters["safe"](_json(value))
    return environment


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return "".join(_UNSAFE.get(character, character) for character in text) if _UNSAFE.keys() & set(text) else text


@cache
def _joined(names: tuple[str, ...]) -> str:
    return "\n" + "\n".join((_STATIC / name).read_text(encoding="utf-8") for name in names)


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
