"""`pattern`: a regular expression over a block's text, under a time limit."""

from __future__ import annotations

from functools import lru_cache
from time import monotonic
from typing import TYPE_CHECKING, Any

from medlint.checks.view import Candidate, Place
from medlint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medlint.checks.view import DocumentView
    from medlint.patterns import Sequence

# Seconds that one expression may take on one draft, and for each of its characters.
TIME_LIMIT = 1.0
PER_CHARACTER = 2e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A regular expression of the `regex` module; case is ignored."""

    regex: str = field(metadata={"doc": "The expression, as the regex module has it."})
    needs: tuple[str, ...] = field(
        default=(),
        metadata={"doc": "Texts one of which a block must hold for the expression to be tried."},
    )

    def phrases(self) -> Iterator[tuple[str, int, Sequence]]:
        """Yield nothing: expressions are not phrases."""
        return iter(())

    def evaluate(self, view: DocumentView) -> Iterator[Candidate]:
        """Yield a candidate for each match.

        Raises:
            TimeoutError: the expression ran out of time on the draft.
        """
        deadline = monotonic() + TIME_LIMIT + PER_CHARACTER * len(view.document.source)
        for number, block in enumerate(view.document.blocks):
            if self.needs and not any(text in block.text for text in self.needs):
                continue
            left = deadline - monotonic()
            if left <= 0:
                raise TimeoutError
            for found in compiled(self.regex).finditer(block.text, timeout=left):
                if found.end() > found.start():
                    yield Candidate(place=Place(number, found.start(), found.end()))


@lru_cache(maxsize=256)
def compiled(expression: str) -> Any:
    """Compile an expression.

    Raises:
        regex.error: the expression is malformed.
    """
    import regex  # noqa: PLC0415 - most runs have no pattern rule, and the import costs 30 ms

    return regex.compile(expression, regex.IGNORECASE)
