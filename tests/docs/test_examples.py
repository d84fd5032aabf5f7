"""Examples marked for running are run, page by page, in a folder with the files that they name.

```csv file NAME    is written as that file (toml likewise)
```sh run           `keguan` commands, one a line; `# exit N` behind one that must end so
```sh               commands that would take long: only read as the command line reads them
```text output      what the commands just before printed; … stands for any characters of a line
```python run       is executed; later blocks of a page see what earlier ones made
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.pages import ROOT, Block, blocks, markdown
from docs.test_commands import COMMANDS, command_line
from keguan.demo import write_shop

RUNNABLE = ("sh run", "python run")
PAGES = [path for path in markdown() if any(block.info in RUNNABLE for block in blocks(path))]
ORDERS, CUSTOMERS = ("订单导出.csv", "orders.csv"), ("客户资料.xlsx", "customers.xlsx")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exports that examples speak of, of a small shop."""
    folder = tmp_path_factory.mktemp("exports")
    made = write_shop(folder / "made", scale=0.01)
    for names, file in ((ORDERS, made.orders), (CUSTOMERS, made.customers)):
        for name in names:
            shutil.copyfile(file, folder / name)
    return folder


@pytest.fixture
def place(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which a page's examples run, without settings of the tester."""
    for name in (*ORDERS, *CUSTOMERS):
        shutil.copyfile(shop / name, tmp_path / name)
    for variable in ("KEGUAN_LANGUAGE", "KEGUAN_WORKSPACE", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_examples_of_a_page_run(page: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names: dict[str, object] = {}
    printed = ""
    for block in blocks(page):
        _, _, name = block.info.partition(" file ")
        if name:
            (place / name).write_text(block.text, "utf-8")
        elif block.info == "sh run":
            printed = run_commands(block, monkeypatch)
        elif block.info == "text output":
            absent = [line for line in block.lines if line.strip() and not holds(printed, line)]
            assert not absent, f"{block.place}: not printed: {absent}\n{printed}"
        elif block.info == "python run":
            run_python(block, names)


def test_every_command_but_the_demo_is_run_by_an_example() -> None:
    run = [line for page in PAGES for block in blocks(page) if block.info == "sh run" for line in block.lines]
    unused = {name for name in COMMANDS if not any(f"{line} ".startswith(f"{name} ") for line in run)}
    assert unused == {"keguan demo"}


@pytest.mark.parametrize("page", markdown(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_other_commands_are_well_formed(page: Path) -> None:
    for block in blocks(page):
        if block.info in ("", "sh"):
            for line in block.lines:
                if line.startswith("keguan "):
                    read_only(shlex.split(line.partition(" #")[0])[1:], block.place)


def read_only(words: list[str], place: str) -> None:
    """Reads the words as the command line does, without running anything; fails on unknown names."""
    group = command_line()
    while hasattr(group, "commands"):
        assert words, f"{place}: no command"
        assert words[0] in group.commands, f"{place}: {words[0]}"
        group, words = group.commands[words[0]], words[1:]
    group.make_context(place, list(words))  # raises for unknown options and missing arguments


def run_commands(block: Block, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the commands print, errors included; each must end with the code that the page says."""
    printed = io.StringIO()
    for line in block.lines:
        command, _, comment = line.partition(" #")
        words = shlex.split(command)
        if not words:
            continue
        assert words[0] == "keguan", f"{block.place}: only keguan is run: {line}"
        told = re.search(r"exit (\d+)", comment)
        monkeypatch.setattr(sys, "argv", words)
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            code = ended()
        assert code == (int(told[1]) if told else 0), f"{block.place}: {line}\n{printed.getvalue()}"
    return printed.getvalue()


def ended() -> int:
    """The exit code of the command line with sys.argv."""
    from keguan.cli.main import run

    try:
        run()
    except SystemExit as exit:
        return int(exit.code or 0)
    return 0


def run_python(block: Block, names: dict[str, object]) -> None:
    sys.modules["__example__"] = module = type(sys)("__example__")  # dataclasses look their module up
    names["__name__"] = module.__name__
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(block.text, block.place, "exec"), names)


def holds(printed: str, line: str) -> bool:
    """Whether what was printed holds the line."""
    pattern = ".*".join(map(re.escape, line.strip().split("…")))
    return re.search(pattern, printed) is not None


@pytest.fixture(autouse=True)
def language_of_the_process() -> Iterator[None]:
    """The command line settles the language once a process; other tests must not inherit it."""
    from keguan.cli import language

    before = list(language._chosen)
    language._chosen.clear()
    yield
    language._chosen[:] = before
