"""The segment that an audience is drawn from: 'segmentation/label', and the customers in it as of a day."""

from __future__ import annotations

from dataclasses import dataclass

from keguan import registry
from keguan.app.inputs import PinnedInputs
from keguan.app.segments import stored_label
from keguan.core.errors import UsageError, Where
from keguan.core.text import Language, Text, same
from keguan.engine.literals import quoted
from keguan.marts.segmentations import SEGMENTATIONS
from keguan.result import Relation
from keguan.schema.vocabulary import shown

OWN = "custom_segments"
OF_ANOTHER = {"strategies": "matching"}  # segmentations that do not begin with the name of their plug-in
LISTED = 60  # labels in an error


@dataclass(frozen=True, slots=True)
class Segment:
    """A label of a segmentation, as stored."""

    segmentation: str
    label: str
    vocabulary: str | None

    def __str__(self) -> str:
        return f"{self.segmentation}/{self.label}"

    def shown(self, language: Language) -> str:
        """As a reader sees it."""
        return f"{self.segmentation}/{shown(self.label, self.vocabulary, language)}"


def rule_of(inputs: PinnedInputs, segmentation: str) -> Relation | None:
    """The rule of a segmentation as of the inputs' day; None where it could not be told then. UsageError when there is
    no such segmentation."""
    plug_in, wanted = _owner(inputs, segmentation)
    for relation in inputs.rules_of(registry.get(plug_in)):
        if relation.kind == "segments" and relation.id == wanted:
            return relation
    return None


def _owner(inputs: PinnedInputs, segmentation: str) -> tuple[str, str]:
    """The plug-in of a segmentation, and the id of its relation."""
    other = OF_ANOTHER.get(segmentation)
    if other in registry.names():
        return str(other), segmentation
    own = [item.id for item in inputs.rules_of(registry.get(OWN)) if item.kind == "segments"]
    if f"{OWN}_{segmentation}" in own:
        return OWN, f"{OWN}_{segmentation}"
    try:
        return registry.owner(segmentation), segmentation
    except UsageError:
        listed = ", ".join((*SEGMENTATIONS, *(name.removeprefix(f"{OWN}_") for name in own)))
        raise UsageError(
            Text("没有这样的分群", "There is no such segmentation"),
            Where(setting="SEGMENT"),
            found=segmentation,
            allowed=Text(
                f"如 {listed}，或任何给出分群的分析", f"such as {listed}, or any analysis that makes segments"
            ),
            do=Text("写成 分群/标签，如 rfm/重要挽留", "write segmentation/label, such as abc_class/A"),
        ) from None


def found(inputs: PinnedInputs, text: str) -> Segment:
    """The segment that a text names; its customers are in the view `audience_members`. UsageError lists the labels
    that there are."""
    name, _, label = text.strip().partition("/")
    relation = rule_of(inputs, name)
    if relation is None:
        raise UsageError(
            Text("这个分群现在得不出来", "This segmentation cannot be told from the data"),
            Where(setting="SEGMENT"),
            found=name,
            do=Text(
                "运行 keguan run 看看缺什么，或换一个分群",
                "see with keguan run what is missing, or choose another",
            ),
        )
    segment = Segment(name, stored_label(label, relation.vocabulary) or "", relation.vocabulary)
    keep_members(inputs, relation, segment.label, "audience_members")
    if not len(inputs.query("SELECT 1 AS one FROM audience_members LIMIT 1")):
        sql = f"SELECT label, count(*) AS n FROM ({relation.sql}) r GROUP BY label ORDER BY label"
        rows = inputs.query(sql, **dict(relation.params)).to_pylist()
        raise _no_label(text, name, {str(row["label"]): int(row["n"]) for row in rows}, relation.vocabulary)
    return segment


def keep_members(inputs: PinnedInputs, relation: Relation, label: str, name: str) -> None:
    """Puts the accounts of a label into a view."""
    sql = (
        f"SELECT CAST(account_no AS INTEGER) AS account_no FROM ({relation.sql}) r "
        f"WHERE CAST(label AS VARCHAR) = {quoted(label)}"
    )
    inputs.keep(name, sql, **dict(relation.params))


def _no_label(text: str, name: str, counts: dict[str, int], vocabulary: str | None) -> UsageError:
    def listed(language: Language) -> str:
        items = [f"{name}/{shown(label, vocabulary, language)} ({n:,})" for label, n in counts.items()]
        return ", ".join(items[:LISTED]) + (f" … {len(items)}" if len(items) > LISTED else "") or "-"

    return UsageError(
        Text("没有这个分群标签", "There is no such label of the segmentation"),
        Where(setting="SEGMENT"),
        found=text,
        allowed=Text(listed("zh"), listed("en")),
        do=Text("写成 分群/标签", "write segmentation/label"),
    )


def strata(inputs: PinnedInputs, columns: tuple[str, ...]) -> tuple[str, str]:
    """SQL of the stratum of a member and the joins that it needs. UsageError for a column that cannot be used."""
    parts, joins = [], []
    for place, column in enumerate(columns):
        view = f"audience_stratum_{place}"
        if column == "region":
            sql = (
                "SELECT m.account_no, coalesce(min(c.province), min(f.first_region)) AS label FROM audience_members m "
                "LEFT JOIN customers c ON c.account_no = m.account_no "
                "LEFT JOIN customer_facts f ON f.account_no = m.account_no GROUP BY m.account_no"
            )
            inputs.keep(view, sql)
        elif column in CUSTOMER_COLUMNS:
            inputs.keep(view, f"SELECT account_no, min({column}) AS label FROM customers GROUP BY account_no")
        else:
            _segment_stratum(inputs, column, view)
        parts.append(f"coalesce(s{place}.label, '-')")
        joins.append(f"LEFT JOIN {view} s{place} ON s{place}.account_no = m.account_no")
    return " || ' · ' || ".join(parts) or "'-'", "\n    ".join(joins)


CUSTOMER_COLUMNS = (
    "kind", "industry_code", "size_staff", "size_revenue", "country", "province", "city", "acquired_channel",
    "owner", "branch", "credit_grade", "member_level",
)  # fmt: skip


def _segment_stratum(inputs: PinnedInputs, name: str, view: str) -> None:
    try:
        relation = rule_of(inputs, name)
    except UsageError:
        relation = None
    if relation is None:
        raise UsageError(
            Text("不能按这一列分层", "The audience cannot be stratified by this"),
            Where(setting="--stratify"),
            found=name,
            allowed=same(", ".join(("region", *CUSTOMER_COLUMNS, *SEGMENTATIONS))),
            do=Text("改正后重试", "correct it and try again"),
        )
    label = "min(CAST(label AS VARCHAR)) AS label"
    sql = f"SELECT CAST(account_no AS INTEGER) AS account_no, {label} FROM ({relation.sql}) r GROUP BY account_no"
    inputs.keep(view, sql, **dict(relation.params))
