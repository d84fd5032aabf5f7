"""`keguan report` and `keguan verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from keguan.cli.app import app
from keguan.cli.language import choose, say
from keguan.cli.options import AsOf, Engine, Folder, Lang, day_of, language_of
from keguan.cli.progress import shown
from keguan.cli.visible import quoted, visible
from keguan.core.text import Text


@app.command("report", help="写出客户分析报告 | Write the customer analysis report")
def report(
    output: Annotated[Path, typer.Option("-o", "--output", help="目录或报告文件 | Folder or report file")],
    workspace: Folder = Path(),
    as_of: AsOf = None,
    recipe: Annotated[
        str, typer.Option("--recipe", help="配方名或 .toml | Recipe or a .toml file")
    ] = "monthly",
    forms: Annotated[
        str | None, typer.Option("--format", help="html,pdf,docx,pptx,xlsx，可多种 | one or several")
    ] = None,
    template: Annotated[
        list[Path] | None,
        typer.Option("--template", help="公司的 .docx、.pptx 模板 | The company's .docx, .pptx template"),
    ] = None,
    compare: Annotated[
        Path | None,
        typer.Option("--compare", help="上期的 report.json 或报告 | The last report.json or report"),
    ] = None,
    archival: Annotated[bool, typer.Option("--archival", help="PDF/A-3b")] = False,
    engine: Engine = None,
    lang: Lang = None,
) -> None:
    """Writes the report in each form asked for and its manifest report.json beside it."""
    from keguan.app import engines
    from keguan.app.reporting import ReportOrder, write_report
    from keguan.cli.recovered import say_recovered
    from keguan.render.forms import Options, templates
    from keguan.store.workspace import Store

    language = choose(language_of(lang), workspace)
    store = engines.on(Store(workspace), engine)
    options = Options(templates(template or []), archival)
    order = ReportOrder(output, language, day_of(as_of), recipe, forms, options, compare)
    with shown() as progress:
        written = write_report(store, order, progress)
    say_recovered(store.recovered, aside=True)
    for file in written.files:
        path, size = visible(str(file.path)), f"{file.bytes / 1e6:.1f} MB"
        typer.echo(
            say(
                Text(
                    f"报告: {path} ({written.claims} 条结论, {size})",
                    f"Report: {path} ({written.claims} claims, {size})",
                )
            )
        )
    manifest = visible(str(written.manifest))
    typer.echo(say(Text(f"清单: {manifest}", f"Manifest: {manifest}")))
    for file in written.files:
        command = f"keguan verify {quoted(file.path)} -w {quoted(workspace)}"
        typer.echo(say(Text(f"核验: {command}", f"Verify: {command}")))


@app.command("verify", help="核验报告中的每句话和每个数字 | Verify every sentence and figure of a report")
def verify(
    file: Annotated[Path, typer.Argument(help="报告文件 | Report file")],
    workspace: Folder = Path(),
    now: Annotated[
        bool, typer.Option("--now", help="并与今天的数据比较 | Also compare with today's data")
    ] = False,
    engine: Engine = None,
    lang: Lang = None,
) -> None:
    """Recomputes every claim at the pinned versions; exit code 0 only if all are proved and unedited."""
    from keguan.app import engines
    from keguan.app.verifying import verify_file
    from keguan.store.workspace import Store

    language = choose(language_of(lang), workspace)
    with shown() as progress:
        store = engines.on(Store(workspace), engine)
        verdict = verify_file(store, file, now=now, progress=progress)
    for line in verdict.lines(language):
        typer.echo(visible(line).replace("\n", "\\n"))  # a line break in a name must not look like a verdict
    if not verdict.proved:
        raise typer.Exit(1)
