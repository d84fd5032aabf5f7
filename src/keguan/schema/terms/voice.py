"""Terms of satisfaction, complaints, enquiries, contacts: vocabulary name -> stored value -> wording."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "feedback_kind": {
        "survey": Text("调查", "survey"),
        "review": Text("评价", "review"),
        "complaint": Text("投诉", "complaint"),
        "opinion": Text("意见", "opinion"),
        "enquiry": Text("咨询", "enquiry"),
        "suggestion": Text("建议", "suggestion"),
        "interview": Text("访谈", "interview"),
    },
    "feedback_dimension": {
        "product": Text("商品", "product"),
        "topic": Text("问题类型", "topic"),
        "unit": Text("处理部门", "handling unit"),
        "representative": Text("处理人", "representative"),
        "region": Text("地区", "region"),
        "channel": Text("反馈渠道", "channel"),
        "segment": Text("期初 RFM 客群", "RFM class at the start"),
    },
    "ticket_state": {
        "solved": Text("已解决", "Solved"),
        "unsolved": Text("未解决", "Unsolved"),
        "open": Text("处理中", "Still open"),
        "unknown": Text("状态不明", "State unknown"),
    },
    "complaint_measure": {
        "tickets": Text("每月投诉件数", "Complaints a month"),
        "rate": Text("每百单投诉", "Complaints per 100 orders"),
    },
    "answer_measure": {
        "csat5": Text("满意率（CSAT，%）", "CSAT (% answering 4 or 5 of 5)"),
        "nps": Text("净推荐值（NPS，点）", "NPS (points)"),
        "ces7": Text("省力程度（CES，1 至 7，7 为轻松）", "CES (1 to 7, 7 is easy)"),
        "binary": Text("肯定回答率（%）", "Share of yes (%)"),
    },
    "answer_excluded": {
        "no_scale": Text("没有量表", "No scale given"),
        "other_scale": Text("量表不认识", "Unknown scale"),
        "out_of_scale": Text("评分超出量表", "Outside of the scale"),
    },
    "satisfaction_tail": {
        "most": Text("最满意", "Most satisfied"),
        "middle": Text("居中", "In between"),
        "least": Text("最不满意", "Least satisfied"),
    },
    "tail_scope": {
        "all": Text("全体受访者", "all respondents"),
        "product": Text("商品", "product"),
        "region": Text("地区", "region"),
    },
    "tail_trait": {
        "channel": Text("首单渠道", "channel of the first order"),
        "region": Text("首单地区", "region of the first order"),
        "province": Text("省份", "province"),
        "member_level": Text("会员等级", "member level"),
        "kind": Text("客户类型", "kind"),
        "complained": Text("窗口内投诉过", "complained in the window"),
        "spend": Text("窗口内人均净销售额", "net revenue a head in the window"),
        "purchases": Text("窗口内人均购买次数", "purchases a head in the window"),
    },
    "tail_value": {
        "yes": Text("是", "yes"),
    },
    "complaint_group": {
        "unsolved": Text("投诉未解决的客户", "customers with an unsolved complaint"),
        "solved": Text("投诉已解决的客户", "customers with a solved complaint"),
        "none": Text("没有投诉的客户", "customers without a complaint"),
    },
    "recency_band": {
        "1": Text("30 天内买过", "bought within 30 days"),
        "2": Text("31 至 90 天前买过", "bought 31 to 90 days before"),
        "3": Text("91 至 180 天前买过", "bought 91 to 180 days before"),
        "4": Text("181 至 365 天前买过", "bought 181 to 365 days before"),
        "5": Text("365 天以前买过", "bought over 365 days before"),
    },
    "frequency_band": {
        "0": Text("此前一年没有购买", "no purchase in the year before"),
        "1": Text("此前一年 1 次", "one purchase in the year before"),
        "2": Text("此前一年 2 次", "two purchases in the year before"),
        "3": Text("此前一年 3 至 5 次", "3 to 5 purchases in the year before"),
        "4": Text("此前一年 6 次及以上", "6 and more purchases in the year before"),
    },
    "suggestion_dimension": {
        "all": Text("全部建议", "All suggestions"),
        "unit": Text("处理部门", "handling unit"),
        "topic": Text("问题类型", "topic"),
    },
    "contact_dimension": {
        "unit": Text("部门", "unit"),
        "channel": Text("渠道", "channel"),
        "product": Text("商品", "product"),
    },
    "contact_outcome": {
        "unsubscribed": Text("退订", "Unsubscribed"),
        "complained": Text("投诉", "complaint"),
        "bought": Text("购买", "Purchase"),
    },
    "contact_dose": {
        "0": Text("没有触达", "No contact"),
        "1": Text("1 次", "1 contact"),
        "2": Text("2 次", "2 contacts"),
        "3": Text("3 至 4 次", "3 to 4 contacts"),
        "4": Text("5 至 8 次", "5 to 8 contacts"),
        "5": Text("9 次及以上", "9 and more contacts"),
    },
    "loyalty_component": {
        "trust": Text("信任", "Trust"),
        "contact": Text("联系频率", "Contact frequency"),
        "service": Text("服务效果", "Service effect"),
        "satisfaction": Text("满意", "Being satisfied"),
        "continue": Text("继续意愿", "Likelihood to continue"),
        "index": Text("忠诚度指数", "Loyalty index"),
    },
    "loyalty_quadrant": {
        "loyal": Text("真忠诚（态度高、复购高）", "Loyalty (attitude high, repeat high)"),
        "latent": Text("潜在忠诚（态度高、复购低）", "Latent loyalty (attitude high, repeat low)"),
        "spurious": Text("虚假忠诚（态度低、复购高）", "Spurious loyalty (attitude low, repeat high)"),
        "none": Text("无忠诚（态度低、复购低）", "No loyalty (attitude low, repeat low)"),
    },
    "loyalty_baseline": {
        "yes": Text("基准", "Baseline"),
        "no": Text("其后", "Later"),
    },
}
