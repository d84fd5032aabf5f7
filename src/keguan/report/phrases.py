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
    "same_claims": Text(
        "结论与上期相同，数字以本期为准。",
        "The sentences are those of the last report, with the figures of this one.",
    ),
    "skip": Text("跳到正文", "Skip to the text"),
    "search": Text("搜索报告", "Search the report"),
    "search_hint": Text("按 / 搜索", "Press / to search"),
    "search_found": Text("找到 {n} 处", "{n} found"),
    "search_first": Text("找到 {n} 处，列出前 {shown} 处", "{n} found, the first {shown} listed"),
    "search_none": Text("没有找到", "Nothing found"),
    "copy": Text("复制", "Copy"),
    "copied": Text("已复制", "Copied"),
    "copy_failed": Text("无法复制", "Cannot copy"),
    "copy_link": Text("复制链接", "Copy the link"),
    "copy_table": Text("复制表格", "Copy the table"),
    "save_csv": Text("下载 CSV", "Download CSV"),
    "source_line": Text("来源：{ref}，截至 {as_of}", "Source: {ref}, as of {as_of}"),
    "source_versions": Text("；数据 {versions}", "; data {versions}"),
    "source_more": Text("等 {n} 张表", "and {n} more"),
    "left_out_in_print": Text(
        "打印时略去：图的数据表、查询语句、样本行。在网页中点开证据编号可以看到。",
        "Left out in print: the tables behind charts, queries, sample rows. On the screen they open at each evidence id.",
    ),
    "vertical_axis": Text("纵轴", "Vertical axis"),
    "horizontal_axis": Text("横轴", "Horizontal axis"),
    "unit_count": Text("个", "count"),
    "alt_points": Text("{kind}：{title}。{n} 个数据点", "{kind}: {title}. Points: {n}"),
    "alt_range": Text("，{first} 至 {last}", ", {first} to {last}"),
    "alt_extremes": Text(
        "。{label}最高 {high}（{high_at}），最低 {low}（{low_at}）",
        ". {label}: highest {high} ({high_at}), lowest {low} ({low_at})",
    ),
    "alt_same": Text("。{label}均为 {value}", ". {label}: {value} throughout"),
    "alt_none": Text("。{label}没有数值", ". {label}: no values"),
    "chart_bar": Text("条形图", "Bar chart"),
    "chart_stacked_bar": Text("堆叠条形图", "Stacked bar chart"),
    "chart_waterfall": Text("瀑布图", "Waterfall chart"),
    "chart_line": Text("折线图", "Line chart"),
    "chart_area": Text("面积图", "Area chart"),
    "chart_band": Text("带区间的折线图", "Line chart with intervals"),
    "chart_scatter": Text("散点图", "Scatter chart"),
    "chart_heatmap": Text("热力图", "Heat map"),
    "chart_funnel": Text("漏斗图", "Funnel chart"),
    "chart_treemap": Text("矩形树图", "Tree map"),
    "chart_flow": Text("流向图", "Flow chart"),
    "so_what": Text("策略建议", "What to do"),
    "contrast": Text(
        "以上两句说的是同一项指标，方向相反，口径不同：前一句为{first}；后一句为{second}。两句各自成立，不能合并成一个结论。",
        "The two sentences above are about the same measure and point in opposite directions; they are two "
        "comparisons: the first is {first}; the second is {second}. Each stands by itself; they do not add up to one.",
    ),
    "slides_source": Text("来源", "Source"),
    "slides_method": Text("方法与证据所在", "Method, and where the evidence is"),
    "slides_evidence": Text(
        "每张幻灯片的备注里有结论编号、样本量、检验与查询语句；全部参数、定义和样本行在同一报告的 HTML、PDF 与 Word 版附录。",
        "The notes under each slide hold claim ids, sizes, tests and queries; all parameters, definitions and sample "
        "rows stand in the appendix of this report as HTML, PDF and Word.",
    ),
    "slides_tables": Text(
        "表格放不进幻灯片，见同一报告的其他格式：{tables}",
        "Tables too large for a slide, to be found in the other forms of this report: {tables}",
    ),
    "slides_columns": Text("另有 {columns} 列见其他格式。", "{columns} more columns in the other forms."),
    "source": Text("来源", "Source"),
    "queries": Text("查询", "Queries"),
    "chart_data": Text("图表数据", "Chart data"),
    "more_tables": Text("其他表格", "More tables"),
    "analysis_word": Text("分析", "Analysis"),
    "claim_word": Text("结论", "Claim"),
    "title_word": Text("名称", "Title"),
    "value_name": Text("数值", "Value"),
    "value_shown": Text("显示为", "Shown as"),
    "where_here": Text("本文件位置", "In this file"),
    "framework_note": Text(
        "起始内容，请按企业情况修改；不含数字，不是证据。",
        "Words to start from, to be adapted by the company; no figures, no evidence.",
    ),
    "folded_rows": Text(
        "显示前 {shown} 行，共 {total} 行；点行号左侧的 + 展开其余各行。",
        "The first {shown} of {total} rows; the + beside the row numbers unfolds the rest.",
    ),
    "lacking_letters": Text(
        "字体没有的字（表情符号、罕用字）写成它的编码，例如 [U+20BB7]。",
        "Letters that the font lacks (emoji, rare names) stand as their code, such as [U+20BB7].",
    ),
    "same_of_both": Text(
        "两期都有的分析，结论与上期相同，数字以本期为准。",
        "Analyses that both reports hold say the same as in the last report, with the figures of this one.",
    ),
    "minor_claims": Text(
        "另有 {n} 条次要结论出现或不再成立，不在此列出。",
        "Minor sentences that came or no longer hold, not listed here: {n}.",
    ),
    "gone_unprinted": Text(
        "上期得出而没有印出的结论中，有 {n} 条不再成立。",
        "Sentences that the last report drew without printing them and that no longer hold: {n}.",
    ),
    "gone_foreign": Text(
        "上期的结论中有 {n} 条不再成立；上期报告用另一种语言写成，原句见上期报告。",
        "Sentences of the last report that no longer hold: {n}. It is written in another language; they stand there.",
    ),
    "not_compared": Text(
        "只有一期报告包含的分析（{n} 项）不作比较：{names}。",
        "Analyses that only one of the two reports holds are not compared ({n}): {names}.",
    ),
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
