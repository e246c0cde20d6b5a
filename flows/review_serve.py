"""The review server: started on a free port of this machine, its address printed and opened, ended by Ctrl-C."""

from __future__ import annotations

import ipaddress
import os
import secrets
import socket
import sys
import tempfile
import threading
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from rich.console import Console

from flows.discover import UsageError
from flows.review_app import Desk, application
from flows.review_documents import find
from flows.review_guard import Guard
from normalizers.reference import DEFAULT_DIR
from validators.validate import preload

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
#: Seconds that a browser has to fetch the file that leads it to the server.
_OPENING = 30.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen; port 0 takes a free one. ``public`` allows an address that others can reach."""

    host: str
    port: int
    public: bool = False


def serve(
    document_id: str | None,
    raw: Path,
    outputs: Path,
    database: str | None,
    address: Address,
    *,
    browser: bool,
    console: Console,
) -> None:
    """Serve until Ctrl-C. Raises :class:`UsageError` when there is no such document or the address can't be had."""
    desk = Desk(raw, outputs, DEFAULT_DIR, secrets.token_urlsafe(32), database)
    with _listening(address) as listening:
        port = listening.getsockname()[1]
        if document_id is not None:
            find(document_id, desk.listed())
        with console.status("reading"):
            judging = threading.Thread(target=preload, name="preload")
            judging.start()  # Great Expectations takes seconds to import, and so may reading a file
            try:
                path = "/" if document_id is None else f"/d/{desk.review(document_id).document_id}/"
            finally:
                judging.join()
        url = f"http://{_in_url(address.host)}:{port}{path}?token={desk.token}"
        console.print(f"Review: {url}", soft_wrap=True, markup=False)
        if not _is_loopback(address.host):
            console.print(
                "Others can reach this address: whoever has it can read, write corrections and publish. "
                "It is not encrypted; do not use it in a network that you don't trust.",
                style="bold yellow",
                soft_wrap=True,
            )
        console.print("Ctrl-C ends it.")
        guard = Guard(application(desk), desk.token, _hosts(address.host, port), port)
        with _opened(url) if browser else nullcontext():
            _run(guard, listening)
        console.print("Ended.")


def _run(guard: Guard, listening: socket.socket) -> None:
    """Run the server; nothing is logged, since an address has the token in it."""
    config = uvicorn.Config(
        guard,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=3,
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])


@contextmanager
def _listening(address: Address) -> Iterator[socket.socket]:
    """A socket that listens there. An address that others reach has to be asked for, and one of its own."""
    if not _is_loopback(address.host):
        if not address.public:
            raise UsageError(
                f"{address.host} can be reached from other machines: whoever has the token could read the documents, "
                "write corrections and publish. If you want that, add --beyond-this-machine"
            )
        if address.host in ("0.0.0.0", "::", ""):
            raise UsageError("name the one address or host name under which others reach this machine, not all of them")
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise UsageError(f"{address.host} is no address to listen at ({error})") from error
    with listening:
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(place)
            listening.listen(64)
        except OSError as error:
            raise UsageError(
                f"can't listen at {address.host}:{address.port} ({error.strerror}). Give another --port"
            ) from error
        yield listening


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _hosts(host: str, port: int) -> frozenset[str]:
    """What a browser may say in Host; it leaves out the port of the web."""
    names = {_in_url(host), *(map(_in_url, _LOOPBACK) if _is_loopback(host) else ())}
    return frozenset({f"{name}:{port}" for name in names} | (names if port == 80 else set()))


@contextmanager
def _opened(url: str) -> Iterator[None]:
    """Open an address in the person's browser, if there is one with windows.

    The browser is given a file that only this person can read and that leads on: an address in the browser's command
    line, with the token in it, could be read by every user of the machine.
    """
    if not _has_windows():
        yield
        return
    with tempfile.TemporaryDirectory(prefix="fenjie-review-") as folder:
        page = Path(folder) / "review.html"
        page.touch(mode=0o600)
        page.write_text(leading_page(url), encoding="utf-8")
        threading.Thread(target=_open, args=(page,), daemon=True).start()
        yield


def leading_page(url: str) -> str:
    """A page that leads on to an address."""
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>审阅</title>'
        f'<meta http-equiv="refresh" content="0;url={url}"></head><body></body></html>'
    )


def _has_windows() -> bool:
    """Whether a browser would open in a window; one for terminals would take the terminal away from the server."""
    named = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    return named or sys.platform in ("darwin", "win32")


def _open(page: Path) -> None:
    with suppress(webbrowser.Error):
        webbrowser.open(page.as_uri())
    time.sleep(_OPENING)
    with suppress(OSError):
        page.unlink(missing_ok=True)
