"""Report and verify through the command line: proved, edited, new data, other workspace."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keguan.app.workspace import Workspace
from keguan.demo import write_shop
from render.packs import repacked

Keguan = Callable[..., Any]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a small demo shop."""
    folder = tmp_path_factory.mktemp("shop")
    files = write_shop(folder / "files", scale=0.1)
    Workspace.init(folder / "workspace").load(files.customers, files.orders)
    return folder / "workspace"


@pytest.fixture(scope="module")
def report(shop: Path, keguan: Keguan) -> Path:
    """The report of that shop in Chinese."""
    out = shop.parent / "out"
    done = keguan("report", "-w", shop, "-o", out, "--lang", "zh", language="zh")
    assert done.code == 0, done.err
    return out / "report.html"


BRIEF = """
title = { zh = "简报", en = "Brief" }

[[sections]]
id = "numbers"
title = { zh = "数字", en = "Numbers" }
tables = ["overview.kpis"]
analyses = ["overview", "rfm", "cohort", "product_mix"]
"""


@pytest.fixture(scope="module")
def brief(shop: Path, keguan: Keguan) -> Path:
    """A report of few analyses: what an edit does to a page is the same, and verifying takes a tenth of the time."""
    out, recipe = shop.parent / "brief", shop.parent / "brief.toml"
    recipe.write_text(BRIEF, "utf-8")
    done = keguan("report", "-w", shop, "-o", out, "--lang", "zh", "--recipe", recipe, language="zh")
    assert done.code == 0, done.err
    return out / "report.html"


def edited(report: Path, folder: Path, change: Callable[[str], str]) -> Path:
    text = report.read_text("utf-8")
    changed = change(text)
    assert changed != text
    path = folder / "edited.html"
    path.write_text(changed, "utf-8")
    return path


def test_the_report_is_one_small_file_with_its_manifest_beside(report: Path) -> None:
    text = report.read_text("utf-8")
    assert report.stat().st_size < 4_000_000  # over twenty analyses with their evidence
    manifest = json.loads((report.parent / "report.json").read_text("utf-8"))
    assert manifest["claims"]
    assert manifest["versions"]["order_lines"] >= 0
    for outside in (r'src="http', r"url\(http", r'<link[^>]+href="http', r"@import"):
        assert not re.search(outside, text)
    assert "Content-Security-Policy" in text


def test_it_prints_every_key_figure_in_full(report: Path, shop: Path, keguan: Keguan) -> None:
    text = report.read_text("utf-8")
    rows = keguan("run", "overview", "-w", shop, "--format", "json").json()["tables"]["kpis"]["rows"]
    for metric, value, unit in rows:
        if unit == "count":
            assert f">{value:,}<" in text, metric
        if unit == "money":
            assert f">{value:,.2f}<" in text, metric


def test_an_untouched_report_is_proved(report: Path, shop: Path, keguan: Keguan) -> None:
    done = keguan("verify", report, "-w", shop)
    assert (done.code, done.err) == (0, "")
    assert re.search(r"✓ (\d+) of \1 claims proved", done.out)


def test_both_languages_say_the_same_figures(
    report: Path, shop: Path, keguan: Keguan, tmp_path: Path
) -> None:
    assert keguan("report", "-w", shop, "-o", tmp_path, "--lang", "en").code == 0
    zh = json.loads((report.parent / "report.json").read_text("utf-8"))
    en = json.loads((tmp_path / "report.json").read_text("utf-8"))
    figures = [
        {c["key"]: {n: v["value"] for n, v in c["values"].items()} for c in m["claims"]} for m in (zh, en)
    ]
    assert figures[0] == figures[1]


def test_an_english_report_is_proved(brief: Path, shop: Path, keguan: Keguan, tmp_path: Path) -> None:
    recipe = brief.parent.parent / "brief.toml"
    assert keguan("report", "-w", shop, "-o", tmp_path, "--lang", "en", "--recipe", recipe).code == 0
    assert keguan("verify", tmp_path / "report.html", "-w", shop).code == 0


