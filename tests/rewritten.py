"""What the tests of rewrites share: filling blanks, applying, and finding the place again."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml

from medlint.blanks import blanks_in, filled
from medlint.document import Span
from medlint.engine import lint
from medlint.parsing import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from medlint.config import Settings
    from medlint.findings import Edit, Finding, Rewrite
    from medlint.rules import Ruleset


class Case(NamedTuple):
    """A rewrite applied in a draft: which, before and after, and where the new words stand."""

    finding: Finding
    rewrite: Rewrite
    before: str
    after: str
    place: Span

    @property
    def words(self) -> str:
        """The new words, as they stand in the draft."""
        return self.after[self.place.start : self.place.end]

    @property
    def replaced(self) -> str:
        """The words that stood there."""
        edits = self.rewrite.edits
        return self.before[min(e.span.start for e in edits) : max(e.span.end for e in edits)]

    def __str__(self) -> str:
        """Return the case as a reader judges it."""
        return f"{self.finding.rule}: {self.replaced!r} -> {self.words!r}"


@cache
def samples() -> dict[str, str]:
    """Return what blanks are filled with, by name in small letters."""
    read = yaml.safe_load((Path(__file__).parent / "fixtures" / "blanks.yaml").read_text("utf-8"))
    return {str(name): str(value) for name, value in read.items()}


def sample(name: str) -> str:
    """Return what a blank of this name is filled with; a capital begins what begins with one."""
    value = samples()[name.lower()]
    return value[0].upper() + value[1:] if name[0].isupper() else value


def filling(rewrite: Rewrite) -> Rewrite:
    """Return a rewrite with its blanks filled with samples."""
    return filled(rewrite, {blank.name: sample(blank.name) for blank in blanks_in(rewrite.text)})


def applied(source: str, edits: Iterable[Edit]) -> str:
    """Return a source with edits applied, which must not overlap."""
    pieces = []
    position = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        assert position <= edit.span.start <= edit.span.end <= len(source), edits
        pieces += [source[position : edit.span.start], edit.text]
        position = edit.span.end
    return "".join(pieces) + source[position:]


def applied_one(source: str, finding: Finding, rewrite: Rewrite) -> Case:
    """Apply one rewrite, its blanks filled."""
    done = filling(rewrite)
    edits = sorted(done.edits, key=lambda edit: edit.span)
    start = edits[0].span.start
    grown = sum(len(edit.text) - (edit.span.end - edit.span.start) for edit in edits)
    after = applied(source, edits)
    return Case(finding, done, source, after, Span(start, edits[-1].span.end + grown))


def cases(source: str, ruleset: Ruleset, settings: Settings, path: str) -> Iterator[Case]:
    """Yield every rewrite that can be applied for every finding of a draft."""
    document = parse(source, path=path)
    for finding in lint(document, ruleset, settings).findings:
        for rewrite in finding.rewrites:
            if rewrite.edits:
                yield applied_one(source, finding, rewrite)
