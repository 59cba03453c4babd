"""The command lines that are most written, read without click, which takes a while to import.

`medlint draft.md` needs no parser of options. Whatever is not certain to mean the same to click,
and be free of errors, is left to it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from medlint.commands import COMMANDS, DEFAULT

if TYPE_CHECKING:
    from collections.abc import Sequence

_FLAGS = {
    "--no-config": "no_config",
    "--no-cache": "no_cache",
    "--force-exclude": "force_exclude",
    "--quiet": "quiet",
    "-q": "quiet",
}
_CHOICES = {
    "--format": ("form", frozenset("text json sarif github html".split())),
    "--color": ("color", frozenset("auto always never".split())),
    "--fail-on": ("fail_on", frozenset("error warning suggestion".split())),
}
_LISTS = {
    "--ruleset": "rulesets",
    "--select": "select",
    "--ignore": "ignore",
    "--exclude": "exclude",
}
# The environment's word on an option; click knows more ways to say it.
_SWITCHES = {"": False, "0": False, "1": True}
# On Windows no shell expands patterns and variables in paths; click does.
_ON_WINDOWS = os.name == "nt"
_SPECIAL_ON_WINDOWS = frozenset("*?[]~$%")


def values(arguments: Sequence[str]) -> dict[str, Any] | None:
    """Return what a command line says to `medlint check`, by the options' names, as click would.

    Beside the options there is `paths`. None: click has to read it.
    """
    no_cache = _SWITCHES.get(os.environ.get("MEDLINT_NO_CACHE", ""))
    if no_cache is None or "_MEDLINT_COMPLETE" in os.environ:
        return None
    if _ON_WINDOWS and not _SPECIAL_ON_WINDOWS.isdisjoint("".join(arguments)):
        return None
    if arguments and arguments[0] in COMMANDS:
        if arguments[0] != DEFAULT:
            return None
        arguments = arguments[1:]
    given = _nothing_said() | {"no_cache": no_cache}
    paths: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        if argument == "-" or not argument.startswith("-"):
            paths.append(argument)
        elif argument in _FLAGS:
            given[_FLAGS[argument]] = True
        else:
            name, has_value, value = argument.partition("=")
            if not _take(given, name, value if has_value else next(rest, "")):
                return None
    return given | {"paths": tuple(paths)}


def _take(given: dict[str, Any], name: str, value: str) -> bool:
    """Take an option with a value; tell whether it is known and holds."""
    if name in _CHOICES:
        option, choices = _CHOICES[name]
        given[option] = value
        return value in choices
    if name not in _LISTS or not value or value.startswith("-"):
        return False
    given[_LISTS[name]] += (value,)
    return True


def _nothing_said() -> dict[str, Any]:
    """Return what the options are where a command line does not name them."""
    given: dict[str, Any] = dict.fromkeys(_FLAGS.values(), False)
    given |= dict.fromkeys(_LISTS.values(), ())
    given |= {"form": "text", "color": "auto", "fail_on": None, "product": None, "config": None}
    given |= {"output": None, "audit": None, "today": None, "stdin_filename": None, "jobs": 0}
    return given | {"fix": False, "diff": False}
