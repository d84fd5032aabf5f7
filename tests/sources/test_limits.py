"""Files that unpack, spread or lead to more than they seem are refused before they do harm."""

from __future__ import annotations

import gzip
import io
import os
import resource
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from keguan.core.errors import InputError
from keguan.sources import ReadOptions, find, inspect, limits


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        inspect(path, ReadOptions())
    assert path.name in caught.value.paragraph("zh")
    assert caught.value.do is not None
    return caught.value.paragraph("zh")


def workbook(path: Path, row: int = 1, column: int = 1) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["订单号", "金额"])
        sheet.write_row(row, column, ["x"])
    return path


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit of a test: a bomb of 4 MB instead of half a gigabyte."""
    monkeypatch.setattr(limits, "HARMLESS", 1 << 20)


ZEROS = b"1,2,3\n" + b"0" * (4 << 20)


@pytest.mark.usefixtures("small")
def test_a_bomb_is_refused_whatever_it_is_packed_in(tmp_path: Path) -> None:
    (tmp_path / "bomb.csv.gz").write_bytes(gzip.compress(ZEROS))
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("orders.csv", ZEROS)
    for name in ("bomb.csv.gz", "bomb.zip"):
        assert "200 倍" in refused(tmp_path / name)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_a_bomb_in_a_workbook_is_refused(part: str, tmp_path: Path) -> None:
    """Also where the archive lies about the size of its parts."""
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(workbook(path)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] += b" " * (4 << 20)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    path.write_bytes(out.getvalue())
    assert "200 倍" in refused(path)


@pytest.mark.usefixtures("small")
def test_a_table_that_packs_well_is_no_bomb(tmp_path: Path) -> None:
    text = "".join(f"{number:06d},2024-01-01,商品,1,9.90\n" for number in range(60_000))
    (tmp_path / "good.csv.gz").write_bytes(gzip.compress(text.encode()))
    assert len(text) > 1 << 20
    assert len(inspect(tmp_path / "good.csv.gz", ReadOptions())) == 1


def test_a_cell_far_away_does_not_end_the_process(tmp_path: Path) -> None:
    """The reader holds all cells between the first and the last: 17 thousand million of them."""
    assert "1,048,576 x 16,384" in refused(workbook(tmp_path / "far.xlsx", 1_048_575, 16_383))
    assert len(inspect(workbook(tmp_path / "near.xlsx", 20_000, 20), ReadOptions())) == 1


def test_a_hollow_sheet_is_refused_sooner_than_a_full_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With limits a thousandth of the real ones: 30,000 places are too many for three cells, not for half of them."""
    monkeypatch.setattr(limits, "MOST_HOLLOW", limits.MOST_HOLLOW // 1000)
    monkeypatch.setattr(limits, "MOST_CELLS", limits.MOST_CELLS // 1000)
    assert "300 x 100" in refused(workbook(tmp_path / "hollow.xlsx", 299, 99))
    for name, rows in (("half.xlsx", 300), ("more.xlsx", 601)):
        with xlsxwriter.Workbook(tmp_path / name) as book:
            sheet = book.add_worksheet()
            for row in range(rows):
                sheet.write_row(row, 0 if row else 50, ["x"] * 50)
    assert len(inspect(tmp_path / "half.xlsx", ReadOptions())) == 1
    assert "601 x 100" in refused(tmp_path / "more.xlsx")


def test_links_out_of_a_folder_are_no_part_of_it(tmp_path: Path) -> None:
    folder, secret = tmp_path / "export", tmp_path / "secret.csv"
    folder.mkdir()
    secret.write_text("a,b\n1,2\n")
    (folder / "a.csv").write_text("a,b\n1,2\n")
    (folder / "same.csv").symlink_to(folder / "a.csv")
    assert find([str(folder)]) == [folder / "a.csv"] or find([str(folder)]) == [folder / "same.csv"]
    for target in (secret, tmp_path):
        link = folder / "out.csv"
        link.symlink_to(target)
        with pytest.raises(InputError) as caught:
            find([str(folder)])
        for language in ("zh", "en"):
            assert "out.csv" in caught.value.paragraph(language)
            assert str(target) in caught.value.paragraph(language)
        link.unlink()
    (tmp_path / "named.csv").symlink_to(secret)
    assert find([str(tmp_path / "named.csv")]) == [tmp_path / "named.csv"]  # the user named it


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_devices_and_pipes_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for name in (str(tmp_path / "pipe.csv"), str(tmp_path / "p*.csv"), "/dev/zero"):
        with pytest.raises(InputError) as caught:
            find([name])
        assert "no ordinary file" in caught.value.paragraph("en")
    assert "普通文件" in refused(tmp_path / "pipe.csv")


def test_measuring_costs_no_memory(tmp_path: Path) -> None:
    """Forty million bytes go by; none of them stay."""
    (tmp_path / "long.csv.gz").write_bytes(gzip.compress(b"1,2,3,4,5,6,7,8\n" * 2_500_000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    inspect(tmp_path / "long.csv.gz", ReadOptions())
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000
