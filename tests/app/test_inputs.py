"""What an analysis sees: as of a day, as of earlier days, segments at a day, and how it came about."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from keguan import registry
from keguan.app.as_of import CUTS, stored_name
from keguan.app.inputs import PinnedInputs
from keguan.core.text import Text
from keguan.result import Column
from keguan.schema.tables import ENTITIES
from shop import Shop

AS_OF = date(2025, 6, 30)
COLUMNS = (
    Column("label", Text("分群", "Segment"), "text", role="key"),
    Column("customers", Text("客户数量", "Customers"), "count"),
)


@pytest.fixture
def inputs(tmp_path: Path) -> PinnedInputs:
    """Forty customers who bought in January, twenty of them again in May."""
    shop = Shop()
    for account in range(1, 41):
        shop.buy(account, date(2025, 1, account % 28 + 1), 10 * account)
        if account <= 20:
            shop.buy(account, date(2025, 5, account), 20)
    shop.add(
        "feedback",
        feedback_id="F1", kind="complaint", raised_at=datetime(2025, 3, 1, 9), resolved_at=datetime(2025, 4, 10, 9),
        status="solved", reason="已换货",
    )  # fmt: skip
    shop.add("feedback", feedback_id="F2", kind="review", text="没有日期")
    return shop.inputs(tmp_path, AS_OF)


def test_an_earlier_day_knows_nothing_of_what_came_later(inputs: PinnedInputs) -> None:
    count = "SELECT count(*) AS orders FROM orders"
    facts = "SELECT sum(purchases) AS n, max(recency_days) AS days FROM customer_facts"
    then = inputs.at(date(2025, 3, 31))
    assert inputs.query(count).to_pylist() == [{"orders": 60}]
    assert then.query(count).to_pylist() == [{"orders": 40}]
    assert then.query(facts).to_pylist() == [{"n": 40, "days": 89}]
    assert inputs.query(facts).to_pylist() == [{"n": 60, "days": 180}]
    assert inputs.at(AS_OF) is inputs
    with pytest.raises(ValueError, match="after"):
        inputs.at(date(2025, 7, 1))


def test_a_complaint_is_open_until_the_day_on_which_it_was_solved(inputs: PinnedInputs) -> None:
    sql = "SELECT status, reason, resolved_at FROM feedback WHERE feedback_id = 'F1'"
    then = inputs.at(date(2025, 4, 9)).query(sql).to_pylist()
    assert then == [{"status": "open", "reason": None, "resolved_at": None}]
    now = inputs.at(date(2025, 4, 10)).query(sql).to_pylist()
    assert now == [{"status": "solved", "reason": "已换货", "resolved_at": datetime(2025, 4, 10, 9)}]
    assert inputs.at(date(2025, 2, 28)).query(sql).to_pylist() == []


def test_a_row_without_a_date_is_always_there(inputs: PinnedInputs) -> None:
    sql = "SELECT count(*) AS n FROM feedback"
    assert inputs.at(date(2025, 1, 1)).query(sql).to_pylist() == [{"n": 1}]


def test_segments_stand_at_their_day(inputs: PinnedInputs) -> None:
    now, then = inputs.segment("rfm"), inputs.segment("rfm", date(2025, 3, 31))
    assert (now, then) == ("segment_rfm_20250630", "segment_rfm_20250331")
    for name in (now, then):
        rows = inputs.query(f"SELECT account_no, label FROM {name}").to_pylist()
        assert len({row["account_no"] for row in rows}) == len(rows) == 40
    moved = inputs.query(
        f"SELECT count(*) AS n FROM {now} a JOIN {then} b USING (account_no) WHERE a.label <> b.label"
    )
    assert moved.to_pylist()[0]["n"] > 0
    with pytest.raises(Exception, match=r"(?i)horoscope"):
        inputs.segment("horoscope")


def test_a_query_that_names_a_segment_makes_it(inputs: PinnedInputs) -> None:
    rows = inputs.query("SELECT count(*) AS n FROM segment_abc_class_20250331").to_pylist()
    assert rows == [{"n": 40}]


def test_a_table_carries_the_queries_of_its_views_and_what_they_read(inputs: PinnedInputs) -> None:
    name = inputs.segment("rfm", date(2025, 3, 31))
    table = inputs.table(
        "t", Text("表", "Table"), COLUMNS, ("label",),
        f"SELECT label, count(*) AS customers FROM {name} GROUP BY label ORDER BY label",
    )  # fmt: skip
    assert name in table.views
    assert f"{name}.window_facts" in table.views
    assert table.lineage is not None
    assert "purchases" in table.lineage.tables
    again = inputs.query(table.sql or "", **dict(table.params))
    assert again.to_pylist() == table.rows.to_pylist()


def test_a_table_made_at_an_earlier_day_says_so_and_is_found_again(inputs: PinnedInputs) -> None:
    sql = "SELECT 'all' AS label, count(*) AS customers FROM customer_facts WHERE last_purchase_on <= $as_of"
    table = inputs.at(date(2025, 1, 10)).table("t", Text("表", "Table"), COLUMNS, ("label",), sql)
    assert table.params == {"as_of": date(2025, 1, 10)}
    assert inputs.query(sql, **dict(table.params)).to_pylist() == table.rows.to_pylist()
    assert "customer_facts" in table.views


def test_every_cut_names_columns_of_its_table() -> None:
    for table, cut in CUTS.items():
        names = {*cut.later, *(name for changed in cut.later.values() for name in changed), cut.dated_by}
        assert names <= set(ENTITIES[table].names), table
        assert stored_name(table) == f"all_{table}"
        if cut.named_in:
            assert cut.named_in[0] in CUTS
            assert {cut.named_in[1]} <= set(ENTITIES[cut.named_in[0]].names) & set(ENTITIES[table].names)
    dated = {name for name, entity in ENTITIES.items() if "day" in entity.names}
    # kept sessions are not cut: they are read only where they tell of exactly the events that are seen
    assert dated - {"event_sessions"} <= set(CUTS)


@pytest.mark.parametrize("name", [name for name in registry.names() if registry.get(name).relations])
def test_relations_alone_are_those_of_the_whole_result(name: str, inputs: PinnedInputs) -> None:
    plug_in = registry.get(name)
    assert plug_in.relations is not None
    alone = plug_in.relations(inputs, plug_in.params())
    assert alone == plug_in.run(inputs, plug_in.params()).relations
    assert bool(alone) is (name != "custom_segments")  # these come from rules, and none are given


def test_what_a_model_makes_of_each_customer_is_a_view_that_evidence_shows(inputs: PinnedInputs) -> None:
    def twice(batch: pa.RecordBatch) -> pa.RecordBatch:
        doubled = pc.multiply(batch.column("purchases").cast(pa.float64()), 2.0)
        return pa.record_batch({"account_no": batch.column("account_no"), "expected": doubled})

    def scored(at: PinnedInputs) -> str:
        return at.scored(
            "toy",
            "SELECT account_no, purchases FROM customer_facts WHERE last_purchase_on <= $as_of",
            twice,
            {"account_no": "INTEGER", "expected": "DOUBLE"},
            method="twice(purchases)",
        )

    earlier = scored(inputs.at(date(2025, 3, 31)))  # made first: the views move to that day and back
    name = scored(inputs)
    assert name != earlier
    assert name == scored(inputs)
    sql = f"SELECT 'all' AS label, CAST(sum(expected) AS BIGINT) AS customers FROM {name}"
    table = inputs.table("t", Text("合计", "Total"), COLUMNS, ("label",), sql)
    assert table.records() == [{"label": "all", "customers": 120}]
    assert inputs.query(f"SELECT sum(expected) AS n FROM {earlier}").to_pylist() == [{"n": 80.0}]
    assert table.views[name].startswith(
        "-- twice(purchases)\nSELECT account_no, purchases FROM customer_facts"
    )
    assert f"{name}.customer_facts" in table.views  # how the rows that the model saw came about
    assert table.lineage is not None
    assert any("customer_facts" in read for read in table.lineage.tables)
