"""The report's own fixed words, in Chinese and English. Sentences about data belong to the analyses."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Language, Text

PHRASES: Mapping[str, Text] = {
    "company": Text("企业", "Company"),
    "period": Text("分析期间", "Period"),
    "as_of": Text("截至日期", "As of"),
    "currency": Text("货币", "Currency"),
    "sources": Text("数据来源", "Data sources"),
    "timezone": Text("时区", "Time zone"),
    "document": Text("文件编号", "Document"),
    "workspace": Text("工作区", "Workspace"),
    "generated": Text("由 Keguan 客观 {version} 生成", "Made by Keguan {version}"),
    "generated_at": Text("由 Keguan 客观 {version} 生成于 {at}", "Made by Keguan {version} on {at}"),
    "contents": Text("目录", "Contents"),
    "fact": Text("事实", "Fact"),
    "tested": Text("已检验", "Tested"),
    "estimate": Text("估计", "Estimate"),
    "forecast": Text("预测", "Forecast"),
    "recommendation": Text("建议", "Advice"),
    "money_at_stake": Text("涉及金额", "At stake"),
    "certainty": Text("确定程度", "Certainty"),
    "evidence": Text("证据", "Evidence"),
    "base": Text("基数", "Base"),
    "n": Text("样本量", "n"),
    "test": Text("检验", "Test"),
    "test_passed": Text("通过", "passed"),
    "test_failed": Text("未通过", "not passed"),
    "interval": Text("区间 {low} 至 {high}", "interval {low} to {high}"),
    "key": Text("键", "Key"),
    "kind": Text("类型", "Kind"),
    "question": Text("问题", "Question"),
    "parameters": Text("参数", "Parameters"),
    "defaults": Text("无参数", "No parameters"),
    "code": Text("程序版本", "Code version"),
    "versions": Text("数据版本", "Data versions"),
    "version": Text("第 {n} 版", "version {n}"),
    "files": Text("{n} 个文件", "{n} files"),
    "lineage": Text("读取的表与列", "Tables and columns read"),
    "method": Text("计算方法", "Method"),
    "inputs": Text("由这些表计算", "Computed from"),
    "rows": Text("行数", "Rows"),
    "sample": Text("样本行", "Sample rows"),
    "query": Text("查询语句", "Query"),
    "view": Text("视图", "View"),
    "views": Text("查询中的视图", "Views in the queries"),
    "definitions": Text("定义", "Definitions"),
    "reference": Text("出处", "Where it stands"),
    "figure": Text("图", "Figure"),
    "table_short": Text("表", "Table"),
    "table": Text("表格", "Table"),
    "chart_view": Text("图表", "Chart"),
    "unit": Text("单位", "Unit"),
    "left_axis": Text("左轴", "Left axis"),
    "right_axis": Text("右轴", "Right axis"),
    "unfinished": Text("未结束的期间", "Unfinished period"),
    "partial_table": Text(
        "显示前 {shown} 行，共 {total} 行；全部行用 keguan run {analysis} 取得。",
        "The first {shown} of {total} rows; all of them with keguan run {analysis}.",
    ),
    "partial_chart": Text(
        "图中只画出一部分；全部行用 keguan run {analysis} 取得。",
        "The chart shows a part only; all rows with keguan run {analysis}.",
    ),
    "missing_title": Text("本报告未包含的章节", "Parts that are not in this report"),
    "missing_lead": Text(
        "下列内容没有写入：所需的数据尚未导入，或这一版本尚不提供该项分析。",
        "These parts are left out: their data are not imported, or this version does not have the analysis yet.",
    ),
    "missing_data": Text("所需数据", "Data needed"),
    "missing_answers": Text("将回答", "Will answer"),
    "missing_command": Text("keguan import 文件 -w 工作区", "keguan import FILE -w WORKSPACE"),
    "needs_tables": Text("所需数据：{tables}", "data needed: {tables}"),
    "nothing": Text("现有数据不足以得出结论。", "The data do not allow a statement."),
    "comment": Text("意见", "Comment"),
    "comment_note": Text("个人意见，不是证据", "A person's opinion, not evidence"),
    "warning": Text("注意", "Note"),
    "withheld": Text("未给出", "Withheld"),
    "missing": Text("缺少数据", "Data missing"),
    "info": Text("说明", "Remark"),
    "close": Text("关闭", "Close"),
    "open_all": Text("打印", "Print"),
    "back": Text("回到正文", "Back to the text"),
    "verify_hint": Text(
        "核对本文件：keguan verify 文件 -w 工作区", "Prove this file: keguan verify FILE -w WORKSPACE"
    ),
    "rounding": Text("占比四舍五入，合计可能不等于 100%。", "Shares are rounded and may not add up to 100%."),
    "no_versions": Text("未记录", "not recorded"),
    "change_from": Text("较{period}", "against {period}"),
    "change": Text("变化", "Change"),
    "low": Text("下限", "Low"),
    "high": Text("上限", "High"),
    "to": Text("至", "to"),
    "up": Text("增加", "Increase"),
    "down": Text("减少", "Decrease"),
    "days": Text("天", "days"),
    "total": Text("合计", "Total"),
    "new_claims": Text("本期新出现的结论", "New sentences"),
    "gone_claims": Text(
        "上期（截至 {since}）有、本期不再成立的结论",
        "Sentences of the last report (as of {since}) that no longer hold",
    ),
    "more_new": Text("另有 {n} 条新结论，见正文。", "There are {n} more new sentences in the text."),
    "more_gone": Text("另有 {n} 条，见上期报告。", "There are {n} more in the last report."),
    "same_claims": Text("结论与上期相同。", "The sentences are those of the last report."),
}

CURRENCIES: Mapping[str, Text] = {
    "CNY": Text("元", "CNY"),
    "USD": Text("美元", "USD"),
    "GBP": Text("英镑", "GBP"),
    "EUR": Text("欧元", "EUR"),
    "JPY": Text("日元", "JPY"),
    "HKD": Text("港元", "HKD"),
    "TWD": Text("新台币", "TWD"),
}


def phrase(name: str, language: Language, **values: object) -> str:
    """One fixed wording, its `{names}` filled."""
    return PHRASES[name].fill(language, {key: str(value) for key, value in values.items()})


def currency_word(code: str, language: Language) -> str:
    """How the money unit is called after a figure: 元, 英镑; the ISO code where there is no word."""
    if not code:
        return ""
    return CURRENCIES[code].in_(language) if code in CURRENCIES else code
