"""What a run reports: findings, what answers for others, failures, the report that holds them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from medlint.records import dataclass, field

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from medlint.document import Document, Span


class Severity(StrEnum):
    """How bad a finding is; compare by `rank`."""

    SUGGESTION = "suggestion"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """0 for a suggestion, 1 for a warning, 2 for an error."""
        return _RANKS[self]

    def lowered(self) -> Severity:
        """Return the next milder severity, never below suggestion."""
        return Severity.WARNING if self is Severity.ERROR else Severity.SUGGESTION


_RANKS = {Severity.SUGGESTION: 0, Severity.WARNING: 1, Severity.ERROR: 2}


class Category(StrEnum):
    """What a finding is about."""

    ABSOLUTE_EFFICACY = "absolute-efficacy"
    CURE = "cure"
    SAFETY = "safety"
    SUPERIORITY = "superiority"
    HYPE = "hype"
    EVIDENCE = "evidence"
    ENDORSEMENT = "endorsement"
    INDUCEMENT = "inducement"
    VULNERABILITY = "vulnerability"
    TREATMENT_CLAIM = "treatment-claim"
    MISSING_RISK = "missing-risk"
    MISSING_STATUS = "missing-status"
    MISSING_TYPICALITY = "missing-typicality"
    DUPLICATE_ITEM = "duplicate-item"
    READABILITY = "readability"
    SUPPRESSION = "suppression"


class Product(StrEnum):
    """The regulatory status of what a draft promotes."""

    AUTO = "auto"
    UNAPPROVED = "unapproved"
    INVESTIGATIONAL = "investigational"
    APPROVED = "approved"
    SUPPLEMENT = "supplement"
    DEVICE = "device"
    SERVICE = "service"


class RewriteKind(StrEnum):
    """How far a rewrite may be trusted without a reader.

    DISPLAY needs a fact that only the writer has; UNSAFE applies cleanly but changes meaning;
    SAFE cannot change what is claimed.
    """

    DISPLAY = "display"
    UNSAFE = "unsafe"
    SAFE = "safe"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from: a law, a code or guidance.

    `checked` is false where the citation could not be compared with its text.
    """

    id: str
    title: str
    url: str
    checked: bool = True


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the source range `span` by `text`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Wording to use instead; `edits` is empty where it is only shown."""

    kind: RewriteKind
    text: str
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Another place that a finding rests on, with its normalised text."""

    span: Span
    match: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing a reviewer would mark.

    `span` counts code points of the decoded source; `match` is the normalised text it covers;
    `fingerprint` is stable against edits elsewhere in the file.
    """

    rule: str
    category: Category
    severity: Severity
    span: Span
    match: str
    message: str
    advice: str = ""
    rewrites: tuple[Rewrite, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    sources: tuple[Source, ...] = ()
    fingerprint: str = ""

    @property
    def is_fixable(self) -> bool:
        """Tell whether a rewrite is safe to apply."""
        return any(each.kind is RewriteKind.SAFE and each.edits for each in self.rewrites)

    @property
    def sort_key(self) -> tuple[int, int, int, str, str]:
        """A total order: by place, the longer and the stricter first, then by rule."""
        return (
            self.span.start,
            -self.span.end,
            -self.severity.rank,
            self.category.value,
            self.rule,
        )


class DismissedBy(StrEnum):
    """What answers for a finding that is not reported."""

    COMMENT = "comment"
    PHRASE = "phrase"
    APPROVAL = "approval"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissal:
    """A finding that a comment in the draft or an allowed phrase took out.

    `span` is the comment or the phrase where it stands; `reason` what the comment gives as one
    (empty where it gives none), or the phrase as configured.
    """

    finding: Finding
    by: DismissedBy
    reason: str
    span: Span


class Standing(StrEnum):
    """Whether an approval counts on a day: before its date it is pending."""

    PENDING = "pending"
    IN_FORCE = "in-force"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A claim that may be made, and who answers for it.

    `text` holds the exact words or, if `is_phrase`, a phrase of the phrase language. It counts from
    `date` to the day before `expires`. `rules` (or categories), `products` and `files` (globs)
    limit it where they are not empty. `where` is the place of its entry, for messages.
    """

    text: str
    reference: str
    approver: str
    date: dt.date
    expires: dt.date
    is_phrase: bool = False
    rules: tuple[str, ...] = ()
    products: tuple[Product, ...] = ()
    files: tuple[str, ...] = ()
    where: str = ""

    def standing(self, today: dt.date | None) -> Standing:
        """Tell whether it counts on a day; where the day is unknown, it does not."""
        if today is None or today < self.date:
            return Standing.PENDING
        return Standing.IN_FORCE if today < self.expires else Standing.EXPIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalUse:
    """What an approval that holds for a draft did there.

    `places` are where its words stand, `findings` those that it kept silent.
    """

    approval: Approval
    standing: Standing
    places: tuple[Span, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Something that went unchecked: a file, or one rule on one file."""

    path: str
    error: str
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class SectionBalance:
    """The balance of what stands between a heading and the next one, the heading included.

    `heading` is None and `level` 0 for what stands before the first heading.
    """

    heading: str | None
    level: int
    benefits: int = 0
    risks: int = 0


@dataclass(frozen=True, slots=True)
class Balance:
    """Benefit statements against material-risk statements, counted in sentences.

    `sections` are those of the document, in its order; they add up to the whole.
    """

    benefits: int = 0
    risks: int = 0
    sections: tuple[SectionBalance, ...] = ()

    @property
    def headed(self) -> tuple[SectionBalance, ...]:
        """The sections as a reader counts them: without an empty one before the first heading."""
        if self.sections and self.sections[0] == SectionBalance(None, 0):
            return self.sections[1:]
        return self.sections


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """What one draft gave.

    `suppressed` counts the `dismissals`; `approvals` are those that hold for the draft, whether its
    text needs them or not. `document` is kept for reporters that show source lines; it is None
    where a report came from another process without it.
    """

    path: str
    words: int
    balance: Balance
    findings: tuple[Finding, ...]
    suppressed: int = 0
    dismissals: tuple[Dismissal, ...] = ()
    approvals: tuple[ApprovalUse, ...] = ()
    document: Document | None = field(default=None, compare=False, repr=False)

    def each(self) -> Iterator[Finding]:
        """Yield the findings one after another."""
        return iter(self.findings)

    def count(self, severity: Severity | None = None) -> int:
        """Count findings, all or of one severity."""
        if severity is None:
            return len(self.findings)
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def fixable(self) -> int:
        """How many findings have a fix that cannot change what is claimed."""
        return sum(finding.is_fixable for finding in self.findings)


@dataclass(frozen=True, slots=True)
class RulesetInfo:
    """A ruleset that took part in a run."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run gave: files and failures in the order of their paths as given."""

    files: tuple[FileReport, ...]
    failures: tuple[Failure, ...] = ()
    rulesets: tuple[RulesetInfo, ...] = ()

    def approvals(self) -> dict[Approval, tuple[tuple[FileReport, ApprovalUse], ...]]:
        """Return each approval that holds for any file, with its use in each, in order."""
        found: dict[Approval, list[tuple[FileReport, ApprovalUse]]] = {}
        for file in self.files:
            for use in file.approvals:
                found.setdefault(use.approval, []).append((file, use))
        return {approval: tuple(uses) for approval, uses in found.items()}

    def count(self, severity: Severity | None = None) -> int:
        """Count findings, all or of one severity."""
        return sum(file.count(severity) for file in self.files)
