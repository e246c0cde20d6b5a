"""The review page in a real browser: what it lights up, filters, the keyboard, corrections, large documents."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
import yaml
from browser import DESKTOP, LAPTOP, Visit, chromium_browser, visit
from playwright.sync_api import Browser, Locator, expect
from reading import table
from reports import DATA, TEXT_2026, embedded, put, release_of, spots_of

from normalizers.reference import DEFAULT_DIR
from writers.release import Release
from writers.report.page import html

__all__ = ["chromium_browser"]

PDF = DATA / "001_chromium" / "source.pdf"
#: Seconds of processor time in which a page can be used.
READY = 1.0


@pytest.fixture(scope="module")
def pdf_page(tmp_path_factory: pytest.TempPathFactory) -> tuple[Release, str]:
    """The page of a PDF with pictures, and its address."""
    release = release_of(PDF)
    return release, put(release, tmp_path_factory.mktemp("pdf"))


@pytest.fixture(scope="module")
def text_page(tmp_path_factory: pytest.TempPathFactory) -> tuple[Release, str]:
    """The page of the 2026 text, without corrections of people, and its address."""
    release = release_of(TEXT_2026, without_corrections(tmp_path_factory.mktemp("reference")))
    return release, put(release, tmp_path_factory.mktemp("text"))


def without_corrections(folder: Path) -> Path:
    """A copy of the reference folder in which nobody has corrected anything."""
    for path in DEFAULT_DIR.iterdir():
        if path.name != "corrections":
            (folder / path.name).symlink_to(path)
    return folder


@pytest.fixture
def opened(chromium_browser: Browser, pdf_page: tuple[Release, str]) -> Iterator[Visit]:
    with visit(chromium_browser, pdf_page[1]) as found:
        yield found


def choose(opened: Visit, number: int) -> None:
    opened.page.get_by_role("button", name=f"选择任务 ({number})", exact=True).click()


def light(opened: Visit, field: str) -> None:
    """Choose one field of the chosen task."""
    opened.page.locator(".record.chosen").get_by_role("button", name=f"标出{field}", exact=True).click()


def marks(opened: Visit) -> dict[str, Locator]:
    """The lit boxes, by the field whose colour they have."""
    found = opened.page.locator(".mark")
    return {str(found.nth(at).get_attribute("data-field")): found.nth(at) for at in range(found.count())}


def words_on_page(number: int, words: str) -> list[tuple[float, float, float, float]]:
    """Where pdfium finds words on a page of the PDF: boxes in shares of the page's width and height."""
    with pdfium.PdfDocument(PDF) as document:
        page = document[number - 1]
        width, height = page.get_size()
        text = page.get_textpage()
        start, count = text.search(words).get_next() or (0, 0)
        boxes = [text.get_charbox(at) for at in range(start, start + count)]
        return [(l / width, 1 - t / height, r / width, 1 - b / height) for l, b, r, t in boxes if r > l]  # noqa: E741


def lies_on(mark: Locator, boxes: list[tuple[float, float, float, float]]) -> bool:
    """Whether a lit box of the browser holds boxes of its page."""
    outer = mark.bounding_box()
    sheet = mark.locator("xpath=ancestor::*[@class='sheet']").bounding_box()
    assert outer
    assert sheet
    x0, top = (outer["x"] - sheet["x"]) / sheet["width"], (outer["y"] - sheet["y"]) / sheet["height"]
    x1, bottom = x0 + outer["width"] / sheet["width"], top + outer["height"] / sheet["height"]
    return bool(boxes) and all(x0 <= box[0] and box[2] <= x1 and top <= box[1] and box[3] <= bottom for box in boxes)


