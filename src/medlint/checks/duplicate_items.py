"""`duplicate-items`: the same list item twice, also in other words."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from medlint.checks.view import Candidate, Place
from medlint.document import BlockKind
from medlint.findings import Edit, Rewrite, RewriteKind
from medlint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medlint.checks.view import DocumentView
    from medlint.document import Block, Document, ListPlace
    from medlint.patterns import Sequence


class Scope(StrEnum):
    """Which items are compared."""

    LIST = "list"
    SECTION = "section"
    SENTENCE = "sentence"


# What parts a list within a sentence: "Bring: (1) your letters; (2) your tablets; (3) ...".
_LONG_STOPS = re.compile(r";|$")
_SHORT_STOPS = re.compile(r"[,;](?!\d)|$")
_NUMBERING = re.compile(r"\s*(?:(?:and|or)\s+)?(?:\(?\w{1,2}[.)]\s+)?(?:(?:and|or)\s+)?")
_FEWEST_PARTS = 3
# "mild" may come twice; "dry mouth" may not.
_FEWEST_WORDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateItems:
    """Items that say the same: by case, punctuation, number, article, order, form or synonym.

    Compares the items of one list (nested lists apart), with `section` those of a section's sibling
    lists (nested ones left out), or with `sentence` those that a sentence lists after a colon or
    between semicolons.
    """

    scope: Scope = field(default=Scope.LIST, metadata={"doc": "list, section or sentence."})

    def phrases(self) -> Iterator[tuple[str, int, Sequence]]:
        """Yield nothing: items are compared with each other."""
        return iter(())

    def evaluate(self, view: DocumentView) -> Iterator[Candidate]:
        """Yield a candidate for each later item, with the first one as evidence."""
        if self.scope is Scope.SENTENCE:
            yield from _in_sentences(view)
            return
        items = self._items(view.document)
        if not items:
            return
        from medlint.checks.normal_form import Normaliser  # noqa: PLC0415 - with its tables

        normaliser = Normaliser(view.synonyms)
        first: dict[tuple[object, ...], tuple[int, Block, ListPlace]] = {}
        for number, block, place in items:
            key = view.forms.get(block.text)
            if key is None:
                key = view.forms[block.text] = normaliser.form(block.text)
            if not key:
                continue
            earlier = first.setdefault((self._group(block, place), *key), (number, block, place))
            if earlier[0] == number:
                continue
            if self.scope is Scope.SECTION and earlier[2].list_id == place.list_id:
                continue
            yield self._candidate(number, block, earlier[:2])

    def _items(self, document: Document) -> list[tuple[int, Block, ListPlace]]:
        """Return the items that have others to be compared with."""
        items = [
            (number, block, block.place)
            for number, block in enumerate(document.blocks)
            if block.kind is BlockKind.LIST_ITEM
            and block.place is not None
            # "Knee: pain" and "hip: pain" in lists of their own say different things.
            and not (self.scope is Scope.SECTION and block.place.depth)
        ]
        others: dict[int, set[int]] = {}
        for number, block, place in items:
            other = place.list_id if self.scope is Scope.SECTION else number
            others.setdefault(self._group(block, place), set()).add(other)
        return [item for item in items if len(others[self._group(item[1], item[2])]) > 1]

    def _group(self, block: Block, place: ListPlace) -> int:
        return block.section if self.scope is Scope.SECTION else place.list_id

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


def _in_sentences(view: DocumentView) -> Iterator[Candidate]:
    normaliser = None
    for number, block in enumerate(view.document.blocks):
        for sentence in block.sentences:
            parts = _listed(block.text, sentence.start, sentence.end)
            if not parts:
                continue
            if normaliser is None:
                from medlint.checks.normal_form import Normaliser  # noqa: PLC0415 - with its tables

                normaliser = Normaliser(view.synonyms)
            first: dict[tuple[str, ...], tuple[int, int]] = {}
            for start, end in parts:
                form = normaliser.form(block.text[start:end])
                if len(form) < _FEWEST_WORDS:
                    continue
                earlier = first.setdefault(form, (start, end))
                if earlier != (start, end):
                    yield Candidate(
                        place=Place(number, start, end),
                        evidence=(Place(number, *earlier),),
                        values={"first": block.text[slice(*earlier)]},
                    )


def _listed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where the parts of a sentence's list stand, without numbers and "and"; or none."""
    colon = text.find(":", start, end)
    semicolons = text.count(";", start, end)
    if colon < 0 and semicolons < _FEWEST_PARTS - 1:
        return []
    stops = _LONG_STOPS if semicolons else _SHORT_STOPS
    parts: list[tuple[int, int]] = []
    begin = colon + 1 if colon >= 0 else start
    for stop in stops.finditer(text, begin, end):
        first = _NUMBERING.match(text, begin, stop.start())
        begin = first.end() if first else begin
        last = begin + len(text[begin : stop.start()].rstrip(" .!\n"))
        if last > begin:
            parts.append((begin, last))
        begin = stop.end()
    return parts if len(parts) >= _FEWEST_PARTS else []
