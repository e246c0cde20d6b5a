"""The review in a browser, driven as a person does it: choose, correct, accept, publish."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
import yaml
from browser import DESKTOP, LAPTOP, Visit, chromium_browser, faults, visit
from reading import table
from reviewing import DOCUMENT, Served, checkout, served
from typeset_html import print_html
from typeset_table import table_2026

from flows.review_serve import leading_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FloatRect, Locator, Page

__all__ = ["chromium_browser"]

DECISIONS = yaml.safe_load((Path(__file__).parent / "data" / "review_2026.yaml").read_text(encoding="utf-8"))
PRINTED, MARKUP, TWINS = "320404-2025-zfgzbg", "320404-2024-zfgzbg", "320404-2023-zfgzbg"
N_PRINTED = 24
#: Milliseconds after which the page takes the words that are looked for.
TYPING = 200
SCRIPT, IMAGE = "<script>alert`1`</script>", '<img src="https://elsewhere.example/x.png" onerror="alert`2`">'
#: Everything in it that could be markup is text; {{ }} and ${ } are what templates would take for theirs.
MARKUP_TEXT = table(
    f"1→做强产业→→(1) 做大{SCRIPT}总量{{{{7*7}}}}${{alert`3`}}。→王旭锋→区发改局 <b>区工信局",
    f"→→→(2) 培育 {IMAGE} &lt;i&gt; javascript:alert`4` 主体。→江文亭→区工信局",
)


#: The second (2) is a misread (3): without words of its text nobody could say which of them is meant.
TWINS_TEXT = table(
    "1→做强产业→→(1) 做大经济总量。→王旭锋→区发改局",
    "→→→(2) 培育市场主体。→江文亭→区工信局",
    "→→→(2) 培育龙头企业。→江文亭→区工信局",
)


def sidecar(path: Path, year: int, title: str) -> None:
    content = {"region": "常州市钟楼区", "region_code": "320404", "year": year, "kind": "zfgzbg", "title": title}
    path.with_suffix(".source.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


@pytest.fixture(scope="module")
def server(chromium_browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:  # noqa: ARG001
    """A server over the 2026 text, a part of its table as a printed PDF, and a text that is full of markup."""
    folder = checkout(tmp_path_factory.mktemp("review"))
    for year in (2023, 2024, 2025):
        (folder / "raw" / str(year)).mkdir()
    printed = print_html(table_2026()[:N_PRINTED], folder / "raw" / "2025" / "printed.pdf")
    sidecar(printed, 2025, "印出来的责任分解表")
    markup = folder / "raw" / "2024" / "markup.txt"
    markup.write_text(MARKUP_TEXT, encoding="utf-8")
    sidecar(markup, 2024, f"责任分解表{SCRIPT}")
    twins = folder / "raw" / "2023" / "twins.txt"
    twins.write_text(TWINS_TEXT, encoding="utf-8")
    sidecar(twins, 2023, "责任分解表")
    with served(folder) as running:
        yield running


class Reviewer:
    """A person before the page of a document."""

    def __init__(self, opened: Visit, server: Served, document_id: str = DOCUMENT) -> None:
        self.opened, self.page = opened, opened.page
        if "fenjie-" not in str(opened.context.cookies()):
            self.page.goto(server.address)
            self.page.wait_for_url(server.origin + "/")
        self.page.goto(f"{server.origin}/d/{document_id}/")
        self.page.wait_for_selector("html[data-ready]")

    def task(self, number: int) -> Locator:
        """The record of a task, looked for and chosen."""
        if self.page.input_value("#filter-text") != f"({number})":
            self.page.fill("#filter-text", f"({number})")
            self.page.wait_for_timeout(TYPING)
        record = self.page.get_by_label(f"任务 ({number})", exact=True)
        record.wait_for()
        if "chosen" not in (record.get_attribute("class") or ""):
            record.get_by_role("button", name=f"选择任务 ({number})", exact=True).click()
        chosen = self.page.locator(".record.chosen")
        chosen.wait_for()
        return chosen

    def field(self, number: int, name: str) -> Locator:
        return self.task(number).locator(f'.field[data-field="{name}"]')

    def correct(self, decision: dict[str, Any]) -> None:
        """Fill in the form of a field."""
        field = self.field(decision["task"], decision["field"])
        field.locator("button.edit").click()
        form = field.locator("form")
        if "replace" in decision:
            old, new = decision["replace"]
            value = form.locator("textarea").input_value()
            assert old in value
            form.locator("textarea").fill(value.replace(old, new))
        else:
            form.get_by_label("未知").check()
        if "tasks" in decision:
            form.get_by_label("任务", exact=True).fill(decision["tasks"])
        form.get_by_label("理由", exact=True).fill(decision["reason"])
        form.get_by_role("button", name="加入待存").click()
        form.wait_for(state="detached")

    def choose_rule(self, rule: str) -> None:
        self.page.fill("#filter-text", "")
        self.page.wait_for_timeout(TYPING)
        self.page.select_option("#filter-rule", f"={rule}")

    def accept(self, opener: Locator, reason: str, *, alike: bool = False) -> None:
        """Fill in the form that accepts doubts."""
        opener.click()
        form = self.page.locator("#accept-form form")
        if alike:
            form.get_by_role("checkbox").check()
        form.get_by_label("理由").fill(reason)
        form.get_by_role("button", name="加入待存").click()
        form.wait_for(state="detached")

    def save(self) -> str:
        """Save, and what the page says then."""
        if self.page.locator("#pending").is_hidden():
            self.page.click("#show-pending")
        return self.press("#save")

    def press(self, button: str, timeout: float = 60_000) -> str:
        self.page.click(button)
        self.page.wait_for_function(
            "() => !document.body.classList.contains('busy') && document.getElementById('message').textContent",
            timeout=timeout,
        )
        return self.page.inner_text("#message")

    @property
    def n_doubts(self) -> int:
        return int(re.findall(r"\d+", self.page.inner_text("#doubt-count"))[-1])


def quiet(opened: Visit) -> None:
    """Nothing went elsewhere, nothing popped up, nothing went wrong in the page."""
    assert opened.strangers() == []
    assert opened.dialogs == []
    assert opened.console == []


def test_from_nothing_to_no_open_doubt_and_out(chromium_browser: Browser, server: Served) -> None:
    """Every decision of tests/data/review_2026.yaml, then the release has them."""
    with visit(chromium_browser, size=DESKTOP) as opened:
        reviewer = Reviewer(opened, server)
        page = reviewer.page
        before = reviewer.n_doubts
        assert before == 96
        for decision in DECISIONS["edits"]:
            reviewer.correct(decision)
        assert page.inner_text("#pending-count") == str(len(DECISIONS["edits"]))
        assert "写入更正 7 条" in reviewer.save()
        # The corrected values are there, without the page being loaded again.
        assert DECISIONS["expected"]["lead_units_35"] in reviewer.field(35, "lead_units").inner_text()
        assert "更正" in reviewer.field(35, "lead_units").inner_text()
        assert "新闸、西林街道" in reviewer.field(29, "content").inner_text()
        assert "（空）" in reviewer.field(50, "category").inner_text()

        for decision in DECISIONS["accept_each"]:
            reviewer.choose_rule(decision["rule"])
            assert page.locator(".doubt").count() == 1
            reviewer.accept(page.locator(".doubt .accept"), decision["reason"])
        for decision in DECISIONS["accept_alike"]:
            reviewer.choose_rule(decision["rule"])
            first = page.locator(".doubt", has_text=f"({decision['task']})")
            reviewer.accept(first.locator(".accept"), decision["reason"], alike=True)
        assert "写入接受" in reviewer.save()
        for decision in DECISIONS["accept_listed"]:
            reviewer.choose_rule(decision["rule"])
            reviewer.accept(page.locator("#accept-listed"), decision["reason"])
        assert "写入接受" in reviewer.save()
        assert page.inner_text("#doubts").strip() == "没有疑点"
        assert reviewer.n_doubts == 0
        assert page.inner_text("#pending-count") == "0"

        told = reviewer.press("#publish", timeout=240_000)
        assert told == f"已发布：85 项任务，没有疑点。outputs/2026/{DOCUMENT}"
        assert page.locator("#message.bad").count() == 0
        quiet(opened)
    check_release(server.folder / "outputs" / "2026" / DOCUMENT)
    check_corrections(server.corrections.read_text(encoding="utf-8"))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def check_release(folder: Path) -> None:
    expected = DECISIONS["expected"]
    assert rows(folder / "issues.csv") == []
    tasks = {int(row["task_no"]): row for row in rows(folder / "tasks.csv")}
    assert len(tasks) == 85
    assert "新闸、西林街道" in tasks[29]["content"]
    first, last = expected["unknown_category"]
    assert all(tasks[number]["category"] == "" for number in range(first, last + 1))
    assert tasks[first - 1]["category"] == expected["kept_category"]
    units = [row["unit"] for row in rows(folder / "task_units.csv") if row["task_id"].endswith("-35")]
    assert expected["lead_units_35"] in units


def check_corrections(text: str) -> None:
    """What the reviewer did stands in the file, each with its reason; neighbours are ranges, gaps stay gaps."""
    data = yaml.safe_load(text)
    assert [(entry["task"], entry["field"]) for entry in data["corrections"]] == [
        (29, "content"), (35, "content"), (35, "lead_units"),
        ("46-52", "subcategory"), ("46-63", "category_no"), ("46-63", "category"), ("62-63", "subcategory"),
    ]  # fmt: skip
    gaps = [entry["task"] for entry in data["accepted"] if entry["rule"] == "category_gap"]
    assert sorted(gaps) == ["25-30", "25-45", "32-39", "41-45"]
    reasons = {entry["reason"] for entry in data["accepted"]}
    assert reasons == {
        decision["reason"] for kind in ("accept_each", "accept_alike", "accept_listed") for decision in DECISIONS[kind]
    }


def test_the_published_page_is_sound(chromium_browser: Browser, server: Served) -> None:
    """The page of the release that the test before put out, opened from disk."""
    path = server.folder / "outputs" / "2026" / DOCUMENT / "report.html"
    assert faults(path.read_text(encoding="utf-8")) == []
    with visit(chromium_browser, path.as_uri()) as opened:
        opened.page.wait_for_selector("html[data-ready]")
        assert "没有疑点" in opened.page.inner_text("#doubts")
        assert opened.page.is_hidden("#save")
        assert opened.violations() == []
        quiet(opened)


def test_lit_boxes_lie_on_the_words(chromium_browser: Browser, server: Served) -> None:
    """Where the text layer of the PDF has the number of a task, there the box of its content is lit."""
    places = numbers_on_pages(server.folder / "raw" / "2025" / "printed.pdf")
    assert len(places) == N_PRINTED
    with visit(chromium_browser, size=DESKTOP) as opened:
        reviewer = Reviewer(opened, server, PRINTED)
        for number, (page_no, x, y) in places.items():
            if number % 3:
                continue
            reviewer.field(number, "content").locator("button.name").click()
            mark, sheet = lit(reviewer.page, "content", page_no)
            inside = (
                mark["x"] <= sheet["x"] + x * sheet["width"] <= mark["x"] + mark["width"]
                and mark["y"] <= sheet["y"] + y * sheet["height"] <= mark["y"] + mark["height"]
            )
            assert inside, f"({number})"
            assert mark["height"] < sheet["height"] / 2
            assert mark["width"] < sheet["width"] / 2
        quiet(opened)


def numbers_on_pages(path: Path) -> dict[int, tuple[int, float, float]]:
    """For each task the page and the middle of its printed number there, as shares of the page from the top left."""
    places = {}
    with pypdfium2.PdfDocument(path) as document:
        for page_no, page in enumerate(document, 1):
            text = page.get_textpage()
            content = text.get_text_range()
            for found in re.finditer(r"\((\d+)\)", content):
                left, bottom, _, top = text.get_charbox(found.start())
                _, _, right, _ = text.get_charbox(found.end() - 1)
                width, height = page.get_size()
                places[int(found[1])] = (page_no, (left + right) / 2 / width, 1 - (top + bottom) / 2 / height)
    return places


def lit(page: Page, field: str, page_no: int) -> tuple[FloatRect, FloatRect]:
    """The box that is lit for a field on a page, and the picture of that page, in pixels."""
    sheet = page.locator(f'.sheet[data-page="{page_no - 1}"]')
    mark = sheet.locator(f'.mark[data-field="{field}"]').first
    mark.wait_for()
    box, picture = mark.bounding_box(), sheet.locator("img").bounding_box()
    assert box and picture
    return box, picture


def test_a_merged_cell_is_lit_for_every_task_and_tells_them(chromium_browser: Browser, server: Served) -> None:
    with visit(chromium_browser, size=LAPTOP) as opened:
        reviewer = Reviewer(opened, server, PRINTED)
        boxes = []
        for number in (1, 2):
            reviewer.field(number, "category").locator("button.name").click()
            box, sheet = lit(reviewer.page, "category", 1)
            boxes.append((round(box["x"] - sheet["x"], 1), round(box["y"] - sheet["y"], 1)))
        assert boxes[0] == boxes[1]
        mark = reviewer.page.locator('.mark[data-field="category"]').first
        box_now = mark.bounding_box()
        assert box_now
        # A click on the page, in the merged cell: the panel names its tasks, and leads back to them.
        reviewer.page.mouse.click(box_now["x"] + box_now["width"] / 2, box_now["y"] + 12)
        told = reviewer.page.locator("#inspector")
        assert {"(1) 目标名称", "(2) 目标名称（合并单元格）"} <= set(told.locator(".uses .link").all_inner_texts())
        told.locator(".uses .link").nth(1).click()
        assert "(2)" in reviewer.page.inner_text(".record.chosen .head")
        quiet(opened)


def test_the_file_that_the_browser_is_given_leads_in(chromium_browser: Browser, server: Served, tmp_path: Path) -> None:
    """From a file to the server is from one site to another: the cookie must hold all the same."""
    page = tmp_path / "review.html"
    page.write_text(leading_page(server.address), encoding="utf-8")
    with visit(chromium_browser, page.as_uri()) as opened:
        opened.page.wait_for_url(server.origin + "/")
        assert opened.page.inner_text("h1") == "待审阅文件"
        opened.page.get_by_role("link", name="印出来的责任分解表").click()
        opened.page.wait_for_selector("html[data-ready]")
        assert server.token not in opened.page.url
        quiet(opened)


def test_filters_narrow_what_is_shown(chromium_browser: Browser, server: Served) -> None:
    with visit(chromium_browser) as opened:
        reviewer = Reviewer(opened, server, PRINTED)
        page = reviewer.page
        truth = table_2026()[:N_PRINTED]
        leader = truth[0]["leaders"][0]
        page.select_option("#filter-leader", f"={leader}")
        wanted = [record["task_no"] for record in truth if leader in record["leaders"]]
        assert page.inner_text("#record-count") == f"{len(wanted)} / {N_PRINTED}"
        page.click("#filter-clear")
        page.fill("#filter-text", "(7)")
        page.get_by_label("任务 (7)", exact=True).wait_for()
        page.click("#filter-clear")
        assert page.inner_text("#record-count") == str(N_PRINTED)
        quiet(opened)


def test_two_tabs_at_once(chromium_browser: Browser, server: Served) -> None:
    """The second is told, keeps what it wanted to save, and saves it then. Undo takes back the last save."""
    decision = {"field": "remark", "reason": "stands in the published table"}
    with visit(chromium_browser) as opened:
        first = Reviewer(opened, server, PRINTED)
        second_page = opened.context.new_page()
        other = Visit(second_page, opened.context)
        second = Reviewer(other, server, PRINTED)
        for reviewer, number, words in ((first, 1, "甲"), (second, 2, "乙")):
            reviewer.task(number).get_by_role("button", name="填写备注").click()
            form = reviewer.page.locator(".record.chosen form")
            form.locator("textarea").fill(words)
            form.get_by_label("理由", exact=True).fill(decision["reason"])
            form.get_by_role("button", name="加入待存").click()
        assert "写入更正 1 条" in first.save()
        assert "已被改动" in second.save()
        assert second.page.inner_text("#pending-count") == "1"
        assert "写入更正 1 条" in second.press("#save")
        path = server.folder / "reference" / "corrections" / f"{PRINTED}.yaml"
        assert [entry["now"] for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["corrections"]] == [
            "甲",
            "乙",
        ]
        second.press("#undo")
        assert [entry["now"] for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["corrections"]] == ["甲"]
        assert opened.strangers() == []
        # The browser itself notes the answer 409 in its console.
        assert all("409" in line for line in opened.console)


def test_one_of_two_tasks_with_a_number_is_meant_and_an_entry_is_taken_out_again(
    chromium_browser: Browser, server: Served
) -> None:
    """The document is held back for its number; the page says by words of the text which task it corrects."""
    with visit(chromium_browser) as opened:
        reviewer = Reviewer(opened, server, TWINS)
        page = reviewer.page
        page.locator('.record[data-task="2"] .no').click()
        record = page.locator('.record.chosen[data-task="2"]')
        assert "培育龙头企业" in record.inner_text()
        record.locator('.field[data-field="task_no"] .edit').click()
        record.locator("form textarea").fill("3")
        record.get_by_label("理由", exact=True).fill("misread")
        record.get_by_role("button", name="加入待存").click()
        page.click("#show-pending")
        assert page.is_disabled("#publish")  # what waits would not be in the release
        assert "写入更正 1 条" in reviewer.press("#save")
        path = server.folder / "reference" / "corrections" / f"{TWINS}.yaml"
        assert yaml.safe_load(path.read_text(encoding="utf-8"))["corrections"] == [
            {"task": 2, "where": "培育龙头", "field": "task_no", "was": 2, "now": 3, "reason": "misread"}
        ]
        assert page.locator(".record .no").all_inner_texts() == ["(1)", "(2)", "(3)"]
        assert page.is_enabled("#publish")
        page.click("#written summary")
        reviewer.press("#written-entries button")
        assert "删去 1 条" in page.inner_text("#message")
        assert page.locator(".record .no").all_inner_texts() == ["(1)", "(2)", "(2)"]
        assert page.is_hidden("#written")
        quiet(opened)


def test_what_is_typed_is_still_there_after_a_look_elsewhere(chromium_browser: Browser, server: Served) -> None:
    """A cell of the source, another record, a word that an input method gives up: the form stays as it is."""
    with visit(chromium_browser) as opened:
        page = Reviewer(opened, server, MARKUP).page
        page.locator('.record[data-task="0"] .no').click()
        page.locator('.record.chosen .field[data-field="content"] .edit').click()
        typed = page.locator(".record.chosen form textarea")
        typed.fill("正在输入")
        page.locator("#pages td", has_text="javascript:").click()
        page.locator("#inspector").wait_for()
        assert typed.input_value() == "正在输入"
        page.locator('.record[data-task="1"] .no').click()
        assert typed.count() == 0
        page.click("#show-pending")
        page.click("#publish")
        assert page.inner_text("#message") == "表单还开着：请先加入待存或取消"
        assert typed.input_value() == "正在输入"
        typed.dispatch_event("keydown", {"key": "Escape", "isComposing": True, "bubbles": True})
        assert typed.count() == 1
        typed.press("Escape")
        assert typed.count() == 0
        quiet(opened)


def test_markup_of_a_document_is_text(chromium_browser: Browser, server: Served) -> None:
    with visit(chromium_browser, server.address) as opened:
        listed = opened.page.locator("main")
        listed.wait_for()
        opened.page.wait_for_url(server.origin + "/")
        assert SCRIPT in listed.inner_text()
        reviewer = Reviewer(opened, server, MARKUP)
        page = reviewer.page
        assert SCRIPT in page.inner_text("h1")
        content = reviewer.field(1, "content").inner_text()
        assert f"做大{SCRIPT}总量{{{{7*7}}}}${{alert`3`}}。" in content
        assert f"{IMAGE} &lt;i&gt; javascript:" in reviewer.field(2, "content").inner_text()
        assert "<b>区工信局" in reviewer.field(1, "lead_units").inner_text()
        reviewer.field(1, "content").locator("button.edit").click()
        assert SCRIPT in page.locator(".record.chosen form textarea").input_value()
        assert page.locator("main img, main b, main script, main i").count() == 0
        quiet(opened)


@pytest.mark.parametrize("size", [LAPTOP, DESKTOP])
def test_pages_pass_axe_and_the_parser(chromium_browser: Browser, server: Served, size: tuple[int, int]) -> None:
    """The list, and the page with everything open that can be: a record, a form, the waiting entries, the keys."""
    with visit(chromium_browser, server.address, size) as opened:
        opened.page.wait_for_url(server.origin + "/")
        assert opened.violations() == []
        # The document with doubts, and the one with pictures.
        reviewer = Reviewer(opened, server, MARKUP if size == LAPTOP else PRINTED)
        reviewer.page.click("#show-pending")
        reviewer.field(1, "lead_units").locator("button.edit").click()
        reviewer.page.click("#show-help")
        assert opened.violations() == []
        quiet(opened)
    for path in ("/", f"/d/{PRINTED}/", f"/d/{MARKUP}/", "/d/320404-1999-zfgzbg/"):
        assert faults(server.get(path).text) == [], path
