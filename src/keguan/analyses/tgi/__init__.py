"""Which traits does each segment have more, or less, than all customers?

Method: TGI = share of a trait value in the segment / share in the base x 100, among customers of whom the trait is
known; the base is all customers with a segment, so the segment is part of it. The index rises with the ratio of
the segment's share to that of the others, two independent groups, so Koopman's score interval of that ratio gives
its interval, and the test of two proportions tests that the index is 100. Benjamini-Hochberg over all segments
and traits; not tested where fewer than 5 are expected in a cell.

Source: Koopman (1984); Cochran (1954); Benjamini and Hochberg (1995).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from keguan.analyses.tgi.claims import TEXT, tgi_claims
from keguan.analyses.tgi.indices import Counts, Segment, counted, counts_sql, index_table, unknown_table
from keguan.analyses.tgi.params import Params
from keguan.analysis import Analysis, Inputs
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.marts.profile_traits import HOME_SQL, Sources, trait_params, traits_sql
from keguan.marts.segmentations import OWNERS, SEGMENTATIONS
from keguan.result import Column, Figure, Note, Result
from keguan.schema.vocabulary import VOCABULARIES

WINDOW_MONTHS = 12  # of deliveries; the index counts customers, not money


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: tgi (segment x trait x value), unknown (who is left out)."""
    view = inputs.segment(params.segmentation)
    home = inputs.query(HOME_SQL).to_pylist()
    sources = Sources(
        attributes=inputs.has("customer_attributes"),
        roles=inputs.has_values("contact_persons", "role"),
        deliveries=inputs.has_values("orders", "region") and inputs.has_values("customers", "province"),
    )
    bound: dict[str, Any] = {
        **trait_params(
            inputs.as_of, inputs.settings.timezone, home[0]["country"] if home else "", params.max_values,
            params.max_attributes,
        ),
        "from_day": window_start(inputs.as_of, WINDOW_MONTHS),
    }  # fmt: skip
    sql = counts_sql(traits_sql(params.bands, sources), view)
    found = counted(inputs, sql, bound)
    segment = _segment(params.segmentation, found)
    tables = (
        index_table(inputs, found, segment, params.bands, sql, bound),
        replace(unknown_table(inputs, found, segment), appendix=True),
    )
    result = Result("tgi", tables=tables)
    return Result(
        "tgi",
        tables=tables,
        figures=_figures(result),
        claims=tgi_claims(result, params),
        notes=_notes(inputs, result),
    )


def _segment(segmentation: str, found: Counts) -> Segment:
    """The segments that occur, in the order of their vocabulary."""
    vocabulary = SEGMENTATIONS[segmentation].vocabulary
    terms = list(VOCABULARIES[vocabulary])
    names = {name for values in found.values() for counts in values.values() for name in counts}
    column = Column("segment", Text("分群", "Segment"), "label", role="key", vocabulary=vocabulary)
    return Segment(
        column, sorted(names, key=lambda name: (terms.index(name) if name in terms else len(terms), name))
    )


def _figures(result: Result) -> tuple[Figure, ...]:
    drawn = {
        "age": Text("各分群的年龄 TGI", "TGI of age by segment"),
        "place": Text("各分群的所在地 TGI", "TGI of place by segment"),
    }
    rows = result.table("tgi").records()
    note = Text("100 为与全体相同", "100: as in the base")
    return tuple(
        Figure(f"by_{trait}", "heatmap", title, "tgi", "value", ("index",), series="segment",
               where={"family": "person", "trait": trait}, note=note)
        for trait, title in drawn.items()
        if any(r["family"] == "person" and r["trait"] == trait and r["index"] is not None for r in rows)
    )  # fmt: skip


def _notes(inputs: Inputs, result: Result) -> tuple[Note, ...]:
    rows = result.table("tgi").records()
    if not rows:
        says = Text(
            "没有已知的客户特征，或没有分群：请导入客户资料（性别、生日、地区、行业）或客户属性",
            "No trait of a customer is known, or there are no segments: import a customer file (gender, birth date, region, "
            "industry) or customer attributes",
        )
        return (Note(says, "missing"),)
    min_n = inputs.settings.min_n
    if any(row["index"] is None for row in rows):
        says = Text(
            f"分群内或其余客户中已知某特征的少于 {min_n} 位时，不给出该特征的 TGI",
            f"Where a trait is known of fewer than {min_n} customers of the segment, or of the others, its TGI is withheld",
        )
        return (Note(says, "withheld"),)
    return ()


ANALYSIS = Analysis(
    name="tgi",
    title=Text("分群特征 TGI", "TGI of segments"),
    question=Text(
        "每个客户分群与全体客户相比，哪些特征更突出？",
        "Which traits stand out in each segment, against all customers?",
    ),
    section="profile",
    params=Params,
    run=run,
    text=TEXT,
    reads=("customers", "customer_attributes", "contact_persons", "orders", "purchases", "customer_facts"),
    needs=("customers",),
    uses=OWNERS,
    order=20,
)
