"""The errors that the writers raise: one for files, one for databases."""

from __future__ import annotations

import errno
import os
from pathlib import Path


class WriteError(Exception):
    """A file of a release that can't be written. What was published before is untouched.

    ``advice`` says what the person who runs the pipeline should do.
    """

    def __init__(self, path: str | Path, problem: str, advice: str) -> None:
        self.path = str(path)
        self.problem = problem
        self.advice = advice
        super().__init__(f"{self.path}: {problem}. {advice}")


class DatabaseError(Exception):
    """A database that can't be reached or doesn't take the rows.

    ``url`` never contains a password; ``advice`` says what to do.
    """

    def __init__(self, url: str, problem: str, advice: str) -> None:
        self.url = url
        self.problem = problem
        self.advice = advice
        super().__init__(f"{self.url}: {problem}. {advice}")


_ADVICE = {
    errno.EACCES: "Give the user that runs fenjie the right to write there, or choose another folder for the outputs",
    errno.EPERM: "Give the user that runs fenjie the right to write there, or choose another folder for the outputs",
    errno.EROFS: "The file system is mounted read-only: choose another folder for the outputs",
    errno.ENOSPC: "Free some space on that disk and run again",
    errno.EDQUOT: "Free some space within the quota of that disk and run again",
    errno.EFBIG: "Raise the limit on the size of files (ulimit -f) or free space, and run again",
    errno.ENOTDIR: "A file stands where a folder is needed: move it away or choose another folder for the outputs",
    errno.EEXIST: "A file stands where a folder is needed: move it away or choose another folder for the outputs",
    errno.EXDEV: "Keep the whole outputs folder on one file system",
}


def write_error(path: Path, error: OSError) -> WriteError:
    """The WriteError that says what the operating system said, and what to do about it."""
    problem = f"can't be written ({os.strerror(error.errno) if error.errno else error})"
    advice = _ADVICE.get(error.errno or 0, "Check the disk and the rights on that folder, and run again")
    return WriteError(path, problem, f"{advice}.")
