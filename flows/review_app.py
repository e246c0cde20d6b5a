"""The application behind ``fenjie review``: a list of documents, and the report page of each with a way to save.

docs/review.md has the protocol. Nothing is served by a path of the file system: pages and pictures come from memory.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from flows.corrections_file import FileChangedError, RefusedError
from flows.corrections_text import parse
from flows.discover import UsageError
from flows.review_document import DocumentReview, State, Wish
from flows.review_documents import Listed, documents, find
from flows.review_page import list_page, list_policy, problem_page
from flows.review_release import run_ingest
from normalizers.reference import fingerprint
from writers.report.data import dumps
from writers.report.page import html, policy, script_text, style_text
from writers.report.words import RULES

_CHANGED = "更正文件已被改动（另一窗口或编辑器），没有写入任何内容。页面已更新，待存的仍在，请核对后再保存"
#: So many documents stay in memory.
_OPEN = 8
_OUTDATED = "reference/ 中其他文件已改动：请重新启动 fenjie review，才会按新内容读取"


@dataclass(slots=True)
class Desk:
    """What the server works on: folders, the address of the database, and the documents that were opened."""

    raw: Path
    outputs: Path
    reference: Path
    token: str
    database: str | None = None
    reviews: dict[str, DocumentReview] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _knowledge: str = ""

    def listed(self) -> list[Listed]:
        """The documents of raw/ as they are now."""
        return documents(self.raw, self.outputs, self.reference)

    def review(self, document_id: str) -> DocumentReview:
        """The review of a document; the first call reads its file. Raises :class:`UsageError`.

        A file that changed in raw/ is read again. The documents that were looked at last stay in memory.
        """
        with self._lock:
            known = self.reviews.pop(document_id, None)
            if known is None or not known.is_current():
                self._knowledge = self._knowledge or knowledge(self.reference)
                known = DocumentReview(find(document_id, self.listed()).source, self.reference)
            self.reviews[document_id] = known
            if len(self.reviews) > _OPEN:
                del self.reviews[next(iter(self.reviews))]
            return known

    def problems(self) -> list[str]:
        """What a reviewer should know: that people's knowledge is another one than the server started with."""
        return [_OUTDATED] if self._knowledge and knowledge(self.reference) != self._knowledge else []


def knowledge(reference: Path) -> str:
    """A hash over the reference data without the corrections, which the server looks at itself."""
    return fingerprint(reference, leave_out="corrections")


def application(desk: Desk) -> Starlette:
    """The application, still without the guard."""
    base = "/d/{document_id}"
    app = Starlette(
        routes=[
            Route("/", _index),
            Route(f"{base}/", _page),
            Route(f"{base}/data", _data),
            Route(f"{base}/pages/{{name}}", _picture),
            Route(f"{base}/corrections", _corrections, methods=["POST"]),
            Route(f"{base}/undo", _undo, methods=["POST"]),
            Route(f"{base}/release", _release, methods=["POST"]),
        ]
    )
    app.state.desk = desk
    return app


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


async def _index(request: Request) -> Response:
    desk = _desk(request)
    try:
        listed: Sequence[Listed] = await run_in_threadpool(desk.listed)
    except UsageError as error:
        return _problem(str(error), 404)
    return HTMLResponse(list_page(listed), headers=_policy_header(list_policy()))


async def _page(request: Request) -> Response:
    desk = _desk(request)
    try:
        review = await _review(request)
        state = await run_in_threadpool(review.state)
    except UsageError as error:
        return _problem(str(error), 404)
    except RefusedError as error:
        return _problem(str(error), 409)
    base = f"/d/{review.document_id}"
    config = {
        "token": desk.token,
        "document_id": review.document_id,
        "base": base,
        "version": state.version,
        "undo": review.undoable,
        "file": _entries(state),
        "rules": dict(RULES),
    }
    own = policy(style_text(), script_text()).replace(" file:", "")
    return HTMLResponse(html(state.data, config), headers=_policy_header(own))


def _policy_header(own: str) -> dict[str, str]:
    return {"Content-Security-Policy": f"{own}; frame-ancestors 'none'"}


def _problem(text: str, status: int) -> Response:
    return HTMLResponse(problem_page(text), status, headers=_policy_header(list_policy()))


