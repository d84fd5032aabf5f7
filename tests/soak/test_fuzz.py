"""The mutation fuzzer in its short form, and that it would notice what it looks for."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

import pytest

from keguan.app.ingest import ingest
from keguan.store.workspace import Store

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT)) if str(ROOT) not in sys.path else None

from soak.fuzz import watch  # noqa: E402  # the folder beside src is no installed package
from soak.fuzz.accounts import VanishedError, check_books, check_lines, check_received  # noqa: E402
from soak.fuzz.draft import Draft  # noqa: E402
from soak.fuzz.mutant import Mutant, make  # noqa: E402
from soak.fuzz.record_samples import RecordFile, record_files  # noqa: E402
from soak.fuzz.samples import Sample  # noqa: E402
from soak.fuzz.trial import TrialError, run  # noqa: E402

from soak import __main__ as soak  # noqa: E402

ROUNDS = 300
HEADER = ("订单号", "客户编号", "下单时间", "商品编号", "数量", "单价")
SHOP = Sample(
    "shop",
    HEADER,
    tuple((str(n), f"C{n % 7}", f"2024-03-{1 + n % 28:02d}", f"P{n % 5}", "1", "9.9") for n in range(400)),
    1,
)


@pytest.mark.slow
def test_three_hundred_mutants_end_as_they_should() -> None:
    tally = watch.run(range(ROUNDS), seed=20_240_301, workers=2)
    assert tally.faults == []
    assert tally.outcomes.total() == ROUNDS
    assert tally.outcomes["imported"] > ROUNDS / 5
    assert tally.outcomes["InputError"] > ROUNDS / 10


def test_the_same_number_gives_the_same_bytes() -> None:
    made = [make([SHOP], 1, number) for number in range(40)]
    assert [make([SHOP], 1, number) for number in range(40)] == made
    assert len({mutant.content for mutant in made}) > 35


def test_one_round_again_from_the_door_of_all_trials(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`python -m soak fuzz --only N`: the one round, and nothing of the others."""
    ended = watch.Ended(7, "fault", "orders: flipped", "ValueError: x")
    monkeypatch.setattr(watch, "samples", lambda: [SHOP])
    monkeypatch.setattr(watch, "_prepared", lambda *_: Path())
    monkeypatch.setattr(
        watch, "one", lambda pool, seed, number, *_: ended if (seed, number) == (3, 7) else None
    )
    assert soak.main(["fuzz", "--seed", "3", "--only", "7"]) == 1
    assert "ValueError: x" in capsys.readouterr().out


def orders(rows: int) -> bytes:
    lines = [",".join(HEADER), *(",".join(row) for row in SHOP.rows[:rows])]
    return ("\n".join(lines) + "\n").encode()


def trial(folder: Path, mutant: Mutant) -> str:
    return run(mutant, folder, None, random.Random(1), None)


def test_rows_that_vanish_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    content = orders(30)
    for number, (rows, unpacked) in enumerate((((31, 31), None), (None, content + b"1,2,3\n"))):
        folder = tmp_path / str(number)
        folder.mkdir()
        with pytest.raises(VanishedError):
            trial(folder, Mutant("orders.csv", content, unpacked, rows, ""))
    (tmp_path / "good").mkdir()
    assert trial(tmp_path / "good", Mutant("orders.csv", content, content, (30, 30), "")) == "imported"


@pytest.mark.parametrize("sample", record_files(), ids=lambda sample: sample[0])
def test_files_of_records_are_taken_whole_before_they_are_changed(
    sample: RecordFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    _, name, header, rows, _ = sample
    draft = Draft(name, list(header), [list(row) for row in rows[:60]])
    content = draft.content(random.Random(0))
    assert trial(tmp_path, Mutant(draft.file_name(), content, content, (60, 60), "")) == "imported"


def test_records_that_vanish_from_their_table_are_noticed(tmp_path: Path) -> None:
    class Without(Store):
        def files(self, table: str, version: int | None = None) -> list[str]:
            return [] if table == "costs" else super().files(table, version)

    (tmp_path / "服务成本.csv").write_text(
        "日期,客户编号,成本金额\n2024-03-01,C1,5\n2024-03-02,C2,6\n", "utf-8"
    )
    store = Store.init(tmp_path / "w")
    report = ingest(store, [str(tmp_path / "服务成本.csv")])
    check_books(Store(store.folder), report)
    with pytest.raises(VanishedError, match="2 clean, 0 in costs"):
        check_books(Without(store.folder), report)


def test_what_an_error_leaves_behind_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "a").mkdir()
    assert trial(tmp_path / "a", Mutant("empty.csv", b"", None, None, "")) == "InputError"
    (tmp_path / "temporary" / "left").write_text("x")
    (tmp_path / "b").mkdir()
    with pytest.raises(TrialError, match="left"):
        trial(tmp_path / "b", Mutant("empty.csv", b"", None, None, ""))


def test_a_round_that_hangs_or_ends_the_process_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """Round 1 works for ever, round 2 ends the process, the others go on behind them."""
    monkeypatch.setattr(watch, "HANG_SECONDS", 0.5)
    monkeypatch.setattr(watch, "START_SECONDS", 5.0)
    monkeypatch.setattr(watch, "_work", _worker)
    tally = watch.run(range(4), seed=1)
    assert [(item.number, item.outcome) for item in tally.faults] == [(1, "hang"), (2, "crash")]
    assert tally.outcomes["imported"] == 2
    tally = watch.run(range(4), seed=1, workers=3)
    assert sorted(item.number for item in tally.faults) == [1, 2]


def _worker(pipe: object, numbers: range, seed: int, folder: str) -> None:
    for number in numbers:
        if number == 2:
            return
        started = time.monotonic()
        while number == 1 and time.monotonic() - started < 300:
            pass
        pipe.send(watch.Ended(number, "imported", ""))


def test_counts_that_do_not_fit_are_noticed(tmp_path: Path) -> None:
    from keguan.app.workspace import Workspace

    (tmp_path / "orders.csv").write_bytes(orders(30))
    report = Workspace.init(tmp_path / "w").load(tmp_path / "orders.csv")
    check_received(report, (29, 30))
    check_lines(tmp_path / "orders.csv", orders(30), report, tmp_path)
    with pytest.raises(VanishedError):
        check_received(report, (31, 40))
