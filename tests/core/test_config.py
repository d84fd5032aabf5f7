"""Settings: keguan.toml under the environment; whatever is wrong is named with its place."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from keguan.core.config import CHOICES, FORMS, RANGES, Config, load
from keguan.core.errors import UsageError


def write(folder: Path, text: str | bytes) -> Path:
    (folder / "keguan.toml").write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def complaint(folder: Path, text: str | bytes = "", **environment: str) -> str:
    write(folder, text)
    with pytest.raises(UsageError) as caught:
        load(folder, environment)
    assert caught.value.exit_code == 2
    assert caught.value.paragraph("zh")
    return caught.value.paragraph("en")


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load(tmp_path, {}) == Config()
    assert Config().timezone == "Asia/Shanghai"
    assert Config().min_n == 30


def test_a_file_sets_what_it_names(tmp_path: Path) -> None:
    write(tmp_path, 'name = "某某商贸"\ncurrency = "CNY"\nthreads = 2\nmaterial_relative = 0.05\n')
    config = load(tmp_path, {})
    assert (config.name, config.currency, config.threads) == ("某某商贸", "CNY", 2)
    assert config.material_relative == 0.05
    assert config.language == "zh"


def test_the_environment_stands_over_the_file(tmp_path: Path) -> None:
    write(tmp_path, 'language = "zh"\nthreads = 2\nmaterial_share = 0.1')
    config = load(tmp_path, {"KEGUAN_LANGUAGE": "en", "KEGUAN_THREADS": "4", "KEGUAN_MATERIAL_SHARE": "1"})
    assert (config.language, config.threads, config.material_share) == ("en", 4, 1.0)


def test_an_empty_variable_is_unset_and_other_variables_are_none_of_ours(tmp_path: Path) -> None:
    write(tmp_path, "threads = 2")
    assert load(tmp_path, {"KEGUAN_THREADS": "", "KEGUAN_WORKSPACE": "x", "THREADS": "9"}).threads == 2


def test_a_whole_number_may_stand_for_a_fraction(tmp_path: Path) -> None:
    config = load(write(tmp_path, "material_relative = 1"), {})
    assert config.material_relative == 1.0
    assert type(config.material_relative) is float


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    assert load(write(tmp_path, b"\xef\xbb\xbfthreads = 3\r\nmin_n = 50\r\n"), {}).threads == 3


def test_an_unknown_name_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    said = complaint(tmp_path, 'time_zone = "Asia/Shanghai"')
    assert "no such setting" in said
    assert "setting 'time_zone'" in said
    assert "write timezone instead" in said
    assert "currency, engine, fiscal_year_start" in said
    assert "remove it" in complaint(tmp_path, "zzz = 1")
    assert "remove it" in complaint(tmp_path, "[zzz]\nname = 1")


@pytest.mark.parametrize(
    ("line", "allowed"),
    [
        ('threads = "2"', "a whole number"),
        ("threads = 2.0", "a whole number"),
        ("threads = true", "a whole number"),
        ('material_relative = "0.1"', "a number"),
        ("material_relative = true", "a number"),  # True is no 100 %
        ("name = 1", "a text in quotes"),
        ("name = 2024-01-01", "a text in quotes"),
        ("name = ['a']", "a text in quotes"),
        ('language = "fr"', "zh | en"),
        ('repeated_lines = "maybe"', "keep | drop"),
        ('engine = "polars"', "duckdb | spark"),
        ('spark_master = "http://x"', "spark://host:port"),
        ("fiscal_year_start = 13", "1 to 12"),
        ("fiscal_year_start = 0", "1 to 12"),
        ("threads = -1", "0 to 1,024"),
        ("min_n = 0", "1 to 1,000,000"),
        ("material_share = nan", "0 to 1"),
        ("material_share = -0.1", "0 to 1"),
        ("material_relative = inf", "0 to 1"),
        ('currency = "RMB元"', "ISO 4217"),
        ('currency = "cny"', "ISO 4217"),
        ('memory_limit = "lots"', "4GB"),
        ('memory_limit = "80%"', "4GB"),
        ('memory_limit = "0GB"', "4GB"),
        ('memory_limit = "4GB\'; DROP"', "4GB"),
        ('timezone = "Shanghai"', "Asia/Shanghai"),
        ('timezone = ""', "Asia/Shanghai"),
        ('timezone = "../UTC"', "Asia/Shanghai"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(tmp_path: Path, line: str, allowed: str) -> None:
    said = complaint(tmp_path, line)
    assert f"setting '{line.split(' ')[0]}'" in said
    assert "keguan.toml" in said
    assert allowed in said.split("Allowed:")[1]


def test_a_wrong_variable_is_named_as_a_variable(tmp_path: Path) -> None:
    said = complaint(tmp_path, KEGUAN_THREADS="many")
    assert "environment variable KEGUAN_THREADS" in said
    assert 'Found: "many"' in said
    assert "keguan.toml" not in said
    assert "environment variable KEGUAN_TIMEZONE" in complaint(tmp_path, KEGUAN_TIMEZONE="Mars/Base")


def test_a_good_variable_mends_nothing_that_is_wrong_in_the_file(tmp_path: Path) -> None:
    assert "keguan.toml" in complaint(tmp_path, "threads = -1", KEGUAN_THREADS="2")


@pytest.mark.parametrize(
    "content", [b"threads = = 2", b"threads", 'name = "客观"'.encode("gb18030"), b"a = 1\na = 2"]
)
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    said = complaint(tmp_path, content)
    assert "cannot be read" in said
    assert "a TOML file in UTF-8" in said


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "keguan.toml").mkdir()
    with pytest.raises(UsageError, match="ordinary file"):
        load(tmp_path, {})


@pytest.mark.parametrize("limit", ["4GB", "512MB", "1.5 GiB", "800M", "2TB", ""])
def test_memory_limits_that_the_engine_takes(tmp_path: Path, limit: str) -> None:
    from keguan.engine.duckdb_engine import DuckDBEngine

    config = load(write(tmp_path, f'memory_limit = "{limit}"'), {})
    DuckDBEngine([tmp_path], memory_limit=config.memory_limit or None).close()


def test_every_rule_is_about_a_setting_and_allows_its_default() -> None:
    names = {item.name for item in fields(Config)}
    assert set(CHOICES) | set(RANGES) | set(FORMS) <= names
    for name, (low, high) in RANGES.items():
        assert low <= getattr(Config(), name) <= high
    for name, choices in CHOICES.items():
        assert getattr(Config(), name) in choices


def test_a_file_never_sends_data_to_another_machine(tmp_path: Path) -> None:
    for master in ("spark://elsewhere:7077", "yarn", "k8s://https://elsewhere"):
        said = complaint(tmp_path, f'engine = "spark"\nspark_master = "{master}"')
        assert "data would leave this machine" in said
        assert f"KEGUAN_SPARK_MASTER={master}" in said
        assert load(write(tmp_path, ""), {"KEGUAN_SPARK_MASTER": master}).spark_master == master
    for here in ("local[*]", "local[2]", "local", ""):
        assert load(write(tmp_path, f'spark_master = "{here}"'), {}).spark_master == here
