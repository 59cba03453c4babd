"""Checks drafts under one configuration: lint, take out what is answered for, fix."""

from __future__ import annotations

from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING

from medlint import configfile, loader
from medlint.config import Choices, known_names, nearest, unknown_names
from medlint.errors import ConfigError
from medlint.findings import Category, Failure, FileReport, Severity
from medlint.parsing import is_binary, parse, parse_bytes
from medlint.parsing.decode import decode
from medlint.records import dataclass, field, replace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from medlint.config import Config, Name, Settings
    from medlint.document import Document
    from medlint.engine import Outcome
    from medlint.findings import ApprovalUse, Dismissal, Finding, RulesetInfo
    from medlint.incremental import Memory
    from medlint.loader import RuleFiles


# A document of more characters of text is linted block by block; a shorter one takes little memory.
LONG = 40_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a run was asked for; what is given here counts more than any configuration.

    `names` are the rules that `choices` name, with where they were given. `config` is a file to
    use instead of the nearest one, and `no_config` means none at all. `today` is the day by which
    approved claims expire; without one none of them counts.
    """

    config: Path | None = None
    no_config: bool = False
    rulesets: tuple[str, ...] = ()
    choices: Choices = field(default_factory=Choices)
    names: tuple[Name, ...] = ()
    fail_on: Severity | None = None
    today: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A draft as it was read: what a record of the run says of it.

    `sha256` is of its bytes, empty where they could not be read; `changed` of those that fixes
    would make or made of them, empty where there are none.
    """

    path: str
    sha256: str = ""
    changed: str = ""
    fixes: int = 0
    settings: Settings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What checking one draft gave.

    `report` is None where the draft went unchecked; then `failures` says why. `settings` are those
    that held for it, as far as they were read. `fails` tells whether a finding is severe enough to
    fail the run, `dated` whether the report holds for this day only. `diff` shows what fixes
    change, `fixed` counts them and `changed` is the draft with them, where there are any. `input`
    is there where a record of the run is kept.
    """

    report: FileReport | None = None
    failures: tuple[Failure, ...] = ()
    rulesets: tuple[RulesetInfo, ...] = ()
    settings: Settings | None = None
    fails: bool = False
    dated: bool = False
    diff: str = ""
    fixed: int = 0
    changed: bytes | None = None
    input: Input | None = None
    # What `Linter.recheck` may reuse.
    memory: Memory | None = field(default=None, compare=False, repr=False)


class Linter:
    """Checks drafts under one configuration."""

    def __init__(
        self,
        config: Config,
        options: Options | None = None,
        rule_files: RuleFiles | None = None,
    ) -> None:
        """Load the rules of a configuration; `rule_files` are its rules' files if found already.

        Raises:
            ConfigError: the configuration is wrong.
            RulesetError: a rule file is wrong.
        """
        self.options = options or Options()
        self.config = config
        self.ruleset = loader.load_files(rule_files or rule_files_of(config, self.options))
        self._known = known_names(self.ruleset)
        config.checked(self._known)
        _refuse(unknown_names(self.options.names, self._known))
        if config.approvals:
            from medlint import approvals  # noqa: PLC0415  few configurations need it

            _refuse(approvals.problems(config.approvals, self.ruleset))
        self.fail_on = self.options.fail_on or config.fail_on

    def under(self, choices: Choices) -> Linter:
        """Return this linter with more choices laid over its own; the rules are not read again."""
        made = copy(self)
        made.options = replace(self.options, choices=self.options.choices.under(choices))
        return made

    def settings(self, path: Path, document: Document | None = None) -> Settings:
        """Return what holds for a draft.

        Raises:
            ConfigError: the draft's front matter is wrong.
        """
        choices = self.config.choices_for(path)
        if document is not None and document.front_matter:
            own, names = configfile.front_matter(
                document.front_matter, document.path, document.source
            )
            _refuse(unknown_names(names, self._known))
            choices = choices.under(own)
        return choices.under(self.options.choices).settings(self.options.today)

    def setup(self, document: Document) -> tuple[tuple[str, str], ...]:
        """Return what holds for a draft, as names and values for a report to be kept."""
        settings = self.settings(Path(document.path), document)
        return (
            ("Configuration", self.config.path or "none"),
            *settings.described(),
            ("Fails from", self.fail_on.value),
        )

    def lint(self, document: Document, path: Path | None = None) -> Checked:
        """Lint a parsed draft; `path` is where it stands if its own name does not say so."""
        from medlint import engine  # noqa: PLC0415  a run whose drafts are all known lints nothing

        settings = self.settings(path or Path(document.path), document)
        if sum(len(block.text) for block in document.blocks) > LONG:
            from medlint import longrun  # noqa: PLC0415  few drafts are that long

            outcome = longrun.lint(document, self.ruleset, settings)
        else:
            outcome = engine.lint(document, self.ruleset, settings)
        return self._checked(document, outcome, settings)

    def recheck(
        self,
        previous: Checked | None,
        source: str,
        shown: str,
        *,
        format: str | None = None,  # noqa: A002
    ) -> Checked:
        """Lint a draft after an edit, reusing of `previous` what the edit left alone.

        The report is the one of `lint_source`. Nothing but the result remembers anything: the first
        time `previous` is None, later what this gave.

        Raises:
            InputError: the text cannot be parsed.
        """
        from medlint import incremental  # noqa: PLC0415  only editors edit

        document = parse(source, path=shown, format=format)
        settings = self.settings(Path(shown), document)
        memory = previous.memory if previous is not None else None
        outcome, memory = incremental.lint(document, self.ruleset, settings, memory)
        return replace(self._checked(document, outcome, settings), memory=memory)

    def _checked(self, document: Document, outcome: Outcome, settings: Settings) -> Checked:
        if outcome.unchecked is not None:
            failure = Failure(path=document.path, error=outcome.unchecked)
            return Checked(
                failures=(*outcome.failures, failure),
                rulesets=self.ruleset.infos,
                settings=settings,
            )
        findings, dismissals, uses = self._without_suppressed(document, outcome, settings)
        report = FileReport(
            path=document.path,
            words=document.words,
            balance=outcome.balance,
            findings=findings,
            suppressed=len(dismissals),
            dismissals=dismissals,
            approvals=uses,
            document=document,
        )
        return Checked(
            report=report,
            failures=outcome.failures,
            rulesets=self.ruleset.infos,
            settings=settings,
            fails=fails(report, self.fail_on),
            dated=settings.is_dated,
        )

    def lint_source(self, source: str, shown: str, *, format: str | None = None) -> Checked:  # noqa: A002
        """Parse and lint decoded text; `shown` is its path as the user called it.

        Raises:
            InputError: the text cannot be parsed.
        """
        return self.lint(parse(source, path=shown, format=format))

    def lint_bytes(self, data: bytes, shown: str, *, format: str | None = None) -> Checked:  # noqa: A002
        """Decode, parse and lint a file's bytes.

        Raises:
            InputError: they cannot be decoded or parsed.
        """
        return self.lint(parse_bytes(data, path=shown, format=format))

    def fix_bytes(
        self,
        data: bytes,
        shown: str,
        *,
        format: str | None = None,  # noqa: A002
        unsafe: bool = False,
    ) -> Checked:
        """Apply the safe fixes, or the unsafe ones too, to a file's bytes; nothing is written.

        A Word document is only linted: none of its findings has a fix.

        Raises:
            InputError: they cannot be decoded or parsed.
            FixError: the draft's encoding cannot be written back.
        """
        from medlint import fixes  # noqa: PLC0415  most runs fix nothing

        if is_binary(shown, format):
            return self.lint_bytes(data, shown, format=format)
        before = decode(data, shown)
        checked = self.lint_source(before, shown, format=format)
        first = True

        def lint(source: str) -> tuple[Finding, ...]:
            nonlocal checked, first
            if not first:
                checked = self.lint_source(source, shown, format=format)
            first = False
            return checked.report.findings if checked.report else ()

        fixed = fixes.converge(before, lint, unsafe=unsafe)
        if fixed.source == before:
            return checked
        # The last round may have ended at its limit, with one more change not linted.
        checked = self.lint_source(fixed.source, shown, format=format)
        changed = fixes.encode(fixed.source, data, before)
        difference = fixes.diff(before, fixed.source, shown)
        return replace(checked, diff=difference, fixed=fixed.count, changed=changed)

    def _without_suppressed(
        self, document: Document, outcome: Outcome, settings: Settings
    ) -> tuple[tuple[Finding, ...], tuple[Dismissal, ...], tuple[ApprovalUse, ...]]:
        """Take out what is answered for: by an approved claim first, then a phrase or comment."""
        from medlint import suppress  # noqa: PLC0415  as the engine

        findings, ruleset, today = outcome.findings, self.ruleset, settings.today
        uses: tuple[ApprovalUse, ...] = ()
        if settings.approved:
            from medlint import approvals  # noqa: PLC0415  few configurations need it

            approved = approvals.apply(document, findings, settings.approved, ruleset, today)
            findings, uses = approved.findings, approved.uses
        page_wide = suppress.page_wide_rules(ruleset) if settings.allow else frozenset()
        allowed = suppress.allow(document, findings, settings.allow, page_wide)
        crashed = {failure.rule for failure in outcome.failures}
        running = [r for r in self.ruleset.rules if r.id not in crashed and settings.is_on(r)]
        active = frozenset(name for r in running for name in (r.id, r.category.value))
        left = suppress.apply(document, allowed.findings, known=self._known, active=active)
        findings = left.findings
        if uses:
            lapsed = approvals.lapsed(document, findings, uses, ruleset, today)
            findings = tuple(sorted((*findings, *lapsed), key=lambda each: each.sort_key))
        dismissals = (*allowed.dismissals, *left.dismissals)
        if findings is outcome.findings:
            return findings, dismissals, uses
        own = (_as_set(finding, settings) for finding in findings)
        return tuple(filter(None, own)), dismissals, uses


def fails(report: FileReport, fail_on: Severity) -> bool:
    """Tell whether a report has findings from a severity on."""
    return any(report.count(severity) for severity in Severity if severity.rank >= fail_on.rank)


def _as_set(finding: Finding, settings: Settings) -> Finding | None:
    """Give the tool's own findings about suppressions the severity that settings want."""
    if finding.category is not Category.SUPPRESSION:
        return finding
    severity = settings.severity(finding.rule, finding.category, finding.severity)
    return None if severity is None else replace(finding, severity=severity)


def rule_files_of(config: Config, options: Options) -> RuleFiles:
    """Find the rulesets that the options or the configuration name, or the usual ones."""
    names, base = chosen_rulesets(config, options)
    return loader.find(names, base=base)


def chosen_rulesets(config: Config, options: Options) -> tuple[tuple[str, ...], Path]:
    """Return the rulesets that options or a configuration name, or the usual ones.

    Paths among them count from the folder that comes with them.

    Raises:
        ConfigError: the configuration names one that there is not.
    """
    if options.rulesets:
        return options.rulesets, Path.cwd()
    if not config.rulesets:
        return loader.default_rulesets(), Path.cwd()
    shipped = loader.shipped()
    unknown = [
        f"{name.where}: there is no ruleset “{name.text}”{nearest(name.text, shipped)}"
        for name in config.rulesets
        if name.text not in shipped and not (config.base / name.text).exists()
    ]
    if unknown:
        _refuse([*config.problems, *unknown])
    return tuple(name.text for name in config.rulesets), config.base


def _refuse(problems: Iterable[str]) -> None:
    text = "\n".join(problems)
    if text:
        raise ConfigError(text)
