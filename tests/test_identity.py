"""Which document a file is."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruled import LEFT, SHORT, ruled

from extractors.model import Provenance, SourceDocument, TextBlock
from normalizers.identity import IdentityError, identify, other_year
from normalizers.normalize import normalize
from normalizers.reference import DEFAULT_DIR, load_yaml
from normalizers.titles import find_title, title_of

TITLE = "2026年《政府工作报告》主要目标任务责任分解表"


def put(folder: Path, name: str, sidecar: str | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("x", encoding="utf-8")
    if sidecar is not None:
        (folder / f"{path.stem}.source.yaml").write_text(sidecar, encoding="utf-8")
    return path


def test_folder_file_name_and_title_say_it_without_a_sidecar(tmp_path: Path) -> None:
    path = put(tmp_path / "2026", "钟楼区任务分解.txt")
    identity = identify(path, "2026/钟楼区任务分解.txt", TITLE, DEFAULT_DIR)
    assert identity.document_id == "320404-2026-zfgzbg"
    assert (identity.region, identity.title, identity.publisher) == ("常州市钟楼区", TITLE, None)


@pytest.mark.parametrize(
    ("code", "title", "region"),
    [
        # the official name says which city it is in, whether the title names the region or not
        ("320582", "张家港市2025年政府工作报告目标任务分解表", "苏州市张家港市"),
        ("320582", "2025年政府工作报告目标任务分解表", "苏州市张家港市"),
        ("320500", "2025年政府工作报告目标任务分解表", "江苏省苏州市"),
        # a title that names another region is not overruled
        ("320582", "昆山市2025年政府工作报告目标任务分解表", "昆山市"),
        ("320999", "新桥区2025年政府工作报告目标任务分解表", "新桥区"),
    ],
)
def test_a_code_in_the_name_is_enough(tmp_path: Path, code: str, title: str, region: str) -> None:
    path = put(tmp_path / "2025", f"{code}.txt")
    identity = identify(path, f"2025/{code}.txt", title, DEFAULT_DIR)
    assert (identity.document_id, identity.region) == (f"{code}-2025-zfgzbg", region)


def test_the_sidecar_goes_first(tmp_path: Path) -> None:
    sidecar = "region: 某市某区\nregion_code: 320999\nyear: 2025\nkind: msss\ntitle: 民生实事\npublisher: 某区政府\n"
    identity = identify(put(tmp_path / "2026", "钟楼区.txt", sidecar), "x", TITLE, DEFAULT_DIR)
    assert (identity.document_id, identity.publisher) == ("320999-2025-msss", "某区政府")


def test_what_is_missing_is_asked_for_with_the_sidecar_to_write(tmp_path: Path) -> None:
    path = put(tmp_path / "2026", "table.txt")
    with pytest.raises(IdentityError) as caught:
        identify(path, "x", TITLE, DEFAULT_DIR)
    assert "region and region_code could not be found" in str(caught.value)
    template = caught.value.advice.split("with\n")[1]
    (tmp_path / "2026" / "table.source.yaml").write_text(
        template.replace("region:  ", "region: 某区").replace("region_code:  ", "region_code: 320999"), encoding="utf-8"
    )
    assert load_yaml(tmp_path / "2026" / "table.source.yaml")["year"] == 2026
    assert identify(path, "x", TITLE, DEFAULT_DIR).document_id == "320999-2026-zfgzbg"


def test_a_folder_and_a_title_of_different_years_are_not_guessed_about(tmp_path: Path) -> None:
    with pytest.raises(IdentityError, match="folder 2025, but its title says 2026"):
        identify(put(tmp_path / "2025", "钟楼区.txt"), "x", TITLE, DEFAULT_DIR)


@pytest.mark.parametrize(
    ("sidecar", "problem"),
    [
        ("region: [", "no valid YAML"),
        ("- a", "no keys"),
        ("regoin: 某区", "unknown key 'regoin'"),
        ("year: two", "year can't be 'two'"),
        ("region_code: 32", "region_code can't be 32"),
        (f"sha256: '{'0' * 64}'", "sha256 differs"),
    ],
)
def test_a_broken_sidecar_is_named(tmp_path: Path, sidecar: str, problem: str) -> None:
    with pytest.raises(IdentityError, match=problem.replace("[", r"\[")):
        identify(put(tmp_path / "2026", "钟楼区.txt", sidecar), "x", TITLE, DEFAULT_DIR)


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["附件 1", "2026 年《政府工作报告》主要目标任务责任分解表", "（2026年2月）"], TITLE),
        (["2026年《政府工作报告》", "主要目标任务责任分解表"], TITLE),
        (["附件1", "关于2026年政府工作报告重点工作的责任分解表", "填报单位：县政府办公室"],
         "关于2026年政府工作报告重点工作的责任分解表"),
        ([], None),
    ],
)  # fmt: skip
def test_titles(lines: list[str], title: str | None) -> None:
    assert find_title(lines) == title


def test_the_title_stands_above_the_first_responsibility_table_or_in_it() -> None:
    notice = "《2026年重点工作任务分解表》已经区政府同意，现印发给你们，请结合实际认真组织实施。"
    contacts = ruled(["单位", "联系电话"], ["区发改局", "8888"], captions=[(0, "责任单位联系方式一览表")])
    rows = [SHORT, ["1", "做大总量。", "王旭锋", "区发改局", "/"]]
    above = ruled(*rows, captions=[(0, "附件1\n2026年重点工作任务分解表\n填报单位：区政府办")])
    inside = ruled(["2026年重点工作任务分解表", *[LEFT] * 4], *rows)
    for table in (above, inside):
        pieces = (*contacts.tables, *table.tables)
        document = SourceDocument("x.pdf", "pdf", 2, pieces, (TextBlock(notice, Provenance(1)),))
        assert title_of(document) == "2026年重点工作任务分解表"


@pytest.mark.parametrize(
    ("title", "said"),
    [
        (
            "2025年《政府工作报告》主要目标任务责任分解表",
            "the title says 2025, but the document is recorded under 2026",
        ),
        (TITLE, None),
        ("关于2026年重点工作和2025年未完成工作的任务分解表", None),
        ("民生实事项目目标任务责任分解表", None),
        (None, None),
    ],
)
def test_a_title_of_another_year_is_a_doubt(tmp_path: Path, title: str | None, said: str | None) -> None:
    sidecar = "region: 某市某区\nregion_code: 320999\nyear: 2026\nkind: zfgzbg\ntitle: 分解表\n"
    identity = identify(put(tmp_path / "2026", "a.txt", sidecar), "2026/a.txt", title, DEFAULT_DIR)
    found = other_year(identity, title)
    assert found == (f"{said}: {title}" if said else None)
    if title:
        blocks = (TextBlock(title, Provenance(1, line="1")),)
        document = normalize(SourceDocument("a.txt", "txt", 1, (), blocks), identity)
        assert any(issue.rule == "other_year" for issue in document.issues) == bool(said)
