"""``fenjie organisations``: roster lines for a new region, what a known one lacks, members of groups, errors."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from reading import table

from flows.cli import main
from flows.organisations import groups, propose, read_names
from normalizers.reference import DEFAULT_DIR
from normalizers.resolver import Resolver
from normalizers.roster import load_roster

ZHONGLOU = Path(__file__).parent.parent / "raw" / "2026" / "zhonglou.txt"
#: 玛多县: two towns and two townships, written here after the map.
MADUO, TOWNSHIPS = "632626", ["玛查理镇", "花石峡镇", "黄河乡", "扎陵湖乡"]
ROWS = (
    "1→做强产业→→(1) 做大经济总量。→王旭锋→县发改局、县财政局（国资办）",
    "→→→(2) 培育市场主体。→江文亭→发改局、县委组织部、玛多公安分局",
    "→→→(3) 优化营商环境。→江文亭→县发改局、玛查理镇、花石峡镇人民政府",
    "→→→(4) 推进城镇更新。→江文亭→县城投集团、县委组织部、各乡镇、各有关单位",
    "→→→(5) 改善生态环境。→江文亭→州发改委、省科技厅、黄河源镇、开发区（扎陵湖乡）",
    "→→→(6) 做好民生工作。→江文亭→团县委、县医院、县财政局、县财致局",
)
#: What a careful reader would write: name -> kind, other names in print, id.
WANTED: dict[str, tuple[str, list[str], str]] = {
    "县发改局": ("bureau", ["发改局"], "632626-fgj"),
    "县财政局": ("bureau", [], "632626-czj"),
    "县财致局": ("bureau", [], "632626-czj2"),
    "县委组织部": ("party", [], "632626-wzzb"),
    "团县委": ("party", [], "632626-txw"),
    "玛多公安分局": ("vertical", [], "632626-gafj"),
    "县城投集团": ("enterprise", [], "632626-ctjt"),
    "县医院": ("institution", [], "632626-yy"),
    "省科技厅": ("bureau", [], "630000-kjt"),
    "州发改委": ("bureau", [], "632600-fgw"),
    "玛查理镇": ("town", [], "632626-mclz"),
    "花石峡镇": ("town", ["花石峡镇人民政府"], "632626-hsxz"),
    "黄河乡": ("town", [], "632626-hhx"),
    "开发区（扎陵湖乡）": ("town", ["扎陵湖乡"], "632626-kfqzlhx"),
    "黄河源镇": ("town", [], "632626-hhyz"),
    "各乡镇": ("group", [], "632626-gxz"),
    "各有关单位": ("group", [], "632626-gygdw"),
}


def fenjie(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["organisations", *map(str, arguments)])


def written(folder: Path, name: str = "table.txt", rows: tuple[str, ...] = ROWS) -> Path:
    path = folder / name
    path.write_text(table(*rows), encoding="utf-8")
    return path


def by_name(text: str) -> dict[str, dict[str, Any]]:
    data = yaml.safe_load(text)
    return {entry["name"]: entry for entry in (data["organisations"] if isinstance(data, dict) else data)}


def test_a_new_region_gets_a_roster_from_its_own_documents(tmp_path: Path) -> None:
    result = fenjie(written(tmp_path), "--region", MADUO)
    assert result.exit_code == 0, result.output
    found = by_name(result.stdout)
    assert {name: (e["kind"], e.get("aliases", []), e["id"]) for name, e in found.items()} == WANTED
    assert found["各乡镇"]["members"] == ["town"]
    assert "members" not in found["各有关单位"]
    assert found["省科技厅"]["region_code"] == "630000"
    assert yaml.safe_load(result.stdout)["closed_kinds"] == {"town": ["乡", "镇"]}
    assert "# Organisations of 果洛藏族自治州玛多县 (632626), proposed from 1 file: table.txt." in result.stdout


def test_the_comments_count_and_point_to_what_is_doubtful(tmp_path: Path) -> None:
    lines = fenjie(written(tmp_path), "--region", MADUO).stdout.splitlines()
    notes = {line.split("name: ")[1].split(",")[0]: line.split("  # ")[1] for line in lines if "name: " in line}
    assert notes["县发改局"] == "县发改局 2, 发改局 1"
    assert notes["县财政局"] == "县财政局 2"
    assert notes["县财致局"] == "县财致局 1; one character off 县财政局"
    assert notes["黄河源镇"] == "黄河源镇 1; not in the official list of 2025-12-31"
    assert notes["黄河乡"] == "named in none of the files"
    assert notes["各有关单位"] == "各有关单位 1; open: who is meant stands nowhere"


def test_a_short_form_points_to_the_long_one(tmp_path: Path) -> None:
    row = (
        "1→做强产业→→(1) 做大经济总量。→王旭锋→县住建局、县住房和城乡建设局、县委办、县委网信办、县水利局、县水利建设局"
    )
    lines = fenjie(written(tmp_path, rows=(row,)), "--region", MADUO).stdout.splitlines()
    assert [line.split("name: ")[1].split(",")[0] for line in lines if "short for" in line] == ["县住建局"]
    assert "short for 县住房和城乡建设局?" in "".join(lines)


def test_a_saved_proposal_is_a_roster_that_knows_every_name(tmp_path: Path) -> None:
    path = written(tmp_path)
    reference = Path(shutil.copytree(DEFAULT_DIR, tmp_path / "reference"))
    ((_, named),) = read_names([path])
    assert not isinstance(named, str)
    (reference / "organisations" / f"{MADUO}.yaml").write_text(propose([named], MADUO).text, "utf-8")
    roster = load_roster(MADUO, reference)
    resolver = Resolver(roster, 2026)
    assert [unit.printed for unit in named.units if resolver.resolve(unit.printed).unit_id is None] == []
    group = resolver.body_of("各乡镇")
    assert group is not None
    names = {name for body in resolver.members(group) for name in body.names_in(2026)}
    assert set(TOWNSHIPS) <= names
    again = propose([named], MADUO, reference)
    assert (again.text, again.lines) == ("", ())


def test_the_order_of_the_files_changes_nothing(tmp_path: Path) -> None:
    one, two = written(tmp_path, "a.txt", ROWS[:3]), written(tmp_path, "b.txt", ROWS[:1] + ROWS[3:])
    there, back = fenjie(one, two, "--region", MADUO), fenjie(two, one, "--region", MADUO)
    assert there.exit_code == back.exit_code == 0
    assert by_name(there.stdout) == by_name(back.stdout)
    assert there.stdout.splitlines()[1:] == back.stdout.splitlines()[1:]


def test_of_a_known_region_only_what_is_unknown(tmp_path: Path) -> None:
    row = "1→做强产业→→(1) 做大经济总量。→王旭锋→发改局、区文化局（文物局）、新闻街道、金控集团、各街道"
    result = fenjie(written(tmp_path, rows=(row,)), "--region", "320404")
    assert result.exit_code == 0
    found = by_name(result.stdout)
    assert {name: entry["id"] for name, entry in found.items()} == {
        "区文化局": "320404-whj", "新闻街道": "320404-xwjd",
    }  # fmt: skip
    assert "not in the official list of 2025-12-31; nearest known: 新闸街道" in result.stdout
    assert "2 organisations of 320404" in result.stderr
    assert "区文化局" in result.stderr


def test_the_committed_document_has_nothing_unknown() -> None:
    result = fenjie(ZHONGLOU)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "knows every organisation" in result.stderr


def test_members_on_request() -> None:
    result = fenjie(ZHONGLOU, "--members")
    assert result.exit_code == 0
    by_year = yaml.safe_load(result.stdout)
    streets = [
        "320404-wxjd",
        "320404-yhjd",
        "320404-bgjd",
        "320404-xljd",
        "320404-ndjjd",
        "320404-hhcjd",
        "320404-xzjd",
    ]
    assert list(by_year) == [2026]
    assert by_year[2026]["320404-gzjd"] == ["320404-gxq", *streets]
    assert by_year[2026]["320404-gjd"] == streets
    assert by_year[2026]["320404-gygdw"] == []
    assert "# 各镇（街道）" in result.stdout


def test_a_region_that_is_no_more_gets_a_roster_all_the_same(tmp_path: Path) -> None:
    result = fenjie(written(tmp_path), "--region", "320405")  # 戚墅堰区, until 2015
    assert result.exit_code == 0
    assert "# Organisations of a region that the list of 2025-12-31 does not have (320405)" in result.stdout
    assert by_name(result.stdout)["县发改局"]["id"] == "320405-fgj"
    assert "closed_kinds" not in yaml.safe_load(result.stdout)


def test_groups_of_a_roster_without_any(tmp_path: Path) -> None:
    reference = Path(shutil.copytree(DEFAULT_DIR, tmp_path / "reference"))
    text = "organisations:\n  - {id: 632626-fgj, name: 县发改局, kind: bureau}\n"
    (reference / "organisations" / f"{MADUO}.yaml").write_text(text, "utf-8")
    ((_, named),) = read_names([written(tmp_path)], directory=reference)
    assert not isinstance(named, str)
    assert yaml.safe_load(groups([named], MADUO, reference)) == {"any year": None}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "its region is not known. Say --region CODE"),
        (["--region", "3204"], "--region 3204: is no code of a region"),
        (["--region", MADUO, "--members"], "632626 has no roster"),
    ],
)
def test_errors_say_what_to_do(tmp_path: Path, arguments: list[str], problem: str) -> None:
    result = fenjie(written(tmp_path), *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert problem in result.stderr


def test_files_of_several_regions_are_refused(tmp_path: Path) -> None:
    other = written(tmp_path, "320402.txt")
    assert f"{ZHONGLOU} is of 320404" in fenjie(ZHONGLOU, "--region", MADUO).stderr.replace("\n", "")
    sidecar = "region: 常州市天宁区\nregion_code: '320402'\nyear: 2026\nkind: zfgzbg\ntitle: 表\n"
    (tmp_path / "320402.source.yaml").write_text(sidecar, "utf-8")
    result = fenjie(ZHONGLOU, other)
    assert result.exit_code == 2
    assert "the files are of several regions" in result.stderr


def test_a_damaged_file_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.pdf"
    damaged.write_bytes(b"%PDF-1.7\nnothing")
    result = fenjie(damaged, written(tmp_path), "--region", MADUO)
    assert result.exit_code == 2
    assert "damaged.pdf" in result.stderr
    assert "县发改局" in by_name(result.stdout)


def test_a_file_without_tasks_is_said(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("各位同事：\n请查收。\n", encoding="utf-8")
    result = fenjie(path, "--region", "320404")
    assert result.exit_code != 0
    assert "letter.txt" in result.stderr
