"""The overview of an outputs folder: what it counts, that it is quick for thousands, safe and readable in a browser."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path
from typing import Any

import html5lib
import pytest
from browser import DESKTOP, LAPTOP, chromium_browser, faults, visit
from click.testing import CliRunner
from comparing import made, put, unit, year
from PIL import Image
from playwright.sync_api import Browser

from flows import overview
from flows.cli import main
from flows.compare import compare_documents
from normalizers.dataset import table
from normalizers.tabulate import Row
from writers import fonts
from writers.fonts import FontError, chinese_font
from writers.overview import FILE, write_overview
from writers.overview_cards import cards

__all__ = ["chromium_browser"]
EARLIER, LATER = "320404-2025-zfgzbg", "320404-2026-zfgzbg"
HOSTILE = "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=1> \" ' & <!--"
DEJAVU = "DejaVu Sans"


def issue(document_id: str, number: int, severity: str) -> Row:
    row: Row = dict.fromkeys(table("issues").column_names)
    return row | {
        "document_id": document_id, "issue_no": number, "rule": "unknown_unit", "severity": severity, "message": "x",
    }  # fmt: skip


def quarantine(outputs: Path, source: str, reasons: list[str], status: str = "held_back") -> None:
    path = outputs / "quarantine" / f"{source}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "source": source,
        "document_id": "320404-2024-zfgzbg",
        "status": status,
        "reasons": reasons,
        "issues": [{"severity": "critical"}, {"severity": "info"}],
    }
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years of a district, a small document of another, a comparison, a document that is held back."""
    folder = tmp_path_factory.mktemp("outputs")
    for number in (2025, 2026):
        (put(year(number), folder) / "report.html").write_text("x", encoding="utf-8")
    other = made("990001-2026-zfgzbg", ["修路。", "建桥。"], "甲市乙区")
    unit(other, 1, "区交通局")
    unit(other, 2, "区交通局")
    unit(other, 2, "区交通局", "support")
    other["issues"] = [
        issue("990001-2026-zfgzbg", no, level) for no, level in ((1, "warning"), (2, "info"), (3, "info"))
    ]
    put(other, folder)
    compare_documents(EARLIER, LATER, folder, None)
    quarantine(folder, "2024/zhonglou.pdf", [f"reason {number}" for number in range(9)])
    write_overview(folder)
    return folder


def data_of(outputs: Path) -> Any:
    html = (outputs / FILE).read_text(encoding="utf-8")
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    (element,) = [script for script in tree.iter("script") if script.get("id") == "data"]
    return json.loads(element.text)


def test_counts(outputs: Path) -> None:
    data = data_of(outputs)
    ids = {card["document_id"]: card for card in data["documents"]}
    assert sorted(ids) == [EARLIER, LATER, "990001-2026-zfgzbg"]
    small = ids["990001-2026-zfgzbg"]
    assert (small["n_tasks"], small["n_targets"], small["issues"]) == (2, 0, [0, 1, 2])
    assert [[data["names"][index], *counts] for index, *counts in small["units"]] == [["区交通局", 2, 1]]
    assert (ids[LATER]["n_tasks"], ids[EARLIER]["n_tasks"]) == (85, 89)
    # By hand: 发改局 leads eight tasks of 2025 and supports two.
    units = {data["names"][index]: counts for index, *counts in ids[EARLIER]["units"]}
    assert units["区发改局"] == [8, 2]
    assert ids[LATER]["files"] == ["report.html"]


def test_comparisons_and_what_is_held_back(outputs: Path) -> None:
    data = data_of(outputs)
    (pair,) = data["comparisons"]
    assert pair["href"] == f"compare/{EARLIER}--{LATER}/compare.html"
    assert (outputs / pair["href"]).is_file()
    assert sum(pair["counts"][:3]) > 85
    (held,) = data["heldBack"]
    assert (held["source"], held["issues"], held["more"]) == ("2024/zhonglou.pdf", [1, 0, 1], 3)
    assert held["reasons"] == [f"reason {number}" for number in range(6)]


def test_the_same_outputs_give_the_same_bytes(outputs: Path) -> None:
    before = (outputs / FILE).read_bytes()
    assert not write_overview(outputs)
    (outputs / ".fenjie" / "overview.json").unlink()
    assert not write_overview(outputs)
    assert (outputs / FILE).read_bytes() == before


