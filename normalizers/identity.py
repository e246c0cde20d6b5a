"""Which document a file is: from its sidecar, or from its folder, its name and its title.

What can't be found is asked for in an error that shows the sidecar to write. Nothing is guessed: a folder and a
title that name different years are an error too.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from normalizers.divisions import full_region_name
from normalizers.records import Identity
from normalizers.reference import ReferenceDataError, load_yaml

_KEYS = ("publisher", "region", "region_code", "year", "kind", "title", "source_url", "sha256")
_YEAR = re.compile(r"(?<!\d)(19[89]\d|20\d\d)(?!\d)")
_CODE = re.compile(r"(?<!\d)([1-9]\d{5})(?!\d)")
_REGION = re.compile(
    r"^(?:关于)?([\u4e00-\u9fff]{2,}?(?:省|自治区|市|区|县|旗|州))(?=人民政府|\d|《|政府|委|关于|主要|重点|目标|年)"
)
_KIND = re.compile(r"[a-z0-9]+")


class IdentityError(Exception):
    """A document that can't be identified, or whose sidecar can't be used. ``path`` is the document's file."""

    def __init__(self, path: Path, problem: str, advice: str) -> None:
        self.path = str(path)
        self.problem = problem
        self.advice = advice
        super().__init__(f"{path}: {problem}. {advice}")


@dataclass(slots=True)
class _Found:
    """What is known so far, by the names of the sidecar's keys."""

    values: dict[str, Any]

    def fill(self, key: str, value: object) -> None:
        """Note a value unless a stronger source gave one."""
        if value not in (None, "") and self.values.get(key) in (None, ""):
            self.values[key] = value


def sidecar_path(path: Path) -> Path:
    """The sidecar of a document: <name>.source.yaml, or <file name>.source.yaml where two files share a name."""
    full = path.with_name(f"{path.name}.source.yaml")
    return full if full.exists() else path.with_name(f"{path.stem}.source.yaml")


def identify(path: Path, source_file: str, title: str | None, directory: Path) -> Identity:
    """The identity of a document.

    ``source_file`` is the name under which it is recorded, ``title`` its printed title, ``directory`` the reference
    folder. Raises :class:`IdentityError` when something is missing, contradictory or wrong.
    """
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    sidecar = sidecar_path(path)
    found = _Found(_read_sidecar(path, sidecar) if sidecar.exists() else {})
    if found.values.get("sha256") not in (None, sha256):
        raise IdentityError(
            path,
            f"its content is not the one that {sidecar.name} was written for (sha256 differs)",
            f"Put the registered file back, or write sha256: {sha256} into the sidecar if the new one is right",
        )
    _look_around(found, path, title, directory, sidecar.exists())
    missing = [key for key in ("region", "region_code", "year", "kind", "title") if not found.values.get(key)]
    if missing:
        raise IdentityError(
            path, f"{' and '.join(missing)} could not be found", f"Write {sidecar} with\n{_template(found, sha256)}"
        )
    return _identity(found.values, source_file, sha256)


def other_year(identity: Identity, title: str | None) -> str | None:
    """What a printed title says against the year that sidecar, folder or file name give; None where it does not.

    A title may name several years (2026年…关于“十四五”…2025年); one that agrees is enough.
    """
    years = [int(match[1]) for match in _YEAR.finditer(title or "")]
    if not years or identity.year in years:
        return None
    return f"the title says {years[0]}, but the document is recorded under {identity.year}: {title}"


def _identity(values: dict[str, Any], source_file: str, sha256: str) -> Identity:
    code, year, kind = str(values["region_code"]), int(values["year"]), str(values["kind"])
    return Identity(
        document_id=f"{code}-{year}-{kind}",
        region_code=code,
        region=str(values["region"]),
        year=year,
        kind=kind,
        title=str(values["title"]),
        publisher=values.get("publisher"),
        source_file=source_file,
        source_url=values.get("source_url"),
        source_sha256=sha256,
    )


