"""The one error that a reader raises for input that it can't read."""

from __future__ import annotations

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
