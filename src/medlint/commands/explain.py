"""`medlint explain`: a rule in full, or what a sentence means to medlint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from medlint.api import Linters
from medlint.commands.common import options_from, width, write
from medlint.commands.options import rule_options
from medlint.config import nearest
from medlint.findings import Category
from medlint.reporters import catalogue

if TYPE_CHECKING:
    from medlint.api import Linter


@click.command(name="explain")
@click.argument("rule", required=False)
@click.option("--text", help="Show what this text means: clauses, concepts, matches, guards.")
@rule_options
def command(rule: str | None, text: str | None, **values: Any) -> int:
    """Explain a RULE: what it flags, why, the law behind it, examples, wording to use instead.

    With a category, list its rules. With --text, show what a sentence means to medlint and which
    guard, cue or tier silenced which rule.
    """
    if (rule is None) == (text is None):
        message = "Name a rule or category, or give --text; `medlint rules` lists the rules."
        raise click.UsageError(message)
    linter = Linters(options_from(values)).linter_for(Path.cwd())
    if text is not None:
        from medlint.trace import explain_text  # noqa: PLC0415  explaining a rule needs none of it

        settings = linter.settings(Path.cwd() / "text.md")
        write(explain_text(text, linter.ruleset, settings))
    else:
        write(_explained(linter, rule or ""))
    return 0


def _explained(linter: Linter, name: str) -> str:
    rule = catalogue.find(linter.ruleset, name)
    if rule is not None:
        return catalogue.page(rule)
    in_category = [rule for rule in linter.ruleset.rules if rule.category.value == name.lower()]
    if in_category:
        return catalogue.table(in_category, width())
    known = [rule.id for rule in linter.ruleset.rules] + [category.value for category in Category]
    message = f"There is no rule or category “{name}”{nearest(name, known)}."
    raise click.UsageError(message.replace("?.", "?"))
