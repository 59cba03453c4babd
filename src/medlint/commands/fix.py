"""`medlint fix`: apply what can be applied without anybody's word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from medlint.api import Linters
from medlint.commands.check import find, lint
from medlint.commands.common import options_from, rule_options
from medlint.findings import RewriteKind, Severity

if TYPE_CHECKING:
    from medlint.findings import Report


@click.command(name="fix")
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATH]...")
@click.option("--diff", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--unsafe", is_flag=True, help="Apply rewrites too that change the meaning.")
@click.option(
    "--fail-on",
    type=click.Choice([severity.value for severity in Severity]),
    help="Exit with 1 if findings of this severity are left.  [default: warning]",
)
@rule_options
@click.option("--stdin-filename", metavar="PATH", help="What to take standard input (-) for.")
@click.option(
    "--exclude", multiple=True, metavar="GLOB", help="Leave these out of folders; as in .gitignore."
)
@click.option("--force-exclude", is_flag=True, help="Leave them out even where named outright.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings only.")
@click.option("--color", type=click.Choice(("auto", "always", "never")), default="auto")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=0),
    default=0,
    help="Processes; 0 chooses.  [default: 0]",
)
def command(paths: tuple[str, ...], *, unsafe: bool, **values: Any) -> int:
    """Fix drafts: files, folders, or standard input (-), whose fixed text is printed.

    Without a PATH, the current folder. Then report what is left: exits with 1 if findings at or
    above --fail-on are, with --diff if there is something to change, and with 2 if something could
    not be checked or written.
    """
    options = options_from(values, values["fail_on"])
    linters = Linters(options)
    found = find(paths or (".",), linters, values)
    values |= {"form": "text", "output": None, "fix": not values["diff"]}
    code, result = lint(found, options, linters, values, unsafe=unsafe)
    if not values["quiet"] and not values["diff"]:
        for hint in _hints(result.report, unsafe=unsafe):
            click.echo(hint, err=True)
    return code


def _hints(report: Report, *, unsafe: bool) -> list[str]:
    """Say what else there is for the findings that are left."""
    from medlint.fixes import applies  # noqa: PLC0415  only here

    findings = [finding for file in report.files for finding in file.findings]
    more = sum(
        any(applies(rewrite, {RewriteKind.UNSAFE}) for rewrite in finding.rewrites)
        for finding in findings
    )
    hints = []
    if more and not unsafe:
        hints.append(f"--unsafe rewrites {more} more, changing what is said; read them first.")
    if findings:
        hints.append("`medlint review` walks through what is left.")
    return hints
