"""Files of records from which mutants are made: one of each kind, as a company would export it, made by a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

ROWS = 200
START = datetime(2024, 1, 1)
RecordFile = tuple[str, str, tuple[str, ...], tuple[tuple[str, ...], ...], int]
Row = Callable[[int, random.Random], Sequence[object]]


def _time(rng: random.Random, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    return (START + timedelta(minutes=rng.randrange(400_000))).strftime(form)


def _day(rng: random.Random) -> str:
    return _time(rng, "%Y-%m-%d")


def _who(rng: random.Random) -> str:
    return f"C{rng.randrange(60):03}"


def _ticket(n: int, rng: random.Random) -> Sequence[object]:
    start = START + timedelta(minutes=rng.randrange(400_000))
    end = start + timedelta(hours=rng.randrange(1, 200))
    done = rng.random() < 0.8
    return (f"T{n:04}", _who(rng), rng.choice(("物流", "质量", "服务")), start.strftime("%Y-%m-%d %H:%M"),
            end.strftime("%Y-%m-%d %H:%M") if done else "", "已解决" if done else "处理中",
            rng.choice(("王芳", "李强")),
            rng.choice(("送晚了两天", "漏水，要求退货", "态度不好\n说了两次", "包装破了")))  # fmt: skip


def _form(n: int, rng: random.Random) -> Sequence[object]:
    scores = [rng.choice(("", *map(str, range(1, 6)))) for _ in range(3)]
    return (
        f"A{n:04}",
        _who(rng),
        _time(rng),
        *scores,
        rng.randrange(11),
        rng.choice(("", "很好", "太慢, 下次不买")),
    )


# kind -> name of the file, header, a row, how often it is taken
FILES: dict[str, tuple[str, tuple[str, ...], Row, int]] = {
    "questionnaire": (
        "满意度问卷",
        ("答卷编号", "客户编号", "提交时间", "总体满意度", "物流评分", "服务评分", "推荐意愿(0-10)", "意见"), _form, 5,
    ),
    "feedback": (
        "投诉工单", ("工单编号", "客户编号", "投诉类型", "投诉时间", "解决时间", "处理状态", "处理人", "投诉内容"), _ticket, 4,
    ),
    "reviews": (
        "商品评价", ("客户编号", "商品", "评分", "评价时间", "评价内容"),
        lambda n, rng: (_who(rng), f"P{rng.randrange(9)}", rng.randrange(1, 6), _time(rng),
                        rng.choice(("好吃", "一般", "差"))), 2,
    ),
    "events": (
        "埋点", ("用户ID", "会话ID", "事件", "时间", "页面", "平台", "品牌"),
        lambda n, rng: (_who(rng), f"S{rng.randrange(90)}", rng.choice(("浏览", "加购", "下单")), _time(rng),
                        rng.choice(("首页", "详情")), rng.choice(("APP", "网页")), rng.choice(("松果", ""))), 4,
    ),
    "contacts": (
        "触达记录", ("触达编号", "客户编号", "触达时间", "部门", "触达渠道", "触达结果", "触达成本"),
        lambda n, rng: (f"K{n}", _who(rng), _time(rng), "市场部", rng.choice(("短信", "电话")),
                        rng.choice(("已点击", "退订", "已送达")), rng.choice(("0.05", "1.5"))), 3,
    ),
    "campaigns": (
        "营销活动", ("活动编号", "活动名称", "目标客群", "渠道", "开始日期", "结束日期", "预算", "费用"),
        lambda n, rng: (f"M{n}", f"活动{n}", "沉默客户", "短信", f"2024-{1 + n % 6:02}-01", f"2024-{2 + n % 6:02}-15",
                        rng.randrange(9000), rng.randrange(9000)), 3,
    ),
    "campaign_members": (
        "活动名单", ("活动编号", "客户编号", "组别", "分组时间"),
        lambda n, rng: (f"M{rng.randrange(5)}", _who(rng), rng.choice(("实验组", "对照组")), _day(rng)), 2,
    ),
    "spend": (
        "投放", ("日期", "渠道", "花费", "曝光量", "点击量"),
        lambda n, rng: (_day(rng), rng.choice(("抖音", "百度")), f"{rng.randrange(90000) / 100:.2f}",
                        rng.randrange(99999), rng.randrange(999)), 2,
    ),
    "costs": (
        "服务成本", ("日期", "客户编号", "成本类别", "成本金额"),
        lambda n, rng: (_day(rng), _who(rng), rng.choice(("客服", "物流")), f"{rng.randrange(9000) / 100:.2f}"), 3,
    ),
    "social_metrics": (
        "社交指标", ("日期", "平台", "地区", "指标", "数值"),
        lambda n, rng: (_day(rng), "微博", rng.choice(("四川", "北京")), rng.choice(("点赞", "评论")), rng.randrange(999)), 1,
    ),
    "leads": (
        "线索", ("线索编号", "创建时间", "线索来源", "行业", "规模", "阶段", "责任人"),
        lambda n, rng: (f"L{n}", _time(rng), rng.choice(("展会", "官网")), "制造业", "100-499人",
                        rng.choice(("成交", "跟进中")), "赵敏"), 1,
    ),
    "payments": (
        "收款", ("收款编号", "客户编号", "订单编号", "应收日期", "实收日期", "应收金额"),
        lambda n, rng: (f"B{n}", _who(rng), f"{1000 + n}", _day(rng), rng.choice((_day(rng), "")), rng.randrange(9999)), 2,
    ),
    "consents": (
        "授权", ("客户编号", "用途", "是否同意", "授权时间"),
        lambda n, rng: (_who(rng), rng.choice(("短信", "邮件")), rng.choice("是否"), _time(rng)), 1,
    ),
    "subscriptions": (
        "合约客户", ("客户编号", "套餐", "在网时长", "月费", "是否流失", "付款方式"),
        lambda n, rng: (f"C{n:03}", rng.choice(("标准", "高级")), rng.randrange(72), rng.choice((99, 199)),
                        rng.choice("是否"), rng.choice(("银行卡", "支票"))), 2,
    ),
}  # fmt: skip


def record_files() -> list[RecordFile]:
    """(kind, name of the file, header, rows, weight) of every file; the same each time."""
    made = []
    for kind, (name, header, row, weight) in FILES.items():
        rng = random.Random(kind)
        rows = tuple(tuple(map(str, row(n, rng))) for n in range(ROWS))
        made.append((kind, name, header, rows, weight))
    return made
