"""How much one document may ask for: time, memory, paths. What asks for more is an attack or broken."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

#: A table page has some hundred paths and some thousand characters; a map or a drawing a hundred thousand.
MAX_OBJECTS = 250_000
MAX_SEGMENTS = 1_000_000
MAX_CHARS = 200_000
#: A table on a page has some hundred rows and some ten columns.
MAX_SLOTS = 100_000
#: Seconds of processor time for one page, whatever else the machine does. A page of a table takes milliseconds.
MAX_SECONDS = 20.0


class LimitError(Exception):
    """A page asks for more than it may."""


@dataclass(slots=True)
class Limits:
    """What has been used up on one page; ``deadline`` is a time of this process."""

    deadline: float
    objects: int = 0
    segments: int = 0

    @classmethod
    def start(cls) -> Limits:
        """The limits for a page that is begun now."""
        return cls(time.process_time() + MAX_SECONDS)

    def count_objects(self, count: int) -> None:
        """So many more objects; raises :class:`LimitError`."""
        self.objects += count
        if self.objects > MAX_OBJECTS:
            raise LimitError(f"it has more than {MAX_OBJECTS:,} objects")

    def count_segments(self, count: int) -> None:
        """The segments of one more path; raises :class:`LimitError`."""
        self.segments += count
        if self.segments > MAX_SEGMENTS:
            raise LimitError(f"its paths have more than {MAX_SEGMENTS:,} segments")

    def check_time(self) -> None:
        """Raises :class:`LimitError` when the page has taken too long."""
        if time.process_time() > self.deadline:
            raise LimitError(f"it takes longer than {MAX_SECONDS:.0f} seconds")


@contextmanager
def limited_time() -> Iterator[None]:
    """A time limit for what is done inside: raises :class:`LimitError` between two steps of its Python code.

    A call into pdfium is not cut short. Signals are for the main thread only: in another one there is no such limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _time_is_up)
    # Again and again, should somebody take the error for a fault and go on.
    signal.setitimer(signal.ITIMER_VIRTUAL, MAX_SECONDS, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        signal.signal(signal.SIGVTALRM, before)


def _time_is_up(_signal: int, _frame: FrameType | None) -> None:
    raise LimitError(f"it takes longer than {MAX_SECONDS:.0f} seconds")