def test_the_lit_boxes_lie_on_the_words(opened: Visit) -> None:
    # Task (12) of the sample, read by eye: its organisations, its leader and its category stand on page 1.
    choose(opened, 12)
    lit = marks(opened)
    assert set(lit) == {"task_no", "category_no", "category", "leaders", "lead_units"}
    assert lies_on(lit["task_no"], words_on_page(1, "万人有效"))
    assert lies_on(lit["lead_units"], words_on_page(1, "柳坝街道"))
    assert lies_on(lit["category"], words_on_page(1, "坚持不懈繁荣文化"))
    # 阮宏学 is printed once for several tasks; 田泽 stands two cells above and is lit by none of them.
    assert not any(lies_on(mark, words_on_page(1, "田泽")) for mark in lit.values())
    assert lit["task_no"].locator(".tag").inner_text() == "序号·工作标准"
    light(opened, "牵头单位")
    assert set(marks(opened)) == {"lead_units"}


def test_zooming_keeps_boxes_on_words(opened: Visit) -> None:
    choose(opened, 12)
    for _ in range(3):
        opened.page.get_by_role("button", name="放大").click()
    assert lies_on(marks(opened)["lead_units"], words_on_page(1, "柳坝街道"))


def test_pages_that_lie_sideways_are_turned(chromium_browser: Browser, tmp_path: Path) -> None:
    with pdfium.PdfDocument(PDF) as document:
        for number, turn in enumerate((90, 180, 270, 0)):
            document[number].set_rotation(turn)
        document.save(tmp_path / "turned.pdf")
    with visit(chromium_browser, put(release_of(tmp_path / "turned.pdf"), tmp_path)) as opened:
        # Tasks that stand on the first, the second and the third page.
        for number in (3, 18, 30):
            opened.page.locator("#filter-text").fill(f"({number})")
            choose(opened, number)
            light(opened, "牵头单位")
            (mark,) = opened.page.locator(".mark").all()
            box = mark.bounding_box()
            assert box
            # The organisations stand at the right of a page that is upright.
            pane = opened.page.locator("#pages").bounding_box()
            assert pane
            assert box["x"] > pane["x"] + pane["width"] / 2
            opened.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            assert f"({number}) 牵头单位" in opened.page.locator("#inspector").inner_text()


def test_a_cell_says_what_became_of_it(opened: Visit) -> None:
    sheet = opened.page.locator(".sheet").first
    box = sheet.bounding_box()
    assert box
    x0, top, x1, bottom = words_on_page(1, "一般公共预算")[0]
    opened.page.mouse.click(box["x"] + (x0 + x1) / 2 * box["width"], box["y"] + (top + bottom) / 2 * box["height"])
    said = opened.page.locator("#inspector")
    assert "一般公共预算收入增长" in said.inner_text()
    assert said.get_by_role("button").all_inner_texts()[1:] == ["(1) 序号", "(1) 工作标准"]
    said.get_by_role("button", name="(1) 工作标准").click()
    assert set(marks(opened)) == {"content"}
    # The heading became of nothing.
    x0, top, x1, bottom = words_on_page(1, "目标任务")[0]
    opened.page.mouse.click(box["x"] + (x0 + x1) / 2 * box["width"], box["y"] + (top + bottom) / 2 * box["height"])
    assert "没有任务取自这里" in said.inner_text()


def test_what_was_left_out_can_be_shown(opened: Visit) -> None:
    outside = opened.page.locator(".outside")
    assert not outside.first.is_visible()
    opened.page.get_by_label("表外文字").check()
    assert outside.first.is_visible()
    opened.page.get_by_role("spinbutton").fill("4")
    opened.page.keyboard.press("Enter")
    opened.page.locator(".sheet[data-page='3'] img").wait_for()
    number = opened.page.locator(".sheet[data-page='3'] .outside").last
    assert lies_on(number, words_on_page(4, "4")[-1:]) or number.is_visible()