def test_an_edited_sentence_is_named(brief: Path, shop: Path, keguan: Keguan, tmp_path: Path) -> None:
    def change(text: str) -> str:
        return re.sub(
            r'(<span[^>]*data-value="[^"]+"[^>]*>)(\d)',
            lambda m: f"{m[1]}{(int(m[2]) + 1) % 10}",
            text,
            count=1,
        )

    path = edited(brief, tmp_path, change)
    done = keguan("verify", path, "-w", shop)
    assert done.code == 1
    assert len(re.findall(r"^✗ [0-9a-f]{10} .*: edited", done.out, re.MULTILINE)) == 1
    assert "other parts" not in done.out


def test_an_edited_table_cell_is_named(brief: Path, shop: Path, keguan: Keguan, tmp_path: Path) -> None:
    manifest = json.loads((brief.parent / "report.json").read_text("utf-8"))
    shown = manifest["items"]["cell:overview.kpis[gross_revenue].value@body"]
    other = ("9" if shown[0] != "9" else "8") + shown[1:]
    path = edited(brief, tmp_path, lambda text: text.replace(f">{shown}<", f">{other}<", 1))
    done = keguan("verify", path, "-w", shop)
    assert done.code == 1
    assert "overview.kpis[gross_revenue].value" in done.out
    assert shown in done.out
    assert other in done.out


def test_an_edited_chart_datum_is_named(brief: Path, shop: Path, keguan: Keguan, tmp_path: Path) -> None:
    def change(text: str) -> str:
        def draw(listing: str) -> str:
            start = listing.index('"overview.')
            return listing[:start] + re.sub(
                r'("value": ?)(\d)', lambda m: f"{m[1]}{(int(m[2]) + 1) % 10}", listing[start:], count=1
            )

        return repacked(text, draw)

    done = keguan("verify", edited(brief, tmp_path, change), "-w", shop)
    assert done.code == 1
    assert "Chart datum overview." in done.out


def test_any_other_change_is_other_parts(brief: Path, shop: Path, keguan: Keguan, tmp_path: Path) -> None:
    path = edited(brief, tmp_path, lambda text: text.replace("</style>", "p{color:red}</style>", 1))
    done = keguan("verify", path, "-w", shop)
    assert done.code == 1
    assert "other parts were changed" in done.out
    assert "0 cells or charts edited" in done.out


def test_a_manifest_changed_with_the_sentence_is_found(
    brief: Path, shop: Path, keguan: Keguan, tmp_path: Path
) -> None:
    manifest = json.loads((brief.parent / "report.json").read_text("utf-8"))
    shown = manifest["items"]["cell:overview.kpis[gross_revenue].value@body"]
    other = ("9" if shown[0] != "9" else "8") + shown[1:]
    done = keguan("verify", edited(brief, tmp_path, lambda text: text.replace(shown, other)), "-w", shop)
    assert done.code == 1
    assert "overview.kpis[gross_revenue].value" in done.out


def test_it_still_proves_after_new_data_and_now_tells_what_moved(
    brief: Path, shop: Path, keguan: Keguan, tmp_path: Path
) -> None:
    workspace = tmp_path / "workspace"
    shutil.copytree(shop, workspace)
    more = tmp_path / "more.csv"
    lines = ["订单编号,下单时间,客户编号,商品编号,商品名称,数量,单价(元),实付金额(元)"]
    lines += [
        f"NEW{n},2026-11-0{n % 9 + 1} 10:00:00,NC{n % 60},SP{n % 7}999,新品,1,{100 + n}.00,{100 + n}.00"
        for n in range(120)
    ]
    more.write_text("\n".join(lines), "utf-8")
    assert keguan("import", more, "-w", workspace).code == 0
    assert keguan("verify", brief, "-w", workspace).code == 0
    done = keguan("verify", brief, "-w", workspace, "--now")
    assert done.code == 0
    assert "today:" in done.out


