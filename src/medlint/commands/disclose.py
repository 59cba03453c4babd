"""`medlint disclose`: print disclosures to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from medlint import loader
from medlint.api import Linters, chosen_rulesets
from medlint.commands.common import options_from, split, write
from medlint.commands.options import config_options
from medlint.config import nearest
from medlint.disclosures import sheets
from medlint.findings import Product
from medlint.reporters import disclosures
from medlint.rulefiles import Disclosure

_KINDS = tuple(kind.value for kind in Disclosure)
_PRODUCTS = tuple(product.value for product in Product if product is not Product.AUTO)


@click.command(name="disclose")
@click.option(
    "--product", type=click.Choice(_PRODUCTS), help="Regulatory status of what the page promotes."
)
@click.option(
    "--ruleset",
    "rulesets",
    multiple=True,
    metavar="NAME[,NAME]",
    help="Jurisdictions to use instead of the configured ones: shipped names, or folders.",
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    metavar="KIND[,KIND]",
    help=f"Print only these: {', '.join(_KINDS)}.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(disclosures.FORMATS),
    default="markdown",
    show_default=True,
)
@config_options
def command(kinds: tuple[str, ...], form: str, **values: Any) -> int:
    """Print disclosures to fill in: risks, status, evidence, typical results, who is paid.

    What a product owes depends on its status and on the jurisdiction; both may come from the
    configuration. The wording is a start: each statement must be true of the product.
    """
    options = options_from(values)
    linter = Linters(options).linter_for(Path.cwd())
    product = linter.settings(Path.cwd() / "page.md").product
    if product is Product.AUTO:
        known = ", ".join(_PRODUCTS)
        message = f"Say what the page promotes, with --product or in the configuration: {known}."
        raise click.UsageError(message)
    names, base = chosen_rulesets(linter.config, options)
    found = sheets(loader.gather(names, base), product, _kinds(kinds))
    if not any(sheet.blocks for sheet in found):
        shown = ", ".join(names)
        message = f"There are no such disclosures in {shown}; `--ruleset us` has all kinds."
        raise click.UsageError(message)
    write(disclosures.render(found, form), utf8=form == "html")
    return 0


def _kinds(given: tuple[str, ...]) -> tuple[Disclosure, ...]:
    names = split(given)
    for name in names:
        if name not in _KINDS:
            hint = nearest(name, _KINDS) or f"; there are {', '.join(_KINDS)}"
            message = f"There is no kind “{name}”{hint}"
            raise click.UsageError(message)
    return tuple(kind for kind in Disclosure if kind.value in names)