def test_filters(opened: Visit, pdf_page: tuple[Release, str]) -> None:
    tables = pdf_page[0].tables
    leader = tables["task_leaders"][0]["leader"]
    led = {row["task_id"] for row in tables["task_leaders"] if row["leader"] == leader}
    opened.page.locator("#filter-leader").select_option(value=f"={leader}")
    assert shown(opened, "#record-count") == len(led) < 39
    about = [row for row in tables["issues"] if row["task_id"] in led]
    assert shown(opened, "#doubt-count") == len(about)
    opened.page.get_by_label("提示").uncheck()
    assert shown(opened, "#doubt-count") == sum(row["severity"] != "info" for row in about)
    opened.page.get_by_role("button", name="清除筛选").click()
    assert shown(opened, "#record-count") == 39
    opened.page.keyboard.press("/")
    opened.page.keyboard.type("网络视听")
    expect(opened.page.locator("#record-count")).not_to_have_text("39")
    assert shown(opened, "#record-count") == sum("网络视听" in row["content"] for row in tables["tasks"])


def shown(opened: Visit, counter: str) -> int:
    return int(opened.page.locator(counter).inner_text().split(" / ")[0])


def test_the_keyboard_goes_through_doubts_and_tasks(opened: Visit) -> None:
    page = opened.page
    for key in ("j", "j", "k", "j"):
        page.keyboard.press(key)
    (chosen,) = page.locator(".doubt.chosen").all()
    assert chosen.get_attribute("data-doubt") == page.locator(".doubt").nth(1).get_attribute("data-doubt")
    assert page.locator(".record.chosen").count() == 1
    assert page.locator(".mark.doubted").count() >= 1
    page.keyboard.press("r")
    for key in ("j", "ArrowDown", "]", "]"):
        page.keyboard.press(key)
    assert page.locator(".chosen-field").get_attribute("data-field") == "content"
    page.keyboard.press("Escape")
    assert page.locator(".record.chosen, .mark").count() == 0


def test_it_is_ready_at_once_and_asks_nobody(chromium_browser: Browser, pdf_page: tuple[Release, str]) -> None:
    with visit(chromium_browser) as opened:
        meter = opened.context.new_cdp_session(opened.page)
        meter.send("Performance.enable", {"timeDomain": "threadTicks"})
        opened.page.goto(pdf_page[1])
        opened.page.locator("html[data-ready]").wait_for()
        spent = {item["name"]: item["value"] for item in meter.send("Performance.getMetrics")["metrics"]}
        assert spent["TaskDuration"] < READY
        opened.page.keyboard.press("j")
        opened.page.locator("#pages").evaluate("pane => pane.scrollTop = pane.scrollHeight")
        opened.page.locator(".sheet[data-page='3'] img").wait_for()
        assert all(address.startswith("file:") for address in opened.requests)
        assert any(address.endswith("pages/0004.jpg") for address in opened.requests)
        assert opened.console == []


@pytest.mark.parametrize("size", [LAPTOP, DESKTOP])
def test_contrast_and_labels(chromium_browser: Browser, pdf_page: tuple[Release, str], size: tuple[int, int]) -> None:
    with visit(chromium_browser, pdf_page[1], size) as opened:
        choose(opened, 3)
        opened.page.keyboard.press("]")
        opened.page.keyboard.press("e")
        opened.page.get_by_label("表外文字").check()
        opened.page.keyboard.press("Escape")
        opened.page.locator("#show-pending").click()
        opened.page.get_by_role("button", name="接受所列").click()
        opened.page.locator("#show-help").click()
        assert opened.violations() == []
        overflow = (
            "document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight"
        )
        assert not opened.page.evaluate(overflow)


