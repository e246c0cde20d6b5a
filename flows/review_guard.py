"""Who may talk to the review server: only who was given the token, under the server's own name, from its own pages.

A server on loopback can be reached by every page that a browser of the machine shows. Such a page can send requests
(it can't read the answers), or can have its own name point at 127.0.0.1 and read them (DNS rebinding). Against the
first there are the token and the Origin, against the second the Host.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, Response

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

TOKEN_HEADER = "x-fenjie-token"
#: The largest request: thousands of entries have room.
MOST_BYTES = 4_000_000
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: For whatever brings no policy of its own.
_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_REFUSED = {
    "host": "This server answers only under the address that `fenjie review` printed.",
    "origin": "Requests of other pages are refused.",
    "token": "The token is missing or wrong. Open the address that `fenjie review` printed when it started.",
    "json": "Send JSON (Content-Type: application/json).",
    "size": "The request is too large.",
}


class Guard:
    """Wraps an application; what may not pass gets 403 (or 413, 415) and never reaches it.

    ``hosts`` are the names and ports under which the server may be asked for (127.0.0.1:8000).
    """

    def __init__(self, app: App, token: str, hosts: frozenset[str], port: int) -> None:
        self.app = app
        self.token = token
        self.hosts = hosts
        self.cookie = f"fenjie-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers = _headers(scope)
        answer = self._answer(scope, headers)
        await (answer or self.app)(scope, receive, _sealed(send))

    def _answer(self, scope: Scope, headers: dict[str, str]) -> Response | None:
        """What the guard itself answers; None for a request that may pass."""
        if headers.get("host", "") not in self.hosts:
            return _refused("host")
        origin = headers.get("origin")
        if origin is not None and origin not in {f"http://{host}" for host in self.hosts}:
            return _refused("origin")
        if scope["method"] not in ("GET", "HEAD"):
            return self._change(headers)
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token")
        if given:
            return self._entered(scope, given[-1])
        return None if self._knows(headers) else _refused("token")

    def _change(self, headers: dict[str, str]) -> Response | None:
        """A request that changes something needs the token in a header: other pages can't set one."""
        if headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return _refused("origin")
        if not self._is_token(headers.get(TOKEN_HEADER, "")):
            return _refused("token")
        if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            return _refused("json", 415)
        length = headers.get("content-length", "")
        return None if length.isdigit() and int(length) <= MOST_BYTES else _refused("size", 413)

    def _entered(self, scope: Scope, given: str) -> Response:
        """Give the cookie to who has the token, and go on without it: it must not stay in the address.

        This is a page and no redirection, since after one that began elsewhere (in a file, in a mail) browsers hold
        back a cookie of this kind.
        """
        if not self._is_token(given):
            return _refused("token")
        # The path was decoded: only what needs no encoding is sent on to.
        path = scope["path"] if scope["path"].replace("/", "").replace("-", "").isalnum() else "/"
        path = path if path.isascii() and not path.startswith("//") else "/"
        answer = HTMLResponse(
            '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>审阅</title>'
            f'<meta http-equiv="refresh" content="0;url={path}"></head>'
            f'<body><p><a href="{path}">继续</a></p></body></html>'
        )
        answer.set_cookie(self.cookie, self.token, httponly=True, samesite="strict", path="/")
        return answer

    def _knows(self, headers: dict[str, str]) -> bool:
        if self._is_token(headers.get(TOKEN_HEADER, "")):
            return True
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(self.cookie)
        except CookieError:
            return False
        return cookie is not None and self._is_token(cookie.value)

    def _is_token(self, given: str) -> bool:
        return secrets.compare_digest(given.encode("utf-8", "surrogatepass"), self.token.encode())


def _headers(scope: Scope) -> dict[str, str]:
    """The headers; one that comes twice is taken for none that could be trusted."""
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        headers[key] = f"{headers[key]}, {value.decode('latin-1')}" if key in headers else value.decode("latin-1")
    return headers


def _refused(why: str, status: int = 403) -> Response:
    return PlainTextResponse(_REFUSED[why], status)


def _sealed(send: Send) -> Send:
    """Answers with the headers that keep them out of caches and of other pages."""

    async def sealed(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
            headers.setdefault("Content-Security-Policy", _POLICY)
        await send(message)

    return sealed
