"""Imports Great Expectations without the plotting and statistics that nothing here uses.

``import great_expectations`` pulls in altair and scipy.stats for three expectations on distributions: 1.8 of its
4.4 seconds of CPU. They are made lazy while GX is imported: who touches them gets the real module, at that moment.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

from extractors import collection

_HEAVY = frozenset({"altair", "scipy.stats"})


class _LazyFinder:
    """Finds the heavy modules as the default finder does, but puts off their execution."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in _HEAVY:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


@contextmanager
def _lazily() -> Iterator[None]:
    finder = _LazyFinder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


def import_lean(*modules: str) -> None:
    """Import GX and then modules that need it: quietly, without analytics, without what is heavy and unused."""
    if all(name in sys.modules for name in modules):
        return
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    # Whatever GX logs comes back in its results as well, where it becomes an issue; a terminal is no place for it.
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    # Imports make objects that stay: looking among them for garbage costs a tenth of the time.
    with warnings.catch_warnings(), collection.paused():
        warnings.simplefilter("ignore", DeprecationWarning)
        with _lazily():
            importlib.import_module("great_expectations")
        for name in modules:
            importlib.import_module(name)
