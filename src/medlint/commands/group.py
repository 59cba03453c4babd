"""The commands as click knows them, and how a command line is given to it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from medlint import __version__
from medlint.commands import COMMANDS, DEFAULT

if TYPE_CHECKING:
    from collections.abc import Sequence


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


def run(arguments: Sequence[str] | None) -> int:
    """Run a command line and return its exit code; what is wrong with it is said.

    Raises:
        KeyboardInterrupt: the user has stopped it.
    """
    try:
        code: Any = cli.main(
            args=None if arguments is None else list(arguments),
            prog_name="medlint",
            standalone_mode=False,
        )
    except click.Abort as error:
        raise KeyboardInterrupt from error
    except click.ClickException as error:
        error.show()
        return 2
    return code if isinstance(code, int) else 0
