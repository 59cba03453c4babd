"""File reports as bytes: for the run cache, for other processes, and for runs over many drafts.

As an object a finding takes a kilobyte of memory, packed some fifty bytes. Only numbers and strings
are written (by `marshal`), so reading them back runs no code.
"""

from __future__ import annotations

import marshal
import zlib
from collections import deque
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Self

from medlint.document import Document, Place, Span
from medlint.findings import (
    Balance,
    Category,
    Edit,
    Evidence,
    FileReport,
    Finding,
    Rewrite,
    RewriteKind,
    SectionBalance,
    Severity,
    Source,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_MARSHAL_VERSION = 4
# The quickest level; findings repeat each other's words, so even this one leaves a fifth.
_COMPRESSION = 1
# How many findings are packed together; most drafts have fewer.
_TOGETHER = 500
# No report of a draft that can be read comes near; a forged one must not fill the memory.
_LARGEST = 1 << 30
_CATEGORIES = {category.value: category for category in Category}
_SEVERITIES = {severity.value: severity for severity in Severity}
_KINDS = {kind.value: kind for kind in RewriteKind}


class PackedFindings(tuple[Finding, ...]):  # noqa: SLOT001  a tuple's heirs have no slots but empty ones
    """Findings that are unpacked, a few at a time, while one goes through them."""

    groups: tuple[bytes, ...]
    _count: int

    def __new__(cls, findings: Iterable[Finding]) -> Self:
        """Pack findings as they come."""
        # The tuple itself is empty; it is what findings are to everybody else.
        made = super().__new__(cls)
        groups = []
        made._count = 0
        rest = iter(findings)
        while group := tuple(islice(rest, _TOGETHER)):
            groups.append(_packed_findings(group))
            made._count += len(group)
        made.groups = tuple(groups)
        return made

    def __iter__(self) -> Iterator[Finding]:
        """Yield the findings, made afresh."""
        for group in self.groups:
            yield from _findings(group)

    def __len__(self) -> int:
        """Return how many there are."""
        return self._count

    def __getitem__(self, index: Any) -> Any:
        """Return one of them, or several."""
        return tuple(self)[index]

    def __eq__(self, other: object) -> bool:
        """Tell whether all are equal."""
        return tuple(self) == (tuple(other) if isinstance(other, tuple) else other)

    def __ne__(self, other: object) -> bool:
        """Tell whether any differs."""
        return not self == other

    def __hash__(self) -> int:
        """Return what equal tuples return."""
        return hash(tuple(self))


class PackedReport(FileReport):
    """A file report that holds its findings and the draft's text as bytes.

    They are unpacked whenever they are asked for, and not kept. What answers for findings is left
    out: a report that needs it is not packed. Of the document it has what
    reporters need for lines and columns: the source and its places.
    """

    __slots__ = ("_counts", "_fixable", "_held")

    # The body and the text, or what fetches them: 0 for the body, 1 for the text.
    _held: tuple[bytes, bytes] | Callable[[int], bytes]
    _counts: tuple[int, ...]
    _fixable: int

    def __init__(self, path: str, body: bytes, text: bytes) -> None:
        """Take what `pack` and `pack_text` gave.

        Raises:
            ValueError: the body is none of `pack`.
        """
        words, suppressed, counts, fixable, *_ = _parts(body)
        values = {"path": path, "words": words, "suppressed": suppressed}
        values |= {"dismissals": (), "approvals": ()}
        values |= {"_held": (body, text), "_counts": counts, "_fixable": fixable}
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def elsewhere(self, fetch: Callable[[int], bytes]) -> PackedReport:
        """Return this report without its bytes: `fetch` gives the body (0) or the text (1)."""
        made = object.__new__(PackedReport)
        for name in ("path", "words", "suppressed", "dismissals", "approvals"):
            object.__setattr__(made, name, getattr(self, name))
        for name in ("_counts", "_fixable"):
            object.__setattr__(made, name, getattr(self, name))
        object.__setattr__(made, "_held", fetch)
        return made

    @property
    def data(self) -> tuple[bytes, bytes]:
        """The body and the text."""
        held = self._held
        return held if isinstance(held, tuple) else (held(0), held(1))

    @property
    def body(self) -> bytes:
        """What `pack` gave."""
        held = self._held
        return held[0] if isinstance(held, tuple) else held(0)

    @property
    def text(self) -> bytes:
        """What `pack_text` gave."""
        held = self._held
        return held[1] if isinstance(held, tuple) else held(1)

    def __reduce__(self) -> tuple[Callable[..., PackedReport], tuple[object, ...]]:
        """Travel to another process as bytes."""
        return PackedReport, (self.path, self.body, self.text)

    @property
    def balance(self) -> Balance:
        """The balance, made afresh."""
        benefits, risks, sections = _parts(self.body)[4]
        return Balance(benefits, risks, tuple(SectionBalance(*each) for each in sections))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings, made afresh."""
        return tuple(self.each())

    def each(self) -> Iterator[Finding]:
        """Yield the findings one after another, a few of them unpacked at a time."""
        for packed in _parts(self.body)[6]:
            yield from _findings(packed)

    @property
    def document(self) -> Document:
        """The draft's text and places, without blocks."""
        for report, document in _DOCUMENTS:
            if report is self:
                return document
        made = _document(self.path, *self.data)
        _DOCUMENTS.append((self, made))
        return made

    def count(self, severity: Severity | None = None) -> int:
        """Count findings, all or of one severity."""
        if severity is None:
            return sum(self._counts)
        return self._counts[severity.rank]

    @property
    def fixable(self) -> int:
        """How many findings have a fix that cannot change what is claimed."""
        return self._fixable


def pack(report: FileReport) -> bytes:
    """Return a report as bytes, without its path and the draft's text.

    Raises:
        ValueError: the report came without its document.
    """
    document = report.document
    if document is None:
        message = f"the report of {report.path} came without its source"
        raise ValueError(message)
    balance = report.balance
    sections = tuple((s.heading, s.level, s.benefits, s.risks) for s in balance.sections)
    places = tuple((place.start, place.name) for place in document.places)
    findings = report.findings
    if not isinstance(findings, PackedFindings):
        findings = PackedFindings(findings)
    parts = (
        report.words,
        report.suppressed,
        tuple(report.count(severity) for severity in sorted(Severity, key=lambda s: s.rank)),
        report.fixable,
        (balance.benefits, balance.risks, sections),
        (document.format, document.is_extracted, places),
        findings.groups,
    )
    return marshal.dumps(parts, _MARSHAL_VERSION)


def pack_text(text: str) -> bytes:
    """Return a draft's text as bytes for a `PackedReport`."""
    return text.encode("utf-8", "surrogatepass")


# A reporter asks for it with every finding of a draft.
_DOCUMENTS: deque[tuple[PackedReport, Document]] = deque(maxlen=2)


def _document(path: str, body: bytes, text: bytes) -> Document:
    form, is_extracted, places = _parts(body)[5]
    return Document(
        path=path,
        format=form,
        source=text.decode("utf-8", "surrogatepass"),
        blocks=(),
        sections=(),
        places=tuple(Place(*each) for each in places),
        is_extracted=is_extracted,
    )


def _parts(body: bytes) -> tuple[Any, ...]:
    parts: tuple[Any, ...] = marshal.loads(body)  # noqa: S302 - our own plain data
    return parts


def _packed_findings(findings: tuple[Finding, ...]) -> bytes:
    sources: dict[tuple[Source, ...], int] = {}
    plain = tuple(
        (
            finding.rule,
            finding.category.value,
            finding.severity.value,
            finding.span.start,
            finding.span.end,
            finding.match,
            finding.message,
            finding.advice,
            tuple(plain_rewrite(rewrite) for rewrite in finding.rewrites),
            tuple((e.span.start, e.span.end, e.match) for e in finding.evidence),
            sources.setdefault(finding.sources, len(sources)),
            finding.fingerprint,
        )
        for finding in findings
    )
    cited = tuple(tuple((s.id, s.title, s.url, s.checked) for s in each) for each in sources)
    return zlib.compress(marshal.dumps((plain, cited), _MARSHAL_VERSION), _COMPRESSION)


def plain_rewrite(rewrite: Rewrite) -> tuple[Any, ...]:
    """Return a rewrite as plain data."""
    edits = tuple((edit.span.start, edit.span.end, edit.text) for edit in rewrite.edits)
    return rewrite.kind.value, rewrite.text, edits


def _findings(packed: bytes) -> tuple[Finding, ...]:
    plain, cited = marshal.loads(_inflate(packed))  # noqa: S302 - our own plain data
    sources = [tuple(_source(*each) for each in group) for group in cited]
    return tuple(
        Finding(
            rule=rule,
            category=_CATEGORIES[category],
            severity=_SEVERITIES[severity],
            span=Span(start, end),
            match=match,
            message=message,
            advice=advice,
            rewrites=tuple(rewrite_of(*each) for each in rewrites),
            evidence=tuple(Evidence(Span(e[0], e[1]), e[2]) for e in evidence),
            sources=sources[group],
            fingerprint=fingerprint,
        )
        for (
            rule,
            category,
            severity,
            start,
            end,
            match,
            message,
            advice,
            rewrites,
            evidence,
            group,
            fingerprint,
        ) in plain
    )


def rewrite_of(kind: str, text: str, edits: tuple[tuple[int, int, str], ...]) -> Rewrite:
    """Return the rewrite that plain data describe."""
    return Rewrite(_KINDS[kind], text, tuple(Edit(Span(e[0], e[1]), e[2]) for e in edits))


# Many findings cite the same few.
_source = lru_cache(maxsize=1024)(Source)


def _inflate(data: bytes) -> bytes:
    inflating = zlib.decompressobj()
    whole = inflating.decompress(data, _LARGEST)
    if not inflating.eof:
        message = "packed data is cut off, or too large"
        raise ValueError(message)
    return whole
