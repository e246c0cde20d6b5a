"""Targets in texts: what docs/targets.md says, example by example, and what must hold for any text."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.read import read_document
from normalizers.normalize import normalize
from normalizers.records import Target
from normalizers.reference import DEFAULT_DIR, ReferenceDataError
from normalizers.targets.find import find_targets, read_targets
from normalizers.targets.numbers import number_of
from normalizers.targets.tasks import with_targets
from normalizers.targets.words import load_words
from validators.target_checks import target_faults

ROOT = Path(__file__).parent.parent
WORDS = load_words()


def found(text: str, year: int | None = 2026) -> tuple[Target, ...]:
    return find_targets(text, WORDS, year)


def short(target: Target) -> str:
    """Metric, comparator, number, unit: what a reader would note in the margin."""
    number = "" if target.value is None else f"{target.value.normalize():f}"
    number += f"-{target.upper.normalize():f}" if target.upper is not None else ""
    if target.kind in ("qualitative", "delegated"):
        return f"{target.metric} {target.kind}"
    return f"{target.metric} {target.comparator} {number}{target.unit or ''}".rstrip()


#: What a reader of docs/targets.md notes for each text.
NUMBERS = {
    "地区生产总值增长5%左右": ["地区生产总值 about 5%"],
    "地区生产总值增长5%以上": ["地区生产总值 at_least 5%"],
    "地区生产总值增长5%": ["地区生产总值 change_by 5%"],
    "规上工业增加值增速不低于6%": ["规上工业增加值增速 at_least 6%"],
    "社会消费品零售总额突破700亿元": ["社会消费品零售总额 more_than 700亿元"],
    "城镇登记失业率控制在5%以内": ["城镇登记失业率 at_most 5%"],
    "城镇登记失业率控制在5%": ["城镇登记失业率 at_most 5%"],
    "城镇登记失业率控制在5%左右": ["城镇登记失业率 about 5%"],
    "一般公共预算收入增长4.5-5%": ["一般公共预算收入 range 4.5-5%"],
    "一般公共预算收入增长5%—5.5%左右": ["一般公共预算收入 range 5-5.5%"],
    "一般公共预算收入增长５％至６％": ["一般公共预算收入 range 5-6％"],
    "新增企业100到120家": ["新增企业 range 100-120家"],
    "固定资产投资、工业投资分别增长5%、6.5%左右": ["固定资产投资 about 5%", "工业投资 about 6.5%"],
    "养老金标准从380元提高至1000元": ["养老金标准 equal 1000元"],
    "失业率由8%降到5%以内": ["失业率 at_most 5%"],
    "新增公共停车泊位3000个": ["新增公共停车泊位 equal 3000个"],
    "更新983部电梯": ["更新电梯 equal 983部"],
    "惠及1500户，盘活1100亩": ["惠及 equal 1500户", "盘活 equal 1100亩"],
    "数字经济规模翻一番": ["数字经济规模 multiple 2倍"],
    "数字经济规模翻两番": ["数字经济规模 multiple 4倍"],
    "数字经济规模增长1.6倍": ["数字经济规模 multiple 1.6倍"],
    "数字经济规模达到2倍以上": ["数字经济规模 at_least 2倍"],
    "新增三十亿级企业1家、十亿级2家、五亿级5家": ["新增三十亿级企业 equal 1家", "十亿级 equal 2家", "五亿级 equal 5家"],
    "总投资超30亿元或3亿美元项目2个": ["总投资超30亿元或3亿美元项目 equal 2个"],
    "2000万元以上项目110个以上，其中亿元以上项目30个": ["2000万元以上项目 at_least 110个", "亿元以上项目 equal 30个"],
    "外资增加5亿元或3亿美元": ["外资 change_by 5亿元", "外资 change_by 3亿美元"],
    "完成2000万元以上技改投资": ["完成技改投资 at_least 2000万元"],
    "安全隐患全面清零": ["安全隐患 equal 0"],
    "煤炭消费零增长": ["煤炭消费 equal 0"],
    "上云企业过半": ["上云企业 more_than 50%"],
    "绿色建筑占比达三成": ["绿色建筑占比 equal 30%"],
    "绿色建筑占比达到三分之一": ["绿色建筑占比 equal 33.33%"],
    "综合实力进入全省前十": ["综合实力 at_most 10"],
    "综合实力位居全市第2位": ["综合实力 equal 2位"],
    "新增企业三十家，开通公交线路两条": ["新增企业 equal 30家", "开通公交线路 equal 2条"],
    "新增企业100余家，引进人才100多名": ["新增企业 more_than 100家", "引进人才 more_than 100名"],
    "引进人才近200名": ["引进人才 about 200名"],
    "净增高新技术企业50家": ["高新技术企业 change_by 50家"],
    "压减煤炭消费3万吨": ["煤炭消费 change_by 3万吨"],
    "推动英中电气等20个重大项目加速落地": ["重大项目 equal 20个"],
    "支持11家上市公司": ["上市公司 equal 11家"],
    "推动21个总投资超30亿元的项目提速": ["总投资超30亿元的项目 equal 21个"],
    "至少建成5个": ["至少建成 at_least 5个"],
    "规上工业增加值，力争增长6%": ["规上工业增加值 change_by 6%"],
    "GDP突破1200亿元、增长5.5%，力争6%": ["GDP more_than 1200亿元", "GDP change_by 5.5%", "GDP change_by 6%"],
    "新建幼儿园、小学3所": ["新建幼儿园、小学 equal 3所"],
    "去年完成300家，今年新增200家": ["新增 equal 200家"],
    "单位GDP能耗较2025年下降3%": ["单位GDP能耗 change_by 3%"],
    "办理时限压缩至3个工作日": ["办理时限 equal 3个工作日"],
    "服务业增加值增速快于GDP增速1个百分点": ["服务业增加值增速 relative 1个百分点"],
    "居民收入增长与经济增长同步": ["居民收入增长 relative"],
    "规上工业增速高于全国平均水平": ["规上工业增速 relative"],
    "一般公共预算收入保持稳定增长": ["一般公共预算收入 qualitative"],
    "耕地面积只增不减，安全生产形势平稳向好": ["耕地面积 qualitative", "安全生产形势 qualitative"],
    "物业服务实现全覆盖": ["物业服务 qualitative"],
    "全面完成市下达的节能降耗任务": ["节能降耗任务 delegated"],
    "能耗强度控制在市下达指标以内": ["能耗强度 delegated"],
    "市政府下达的年度目标任务全面完成": ["年度目标任务 delegated"],
    "外贸进出口总额、实际利用外资双增长": ["外贸进出口总额 qualitative", "实际利用外资 qualitative"],
    "稳定新出生人口规模": ["新出生人口规模 qualitative"],
    "工业用电量实现两位数增长": ["工业用电量 qualitative"],
    "空气质量持续改善，服务质量不断提升": ["空气质量 qualitative"],
    "农村居民收入增速继续快于城镇居民": ["农村居民收入增速 relative"],
    "GDP增速、投资增速均高于全国、全省平均水平": ["GDP增速 relative", "投资增速 relative"],
    "高技术制造业增加值、工业投资均增长8%以上": ["高技术制造业增加值 at_least 8%", "工业投资 at_least 8%"],
    "接待游客突破1000万人次、旅游收入突破100亿元，分别增长15%和20%": [
        "接待游客 more_than 1000万人次",
        "旅游收入 more_than 100亿元",
        "接待游客 change_by 15%",
        "旅游收入 change_by 20%",
    ],
    "亩均税收、亩均产值分别提高至20、450万元左右": ["亩均税收 about 20万元", "亩均产值 about 450万元"],
    "惠及居民8600户、2.3万人": ["惠及居民 equal 8600户", "惠及居民 equal 2.3万人"],
    "海洋经济总产值突破万亿元，财政收入突破百亿元": ["海洋经济总产值 more_than 1万亿元", "财政收入 more_than 100亿元"],
    "新增“小巨人”企业二三十家": ["新增“小巨人”企业 range 20-30家"],
    "零星采购成本降低一成五，审批时限减半": ["零星采购成本 change_by 15%", "审批时限 change_by 50%"],
    "人均产值达到2020年的2.2倍": ["人均产值 multiple 2.2倍"],
    "在去年增长6%的基础上，零售总额再增长7%": ["零售总额 change_by 7%"],
    "公交站点500米覆盖率达到100%": ["公交站点500米覆盖率 equal 100%"],
    "引进年产值超10亿元或年税收超5000万元企业3家": ["引进年产值超10亿元或年税收超5000万元企业 equal 3家"],
    "建成面积5000平方米的文化中心1座": ["建成面积5000平方米的文化中心 equal 1座"],
    "80%以上的社区建成服务站": ["社区 at_least 80%"],
    "新建、改造农村公路100公里": ["新建、改造农村公路 equal 100公里"],
    "对300户困难家庭进行改造": ["困难家庭 equal 300户"],
    "工业投资增长 10 % 以上，引进资金 3000 万元": ["工业投资 at_least 10%", "引进资金 equal 3000万元"],
    "综合排名上升3位，GDP总量跨入全省县域前30强": ["综合排名 change_by 3位", "GDP总量 at_most 30"],
    "义务教育优质均衡发展县（市、区）占比提升至35%": ["义务教育优质均衡发展县（市、区）占比 equal 35%"],
    "新增绿色工厂10家（其中国家级1家）": ["新增绿色工厂 equal 10家", "国家级 equal 1家"],
    "工业总产值（亿元）：500；绿地面积（万平方米）≥30": ["工业总产值 equal 500亿元", "绿地面积 at_least 30万平方米"],
    "①社消零增长7%②安置房交付500套": ["社消零 change_by 7%", "安置房交付 equal 500套"],
    "开工10个亿元以上项目、竣工8个5亿元以上项目": ["开工亿元以上项目 equal 10个", "竣工5亿元以上项目 equal 8个"],
    "收入增速力争高于全市平均水平2个百分点以上，位居全市前三": ["收入增速 relative 2个百分点", "收入增速 at_most 3"],
    "居民收入增长6%以上，与经济增长基本同步，力争快于全市平均": [
        "居民收入 at_least 6%",
        "居民收入 relative",
        "居民收入 relative",
    ],
    "税收占比达85%，高于全省平均5个百分点": ["税收占比 equal 85%", "税收占比 relative 5个百分点"],
    "覆盖率、参保率分别提高3个、5个百分点": ["覆盖率 change_by 3个百分点", "参保率 change_by 5个百分点"],
    "人均期望寿命高于全国平均1岁": ["人均期望寿命 relative 1岁"],
    "一是新增企业5家；二是新增商户1,200户": ["新增企业 equal 5家", "新增商户 equal 1200户"],
}


@pytest.mark.parametrize("text", NUMBERS)
def test_reads_what_a_reader_reads(text: str) -> None:
    assert [short(target) for target in found(text)] == NUMBERS[text]


@pytest.mark.parametrize(
    "text",
    [
        "实施“3312”工程，推进“1+4+N”和“2+4”产业体系",
        "推进“两河两桥”片区和三航一弄建设，改造三堡街",
        "办理12345热线工单，开通地铁5号线，拓宽312国道",
        "打造3A级景区，创成三甲医院，发布新政2.0，消除劣V类水体",
        "建设15分钟便民生活圈，落实2026年“十五五”三年行动，第一季度启动",
        "提供24小时服务，实行7×24小时值守，关爱60岁以上老人和0-3岁婴幼儿",
        "发展第三产业，实施第二批项目",
        "去年完成300家，已建成20个",
        "打造六大产业、三类项目，建设四类更新项目库和两级综治中心，用好两个“终端”，拓展三大市场",
        "培育人工智能、数据产业2个成长型未来产业",
        "组建产业招商、科技招商、服务业招商三支队伍",
        "提升城市气质，擦亮品牌，优化营商环境，提质增效",
        "加快推进总投资100亿元的生产基地项目建设",
        "打造一个平台，办好一件事，争创一流",
        "建成100兆瓦/200兆瓦时共享储能电站，推动年产10万吨铜箔项目投产，整治50万吨级航道",
        "聚焦六大主导产业、三条创新链，围绕五个中心建设",
        "常住人口80万人、面积72平方公里的城区",
        "打造十里画廊、千亩花海，完成一批隐患整改，形成数十个场景",
        "按照1:1比例配套资金，执行GB50016-2014标准，电话0519-88886666",
        "严格落实8小时工作制，12小时内响应，3个月整治期，2026年6月30日前印发",
        "健全与市场经济相适应的制度，落实省委部署的各项任务",
        "推进三次产业融合、地铁6号线二期和S239建设，办好第十届书展、“5·20”活动",
        "每千名老人、每百户居民",
    ],
)
def test_what_is_no_target(text: str) -> None:
    assert [short(target) for target in found(text)] == []


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("税收达到1.5亿元", 150_000_000, "CNY"),
        ("外资达到2亿美元", 200_000_000, "USD"),
        ("建成高标准农田2万亩", 20_000, "mu"),
        ("占比达到3%", 3, "percent"),
        ("出生率达到6‰", 6, "permille"),
        ("占比提高2个百分点", 2, "percentage_point"),
        ("PM2.5浓度降至30微克/立方米", 30, "ug/m3"),
        ("接待游客120万人次", 1_200_000, "人次"),
        ("新增企业30家", 30, "家"),
        ("粮食产量达到5亿斤", 250_000_000, "kg"),
        ("亩均税收达到30万元/亩", 300_000, "CNY/mu"),
        ("智能算力达到1.2万P", 12_000, "PFLOPS"),
        ("规模翻一番", 2, "times"),
    ],
)
def test_base_units(text: str, value: int, unit: str) -> None:
    (target,) = found(text)
    assert target.base_value is not None
    assert (float(target.base_value), target.base_unit) == (value, unit)


def test_baseline_change_and_modality() -> None:
    (target,) = found("力争基础养老金从380元提高至1000元")
    assert (target.baseline, target.value) == (Decimal(380), Decimal(1000))
    assert (target.change, target.modality) == ("increase", "力争")
    (target,) = found("确保能耗下降3%")
    assert (target.change, target.modality, target.metric) == ("decrease", "确保", "能耗")
    (target,) = found("新增企业30家")
    assert target.change is None
    (target,) = found("规模翻一番")
    assert target.change == "increase"
    (target,) = found("争取资金10亿元")
    assert (target.modality, target.metric) == (None, "争取资金")


def test_scope_and_day_it_is_due() -> None:
    first, second, third, fourth = found("全年新增企业30家，其中科技型20家；到2027年底，建成学校3所，改造校舍2所")
    assert (first.scope, first.due) == ("全年", "2026-12-31")
    assert (second.scope, second.due) == ("全年 其中", "2026-12-31")
    assert (third.scope, third.due) == ("到2027年底", "2027-12-31")
    assert (fourth.scope, fourth.due) == (None, None)
    (target,) = found("年均增长6%，", None)
    assert (target.scope, target.due) == ("年均", None)
    (target,) = found("PM2.5年均浓度控制在30微克/立方米")
    assert target.scope is None


def test_what_it_is_measured_against() -> None:
    (target,) = found("居民收入增长与经济增长同步")
    assert (target.reference, target.value, target.comparator) == ("经济增长", None, "relative")
    (target,) = found("力争收入增速高于全省平均水平1个百分点")
    assert (target.reference, target.value, target.modality) == ("全省平均水平", Decimal(1), "力争")


def test_numbers_that_are_unclear() -> None:
    assert read_targets("新增企业30家，收入增长5%。12:00开门。", WORDS, 2026)[1] == ()
    assert [said[:5] for said in read_targets("城乡收入比缩小到2.1:1", WORDS, 2026)[1]] == ["2.1:1"]
    assert len(read_targets("新建鱼塘30垛", WORDS, 2026)[1]) == 1
    assert len(read_targets("覆盖率不超过5%以上", WORDS, 2026)[1]) == 1
    assert "may be a change" in read_targets("PM2.5浓度降低2微克/立方米至30微克/立方米", WORDS, 2026)[1][0]
    assert read_targets("地区生产总值增长5%至6%，增加就业1000至1200人。", WORDS, 2026)[1] == ()


def test_where_the_words_stand() -> None:
    text = "加强调度，力争地区生产总值增长5%左右。新增企业30家。"
    assert [(target.start, target.phrase) for target in found(text)] == [
        (5, "力争地区生产总值增长5%左右"),
        (20, "新增企业30家"),
    ]


def test_targets_of_a_document() -> None:
    document = normalize(read_document(ROOT / "raw" / "2026" / "zhonglou.txt"), None)
    by_task = {task.task_no.value: [short(target) for target in task.targets] for task in document.tasks}
    assert by_task[1] == ["地区生产总值 about 5%"]
    assert sum(map(len, by_task.values())) == 39
    assert not [found for found in document.issues if found.rule == "target_unclear"]


def test_an_unclear_number_is_an_issue_of_its_task() -> None:
    task = normalize(read_document(ROOT / "raw" / "2026" / "zhonglou.txt"), None).tasks[4]
    task = replace(task, content=replace(task.content, value="新建鱼塘30垛"))
    (read,), (doubt,) = with_targets([task], 2026)
    assert read.targets == ()
    assert (doubt.rule, doubt.severity, doubt.task_no, doubt.field) == ("target_unclear", "warning", 5, "content")
    assert doubt.provenance == task.content.provenance


def test_numerals() -> None:
    texts = {"十": 10, "十二": 12, "两": 2, "二百五十": 250, "一百零三": 103, "一万二千": 12000, "1,200.5": 1200.5}
    assert {text: float(number_of(text) or 0) for text in texts} == texts
    assert [number_of(text) for text in ("一二", "十百", "", "甲")] == [None] * 4


def check(text: str) -> None:
    """What must hold for any text."""
    targets = found(text)
    for target in targets:
        assert target.phrase == text[target.start : target.end]
        assert 0 <= target.start < target.end <= len(text)
        assert target.metric == "".join(target.metric.split())
        assert (target.value is None) <= (target.kind != "numeric")
        assert (target.comparator is None) == (target.kind in ("qualitative", "delegated"))
        if target.upper is not None:
            assert target.comparator in ("range", "relative")
        numbers = [None if n is None else float(n) for n in (target.value, target.upper, target.baseline)]
        faults = [said for said in target_faults(target.phrase, *numbers) if "range" not in said]
        assert faults == [], "its numbers stand in its phrase"
    places = [(target.end, target.start) for target in targets]
    assert [end for end, _ in places] == sorted(end for end, _ in places), "in the order of their numbers"
    assert len(set(places)) == len(places), "no two are read from the same words"


_WORDS = """
地区生产总值 增长 5% 左右 以上 不低于 、 ， 。 ； （ ） 分别 从 到 提高至 100 家 亿元 万
三十 一 两 个 项目 总投资超 的 其中 力争 全年 2026年 6月底前 “3312” “ ” 或 和 等
翻一番 三成 三分之一 清零 前十 与 同步 高于 全国平均水平 保持 稳定增长 完成市下达的任务 -
4.5-5% 新增 企业 1.6倍 余 多 ５ ％ 已 2025年 第 3名 级 PM2.5 微克/立方米 十
百 万亩 至
"""
#: Parts of such texts; put together at random they are nonsense that must be read without complaint.
PIECES = [" ", "\n", *_WORDS.split()]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_any_text_made_of_such_words(text: str) -> None:
    check(text)


@given(st.text(max_size=40))
def test_any_text(text: str) -> None:
    check(text)


METRICS = ["地区生产总值", "社会消费品零售总额", "进出口总额", "规模以上服务业营业收入", "PM2.5平均浓度", "绿化覆盖率"]
BINDING = {
    "{metric}达到{number}{unit}": "equal",
    "{metric}不低于{number}{unit}": "at_least",
    "{metric}达到{number}{unit}以上": "at_least",
    "{metric}突破{number}{unit}": "more_than",
    "{metric}控制在{number}{unit}以内": "at_most",
    "{metric}不超过{number}{unit}": "at_most",
    "{metric}低于{number}{unit}": "less_than",
    "{metric}约{number}{unit}": "about",
    "{metric}达{number}{unit}左右": "about",
    "{metric}增长{number}{unit}": "change_by",
    "{metric}下降{number}{unit}": "change_by",
    "{metric}下降{number}{unit}以上": "at_least",
}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(METRICS),
            st.sampled_from(sorted(BINDING)),
            st.one_of(st.integers(1, 99999).map(str), st.decimals(1, 100, places=1).map(str)),
            st.sampled_from(["亿元", "%", "万亩", "微克/立方米", "亿美元", "万吨", "公里"]),
        ),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["，", "；", "。", "、"]),
)
def test_reads_back_what_was_composed(parts: list[tuple[str, str, str, str]], mark: str) -> None:
    text = mark.join(way.format(metric=metric, number=number, unit=unit) for metric, way, number, unit in parts)
    targets = found(text)
    assert [f"{t.metric} {t.comparator} {t.value} {t.unit}" for t in targets] == [
        f"{metric} {BINDING[way]} {number} {unit}" for metric, way, number, unit in parts
    ]
    check(text)
    for target, (_, _, number, _) in zip(targets, parts, strict=True):
        assert number in target.phrase


@given(
    st.integers(1, 999), st.sampled_from(["新增", "新建", "建成", "引进", "更新"]), st.sampled_from(["家", "个", "座"])
)
def test_reads_counts_back(count: int, verb: str, unit: str) -> None:
    for text in (f"{verb}{count}{unit}甲类用品店", f"{verb}甲类用品店{count}{unit}"):
        assert [f"{t.metric} {t.comparator} {t.value} {t.unit}" for t in found(text)] == [
            f"{verb}甲类用品店 equal {count} {unit}"
        ]


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("targets.yaml", "modality: [力争", "modality: [5, 力争", "5 under modality"),
        ("targets.yaml", "modality:", "modalities:", "modality"),
        ("units.yaml", "counts:", "count:", "counts"),
        ("units.yaml", "USD: {美元: 1", "USD: {元: 1, 美元: 1", "元 stands under CNY and under USD"),
        ("units.yaml", "weak: [岁", "weak: [世纪, 岁", "世纪"),
    ],
)
def test_faulty_reference_data_is_told(tmp_path: Path, name: str, old: str, new: str, said: str) -> None:
    for file in ("targets.yaml", "units.yaml"):
        text = (DEFAULT_DIR / file).read_text(encoding="utf-8")
        (tmp_path / file).write_text(text.replace(old, new) if file == name else text, encoding="utf-8")
    with pytest.raises(ReferenceDataError, match=re.escape(said)):
        load_words(tmp_path)
