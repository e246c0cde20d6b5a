"""compare.html: two documents side by side for people, in one file that needs no network."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from normalizers.compare_parties import Parties, Party
from normalizers.tabulate import Row
from writers.labels import ROLES
from writers.pages.amounts import amount
from writers.pages.differ import Part, parts
from writers.pages.render import page

FILE = "compare.html"
Tables = Mapping[str, Sequence[Row]]
_MATCHES = {"continued": "延续", "new": "新增", "dropped": "未再列入"}
_DOUBTS = {"weak": "存疑：相似度低", "close": "存疑：另有相近", "part": "存疑：或拆分、合并"}
_OTHERS = {"weak": "最相近", "close": "另一相近", "part": "与之相近"}
_STANDINGS = {"kept": "并存", "gained": "新增", "lost": "未再列入"}
_DELTA = "percentage_point"
_BAR = 100


def html(earlier: Tables, later: Tables, tables: Tables) -> bytes:
    """The page for two releases (their rows as :func:`normalizers.compare.compare` takes them) and what it made."""
    documents = (earlier["documents"][0], later["documents"][0])
    sides = [_Side(side, Parties(earlier, later), bool(index)) for index, side in enumerate((earlier, later))]
    tasks = list(_task_rows(tables["compared_tasks"], sides))
    targets = list(_target_rows(tables, sides))
    names = [{name for row in tasks for name in row[key]} for key in ("unit_names", "leader_names")]
    values = {
        "earlier": _heading(*documents),
        "later": _heading(*reversed(documents)),
        "tasks": tasks,
        "targets": targets,
        "chips": list(_chips(tables["compared_tasks"])),
        "target_chips": list(_target_chips(targets)),
        "units": sorted(names[0]),
        "leaders": sorted(names[1]),
        "tiles": list(_tiles(tables)),
        "load": list(_load(tables["compared_parties"])),
    }
    return page("compare.html.j2", ("base.css", "compare.css"), ("compare.js",), values)


class _Side:
    """One of the two documents: its tasks by id, and who is responsible for each."""

    def __init__(self, tables: Tables, parties: Parties, is_later: bool) -> None:
        self.is_later = is_later
        self.tasks = {row["task_id"]: row for row in tables["tasks"]}
        self.has_role = {row["role"] for row in tables["task_units"]} | {"leader"}
        self.parties: dict[str, list[tuple[str, Party, str, str]]] = defaultdict(list)
        for row in tables["task_leaders"]:
            name = row["leader"] or row["post"] or ""
            self._add(row["task_id"], "leader", parties.leader(row), name, row["leader_name"] or name)
        for row in tables["task_units"]:
            who = parties.unit(row, is_later=is_later)
            self._add(row["task_id"], row["role"], who, row["unit"], row["unit_name"] or row["unit_full"])

    def _add(self, task_id: str, role: str, who: Party, printed: str, name: str) -> None:
        self.parties[task_id].append((role, who, printed, name))

    def short(self, task_id: str) -> str:
        task = self.tasks[task_id]
        table = "" if task["table_no"] == 1 else f"表{task['table_no']} "
        return f"{table}({task['task_no']})"


def _heading(document: Row, other: Row) -> dict[str, Any]:
    same_region, same_year = (document[key] == other[key] for key in ("region_code", "year"))
    short = "" if same_region else document["region"]
    short += "" if same_year and not same_region else f"{document['year']}年"
    if same_region and same_year:
        short = document["document_id"]
    href = f"../../{document['year']}/{quote(document['document_id'])}/report.html"
    return {**document, "short": short, "href": href}


def _task_rows(rows: Sequence[Row], sides: Sequence[_Side]) -> Iterator[dict[str, Any]]:
    positions = {row[key]: row["position"] for row in rows for key in ("earlier_task_id", "later_task_id") if row[key]}
    for row in rows:
        ids = (row["earlier_task_id"], row["later_task_id"])
        texts = _texts(row)
        shown = [_side(sides, ids, index, texts[index]) if task_id else None for index, task_id in enumerate(ids)]
        people = [entry for side, task_id in zip(sides, ids, strict=True) if task_id for entry in side.parties[task_id]]
        yield {
            "position": row["position"],
            "match": row["match"],
            "label": _MATCHES[row["match"]],
            "score": None if row["score"] is None else f"{row['score']:.2f}",
            "doubt": _DOUBTS.get(row["doubt"]),
            "other": _other(row, sides, positions),
            "sides": shown,
            "unit_names": sorted({name for role, _, _, name in people if role != "leader"}),
            "leader_names": sorted({name for role, _, _, name in people if role == "leader"}),
        }


def _texts(row: Row) -> tuple[list[Part], list[Part]]:
    before, after = row["earlier_content"], row["later_content"]
    if before and after:
        return parts(before, after)
    return [(before or "", True)], [(after or "", True)]


def _side(sides: Sequence[_Side], ids: Sequence[str | None], index: int, text: list[Part]) -> dict[str, Any]:
    side, other = sides[index], sides[1 - index]
    task_id, other_id = ids[index], ids[1 - index]
    assert task_id is not None
    labels = {"lead": ROLES["lead"], "support": ROLES["support"], "leader": "分管领导"}
    there = {(role, who) for role, who, _, _ in other.parties[other_id]} if other_id else set()
    standing = "gained" if side.is_later else "lost"
    roles = []
    for name, label in labels.items():
        # A document without a column of that kind says nothing about who was dropped.
        is_comparable = other_id is not None and name in other.has_role
        names = [
            (printed, standing if is_comparable and (role, who) not in there else None)
            for role, who, printed, _ in side.parties[task_id]
            if role == name
        ]
        if names:
            roles.append({"label": label, "names": names})
    return {"no": side.short(task_id), "parts": text, "roles": roles, "is_later": side.is_later}


def _other(row: Row, sides: Sequence[_Side], positions: Mapping[str, int]) -> dict[str, Any] | None:
    """Which other task a doubtful row is like."""
    other = row["runner_up_task_id"]
    if not row["doubt"] or other is None or (row["match"] == "continued" and row["runner_up"] < row["score"] * 0.8):
        return None
    side = next(side for side in sides if other in side.tasks)
    year = "后" if side.is_later else "前"
    label = _OTHERS[row["doubt"]] if row["match"] != "continued" else "另一相近"
    return {
        "label": label,
        "short": f"{year}{side.short(other)}",
        "position": positions[other],
        "score": f"{row['runner_up']:.2f}",
    }


def _chips(rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    for name, label in _MATCHES.items():
        yield {"name": name, "label": label, "count": sum(row["match"] == name for row in rows)}
    yield {"name": "doubtful", "label": "存疑", "count": sum(row["doubt"] is not None for row in rows)}


def _target_rows(tables: Tables, sides: Sequence[_Side]) -> Iterator[dict[str, Any]]:
    positions = {row["later_task_id"]: row["position"] for row in tables["compared_tasks"]}
    last = None
    for row in tables["compared_targets"]:
        pair = (row["earlier_task_id"], row["later_task_id"])
        changed = bool(row["difference"])
        standing = f"{row['standing']}{' changed' if changed else ''}{' basis' if row['doubt'] else ''}"
        yield {
            **row,
            "standing": standing,
            "task_position": positions[pair[1]],
            "task": "→".join(side.short(task_id) for side, task_id in zip(sides, pair, strict=True)),
            "first": pair != last,
            "earlier_amount": amount(row["earlier_value"], row["earlier_upper"], row["base_unit"]),
            "later_amount": amount(row["later_value"], row["later_upper"], row["base_unit"]),
            "direction": "up" if (row["difference"] or 0) > 0 else "down",
            "delta": change(row),
            "percent": f"{(row['ratio'] - 1) * 100:+.0f}%".replace("-", "−") if row["ratio"] and changed else None,
            "note": _note(row),
        }
        last = pair


def change(row: Row) -> str | None:
    """How a target changed, with sign and unit; points for percentages. None where that can't be said."""
    if row["difference"] is None:
        return None
    unit = _DELTA if row["base_unit"] == "percent" else row["base_unit"]
    return amount(row["difference"], None, unit, sign=True) if row["difference"] else "不变"


