"""The command line: runs the command, and turns what went wrong into an exit code.

Exit 0: nothing at or above --fail-on. 1: findings. 2: something could not be read, parsed or run;
2 beats 1. 130: stopped by Ctrl-C.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, NoReturn

from medlint.commands.shortcut import values
from medlint.errors import MedlintError

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = 130


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code."""
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
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
    given = values(sys.argv[1:] if arguments is None else arguments)
    if given is None:
        from medlint.commands import group  # noqa: PLC0415  brings click along

        return group.run(arguments)
    from medlint.commands.linting import check  # noqa: PLC0415  only this command needs it

    return check(given.pop("paths"), given)


def _say(text: str) -> None:
    from medlint.reporters import one_line  # noqa: PLC0415  few runs fail

    if sys.stderr is not None:
        print(f"medlint: {one_line(text)}", file=sys.stderr, flush=True)  # noqa: T201


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
