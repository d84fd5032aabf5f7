"""Settings, variables, rules, columns and analyses of the code are documented, in both languages."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from docs.pages import DOCS, ROOT, code_words, halves, links
from keguan import registry
from keguan.core.config import Config
from keguan.mapping.aliases import RECORD_KINDS, EntityKind
from keguan.mapping.flat_columns import targets
from keguan.mapping.model import ENTITY_KINDS
from keguan.quality.judge import RULES
from keguan.schema.tables import ENTITIES
from keguan.schema.vocabulary import FINDING_RULE, LINE_KIND, MOVEMENT

SETTINGS = DOCS / "settings.md"
DATA_RULES = DOCS / "data-rules.md"
ANALYSES = DOCS / "analyses"
BOTH = pytest.mark.parametrize("half", [0, 1], ids=["zh", "en"])


@BOTH
@pytest.mark.parametrize("setting", [item.name for item in fields(Config)])
def test_every_setting_has_a_row_with_its_default_and_variable(setting: str, half: int) -> None:
    rows = [line for line in halves(SETTINGS)[half].splitlines() if line.startswith(f"| `{setting}` |")]
    assert len(rows) == 1, setting
    default = getattr(Config(), setting)
    assert f"| `{default}` |" in rows[0] or f'| `"{default}"` |' in rows[0]
    assert f"`KEGUAN_{setting.upper()}`" in rows[0]


@BOTH
def test_no_setting_is_documented_that_does_not_exist(half: int) -> None:
    known = {item.name for item in fields(Config)}
    named = set(re.findall(r"^\| `(\w+)` \|", halves(SETTINGS)[half], re.MULTILINE))
    assert named == known


@BOTH
def test_every_environment_variable_is_documented(half: int) -> None:
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "bench").rglob("*.py"), ROOT / "tests" / "conftest.py"]
    read = {name for path in files for name in re.findall(r"KEGUAN_[A-Z_]*[A-Z]", path.read_text("utf-8"))}
    assert "KEGUAN_WORKSPACE" in read
    assert read <= code_words(halves(SETTINGS)[half])


@BOTH
def test_the_quarantine_rules_are_those_of_the_code(half: int) -> None:
    text = halves(DATA_RULES)[half]
    table = text.split("\n## ")[3]
    named = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert sorted(named) == sorted(RULES)


def findings_in_code() -> set[str]:
    """Names of findings: those with a wording, and those that the books write down."""
    made = {f"quarantine_{rule}" for rule in RULES}
    made |= {f"movement_{movement}" for movement in MOVEMENT if movement != "purchase"}
    made |= {f"kind_{kind}" for kind in LINE_KIND if kind != "product"}
    books = (ROOT / "src/keguan/app/ingest/bookkeeping.py").read_text("utf-8")
    made |= set(re.findall(r"SELECT load_id, '([a-z_]+)',", books))
    made |= set(re.findall(r"VALUES \(\?, '([a-z_]+)',", books))
    made |= set(re.findall(r"\"(missing_[a-z_]+)\"", books)) - {"missing_reason"}
    return made | set(FINDING_RULE)


@BOTH
def test_every_finding_is_explained(half: int) -> None:
    text = halves(DATA_RULES)[half]
    assert findings_in_code() <= code_words(text)


@BOTH
@pytest.mark.parametrize("entity", ENTITY_KINDS)
def test_every_canonical_column_is_named(entity: EntityKind, half: int) -> None:
    page = DOCS / "records.md" if entity in RECORD_KINDS else DATA_RULES
    assert set(targets(entity)) <= code_words(halves(page)[half])


@BOTH
def test_every_table_of_records_has_its_place(half: int) -> None:
    text = halves(DOCS / "records.md")[half]
    assert re.findall(r"^### .* `(\w+)`$", text, re.MULTILINE) == list(RECORD_KINDS)


@BOTH
def test_every_table_of_the_store_is_named(half: int) -> None:
    text = halves(DOCS / "architecture.md")[half]
    assert all(re.search(rf"\b{table}\b", text) for table in ENTITIES)


@BOTH
def test_every_package_has_a_line(half: int) -> None:
    source = ROOT / "src" / "keguan"
    packages = {path.name for path in source.iterdir() if (path / "__init__.py").exists()}
    modules = {path.stem for path in source.glob("*.py") if not path.stem.startswith("_")}
    assert packages | modules <= code_words(halves(DOCS / "architecture.md")[half])


@pytest.mark.parametrize("name", registry.names())
def test_every_analysis_has_a_page_and_a_row_that_name_its_parameters(name: str) -> None:
    parameters = {item.name for item in registry.get(name).fields()}
    for half, (page, index) in enumerate(zip(halves(ANALYSES / f"{name}.md"), halves(ANALYSES / "README.md"),
                                             strict=True)):  # fmt: skip
        assert name in page or half == 1
        row = next(line for line in index.splitlines() if line.startswith("| [") and f"]({name}.md)" in line)
        assert f"`{name}`" in row
        named = code_words(row.split("|", 3)[3])
        assert named == parameters, f"{name}: docs/analyses/README.md"
        assert ("参数" if half == 0 else "Parameters") in page


@BOTH
def test_the_table_of_analyses_holds_nothing_else(half: int) -> None:
    pages = {target.removesuffix(".md") for target in links(halves(ANALYSES / "README.md")[half])
             if "/" not in target and target.endswith(".md")}  # fmt: skip
    assert pages == set(registry.names())
    assert pages == {path.stem for path in ANALYSES.glob("*.md")} - {"README"}
