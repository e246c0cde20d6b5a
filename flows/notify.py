"""Tells people and programs of documents that a run did not publish.

For each document an event in Prefect, on which automations can act, and for the run one message through the
notification block that FENJIE_NOTIFY names. Neither holds more than the quarantine does: names, identifiers, reasons.
A message that can't be sent is said and stops nothing.

Import it only after Prefect's settings are made.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Sequence
from importlib import import_module
from typing import Any, NamedTuple, Self

from prefect.blocks.abstract import NotificationBlock
from prefect.blocks.core import Block
from prefect.events import emit_event
from prefect.logging import get_run_logger

from flows.ledger import Entry

EVENT = "fenjie.document.held-back"
#: The variable with the block: its type and its name, as in ``custom-webhook/ops`` or ``slack-webhook/ops``.
VARIABLE = "FENJIE_NOTIFY"
#: So many documents and reasons of a document are listed, and so long is a reason: a message is read by people.
_DOCUMENTS, _REASONS, _LENGTH = 20, 8, 500


class Stopped(NamedTuple):
    """A document that a run did not publish; ``name`` is its source, ``status`` ``held_back`` or ``unreadable``."""

    name: str
    document_id: str | None
    status: str
    reasons: Sequence[str]

    @classmethod
    def of(cls, name: str, entry: Entry) -> Self:
        """A document by the entry of the ledger."""
        return cls(name, entry.document_id, entry.status, entry.reasons)


def held_back(stopped: Sequence[Stopped], outputs: str) -> None:
    """Tell of documents that a run worked on and did not publish.

    ``outputs`` is where the reasons lie, for the message. To be called inside a flow.
    """
    for item in stopped:
        emit_event(EVENT, resource=_resource(item), payload=_payload(item))
    block = os.environ.get(VARIABLE)
    if stopped and block:
        _send(block, _subject(stopped), _body(stopped, outputs))


def _resource(item: Stopped) -> dict[str, str]:
    return {
        "prefect.resource.id": f"fenjie.document.{item.document_id or item.name}",
        "prefect.resource.name": item.name,
        "fenjie.status": item.status,
    }


def _payload(item: Stopped) -> dict[str, Any]:
    return {
        "document": item.name,
        "document_id": item.document_id,
        "status": item.status,
        "reasons": [reason[:_LENGTH] for reason in item.reasons[:_REASONS]],
        "n_reasons": len(item.reasons),
    }


def _subject(stopped: Sequence[Stopped]) -> str:
    count = len(stopped)
    return f"fenjie: {count} document{'s were' if count > 1 else ' was'} not published"


def _body(stopped: Sequence[Stopped], outputs: str) -> str:
    lines = []
    for item in stopped[:_DOCUMENTS]:
        lines.append(f"{item.name} ({item.document_id or 'unknown document'}): {item.status.replace('_', ' ')}")
        if item.reasons:
            more = f" (and {len(item.reasons) - 1} more)" if len(item.reasons) > 1 else ""
            lines.append(f"  {item.reasons[0][:_LENGTH]}{more}")
    if len(stopped) > _DOCUMENTS:
        lines.append(f"... and {len(stopped) - _DOCUMENTS} more documents")
    lines.append(f"All reasons: {outputs}/quarantine. The last good releases stay in place.")
    return "\n".join(lines)


def _send(block: str, subject: str, body: str) -> None:
    logger = get_run_logger()
    try:
        import_module("prefect.blocks.notifications")  # so that Prefect knows its own kinds of blocks
        loaded = Block.load(block)
        if not isinstance(loaded, NotificationBlock):
            logger.warning("%s=%s is no notification block: nobody was told of %s", VARIABLE, block, subject)
            return
        with loaded.raise_on_failure():
            sent = loaded.notify(body, subject)
            if isinstance(sent, Coroutine):  # only of a block that knows no other way
                asyncio.run(sent)
    except Exception as error:  # whatever the block's service does; its words may hold the address, which is a secret
        logger.warning(
            "%s=%s could not be used (%s): nobody was told. %s", VARIABLE, block, type(error).__name__, subject
        )
