"""`keguan audience`: a segment's customers who may be contacted, some held out by lot; frozen, listed, handed out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from keguan.cli.app import app
from keguan.cli.commands.analyses import FORMATS
from keguan.cli.language import choose, say
from keguan.cli.options import (
    AsOf,
    Engine,
    Folder,
    Lang,
    OptionalCount,
    OptionalText,
    check_format,
    day_of,
    language_of,
)
from keguan.core.errors import UsageError, Where
from keguan.core.text import Language, Text

if TYPE_CHECKING:
    from keguan.result import Result
    from keguan.store.workspace import Store

Format = Annotated[str, typer.Option("--format", help="table | json | csv")]


class _MakeIsDefault(TyperGroup):
    """`keguan audience SEGMENT ...` is `keguan audience make SEGMENT ...`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, "--help"):
            args = ["make", *args]
        return super().parse_args(ctx, args)


audience = typer.Typer(
    cls=_MakeIsDefault, no_args_is_help=True, rich_markup_mode=None,
    help="活动人群与留出组: keguan audience 分群/标签 ... | Audiences with a holdout: keguan audience SEGMENT ...",
)  # fmt: skip
app.add_typer(audience, name="audience")


@audience.command(
    "make",
    help="从分群定一个活动人群并冻结, make 可不写 | Freeze an audience of a segment; 'make' may be left out",
)
def make(
    segment: Annotated[str, typer.Argument(help="分群/标签, 如 rfm/重要挽留 | segmentation/label")],
    channel: Annotated[str, typer.Option("--channel", help="sms | email | social")],
    holdout: Annotated[
        str, typer.Option("--holdout", help="auto | none | 百分比, 如 10% | a percentage such as 10%")
    ] = "auto",
    workspace: Folder = Path(),
    campaign: Annotated[
        OptionalText,
        typer.Option("--campaign", help="已有活动的编号或名称, 或新活动的名称 | Campaign, known or new"),
    ] = None,
    starts: Annotated[
        OptionalText,
        typer.Option("--starts", help="活动开始日, 默认截至日次日 | First day, default: the next day"),
    ] = None,
    ends: Annotated[
        OptionalText,
        typer.Option("--ends", help="活动结束日, 默认共 30 天 | Last day, default: 30 days in all"),
    ] = None,
    owner: Annotated[OptionalText, typer.Option("--owner", help="负责人 | Owner")] = None,
    budget: Annotated[OptionalText, typer.Option("--budget", help="预算 | Budget")] = None,
    target: Annotated[OptionalText, typer.Option("--target", help="目标 | Target")] = None,
    metric: Annotated[
        str, typer.Option("--metric", help="主要指标: conversion | spend | Primary metric")
    ] = "conversion",
    mde: Annotated[
        OptionalText, typer.Option("--mde", help="最小有意义的差异, 如 2% | Smallest difference that matters")
    ] = None,
    stratify: Annotated[
        OptionalText,
        typer.Option("--stratify", help="按这些列或分群分层, 逗号分开 | Stratify by, with commas"),
    ] = None,
    seed: Annotated[str, typer.Option("--seed", help="随机种子 | Seed of the draw")] = "1",
    cap: Annotated[
        OptionalCount,
        typer.Option("--cap", help="触达上限(次), 默认见设置 | Contacts from which nobody joins"),
    ] = None,
    cap_days: Annotated[
        OptionalCount, typer.Option("--cap-days", help="上限看最近几天, 默认见设置 | Days of the cap")
    ] = None,
    consent: Annotated[
        str,
        typer.Option("--consent", help="refusal 拒绝的不进 | granted 明确同意的才进 | Who consents"),
    ] = "refusal",
    overlap: Annotated[
        bool, typer.Option("--overlap", help="允许正在别的人群中的客户 | Members of other audiences may join")
    ] = False,
    universal: Annotated[
        OptionalText,
        typer.Option(
            "--universal", help="抽定全局对照组, 如 5% | Draw a universal control group, such as 5%"
        ),
    ] = None,
    as_of: AsOf = None,
    format: Format = "table",
    engine: Engine = None,
    lang: Lang = None,
) -> None:
    """Draws and freezes the audience; the same order again shows what is frozen."""
    language = choose(language_of(lang), workspace)
    check_format(format, FORMATS)
    from keguan.app.audience.drawing import make as made
    from keguan.app.audience.listing import audience as listed
    from keguan.app.audience.order import Order
    from keguan.cli.progress import shown

    strata = tuple(name.strip() for name in (stratify or "").split(",") if name.strip())
    order = Order(
        segment, channel, holdout, day_of(as_of), campaign, _day(starts, "--starts"), _day(ends, "--ends"), owner, budget,
        target, metric, mde, strata, seed, cap, cap_days, consent, overlap, universal,
    )  # fmt: skip
    store = _store(workspace, engine)
    with shown() as progress:
        progress(Text("定活动人群", "Making the audience"), 0.2)
        done = made(store, order)
        notes = done.notes if done.fresh else (_KEPT, *done.notes)
        result = listed(store, str(done.row["audience_id"]), notes)
    _show(result, store, format, language)
    if format == "table":
        number = done.row["audience_id"]
        typer.echo(
            say(Text(f"下一步: keguan audience export {number} 名单.csv", f"Next: keguan audience export {number} list.csv"))
        )  # fmt: skip


