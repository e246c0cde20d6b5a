"""Folder and database tell the same releases: after a killed run that somebody accepted, after a backup was put back.

Documents take the whole way here but for Prefect, which only calls these functions one after the other.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from reading import table

from flows.completing import complete
from flows.discover import Source, discover
from flows.guard import Limits
from flows.ledger import Ledger, Status
from flows.prepared import Prepared
from flows.publishing import Desk, publish_prepared, without_rivals
from flows.steps import plan_for, prepare
from flows.withdraw import withdraw
from normalizers.history import Tables
from normalizers.reference import DEFAULT_DIR
from writers.held import address, held
from writers.previous import heads, read, read_database
from writers.sql import Database
from writers.withdrawn import withdrawn

DOCUMENT, NAME = "320903-2025-zfgzbg", "2025/a.txt"
ROWS = [
    f"{'1→坚定不移做强产业→深耕产业优势' if n == 1 else '→→'}→({n}) 完成第{n}批项目。→王旭锋→区发改局"
    for n in range(1, 11)
]
#: A second table, whose tasks nobody misses where its heading is not understood.
DOCUMENTS = f"{table(*ROWS)}\n附件\n序号\t项目类别\t实事项目\t责任领导\t牵头单位\n" + "".join(
    f"{n}\t教育\t建设第{n}所学校。\t胡金芳\t区教育局\n" for n in (1, 2, 3)
)
CORRECTION = "corrections:\n  - task: 3\n    field: content\n    was: 第3批\n    now: 第三批\n    reason: 原文如此\n"


class House:
    """raw/, outputs/ and rules in a folder; :meth:`ingest` is what the flow does with them."""

    def __init__(self, folder: Path) -> None:
        self.base, self.raw, self.outputs = folder, folder / "raw", folder / "outputs"
        self.source = self.raw / NAME
        self.source.parent.mkdir(parents=True)
        self.source.write_text(DOCUMENTS, encoding="utf-8")
        sidecar = "region: 某区\nregion_code: 320903\nyear: 2025\nkind: zfgzbg\ntitle: 责任分解表\n"
        self.source.with_name("a.source.yaml").write_text(sidecar, encoding="utf-8")
        self.version, self.rules = "whole", DEFAULT_DIR
        self.problems: list[str] = []

    @property
    def url(self) -> str:
        return f"sqlite:///{self.outputs / 'fenjie.db'}"

    def lose_a_table(self) -> None:
        """The rules do not know the heading of the second table any more."""
        headings = self._new_rules("lost") / "headings.yaml"
        text = headings.read_text(encoding="utf-8")
        assert "实事项目, " in text
        headings.write_text(text.replace("实事项目, ", ""), encoding="utf-8")

    def correct(self) -> None:
        """The rules have a correction of task 3 more."""
        path = self._new_rules("corrected") / "corrections" / f"{DOCUMENT}.yaml"
        path.write_text(CORRECTION, encoding="utf-8")

    def _new_rules(self, version: str) -> Path:
        """What is read of a folder is not read again, so other rules lie in another one."""
        before, self.version, self.rules = self.rules, version, self.base / f"reference {version}"
        shutil.copytree(before, self.rules)
        return self.rules

    def pending(self, accept: frozenset[str] = frozenset()) -> list[Source]:
        sources = discover([], self.raw)
        return Ledger(self.outputs).pending(sources, self.version, address(self.url), held(self.url), accept)

    def ingest(self, accept: frozenset[str] = frozenset(), limits: Limits | None = None) -> Prepared | None:
        """What became of the document; None where there was nothing to do."""
        ledger = Ledger(self.outputs)
        plan = replace(plan_for(self.outputs, self.rules, self.version), data_docs=None, limits=limits)
        with Database(self.url) as database:
            database.create()
            desk = Desk(plan, database, address(self.url), ledger, accept)
            items = without_rivals(prepare(self.pending(accept), plan), ledger)
            results = [publish_prepared(item, desk) for item in items]
            self.problems = complete(desk, self.raw)
        ledger.write()
        return results[0] if results else None

    def status(self) -> Status:
        return Ledger(self.outputs).entries[NAME].status

    @property
    def folder(self) -> Path:
        return self.outputs / "2025" / DOCUMENT

    @property
    def published(self) -> Tables:
        """The release that stands; the database has the same."""
        tables = read(self.folder)
        assert tables is not None
        with Database(self.url) as database:
            there = read_database(database, DOCUMENT)
        assert there is not None
        assert heads(there) == heads(tables)
        assert self.problems == []
        return tables

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.iterdir() if path.is_file()}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose document was published."""
    folder = tmp_path_factory.mktemp("first")
    house = House(folder)
    house.ingest()
    assert len(house.published["tasks"]) == 13
    assert house.pending() == []
    return folder


