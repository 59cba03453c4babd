"""Keeps a record of each run: a line of JSON at the end of a file that only grows.

Runs may append at the same time: each takes a lock, writes its whole line, and takes back what it
wrote if that fails. A run that cannot be recorded fails.
"""

from __future__ import annotations

import os
import stat
import sys
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from medlint import __version__, auditrecords, loader
from medlint.auditrecords import (
    ApprovalRecord,
    AuditRecord,
    DismissalRecord,
    FailureRecord,
    FindingRecord,
    InputRecord,
    Mode,
    RulesetRecord,
    SettingsRecord,
)
from medlint.config import absolute
from medlint.digest import sha256
from medlint.errors import MedlintError
from medlint.findings import Category, DismissedBy
from medlint.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from medlint.api import Input, Linter, Linters
    from medlint.batch import Job, Result
    from medlint.config import Settings
    from medlint.document import LineIndex, Span
    from medlint.findings import Approval, ApprovalUse, FileReport, Finding

_BINARY = getattr(os, "O_BINARY", 0)
_CLOSED = getattr(os, "O_CLOEXEC", 0)
# Opening a pipe that nobody reads would wait for ever.
_UNWAITING = getattr(os, "O_NONBLOCK", 0)
# Far behind any record, where Windows locks a byte that nobody needs.
_LOCKED_BYTE = 1 << 40


def check(path: Path) -> None:
    """Make sure that records can be appended to a file; it is made if it is not there.

    Raises:
        MedlintError: it cannot be written, or holds something else.
    """
    with _opened(path):
        pass


def append(path: Path, record: AuditRecord) -> None:
    """Append a record as one line, whole or not at all.

    Raises:
        MedlintError: it cannot be written; the file is as it was.
    """
    data = auditrecords.line(record).encode("ascii")
    with _opened(path) as descriptor, _locked(path, descriptor):
        size = os.fstat(descriptor).st_size
        try:
            # A writer that was cut off must not spoil this record too.
            _write(descriptor, data if _ends_a_line(descriptor, size) else b"\n" + data)
            os.fsync(descriptor)
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(descriptor, size)
            message = f"{path}: cannot be written: {error.strerror}; the run is not on record"
            raise MedlintError(message) from error


def _ends_a_line(descriptor: int, size: int) -> bool:
    if not size:
        return True
    os.lseek(descriptor, size - 1, os.SEEK_SET)
    return os.read(descriptor, 1) == b"\n"


