"""Whether scans can be read here: the recogniser is an extra."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from extractors.errors import ReadError
from extractors.pdf.assembly import HOW

#: What is missing where a scan can't be read, and what to do about it.
MISSING = "reading scans needs the extra scan (rapidocr and openvino), which is not installed"
MISSING_ADVICE = f"Install it ({HOW}), or give the original document"


def engine_name() -> str | None:
    """What runs the recogniser's networks: openvino, else onnxruntime; None where neither is installed."""
    return next((name for name in ("openvino", "onnxruntime") if find_spec(name) is not None), None)


def is_installed() -> bool:
    """Whether scans can be read here."""
    return find_spec("rapidocr") is not None and find_spec("cv2") is not None and engine_name() is not None


def require(path: Path) -> None:
    """Raises :class:`ReadError` for a file with scans where the recogniser is not installed."""
    if not is_installed():
        raise ReadError(path, MISSING, MISSING_ADVICE)
