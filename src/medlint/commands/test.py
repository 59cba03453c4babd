"""`medlint test`: run the examples of rule files."""

from __future__ import annotations

from pathlib import Path

import click

from medlint import loader
from medlint.commands.common import write
from medlint.errors import MedlintError
from medlint.reporters import counted
from medlint.testing import Kind, Outcome, check_paths


@click.command(name="test")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--strict", is_flag=True, help="What is missing is an error too.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
def command(paths: tuple[Path, ...], *, strict: bool, quiet: bool) -> int:
    """Run the examples in rule files: what is flagged must match, what is allowed stay silent.

    PATH is a ruleset's folder, a file in one, a folder of rulesets, or a rule file of its own.
    Exits with 1 if an example fails or a shipped rule lacks a part, with 2 if a file cannot be
    loaded. Also told are parts that other rules lack and phrases that no example exercises.
    """
    if not paths:
        message = "Name a ruleset's folder or a rule file."
        raise click.UsageError(message)
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        message = f"{', '.join(missing)}: there is no such file or folder"
        raise MedlintError(message)
    errors = {Kind.MISMATCH}
    if all(map(_is_shipped, paths)):
        errors.add(Kind.LACKING)
    if strict:
        errors.update(Kind)
    outcome = check_paths(paths)
    for error in outcome.errors:
        click.echo(f"medlint: {error}", err=True)
    lines = [
        f"{problem}{'' if problem.kind in errors else '  (note)'}"
        for problem in outcome.problems
        if problem.kind in errors or not quiet
    ]
    if not quiet:
        lines.append(_summary(outcome))
    write("".join(f"{line}\n" for line in lines))
    if outcome.errors:
        return 2
    return int(any(problem.kind in errors for problem in outcome.problems))


def _is_shipped(path: Path) -> bool:
    return path.resolve().is_relative_to(loader.shipped_folder().resolve())


def _summary(outcome: Outcome) -> str:
    return (
        f"{counted(outcome.examples, 'example')} of {counted(outcome.rules, 'rule')}: "
        f"{outcome.count(Kind.MISMATCH)} failed. "
        f"{counted(outcome.count(Kind.LACKING), 'part')} missing; "
        f"{counted(outcome.count(Kind.UNEXERCISED), 'phrase')} without an example."
    )
