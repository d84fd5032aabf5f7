"""docs/commands.md: every command, argument, option and exit code of the command line, in both languages."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from docs.pages import DOCS, code_words, halves, sections
from keguan.core import errors
from keguan.report.recipe import recipes

PAGE = DOCS / "commands.md"


def commands(group: Any, before: str) -> Iterator[tuple[str, Any]]:
    """('keguan export segment', command) for every command that does something."""
    for name, command in group.commands.items():
        path = f"{before} {name}"
        if hasattr(command, "commands"):
            yield from commands(command, path)
        else:
            yield path, command


def command_line() -> Any:
    importlib.import_module("keguan.cli.commands")  # registers them
    from keguan.cli.app import app

    return typer.main.get_command(app)


COMMANDS = dict(commands(command_line(), "keguan"))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_argument_and_option_has_its_place(command: str) -> None:
    wanted = set()
    for parameter in COMMANDS[command].params:
        if parameter.param_type_name == "argument":
            wanted.add(parameter.name)
        elif parameter.name != "help":
            wanted.update([*parameter.opts, *parameter.secondary_opts])
    for half in halves(PAGE):
        found = sections(half)
        assert command in found, f"no section '## {command}'"
        missing = wanted - code_words(found[command])
        assert not missing, f"{command}: {sorted(missing)}"


@pytest.mark.parametrize("page", ["commands.md", "reports.md"])
def test_every_recipe_is_named(page: str) -> None:
    for half in halves(DOCS / page):
        named = code_words(sections(half)["keguan report"] if page == "commands.md" else half)
        assert set(recipes()) <= named, sorted(set(recipes()) - named)


def test_no_section_is_about_a_command_or_an_option_that_does_not_exist() -> None:
    for half in halves(PAGE):
        found = sections(half)
        assert set(found) == set(COMMANDS)
        for command, text in found.items():
            known = {name for item in COMMANDS[command].params for name in (*item.opts, *item.secondary_opts)}
            rows = [line for line in text.splitlines() if line.startswith("| `-")]
            named = {word for row in rows for word in code_words(row.split(" | ")[0]) if word.startswith("-")}
            assert named <= known, f"{command}: {sorted(named - known)}"


def test_options_of_the_whole_program_are_named() -> None:
    wanted = {name for item in command_line().params for name in item.opts}
    for half in halves(PAGE):
        assert all(f"keguan {name}" in half for name in wanted)


def test_defaults_are_those_of_the_code() -> None:
    """A default that a page names after 'default' or 「默认」 is the real one."""
    report = {item.name: item.default for item in COMMANDS["keguan report"].params}
    imports = {item.name: item.default for item in COMMANDS["keguan import"].params}
    demo = {item.name: item.default for item in COMMANDS["keguan demo"].params}
    for half in halves(PAGE):
        found = sections(half)
        assert f"`{report['recipe']}`" in found["keguan report"]
        assert f"`{imports['source']}`" in found["keguan import"]
        assert f"`{demo['folder']}`" in found["keguan demo"]


def test_every_exit_code_is_explained() -> None:
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.KeguanError)
    ]
    codes = {str(kind.__dataclass_fields__["exit_code"].default) for kind in kinds} | {"0", "130"}
    for half in halves(PAGE):
        explained = {
            line.split("`")[1] for line in half.splitlines() if line.startswith("| `") and "` |" in line
        }
        assert codes <= explained
