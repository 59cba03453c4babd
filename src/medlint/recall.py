"""What a run remembers: reports out of the run cache, for drafts that have not changed.

With all drafts known, neither rules nor parsers are loaded.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from medlint.api import Checked, Linters, fails
from medlint.errors import MedlintError
from medlint.findings import FileReport, RulesetInfo
from medlint.packed import PackedReport, pack_text
from medlint.parsing import format_of, is_binary, known_suffixes, parse_bytes
from medlint.parsing.decode import decode
from medlint.runcache import Entry, RunCache, described, key_of, surroundings

if TYPE_CHECKING:
    from medlint.api import Options
    from medlint.config import Config


class Recall:
    """Reads and writes the run cache for the drafts of one run."""

    def __init__(self, options: Options, linters: Linters, cache: RunCache) -> None:
        """Remember what the run's reports depend on."""
        self.cache = cache
        self._options = options
        self._linters = linters
        self._day = options.today.isoformat() if options.today else ""
        self._suffixes = known_suffixes()
        self._surroundings = surroundings()
        self._folders: dict[Path, tuple[Config, bytes] | None] = {}

    def key(self, shown: str, data: bytes) -> bytes | None:
        """Return the key of a draft's report; None where it cannot be told without checking it."""
        if not shown.lower().endswith(self._suffixes):
            # A parser of another package, whose versions are not known here.
            return None
        folder = Path(os.path.abspath(shown)).parent  # noqa: PTH100  links stay
        if folder not in self._folders:
            self._folders[folder] = self._folder(folder)
        known = self._folders[folder]
        if known is None:
            return None
        config, parts = known
        try:
            choices = described(config.choices_for(Path(shown)))
        except TypeError:
            return None
        return key_of((parts, format_of(shown).encode(), choices.encode(), data))

    def get(self, key: bytes, shown: str, data: bytes, *, whole: bool) -> Checked | None:
        """Return what is remembered of a draft; `whole` with its document, blocks and all."""
        entry = self.cache.get(key, self._day)
        if entry is None:
            return None
        report: FileReport
        try:
            text = entry.text or pack_text(decode(data, shown))
            report = PackedReport(shown, entry.body, text)
            if whole:
                report = _whole(report, data)
            config = self._linters.config_for(Path(os.path.abspath(shown)).parent)  # noqa: PTH100
        except (MedlintError, ValueError, TypeError, EOFError):
            return None
        return Checked(
            report=report,
            rulesets=tuple(RulesetInfo(*each) for each in entry.rulesets),
            fails=fails(report, self._options.fail_on or config.fail_on),
            dated=bool(entry.day),
        )

    def put(self, key: bytes, checked: Checked, data: bytes, shown: str) -> None:
        """Remember a packed report; none of a draft that went unchecked, even in part."""
        report = checked.report
        if not isinstance(report, PackedReport) or checked.failures:
            return
        if checked.dated and not self._day:
            return
        is_text = not is_binary(shown) and decode(data, shown) == report.document.source
        entry = Entry(
            report.body,
            tuple((info.name, info.version) for info in checked.rulesets),
            b"" if is_text else report.text,
            self._day if checked.dated else "",
        )
        self.cache.put(key, entry)

    def _folder(self, folder: Path) -> tuple[Config, bytes] | None:
        """Return a folder's configuration and what all reports there depend on.

        None where the configuration or the rules are wrong, which is told when they are loaded.
        """
        try:
            config = self._linters.config_for(folder)
            rules = self._linters.rule_files_for(folder).key
            if config.problems:
                return None
            parts = (
                self._surroundings,
                rules,
                # A name that no rule has is an error, wherever it stands.
                tuple(name.text for name in (*config.names, *self._options.names)),
                self._options.choices,
            )
            return config, described(parts).encode()
        except (MedlintError, TypeError):
            return None


def _whole(report: FileReport, data: bytes) -> FileReport:
    return FileReport(
        path=report.path,
        words=report.words,
        balance=report.balance,
        findings=report.findings,
        suppressed=report.suppressed,
        document=parse_bytes(data, path=report.path),
    )
