"""Files whose rows are stored as they come: which table they are known as, what stays of them, and who is meant."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from keguan.app.ingest import ImportOptions
from keguan.app.workspace import Workspace
from keguan.core.errors import InputError
from received import HEADER, books, counts, findings, loaded, rows, write

# A small file of each kind, as a Chinese company would export it: name, header, rows.
FILES: dict[str, tuple[str, tuple[str, ...], tuple[tuple[object, ...], ...]]] = {
    "events": (
        "埋点.csv", ("用户ID", "会话ID", "事件", "时间", "页面", "平台", "品牌"),
        (("C1", "S1", "浏览", "2025-03-01 23:59:50", "首页", "APP", "松果"),
         ("C1", "S1", "加购", "2025-03-02 00:00:10", "详情", "APP", "松果"),
         ("V9", "S2", "浏览", "2025-03-02 08:00:00", "首页", "网页", "")),
    ),
    "feedback": (
        "投诉工单.csv", ("工单编号", "客户编号", "投诉类型", "投诉时间", "解决时间", "处理状态", "处理人", "投诉内容"),
        (("T1", "C1", "物流", "2025-03-01 09:00", "2025-03-03 18:00", "已解决", "王芳", "送晚了两天"),
         ("T2", "C2", "质量", "2025-03-05 10:00", "", "处理中", "李强", "漏水")),
    ),
    "contacts": (
        "触达记录.csv", ("触达编号", "客户编号", "触达时间", "部门", "触达渠道", "触达结果", "触达成本"),
        (("K1", "C1", "2025-03-01 10:00", "市场部", "短信", "已点击", "0.05"),
         ("K2", "C2", "2025-03-01 11:00", "销售部", "电话", "退订", "1.5")),
    ),
    "campaigns": (
        "营销活动.csv", ("活动编号", "活动名称", "目标客群", "渠道", "开始日期", "结束日期", "预算", "费用"),
        (("M1", "三月唤醒", "沉默客户", "短信", "2025-03-01", "2025-03-15", "5000", "4200"),),
    ),
    "campaign_members": (
        "活动名单.csv", ("活动编号", "客户编号", "组别", "分组时间"),
        (("M1", "C1", "实验组", "2025-02-28"), ("M1", "C2", "对照组", "2025-02-28")),
    ),
    "spend": (
        "投放.csv", ("日期", "渠道", "花费", "曝光量", "点击量"),
        (("2025-03-01", "抖音", "1200.50", "50000", "800"), ("2025-03-01", "百度", "300", "9000", "120")),
    ),
    "costs": (
        "服务成本.csv", ("日期", "客户编号", "成本类别", "成本金额"),
        (("2025-03-02", "C1", "客服", "12.5"), ("2025-03-03", "C2", "物流", "8")),
    ),
    "social_metrics": (
        "社交指标.csv", ("日期", "平台", "地区", "指标", "数值"),
        (("2025-03-01", "微博", "四川", "点赞", "120"), ("2025-03-02", "微博", "四川", "点赞", "150")),
    ),
    "leads": (
        "线索.csv", ("线索编号", "创建时间", "线索来源", "行业", "规模", "阶段", "责任人"),
        (("L1", "2025-02-01 10:00", "展会", "制造业", "100-499人", "成交", "赵敏"),
         ("L2", "2025-02-03 11:00", "官网", "零售", "50人以下", "跟进中", "赵敏")),
    ),
    "payments": (
        "回款.csv", ("回款编号", "客户编号", "订单编号", "应收日期", "实收日期", "应收金额"),
        (("P1", "C1", "1001", "2025-03-10", "2025-03-12", "100"), ("P2", "C2", "1002", "2025-03-20", "", "80")),
    ),
    "targets": (
        "销售目标.csv", ("指标", "期间", "维度", "目标值"),
        (("net_revenue", "2025-03", "", "200000"), ("net_revenue", "2025-03", "region=四川", "50000")),
    ),
    "contact_persons": (
        "联系人.csv", ("客户编号", "联系人", "决策角色", "职务"),
        (("C1", "陈刚", "决策者", "总经理"), ("C1", "周丽", "使用者", "主管")),
    ),
    "consents": (
        "授权.csv", ("客户编号", "用途", "是否同意", "授权时间"),
        (("C1", "短信", "是", "2025-01-05"), ("C2", "短信", "否", "2025-01-06")),
    ),
    "subscriptions": (
        "合约客户.csv", ("客户编号", "套餐", "在网时长", "月费", "是否流失", "付款方式"),
        (("C1", "标准", "12", "99", "否", "银行卡"), ("C2", "高级", "3", "199", "是", "支票")),
    ),
    "benchmarks": (
        "行业参考区间.csv", ("指标", "适用对象", "下限", "上限", "单位", "出处", "发布日期", "有效期至"),
        (("repurchase_rate", "零售", "0.2", "0.35", "share", "示例", "2025-01-01", "2026-12-31"),),
    ),
    "external_labels": (
        "市场动态.csv", ("主题", "地区", "日期", "内容", "出处"),
        (("竞品降价", "四川", "2025-03-01", "某品牌降价一成", "行业媒体"),),
    ),
}  # fmt: skip


def file_of(kind: str, folder: Path) -> Path:
    name, header, lines = FILES[kind]
    return write(folder / name, header, *lines)


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_known_as_its_kind_and_nothing_is_lost(kind: str, tmp_path: Path) -> None:
    workspace = loaded(tmp_path / "w", [file_of(kind, tmp_path)])
    load = books(workspace)[0]
    expected = len(FILES[kind][2])
    assert (load["entity"], load["received"], load["clean"]) == (kind, expected, expected)
    table = {"targets", "social_metrics"}
    name = f"all_{kind}" if kind not in table | {"contact_persons"} else kind
    stored = rows(workspace, f"SELECT * FROM {'all_social_metrics' if kind == 'social_metrics' else name}")
    assert len(stored) == expected
    assert {row["source_row"] for row in stored} == set(range(2, expected + 2))


@pytest.mark.parametrize("kind", FILES)
def test_the_same_rows_in_a_second_file_change_nothing_but_the_books(kind: str, tmp_path: Path) -> None:
    """Overlapping exports: every row comes again, with one more blank line, so that the bytes differ."""
    first = file_of(kind, tmp_path / "1")
    second = write(tmp_path / "2" / first.name, FILES[kind][1], *FILES[kind][2])
    second.write_text(second.read_text("utf-8") + "\n\n", "utf-8")
    workspace = loaded(tmp_path / "w", [first], [second])
    before, after = books(workspace)
    n = len(FILES[kind][2])
    assert before["clean"] + after["clean"] == n
    assert before["superseded"] + after["superseded"] == n


def test_moments_are_stored_in_utc_and_days_are_local(tmp_path: Path) -> None:
    workspace = loaded(tmp_path / "w", [file_of("events", tmp_path)])
    found = rows(workspace, "SELECT occurred_at, day, hour, name FROM all_events ORDER BY occurred_at")
    assert found[0] == {
        "occurred_at": datetime(2025, 3, 1, 15, 59, 50), "day": date(2025, 3, 1), "hour": 23, "name": "浏览",
    }  # fmt: skip
    assert found[1]["day"] == date(2025, 3, 2)


def test_further_columns_of_an_event_are_its_properties(tmp_path: Path) -> None:
    workspace = loaded(tmp_path / "w", [file_of("events", tmp_path)])
    found = rows(workspace, "SELECT properties FROM all_events ORDER BY occurred_at")
    assert [row["properties"] for row in found] == ['{"品牌":"松果"}', '{"品牌":"松果"}', None]


def test_a_visitor_has_an_account_and_is_no_customer_until_an_order_comes(tmp_path: Path) -> None:
    orders = write(tmp_path / "订单.csv", HEADER, ("1001", "C1", "2025-03-02 10:00:00", "T1", "茶", 1, "10"))
    workspace = loaded(tmp_path / "w", [file_of("events", tmp_path)], [orders])
    customers = rows(workspace, "SELECT customer_id, account_no FROM customers")
    assert [row["customer_id"] for row in customers] == ["C1"]
    events = rows(workspace, "SELECT visitor_id, account_no FROM all_events ORDER BY occurred_at")
    bought = rows(workspace, "SELECT account_no FROM all_order_lines")
    assert events[0]["account_no"] == bought[0]["account_no"] == customers[0]["account_no"]
    assert events[2]["account_no"] is not None
    assert events[2]["account_no"] != bought[0]["account_no"]


def test_who_gives_feedback_is_a_customer(tmp_path: Path) -> None:
    workspace = loaded(tmp_path / "w", [file_of("feedback", tmp_path)])
    assert {row["customer_id"] for row in rows(workspace, "SELECT customer_id FROM customers")} == {
        "C1",
        "C2",
    }


def test_a_customer_is_known_by_phone(tmp_path: Path) -> None:
    customers = write(
        tmp_path / "客户.csv",
        ("客户编号", "姓名", "手机号"),
        ("C7", "王小明", "13800138000"),
        ("C8", "李雷", "13900139000"),
    )
    tickets = write(
        tmp_path / "投诉.csv", ("工单编号", "手机号", "投诉时间", "投诉内容"), ("T1", "+86 138-0013-8000", "2025-03-01", "慢"),
        ("T2", "13700137000", "2025-03-02", "贵"),
    )  # fmt: skip
    workspace = loaded(tmp_path / "w", [customers], [tickets])
    found = rows(
        workspace,
        "SELECT f.feedback_id, c.customer_id FROM all_feedback f JOIN customers c USING (account_no) ORDER BY 1",
    )
    assert found[0] == {"feedback_id": "T1", "customer_id": "C7"}
    assert found[1]["customer_id"] not in ("C7", "C8")


def test_identical_events_count_once_and_identical_reviews_of_one_file_are_several(tmp_path: Path) -> None:
    event = ("C1", "S1", "浏览", "2025-03-01 10:00:00", "首页", "APP", "松果")
    events = write(tmp_path / "埋点.csv", FILES["events"][1], event, event, (*event[:2], "加购", *event[3:]))
    reviews = write(tmp_path / "评价.csv", ("评分", "评价内容"), (5, "好吃"), (5, "好吃"), (1, "难吃"))
    workspace = loaded(tmp_path / "w", [events, reviews])
    by_entity = {load["entity"]: load for load in books(workspace)}
    assert (by_entity["events"]["clean"], by_entity["events"]["dropped"]) == (2, 1)
    assert (by_entity["feedback"]["clean"], by_entity["feedback"]["dropped"]) == (3, 0)


def test_reviews_without_ids_that_come_again_beside_a_file_with_ids_are_known(tmp_path: Path) -> None:
    plain, numbered = (
        ("客户编号", "评价时间", "评分", "评价内容"),
        ("反馈编号", "客户编号", "评价时间", "评分", "评价内容"),
    )
    lines = [(f"C{n}", f"2025-03-0{n} 10:00:00", n, f"内容{n}") for n in range(1, 6)]
    first = write(tmp_path / "1" / "评价.csv", plain, *lines[:3])
    again = write(tmp_path / "2" / "评价.csv", plain, *lines[1:])
    ids = write(tmp_path / "2" / "评价二.csv", numbered, ("F1", "C8", "2025-03-08 10:00:00", 4, "另一条"))
    workspace = loaded(tmp_path / "w", [first], [again, ids])
    found = rows(workspace, "SELECT text, count(*) AS n FROM all_feedback GROUP BY text ORDER BY text")
    assert found == [*({"text": f"内容{n}", "n": 1} for n in range(1, 6)), {"text": "另一条", "n": 1}]
    assert sum(load["superseded"] for load in books(workspace)) == 2


def test_a_ticket_that_comes_again_is_replaced_by_its_later_state(tmp_path: Path) -> None:
    header, lines = FILES["feedback"][1], FILES["feedback"][2]
    first = write(tmp_path / "1" / "投诉工单.csv", header, *lines)
    solved = ("T2", "C2", "质量", "2025-03-05 10:00", "2025-03-08 12:00", "已解决", "李强", "漏水，已换新")
    second = write(tmp_path / "2" / "投诉工单.csv", header, solved)
    workspace = loaded(tmp_path / "w", [first], [second])
    assert counts(workspace) == [(2, 1, 0, 1, 0), (1, 1, 0, 0, 0)]
    found = rows(workspace, "SELECT feedback_id, status, resolved_on FROM all_feedback ORDER BY feedback_id")
    assert found == [
        {"feedback_id": "T1", "status": "solved", "resolved_on": date(2025, 3, 3)},
        {"feedback_id": "T2", "status": "solved", "resolved_on": date(2025, 3, 8)},
    ]


def test_answers_of_one_form_to_several_questions_all_stay(tmp_path: Path) -> None:
    survey = write(
        tmp_path / "问卷.csv", ("答卷编号", "客户编号", "题目", "得分", "提交时间"),
        ("A1", "C1", "总体满意度", 4, "2025-03-01"), ("A1", "C1", "推荐意愿 NPS", 9, "2025-03-01"),
        ("A2", "C2", "总体满意度", 2, "2025-03-02"), ("A2", "C2", "推荐意愿 NPS", 3, "2025-03-02"),
    )  # fmt: skip
    workspace = loaded(tmp_path / "w", [survey])
    found = rows(
        workspace, "SELECT question, scale, score FROM all_feedback WHERE feedback_id = 'A1' ORDER BY score"
    )
    assert found == [
        {"question": "总体满意度", "scale": "csat5", "score": Decimal(4)},
        {"question": "推荐意愿 NPS", "scale": "nps", "score": Decimal(9)},
    ]


@pytest.mark.parametrize(
    ("header", "cells", "scale"),
    [
        ("满意度", ("非常满意", "满意", "一般", "不满意", "非常不满意"), "csat5"),
        ("评分", ("5", "4", "3", "2", "1"), "csat5"),
        ("推荐意愿", ("10", "9", "0", "7", "5"), "nps"),
        ("label", ("1", "0", "1", "1", "0"), "binary"),
        ("CES", ("7", "1", "5", "6", "2"), "ces7"),
    ],
)
def test_scales_are_told_by_header_and_values(
    header: str, cells: Sequence[str], scale: str, tmp_path: Path
) -> None:
    answers = [(f"F{n}", cell, f"第{n}条意见") for n, cell in enumerate(cells * 4)]
    workspace = loaded(
        tmp_path / "w", [write(tmp_path / "评价.csv", ("评价编号", header, "评价内容"), *answers)]
    )
    found = rows(workspace, "SELECT DISTINCT scale FROM all_feedback")
    assert found == [{"scale": scale}]
    if scale == "csat5":
        top = rows(workspace, "SELECT max(score) AS high, min(score) AS low FROM all_feedback")
        assert top == [{"high": Decimal(5), "low": Decimal(1)}]


def test_scores_out_of_their_scale_and_times_that_run_backwards_go_to_quarantine(tmp_path: Path) -> None:
    good = [(f"F{n}", 4, "2025-03-01 10:00", "2025-03-02 10:00", "好") for n in range(40)]
    reviews = write(
        tmp_path / "评价.csv", ("评价编号", "评分", "评价时间", "答复时间", "评价内容"), *good,
        ("X1", 9, "2025-03-01 10:00", "", "满分"), ("X2", 3, "2025-03-05 10:00", "2025-03-04 10:00", "答复在前"),
        ("X3", "", "2025-03-05 10:00", "", ""), ("合计", 160, "", "", ""),
    )  # fmt: skip
    workspace = loaded(tmp_path / "w", [reviews])
    assert counts(workspace) == [(44, 40, 4, 0, 0)]
    found = rows(workspace, "SELECT rule, column_name, found FROM quarantine ORDER BY source_row")
    assert [(row["rule"], row["column_name"]) for row in found] == [
        ("out_of_scale", "score"), ("ends_before_start", "resolved_at"), ("nothing_said", "text"),
        ("total_row", found[3]["column_name"]),
    ]  # fmt: skip
    assert found[0]["found"] == "9.0000"
    assert ("quarantine_out_of_scale", "score") in findings(workspace)


@pytest.mark.parametrize(("unit", "factor"), [("s", 1), ("ms", 1000)])
def test_events_without_a_header_in_epoch_time_with_coded_behaviour(
    unit: str, factor: int, tmp_path: Path
) -> None:
    """covers: A3"""
    path = tmp_path / "UserBehavior.csv"
    start = 1_511_544_070
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for n in range(200):
            name = ("pv", "pv", "pv", "cart", "buy")[n % 5]
            writer.writerow(
                [100_000 + n % 7, 2_268_318 + n % 50, 2_520_377 + n % 3, name, (start + n * 60) * factor]
            )
    workspace = loaded(tmp_path / "w", [path])
    load = books(workspace)[0]
    assert (load["entity"], load["clean"]) == ("events", 200)
    found = rows(
        workspace, "SELECT min(occurred_at) AS first, count(DISTINCT visitor_id) AS v FROM all_events"
    )
    assert found == [{"first": datetime(2017, 11, 24, 17, 21, 10), "v": 7}]
    names = rows(workspace, "SELECT name, count(*) AS n FROM all_events GROUP BY name ORDER BY name")
    assert [(row["name"], row["n"]) for row in names] == [("buy", 40), ("cart", 40), ("pv", 120)]


def test_a_contract_file_describes_its_customers(tmp_path: Path) -> None:
    workspace = loaded(tmp_path / "w", [file_of("subscriptions", tmp_path)])
    found = rows(
        workspace,
        "SELECT customer_id, attribute, attribute_value FROM customer_attributes JOIN customers USING (account_no) "
        "ORDER BY customer_id",
    )
    assert [tuple(row.values()) for row in found] == [
        ("C1", "付款方式", "银行卡"),
        ("C2", "付款方式", "支票"),
    ]
    contract = rows(workspace, "SELECT churned, tenure_months FROM all_subscriptions ORDER BY tenure_months")
    assert contract == [{"churned": True, "tenure_months": 3}, {"churned": False, "tenure_months": 12}]


def test_further_columns_of_a_customer_file_are_attributes_and_the_last_said_stands(tmp_path: Path) -> None:
    """covers: C4"""
    header = ("客户编号", "姓名", "购买场景", "风格")
    first = write(
        tmp_path / "客户1.csv", header, ("C1", "王芳", "自用", "简约"), ("C2", "李强", "送礼", "国风")
    )
    second = write(tmp_path / "客户2.csv", header, ("C1", "王芳", "送礼", ""))
    workspace = loaded(tmp_path / "w", [first], [second])
    found = rows(workspace, "SELECT attribute, attribute_value FROM customer_attributes ORDER BY ALL")
    assert [tuple(row.values()) for row in found] == [
        ("购买场景", "送礼"), ("购买场景", "送礼"), ("风格", "国风"), ("风格", "简约"),
    ]  # fmt: skip


def test_complaints_and_enquiries_in_the_same_columns_are_told_by_the_file_name(tmp_path: Path) -> None:
    header = ("编号", "客户编号", "时间", "内容", "状态")
    first = write(tmp_path / "投诉.csv", header, ("1", "C1", "2025-03-01", "送晚了", "已解决"))
    second = write(tmp_path / "咨询.csv", header, ("2", "C2", "2025-03-02", "能开发票吗", "已解决"))
    workspace = loaded(tmp_path / "w", [first], [second])
    found = rows(workspace, "SELECT feedback_id, kind FROM all_feedback ORDER BY feedback_id")
    assert [row["kind"] for row in found] == ["complaint", "enquiry"]


def test_the_table_can_be_given_and_is_checked(tmp_path: Path) -> None:
    path = write(
        tmp_path / "x.csv",
        ("客户编号", "日期", "金额"),
        ("C1", "2025-03-01", "12"),
        ("C2", "2025-03-02", "8"),
    )
    workspace = loaded(tmp_path / "w", [path], options=ImportOptions(table="costs"))
    assert books(workspace)[0]["entity"] == "costs"
    with pytest.raises(Exception, match="--table"):
        workspace.load(path, options=ImportOptions(table="horoscopes"))


def test_rows_that_lack_what_is_needed_are_named(tmp_path: Path) -> None:
    path = write(
        tmp_path / "触达记录.csv", FILES["contacts"][1], ("K1", "C1", "2025-03-01 10:00", "市场部", "短信", "已点击", "0.05"),
        ("K2", "", "2025-03-01 10:00", "市场部", "短信", "已点击", "0.05"),
        ("K3", "C3", "", "市场部", "短信", "已点击", "0.05"), ("K4", "C4", "昨天", "市场部", "短信", "已点击", "0.05"),
    )  # fmt: skip
    workspace = loaded(tmp_path / "w", [path])
    found = rows(workspace, "SELECT rule, column_name, row_key FROM quarantine ORDER BY source_row")
    assert [tuple(row.values()) for row in found] == [
        ("no_customer_id", "customer_key", "K2"), ("missing_required", "contacted_at", "K3"),
        ("unreadable", "contacted_at", "K4"),
    ]  # fmt: skip


def test_a_file_of_which_nothing_can_be_used_changes_nothing(tmp_path: Path) -> None:
    path = write(
        tmp_path / "触达记录.csv",
        FILES["contacts"][1],
        ("K1", "", "2025-03-01 10:00", "部", "短信", "已点击", "1"),
    )
    workspace = Workspace.init(tmp_path / "w")
    with pytest.raises(InputError):
        workspace.load(path)
    assert rows(workspace, "SELECT * FROM loads") == []


def test_odd_texts_come_in_as_they_are(tmp_path: Path) -> None:
    long = "很" * 350_000
    texts = ["好吃😋👍🏽", "مرحبا \u202eabc\u202c", long, '有\n换行，"引号"', "=cmd|' /C calc'!A0"]
    reviews = write(
        tmp_path / "评价.csv", ("评价编号", "评价内容"), *((f"F{n}", text) for n, text in enumerate(texts))
    )
    workspace = loaded(tmp_path / "w", [reviews])
    found = rows(workspace, "SELECT text FROM all_feedback ORDER BY feedback_id")
    assert [row["text"] for row in found] == texts


def test_everything_in_one_command(tmp_path: Path) -> None:
    files = [file_of(kind, tmp_path) for kind in FILES]
    workspace = loaded(tmp_path / "w", files)
    assert {load["entity"] for load in books(workspace)} == set(FILES)
    assert len({row["account_no"] for row in rows(workspace, "SELECT account_no FROM customers")}) == 2
