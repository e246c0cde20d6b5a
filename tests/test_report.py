"""The review page without a browser: what it says, that nothing of a document is markup in it, pictures."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from broken_pdf import TABLE, packed, pdf
from browser import faults
from PIL import Image
from reports import DATA, TEXT_2026, bare, embedded, files_of, release_of, spots_of, values

from extractors.pictures import draw
from extractors.workers import MEMORY
from normalizers.rules import RULES as READING
from normalizers.view import ViewText
from validators.rules import RULES as VALIDATION
from writers.release import Release
from writers.report import page
from writers.report.data import dumps, page_data
from writers.report.words import RULES

FILES = {
    "text": TEXT_2026,
    "tabs": DATA / "008_tsv" / "source.txt",
    "pdf": DATA / "001_chromium" / "source.pdf",
    "docx": DATA / "000_docx" / "source.docx",
    "xlsx": DATA / "006_xlsx" / "source.xlsx",
    "html": DATA / "007_html" / "source.html",
}
#: Takes half a gigabyte when it is drawn.
BOMB = packed(b"0 0 m 1 1 l S " * 1_600_000)


@pytest.fixture(scope="module")
def releases() -> dict[str, Release]:
    return {name: release_of(path) for name, path in FILES.items()}


def task_of(data: Any, number: int) -> Any:
    return next(task for task in data["tasks"] if task["task_no"] == number)


def test_the_page_says_what_the_release_says(releases: dict[str, Release]) -> None:
    release = releases["text"]
    data = embedded(files_of(release)["report.html"].decode())
    assert data == json.loads(json.dumps(page_data(release)))
    assert [task["content"] for task in data["tasks"]] == [row["content"] for row in release.tables["tasks"]]
    rows = release.tables["issues"]
    assert [(doubt["rule"], doubt["message"]) for doubt in data["doubts"]] == [(r["rule"], r["message"]) for r in rows]
    ids = [task["id"] for task in data["tasks"]]
    assert [doubt["task"] for doubt in data["doubts"]] == [ids.index(row["task_id"]) for row in rows]
    units = [[data["shared"][at][0] for at in task["lead_units"]] for task in data["tasks"]]
    assert units == [task["lead_units"] for task in release.nested]


@pytest.mark.parametrize("name", FILES)
def test_every_field_is_found_where_it_was_read(releases: dict[str, Release], name: str) -> None:
    data = page_data(releases[name])
    texts = spots_of(data)
    wrong = []
    for task, field, found in values(data):
        spots = task["at"][field]
        if task["how"].get(field) == "corrected":
            assert spots
            continue
        said = bare("".join(texts[spot] for spot in spots))
        wrong += [(task["task_no"], field, text, said) for text in found if bare(text) not in said]
    assert not wrong
    assert not any(shown["extra"] for shown in data["pages"])


def test_values_of_merged_cells_share_their_place(releases: dict[str, Release]) -> None:
    data = page_data(releases["docx"])
    texts = spots_of(data)
    # Tasks (1) to (12) stand beside one cell of the first category; (2) and (3) share the cell that says 骆佳.
    places = {tuple(task_of(data, number)["at"]["category"]) for number in range(1, 13)}
    ((spot,),) = places
    assert texts[spot] == "全市经济社会发展主要目标"
    second, third = (task_of(data, number)["at"]["leaders"] for number in (2, 3))
    assert second == third
    assert texts[second[0]] == "骆佳"
    assert task_of(data, 1)["at"]["leaders"] != second


def test_a_line_of_a_text_tells_its_cells_apart(releases: dict[str, Release]) -> None:
    data = page_data(releases["text"])
    texts = spots_of(data)
    # Line 43: nothing, (30) 释放老城区…, 区住建局: the row has slipped. The leader stands in line 41.
    task = task_of(data, 30)
    said = {field: [texts[spot] for spot in task["at"][field]] for field in ("content", "lead_units", "leaders")}
    assert said["content"][0].startswith("(30) 释放老城区")
    assert (said["lead_units"], said["leaders"]) == (["区住建局"], ["王行杰"])
    (lost,) = [doubt for doubt in data["doubts"] if doubt["rule"] == "lost_cell"]
    assert data["tasks"][lost["task"]] is task
    assert {texts[spot] for spot in lost["at"]} == {"", task["content"] and said["content"][0], "区住建局"}


def test_what_was_left_out_is_there(releases: dict[str, Release]) -> None:
    data = page_data(releases["pdf"])
    for shown in data["pages"]:
        ((text, (x0, top, x1, bottom), kind),) = shown["out"]
        assert (kind, re.sub(r"\D", "", text)) == ("page_number", str(shown["n"]))
        assert 0 < x0 < x1 < 596
        assert 700 < top < bottom < 842


def test_the_same_release_gives_the_same_bytes(releases: dict[str, Release]) -> None:
    assert files_of(release_of(FILES["pdf"])) == files_of(releases["pdf"])
    assert files_of(replace(releases["pdf"], view=None)) == {}


@pytest.mark.parametrize("name", FILES)
def test_the_page_is_valid_html_and_asks_for_nothing_elsewhere(releases: dict[str, Release], name: str) -> None:
    html = files_of(releases[name])["report.html"].decode()
    assert faults(html) == []
    outside = html.replace(dumps(page_data(releases[name])), "")
    assert not re.search(r"\b(?:https?:|src=|href=|@import|url\()", outside.replace(page.script_text(), ""))
    assert not re.search(r"\s(?:on\w+|style)=", outside.replace(page.script_text(), "").replace(page.style_text(), ""))
    unsafe = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|</|<!--"
    assert not re.search(unsafe, page.script_text())


def test_only_its_own_script_may_run() -> None:
    policy = page.policy("a", "b")
    digest = base64.b64encode(hashlib.sha256(b"b").digest()).decode()
    assert f"script-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


HOSTILE = (
    "</script><script>alert(1)</script>", "<!--<script>", "]]>", "\u2028\u2029", "\ud83d", "\ufffe\x80\x00\U0010ffff",
    "&lt;&amp;", "{{ 7 * 7 }}", "😀",
)  # fmt: skip


def test_no_text_of_a_document_is_markup(releases: dict[str, Release]) -> None:
    release = releases["html"]
    assert release.view
    texts = tuple(ViewText(text, release.view.pages[0].texts[0].place) for text in HOSTILE)
    shown = replace(release.view.pages[0], texts=texts)
    tables = dict(release.tables)
    tables["documents"] = [{**tables["documents"][0], "title": HOSTILE[0]}]
    evil = replace(release, view=replace(release.view, pages=(shown,)), title=HOSTILE[0], tables=tables)
    html = files_of(evil)["report.html"].decode()
    assert faults(html) == []
    data = embedded(html)
    assert [text for text, _ in data["pages"][0]["texts"]] == list(HOSTILE)
    assert data["document"]["title"] == HOSTILE[0]
    assert "alert(1)</script>" not in html


def test_every_rule_has_a_name_that_people_read() -> None:
    assert RULES.keys() == READING.keys() | VALIDATION.keys()
    assert all(re.fullmatch(r"[\u4e00-\u9fff]{2,11}", label) for label in RULES.values())


def test_ten_pages_take_less_than_three_megabytes(tmp_path: Path) -> None:
    # The densest sample, its two densest pages five times over.
    path = tmp_path / "ten.pdf"
    with pdfium.PdfDocument.new() as joined, pdfium.PdfDocument(FILES["pdf"]) as sample:
        for _ in range(5):
            joined.import_pages(sample, [1, 2])
        joined.save(path)
    release = release_of(path)
    files = files_of(release)
    assert sorted(files) == [f"pages/{number:04d}.jpg" for number in range(1, 11)] + ["report.html"]
    assert sum(map(len, files.values())) < 3_000_000
    data = embedded(files["report.html"].decode())
    assert [shown["picture"] for shown in data["pages"]] == sorted(release.pictures)
    for shown in data["pages"]:
        image = Image.open(io.BytesIO(files[shown["picture"]]))
        width, height = shown["size"]
        assert abs(image.width / image.height - width / height) < 0.005
        assert image.width == pytest.approx(width * 110 / 72, abs=2)


def test_a_page_that_can_not_be_drawn_costs_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MEMORY, "300")
    (tmp_path / "mixed.pdf").write_bytes(pdf(TABLE, BOMB, TABLE))
    (tmp_path / "good.pdf").write_bytes(pdf(TABLE, box=b"/MediaBox [0 0 300 200] /Rotate 90"))
    (tmp_path / "broken.pdf").write_bytes(pdf(TABLE)[:40])
    wanted = [(tmp_path / name, pages) for name, pages in (("mixed.pdf", 3), ("broken.pdf", 1), ("good.pdf", 1))]
    drawn = [(path, pictures) for path, pictures in draw(wanted)]
    assert [path for path, _ in drawn] == [path for path, _ in wanted]
    assert [[picture.page for picture in pictures] for _, pictures in drawn] == [[1, 3], [], [1]]
    # The page is displayed turned: so are its size and its picture.
    picture = drawn[2][1][0]
    assert (picture.width, picture.height) == (200, 300)
    image = Image.open(io.BytesIO(picture.jpeg))
    assert image.size == (306, 459)


def test_pictures_of_pages_from_scanners(tmp_path: Path) -> None:
    scan = Image.new("L", (1654, 2339), 255)
    scan.paste(0, (0, 0, 827, 1170))
    scan.save(tmp_path / "scan.png", dpi=(200, 200))
    ((_, (picture,)),) = draw([(tmp_path / "scan.png", 1)])
    assert (round(picture.width), round(picture.height)) == (595, 842)
    image = Image.open(io.BytesIO(picture.jpeg)).convert("L")
    assert image.size == (910, 1286)
    assert (image.getpixel((200, 200)), image.getpixel((700, 200)), image.getpixel((200, 900))) == (0, 255, 255)
