"""`medlint review`: walk through a draft's findings in the terminal."""

from __future__ import annotations

import re
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import click

from medlint import configfile
from medlint.api import Linters, failures_of
from medlint.blanks import blanks_in, filled
from medlint.commands.common import complain, is_terminal, options_from, wants_color
from medlint.commands.common import width as columns
from medlint.commands.drafts import Asked, find
from medlint.commands.options import drafts_argument, fail_on_option, walk_options
from medlint.config import ELSEWHERE, absolute
from medlint.errors import InputError, MedlintError
from medlint.reporters import NOTICE, View
from medlint.review import screen
from medlint.review import session as steps
from medlint.review.desk import Configuration, open_draft
from medlint.review.memory import recall
from medlint.rulesetfiles import shown_path
from medlint.suppress import page_wide_rules
from medlint.walk import STDIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from medlint.api import Linter, Options
    from medlint.findings import Failure, FileReport, Finding
    from medlint.review.session import Session

_CANCELLED = "Left as it was."


@click.command(name="review")
@drafts_argument
@click.option("--again", is_flag=True, help="Ask again about what was skipped in earlier reviews.")
@fail_on_option("Exit with 1 if findings of this severity are left.")
@walk_options
def command(paths: tuple[str, ...], *, again: bool, **values: Any) -> int:
    """Walk through the findings of drafts: take a rewrite, edit, skip, or allow with a reason.

    Every step is written to the draft at once, and `u` undoes it. Quit when you like: the next
    review goes on where this one ended. Exits with 1 if findings at or above --fail-on are left.
    """
    if STDIN in paths:
        message = "A review changes drafts, and standard input is none; name a file."
        raise click.UsageError(message)
    if not is_terminal(sys.stdin) or not is_terminal(sys.stdout):
        message = (
            "A review asks its questions on a terminal, and this is none; "
            "`medlint check` reports, and `medlint fix` applies what needs no answer."
        )
        raise click.UsageError(message)
    options = options_from(values)
    linters = Linters(options)
    asked = Asked(values)
    found = find(paths, linters, asked)
    _stop_cleanly()
    failures, closing, fails, has_asked = list(found.failures), list[str](), False, False
    for number, path in enumerate(found.paths, 1):
        click.echo(f"Checking {path}")
        try:
            linter = linters.linter_for(absolute(Path(path)).parent)
            reviewer = Reviewer(path, linter, options, asked.color, again=again)
        except MedlintError as error:
            failures += failures_of(error, path if str(error).startswith(path) else "")
            continue
        has_asked = has_asked or bool(steps.pending(reviewer.desk.session))
        goes_on = reviewer.run(is_last=number == len(found.paths))
        closing += reviewer.closing()
        failures += reviewer.failures
        fails = fails or reviewer.fails
        if reviewer.desk.session.phrases:
            # The configuration says more now, and the next draft is under it.
            linters = Linters(options)
        if not goes_on:
            break
    if has_asked:
        # What was said on the way would stand on a screen that is gone.
        click.clear()
    complain(failures)
    for folder in found.empty:
        click.echo(f"medlint: {folder}: no drafts here; nothing was checked", err=True)
    for line in (*closing, NOTICE):
        click.echo(line)
    return 2 if failures else int(fails)


def _stop_cleanly() -> None:
    """End by an exception when the terminal closes, so that its settings come back."""

    def stop(number: int, _: object) -> None:
        sys.exit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop)


