"""What was read, on its way from one process to another: small, and quick to take apart and put together.

A frozen dataclass is pickled field by field through Python code, several times slower than calling its class.
"""

from __future__ import annotations

import gc
import io
import pickle
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from operator import attrgetter
from typing import Any


def dumps(thing: object) -> bytes:
    """Anything that can be pickled, as bytes."""
    buffer = io.BytesIO()
    _Pickler(buffer, pickle.HIGHEST_PROTOCOL).dump(thing)
    return buffer.getvalue()


def loads(data: bytes) -> Any:
    """What :func:`dumps` was given. Only for bytes from a process of our own."""
    was_enabled = gc.isenabled()
    gc.disable()  # thousands of new objects, none of them garbage
    try:
        return pickle.loads(data)
    finally:
        if was_enabled:
            gc.enable()


class _Pickler(pickle.Pickler):
    """Frozen dataclasses as a call of their class."""

    def reducer_override(self, thing: Any) -> Any:
        kind = type(thing)
        values = _VALUES.get(kind, _UNSEEN)
        if values is _UNSEEN:
            values = _VALUES[kind] = _values_of(kind)
        return NotImplemented if values is None else (kind, values(thing))


_UNSEEN: Any = object()
#: How the arguments of each class are got from a thing; None: it is no frozen dataclass.
_VALUES: dict[type, Callable[[Any], tuple[Any, ...]] | None] = {}


def _values_of(kind: type) -> Callable[[Any], tuple[Any, ...]] | None:
    if not is_dataclass(kind) or not kind.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        return None
    names = [field.name for field in fields(kind)]
    if len(names) < 2 or not all(field.init for field in fields(kind)):
        return None
    return attrgetter(*names)
