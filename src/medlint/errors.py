"""What can go wrong, as one small tree.

MedlintError
├── InputError        a draft could not be read, decoded or parsed
├── RulesetError      a rule file is wrong; carries every problem found, not the first
├── ConfigError       a configuration file or a command-line value is wrong
└── FixError          a fix could not be written

Every message names the file, the line where there is one, the cause and the way out.
"""

from __future__ import annotations


class MedlintError(Exception):
    """An error a user can do something about."""


class InputError(MedlintError):
    """A draft could not be read, decoded or parsed; it counts as unchecked, never as clean."""


class ConfigError(MedlintError):
    """A configuration file, front-matter setting or command-line value is wrong."""


class FixError(MedlintError):
    """A fix could not be written; the file on disk is as it was."""


class RulesetError(MedlintError):
    """One or more problems in rule files.

    `problems` holds one line each, as "path:line: cause; way out", in file order.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        """Take the problems, in the order they are to be shown."""
        self.problems = problems
        super().__init__("\n".join(problems))