@pytest.fixture
def house(first: Path, tmp_path: Path) -> House:
    """The same in a folder of the test, with the address of its database in the ledger."""
    made = House(tmp_path)
    shutil.copytree(first / "outputs", made.outputs)
    ledger = Ledger(made.outputs)
    ledger.entries = {n: replace(e, databases=(address(made.url),)) for n, e in ledger.entries.items()}
    ledger.write()
    assert made.pending() == []
    return made


@pytest.fixture
def killed(house: House) -> Callable[[], dict[str, bytes]]:
    """Does what is to be done and accepted, and dies when the database has it and the folder not; its files."""

    def run() -> dict[str, bytes]:
        shutil.copytree(house.outputs, house.raw.parent / "kept")
        house.ingest(accept=frozenset({DOCUMENT}))
        files = house.files()
        (house.outputs / "fenjie.db").rename(house.raw.parent / "kept" / "fenjie.db")
        shutil.rmtree(house.outputs)
        (house.raw.parent / "kept").rename(house.outputs)
        assert house.files() != files
        return files

    return run


def test_what_a_killed_run_accepted_needs_nobody_to_accept_it_again(
    house: House, killed: Callable[[], dict[str, bytes]]
) -> None:
    house.lose_a_table()
    held_back = house.ingest()
    assert held_back is not None
    assert held_back.outcome == "held_back"
    assert house.pending() == [], "until somebody accepts it"
    # In a new database, which gets the release that stands, it is worked on once.
    (house.outputs / "fenjie.db").unlink()
    house.ingest()
    assert house.status() == "held_back"
    assert len(house.published["tasks"]) == 13
    assert house.pending() == []
    files = killed()
    assert house.status() == "held_back"
    # The command by hand had no limits; the scheduled run after it has, and nobody is asked once more.
    again = house.ingest(limits=Limits(0.0, 0.0))
    assert again is not None
    assert house.status() == "published"
    assert house.files() == files
    assert len(house.published["tasks"]) == 10
    assert again.notes[0].startswith("the database has this release already: 3 tasks, (1) of table 2")
    assert house.pending() == []


def test_other_content_than_the_accepted_is_judged_by_it(house: House, killed: Callable[[], dict[str, bytes]]) -> None:
    house.lose_a_table()
    killed()
    house.correct()
    held_back = house.ingest(limits=Limits(0.0, 1.0))
    assert held_back is not None
    assert [reason[:34] for reason in held_back.objections] == ["1 of 10 tasks would change (conten"]
    (said,) = house.problems
    assert "the database has release 2" in said
    assert house.pending() == []
    # Without limits nothing speaks against it: no more is lost than the database has told.
    house.version = "corrected once more"
    house.ingest()
    assert house.status() == "published"
    assert [row["release_no"] for row in house.published["releases"]] == [1, 2, 3]


def test_an_old_folder_put_back_is_noticed_though_the_source_is_the_same(house: House, tmp_path: Path) -> None:
    """Corrections and outputs come from a backup, the database was not put back."""
    first = house.published
    shutil.copytree(house.outputs, tmp_path / "backup")
    house.correct()
    house.ingest()
    assert [row["release_no"] for row in house.published["releases"]] == [1, 2]
    (house.outputs / "fenjie.db").rename(tmp_path / "backup" / "fenjie.db")
    shutil.rmtree(house.outputs)
    (tmp_path / "backup").rename(house.outputs)
    house.version, house.rules = "whole", DEFAULT_DIR
    assert [source.name for source in house.pending()] == [NAME]
    house.ingest()
    # What the database told stays told; going back is a release of its own.
    assert [row["release_no"] for row in house.published["releases"]] == [1, 2, 3]
    assert house.published["tasks"] == first["tasks"]
    assert house.pending() == []


def test_what_was_withdrawn_and_comes_back_is_what_it_was(house: House) -> None:
    files = house.files()
    house.source.rename(house.base / "a.txt")
    withdraw(DOCUMENT, house.raw, house.outputs, house.url)
    assert held(house.url) == {}
    assert list(withdrawn(house.outputs)) == [DOCUMENT]
    (house.base / "a.txt").rename(house.source)
    house.ingest()
    assert house.files() == files
    assert [row["release_no"] for row in house.published["releases"]] == [1]
    assert not (house.outputs / "withdrawn.json").exists()
    assert house.pending() == []


def test_a_ledger_that_does_not_know_the_release_is_believed(house: House) -> None:
    ledger = house.outputs / ".fenjie" / "ledger.json"
    entries = json.loads(ledger.read_text(encoding="utf-8"))
    for entry in entries.values():
        del entry["release_no"], entry["content_sha256"]
    ledger.write_text(json.dumps(entries), encoding="utf-8")
    assert house.pending() == []
