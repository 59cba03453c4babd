"""`medlint fix`: apply what can be applied without anybody's word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from medlint.api import Linters
from medlint.commands.common import options_from
from medlint.commands.drafts import Asked, find, lint
from medlint.commands.options import drafts_argument, fail_on_option, run_options
from medlint.findings import RewriteKind

if TYPE_CHECKING:
    from medlint.findings import Report


@click.command(name="fix")
@drafts_argument
@click.option("--diff", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--unsafe", is_flag=True, help="Apply rewrites too that change the meaning.")
@fail_on_option("Exit with 1 if findings of this severity are left.")
@run_options
def command(paths: tuple[str, ...], **values: Any) -> int:
    """Fix drafts: files, folders, or standard input (-), whose fixed text is printed.

    Without a PATH, the current folder. Then report what is left: exits with 1 if findings at or
    above --fail-on are, with --diff if there is something to change, and with 2 if something could
    not be checked or written.
    """
    linters = Linters(options_from(values))
    asked = Asked({**values, "fix": not values["diff"]})
    code, result = lint(find(paths, linters, asked), linters, asked)
    if not asked.quiet and not asked.diff:
        for hint in _hints(result.report, unsafe=asked.unsafe):
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
