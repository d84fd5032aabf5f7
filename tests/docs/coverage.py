"""Which capability is shown by which test: `python tests/docs/coverage.py` writes docs/coverage.md.

A test says what it shows by a line `covers: C1 C2` in its docstring, or in that of its module.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "coverage.md"
COVERS = re.compile(r"covers:\s*([A-Z]\d+(?:[ ,]+[A-Z]\d+)*)")

# id -> what it is, in Chinese and English.
CAPABILITIES: dict[str, tuple[str, str]] = {
    "C1": ("人口属性：年龄、性别、地区、职业、收入、学历", "age, gender, region, occupation, income, education"),
    "C2": ("购买力：年龄 × 性别 × 地区的消费", "spending power by age, gender and region"),
    "C3": ("兴趣与敏感度：品类、促销、价格、尝新、活跃", "interests; sensitivity to promotion, price, novelty; activity"),
    "C4": ("购买人与使用人、场景、风格", "buyer and user, scene, style"),
    "C5": ("高购买力客户的共同特征", "traits that customers of high purchasing power share"),
    "C6": ("单个客户全景", "360 view of one customer"),
    "C7": ("各特征的 TGI", "TGI of every trait"),
    "D1": ("RFM 绝对值标准", "RFM by the absolute table"),
    "D2": ("RFM 八类", "RFM in eight classes"),
    "D3": ("ABC 分类", "ABC classes"),
    "D4": ("价值分级与关键贡献者", "value classes and key contributors"),
    "D5": ("聚类与稳定性", "clusters and their stability"),
    "D6": ("任意维度组合分群", "segments by any combination of dimensions"),
    "D7": ("生命周期、沉默、高潜与潜在客户", "lifecycle, silent, high-potential, prospects"),
    "D8": ("三类标签", "tags in three families"),
    "D9": ("分群迁移与归因", "migration between segments and its causes"),
    "D10": ("按责任人与分支机构的名单", "lists by owner and branch"),
    "D11": ("最近八个期末的分群占比", "segment shares at the last eight period ends"),
    "E1": ("购买历史与习惯", "purchase history and habits"),
    "E2": ("商品、地区、期间与商品机会", "products, regions, periods; product opportunity"),
    "E3": ("渠道占比与迁移", "channels: share and migration"),
    "E4": ("浏览与内容", "browsing and content"),
    "E5": ("漏斗与路径", "funnel and paths"),
    "E6": ("交叉分析", "cross analysis"),
    "E7": ("文本主题与需求", "themes and needs in texts"),
    "E8": ("购买时间热力图", "purchase heat map"),
    "E9": ("队列、留存与复购", "cohorts, retention, repurchase"),
    "E10": ("交叉销售与升级销售名单", "cross-sell and up-sell lists"),
    "E11": ("新品接受、促销响应、季节性", "new products, promotion response, seasonality"),
    "E12": ("市场趋势与预测区间", "market trend, forecast with intervals"),
    "E13": ("收入变化分解", "revenue bridge"),
    "E14": ("获客：线索、转化、相似客户", "acquisition: leads, conversion, look-alikes"),
    "E15": ("履约时效", "delivery"),
    "F1": ("满意度", "satisfaction"),
    "F2": ("最满意与最不满意的两成", "the 20 % most and least satisfied"),
    "F3": ("投诉", "complaints"),
    "F4": ("咨询与建议", "enquiries and suggestions"),
    "F5": ("触达压力", "contact pressure"),
    "F6": ("忠诚度指数", "loyalty index"),
    "F7": ("未解决投诉之后", "what unsolved complaints precede"),
    "G1": ("客户终身价值", "customer lifetime value"),
    "G2": ("贡献与集中度", "contribution and concentration"),
    "G3": ("客户利润", "profit per customer"),
    "G4": ("获客成本与回收期", "acquisition cost and payback"),
    "G5": ("结算", "settlement"),
    "H1": ("流失与留存率", "churn and retention"),
    "H2": ("流失预警", "churn warning"),
    "H3": ("流失原因", "reasons for leaving"),
    "H4": ("召回名单与目标", "win-back lists and targets"),
    "I1": ("下一次购买：何时、什么、多少", "next purchase: when, what, how much"),
    "I2": ("流失概率", "probability of churn"),
    "I3": ("策略模拟与推荐", "simulation of strategies, with intervals"),
    "I4": ("需求与趋势预测", "forecast of demand and trend"),
    "I5": ("模型的回测、复盘与校准", "back-tests of models, how they fared, recalibration"),
    "J1": ("策略矩阵", "strategy matrix"),
    "J7": ("实验：功效、分组检验、占比与均值、序贯、多组", "experiments: power, split, shares and means, sequential, many arms"),
    "J8": ("增效模型：接触谁", "uplift: whom to contact"),
    "J9": ("预算分配：收益递减与区间", "budget over channels: diminishing returns, intervals"),
    "J10": ("购后推荐", "recommendations after a purchase"),
    "K1": ("行业参考区间与判断", "benchmarks and verdicts"),
    "K2": ("与上期、去年、自身历史相比", "against the period before, last year, own history"),
    "K3": ("计划与实际", "plan and actual"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Shown:
    """A test that shows a capability."""

    capability: str
    file: str
    test: str

    @property
    def subject(self) -> str:
        """What is tested: an analysis by its name, or a part of the product."""
        return Path(self.file).stem.removeprefix("test_")


def shown() -> list[Shown]:
    """Every test that says what it covers, sorted."""
    found = {item for path in sorted((ROOT / "tests").rglob("test_*.py")) for item in _in_file(path)}
    return sorted(found)


def _in_file(path: Path) -> Iterator[Shown]:
    tree = ast.parse(path.read_text("utf-8"))
    name = path.relative_to(ROOT).as_posix()
    whole = _ids(ast.get_docstring(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            for capability in _ids(ast.get_docstring(node)) | whole:
                yield Shown(capability, name, node.name)


def _ids(text: str | None) -> set[str]:
    return {item for found in COVERS.findall(text or "") for item in re.findall(r"[A-Z]\d+", found)}


def page() -> str:
    """docs/coverage.md."""
    by_id: dict[str, dict[str, list[str]]] = {}
    for item in shown():
        by_id.setdefault(item.capability, {}).setdefault(item.subject, []).append(item.test)
    halves = []
    for language in (0, 1):
        head = (
            "# 能力与测试\n\n每项能力由哪个分析给出、由哪些测试证明。\n\n| 编号 | 能力 | 分析 | 测试 |\n|---|---|---|---|"
            if language == 0
            else "# Capabilities and tests\n\nWhich analysis gives each capability, and which tests show it.\n\n"
            "| Id | Capability | Analysis | Tests |\n|---|---|---|---|"
        )
        rows = [
            f"| {capability} | {names[language]} | {' '.join(f'`{subject}`' for subject in sorted(by_id.get(capability, {})))} | "
            f"{_tests(by_id.get(capability, {}))} |"
            for capability, names in CAPABILITIES.items()
        ]
        halves.append("\n".join((head, *rows)))
    return "\n\n".join(halves) + "\n"


def _tests(subjects: dict[str, list[str]]) -> str:
    """The first tests of each subject, and how many more there are."""
    parts = []
    for subject in sorted(subjects):
        first, rest = subjects[subject][:2], len(subjects[subject]) - 2
        parts += [f"`{test}`" for test in first] + ([f"+{rest}"] if rest > 0 else [])
    return " ".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}\n")
