"""What a record of a run holds: one line of an audit file.

`docs/schema/audit.schema.json` is made from these types. A key that has nothing to say is left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from typing import Any

# `schema` reads the hints at run time.
from medlint.findings import Category, DismissedBy, Product, Severity  # noqa: TC001
from medlint.records import dataclass, field

SCHEMA = 1


def _doc(text: str) -> dict[str, Any]:
    return {"doc": text}


class Mode(StrEnum):
    """What a run did with fixes."""

    CHECK = "check"
    FIX = "fix"
    DIFF = "diff"


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesetRecord:
    """A ruleset that took part, those that others extend first."""

    name: str
    version: str = field(
        default="", metadata=_doc("As the ruleset says; a single rule file has none.")
    )
    sha256: str = field(metadata=_doc("Of its files, names and contents."))


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRecord:
    """An approved claim as configured."""

    claim: str = field(default="", metadata=_doc("The exact words; or else `phrase`."))
    phrase: str = field(default="", metadata=_doc("A phrase of the phrase language."))
    reference: str
    approver: str
    date: str = field(metadata=_doc("The day from which it counts."))
    expires: str = field(metadata=_doc("The day from which it no longer counts."))
    rules: tuple[str, ...] = field(default=(), metadata=_doc("Rules or categories it is for."))
    products: tuple[Product, ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsRecord:
    """Settings in effect for some of the inputs."""

    sha256: str = field(metadata=_doc("Of all other keys of this object; inputs name it."))
    configuration: str = field(default="", metadata=_doc("The configuration file, where any."))
    rulesets: tuple[RulesetRecord, ...]
    product: Product
    fail_on: Severity
    rules: Mapping[str, str] = field(
        default_factory=dict, metadata=_doc("A severity or “off” by rule or category.")
    )
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    disclosed_elsewhere: tuple[str, ...] = ()
    readability: Mapping[str, str] = field(default_factory=dict)
    approved: tuple[ApprovalRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRecord:
    """A finding; offsets are those of the report in JSON."""

    rule: str
    category: Category
    severity: Severity
    start: int
    end: int
    line: int
    column: int
    match: str
    message: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissalRecord:
    """A finding that was not reported, and what answers for it."""

    by: DismissedBy
    reason: str = field(
        default="",
        metadata=_doc("What the comment gives as one, the allowed phrase, or the approved words."),
    )
    line: int = field(
        default=0, metadata=_doc("Where the comment, the phrase or the approved words stand.")
    )
    reference: str = field(default="", metadata=_doc("Of the approval."))
    approver: str = field(default="", metadata=_doc("Of the approval."))
    date: str = field(default="", metadata=_doc("Of the approval."))
    expires: str = field(default="", metadata=_doc("Of the approval."))
    finding: FindingRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRecord:
    """A draft."""

    path: str = field(metadata=_doc("As the user called it; “-” is standard input."))
    sha256: str = field(default="", metadata=_doc("Of its bytes; missing if it was not read."))
    changed: str = field(
        default="",
        metadata=_doc("SHA-256 of its bytes with the fixes, to which the findings then belong."),
    )
    fixes: int = field(default=0, metadata=_doc("How many fixes were applied or shown."))
    settings: str = field(default="", metadata=_doc("The `sha256` of the settings in effect."))
    checked: bool = field(metadata=_doc("Whether it was checked; `failures` says why not."))
    findings: tuple[FindingRecord, ...] = ()
    dismissals: tuple[DismissalRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureRecord:
    """Something that went unchecked."""

    path: str
    rule: str = ""
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """A run."""

    schema: int = field(default=SCHEMA, metadata=_doc("The version of this format: 1."))
    time: str = field(metadata=_doc("When the run ended, in UTC, as 2026-01-31T12:00:00Z."))
    today: str = field(metadata=_doc("The day by which approvals were judged."))
    medlint: str = field(metadata=_doc("The version of medlint."))
    mode: Mode
    settings: tuple[SettingsRecord, ...]
    inputs: tuple[InputRecord, ...]
    failures: tuple[FailureRecord, ...]
    exit: int = field(metadata=_doc("The exit code of the run: 0, 1 or 2."))


def plain(value: Any) -> Any:
    """Return a record as JSON's plain data, keys without a value left out."""
    if is_dataclass(value):
        return {
            each.name.replace("_", "-"): plain(got)
            for each in fields(value)
            if (got := getattr(value, each.name)) or _is_required(each)
        }
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return value.value if isinstance(value, StrEnum) else value


def _is_required(each: Any) -> bool:
    return each.default is MISSING and each.default_factory is MISSING


def line(record: AuditRecord) -> str:
    """Return a record as one line of pure ASCII, whatever its paths and words hold."""
    return json.dumps(plain(record), ensure_ascii=True, separators=(",", ":")) + "\n"


def canonical(record: SettingsRecord) -> str:
    """Return settings in the one form that their hash is made of: without it, keys in order."""
    data = {key: value for key, value in plain(record).items() if key != "sha256"}
    return json.dumps(data, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
