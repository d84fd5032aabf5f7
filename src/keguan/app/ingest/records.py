"""Files whose rows are stored as they come: events, feedback, contacts, campaigns, costs and the like.

A row that comes again is known again: by its id, by what it is about, or by all it says; see IDENTITY.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import duckdb

from keguan.app.ingest import frozen, members
from keguan.app.ingest.answers import findings_sql, of_rows, replaced_sql, superseded_sql, told_sql
from keguan.app.ingest.batch import FlatFile
from keguan.app.ingest.orders import constant_offset
from keguan.app.ingest.write import append, replace_where, scan
from keguan.engine.literals import quoted
from keguan.mapping.flat_columns import UTC
from keguan.mapping.questionnaire import PART
from keguan.quality.normalised import replaced_sql as in_one_form
from keguan.quality.phones import phone_sql
from keguan.quality.record_rules import SCALE_BY_QUESTION, judged_columns, rules_of
from keguan.schema.audiences import FROZEN_SOURCE
from keguan.schema.tables import ENTITIES
from keguan.store.workspace import Change, Store

Recognition = Literal["latest", "once", "all"]


@dataclass(frozen=True, slots=True)
class Identity:
    """`latest`: of rows with the same `columns` the last received stands. `once`: identical rows are one.
    `all`: identical rows of one file are several; those of another file are the same again.

    `id`: the column that identifies a row; where the file lacks it, rows are told by `without`.
    """

    recognition: Recognition
    columns: tuple[str, ...] = ()
    id: str = ""
    without: Recognition = "once"


IDENTITY: Mapping[str, Identity] = {
    "events": Identity("latest", ("event_id",), "event_id"),
    "feedback": Identity("latest", ("feedback_id", "question"), "feedback_id", "all"),
    "contacts": Identity("latest", ("contact_id",), "contact_id"),
    "campaigns": Identity("latest", ("campaign_id",)),
    "campaign_members": Identity("latest", ("campaign_id", "account_no")),
    "spend": Identity("all"),
    "costs": Identity("all"),
    "social_metrics": Identity("latest", ("day", "channel", "region", "segment", "metric")),
    "leads": Identity("latest", ("lead_id",)),
    "payments": Identity("latest", ("payment_id",), "payment_id"),
    "targets": Identity("latest", ("metric", "period", "dimension")),
    "contact_persons": Identity("latest", ("person_id",), "person_id"),
    "consents": Identity("latest", ("account_no", "purpose", "given_at")),
    "subscriptions": Identity("latest", ("account_no", "plan", "started_on")),
    "benchmarks": Identity("latest", ("metric", "population", "published_by", "published_on")),
    "external_labels": Identity("once"),
}

# The first moment or day that a row tells of gives it its day; others that the import derives.
DAY_OF: Mapping[str, tuple[str, ...]] = {
    "events": ("occurred_at",), "feedback": ("raised_at", "invited_at"), "contacts": ("contacted_at",),
    "leads": ("created_at",), "payments": ("due_on", "paid_on"), 
    "campaign_members": ("assigned_at", "exposed_at", "sent_at", "delivered_at", "opened_at", "clicked_at"),
    "consents": ("given_at",),
}  # fmt: skip
LATER: Mapping[str, str] = {
    "resolved_on": "resolved_at", "stage_on": "stage_at", "exposed_on": "exposed_at", "invited_on": "invited_at",
    "sent_on": "sent_at", "delivered_on": "delivered_at", "opened_on": "opened_at", "clicked_on": "clicked_at",
}  # fmt: skip
OF_THE_IMPORT = ("source", "load_id", "source_row")
MADE_IDS = ("feedback_id", "contact_id", "payment_id", "person_id")
FEW_REPEATS = 0.99  # share of different ids from which a column is believed to identify rows


@dataclass(frozen=True)
class Records:
    """The files of one kind of record in the import's private database."""

    connection: duckdb.DuckDBPyConnection
    kind: str
    files: tuple[FlatFile, ...]
    key_types: Mapping[int, str]  # file_no -> what the customer's key is
    zone: str
    source: str

    @property
    def given(self) -> frozenset[str]:
        """Columns that some file has."""
        return frozenset().union(*(file.given for file in self.files))

    @property
    def has_customer(self) -> bool:
        """Whether rows name a customer."""
        return "customer_key" in self.given

    def judge(self) -> None:
        """Makes `all_<kind>` (every row, with `rule`) and tells the books of rows that they must know of."""
        run = self.connection.execute
        parts = []
        for file in self.files:
            if not file.questions:
                parts.append(self._judged(file))
                continue
            answers = f"answers_{file.file_no}"
            run(f"CREATE OR REPLACE TEMP TABLE {answers} AS {of_rows(self._judged(file))}")
            run(findings_sql(answers, file.rows))
            run(told_sql(answers, self.kind))
            once = "CASE WHEN NOT used THEN {0} END AS {0}"
            told = ", ".join(once.format(name) for name in ("failed", "failed_found", "missing_reason"))
            parts.append(f"SELECT * REPLACE ({told}) FROM {answers} WHERE kept")
        run(f"CREATE OR REPLACE TEMP TABLE all_{self.kind} AS {' UNION ALL BY NAME '.join(parts)}")
        found = "coalesce(rule_column, failed)"
        texts = " ".join(
            f"WHEN {found} = '{name}' THEN CAST({name} AS VARCHAR)"
            for name in self._columns()
            if name in self.given
        )
        value = f"CASE WHEN failed = {found} THEN failed_found {texts} END"
        run(
            f"INSERT INTO master_judged SELECT file_no, load_id, source_row, {quoted(self.kind)}, rule, {found}, "
            f"{value}, {self._row_key()}, missing_reason FROM all_{self.kind} "
            "WHERE rule IS NOT NULL OR failed IS NOT NULL OR missing_reason IS NOT NULL"
        )

    def _judged(self, file: FlatFile) -> str:
        """SQL: the rows of a file with their rid and the first rule that each breaks."""
        number = f"source_row * {file.questions} + {PART}" if file.questions else "source_row"
        rows = (
            f"SELECT {file.file_no} AS file_no, {file.load_id} AS load_id, "
            f"{file.file_no} * 1099511627776 + {number} AS rid, {self._in_one_form(file)} FROM ({file.sql}) f"
        )
        scale = "*"
        if self.kind == "feedback":
            scale = f"* REPLACE (coalesce(scale, {SCALE_BY_QUESTION}) AS scale)"
        rules = judged_columns(rules_of(self.kind, sorted(file.given)))
        return f"SELECT *, {rules} FROM (SELECT {scale} FROM ({rows}))"

    def _columns(self) -> tuple[str, ...]:
        return tuple(
            item.name for item in ENTITIES[self.kind].fields if not item.derived and item.privacy == "open"
        )

    def _row_key(self) -> str:
        identity = IDENTITY[self.kind]
        name = identity.id or next((name for name in identity.columns if name in self._columns()), "")
        return f"CAST({name} AS VARCHAR)" if name else "CAST(NULL AS VARCHAR)"

    def _in_one_form(self, file: FlatFile) -> str:
        """All columns of a file's rows, regions and industries in one form (B5); a customer named by another key
        is known by it."""
        items = list(in_one_form(file.given))
        key_type = self.key_types.get(file.file_no, "account")
        if "customer_key" in file.given and key_type != "account":
            key = phone_sql("f.customer_key") if key_type == "phone" else "f.customer_key"
            known = f"SELECT any_value(o.customer_id) FROM other_keys o WHERE o.key_type = {quoted(key_type)}"
            items.append(f"coalesce(({known} AND o.key_value = {key}), f.customer_key) AS customer_key")
        return f"f.* REPLACE ({', '.join(items)})" if items else "f.*"

    def tell_customers(self) -> None:
        """Adds the customers that the rows name to `master`, and to `record_customers` unless they only visited."""
        if not self.has_customer:
            return
        keys = (
            f"SELECT min(rid) AS rid, customer_key, min(load_id) AS load_id FROM all_{self.kind} "
            "WHERE rule IS NULL AND customer_key IS NOT NULL GROUP BY customer_key"
        )
        self.connection.execute(f"INSERT INTO master {keys}")
        if self.kind != "events":
            self.connection.execute(f"INSERT INTO record_customers SELECT customer_key FROM ({keys})")

    def change(self, store: Store) -> Change:
        """Makes `new_<kind>`, rows that stay, in stored columns, and `left_<kind>`, stored ones that they replace; books
        the others; gives the table's change."""
        self._stored()
        recognition, columns = self._recognised_by()
        ours = [self.source]
        if frozen.concerns(store, self.kind):
            frozen.merge(self.connection, store, self.kind)
            ours.append(FROZEN_SOURCE)
        old = scan(store.files(self.kind), self.kind)
        sources = f"source IN ({', '.join(map(quoted, ours))})"
        own = f"SELECT * FROM ({old}) o WHERE o.{sources}"
        if self.kind == members.KIND:
            members.merge(self.connection, own)
        if recognition == "latest":
            return self._latest(store, own, sources, columns)
        return self._repeated(store, own, recognition)

    def _stored(self) -> None:
        """`stored_<kind>`: usable rows in stored columns, with rid and file_no."""
        entity = ENTITIES[self.kind]
        offsets = self._offsets()
        items = []
        for item in entity.fields:
            if item.name == "account_no":
                items.append(
                    ("a.account_no" if self.has_customer else "CAST(NULL AS INTEGER)") + " AS account_no"
                )
            elif item.name == "source":
                items.append(f"{quoted(self.source)} AS source")
            elif item.name == "hour":
                items.append(f"CAST(hour({self._local('occurred_at')}) AS INTEGER) AS hour")
            elif item.derived and item.name == "day":
                local = ", ".join(self._local(name) for name in DAY_OF[self.kind])
                items.append(f"CAST(coalesce({local}) AS DATE) AS day")
            elif item.name in LATER:
                items.append(f"CAST({self._local(LATER[item.name])} AS DATE) AS {item.name}")
            elif item.type == "timestamp":
                items.append(f"{self._utc(item.name, offsets)} AS {item.name}")
            elif item.name in MADE_IDS:
                items.append(
                    f"coalesce(r.{item.name}, 'r' || r.load_id || '-' || r.source_row) AS {item.name}"
                )
            else:
                items.append(f"r.{item.name}")
        join = "LEFT JOIN accounts a ON a.key_value = r.customer_key" if self.has_customer else ""
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE stored_{self.kind} AS SELECT r.rid, r.file_no, {', '.join(items)} "
            f"FROM all_{self.kind} r {join} WHERE r.rule IS NULL"
        )

    def _is_moment(self, name: str) -> bool:
        return ENTITIES[self.kind].field(name).type == "timestamp"

    def _local(self, name: str) -> str:
        """SQL: the wall-clock time of a moment in the workspace's zone; a day is a day."""
        if not self._is_moment(name):
            return f"r.{name}"
        zone = quoted(self.zone)
        return f"CASE WHEN r.{name}{UTC} THEN timezone({zone}, timezone('UTC', r.{name})) ELSE r.{name} END"

    def _utc(self, name: str, offsets: Mapping[str, int | None]) -> str:
        """SQL: a moment in UTC. A zone without change over the rows is one subtraction."""
        seconds = offsets[name]
        utc = f"timezone('UTC', timezone({quoted(self.zone)}, r.{name}))"
        if seconds is not None:
            utc = f"r.{name} - INTERVAL ({seconds}) SECOND"
        return f"CASE WHEN r.{name}{UTC} THEN r.{name} ELSE {utc} END"

    def _offsets(self) -> dict[str, int | None]:
        found: dict[str, int | None] = {}
        for item in ENTITIES[self.kind].fields:
            if item.type != "timestamp" or item.derived:
                continue
            first, last = self.connection.execute(
                f"SELECT min({item.name}), max({item.name}) FROM all_{self.kind} WHERE rule IS NULL"
            ).fetchall()[0]
            found[item.name] = constant_offset(self.zone, first, last) if first else 0
        return found

    def _recognised_by(self) -> tuple[Recognition, tuple[str, ...]]:
        identity = IDENTITY[self.kind]
        if not identity.id:
            return identity.recognition, identity.columns
        if identity.id not in self.given:
            return identity.without, ()
        columns = ", ".join(identity.columns)
        rows, different = self.connection.execute(
            f"SELECT count(*), count(DISTINCT (file_no, {columns})) FROM stored_{self.kind}"
        ).fetchall()[0]
        # A column of numbers that repeat within a file, whatever its header says, identifies nothing.
        if rows and different < FEW_REPEATS * rows:
            return identity.without, ()
        return identity.recognition, identity.columns

    def _latest(self, store: Store, own: str, sources: str, columns: Sequence[str]) -> Change:
        run, kind = self.connection.execute, self.kind
        listed = ", ".join(f"CAST({name} AS VARCHAR)" for name in columns)
        # A generated id or one that is missing is nobody else's.
        key = f"concat_ws(chr(31), {', '.join(f'coalesce(CAST({{0}}{name} AS VARCHAR), chr(30))' for name in columns)})"
        run(
            f"CREATE OR REPLACE TEMP TABLE new_{kind} AS SELECT * FROM stored_{kind} {self._unless_known(own)} "
            f"QUALIFY row_number() OVER (PARTITION BY {listed} ORDER BY rid DESC) = 1"
        )
        run(superseded_sql(kind))
        self._days()
        run(
            f"CREATE OR REPLACE TEMP TABLE keys_{kind} AS SELECT DISTINCT {key.format('')} AS k FROM new_{kind}"
        )
        run(replaced_sql(own, key.format(""), kind))
        run(
            f"CREATE OR REPLACE TEMP VIEW left_{kind} AS SELECT * FROM ({own}) "
            f"WHERE {key.format('')} IN (SELECT k FROM keys_{kind})"
        )
        gone = f"(t.{sources} AND {key.format('t.')} IN (SELECT k FROM keys_{kind}))"
        return replace_where(self.connection, store, kind, gone, f"SELECT * FROM new_{kind}")

    def _unless_known(self, own: str) -> str:
        """SQL: leaves out rows that came without an id and say what a stored row without one, or one of an earlier
        file of the batch, has said: beside files with ids they are told by their content, too."""
        name = IDENTITY[self.kind].id
        if name not in MADE_IDS:
            return ""
        made = f"{name} = 'r' || load_id || '-' || source_row"
        row = self._row_hash()
        return (
            "WHERE rid NOT IN (SELECT rid FROM (SELECT rid, row_hash, file_no > min(file_no) OVER (PARTITION BY "
            f"row_hash) AS later FROM (SELECT rid, file_no, {row} AS row_hash FROM stored_{self.kind} WHERE {made})) "
            f"WHERE later OR row_hash IN (SELECT {row} FROM ({own}) WHERE {made}))"
        )

    def _row_hash(self) -> str:
        """SQL: all that a row says, in a number."""
        said = (name for name in ENTITIES[self.kind].names if name not in (*OF_THE_IMPORT, *MADE_IDS))
        return f"hash({', '.join(said)})"

    def _repeated(self, store: Store, own: str, recognition: Recognition) -> Change:
        """Rows told by all they say; of those that are stored already, nothing changes."""
        run, kind = self.connection.execute, self.kind
        row = self._row_hash()
        first = "rid = min(rid)" if recognition == "once" else "file_no = min(file_no)"
        run(
            f"CREATE OR REPLACE TEMP TABLE told_{kind} AS "
            f"SELECT *, {first} OVER (PARTITION BY row_hash) AS is_first, file_no = min(file_no) OVER "
            f"(PARTITION BY row_hash) AS in_first_file FROM (SELECT *, {row} AS row_hash FROM stored_{kind})"
        )
        span = (
            self.connection.execute(f"SELECT min(day), max(day) FROM stored_{kind}").fetchall()[0]
            if "day" in ENTITIES[kind].names
            else (None, None)
        )
        near = (
            f" AND (o.day IS NULL OR o.day BETWEEN DATE '{span[0]}' AND DATE '{span[1]}')" if span[0] else ""
        )
        run(
            f"CREATE OR REPLACE TEMP TABLE known_{kind} AS SELECT DISTINCT {row} AS row_hash FROM ({own}{near})"
        )
        run(
            f"CREATE OR REPLACE TEMP TABLE new_{kind} AS SELECT * EXCLUDE (row_hash, is_first, in_first_file) "
            f"FROM told_{kind} WHERE is_first AND row_hash NOT IN (SELECT row_hash FROM known_{kind})"
        )
        run(
            superseded_sql(kind)
            if any(file.questions for file in self.files)
            else f"INSERT INTO record_rows SELECT load_id, "
            f"count(*) FILTER (row_hash IN (SELECT row_hash FROM known_{kind}) OR NOT in_first_file), "
            f"count(*) FILTER (row_hash NOT IN (SELECT row_hash FROM known_{kind}) AND in_first_file AND NOT is_first) "
            f"FROM told_{kind} GROUP BY load_id"
        )
        run(f"CREATE OR REPLACE TEMP VIEW left_{kind} AS SELECT * FROM ({own}) WHERE FALSE")
        self._days()
        return append(self.connection, store, kind, f"SELECT * FROM new_{kind}")

    def _days(self) -> None:
        """The first and last day of each load."""
        day = "day" if "day" in ENTITIES[self.kind].names else "CAST(NULL AS DATE)"
        self.connection.execute(
            f"INSERT INTO record_days SELECT load_id, min({day}), max({day}) FROM stored_{self.kind} GROUP BY load_id"
        )


def open_tables(connection: duckdb.DuckDBPyConnection, store: Store, source: str) -> None:
    """Makes the tables that records of all kinds share, and `other_keys`: keys of customers beside their id."""
    run = connection.execute
    run("CREATE OR REPLACE TEMP TABLE record_customers (customer_key VARCHAR)")
    run("CREATE OR REPLACE TEMP TABLE record_rows (load_id INTEGER, superseded BIGINT, dropped BIGINT)")
    run("CREATE OR REPLACE TEMP TABLE record_days (load_id INTEGER, first_day DATE, last_day DATE)")
    keys = scan(store.files("customer_keys"), "customer_keys")
    run(
        "CREATE OR REPLACE TEMP TABLE other_keys AS "
        f"SELECT key_type, key_value, any_value(customer_id) AS customer_id FROM ({keys}) "
        f"WHERE source = {quoted(source)} AND key_type <> 'account' "
        "GROUP BY key_type, key_value HAVING count(DISTINCT account_no) = 1"
    )