def test_corrections_are_what_the_reader_wants(
    chromium_browser: Browser, text_page: tuple[Release, str], tmp_path: Path
) -> None:
    with visit(chromium_browser, text_page[1], DESKTOP) as opened:
        correct(opened, 35, "工作标准", "新闻板块", "新闸板块")
        correct(opened, 35, "牵头单位", "新闻街道", "新闸街道")
        page = opened.page
        # A range has to be of one mind: (46) has another category than (23).
        edit(opened, 46, "目标名称")
        page.get_by_label("未知（来源没有）").check()
        page.get_by_label("任务", exact=True).fill("23-46")
        page.get_by_label("理由").fill("此处标签缺失")
        page.get_by_role("button", name="加入待存").click()
        assert "的原值不同" in page.get_by_role("alert").inner_text()
        page.get_by_label("任务", exact=True).fill("46-52")
        page.get_by_role("button", name="加入待存").click()
        # All doubts of one kind at once.
        page.get_by_role("button", name="清除筛选").click()
        page.locator("#filter-rule").select_option(value="=realigned")
        page.locator(".doubt .accept").first.click()
        page.get_by_label("理由").fill("对照原件，归位无误")
        page.get_by_label("同样接受全部").check()
        page.get_by_role("button", name="加入待存").click()
        page.locator("#show-pending").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="下载 YAML").click()
        assert download.value.suggested_filename == "320404-2026-zfgzbg.yaml"
        written = tmp_path / "written.yaml"
        download.value.save_as(written)
    entries = yaml.safe_load(written.read_text(encoding="utf-8"))
    assert entries["corrections"][0] == {
        "task": 35, "field": "content", "was": "新闻板块", "now": "新闸板块", "reason": "印作新闸",
    }  # fmt: skip
    assert entries["corrections"][2]["task"] == "46-52"
    reference = tmp_path / "reference"
    (reference / "corrections").mkdir(parents=True)
    without_corrections(reference)
    written.rename(reference / "corrections" / "320404-2026-zfgzbg.yaml")
    release = release_of(TEXT_2026, reference)
    tasks = {row["task_no"]: row for row in release.tables["tasks"]}
    assert "新闸板块" in tasks[35]["content"]
    assert [tasks[number]["category"] for number in (46, 52)] == [None, None]
    assert tasks[53]["category"] is not None
    assert next(row["lead_units"] for row in release.nested if row["task_no"] == 35) == ["新闸街道"]
    assert "correction_misfit" not in {row["rule"] for row in release.tables["issues"]}
    # What was accepted is about whole rows; two labels that were put back are another matter.
    left = [(row["task_id"][-3:], row["field"]) for row in release.tables["issues"] if row["rule"] == "realigned"]
    assert left == [("-76", "subcategory"), ("-81", "subcategory")]


def edit(opened: Visit, number: int, field: str) -> None:
    """Open the form for a field of a task."""
    opened.page.locator("#filter-text").fill(f"({number})")
    expect(opened.page.locator(f"#records .record[data-task='{number - 1}']")).to_be_visible()
    choose(opened, number)
    opened.page.get_by_role("button", name=f"更正{field}", exact=True).click()


def correct(opened: Visit, number: int, field: str, was: str, now: str) -> None:
    edit(opened, number, field)
    value = opened.page.locator("form.form textarea")
    value.fill(value.input_value().replace(was, now))
    opened.page.get_by_label("理由").fill("印作新闸")
    opened.page.get_by_role("button", name="加入待存").click()
    assert opened.page.locator(".how.waiting").first.is_visible()


def test_waiting_corrections_outlive_the_page(chromium_browser: Browser, text_page: tuple[Release, str]) -> None:
    with visit(chromium_browser, text_page[1]) as opened:
        correct(opened, 35, "工作标准", "新闻板块", "新闸板块")
        opened.page.reload()
        assert opened.page.locator("#entries li").count() == 1
        opened.page.get_by_role("button", name="删除").click()
        opened.page.reload()
        assert opened.page.locator("#pending-count").inner_text() == "0"


def test_a_text_lights_up_its_cells(chromium_browser: Browser, text_page: tuple[Release, str]) -> None:
    with visit(chromium_browser, text_page[1]) as opened:
        # The leader of (2) stands in the line of (1), whose cell goes on.
        choose(opened, 2)
        light(opened, "分管领导")
        (lit,) = opened.page.locator("td.lit").all()
        assert lit.inner_text().split() == ["分管领导", "王旭锋"]
        assert lit.get_attribute("title") == "第 8 行"
        lit.click()
        assert "(2) 分管领导（合并单元格）" in opened.page.locator("#inspector").inner_text()


