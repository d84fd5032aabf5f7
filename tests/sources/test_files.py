"""Files, folders and globs on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from keguan.core.errors import InputError
from keguan.sources import find


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "b.csv",
        "a.CSV.GZ",
        "sub/c.xlsx",
        "sub/notes.md",
        ".hidden.csv",
        "sub/~$c.xlsx",
        ".git/d.csv",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    return tmp_path


def test_folder_gives_known_endings_and_nothing_hidden(folder: Path) -> None:
    assert find([str(folder)]) == [folder / "a.CSV.GZ", folder / "b.csv", folder / "sub" / "c.xlsx"]


def test_named_file_is_taken_whatever_its_ending(folder: Path) -> None:
    assert find([str(folder / "sub" / "notes.md")]) == [folder / "sub" / "notes.md"]


def test_glob(folder: Path) -> None:
    assert find([str(folder / "*.csv")]) == [folder / "b.csv"]
    assert find([str(folder / "**" / "*.xlsx")]) == [folder / "sub" / "c.xlsx"]


def test_each_file_once(folder: Path) -> None:
    assert find([str(folder / "b.csv"), str(folder / "*.csv")]) == [folder / "b.csv"]


def test_name_with_the_signs_of_a_glob(tmp_path: Path) -> None:
    path = tmp_path / "订单[1].csv"
    path.write_bytes(b"x")
    assert find([str(path)]) == [path]


@pytest.mark.parametrize("name", ["missing.csv", "*.parquet", "empty"])
def test_nothing_found_is_said(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError) as caught:
        find([str(tmp_path / name)])
    assert name in caught.value.paragraph("zh")
    assert "do:" in caught.value.paragraph("en")
