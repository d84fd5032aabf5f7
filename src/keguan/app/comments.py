"""The use case 'comment': what people think of a report, kept in the workspace and shown apart from evidence."""

from __future__ import annotations

import json
from difflib import get_close_matches

from keguan import registry
from keguan.app.writing import write_whole
from keguan.core.errors import UsageError, Where, WorkspaceError
from keguan.core.text import Text, same
from keguan.report.document import Comment
from keguan.store import lock
from keguan.store.workspace import Store

FILE = "comments.json"
MOST = 200  # comments of a workspace
LONGEST = 4_000  # characters of one
LONGEST_NAME = 100
LOCK_SECONDS = 60.0


def kept(store: Store) -> tuple[Comment, ...]:
    """The comments of a workspace in the order they were made. WorkspaceError when their file is damaged."""
    path = store.folder / FILE
    if not path.exists():
        return ()
    try:
        return tuple(Comment.of(item) for item in json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WorkspaceError(
            Text("意见文件读不了", "The file of comments cannot be read"),
            Where(file=FILE),
            found=str(error)[:200],
            do=Text("改正或移走这个文件后重试", "correct the file or move it away, then try again"),
        ) from None


def add(store: Store, comment: Comment) -> tuple[Comment, ...]:
    """Keeps one more; gives all. UsageError for an empty, too long, undecodable or surplus comment, and for one about
    no analysis; WorkspaceError while an import is running."""
    _check(comment)
    with lock.held(store.folder, LOCK_SECONDS):
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
    with lock.held(store.folder, LOCK_SECONDS):
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


def _check(comment: Comment) -> None:
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
    for option, given in (("TEXT", text), ("--author", author)):
        if not _is_text(given):
            raise UsageError(
                Text("意见里有无法解码的字符", "The comment holds bytes that are no characters"),
                Where(setting=option),
                found=given[:40],
                allowed=Text("UTF-8 文字", "text in UTF-8"),
                do=Text("检查终端的编码后重试", "check the encoding of the terminal and try again"),
            )
    if comment.about is not None and comment.about not in registry.names():
        near = get_close_matches(comment.about, registry.names(), n=1)
        raise UsageError(
            Text("没有这项分析", "There is no such analysis"),
            Where(setting="--about"),
            found=comment.about,
            allowed=same(", ".join(registry.names())),
            do=Text(f"改为 {near[0]}", f"write {near[0]} instead") if near else None,
        )


def _is_text(given: str) -> bool:
    try:
        given.encode()
    except UnicodeEncodeError:
        return False
    return True


def _put(store: Store, comments: tuple[Comment, ...]) -> None:
    listing = [item.json() for item in comments]
    write_whole(store.folder / FILE, json.dumps(listing, ensure_ascii=False, indent=1).encode())
