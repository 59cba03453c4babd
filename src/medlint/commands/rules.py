"""`medlint rules`: list the rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from medlint.api import Linters
from medlint.commands.common import options_from, width, write
from medlint.commands.options import rule_options
from medlint.reporters import catalogue


@click.command(name="rules")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text")
@rule_options
def command(form: str, **values: Any) -> int:
    """List the rules that hold in this folder, with their severity.

    A star marks a severity that depends on the product status.
    """
    here = Path.cwd()
    linter = Linters(options_from(values)).linter_for(here)
    settings = linter.settings(here / "draft.md")
    chosen = [
        rule
        for rule in linter.ruleset.rules
        if not settings.select or settings.is_on(rule) or not rule.enabled
    ]
    if form == "json":
        write(json.dumps(catalogue.plain(chosen), ensure_ascii=False, indent=2) + "\n", utf8=True)
    else:
        write(catalogue.table(chosen, width()))
    return 0
