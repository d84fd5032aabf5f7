"""The use case 'demo': a shop's files are written, imported like any user's, and reported; then it lives on by months."""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from keguan.app.analyse import Session
from keguan.app.ingest import ImportOptions, ingest
from keguan.app.reporting import ReportOrder, write_report
from keguan.core.errors import UsageError, Where
from keguan.core.text import LANGUAGES, Language, Text
from keguan.demo import SEED, STAGES, Contacted, write_next_month, write_shop
from keguan.marts.audiences import named_sql
from keguan.schema.audiences import FROZEN_SOURCE
from keguan.schema.tables import ENTITIES
from keguan.store.workspace import Store

Progress = Callable[[Text, float], None]
SIZE_FILE = "demo.toml"
SETTINGS = 'name = "山川优选(示例)"\nlanguage = "{language}"\ntimezone = "Asia/Shanghai"\n'


def demonstrate(
    folder: Path,
    language: Language,
    progress: Progress,
    say: Callable[[Text], None],
    command: str = "keguan",
    *,
    scale: float = 1.0,
    reported: bool = True,
) -> Text:
    """Makes `folder` with files/, a workspace and a report in each language; gives what to try next.

    `scale` 1 is a shop of about 20,000 customers; without `reported` no report is written. UsageError for a size out of
    range.
    """
    files, workspace = folder / "files", folder / "workspace"
    steps = 2 + len(LANGUAGES) * reported
    say(Text(f"1/{steps} 生成示例商店的文件 …", f"1/{steps} Writing the files of a demo shop …"))
    files.mkdir(parents=True, exist_ok=True)
    shop = write_shop(files, scale=scale, on_progress=lambda what, share: progress(STAGES[what], share))
    (folder / SIZE_FILE).write_text(f"seed = {SEED}\nscale = {scale}\n", "utf-8")
    paths = list(shop.paths)
    names = ", ".join(path.name for path in paths)
    say(Text(f"    {len(paths)} 个文件: {names}", f"    {len(paths)} files: {names}"))
    say(Text(f"2/{steps} 导入 …", f"2/{steps} Importing …"))
    store = Store.init(workspace, SETTINGS.format(language=language))
    report = ingest(store, [str(path) for path in paths], ImportOptions(), progress)
    for file in report.files:
        say(
            Text(
                f"    {file.file}: 收到 {file.received:,} 行, 可用 {file.clean:,}, 隔离 {file.quarantined:,}",
                f"    {file.file}: {file.received:,} rows received, {file.clean:,} clean, {file.quarantined:,} quarantined",
            )
            if not file.known_before
            else Text(f"    {file.file}: 以前导入过", f"    {file.file}: imported before")
        )
    if not reported:
        return Text(f"\n工作区: {workspace}", f"\nWorkspace: {workspace}")
    written = {}
    for number, each in enumerate(LANGUAGES, 3):
        say(Text(f"{number}/{steps} 写报告 ({each}) …", f"{number}/{steps} Writing the report ({each}) …"))
        written[each] = write_report(Store(workspace), ReportOrder(folder / "reports" / each, each), progress)
    return _next_steps(
        written[language].file, written["en" if language == "zh" else "zh"].file, workspace, command
    )


def _next_steps(html: Path, other: Path, workspace: Path, command: str) -> Text:
    tries = (
        f"  {command} verify {html} -w {workspace}\n"
        f"  {command} run rfm -w {workspace}\n"
        f"  {command} quality -w {workspace}\n"
        f"  {command} export segment rfm --label 重要价值 -w {workspace} -o list.csv\n"
    )
    return Text(
        f"\n报告: {html}\n英文版: {other}\n\n接着可以试:\n{tries}"
        f"  {command} init 我的公司 && {command} import 订单.csv -w 我的公司",
        f"\nReport: {html}\nIn Chinese: {other}\n\nTry next:\n{tries}"
        f"  {command} init my-company && {command} import orders.csv -w my-company",
    )


def live_on(folder: Path, command: str = "keguan") -> Text:
    """Writes the files of the month after the last one: what the shop would export then. Customers of audiences whose
    list was handed out have been contacted. Nothing is imported.

    UsageError where `folder` holds no demo shop, or after twelve months.
    """
    files, workspace, size = folder / "files", folder / "workspace", folder / SIZE_FILE
    if not (size.is_file() and files.is_dir() and workspace.is_dir()):
        raise UsageError(
            Text("这里没有示例商店", "There is no demo shop here"),
            Where(file=str(folder)),
            do=Text(f"先运行 {command} demo {folder}", f"run {command} demo {folder} first"),
        )
    seed, scale = _size(size)
    month = write_next_month(files, _contacted(Store(workspace)), seed=seed, scale=scale)
    listed = "\n".join(f"  {path}" for path in month.paths)
    done = f"{command} import {shlex.join(map(str, month.paths))} -w {shlex.quote(str(workspace))}"
    return Text(
        f"{month.name} 的文件:\n{listed}\n\n导入: {done}",
        f"Files of {month.name}:\n{listed}\n\nImport them: {done}",
    )


def _size(file: Path) -> tuple[int, float]:
    """Seed and scale of the shop, as written when it was made."""
    try:
        kept: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
        return int(kept["seed"]), float(kept["scale"])
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            Text("示例商店的记录无法读取", "The record of the demo shop cannot be read"),
            Where(file=str(file)),
            found=str(error),
            allowed=Text("seed 与 scale 两个数", "two numbers, seed and scale"),
            do=Text("在新目录里重新开始", "begin again in a new folder"),
        ) from None


CONTACTED = """
SELECT DISTINCT campaign_id, account_no FROM all_campaign_members WHERE source = $source AND arm = 'treatment'
"""


def _contacted(store: Store) -> tuple[Contacted, ...]:
    """The audiences whose list was handed out, with those whom it names."""
    with Session(store) as session:
        session.engine.register(ENTITIES["audience_exports"], store.files("audience_exports"), name="handed")
        audiences = session.engine.query(
            "SELECT * FROM all_audiences WHERE audience_id IN (SELECT audience_id FROM handed) ORDER BY audience_id"
        ).to_pylist()
        members: dict[str, list[str]] = {}
        for row in session.engine.query(named_sql(CONTACTED), {"source": FROZEN_SOURCE}).to_pylist():
            members.setdefault(row["campaign_id"], []).append(row["customer_id"])
    return tuple(
        Contacted(
            row["campaign_id"], row["name"], row["channel"], row["starts_on"], row["ends_on"],
            tuple(members.get(row["campaign_id"], ())),
        )
        for row in audiences
    )  # fmt: skip
