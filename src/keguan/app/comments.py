"""The use case 'comment': what people think of a report, kept in the workspace and shown apart from evidence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from keguan.app.writing import write_whole
from keguan.core.errors import UsageError, Where, WorkspaceError
from keguan.core.text import Text
from keguan.report.document import Comment
from keguan.store.workspace import Store

FILE = "comments.json"
MOST = 200  # comments of a workspace
LONGEST = 4_000  # characters of one
LONGEST_NAME = 100


def kept(store: Store) -> tuple[Comment, ...]:
    """The comments of a workspace in the order they were made. WorkspaceError when their file is damaged."""
    path = store.folder / FILE
    if not path.exists():
        return ()
    try:
        return tuple(of_json(item) for item in json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WorkspaceError(
            Text("意见文件读不了", "The file of comments cannot be read"),
            Where(file=FILE),
            found=str(error)[:200],
            do=Text("改正或移走这个文件后重试", "correct the file or move it away, then try again"),
        ) from None


def add(store: Store, comment: Comment) -> tuple[Comment, ...]:
    """Keeps one more; gives all. UsageError for an empty, too long or surplus comment."""
    text, author = comment.text.strip(), comment.author.strip()
    if not text or len(text) > LONGEST or not author or len(author) > LONGEST_NAME:
        raise UsageError(
            Text("意见或作者是空的，或太长", "The comment or its author is empty or too long"),
            found=f"--author {len(author):,}, TEXT {len(text):,}",
            allowed=Text(
                f"作者 1 至 {LONGEST_NAME} 字，意见 1 至 {LONGEST:,} 字",
                f"an author of 1 to {LONGEST_NAME} characters, a comment of 1 to {LONGEST:,}",
            ),
            do=Text("用 --author 写明是谁的意见", "say with --author whose comment it is"),
        )
    comments = (*kept(store), comment)
    if len(comments) > MOST:
        raise UsageError(
            Text("意见太多", "There are too many comments"),
            found=f"{len(comments):,}",
            allowed=Text(f"至多 {MOST} 条", f"at most {MOST}"),
            do=Text("先用 --remove 去掉旧的", "take old ones away with --remove first"),
        )
    _put(store, comments)
    return comments


def remove(store: Store, number: int) -> tuple[Comment, ...]:
    """Takes the comment of this number (from 1) away; gives the rest. UsageError when there is none."""
    comments = kept(store)
    if not 1 <= number <= len(comments):
        raise UsageError(
            Text("没有这个编号的意见", "There is no comment of this number"),
            found=str(number),
            allowed=Text(f"1 至 {len(comments)}", f"1 to {len(comments)}") if comments else None,
            do=Text(
                "不写文字运行 keguan comment，看有哪些意见",
                "run keguan comment without a text to see which there are",
            ),
        )
    left = comments[: number - 1] + comments[number:]
    _put(store, left)
    return left


def of_json(item: Mapping[str, Any]) -> Comment:
    """A comment as a manifest and the workspace keep it."""
    on = date.fromisoformat(item["on"]) if item.get("on") else None
    return Comment(str(item["author"]), str(item["text"]), on, item.get("about"))


def _put(store: Store, comments: tuple[Comment, ...]) -> None:
    listing = [
        {
            "author": item.author,
            "text": item.text,
            "on": item.on.isoformat() if item.on else None,
            "about": item.about,
        }
        for item in comments
    ]
    write_whole(store.folder / FILE, json.dumps(listing, ensure_ascii=False, indent=1).encode())
