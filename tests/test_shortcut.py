"""Command lines that are read without click mean to it what they mean to the shortcut."""

from __future__ import annotations

from typing import Any

import pytest

from medlint.commands import COMMANDS, DEFAULT, shortcut
from medlint.commands.check import command
from medlint.findings import Severity
from medlint.reporters import FORMATS

READ = [
    "",
    "draft.md",
    "check draft.md",
    "draft.md posts other.html",
    "-",
    "draft.md --no-config --no-cache -q",
    "--quiet --force-exclude draft.md",
    "draft.md --format json",
    "--format=sarif --color=never draft.md",
    "--format json --format github draft.md",
    "--fail-on error draft.md",
    "--ruleset us,uk --ruleset own draft.md --select hype --ignore=promise,cure",
    "--exclude *.txt posts --exclude old",
    "check check",
]
LEFT_TO_CLICK = [
    "--help",
    "check --help",
    "draft.md -h",
    "--version",
    "rules",
    "fix draft.md",
    "draft.md --fix",
    "draft.md --output report.json",
    "draft.md --product approved",
    "-- -draft.md",
    "-qj2 draft.md",
    "--quiet=1 draft.md",
    "--form json draft.md",
    "draft.md --format",
    "draft.md --format xml",
    "draft.md --format docx",
    "--color pink",
    "--fail-on never",
    "draft.md --ruleset",
    "draft.md --ruleset=",
    "--ruleset --no-config",
    "--unknown",
]


def by_click(line: str) -> dict[str, Any]:
    """Return what click makes of a command line."""
    arguments = line.split()
    if arguments[:1] == [DEFAULT]:
        del arguments[0]
    return command.make_context("check", arguments).params


@pytest.mark.parametrize("line", READ)
def test_a_plain_command_line_means_what_it_means_to_click(line: str) -> None:
    """Paths, options and the values of those that are not given are the same."""
    assert shortcut.values(line.split()) == by_click(line)


@pytest.mark.parametrize("line", LEFT_TO_CLICK)
def test_the_rest_is_left_to_click(line: str) -> None:
    """Other commands, other options and mistakes are click's business."""
    assert shortcut.values(line.split()) is None


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {DEFAULT}))
def test_no_command_is_taken_for_a_path(name: str) -> None:
    """A command's name in the first place is the command."""
    assert shortcut.values([name]) is None
    assert shortcut.values(["draft.md", name]) == by_click(f"draft.md {name}")


@pytest.mark.parametrize("value", ["", "0", "1"])
def test_the_environment_means_what_it_means_to_click(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """A plain word of the environment on an option is heard."""
    monkeypatch.setenv("MEDLINT_NO_CACHE", value)
    given = shortcut.values(["draft.md"])
    assert given == by_click("draft.md")
    assert given["no_cache"] is (value == "1")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MEDLINT_NO_CACHE", "true"),
        ("MEDLINT_NO_CACHE", "off"),
        ("MEDLINT_NO_CACHE", "perhaps"),
        ("_MEDLINT_COMPLETE", "bash_source"),
    ],
)
def test_other_words_of_the_environment_are_left_to_click(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """Completion and other ways to say yes or no need click."""
    monkeypatch.setenv(name, value)
    assert shortcut.values(["draft.md"]) is None


def test_the_environment_is_asked_by_every_name_that_click_asks() -> None:
    """An option that gets a variable of its own must be named in the shortcut."""
    assert {each.envvar for each in command.params if each.envvar} == {"MEDLINT_NO_CACHE"}


@pytest.mark.parametrize("path", ["*.md", "~/draft.md", "$DRAFT", "%DRAFT%", "draft?.md"])
def test_on_windows_patterns_are_left_to_click(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """There no shell has expanded them."""
    monkeypatch.setattr(shortcut, "_ON_WINDOWS", False)
    assert shortcut.values([path]) == by_click(path)
    monkeypatch.setattr(shortcut, "_ON_WINDOWS", True)
    assert shortcut.values([path]) is None


def test_all_choices_are_known() -> None:
    """A format or severity that is added is read here too."""
    for line in (
        *(f"--format {form}" for form in FORMATS),
        *(f"--fail-on {severity}" for severity in Severity),
    ):
        assert shortcut.values(line.split()) == by_click(line)
