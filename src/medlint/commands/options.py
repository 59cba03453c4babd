"""The options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from medlint.findings import Product, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

_Function = TypeVar("_Function", bound="Callable[..., Any]")


def _all(*options: Callable[[_Function], _Function]) -> Callable[[_Function], _Function]:
    """Return a decorator that adds options in the order that the help page is to show."""

    def add(function: _Function) -> _Function:
        for option in reversed(options):
            function = option(function)
        return function

    return add


config_options = _all(
    click.option(
        "--config",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Use this configuration file instead of the nearest one.",
    ),
    click.option("--no-config", is_flag=True, help="Read no configuration file."),
)

# Which rules hold, and under which configuration.
rule_options = _all(
    click.option(
        "--ruleset",
        "rulesets",
        multiple=True,
        metavar="NAME[,NAME]",
        help="Rulesets to use instead of the configured ones: shipped names, or folders.",
    ),
    click.option(
        "--product",
        type=click.Choice([product.value for product in Product]),
        help="Regulatory status of what the drafts promote.",
    ),
    click.option(
        "--select",
        multiple=True,
        metavar="ID[,ID]",
        help="Use only these rules or categories.",
    ),
    click.option(
        "--ignore", multiple=True, metavar="ID[,ID]", help="Leave out rules or categories."
    ),
    config_options,
)

drafts_argument = click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATH]...")
_excludes = _all(
    click.option(
        "--exclude",
        multiple=True,
        metavar="GLOB",
        help="Leave these out of folders; as in .gitignore.",
    ),
    click.option("--force-exclude", is_flag=True, help="Leave them out even where named outright."),
)
_color = click.option("--color", type=click.Choice(("auto", "always", "never")), default="auto")


def fail_on_option(text: str) -> Callable[[_Function], _Function]:
    """Return the option for the least severity that fails a run; `text` is its help."""
    choice = click.Choice([severity.value for severity in Severity])
    return click.option("--fail-on", type=choice, help=f"{text}  [default: warning]")


# What a walk through drafts needs, one after another.
walk_options = _all(rule_options, _excludes, _color)

# What a run over drafts needs.
run_options = _all(
    rule_options,
    click.option("--stdin-filename", metavar="PATH", help="What to take standard input (-) for."),
    _excludes,
    click.option("-q", "--quiet", is_flag=True, help="Print findings only."),
    _color,
    click.option(
        "-j",
        "--jobs",
        type=click.IntRange(min=0),
        default=0,
        help="Processes; 0 chooses.  [default: 0]",
    ),
)