def _note(row: Row) -> str:
    if row["standing"] != "kept":
        return {"gained": "新提出", "lost": "未再提出"}[row["standing"]]
    return "口径不同" if row["doubt"] else "无可比数值"


def _target_chips(rows: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    labels = {"changed": "数值有变", "kept": "两年都有", "basis": "口径不同", "gained": "新提出", "lost": "未再提出"}
    for name, label in labels.items():
        yield {"name": name, "label": label, "count": sum(name in row["standing"].split() for row in rows)}


def _tiles(tables: Tables) -> Iterator[dict[str, Any]]:
    for chip in _chips(tables["compared_tasks"]):
        yield {"value": chip["count"], "label": f"{chip['label']}任务"}
    ups = [row["difference"] for row in tables["compared_targets"] if row["difference"]]
    yield {"value": sum(value > 0 for value in ups), "label": "目标数值提高"}
    yield {"value": sum(value < 0 for value in ups), "label": "目标数值降低"}
    for party, label in (("unit", "单位"), ("leader", "领导")):
        gained, lost = _who(tables["compared_parties"], party)
        yield {"value": f"+{len(gained)} −{len(lost)}", "label": f"{label}新增、未再列入"}


def _who(rows: Iterable[Row], party: str) -> tuple[list[str], list[str]]:
    """Names of those who come and of those who go, whatever their role."""
    totals: dict[str, list[int]] = {}
    names: dict[str, str] = {}
    for row in rows:
        if row["party"] == party:
            who = row["party_id"] or row["name"]
            names[who] = row["name"]
            total = totals.setdefault(who, [0, 0])
            total[0] += row["earlier_tasks"]
            total[1] += row["later_tasks"]
    return (
        [names[who] for who, total in totals.items() if not total[0]],
        [names[who] for who, total in totals.items() if not total[1]],
    )


def gained_and_lost(rows: Iterable[Row]) -> dict[str, tuple[list[str], list[str]]]:
    """For ``unit`` and ``leader`` the names of those who come and of those who go, whatever their role."""
    rows = list(rows)
    return {party: _who(rows, party) for party in ("unit", "leader")}


def _load(rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    for party, title, heading in (("unit", "牵头与配合单位", "单位"), ("leader", "分管领导", "领导")):
        loads = _loads([row for row in rows if row["party"] == party])
        most = max((max(sum(load["tasks"][:2]), sum(load["tasks"][2:])) for load in loads), default=1) or 1
        gained, lost = _who(rows, party)
        said = [f"新增：{'、'.join(gained)}。"] if gained else []
        said += [f"未再列入：{'、'.join(lost)}。"] if lost else []
        for load in loads:
            load["bars"] = [round(count * _BAR / most, 2) for count in load["tasks"]]
        yield {"title": title, "heading": heading, "rows": loads, "summary": "".join(said) or "前后一致。"}


def _loads(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """One entry per organisation or leader with four counts: earlier lead and support, later lead and support."""
    loads: dict[str, dict[str, Any]] = {}
    for row in rows:
        load = loads.setdefault(row["party_id"] or row["name"], {"name": row["name"], "tasks": [0, 0, 0, 0]})
        at = 1 if row["role"] == "support" else 0
        load["tasks"][at] += row["earlier_tasks"]
        load["tasks"][at + 2] += row["later_tasks"]
    for load in loads.values():
        before, after = load["tasks"][:2], load["tasks"][2:]
        load["standing"] = "kept" if any(before) and any(after) else "gained" if any(after) else "lost"
        load["label"] = _STANDINGS[load["standing"]]
        load["earlier_text"], load["later_text"] = (
            f"{lead}+{more}" if more else str(lead) for lead, more in (before, after)
        )
    return sorted(loads.values(), key=lambda load: (-sum(load["tasks"][2:]), -sum(load["tasks"][:2]), load["name"]))
