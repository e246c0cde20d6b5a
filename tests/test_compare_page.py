"""``fenjie compare``: files, database rows, what the terminal says; the page in a strict parser and in a browser."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import html5lib
import pytest
from browser import DESKTOP, LAPTOP, chromium_browser, faults, visit
from click.testing import CliRunner, Result
from comparing import Tables, made, put, unit, year
from playwright.sync_api import Browser

from flows.cli import main
from normalizers.compare import compare
from normalizers.dataset_compare import COMPARISON_TABLES
from writers.compare_files import render
from writers.pages.amounts import amount
from writers.pages.differ import parts

__all__ = ["chromium_browser"]
EARLIER, LATER = "320404-2025-zfgzbg", "320404-2026-zfgzbg"
HOSTILE = (
    "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=1> \" ' & <b>粗</b> {{ 7*7 }} {% x %}"
)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outputs")
    for number in (2025, 2026):
        put(year(number), folder)
    return folder


def run(outputs: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["compare", *arguments, "--outputs", str(outputs)], env={"FENJIE_DATABASE": None})


@pytest.fixture(scope="module")
def result(outputs: Path) -> Result:
    # The later one first: the years decide which is the earlier document.
    return run(outputs, LATER, EARLIER)


@pytest.fixture(scope="module")
def folder(outputs: Path, result: Result) -> Path:
    assert result.exit_code == 0, result.output
    return outputs / "compare" / f"{EARLIER}--{LATER}"


def test_the_terminal_says_what_changed(result: Result) -> None:
    text = result.output
    assert f"{EARLIER} 2025年《政府工作报告》主要目标任务责任分解表 (89 tasks) → {LATER}" in text
    assert "continued" in text
    assert "老旧电梯" in text
    assert "+863部 (+719%)" in text
    assert "Leaders gained: 王旭锋、印松涛、汪豆豆" in text
    assert "Leaders lost:   吴伟" in text


def test_csv_and_database_have_the_same_rows(outputs: Path, folder: Path) -> None:
    with sqlite3.connect(outputs / "fenjie.db") as database:
        for table in COMPARISON_TABLES:
            text = (folder / f"{table.name}.csv").read_text(encoding="utf-8-sig")
            lines = list(csv.reader(io.StringIO(text)))
            assert tuple(lines[0]) == table.column_names
            names = ", ".join(table.column_names)
            rows = database.execute(f"select {names} from {table.name} order by position").fetchall()
            assert [["" if value is None else str(value) for value in row] for row in rows] == lines[1:]


def test_again_gives_the_same_bytes_and_rows(outputs: Path, folder: Path) -> None:
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}
    assert sorted(before) == ["compare.html", *sorted(f"{table.name}.csv" for table in COMPARISON_TABLES)]
    assert run(outputs, EARLIER, LATER).exit_code == 0
    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()} == before
    with sqlite3.connect(outputs / "fenjie.db") as database:
        (count,) = database.execute("select count(*) from compared_tasks").fetchone()
    assert count == len(compare(year(2025), year(2026))["compared_tasks"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((EARLIER, EARLIER), "can't be compared with itself"),
        ((EARLIER, "320404-2024-zfgzbg"), f"Published are: {EARLIER}, {LATER}"),
        (("../etc", LATER), "no release of ../etc"),
        ((EARLIER, LATER, "--database", "oracle://x"), "oracle"),
        ((EARLIER,), "name two documents"),
        ((EARLIER, LATER, "--all"), "name two documents"),
    ],
)
def test_wrong_usage(outputs: Path, arguments: tuple[str, ...], words: str) -> None:
    result = run(outputs, *arguments)
    assert result.exit_code == 2
    assert words in result.output


def test_a_release_of_another_version_is_said(tmp_path: Path) -> None:
    for number in (2025, 2026):
        put(year(number), tmp_path)
    path = tmp_path / "2025" / EARLIER / "targets.csv"
    path.write_text("\ufefftask_id,position\r\n", encoding="utf-8")
    result = run(tmp_path, EARLIER, LATER, "--no-database")
    assert result.exit_code == 2
    assert "targets.csv" in result.output
    assert "Run fenjie ingest" in result.output
    assert not (tmp_path / "compare").exists()


def test_without_a_database_there_are_only_files(tmp_path: Path) -> None:
    for number in (2025, 2026):
        put(year(number), tmp_path)
    assert run(tmp_path, EARLIER, LATER, "--no-database").exit_code == 0
    assert not (tmp_path / "fenjie.db").exists()
    assert (tmp_path / "compare" / f"{EARLIER}--{LATER}" / "compare.html").is_file()


def test_all_documents_with_those_of_the_year_before(tmp_path: Path) -> None:
    for name in (
        "990001-2023-zfgzbg",
        "990001-2025-zfgzbg",
        "990001-2026-zfgzbg",
        "990001-2025-msss",
        "990002-2026-zfgzbg",
    ):
        put(made(name, ["修路。"]), tmp_path)
    assert run(tmp_path, "990001-2026-zfgzbg", "990002-2026-zfgzbg", "--no-database").exit_code == 0
    (tmp_path / "compare" / "990009-2024-zfgzbg--990009-2025-zfgzbg").mkdir()  # of documents that are gone
    result = run(tmp_path, "--all", "--no-database")
    assert result.exit_code == 0, result.output
    assert [line.partition(":")[0] for line in result.output.splitlines()] == [
        "990001-2023-zfgzbg → 990001-2025-zfgzbg",
        "990001-2025-zfgzbg → 990001-2026-zfgzbg",
        "990001-2026-zfgzbg → 990002-2026-zfgzbg",
    ]
    assert "990001-2023-zfgzbg--990001-2025-zfgzbg/compare.html" in (tmp_path / "index.html").read_text(
        encoding="utf-8"
    )


def hostile() -> tuple[Tables, Tables]:
    earlier = made("990001-2025-zfgzbg", [f"新建金桥公园3个。{HOSTILE}", HOSTILE], HOSTILE)
    later = made("990001-2026-zfgzbg", [f"金桥公园建成5个，开放。{HOSTILE}"], HOSTILE)
    for tables in (earlier, later):
        tables["documents"][0]["title"] = HOSTILE
        unit(tables, 1, f"局{HOSTILE}")
    return earlier, later


def test_pages_are_valid_html(folder: Path) -> None:
    earlier, later = hostile()
    pages = [folder / "compare.html"]
    assert [faults(page.read_text(encoding="utf-8")) for page in pages] == [[]]
    assert faults(render(earlier, later, compare(earlier, later))["compare.html"].decode()) == []


def test_texts_of_documents_are_never_markup() -> None:
    earlier, later = hostile()
    tree = html5lib.parse(
        render(earlier, later, compare(earlier, later))["compare.html"].decode(), namespaceHTMLElements=False
    )
    assert len(list(tree.iter("script"))) == 1
    assert not list(tree.iter("img"))
    assert not [b for b in tree.iter("b") if b.text == "粗"]
    assert HOSTILE in "".join(tree.itertext())


def test_differing_words() -> None:
    assert parts("增长6%左右。", "增长5%左右。") == (
        [("增长", True), ("6", False), ("%左右。", True)],
        [("增长", True), ("5", False), ("%左右。", True)],
    )
    # Numbers are never taken apart.
    assert parts("单位240家", "单位270家")[1] == [("单位", True), ("270", False), ("家", True)]
    # A character that two texts share by chance is no shared word.
    before, after = parts("办好一场比赛", "新建一所学校")
    assert before == [("办好一场比赛", False)]
    assert after == [("新建一所学校", False)]


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ((7e10, None, "CNY"), "700亿元"),
        ((4.5, 5.0, "percent"), "4.5–5%"),
        ((32.0, None, "ug/m3"), "32微克/立方米"),
        ((12000.0, None, "人"), "1.2万人"),
        ((1200.0, None, "个"), "1200个"),
        ((-0.5, None, "percentage_point"), "−0.5个百分点"),
        ((None, None, "个"), ""),
    ],
)
def test_amounts(values: tuple[float | None, float | None, str], shown: str) -> None:
    assert amount(*values) == shown


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    yield (folder / "compare.html").as_uri()


def test_in_a_browser(chromium_browser: Browser, address: str) -> None:
    with visit(chromium_browser, address) as opened:
        page = opened.page
        rows = page.locator("#task-rows tr:visible")
        assert rows.count() == page.locator("#task-rows tr").count() > 85
        page.get_by_role("button", name="未再列入 ", exact=False).first.click()
        assert rows.count() == page.locator("#task-rows tr.dropped").count() < 20
        page.get_by_role("button", name="清除").click()
        page.get_by_role("button", name="存疑").click()
        assert rows.count() == page.locator("#task-rows tr.doubtful").count()
        page.get_by_role("button", name="清除").click()
        # Organisation, leader and words; targets follow.
        page.select_option("#unit", "区教育局")
        assert {"动态优化教育资源布局" in text for text in rows.all_inner_texts()} == {True, False}
        page.select_option("#leader", "胡金芳")
        page.keyboard.press("Escape")
        page.locator("h1").click()
        page.keyboard.press("/")
        page.keyboard.type("北港第二小学")
        assert rows.count() == 1
        assert page.locator("#target-rows tr:visible").all_inner_texts() == [
            text for text in page.locator("#target-rows tr:visible").all_inner_texts() if "学位" in text
        ]
        assert page.inner_text("#count").startswith("显示 1 /")
        # A link to a row that the filter hides shows it.
        page.goto(address + "#r1")
        assert page.locator("#r1").is_visible()
        page.locator("#r1").focus()
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.id") == "r2"
        assert opened.strangers() == []
        assert opened.console == []


@pytest.mark.parametrize("size", [LAPTOP, DESKTOP])
def test_the_page_fits_and_is_accessible(chromium_browser: Browser, address: str, size: tuple[int, int]) -> None:
    with visit(chromium_browser, address, size) as opened:
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= size[0]
        # Once: colours and labels are the same at every size, and axe is slow.
        assert size != LAPTOP or opened.violations() == []


def test_hostile_texts_in_a_browser(chromium_browser: Browser, tmp_path: Path) -> None:
    earlier, later = hostile()
    path = tmp_path / "compare.html"
    path.write_bytes(render(earlier, later, compare(earlier, later))["compare.html"])
    with visit(chromium_browser, path.as_uri()) as opened:
        assert opened.page.evaluate("window.hacked") is None
        assert HOSTILE in opened.page.inner_text("#r1")
        assert opened.page.locator("#unit option").count() > 1
        assert [line for line in opened.console if "error" in line.lower()] == []
