"""The command line: finds the command, and turns what went wrong into an exit code.

Exit 0: nothing at or above --fail-on. 1: findings. 2: something could not be read, parsed or run;
2 beats 1. 130: stopped by Ctrl-C.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import click

from medlint import __version__
from medlint.errors import MedlintError

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT = "check"
INTERRUPTED = 130

# One file each in medlint.commands, imported when it is asked for.
COMMANDS = {
    "check": "Lint drafts (the default command).",
    "fix": "Apply the fixes that need nobody's word.",
    "review": "Walk through a draft's findings in the terminal.",
    "disclose": "Print disclosures to fill in.",
    "rules": "List the rules.",
    "explain": "Explain a rule, or what a sentence means to medlint.",
    "test": "Run the examples of rule files.",
    "eval": "Measure the rules on a labelled corpus.",
    "init": "Write a commented .medlint.yaml.",
    "serve": "Open the review page in a browser, on this machine alone.",
}


class Commands(click.Group):
    """A group that imports its commands late and takes `check` where none is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Return the commands in the order of the help page."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"medlint.commands.{cmd_name}").command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `check` before arguments that name no command."""
        own = {"--help", "-h", "--version"}
        if not args or (args[0] not in COMMANDS and args[0] not in own):
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Not legal advice; no findings is not compliance.",
)
@click.version_option(__version__, message="medlint %(version)s")
def cli() -> None:
    """Lint marketing copy about health: promises, implied cures, missing risks.

    `medlint draft.md` is `medlint check draft.md`; without a path, the current folder is checked.
    `medlint check --help` lists the options.
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code."""
    try:
        return _run(arguments)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
    except MedlintError as error:
        for line in str(error).splitlines():
            _say(line)
    except OSError as error:
        _say(f"{error.filename or 'standard output'}: {error.strerror or error}")
    except Exception as error:
        if os.environ.get("MEDLINT_TRACEBACK"):
            raise
        _say(f"failed ({type(error).__name__}: {error}); please report it, with what is printed"
             " where MEDLINT_TRACEBACK=1 is set")  # fmt: skip
    return 2


def _run(arguments: Sequence[str] | None) -> int:
    try:
        os.getcwd()  # noqa: PTH109  all that is wanted is whether there is one
    except OSError as error:
        message = f"the current folder cannot be used ({error.strerror}); change to another one"
        raise MedlintError(message) from error
    code: Any = cli.main(
        args=None if arguments is None else list(arguments),
        prog_name="medlint",
        standalone_mode=False,
    )
    return code if isinstance(code, int) else 0


def _say(text: str) -> None:
    from medlint.reporters import one_line  # noqa: PLC0415  few runs fail

    click.echo(f"medlint: {one_line(text)}", err=True)


def main() -> NoReturn:
    """Run the command line of this process."""
    # What a run makes mostly lives to its end: looking for garbage every 700 objects, Python's way,
    # would take a fifth of a short run.
    gc.set_threshold(1_000_000)
    if sys.stderr is None:
        # Closed (2>&-): nobody wants to know.
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    code = run()
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        # The reader went away; Python would complain again when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        # What is printed without a report: help, say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _say(f"standard output: cannot be written: {error.strerror}")
        code = 2
    if sys.getprofile() is None and sys.gettrace() is None and "multiprocessing" not in sys.modules:
        # Nothing waits for the end: taking the memory apart would be a tenth of a short run.
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
