"""The one error that a reader raises for input that it can't read."""

from __future__ import annotations

import traceback
from pathlib import Path


class ReadError(Exception):
    """A file that can't be read.

    ``advice`` says what the person who owns the file should do; ``page`` counts from 1 where one is known.
    """

    def __init__(self, path: str | Path, problem: str, advice: str, page: int | None = None) -> None:
        self.path = str(path)
        self.problem = problem
        self.advice = advice
        self.page = page
        where = self.path if page is None else f"{self.path}, page {page}"
        super().__init__(f"{where}: {problem}. {advice}")

    def __reduce__(self) -> tuple[type[ReadError], tuple[str, str, str, int | None]]:
        """How it goes from one process to another: an exception is made anew from its message otherwise."""
        return type(self), (self.path, self.problem, self.advice, self.page)


def fault(path: str | Path, error: Exception) -> ReadError:
    """What to say of a document that the programme itself failed on."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return ReadError(
        path,
        f"a fault of the programme ({type(error).__name__}: {error}, {Path(where.filename).name} line {where.lineno})",
        "Report it with the document; the others are not affected",
    )