def _read_sidecar(path: Path, sidecar: Path) -> dict[str, Any]:
    try:
        data = load_yaml(sidecar)
    except ReferenceDataError as error:
        raise IdentityError(path, f"its sidecar is broken: {error}", "Mend the sidecar") from error
    problem = _sidecar_problem(data)
    if problem:
        raise IdentityError(path, f"its sidecar {sidecar} is broken: {problem}", "Mend the sidecar")
    return dict(data)


def _sidecar_problem(data: Any) -> str | None:
    if not isinstance(data, dict):
        return "it has no keys"
    checks: dict[str, Callable[[Any], object]] = {
        "region_code": lambda value: re.fullmatch(r"[1-9]\d{5}", str(value)),
        "year": lambda value: isinstance(value, int) and 1978 <= value <= 2999,
        "kind": lambda value: _KIND.fullmatch(str(value)),
        "sha256": lambda value: re.fullmatch(r"[0-9a-f]{64}", str(value)),
    }
    for key, value in data.items():
        if key not in _KEYS:
            return f"it has the unknown key {key!r}; keys are {', '.join(_KEYS)}"
        if value is not None and (isinstance(value, (dict, list)) or not checks.get(key, str)(value)):
            return f"{key} can't be {value!r}"
    return None


def _look_around(found: _Found, path: Path, title: str | None, directory: Path, registered: bool) -> None:
    """Fill in what folder, file name, title and reference/ say."""
    folder = _YEAR.fullmatch(path.resolve().parent.name)
    printed = _YEAR.search(title or "")
    if folder and printed and folder[1] != printed[1] and not found.values.get("year"):
        raise IdentityError(
            path,
            f"it lies in the folder {folder[1]}, but its title says {printed[1]}",
            "Move it, or say the year in a sidecar",
        )
    found.fill("title", title)
    for year in (folder, printed, _YEAR.search(path.stem)):
        found.fill("year", int(year[1]) if year else None)
    for kind in load_yaml(directory / "kinds.yaml"):
        if any(word in str(found.values.get("title") or "") for word in kind["title_has"]):
            found.fill("kind", kind["kind"])
    code = _CODE.search(path.stem)
    found.fill("region_code", code[1] if code else None)
    _find_region(found, path, title, directory, registered)


def _find_region(found: _Found, path: Path, title: str | None, directory: Path, registered: bool) -> None:
    regions = load_yaml(directory / "regions.yaml") or {}
    for code, region in regions.items():
        words = [region["region"], *region["found_as"]]
        named = any(word in (title or "") or word in path.stem for word in words)
        if str(found.values.get("region_code")) == code or (not registered and named):
            found.fill("region_code", code)
            if str(found.values.get("region_code")) == code:
                found.fill("region", region["region"])
    match = _REGION.match(re.sub(r"^\d{4}年", "", title or ""))
    printed = match[1] if match and not match[1].startswith(("全", "本")) else ""
    if found.values.get("region") is None and found.values.get("region_code"):
        # The official name has the city in front, as the dataset wants it; a title hardly ever has.
        official = full_region_name(str(found.values["region_code"])) or ""
        found.fill("region", official if printed in official else None)
    found.fill("region", printed)


def _template(found: _Found, sha256: str) -> str:
    """The sidecar to write, with what is known filled in."""
    hints = {
        "publisher": "# who published it",
        "region": "# for example 常州市钟楼区",
        "region_code": "# six digits, GB/T 2260",
        "year": "# of the work report",
        "kind": "# zfgzbg for a table that splits up a 政府工作报告",
        "title": "# as printed",
        "source_url": "# where it was taken from",
    }
    known = found.values | {"sha256": f"'{sha256}'"}
    lines = [f"  {key}: {known[key]}" if known.get(key) else f"  {key}:   {hints[key]}" for key in _KEYS]
    return "\n".join(lines)
