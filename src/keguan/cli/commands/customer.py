"""`keguan customer`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from keguan.cli.app import app
from keguan.cli.language import choose
from keguan.cli.options import AsOf, Engine, Folder, Lang, check_format, day_of, language_of
from keguan.cli.progress import shown
from keguan.core.errors import UsageError
from keguan.core.text import Text

FORMATS = ("text", "json")


@app.command("customer", help="查看一位客户 | Everything known of one customer")
def customer(
    id: Annotated[str, typer.Argument(help="客户编号, 或 #账户号 | Customer id, or #account number")],
    workspace: Folder = Path(),
    as_of: AsOf = None,
    show_personal: Annotated[
        bool,
        typer.Option(
            "--show-personal", help="显示个人信息, 默认遮盖 | Show personal data, masked by default"
        ),
    ] = False,
    outlook: Annotated[
        bool,
        typer.Option(
            "--outlook/--no-outlook",
            help="给出预测的价值与流失概率, 要拟合模型 | The models' value and probability of churn: models are fitted",
        ),
    ] = True,
    format: Annotated[str, typer.Option("--format", help="text | json")] = "text",
    engine: Engine = None,
    lang: Lang = None,
) -> None:
    """Sources, facts, timeline, segments, consents, open issues and the next step of one customer."""
    language = choose(language_of(lang), workspace)
    check_format(format, FORMATS)
    if not id.strip():
        raise UsageError(
            Text("没有给出客户编号", "No customer id was given"),
            do=Text("运行 keguan customer 编号", "run keguan customer ID"),
        )
    from keguan import registry
    from keguan.app import engines
    from keguan.app.analyse import Session
    from keguan.cli import output
    from keguan.cli.recovered import say_recovered
    from keguan.store.workspace import Store

    analysis = registry.get("customer_360")
    store = engines.on(Store(workspace), engine)
    with shown() as progress, Session(store, day_of(as_of)) as session:
        progress(analysis.title, 0.2)
        result = session.run(
            analysis.name, {"customer": id, "show_personal": show_personal, "outlook": outlook}
        )
        currency = session.inputs.settings.currency
    say_recovered(store.recovered, aside=True)
    output.show(result, analysis, language, currency, format)