async def _review(request: Request) -> DocumentReview:
    return await run_in_threadpool(_desk(request).review, request.path_params["document_id"])


async def _picture(request: Request) -> Response:
    """A picture by its name among those of the document: a name that is none of them is nothing else either."""
    try:
        review = await _review(request)
        state = await run_in_threadpool(review.state)
    except (UsageError, RefusedError) as error:
        return PlainTextResponse(str(error), 404)
    picture = state.release.pictures.get(f"pages/{request.path_params['name']}")
    return Response(picture, media_type="image/jpeg") if picture else PlainTextResponse("There is no such page", 404)


async def _data(request: Request) -> Response:
    try:
        review = await _review(request)
        return _json(_answer(_desk(request), review, await run_in_threadpool(review.state)))
    except UsageError as error:
        return _json({"ok": False, "problems": [str(error)]}, 404)
    except RefusedError as error:
        return _json({"ok": False, "problems": list(error.problems)}, 422)


async def _corrections(request: Request) -> Response:
    return await _change(request, ("entries", "remove"))


async def _undo(request: Request) -> Response:
    return await _change(request, ())


async def _change(request: Request, lists: Sequence[str]) -> Response:
    """Save or take back, and the document as it is then."""
    desk = _desk(request)
    try:
        posted = await _posted(request, lists)
        review = await _review(request)
        base = posted["base_version"]
        if lists:
            wish = Wish(posted.get("entries") or [], posted.get("remove") or [], posted.get("merge") is True)
            state, message = await run_in_threadpool(review.save, wish, base)
        else:
            state, message = await run_in_threadpool(review.undo, base)
    except UsageError as error:
        return _json({"ok": False, "problems": [str(error)]}, 404)
    except FileChangedError:
        return await _conflict(desk, review)
    except RefusedError as error:
        return _json({"ok": False, "problems": list(error.problems)}, 422)
    except OSError as error:
        return _json({"ok": False, "problems": [f"{error.filename}: {error.strerror}"]}, 500)
    return _json(_answer(desk, review, state) | {"message": message})


async def _conflict(desk: Desk, review: DocumentReview) -> Response:
    """The file is another one: say so, with what it is now, so that the page can go on from there."""
    try:
        now = _answer(desk, review, await run_in_threadpool(review.state))
    except RefusedError as error:
        return _json({"ok": False, "problems": [_CHANGED, *error.problems]}, 409)
    return _json(now | {"ok": False, "problems": [_CHANGED]}, 409)


async def _release(request: Request) -> Response:
    desk = _desk(request)
    try:
        posted = await _posted(request, ())
        review = await _review(request)
        state = await run_in_threadpool(review.state)
    except UsageError as error:
        return _json({"ok": False, "problems": [str(error)]}, 404)
    except RefusedError as error:
        return _json({"ok": False, "problems": list(error.problems)}, 422)
    if state.version != posted["base_version"]:
        return await _conflict(desk, review)
    status, message = await run_in_threadpool(run_ingest, review.source, desk.raw, desk.outputs, desk.database)
    problems = [] if status == 0 else [message]
    return _json({"ok": status == 0, "status": status, "message": message, "problems": problems})


async def _posted(request: Request, lists: Sequence[str]) -> Mapping[str, Any]:
    """The JSON object of a request. Raises :class:`RefusedError` for anything else."""
    try:
        posted = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise RefusedError(["the request is no JSON"]) from error
    if not isinstance(posted, dict) or not isinstance(posted.get("base_version"), str):
        raise RefusedError(["base_version is missing"])
    if not all(isinstance(posted.get(name, []), list) for name in lists):
        raise RefusedError([f"{' and '.join(lists)} are lists"])
    return posted


def _answer(desk: Desk, review: DocumentReview, state: State) -> dict[str, Any]:
    return {
        "ok": True,
        "data": state.data,
        "version": state.version,
        "undo": review.undoable,
        "file": _entries(state),
        "problems": desk.problems(),
    }


def _entries(state: State) -> dict[str, Any]:
    """What the file of corrections says, by list."""
    return {} if state.text is None else dict(parse(state.text))


def _json(content: Mapping[str, Any], status: int = 200) -> Response:
    return Response(dumps(content), status, media_type="application/json")
