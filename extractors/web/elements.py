"""What the elements of a page mean for its text: which end a line, which are not shown, which are struck out."""

from __future__ import annotations

import re

from lxml import etree

#: Elements whose content is no text of the page.
UNSEEN = frozenset({
    "script", "style", "template", "noscript", "head", "title", "object", "applet", "audio", "video", "canvas",
    "svg", "math", "iframe", "rp", "rt", "colgroup", "col", "datalist", "button",
})  # fmt: skip
#: Elements that begin on a new line (WHATWG HTML, 15.3.3), cells and rows among them.
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hgroup", "hr", "html", "legend", "li", "listing", "main", "menu", "nav", "ol", "optgroup", "option",
    "p", "plaintext", "pre", "search", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
    "ul", "xmp",
})  # fmt: skip
#: Elements whose line breaks are shown.
PREFORMATTED = frozenset(["pre", "listing", "plaintext", "xmp", "textarea"])
_STRUCK = frozenset(["s", "del", "strike"])
_NOT_TYPED = frozenset(["hidden", "submit", "reset", "button", "image", "checkbox", "radio", "file", "password"])

_GONE = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_INVISIBLE = re.compile(r"visibility\s*:\s*(hidden|collapse)", re.IGNORECASE)
_STRUCK_STYLE = re.compile(r"text-decoration(-line)?\s*:[^;]*line-through", re.IGNORECASE)


def tag_of(element: etree._Element) -> str:
    """The name of an element in small letters; none of a comment."""
    return element.tag.lower() if isinstance(element.tag, str) else ""


def is_gone(element: etree._Element) -> bool:
    """Whether an element is not there for whoever sees the page: it takes no place."""
    return element.get("hidden") is not None or bool(_GONE.search(element.get("style") or ""))


def is_hidden(element: etree._Element) -> bool:
    """Whether an element is not seen, be it that its place is left blank."""
    return is_gone(element) or bool(_INVISIBLE.search(element.get("style") or ""))


def is_struck(element: etree._Element) -> bool:
    """Whether the text of an element is struck out."""
    return tag_of(element) in _STRUCK or bool(_STRUCK_STYLE.search(element.get("style") or ""))


def typed(element: etree._Element) -> str:
    """What stands in a field of a form."""
    tag = tag_of(element)
    if tag == "input" and (element.get("type") or "text").lower() not in _NOT_TYPED:
        return element.get("value") or ""
    if tag == "select":
        options = list(element.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None] or options[:1]
        return "、".join("".join(map(str, option.itertext())).strip() for option in chosen)
    return ""


def span_of(element: etree._Element, name: str, most: int) -> int:
    """The span that a cell declares: 1 where it is no number; 0 (to the end of the section) only for rows."""
    match = re.match(r"\s*\+?(\d{1,6})", element.get(name) or "")
    if match is None:
        return 1
    span = int(match[1])
    return min(span, most) if span or name == "rowspan" else 1
