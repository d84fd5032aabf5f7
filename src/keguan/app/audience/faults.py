"""What stands in the way of an audience, and what its maker must know, in words."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.errors import InputError, UsageError, Where
from keguan.core.text import Language, Text
from keguan.marts.audiences import Channel
from keguan.schema.vocabulary import shown

KEY_NAMES = {
    "phone": Text("手机号", "phone numbers"),
    "email": Text("邮箱", "e-mail addresses"),
    "wechat": Text("微信号", "WeChat ids"),
}


def reasons_in(excluded: Mapping[str, int], language: Language) -> str:
    """'reason n, reason n' in words."""
    comma = "，" if language == "zh" else ", "
    return comma.join(
        f"{shown(name, 'audience_reason', language)} {count:,}" for name, count in excluded.items() if count
    )


def no_address(channel: Channel, excluded: Mapping[str, int]) -> InputError:
    """Nobody of the segment can be reached on the channel."""
    names = KEY_NAMES[channel.key_type]
    hashed = excluded.get("unusable_address", 0)
    return InputError(
        Text(f"分群里没有可用的{names.zh}", f"The segment has no usable {names.en}"),
        Where(setting="--channel"),
        found=f"{channel.name}: {sum(excluded.values()) - hashed - excluded.get('no_address', 0):,} / {sum(excluded.values()):,}",
        do=Text(
            f"导入未加密、未打码的{names.zh}（现在的是摘要或打了码），或换一个渠道"
            if hashed
            else f"导入带{names.zh}的客户表，或换一个渠道",
            f"import {names.en} that are neither hashed nor masked, or choose another channel"
            if hashed
            else f"import customers with their {names.en}, or choose another channel",
        ),
    )


def nobody_left(excluded: Mapping[str, int]) -> InputError:
    """Everybody is left out for one reason or another, or the segment is empty."""
    return InputError(
        Text(
            f"人群是空的：{reasons_in(excluded, 'zh') or '分群里没有客户'}",
            f"The audience is empty: {reasons_in(excluded, 'en') or 'the segment has no customers'}",
        ),
        Where(setting="SEGMENT"),
        do=Text(
            "换一个分群或渠道，或放宽触达上限", "choose another segment or channel, or raise the contact cap"
        ),
    )


def too_few(n: int, held: int) -> UsageError:
    """An audience that cannot be split as asked."""
    return UsageError(
        Text("人群太小，不能按要求留出", "The audience is too small for the holdout"),
        Where(setting="--holdout"),
        found=f"{held:,} / {n:,}",
        allowed=Text("至少留出 1 人、触达 1 人", "at least one held out and one contacted"),
        do=Text("换一个更大的分群，或写 --holdout none", "choose a larger segment, or --holdout none"),
    )


def no_base(metric: str) -> InputError:
    """Nothing tells how the segment does without the campaign."""
    return InputError(
        Text(
            "数据里没有这个分群以往的表现，无法按统计功效决定留出多少",
            "Nothing tells how the segment did before: power cannot size the holdout",
        ),
        Where(setting="--holdout"),
        found=metric,
        do=Text(
            "写出百分比，如 --holdout 20%，或用 --mde 给出差异",
            "give a percentage such as --holdout 20%, or a difference with --mde",
        ),
    )


def taken(name: str, why: Text) -> UsageError:
    """A campaign that an audience cannot be made for."""
    return UsageError(
        Text(f"这个活动不能再定人群：{why.zh}", f"No audience can be made for this campaign: {why.en}"),
        Where(setting="--campaign"),
        found=name,
        do=Text(
            "换一个活动名称；名单一经冻结不再改动", "give another campaign; a frozen audience never changes"
        ),
    )


def too_many_strata(n: int, most: int) -> UsageError:
    """Strata that are hardly larger than one customer."""
    return UsageError(
        Text("分层太细", "There are too many strata"),
        Where(setting="--stratify"),
        found=f"{n:,}",
        allowed=Text(f"至多 {most:,} 层", f"at most {most:,}"),
        do=Text("少用几列", "use fewer columns"),
    )


def unknown(audience: str, known: str) -> UsageError:
    """An id that no audience has."""
    return UsageError(
        Text("没有这个活动人群", "There is no such audience"),
        Where(setting="ID"),
        found=audience,
        allowed=Text(known or "还没有", known or "none yet"),
        do=Text("用 keguan audience list 查看", "see keguan audience list"),
    )


NO_CONTROL = Text("没有留出组：之后无法归因", "nobody is held out: no effect can be attributed later")
TOO_SMALL = Text(
    "人群太小，计划的差异多半检不出；能检出的最小差异见记录",
    "the audience is too small for the planned difference; the smallest that it can show stands in the record",
)


def universal_stays(n: int) -> Text:
    """The universal control group is drawn once."""
    return Text(
        f"全局对照组早已抽定，{n:,} 人，保持不变",
        f"the universal control group was drawn before and stays: {n:,} customers",
    )


def universal_drawn(n: int) -> Text:
    """The universal control group was drawn for this audience."""
    return Text(
        f"抽定全局对照组 {n:,} 人，从此不进任何人群",
        f"a universal control group of {n:,} customers is drawn; from now on they join no audience",
    )