_KEPT = Text("这个人群早已冻结，没有变化", "this audience was frozen before; nothing has changed")


@audience.command("list", help="列出已冻结的人群 | List frozen audiences")
def list_(
    workspace: Folder = Path(), format: Format = "table", engine: Engine = None, lang: Lang = None
) -> None:
    """One row for each audience, the latest first."""
    language = choose(language_of(lang), workspace)
    check_format(format, FORMATS)
    from keguan.app.audience.listing import audiences

    store = _store(workspace, engine)
    _show(audiences(store), store, format, language)


@audience.command("show", help="一个人群的冻结记录 | The frozen record of an audience")
def show(
    audience_id: Annotated[str, typer.Argument(metavar="ID", help="人群编号 | Audience id")],
    workspace: Folder = Path(),
    format: Format = "table",
    engine: Engine = None,
    lang: Lang = None,
) -> None:
    """What became of the customers of the segment, how the draw was made, and the files handed out."""
    language = choose(language_of(lang), workspace)
    check_format(format, FORMATS)
    from keguan.app.audience.listing import audience as listed

    store = _store(workspace, engine)
    _show(listed(store, audience_id), store, format, language)


@audience.command(
    "export", help="导出触达组名单, 供短信与邮件工具 | Export the treatment arm for SMS and e-mail tools"
)
def export(
    audience_id: Annotated[str, typer.Argument(metavar="ID", help="人群编号 | Audience id")],
    output: Annotated[Path, typer.Argument(metavar="FILE", help=".csv | .xlsx")],
    workspace: Folder = Path(),
    name: Annotated[bool, typer.Option("--name", help="带客户名称 | With the customer's name")] = False,
    as_of: AsOf = None,
    engine: Engine = None,
    lang: Lang = None,
) -> None:
    """Writes customer id, address and campaign of those to contact, and records the file."""
    language = choose(language_of(lang), workspace)
    from keguan.app.audience.handing import hand_out
    from keguan.cli.recovered import say_recovered

    store = _store(workspace, engine)
    done = hand_out(store, audience_id, output, language, names=name, as_of=day_of(as_of))
    say_recovered(store.recovered, aside=True)
    typer.echo(
        say(
            Text(
                f"已导出 {done.customers:,} 位客户: {output} (SHA-256 {done.sha256})",
                f"{done.customers:,} customers exported: {output} (SHA-256 {done.sha256})",
            )
        )
    )
    if done.withdrawn or done.unreachable:
        typer.echo(
            say(
                Text(
                    f"冻结之后 {done.withdrawn:,} 位撤回授权, {done.unreachable:,} 位已无地址, 没有列出",
                    f"since it was frozen {done.withdrawn:,} withdrew their consent and {done.unreachable:,} lost their "
                    "address: left out",
                )
            )
        )


def _store(workspace: Path, engine: str | None) -> Store:
    from keguan.app import engines
    from keguan.store.workspace import Store

    return engines.on(Store(workspace), engine)


def _show(result: Result, store: Store, format: str, language: Language) -> None:
    from keguan.app.audience.listing import LISTING
    from keguan.cli import output
    from keguan.cli.recovered import say_recovered

    say_recovered(store.recovered, aside=True)
    output.show(result, LISTING, language, store.config.currency or store.catalog.currency, format)


def _day(text: str | None, option: str) -> date | None:
    try:
        return day_of(text)
    except UsageError as error:
        error.where = Where(setting=option)
        raise
