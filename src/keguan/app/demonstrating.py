"""The use case 'demo': a shop's files are written, imported like any user's, and reported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from keguan.app.ingest import ImportOptions, ingest
from keguan.app.reporting import ReportOrder, write_report
from keguan.core.text import LANGUAGES, Language, Text
from keguan.demo import STAGES, write_shop
from keguan.store.workspace import Store

Progress = Callable[[Text, float], None]
SETTINGS = 'name = "山川优选(示例)"\nlanguage = "{language}"\ntimezone = "Asia/Shanghai"\n'


def demonstrate(
    folder: Path,
    language: Language,
    progress: Progress,
    say: Callable[[Text], None],
    command: str = "keguan",
) -> Text:
    """Makes `folder` with files/, a workspace and a report in each language; gives what to try next."""
    files, workspace = folder / "files", folder / "workspace"
    say(Text("1/4 生成示例商店的文件 …", "1/4 Writing the files of a demo shop …"))
    files.mkdir(parents=True, exist_ok=True)
    shop = write_shop(files, on_progress=lambda what, share: progress(STAGES[what], share))
    paths = list(shop.paths)
    names = ", ".join(path.name for path in paths)
    say(Text(f"    {len(paths)} 个文件: {names}", f"    {len(paths)} files: {names}"))
    say(Text("2/4 导入 …", "2/4 Importing …"))
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
    written = {}
    for number, each in enumerate(LANGUAGES, 3):
        say(Text(f"{number}/4 写报告 ({each}) …", f"{number}/4 Writing the report ({each}) …"))
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
