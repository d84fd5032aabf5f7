"""The attacker sends the file, chooses its name or its members, or edits a mapping."""

from __future__ import annotations

import gzip
import time
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from keguan.app.workspace import Workspace
from keguan.core.errors import InputError, KeguanError
from keguan.sources import ReadOptions, inspect, limits
from received import HEADER, loaded, rows, usual, write


@pytest.mark.parametrize(
    "name",
    ["o'rders.csv", "a*b?[c].csv", "line\nbreak.csv", "x'; DROP TABLE t; --.csv", 'q"uote.csv', "=cmd.csv",
     "\x1b[31m.csv", "{a,b}.csv", "-rf.csv", "$(id).csv", "%2e%2e.csv"],
)  # fmt: skip
def test_a_file_name_is_a_name(name: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    write(tmp_path / "in" / "acb.csv", ("other",), ("1",))  # what a pattern would also match
    workspace = loaded(tmp_path / "w", [write(tmp_path / "in" / name, HEADER, *usual(5))])
    assert rows(workspace, "SELECT file, clean FROM loads") == [{"file": name, "clean": 5}]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "w"]


@pytest.mark.parametrize("place", ["file:", "~", "region=x", "s3:"])
def test_a_folder_name_is_a_folder(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / place).mkdir()
    file = write(tmp_path / place / "orders.csv", HEADER, *usual(5))
    monkeypatch.chdir(tmp_path)
    workspace = loaded(tmp_path / place / "w", [Path("." if place == "~" else "") / file.relative_to(tmp_path)
                                               if place != "~" else file])  # fmt: skip
    assert rows(workspace, "SELECT clean FROM loads") == [{"clean": 5}]


@pytest.mark.parametrize(
    "header",
    ['"; DROP TABLE x; --', "a' OR 1=1", 'c"d', "source_row", "filename", "rowid", "[red]", "\x1b[2J"],
)
def test_a_header_is_a_name(header: str, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", (*HEADER, header), *[(*row, "v") for row in usual(5)])
    assert rows(loaded(tmp_path / "w", [file]), "SELECT clean FROM loads") == [{"clean": 5}]


def test_column_names_and_nested_types_of_parquet_are_text(tmp_path: Path) -> None:
    table = pa.table(
        {"订单号": ["1", "2"], "客户编号": ["a", "b"], "下单时间": ["2024-01-01", "2024-01-02"], "金额": ["1", "2"],
         'x"; DROP TABLE y': [1, 2], "n": [{"a": 1}, {"a": 2}], "l": [[1], [2]]}
    )  # fmt: skip
    (tmp_path / "金额=999").mkdir()
    pq.write_table(table, tmp_path / "金额=999" / "p.parquet")
    workspace = loaded(tmp_path / "w", [tmp_path / "金额=999" / "p.parquet"])
    found = rows(workspace, "SELECT order_id, CAST(amount AS DOUBLE) AS amount FROM all_orders ORDER BY 1")
    assert [row["amount"] for row in found] == [1, 2]


def test_members_of_an_archive_land_nowhere_else(tmp_path: Path) -> None:
    content = write(tmp_path / "a.csv", HEADER, *usual(5)).read_bytes()
    inside = tmp_path / "deep" / "in"
    inside.mkdir(parents=True)
    with zipfile.ZipFile(inside / "slip.zip", "w") as archive:
        archive.writestr("../../evil.csv", content)
        archive.writestr(str(tmp_path / "absolute.csv"), content)
    before = set(tmp_path.rglob("*"))
    workspace = loaded(tmp_path / "deep" / "w", [inside / "slip.zip"])
    new = {path for path in set(tmp_path.rglob("*")) - before if workspace.store.folder not in path.parents}
    assert new == {workspace.store.folder}
    assert {path.suffix for path in (workspace.store.folder / "mappings").iterdir()} == {".toml"}


def test_a_link_inside_an_archive_is_only_text(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive:
        info = zipfile.ZipInfo("orders.csv")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(KeguanError) as caught:
        Workspace.init(tmp_path / "w").load(tmp_path / "link.zip")
    assert "root:" not in str(caught.value)


def test_a_packed_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HARMLESS", 1 << 20)
    content = b"a,b\n" + b"1,2\n" * 2_000_000
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(content))
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.csv", content)
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 8_000_000)
    for name in ("x.csv.gz", "x.zip", "x.xlsx"):
        with pytest.raises(InputError, match="more than 200 times its size") as caught:
            inspect(tmp_path / name, ReadOptions())
        assert "200 倍" in caught.value.paragraph("zh")


def test_entities_of_a_workbook_are_not_multiplied(tmp_path: Path) -> None:
    """'A billion laughs': ten names, each ten times the one before."""
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    shared = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{lines}]><sst><si><t>&l9;</t></si></sst>'
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "plain.xlsx") as book:
        book.add_worksheet().write_row(0, 0, ["a", "b"])
    with (
        zipfile.ZipFile(tmp_path / "plain.xlsx") as plain,
        zipfile.ZipFile(tmp_path / "laughs.xlsx", "w") as evil,
    ):
        for name in plain.namelist():
            evil.writestr(name, shared if name.endswith("sharedStrings.xml") else plain.read(name))
    began = time.process_time()
    with pytest.raises(KeguanError):
        Workspace.init(tmp_path / "w").load(tmp_path / "laughs.xlsx")
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    ("before", "after"),
    [('name = "', 'name = "../../evil'), ('from = ["金额"]', 'from = ["金额\\" FROM x; DROP TABLE y; --"]'),
     ("[columns.amount]", "[columns.\"amount) FROM read_text('/etc/passwd') --\"]"),
     ("missing = []", "missing = [\"'); DROP TABLE x; --\", \"' OR 1=1\"]"),
     ('fingerprint = "', 'currency = "CNY\'; DROP"\nfingerprint = "')],
)  # fmt: skip
def test_a_mapping_is_words_only(before: str, after: str, tmp_path: Path) -> None:
    header = ("订单号", "客户编号", "下单时间", "金额")
    lines = [(n, f"C{n}", "2024-01-02 10:00:00", "10.00") for n in range(8)]
    workspace = loaded(tmp_path / "w", [write(tmp_path / "a.csv", header, *lines)])
    mapping = next((tmp_path / "w" / "mappings").iterdir())
    text = mapping.read_text("utf-8")
    assert before in text
    mapping.write_text(text.replace(before, after, 1), "utf-8")
    more = [(n, f"C{n}", "2024-02-02 10:00:00", "10.00") for n in range(20, 28)]
    outside = sorted(path for path in tmp_path.iterdir())
    try:
        workspace.load(write(tmp_path / "a.csv", header, *more))
    except KeguanError as error:
        assert "passwd" not in str(error) or "root:" not in str(error)  # noqa: PT017  # it may also load: then there is nothing to show
    assert sorted(path for path in tmp_path.iterdir()) == outside
    assert len(rows(workspace, "SELECT * FROM all_orders")) in (8, 16)
