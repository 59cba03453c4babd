"""The library: lint text or a file, with the settings that hold for it.

    from medlint import api
    report = api.lint_text("Our therapy cures arthritis.", path="draft.md")
    for finding in report.findings: ...

Every face (command line, editor, batch) goes through a `Linter`. A draft that is being written is
checked again with `recheck`, which reuses what an edit left alone:

    linter = api.Linters(api.Options()).linter_for(folder)
    checked = None
    for text in edits:
        checked = linter.recheck(checked, text, "draft.md")
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from medlint import configfile
from medlint.config import Choices, Config
from medlint.errors import ConfigError, InputError, MedlintError, RulesetError
from medlint.findings import Failure, FileReport, Product
from medlint.linter import (
    Checked,
    Input,
    Linter,
    Options,
    chosen_rulesets,
    fails,
    rule_files_of,
)

if TYPE_CHECKING:
    from datetime import date

    from medlint.loader import RuleFiles

__all__ = [
    "LARGEST_DRAFT",
    "Checked",
    "Input",
    "Linter",
    "Linters",
    "Options",
    "chosen_rulesets",
    "fails",
    "failures_of",
    "lint_path",
    "lint_text",
    "read_bytes",
]

# Bytes; a book has a million.
LARGEST_DRAFT = 100_000_000


class Linters:
    """The linter for each draft: the one of the nearest configuration, each loaded once."""

    def __init__(self, options: Options) -> None:
        """Remember how the run was asked for; nothing is read yet."""
        self.options = options
        self._files: dict[Path, Path | None] = {}
        self._configs: dict[Path | None, Config | ConfigError] = {}
        self._linters: dict[Path | None, Linter | MedlintError] = {}
        self._rule_files: dict[Path | None, RuleFiles] = {}

    def config_for(self, folder: Path) -> Config:
        """Return the configuration that holds in a folder.

        Raises:
            ConfigError: it cannot be read.
        """
        path = self._file(folder)
        if path not in self._configs:
            try:
                self._configs[path] = self._read(path)
            except ConfigError as error:
                self._configs[path] = error
        found = self._configs[path]
        if isinstance(found, ConfigError):
            raise found
        return found

    def rulesets_for(self, folder: Path) -> tuple[tuple[str, ...], Path]:
        """Return the rulesets that are named for a folder, and what their paths count from.

        Raises:
            ConfigError: the configuration cannot be read.
        """
        return chosen_rulesets(self.config_for(folder), self.options)

    def linter_for(self, folder: Path) -> Linter:
        """Return the linter that holds in a folder.

        Raises:
            ConfigError: its configuration is wrong.
            RulesetError: a rule file is wrong.
        """
        path = self._file(folder)
        if path not in self._linters:
            try:
                self._linters[path] = Linter(
                    self.config_for(folder), self.options, self.rule_files_for(folder)
                )
            except (ConfigError, RulesetError) as error:
                self._linters[path] = error
        found = self._linters[path]
        if isinstance(found, MedlintError):
            raise found
        return found

    def rule_files_for(self, folder: Path) -> RuleFiles:
        """Return the files of the rules that hold in a folder; the rules are not loaded.

        Raises:
            ConfigError: the configuration is wrong.
            RulesetError: a ruleset is missing.
        """
        path = self._file(folder)
        if path not in self._rule_files:
            self._rule_files[path] = rule_files_of(self.config_for(folder), self.options)
        return self._rule_files[path]

    def _read(self, path: Path | None) -> Config:
        if path is None:
            return Config.default(Path.cwd())
        return configfile.read(path, root=Path.cwd() if path == self.options.config else None)

    def _file(self, folder: Path) -> Path | None:
        if self.options.no_config:
            return None
        if self.options.config is not None:
            return self.options.config
        if folder not in self._files:
            self._files[folder] = configfile.find(folder)
        return self._files[folder]


def read_bytes(path: Path) -> bytes:
    """Return a draft's bytes.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        # Opening a pipe or a device would wait for ever.
        if path.exists() and not path.is_file():
            message = f"{path}: is not a regular file"
            raise InputError(message)
        with path.open("rb") as file:
            data = file.read(LARGEST_DRAFT + 1)
        if len(data) > LARGEST_DRAFT:
            message = (
                f"{path}: is larger than {LARGEST_DRAFT:,} bytes; split it, or leave it out with"
                " exclude"
            )
            raise InputError(message)
    except OSError as error:
        message = f"{path}: cannot be read: {os.strerror(error.errno or 0)}"
        raise InputError(message) from error
    return data


_PLACED = r"(?P<path>[^\s:](?:[^:\n]|:(?!\s|\d))*?)(?::(?P<line>\d+))?: (?P<cause>.+)"


def failures_of(error: MedlintError, path: str = "") -> tuple[Failure, ...]:
    """Return an error as failures, one for each problem that it names.

    `path` is the draft it concerns; without one, each problem names its own file.
    """
    failures = []
    for text in str(error).splitlines() or [type(error).__name__]:
        # A draft may be called anything, so its own name is not looked for but taken away.
        rest = text.removeprefix(f"{path}: ") if path else text
        rest = re.sub(r"\A:(\d+): ", r"line \1: ", rest.removeprefix(path))
        failures.append(Failure(path=path, error=rest))
    return tuple(failures) if path else tuple(map(_placed, failures))


def _placed(failure: Failure) -> Failure:
    """Take “path:line: cause” apart."""
    found = re.fullmatch(_PLACED, failure.error)
    if found is None:
        return failure
    cause = found["cause"]
    return Failure(
        path=found["path"], error=f"line {found['line']}: {cause}" if found["line"] else cause
    )


def lint_text(
    text: str,
    *,
    path: str = "draft.md",
    format: str | None = None,  # noqa: A002  the word users know
    rulesets: tuple[str, ...] = (),
    product: Product | None = None,
) -> FileReport:
    """Lint text with the shipped rules and no configuration.

    Raises:
        InputError: the text cannot be parsed, or is not English.
    """
    options = Options(no_config=True, rulesets=rulesets, choices=Choices(product=product))
    linter = Linter(Config.default(Path.cwd()), options)
    return _report(linter.lint_source(text, path, format=format))


def lint_path(path: Path | str, *, today: date | None = None) -> FileReport:
    """Lint a file as the command line would, with the nearest configuration.

    `today` is the day by which approved claims expire: where none is given, they do not count.

    Raises:
        InputError: the file cannot be read, decoded or parsed, or is not English.
        ConfigError: its configuration is wrong.
        RulesetError: a rule file is wrong.
    """
    place = Path(path)
    linter = Linters(Options(today=today)).linter_for(place.absolute().parent)
    return _report(linter.lint_bytes(read_bytes(place), str(path)))


def _report(checked: Checked) -> FileReport:
    if checked.failures or checked.report is None:
        message = "\n".join(f"{f.path}: {f.error}" for f in checked.failures)
        raise InputError(message)
    return checked.report