def test_hostile_texts_are_texts(chromium_browser: Browser, tmp_path: Path) -> None:
    script = "</script><script>window.pwned=1</script>"
    rows = (
        f"1→做强产业{script}→深耕<img src=x onerror=window.pwned=2>→(1) 做大总量<svg onload=window.pwned=3>。→王旭锋→"
        "区发改局",
        "→→→(2) \u202eمرحبا\u202c 😀" + "长" * 30 + "word" * 99 + "。→江文亭→javascript:window.pwned=4",
    )
    (tmp_path / "evil.txt").write_text(table(*rows), encoding="utf-8")
    address = put(release_of(tmp_path / "evil.txt"), tmp_path)
    with visit(chromium_browser, address) as opened:
        for number in (1, 2):
            choose(opened, number)
        assert script in opened.page.locator("#pages").inner_text()
        assert opened.page.locator("#records h3").first.inner_text() == f"1 做强产业{script}"
        opened.page.locator("td", has_text="onerror").click()
        assert opened.page.evaluate("window.pwned") is None
        assert opened.dialogs == []
        assert opened.console == []
        assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def grown(data: Any, copies: int) -> Any:
    """The data of a page, its pages and tasks so many times over."""
    numbers = len(spots_of(data))
    result = {**data, "pages": [], "tasks": [], "doubts": []}
    for copied in range(copies):
        own = copy.deepcopy({name: data[name] for name in ("pages", "tasks", "doubts")})
        for page in own["pages"]:
            page["first"] += copied * numbers
            page["n"] += copied * len(data["pages"])
        for task in own["tasks"]:
            task["id"] += f"-{copied}"
            task["task_no"] += copied * len(data["tasks"])
            task["at"] = {name: [spot + copied * numbers for spot in spots] for name, spots in task["at"].items()}
        for doubt in own["doubts"]:
            if doubt["task"] is not None:
                doubt["task"] += copied * len(data["tasks"])
            doubt["at"] = [spot + copied * numbers for spot in doubt["at"]]
        for name, things in own.items():
            result[name] += things
    return result


def test_a_thousand_pages_open_at_once(
    chromium_browser: Browser, pdf_page: tuple[Release, str], tmp_path: Path
) -> None:
    release, address = pdf_page
    data = grown(embedded(Path(address.removeprefix("file://")).read_text(encoding="utf-8")), 256)
    assert (len(data["pages"]), len(data["tasks"])) == (1024, 9984)
    (tmp_path / "report.html").write_text(html(data), encoding="utf-8")
    (tmp_path / "pages").mkdir()
    for name, picture in release.pictures.items():
        (tmp_path / name).write_bytes(picture)
    with visit(chromium_browser) as opened:
        meter = opened.context.new_cdp_session(opened.page)
        meter.send("Performance.enable", {"timeDomain": "threadTicks"})
        opened.page.goto((tmp_path / "report.html").as_uri())
        opened.page.locator("html[data-ready]").wait_for()
        spent = {item["name"]: item["value"] for item in meter.send("Performance.getMetrics")["metrics"]}
        assert spent["TaskDuration"] < 3 * READY
        assert opened.page.evaluate("document.querySelectorAll('*').length") < 8000
        opened.page.locator("#filter-text").fill("(9984)")
        expect(opened.page.locator("#record-count")).to_have_text("1 / 9984")
        choose(opened, 9984)
        assert opened.page.locator(".sheet[data-page='1023'] .mark").count() >= 1
        assert opened.page.locator("#page-no").input_value() == "1024"


def test_it_prints_every_record(opened: Visit, tmp_path: Path) -> None:
    opened.page.pdf(path=tmp_path / "print.pdf", format="A4")
    with pdfium.PdfDocument(tmp_path / "print.pdf") as printed:
        text = "".join(page.get_textpage().get_text_range() for page in printed)
        assert all(f"({number})" in text for number in range(1, 40))
        assert len(printed) < 12
    assert json.loads(opened.page.evaluate("JSON.stringify(window.pwned ?? null)")) is None