class Reviewer:
    """Asks about one draft's findings until none is left or the user has had enough."""

    def __init__(
        self, path: str, linter: Linter, options: Options, color: str, *, again: bool
    ) -> None:
        """Read and lint the draft.

        Raises:
            MedlintError: it cannot be reviewed.
        """
        self.failures: tuple[Failure, ...] = ()

        def lint(source: str) -> FileReport:
            checked = linter.lint_source(source, path)
            if checked.report is None:
                raise InputError("\n".join(f"{f.path}: {f.error}" for f in checked.failures))
            self.failures = checked.failures
            return checked.report

        skipped = frozenset() if again else recall(Path(path))
        configuration = _configuration(Path(path), options)
        page_wide = page_wide_rules(linter.ruleset)
        self.desk = open_draft(path, lint, configuration, skipped, page_wide)
        self._fail_on = linter.fail_on
        self._color = color
        self._note = ""

    @property
    def fails(self) -> bool:
        """Whether a finding that is left fails the run."""
        left = self.desk.session.findings
        return any(finding.severity.rank >= self._fail_on.rank for finding in left)

    def run(self, *, is_last: bool) -> bool:
        """Ask about one finding after another; tell whether the next draft is wanted."""
        while finding := steps.current(self.desk.session):
            key = self._asked(finding)
            if key in {"q", ""}:
                return False
            if key == "n" and not is_last:
                return True
            self._act(key, finding)
        return True

    def closing(self) -> list[str]:
        """Return what became of the draft, in lines."""
        session = self.desk.session
        lines = [screen.summary(session)]
        if session.findings and session.before is None and not steps.pending(session):
            lines.append("All of them were skipped in an earlier review; --again asks again.")
        return lines

    def _asked(self, finding: Finding) -> str:
        """Show a finding and return the key that was pressed; none where the terminal closed."""
        click.clear()
        _write(screen.card(self.desk.session, finding, self._view(), self._note))
        self._note = ""
        try:
            return click.getchar()
        except EOFError:
            return ""
        except KeyboardInterrupt:
            click.echo("Stopped; the draft holds every step up to here.")
            raise

    def _act(self, key: str, finding: Finding) -> None:
        """Do what a key asks for; what goes wrong is told on the next screen."""
        try:
            if key.isdigit():
                self._take(int(key), finding)
            elif key == "u":
                self._undo()
            elif key in self._actions:
                self._actions[key](self, finding)
            elif len(key) > 1 and not key.startswith("\x1b"):
                # Words pasted by mistake must not act as keys.
                self._note = "One key at a time, please; nothing was done."
            elif key.isprintable():
                self._note = f"“{key}” is no key here; ? lists them."
        except (click.Abort, KeyboardInterrupt, EOFError):
            self._note = _CANCELLED
        except (MedlintError, click.ClickException) as error:
            text = str(error) if isinstance(error, MedlintError) else error.format_message()
            self._note = f"{text[:1].upper()}{text[1:]}." if text[-1:] != "." else text

    def _take(self, number: int, finding: Finding) -> None:
        if not 1 <= number <= min(len(finding.rewrites), screen.MOST_REWRITES):
            self._note = f"There is no rewrite {number} here."
            return
        rewrite = steps.told_apart(finding.rewrites[number - 1])
        values: dict[str, str] = {}
        for line in screen.asking(rewrite, self._view()):
            click.echo(line)
        for blank in blanks_in(rewrite.text):
            name = blank.name
            # What was said of a blank of that name may hold once more.
            values[name] = _ask(f"{name}: ", values.get(re.sub(r" \(\d+\)\Z", "", name), ""))
            if not values[name].strip():
                self._note = f"[{name}] is not filled in, and only you know it. {_CANCELLED}"
                return
        if rewrite.edits:
            self._put(steps.take(self.desk.session, finding, rewrite, values, self.desk.lint))
            self._note = "Taken; u undoes it."
            return
        text = filled(rewrite, values).text
        if finding.category not in ELSEWHERE:
            self._edit_here(finding, text)
            return
        click.echo("This goes behind the claim, as a paragraph; change it as you like.")
        words = _ask("> ", text)
        self._put(steps.insert(self.desk.session, finding, words, self.desk.lint))
        self._note = "Added; u takes it back."

    def _edit(self, finding: Finding) -> None:
        span = steps.sentence_of(self.desk.session.document, finding)
        self._edit_here(finding, self.desk.session.source[span.start : span.end])

    def _edit_here(self, finding: Finding, text: str) -> None:
        """Let the user change a sentence line by line, and put it where it stands."""
        click.echo("Change the words, then press Enter; Ctrl-C leaves them as they are.")
        lines = text.splitlines(keepends=True)
        pieces = []
        for line in lines:
            bare = line.rstrip("\r\n")
            changed = _ask("> ", bare)
            # An emptied line goes with its line break.
            pieces.append(changed + line[len(bare) :] if changed or not bare else "")
        self._replace(finding, "".join(pieces))

    def _edit_outside(self, finding: Finding) -> None:
        session = self.desk.session
        span = steps.sentence_of(session.document, finding)
        text = session.source[span.start : span.end]
        suffix = self.desk.path.suffix or ".txt"
        changed = click.edit(text, extension=suffix, require_save=True)
        if changed is None:
            self._note = _CANCELLED
            return
        # Editors end the last line, which the sentence may not.
        if not text.endswith(("\n", "\r")):
            changed = changed.rstrip("\r\n")
        if "\r\n" in text:
            changed = changed.replace("\r\n", "\n").replace("\n", "\r\n")
        self._replace(finding, changed)

    def _replace(self, finding: Finding, text: str) -> None:
        span = steps.sentence_of(self.desk.session.document, finding)
        if not text.strip() and not _confirmed("Delete the sentence? [y/N] "):
            self._note = _CANCELLED
            return
        self._put(steps.edit(self.desk.session, span, text, self.desk.lint))
        self._note = "Changed; u undoes it."

    def _skip(self, finding: Finding) -> None:
        self._put(steps.skip(self.desk.session, finding))
        self._note = "Skipped; u brings it back."

    def _allow(self, finding: Finding) -> None:
        reason = _ask("Why is it right here? ")
        self._put(steps.allow(self.desk.session, finding, reason, self.desk.lint))
        self._note = "Allowed by a comment in the draft; u undoes it."

    def _allow_phrase(self, finding: Finding) -> None:
        words = _ask("Words to allow, with those that make them right: ", finding.match)
        reason = _ask("Why are they right? ")
        session = self.desk.session
        self._put(steps.allow_phrase(session, finding, words, reason, self.desk.lint))
        place = shown_path(self.desk.configuration.path)
        self._note = f"Allowed in {place}; u undoes it."

    def _law(self, finding: Finding) -> None:
        self._page(screen.law(finding, self._view()))

    def _help(self, _: Finding) -> None:
        self._page(screen.help_page(self._view()))

    def _undo(self) -> None:
        if self.desk.session.before is None:
            self._note = "There is nothing to undo."
            return
        undone = self.desk.session.act
        self._put(steps.undo(self.desk.session))
        self._note = f"Undone: it is no longer {undone}."

    def _put(self, session: Session) -> None:
        self.desk.put(session)

    def _page(self, text: str) -> None:
        click.clear()
        _write(text)
        click.echo("Any key goes back.")
        click.getchar()

    def _view(self) -> View:
        return View(terminal=True, color=wants_color(self._color, sys.stdout), width=columns())

    _actions: ClassVar[dict[str, Callable[[Reviewer, Finding], None]]] = {
        "e": _edit,
        "E": _edit_outside,
        "s": _skip,
        "a": _allow,
        "p": _allow_phrase,
        "l": _law,
        "?": _help,
        "h": _help,
    }


def _write(text: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()


def _ask(label: str, prefill: str = "") -> str:
    """Ask for a line of text; `prefill` stands in it to be changed."""
    try:
        import readline  # noqa: PLC0415  not on every system, and only here
    except ImportError:
        answer = input(f"{label}[{prefill}] " if prefill else label)
        return answer or prefill
    readline.set_startup_hook(lambda: readline.insert_text(prefill))
    try:
        return input(label)
    finally:
        readline.set_startup_hook(None)


def _confirmed(question: str) -> bool:
    return _ask(question).strip().lower() in {"y", "yes"}


def _configuration(draft: Path, options: Options) -> Configuration:
    """Return where allowed phrases go: to the configuration of the draft, or to a new one."""
    if options.no_config:
        return Configuration(draft, None, "with --no-config there is no list of allowed phrases")
    folder = absolute(draft).parent
    path = options.config or configfile.find(folder)
    if path is None:
        return Configuration(folder / configfile.FILE_NAMES[0], None)
    if path.name == "pyproject.toml":
        problem = f"{path}: add the words to “allow” under [tool.medlint] by hand"
        return Configuration(path, None, problem)
    return Configuration(path, path.read_bytes())