def _write(descriptor: int, data: bytes) -> None:
    # A nearly full disk takes a part, and says why only when asked again.
    while data:
        data = data[os.write(descriptor, data) :]


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | _BINARY | _CLOSED | _UNWAITING
    try:
        descriptor = os.open(path, flags, 0o644)
    except OSError as error:
        message = f"{path}: cannot be written: {error.strerror}; choose another --audit"
        raise MedlintError(message) from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            message = f"{path}: is not a regular file; choose another --audit"
            raise MedlintError(message)
        if os.fstat(descriptor).st_size and os.read(descriptor, 1) != b"{":
            message = f"{path}: holds something else than records; choose another --audit"
            raise MedlintError(message)
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _locked(path: Path, descriptor: int) -> Iterator[None]:
    """Hold the file's lock; closing the file gives it back in any case."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415

            os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
        else:
            import fcntl  # noqa: PLC0415

            fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError as error:
        message = f"{path}: cannot be locked: {error.strerror}; the run is not on record"
        raise MedlintError(message) from error
    yield


def record(
    result: Result, job: Job, linters: Linters, code: int, now: datetime | None = None
) -> AuditRecord:
    """Return the record of a run that ends with an exit code."""
    held = _Held(linters)
    inputs = tuple(_input(given, file, held.by(given)) for given, file in result.inputs)
    today = job.options.today
    moment = (now or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0, tzinfo=None)
    return AuditRecord(
        time=f"{moment.isoformat()}Z",
        today=today.isoformat() if today else "",
        medlint=__version__,
        mode=Mode.DIFF if job.diff else Mode.FIX if job.fix else Mode.CHECK,
        settings=tuple({made.sha256: made for _, _, made in held.known}.values()),
        inputs=inputs,
        failures=tuple(
            FailureRecord(path=failure.path, rule=failure.rule or "", error=failure.error)
            for failure in result.report.failures
        ),
        exit=code,
    )


class _Held:
    """The settings that held for drafts; equal ones are described once."""

    def __init__(self, linters: Linters) -> None:
        self.known: list[tuple[Linter, Settings, SettingsRecord]] = []
        self._linters = linters

    def by(self, given: Input) -> str:
        """Return the hash of the settings that held for a draft, nothing if none were read."""
        settings = given.settings
        if settings is None:
            return ""
        folder = absolute(Path(given.path)).parent
        linter = self._linters.linter_for(folder)
        for known, same, made in self.known:
            if known is linter and same == settings:
                return made.sha256
        names, base = self._linters.rulesets_for(folder)
        rulesets = _rulesets(linter, loader.digests(names, base))
        made = _settings(settings, linter, rulesets)
        self.known.append((linter, settings, made))
        return made.sha256


def _rulesets(linter: Linter, digests: Mapping[str, str]) -> tuple[RulesetRecord, ...]:
    versions = {info.name: info.version for info in linter.ruleset.infos}
    return tuple(
        RulesetRecord(name=name, version=versions.get(name, ""), sha256=digest)
        for name, digest in digests.items()
    )


def _settings(
    settings: Settings, linter: Linter, rulesets: tuple[RulesetRecord, ...]
) -> SettingsRecord:
    """Describe settings; the hash is of all that the description says.

    The day is no part of it: what follows from the day is `Settings.standings`, and whoever keys
    outcomes by a hash like this one must add that.
    """
    options: Mapping[str, object] = settings.options.get(Category.READABILITY.value, {})
    made = SettingsRecord(
        sha256="",
        configuration=linter.config.path,
        rulesets=rulesets,
        product=settings.product,
        fail_on=linter.fail_on,
        rules={name: level or "off" for name, level in sorted(settings.rules.items())},
        select=tuple(sorted(settings.select)),
        ignore=tuple(sorted(settings.ignore)),
        allow=settings.allow,
        disclosed_elsewhere=tuple(sorted(settings.disclosed_elsewhere)),
        readability={name: str(value) for name, value in sorted(options.items())},
        approved=tuple(map(_approval, settings.approved)),
    )
    text = auditrecords.canonical(made)
    return replace(made, sha256=sha256(text.encode("ascii")).hexdigest())


def _approval(approval: Approval) -> ApprovalRecord:
    return ApprovalRecord(
        claim="" if approval.is_phrase else approval.text,
        phrase=approval.text if approval.is_phrase else "",
        reference=approval.reference,
        approver=approval.approver,
        date=approval.date.isoformat(),
        expires=approval.expires.isoformat(),
        rules=approval.rules,
        products=approval.products,
        files=approval.files,
    )


def _input(given: Input, file: FileReport | None, settings: str) -> InputRecord:
    findings: tuple[FindingRecord, ...] = ()
    dismissals: tuple[DismissalRecord, ...] = ()
    if file is not None and file.document is not None:
        lines = file.document.lines
        findings = tuple(_finding(finding, lines) for finding in file.findings)
        dismissals = tuple(_dismissals(file, lines))
    return InputRecord(
        path=given.path,
        sha256=given.sha256,
        changed=given.changed,
        fixes=given.fixes,
        settings=settings,
        checked=file is not None,
        findings=findings,
        dismissals=dismissals,
    )


def _finding(finding: Finding, lines: LineIndex) -> FindingRecord:
    row, column = lines.position(finding.span.start)
    return FindingRecord(
        rule=finding.rule,
        category=finding.category,
        severity=finding.severity,
        start=finding.span.start,
        end=finding.span.end,
        line=row,
        column=column,
        match=finding.match,
        message=finding.message,
        fingerprint=finding.fingerprint,
    )


def _dismissals(file: FileReport, lines: LineIndex) -> Iterator[DismissalRecord]:
    """Yield what was not reported, in the order of the draft."""
    found: list[tuple[Finding, DismissalRecord]] = []
    for each in file.dismissals:
        dismissal = DismissalRecord(
            by=each.by,
            reason=each.reason,
            line=lines.position(each.span.start)[0],
            finding=_finding(each.finding, lines),
        )
        found.append((each.finding, dismissal))
    for use in file.approvals:
        found += [(each, _approved(use, each, lines)) for each in use.findings]
    found.sort(key=lambda pair: pair[0].sort_key)
    yield from (dismissal for _, dismissal in found)


def _approved(use: ApprovalUse, finding: Finding, lines: LineIndex) -> DismissalRecord:
    approval = use.approval
    place = _around(use.places, finding)
    return DismissalRecord(
        by=DismissedBy.APPROVAL,
        reason=approval.text,
        line=lines.position(place.start)[0],
        reference=approval.reference,
        approver=approval.approver,
        date=approval.date.isoformat(),
        expires=approval.expires.isoformat(),
        finding=_finding(finding, lines),
    )


def _around(places: Iterable[Span], finding: Finding) -> Span:
    return next((span for span in places if span.contains(finding.span)), finding.span)
