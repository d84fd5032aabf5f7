"""`keguan actions`: who does what for which customers until when, kept in the workspace."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from keguan.cli.app import app
from keguan.cli.language import choose, say
from keguan.cli.options import AsOf, Folder, Lang, OptionalText, check_format, day, day_of, language_of
from keguan.cli.visible import visible
from keguan.core.errors import UsageError, Where
from keguan.core.text import Language, Text, same

actions = typer.Typer(help="行动计划 | The plan of actions", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(actions, name="actions")

Id = Annotated[str, typer.Argument(help="行动编号，如 A0001 | Id of the action, such as A0001")]
By = Annotated[OptionalText, typer.Option("--by", help="谁做的改动 | Who makes the change")]
On = Annotated[OptionalText, typer.Option("--on", help="计入哪一天 | The day from which it counts")]
Remark = Annotated[OptionalText, typer.Option("--remark", help="备注 | A remark")]
VIEWS = ("all", "week", "month", "quarter")
STATES = ("open", "done", "dropped", "carried", "all")


@actions.command("list", help="列出行动 | List the actions")
def list_(
    workspace: Folder = Path(),
    view: Annotated[str, typer.Option("--view", help="all | week | month | quarter")] = "all",
    state: Annotated[str, typer.Option("--state", help="open | done | dropped | carried | all")] = "open",
    owner: Annotated[OptionalText, typer.Option("--owner", help="只列这位责任人 | Of this owner")] = None,
    as_of: AsOf = None,
    format: Annotated[str, typer.Option("--format", help="table | json")] = "table",
    lang: Lang = None,
) -> None:
    """Cards as they stand, or stood on a day, under the week, month or quarter in which they are due."""
    check_format(format, ("table", "json"))
    language = choose(language_of(lang), workspace)
    _one_of(view, VIEWS, "--view")
    _one_of(state, STATES, "--state")
    from keguan.app.actions import keeping
    from keguan.store.workspace import Store

    cards = [
        card
        for card in keeping.current(keeping.history(Store(workspace)), day_of(as_of))
        if state in ("all", card.state) and (owner is None or card.owner == owner)
    ]
    if format == "json":
        import json

        typer.echo(json.dumps([_json(card) for card in cards], ensure_ascii=False, indent=1))
        return
    _listed(cards, view, language)


@actions.command("add", help="加一项行动 | Add an action")
def add(
    segment: Annotated[str, typer.Argument(help="目标客群，如 rfm/重要挽留 | Segment, such as rfm/重要挽留")],
    action: Annotated[str, typer.Option("--action", help="做什么 | What is done")],
    due: Annotated[str, typer.Option("--due", help="截止日 | Due by")],
    pain: Annotated[OptionalText, typer.Option("--pain", help="痛点 | The pain")] = None,
    resources: Annotated[OptionalText, typer.Option("--resources", help="资源 | Resources")] = None,
    owner: Annotated[OptionalText, typer.Option("--owner", help="责任人，一位 | The one owner")] = None,
    metric: Annotated[
        OptionalText, typer.Option("--metric", help="指标，如 activation_rate | Metric")
    ] = None,
    target: Annotated[
        OptionalText, typer.Option("--target", help="目标，如 30% | Target, such as 30%")
    ] = None,
    campaign: Annotated[OptionalText, typer.Option("--campaign", help="活动编号 | Campaign id")] = None,
    by: By = None,
    workspace: Folder = Path(),
    as_of: AsOf = None,
    lang: Lang = None,
) -> None:
    """Keeps a card for the customers of a segment as of the last day of the data."""
    language = choose(language_of(lang), workspace)
    from keguan.app.actions import cards, planning
    from keguan.app.analyse import Session
    from keguan.store.workspace import Store

    kind = cards.metric_of(metric)
    draft = planning.Draft(
        segment, action, day(due, "--due"), pain, resources, owner, kind, cards.target_of(target, kind), campaign, by
    )  # fmt: skip
    store = Store(workspace)
    with Session(store, day_of(as_of)) as session:
        card = planning.add(store, session, draft)
    typer.echo(visible(_line(card, language)))


@actions.command("plan", help="从策略起草行动 | Draft actions from the strategies")
def plan(
    workspace: Folder = Path(),
    segmentation: Annotated[str, typer.Option("--segmentation", help="分群方法 | Segmentation")] = "rfm",
    top: Annotated[int, typer.Option("--top", help="前几个分群 | How many segments")] = 5,
    period: Annotated[str, typer.Option("--period", help="week | month | quarter")] = "month",
    due: Annotated[OptionalText, typer.Option("--due", help="截止日，默认本期末 | Due by")] = None,
    target: Annotated[OptionalText, typer.Option("--target", help="激活率目标 | Activation rate")] = None,
    owner: Annotated[OptionalText, typer.Option("--owner", help="责任人 | The owner")] = None,
    by: By = None,
    as_of: AsOf = None,
    lang: Lang = None,
) -> None:
    """Drafts a card for each of the first segments by money at stake; carries undone past ones forward."""
    language = choose(language_of(lang), workspace)
    from keguan.app.actions import cards, planning
    from keguan.app.analyse import Session
    from keguan.store.workspace import Store

    _one_of(period, planning.PERIODS, "--period")
    wanted = planning.Wanted(
        segmentation, top, period, day_of(due, "--due"), cards.target_of(target, "activation_rate"),
        owner, by, language,
    )  # fmt: skip
    store = Store(workspace)
    with Session(store, day_of(as_of)) as session:
        made = planning.plan(store, session, wanted)
    for title, listed in (
        (Text("新起草", "Drafted"), made.fresh),
        (Text("结转", "Carried forward"), made.carried),
        (Text("已有进行中的行动，未另起草", "Already with a running action, no second one"), made.kept),
    ):
        if listed:
            typer.echo(say(title))
        for card in listed:
            typer.echo(visible(_line(card, language)))
    if not (made.fresh or made.carried or made.kept):
        typer.echo(say(Text("没有可起草的行动", "There is nothing to draft")))


@actions.command("done", help="行动已完成 | An action is done")
def done(
    id: Id, on: On = None, remark: Remark = None, by: By = None, workspace: Folder = Path(), lang: Lang = None
) -> None:
    """The action is done, on the given day (default: today)."""
    from keguan.app.actions import keeping
    from keguan.store.workspace import Store

    language = choose(language_of(lang), workspace)
    card = keeping.done(Store(workspace), id, day_of(on, "--on") or date.today(), by, remark)
    typer.echo(visible(_line(card, language)))


@actions.command("drop", help="取消行动 | Drop an action")
def drop(
    id: Id, on: On = None, remark: Remark = None, by: By = None, workspace: Folder = Path(), lang: Lang = None
) -> None:
    """The action will not be done; it stays in the history."""
    from keguan.app.actions import keeping
    from keguan.store.workspace import Store

    language = choose(language_of(lang), workspace)
    card = keeping.drop(Store(workspace), id, day_of(on, "--on") or date.today(), by, remark)
    typer.echo(visible(_line(card, language)))


@actions.command("owner", help="指定责任人 | Name the owner of an action")
def owner(
    id: Id,
    name: Annotated[str, typer.Argument(help="责任人，一位 | The one owner")],
    on: On = None,
    by: By = None,
    workspace: Folder = Path(),
    lang: Lang = None,
) -> None:
    """The action has this owner from the given day on (default: from the day it counts)."""
    from keguan.app.actions import keeping
    from keguan.store.workspace import Store

    language = choose(language_of(lang), workspace)
    card = keeping.owned(Store(workspace), id, name, day_of(on, "--on"), by)
    typer.echo(visible(_line(card, language)))


@actions.command("link", help="关联活动 | Link an action with a campaign")
def link(
    id: Id,
    campaign: Annotated[str, typer.Argument(help="活动或名单编号 | Id of the campaign or audience")],
    on: On = None,
    by: By = None,
    workspace: Folder = Path(),
    lang: Lang = None,
) -> None:
    """The action is carried out by this campaign; its control group tells the effect."""
    from keguan.app.actions import keeping
    from keguan.store.workspace import Store

    language = choose(language_of(lang), workspace)
    card = keeping.linked(Store(workspace), id, campaign, day_of(on, "--on"), by)
    typer.echo(visible(_line(card, language)))


@actions.command("history", help="一项行动的改动 | The changes of an action")
def history(id: Id, workspace: Folder = Path(), lang: Lang = None) -> None:
    """Every change: when, by whom, what the card said from then on."""
    from keguan.app.actions import keeping
    from keguan.schema.vocabulary import shown
    from keguan.store.workspace import Store

    language = choose(language_of(lang), workspace)
    cards = keeping.history(Store(workspace))
    wanted = keeping.found(cards, id).action_id
    for card in sorted((item for item in cards if item.action_id == wanted), key=lambda item: item.change_no):
        what = shown(card.change, "action_change", language)
        by = f" ({card.changed_by})" if card.changed_by else ""
        remark = f" – {card.remark}" if card.remark else ""
        typer.echo(visible(f"{card.day} {what}{by}{remark}: {_line(card, language)}"))


def _one_of(given: str, allowed: tuple[str, ...], option: str) -> None:
    if given not in allowed:
        raise UsageError(
            Text("选项的值有误", "The value of an option is wrong"), Where(setting=option), found=given,
            allowed=same(" | ".join(allowed)), do=Text("改正后重试", "correct it and try again"),
        )  # fmt: skip


def _json(card: Any) -> dict[str, Any]:
    from keguan.report.manifest import json_value

    return {name: json_value(value) for name, value in card.row().items()}


def _listed(cards: list[Any], view: str, language: Language) -> None:
    from keguan.strategies.action_plan.tables import end_of, start_of

    before = None
    for card in cards:
        first = start_of(card.due_on, view) if view != "all" else None
        if first is not None and first != before:
            typer.echo(f"{first} – {end_of(first, view)}")
        before = first
        typer.echo(visible(f"{'  ' if first else ''}{_line(card, language)}"))
    if not cards:
        typer.echo(say(Text("没有行动；keguan actions plan 可从策略起草",
                            "There are no actions; keguan actions plan drafts some from the strategies")))  # fmt: skip


def _line(card: Any, language: Language) -> str:
    """A card in one line."""
    from keguan.core.text import Unit, format_value
    from keguan.schema.vocabulary import shown
    from keguan.strategies.action_plan.cards import UNITS

    zh = language == "zh"
    owner = card.owner or shown("未指定", "owner_name", language)
    parts = [
        f"{card.action_id} [{shown(card.state, 'action_state', language)}]",
        f"{card.segmentation}/{shown(card.segment, 'segment_label', language)}",
        card.action,
        f"责任人 {owner}" if zh else f"owner {owner}",
        f"截止 {card.due_on}" if zh else f"due {card.due_on}",
    ]
    if card.metric and card.target_value is not None:
        unit: Unit = UNITS[card.metric]
        value = float(card.target_value) if unit == "share" else card.target_value
        parts.append(f"{shown(card.metric, 'action_metric', language)} {format_value(value, unit, language)}")
    if card.pain:
        parts.append(f"痛点 {card.pain}" if zh else f"pain: {card.pain}")
    if card.campaign_id:
        parts.append(f"活动 {card.campaign_id}" if zh else f"campaign {card.campaign_id}")
    if card.carried_from:
        times = card.times_carried
        parts.append(
            f"结转自 {card.carried_from}，第 {times} 次"
            if zh
            else f"carried from {card.carried_from}, time {times}"
        )
    return " · ".join(parts)