def test_a_changed_release_is_counted_again(tmp_path: Path) -> None:
    tables = made("990001-2026-zfgzbg", ["修路。"])
    folder = put(tables, tmp_path)
    assert write_overview(tmp_path)
    assert data_of(tmp_path)["documents"][0]["issues"] == [0, 0, 0]
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    put(tables | {"issues": [issue("990001-2026-zfgzbg", 1, "warning")]}, tmp_path)
    assert write_overview(tmp_path)
    assert data_of(tmp_path)["documents"][0]["issues"] == [0, 1, 0]


@pytest.mark.parametrize("damage", ["{", '{"version": 1}', "[]", '{"version": null, "cards": {"2026/x": 1}}'])
def test_a_damaged_memory_costs_time_only(tmp_path: Path, damage: str) -> None:
    put(made("990001-2026-zfgzbg", ["修路。"]), tmp_path)
    write_overview(tmp_path)
    before = (tmp_path / FILE).read_bytes()
    (tmp_path / ".fenjie" / "overview.json").write_text(damage, encoding="utf-8")
    assert not write_overview(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


def test_a_release_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    put(made("990001-2026-zfgzbg", ["修路。"]), tmp_path)
    (put(made("990002-2026-zfgzbg", ["修路。"]), tmp_path) / "issues.csv").unlink()
    write_overview(tmp_path)
    data = data_of(tmp_path)
    assert [card["document_id"] for card in data["documents"]] == ["990001-2026-zfgzbg"]
    assert [card["document_id"] for card in data["problems"]] == ["990002-2026-zfgzbg"]


def test_an_empty_folder_has_an_overview(tmp_path: Path) -> None:
    assert write_overview(tmp_path)
    assert faults((tmp_path / FILE).read_text(encoding="utf-8")) == []


def hostile(outputs: Path) -> Path:
    tables = made("990001-2026-zfgzbg", ["修路。"], HOSTILE)
    tables["documents"][0]["title"] = HOSTILE
    unit(tables, 1, HOSTILE)
    put(tables, outputs)
    quarantine(outputs, "2024/a.pdf", [HOSTILE])
    write_overview(outputs)
    return outputs / FILE


def test_pages_are_valid_html(outputs: Path, tmp_path: Path) -> None:
    for path in (outputs / FILE, hostile(tmp_path)):
        html = path.read_text(encoding="utf-8")
        assert faults(html) == []
        assert html.count("<script") == 2
        assert "<img" not in html


def test_two_thousand_documents(tmp_path: Path) -> None:
    tables = made("990001-2026-zfgzbg", ["修路。", "建桥。"])
    for number in range(40):
        unit(tables, 1 + number % 2, f"第{number}局")
    for region in range(200):
        for year_no in range(2017, 2027):
            tables["documents"][0] |= {"document_id": f"{100000 + region}-{year_no}-zfgzbg", "year": year_no}
            tables["documents"][0]["region_code"] = str(100000 + region)
            put({name: rows for name, rows in tables.items() if name != "tasks"}, tmp_path)
    write_overview(tmp_path)
    begun = time.process_time()
    assert not write_overview(tmp_path)
    # Counts are remembered: about half a second, four times as much is allowed.
    assert time.process_time() - begun < 2
    assert len(data_of(tmp_path)["documents"]) == 2000
    assert (tmp_path / FILE).stat().st_size < 3_000_000


def test_in_a_browser(chromium_browser: Browser, outputs: Path) -> None:
    with visit(chromium_browser, (outputs / FILE).as_uri()) as opened:
        page = opened.page
        assert page.locator("#documents-table tbody tr").count() == 3
        links = page.locator(f"#documents-table a[href='2026/{LATER}/report.html']")
        assert links.count() == 1
        assert (
            page.get_by_role("link", name="对照2025年").get_attribute("href")
            == f"compare/{EARLIER}--{LATER}/compare.html"
        )
        assert "reason 0" in page.inner_text("#held-table")
        assert "另有 3 条" in page.inner_text("#held-table")
        page.select_option("#region", "990001")
        assert page.locator("#documents-table tbody tr").count() == 1
        assert page.inner_text("#units-table tbody tr").split() == ["区交通局", "2+1"]
        page.get_by_role("button", name="清除").click()
        page.fill("#text", "钟楼 2025")
        assert page.inner_text("#count") == "1 / 3 份文件"
        # Twenty organisations, and the rest when asked for.
        assert page.locator("#units-table > table tbody tr").count() == 20
        page.locator("#units-table summary").click()
        page.locator("#units-table details table").wait_for()
        page.get_by_role("button", name="清除").click()
        assert opened.strangers() == []
        assert opened.console == []


@pytest.mark.parametrize("size", [LAPTOP, DESKTOP])
def test_the_page_fits_and_is_accessible(chromium_browser: Browser, outputs: Path, size: tuple[int, int]) -> None:
    with visit(chromium_browser, (outputs / FILE).as_uri(), size) as opened:
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= size[0]
        # Once: colours and labels are the same at every size, and axe is slow.
        assert size != LAPTOP or opened.violations() == []


def test_hostile_texts_in_a_browser(chromium_browser: Browser, tmp_path: Path) -> None:
    with visit(chromium_browser, hostile(tmp_path).as_uri()) as opened:
        assert opened.page.evaluate("window.hacked") is None
        for place in ("#documents-table", "#units-table", "#held-table"):
            assert HOSTILE in opened.page.inner_text(place)
        assert opened.console == []


def report(outputs: Path, *arguments: str, **environment: str | None) -> Any:
    return CliRunner().invoke(main, ["report", "--outputs", str(outputs), *arguments], env=environment)


def has_chinese() -> bool:
    try:
        return bool(chinese_font("年")[0])
    except FontError:
        return False


@pytest.mark.skipif(not has_chinese(), reason="no font with Chinese characters is installed")
def test_plots(outputs: Path, tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        result = report(outputs, "--png", "--out", str(folder))
        assert result.exit_code == 0, result.output
    names = ["leaders.png", "units.png", "years.png"]
    assert [sorted(path.name for path in folder.iterdir()) for folder in folders] == [names, names]
    for name in names:
        first, second = ((folder / name).read_bytes() for folder in folders)
        assert first == second
        with Image.open(io.BytesIO(first)) as picture:
            assert picture.width > 800
            assert len(picture.convert("RGB").getcolors(1 << 20) or ()) > 20
    assert report(outputs, "--png", "--region", "123456").exit_code == 2


def test_a_font_without_chinese_is_refused(outputs: Path, tmp_path: Path) -> None:
    result = report(outputs, "--png", "--out", str(tmp_path / "png"), FENJIE_FONT=DEJAVU)
    assert result.exit_code == 2
    assert f"{DEJAVU} has no Chinese characters" in result.output
    assert "fonts-noto-cjk" in result.output
    assert f"Overview: {outputs / FILE}" in result.output
    assert not (tmp_path / "png").exists()
    result = report(outputs, "--png", FENJIE_FONT="/nowhere/font.ttf")
    assert (result.exit_code, "neither a file nor a family" in result.output) == (2, True)


def test_without_any_chinese_font_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib import font_manager  # noqa: PLC0415  slow, for this test only

    western = [entry for entry in font_manager.fontManager.ttflist if entry.name.startswith("DejaVu")]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", western)
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [entry.fname for entry in western])
    monkeypatch.delenv(fonts.VARIABLE, raising=False)
    with pytest.raises(FontError, match="apt-get install fonts-noto-cjk"):
        chinese_font("年")


def test_cards_know_nothing_of_folders_that_are_no_releases(tmp_path: Path) -> None:
    (tmp_path / "2026").mkdir()
    (tmp_path / "compare" / "a--b").mkdir(parents=True)
    assert cards(tmp_path) == ([], [], [])


def test_a_run_that_is_killed_leaves_the_overview_to_the_next(tmp_path: Path) -> None:
    put(made("990001-2026-zfgzbg", ["修路。"]), tmp_path)
    assert overview.catch_up(tmp_path) is None
    assert not (tmp_path / FILE).exists()
    overview.begin(tmp_path)
    overview.begin(tmp_path)
    assert overview.catch_up(tmp_path) is None
    written = (tmp_path / FILE).stat()
    assert overview.catch_up(tmp_path) is None
    assert (tmp_path / FILE).stat().st_mtime_ns == written.st_mtime_ns


def test_an_overview_that_cannot_be_written_is_said_and_tried_again(tmp_path: Path) -> None:
    put(made("990001-2026-zfgzbg", ["修路。"]), tmp_path)
    (tmp_path / FILE).mkdir()
    overview.begin(tmp_path)
    assert "overview is not up to date" in (overview.catch_up(tmp_path) or "")
    (tmp_path / FILE).rmdir()
    assert overview.catch_up(tmp_path) is None
    assert (tmp_path / FILE).is_file()
