"""`medlint check`: lint drafts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from medlint.commands.linting import check
from medlint.commands.options import drafts_argument, fail_on_option, run_options
from medlint.reporters import DOCUMENT_FORMATS, FORMATS


@click.command(name="check")
@drafts_argument
@click.option(
    "--format",
    "form",
    type=click.Choice((*FORMATS, *DOCUMENT_FORMATS)),
    default="text",
    show_default=True,
)
@click.option("--output", type=click.Path(path_type=Path), help="Write the report to this file.")
@fail_on_option("Exit with 1 from this severity on.")
@run_options
@click.option(
    "--no-cache",
    is_flag=True,
    envvar="MEDLINT_NO_CACHE",
    help="Check every draft, also those that have not changed.",
)
@click.option("--fix", is_flag=True, help="Apply the fixes that cannot change what is claimed.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option(
    "--audit",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Append a record of the run to this file, as a line of JSON.",
)
@click.option(
    "--today", metavar="DATE", help="Judge approved claims as of this day.  [default: today]"
)
def command(paths: tuple[str, ...], **values: Any) -> int:
    """Lint drafts: files, folders, or standard input (-).

    Without a PATH, the current folder. Exits with 1 if there are findings at or above --fail-on,
    with 2 if something could not be checked.
    """
    return check(paths, values)
