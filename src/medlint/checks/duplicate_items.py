"""`duplicate-items`: the same list item twice, also in other words."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING

from medlint.checks.view import Candidate, Place
from medlint.document import BlockKind
from medlint.findings import Edit, Rewrite, RewriteKind
from medlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medlint.checks.view import DocumentView
    from medlint.document import Block
    from medlint.patterns import Sequence


class Scope(StrEnum):
    """Which items are compared."""

    LIST = "list"
    SECTION = "section"


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateItems:
    """Items that say the same: by case, punctuation, number, article, order, form or synonym.

    Compares the items of one list (nested lists apart), or with `section` those of a section's
    sibling lists (nested ones left out).
    """

    scope: Scope = field(default=Scope.LIST, metadata={"doc": "list, or section."})

    def phrases(self) -> Iterator[tuple[str, int, Sequence]]:
        """Yield nothing: items are compared with each other."""
        return iter(())

    def evaluate(self, view: DocumentView) -> Iterator[Candidate]:
        """Yield a candidate for each later item, with the first one as evidence."""
        from medlint.checks.normal_form import Normaliser  # noqa: PLC0415 - with its tables

        normaliser = Normaliser(view.synonyms)
        first: dict[tuple[object, ...], tuple[int, Block]] = {}
        for number, block in enumerate(view.document.blocks):
            if block.kind is not BlockKind.LIST_ITEM or block.place is None:
                continue
            key = normaliser.form(block.text)
            if not key:
                continue
            if self.scope is Scope.SECTION and block.place.depth:
                # "Knee: pain" and "hip: pain" in lists of their own say different things.
                continue
            group = (block.section if self.scope is Scope.SECTION else block.place.list_id,)
            earlier = first.setdefault((*group, *key), (number, block))
            if earlier[0] == number:
                continue
            same_list = earlier[1].place and earlier[1].place.list_id == block.place.list_id
            if self.scope is Scope.SECTION and same_list:
                continue
            yield self._candidate(number, block, earlier)

    def _candidate(self, number: int, block: Block, earlier: tuple[int, Block]) -> Candidate:
        rewrites: tuple[Rewrite, ...] = ()
        if self.scope is Scope.LIST and block.removal is not None:
            rewrites = (
                Rewrite(RewriteKind.SAFE, "Remove the repeated item.", (Edit(block.removal, ""),)),
            )
        return Candidate(
            place=Place(number, 0, len(block.text)),
            evidence=(Place(earlier[0], 0, len(earlier[1].text)),),
            values={"first": earlier[1].text},
            rewrites=rewrites,
        )
