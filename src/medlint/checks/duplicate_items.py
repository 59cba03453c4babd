"""`duplicate-items`: the same list item twice, also in other words."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from medlint.checks.view import Candidate, Place
from medlint.document import BlockKind
from medlint.findings import Edit, Rewrite, RewriteKind
from medlint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medlint.checks.normal_form import Normaliser
    from medlint.checks.view import DocumentView
    from medlint.document import Block, Document, ListPlace
    from medlint.patterns import Sequence

# Where something begins and ends, in code points of a block's text.
_Part: TypeAlias = tuple[int, int]


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
# A list of prose: "covers gout, bursitis, arthritis and gout". Its first item has so many words.
# Of three, only what comes again word for word counts: "dry eye, knee pain and dry eye".
_FEWEST_IN_PROSE, _FEWEST_COMMAS, _LONGEST_ENDING = 4, 1, 8
_CONJUNCTION = re.compile(r"\s+(?:and|or)\s+")
_WORD = re.compile(r"\S+")
# In a short list "mild" may come twice; "dry mouth" may not, and in a long one nor may "nausea".
_FEWEST_WORDS, _LONG_LIST, _LONG_WORD = 2, 4, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateItems:
    """Items that say the same: by case, punctuation, number, article, order, form or synonym.

    Compares the items of one list (nested lists apart), with `section` those of a section's sibling
    lists (nested ones left out), or with `sentence` those that a sentence lists: after a colon,
    between semicolons, or between commas with "and" or "or" before the last (of three items there,
    only several words that come again as they are count).
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
            for earlier, later in _repeated(normaliser, block.text, sentence.start, parts):
                yield Candidate(
                    place=Place(number, *later),
                    evidence=(Place(number, *earlier),),
                    values={"first": block.text[slice(*earlier)]},
                )


def _repeated(
    normaliser: Normaliser, text: str, start: int, parts: list[_Part]
) -> Iterator[tuple[_Part, _Part]]:
    """Yield what is listed again, each with where it stood first.

    In prose, what stands side by side is no repetition: "stem cells, or MSCs", "again and again".
    """
    told = text[start : parts[0][0]]
    is_long = len(parts) >= _LONG_LIST and not any(map(str.isdigit, told))
    is_prose = _is_prose(text, start, parts[-1][1])
    form_of = _as_worded if is_prose and len(parts) < _FEWEST_IN_PROSE else normaliser.form
    first: dict[tuple[str, ...], tuple[int, _Part]] = {}
    if is_prose:
        # The first item of a list of prose ends what comes before it: "It covers gout, ...".
        words = [word.start() for word in _WORD.finditer(text, *parts[0])]
        endings = [(place, parts[0][1]) for place in words[1:][-_LONGEST_ENDING:]]
        first |= {form_of(text[slice(*each)]): (0, each) for each in endings}
    for number, part in enumerate(parts):
        form = form_of(text[slice(*part)])
        if (number == 0 and is_prose) or not _is_telling(form, is_long=is_long):
            continue
        where, earlier = first.setdefault(form, (number, part))
        if earlier != part and not (is_prose and number - where == 1):
            yield earlier, part


def _as_worded(text: str) -> tuple[str, ...]:
    """Return an item's words as they stand, but for case."""
    return tuple(text.lower().split())


def _is_telling(form: tuple[str, ...], *, is_long: bool) -> bool:
    """Tell whether an item says enough to be one and the same where it comes again."""
    if len(form) >= _FEWEST_WORDS:
        return True
    return is_long and len(form) == 1 and form[0].isalpha() and len(form[0]) >= _LONG_WORD


def _listed(text: str, start: int, end: int) -> list[_Part]:
    """Return where the parts of a sentence's list stand, without numbers and "and"; or none.

    Of a list of prose, the first part begins with the sentence.
    """
    colon = text.find(":", start, end)
    semicolons = text.count(";", start, end)
    is_prose = _is_prose(text, start, end)
    if is_prose and text.count(",", start, end) < _FEWEST_COMMAS:
        return []
    if colon < 0 and 0 < semicolons < _FEWEST_PARTS - 1:
        return []
    stops = _LONG_STOPS if semicolons else _SHORT_STOPS
    parts: list[_Part] = []
    begin = colon + 1 if colon >= 0 else start
    for stop in stops.finditer(text, begin, end):
        first = _NUMBERING.match(text, begin, stop.start())
        begin = first.end() if first and not (is_prose and begin == start) else begin
        last = begin + len(text[begin : stop.start()].rstrip(" .!\n"))
        if last > begin:
            parts.append((begin, last))
        begin = stop.end()
    if stops is _SHORT_STOPS and parts:
        parts[-1:] = _last_two(text, *parts[-1])
    if len(parts) < _FEWEST_PARTS or (is_prose and not _ends_list(text, parts)):
        return []
    return parts


def _is_prose(text: str, start: int, end: int) -> bool:
    """Tell whether only commas can part a list."""
    return not any(sign in text[start:end] for sign in ":;")


def _last_two(text: str, start: int, end: int) -> list[_Part]:
    """Part what "and" joins at the end of a list."""
    found = _CONJUNCTION.search(text, start, end)
    if not found:
        return [(start, end)]
    numbering = _NUMBERING.match(text, found.end(), end)
    return [(start, found.start()), (numbering.end() if numbering else found.end(), end)]


def _ends_list(text: str, parts: list[_Part]) -> bool:
    """Tell whether "and" or "or" stands before the last part."""
    return _CONJUNCTION.search(text, parts[-2][1], parts[-1][0]) is not None
