"""`metric`: a readability formula over the whole document, by textstat."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from medlint.checks.view import Candidate, Place
from medlint.document import BlockKind
from medlint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medlint.checks.view import DocumentView
    from medlint.patterns import Sequence

_MIN_WORDS = 100
_PROSE = frozenset((BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTATION))


class Formula(StrEnum):
    """The formulas on offer; each is the textstat function of that name."""

    FLESCH_KINCAID_GRADE = "flesch-kincaid-grade"
    GUNNING_FOG = "gunning-fog"
    SMOG_INDEX = "smog-index"
    COLEMAN_LIAU_INDEX = "coleman-liau-index"
    AUTOMATED_READABILITY_INDEX = "automated-readability-index"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """Reports a document whose school grade by a formula lies above a limit.

    The formulas need some text: a document of fewer than 100 words of prose is left alone.
    """

    metric: Formula = field(metadata={"doc": "The formula."})
    above: float = field(metadata={"doc": "The highest grade that is not reported."})

    def phrases(self) -> Iterator[tuple[str, int, Sequence]]:
        """Yield nothing: a metric has no phrases."""
        return iter(())

    def evaluate(self, view: DocumentView) -> Iterator[Candidate]:
        """Yield one candidate at the first sentence where the grade is too high."""
        prose = [sentence for sentence in view.sentences if self._is_prose(view, sentence.block)]
        text = "\n".join(
            view.document.blocks[item.block].text[item.sentence.start : item.sentence.end]
            for item in prose
        )
        if len(text.split()) < _MIN_WORDS:
            return
        limit = view.options.get("grade", self.above)
        formula = str(view.options.get("metric", self.metric.value))
        grade = _grade(formula, text)
        if not isinstance(limit, int | float) or grade <= limit:
            return
        first = prose[0]
        yield Candidate(
            place=Place(first.block, first.sentence.start, first.sentence.end),
            values={"grade": f"{grade:.1f}", "limit": f"{limit:g}", "metric": formula},
        )

    def _is_prose(self, view: DocumentView, block: int) -> bool:
        return view.document.blocks[block].kind in _PROSE


def _grade(formula: str, text: str) -> float:
    import textstat  # noqa: PLC0415 - a slow import that only readability rules need

    return float(getattr(textstat, formula.replace("-", "_"))(text))
