"""Organisations and leaders of two documents: who is the same, and how many tasks each has."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from normalizers.tabulate import Row

#: The level that a document's own region may leave out: 发改局, 区发改局.
_LEVEL = re.compile(r"^[省市区县旗州](?=..)")
_REGION_ENDS = ("省", "市", "区", "县", "旗", "州", "盟", "自治区", "自治州", "自治县")
_PART = re.compile(r"[^省市区县旗州盟]+(?:自治)?[省市区县旗州盟]")
#: An organisation or leader in both documents: ("id", unit_id) or ("name", name).
Party = tuple[str, str]
_ROLES = ("lead", "support")


class Parties:
    """Who is who in two documents.

    Within one region the lists of reference/ say it by their ids: 发改局 of one year is 区发改局 of another. A name
    that they don't know, and every organisation where the documents are of two regions, goes by its name without the
    region's own and without the level: 钟楼公安分局 and 武进公安分局 are both 公安分局.
    """

    def __init__(self, earlier: Mapping[str, Sequence[Row]], later: Mapping[str, Sequence[Row]]) -> None:
        documents = (earlier["documents"][0], later["documents"][0])
        self._by_id = documents[0]["region_code"] == documents[1]["region_code"]
        self._regions = tuple(_short(document["region"]) for document in documents)
        known = [(row, False) for row in earlier["task_units"]] + [(row, True) for row in later["task_units"]]
        self._ids = {
            self._bare(name, is_later): row["unit_id"]
            for row, is_later in known
            if self._by_id and row["unit_id"]
            for name in (row["unit_full"], row["unit_name"])
        }

    def unit(self, row: Row, *, is_later: bool) -> Party:
        """The organisation of a row of task_units of the earlier or later document."""
        if self._by_id and row["unit_id"]:
            return "id", row["unit_id"]
        name = self._bare(row["unit_name"] or row["unit_full"], is_later)
        return ("id", self._ids[name]) if name in self._ids else ("name", name)

    def leader(self, row: Row) -> Party:
        """The leader of a row of task_leaders; within one region by id, else by name."""
        if self._by_id and row["leader_id"]:
            return "id", row["leader_id"]
        return "name", row["leader_name"] or row["leader"]

    def _bare(self, name: str, is_later: bool) -> str:
        region = self._regions[is_later]
        name = name.removeprefix(region) if region and len(name) > len(region) + 1 else name
        return _LEVEL.sub("", name)


def compared_parties(
    earlier: Mapping[str, Sequence[Row]], later: Mapping[str, Sequence[Row]], parties: Parties
) -> list[Row]:
    """The rows of compared_parties: organisations by role, then leaders; those with most tasks first."""
    rows = []
    for role in _ROLES:
        sides = [
            [(parties.unit(row, is_later=bool(index)), row) for row in side["task_units"] if row["role"] == role]
            for index, side in enumerate((earlier, later))
        ]
        rows += _rows("unit", role, *sides)
    leaders = [[(parties.leader(row), row) for row in side["task_leaders"]] for side in (earlier, later)]
    return rows + _rows("leader", "leader", *leaders)


def _rows(party: str, role: str, *sides: Iterable[tuple[Party, Row]]) -> list[Row]:
    tasks: list[dict[Party, set[str]]] = []
    names: dict[Party, str] = {}
    for side in sides:
        counts: dict[Party, set[str]] = defaultdict(set)
        for who, row in side:
            counts[who].add(row["task_id"])
            # The later document's name, as the loop ends with it; the first of its names if it prints several.
            if len(counts[who]) == 1:
                names[who] = _name(row)
        tasks.append(counts)
    rows = []
    for who in {**tasks[1], **tasks[0]}:
        before, after = (len(counts.get(who, ())) for counts in tasks)
        rows.append(
            {
                "party": party,
                "role": role,
                "party_id": who[1] if who[0] == "id" else None,
                "name": names[who],
                "standing": "kept" if before and after else "gained" if after else "lost",
                "earlier_tasks": before,
                "later_tasks": after,
            }
        )
    return sorted(
        rows, key=lambda row: (-row["later_tasks"], -row["earlier_tasks"], row["name"], row["party_id"] or "")
    )


def _name(row: Row) -> str:
    name = (
        row["unit_name"] or row["unit_full"]
        if "unit_full" in row
        else row["leader_name"] or row["leader"] or row["post"]
    )
    return str(name)


def _short(region: str) -> str:
    """The own name of a region without its level: 钟楼 of 常州市钟楼区."""
    parts = _PART.findall(region)
    name = parts[-1] if parts else region
    for end in sorted(_REGION_ENDS, key=len, reverse=True):
        if name.endswith(end) and len(name) - len(end) >= 2:
            return str(name.removesuffix(end))
    return ""
