"""Tells people and programs of documents that a run did not publish.

For each document an event in Prefect, on which automations can act, and for the run one message through the
notification block that FENJIE_NOTIFY names. Neither holds more than the quarantine does: names, identifiers, reasons.
A message that can't be sent is said and stops nothing.

Import it only after Prefect's settings are made.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Mapping
from importlib import import_module
from typing import Any

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


def held_back(entries: Mapping[str, Entry], outputs: str) -> None:
    """Tell of the documents among those that a run worked on, by their names, that it did not publish.

    ``outputs`` is where the reasons lie, for the message. To be called inside a flow.
    """
    stopped = {name: entry for name, entry in sorted(entries.items()) if entry.status in ("held_back", "unreadable")}
    for name, entry in stopped.items():
        emit_event(EVENT, resource=_resource(name, entry), payload=_payload(name, entry))
    block = os.environ.get(VARIABLE)
    if stopped and block:
        _send(block, _subject(stopped), _body(stopped, outputs))


def _resource(name: str, entry: Entry) -> dict[str, str]:
    return {
        "prefect.resource.id": f"fenjie.document.{entry.document_id or name}",
        "prefect.resource.name": name,
        "fenjie.status": entry.status,
    }


def _payload(name: str, entry: Entry) -> dict[str, Any]:
    return {
        "document": name,
        "document_id": entry.document_id,
        "status": entry.status,
        "reasons": [reason[:_LENGTH] for reason in entry.reasons[:_REASONS]],
        "n_reasons": len(entry.reasons),
    }


def _subject(stopped: Mapping[str, Entry]) -> str:
    count = len(stopped)
    return f"fenjie: {count} document{'s were' if count > 1 else ' was'} not published"


def _body(stopped: Mapping[str, Entry], outputs: str) -> str:
    lines = []
    for name, entry in list(stopped.items())[:_DOCUMENTS]:
        lines.append(f"{name} ({entry.document_id or 'unknown document'}): {entry.status.replace('_', ' ')}")
        if entry.reasons:
            more = f" (and {len(entry.reasons) - 1} more)" if len(entry.reasons) > 1 else ""
            lines.append(f"  {entry.reasons[0][:_LENGTH]}{more}")
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