def test_versions_that_are_gone_are_not_provable(
    brief: Path, shop: Path, keguan: Keguan, tmp_path: Path
) -> None:
    workspace = tmp_path / "workspace"
    shutil.copytree(shop, workspace)
    for file in (workspace / "tables" / "purchases").glob("*.parquet"):
        file.unlink()
    done = keguan("verify", brief, "-w", workspace)
    assert done.code == 1
    assert "not provable" in done.out


def test_a_report_of_another_workspace_is_refused(brief: Path, keguan: Keguan, tmp_path: Path) -> None:
    Workspace.init(tmp_path)
    done = keguan("verify", brief, "-w", tmp_path)
    assert done.code == 4
    assert "another workspace" in done.err


def test_a_file_that_is_no_report_is_refused(shop: Path, keguan: Keguan, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html><body>1</body></html>")
    done = keguan("verify", page, "-w", shop)
    assert done.code == 4
    assert "not a report" in done.err
    assert "What to do" in done.err


def test_a_report_file_that_is_missing_says_what_to_do(shop: Path, keguan: Keguan, tmp_path: Path) -> None:
    done = keguan("verify", tmp_path / "none.html", "-w", shop)
    assert done.code == 4
    for part in ("cannot be opened", "none.html", "What to do"):
        assert part in done.err


def test_the_story_of_the_demo_shop_is_found_at_full_size(tmp_path: Path) -> None:
    files = write_shop(tmp_path / "files")
    workspace = Workspace.init(tmp_path / "workspace")
    workspace.load(files.customers, files.orders)
    keys = {claim.key: claim for name in ("cohort", "product_mix") for claim in workspace.run(name).claims}
    tested = [key for key, claim in keys.items() if claim.strength == "tested"]
    assert any("APP" in key for key in tested)
    assert any("小家电" in key for key in tested)
    assert any("四川" in key for key in tested)


def test_a_forged_page_without_a_kept_manifest_is_found(
    brief: Path, shop: Path, keguan: Keguan, tmp_path: Path
) -> None:
    # The forger rewrites an unmarked sentence, gives the document another id and makes the hash fit.
    from keguan.render.html.read import parse
    from keguan.render.markup import packed

    text = brief.read_text("utf-8")
    forged = text.replace("数字", "数学", 1)
    assert forged != text
    marked = parse(forged)
    manifest = {**marked.manifest, "document_id": "0123456789ab", "other": marked.other}
    forged = re.sub(
        r'(<script id="manifest" type="text/plain">)[^<]+', rf"\g<1>{packed(json.dumps(manifest))}", forged
    )
    path = tmp_path / "forged.html"
    path.write_text(forged, "utf-8")
    done = keguan("verify", path, "-w", shop)
    assert done.code == 1
    assert "other parts were changed" in done.out


def test_a_lost_manifest_is_no_loss(brief: Path, shop: Path, keguan: Keguan, tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    shutil.copytree(shop, workspace)
    shutil.rmtree(workspace / "reports")
    done = keguan("verify", brief, "-w", workspace)
    assert done.code == 0, done.out
    assert "keeps no manifest" in done.out


def test_a_report_of_an_own_recipe_is_verified_without_the_recipe_file(
    shop: Path, keguan: Keguan, tmp_path: Path
) -> None:
    recipe = tmp_path / "brief.toml"
    recipe.write_text(
        'title = { zh = "简报", en = "Brief" }\n[[sections]]\nid = "data"\n'
        'title = { zh = "数据", en = "Data" }\ntables = ["overview.kpis"]\nanalyses = ["overview"]\n',
        "utf-8",
    )
    done = keguan("report", "-w", shop, "-o", tmp_path / "out", "--recipe", recipe)
    assert done.code == 0, done.err
    recipe.unlink()
    assert keguan("verify", tmp_path / "out" / "report.html", "-w", shop).code == 0
