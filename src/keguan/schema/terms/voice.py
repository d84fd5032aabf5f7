"""Terms of satisfaction, complaints, enquiries, contacts: vocabulary name -> stored value -> wording."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text
from keguan.schema.terms.rfm_classes import RFM_CLASS

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "feedback_kind": {
        "survey": Text("调查", "Survey"),
        "review": Text("评价", "Review"),
        "complaint": Text("投诉", "Complaint"),
        "opinion": Text("意见", "Opinion"),
        "enquiry": Text("咨询", "Enquiry"),
        "suggestion": Text("建议", "Suggestion"),
        "interview": Text("访谈", "Interview"),
    },
    "feedback_value": dict(RFM_CLASS),
    "feedback_dimension": {
        "product": Text("商品", "Product"),
        "topic": Text("问题类型", "Topic"),
        "unit": Text("处理部门", "Handling department"),
        "representative": Text("处理人", "Representative"),
        "region": Text("地区", "Region"),
        "channel": Text("反馈渠道", "Channel"),
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
        "nps": Text("净推荐值（NPS，-100 至 100）", "NPS (-100 to 100)"),
        "ces7": Text("省力程度（CES，1 至 7，7 为轻松）", "CES (1 to 7, 7 is easy)"),
        "binary": Text("肯定回答率（%）", "Share of yes (%)"),
    },
    # In sentences the figure carries its unit.
    "answer_measure_said": {
        "csat5": Text("满意率（CSAT）", "CSAT (share answering 4 or 5 of 5)"),
        "nps": Text("净推荐值（NPS）", "NPS"),
        "ces7": Text("省力程度（CES，1 至 7，7 为轻松）", "CES (1 to 7, 7 is easy)"),
        "binary": Text("肯定回答率", "Share of yes answers"),
    },
    "score_scale": {
        "csat5": Text("满意度评分（1 至 5 分）", "a satisfaction score from 1 to 5"),
        "nps": Text("推荐意愿评分（0 至 10 分）", "a score of recommendation from 0 to 10"),
        "ces7": Text("省力程度评分（1 至 7 分）", "a score of effort from 1 to 7"),
        "binary": Text("是或否（1 或 0）", "yes or no (1 or 0)"),
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
        "all": Text("全体受访者", "All respondents"),
        "product": Text("商品", "Product"),
        "region": Text("地区", "Region"),
    },
    "tail_trait": {
        "channel": Text("首单渠道", "Channel of the first order"),
        "region": Text("首单地区", "Region of the first order"),
        "province": Text("省份", "Province"),
        "member_level": Text("会员等级", "Member level"),
        "kind": Text("客户类型", "Kind"),
        "complained": Text("窗口内投诉过", "Complained in the window"),
        "spend": Text("窗口内人均净销售额", "Net revenue a head in the window"),
        "purchases": Text("窗口内人均购买次数", "Purchases a head in the window"),
    },
    "tail_value": {
        "yes": Text("是", "Yes"),
    },
    "complaint_group": {
        "unsolved": Text("投诉未解决的客户", "Customers with an unsolved complaint"),
        "solved": Text("投诉已解决的客户", "Customers with a solved complaint"),
        "none": Text("没有投诉的客户", "Customers without a complaint"),
    },
    "recency_band": {
        "1": Text("30 天内买过", "Bought within 30 days"),
        "2": Text("31 至 90 天前买过", "Bought 31 to 90 days before"),
        "3": Text("91 至 180 天前买过", "Bought 91 to 180 days before"),
        "4": Text("181 至 365 天前买过", "Bought 181 to 365 days before"),
        "5": Text("365 天以前买过", "Bought over 365 days before"),
    },
    "frequency_band": {
        "0": Text("此前一年没有购买", "No purchase in the year before"),
        "1": Text("此前一年 1 次", "One purchase in the year before"),
        "2": Text("此前一年 2 次", "Two purchases in the year before"),
        "3": Text("此前一年 3 至 5 次", "3 to 5 purchases in the year before"),
        "4": Text("此前一年 6 次及以上", "6 and more purchases in the year before"),
    },
    "suggestion_dimension": {
        "all": Text("全部建议", "All suggestions"),
        "unit": Text("处理部门", "Handling department"),
        "topic": Text("问题类型", "Topic"),
    },
    "contact_dimension": {
        "unit": Text("部门", "Department"),
        "channel": Text("渠道", "Channel"),
        "product": Text("商品", "Product"),
    },
    "contact_outcome": {
        "unsubscribed": Text("退订", "Unsubscribed"),
        "complained": Text("投诉", "Complaint"),
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
