"""A function of somebody else's that may take too long, or fail in any way: then it has no result."""

from __future__ import annotations

import contextlib
import ctypes
import logging
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from typing import TypeVar

T = TypeVar("T")
_NOISY = ("camelot", "pdfminer", "pdfplumber", "playa")


class _TooLong(BaseException):
    """Raised in a thread whose time is up; not an exception that a function would handle."""


def attempt(function: Callable[[], T], seconds: float) -> T | None:
    """What the function returns; None when it fails, or takes more than so many seconds of processor time.

    It is stopped between two steps of its Python code: a long call into compiled code is not cut short. What else the
    machine does plays no part: the same document is read in the same way.
    """
    alarm = _Alarm(threading.get_ident(), seconds)
    try:
        with _quiet():
            try:
                alarm.start()
                return function()
            finally:
                alarm.stop()
    except _TooLong:
        return None
    except MemoryError:
        raise  # what is left of the process is not to be trusted
    except Exception:  # a fault of the other one is no fault of ours
        return None


class _Alarm:
    """Raises :class:`_TooLong` in a thread when its time is up."""

    def __init__(self, thread: int, seconds: float) -> None:
        self._thread = ctypes.c_ulong(thread)
        self._clock = time.pthread_getcpuclockid(thread)
        self._end = time.clock_gettime(self._clock) + seconds
        self._lock = threading.Lock()
        self._over = False
        self._timer = self._timer_for(seconds)

    def _timer_for(self, seconds: float) -> threading.Timer:
        timer = threading.Timer(seconds, self._ring)
        timer.daemon = True
        return timer

    def start(self) -> None:
        self._timer.start()

    def stop(self) -> None:
        with self._lock:
            self._over = True
            # One that was set but not raised yet must not hit what comes after.
            ctypes.pythonapi.PyThreadState_SetAsyncExc(self._thread, None)
        self._timer.cancel()

    def _ring(self) -> None:
        with self._lock:
            if self._over:
                return
            left = self._end - time.clock_gettime(self._clock)
            if left > 0:
                self._timer = self._timer_for(left)
                self._timer.start()
            else:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(self._thread, ctypes.py_object(_TooLong))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """No warnings and log lines of the other engines: nobody can do anything about them."""
    loggers = [logging.getLogger(name) for name in _NOISY]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
