"""Disclosures to fill in: what a page about a product owes its reader, by jurisdiction.

The wording is in each ruleset's disclosure-blocks.yaml. A jurisdiction's own blocks of a kind take
the place of those of the rulesets that it extends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from medlint.blanks import blanks_in, replaced
from medlint.errors import RulesetError
from medlint.findings import Source
from medlint.loader import jurisdictions
from medlint.records import dataclass, replace
from medlint.rulefiles import FILE_TYPES, BlockEntry, Disclosure, RulesetEntry
from medlint.schema import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from medlint.findings import Product
    from medlint.rulesetfiles import RuleFile

_HEAD, _SOURCES, _BLOCKS = "ruleset.yaml", "sources.yaml", "disclosure-blocks.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A disclosure: paragraphs with blanks, or why `nothing` is owed.

    `blanks` are the names in brackets with an example each, in the order of the text.
    """

    kind: Disclosure
    title: str = ""
    when: str = ""
    text: tuple[str, ...] = ()
    nothing: str = ""
    note: str = ""
    blanks: tuple[tuple[str, str], ...] = ()
    sources: tuple[Source, ...] = ()

    def filled(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """Return the paragraphs with values for the blanks that have one."""
        return tuple(_filled(text, values) for text in self.text)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a product owes under one law: `name` is the ruleset's, `law` the jurisdiction's."""

    name: str
    law: str
    product: Product
    blocks: tuple[Block, ...]


def sheets(
    files: Iterable[RuleFile], product: Product, kinds: Iterable[Disclosure] = ()
) -> tuple[Sheet, ...]:
    """Return what a product owes, a sheet for each jurisdiction among rulesets.

    `kinds` limits it to some; without, all there are.

    Raises:
        RulesetError: a file is wrong.
    """
    library = _Library(files)
    wanted = tuple(kinds) or tuple(Disclosure)
    return tuple(
        Sheet(
            name,
            library.law(name),
            product,
            tuple(block for kind in wanted for block in library.blocks(name, product, kind)),
        )
        for name in library.laws()
    )


class _Library:
    """The blocks of rulesets, with what the rulesets say of one another."""

    def __init__(self, files: Iterable[RuleFile]) -> None:
        self._heads: dict[str, RulesetEntry] = {}
        self._sources: dict[str, Source] = {}
        self._blocks: dict[str, list[BlockEntry]] = {}
        problems: list[str] = []
        for file in files:
            if file.in_lexicon or file.name not in {_HEAD, _SOURCES, _BLOCKS}:
                continue
            value = _read(file, problems)
            if file.name == _HEAD:
                self._heads[file.ruleset] = value
            elif file.name == _SOURCES:
                found = (Source(e.id, e.title, e.url, e.checked) for e in value)
                self._sources.update((each.id, each) for each in found)
            else:
                self._blocks[file.ruleset] = list(value)
        if problems:
            raise RulesetError(tuple(problems))

    def laws(self) -> tuple[str, ...]:
        """Return the rulesets that each give a sheet: jurisdictions, or what there is."""
        tops = self._tops()
        return tuple(name for name in tops if self._law_in(name)) or tops

    def law(self, name: str) -> str:
        """Return what a ruleset's law is called."""
        return self._law_in(name) or name

    def blocks(self, name: str, product: Product, kind: Disclosure) -> tuple[Block, ...]:
        """Return the blocks of the first ruleset that has any of the kind for the product.

        Rulesets that are no jurisdiction's and that nothing extends have the first word.
        """
        others = (each for each in reversed(self._tops()) if not self._law_in(each))
        chain = tuple(dict.fromkeys((*others, *self._lineage(name))))
        return tuple(self._found(chain, name, product, kind))

    def _found(
        self, chain: tuple[str, ...], name: str, product: Product, kind: Disclosure
    ) -> Iterator[Block]:
        for number, each in enumerate(chain, 1):
            entries = [
                entry
                for entry in self._blocks.get(each, ())
                if entry.disclosure is kind and product in entry.products
            ]
            for entry in entries:
                if entry.text or entry.nothing:
                    yield self._block(entry, name)
                    continue
                # It says only what its law has to do with the wording that is there.
                for under in self._found(chain[number:], name, product, kind):
                    notes = filter(None, (under.note, str(entry.note)))
                    sources = self._cited(entry, name)
                    yield replace(under, note=" ".join(notes), sources=sources)
            if entries:
                return

    def _tops(self) -> tuple[str, ...]:
        """Return the rulesets that no other one extends, in their order."""
        under = {each for name in self._heads for each in self._lineage(name)[1:]}
        return tuple(name for name in self._heads if name not in under)

    def _law_in(self, name: str) -> str:
        heads = (self._heads[each] for each in self._lineage(name))
        return next((str(head.jurisdiction) for head in heads if head.jurisdiction), "")

    def _lineage(self, name: str) -> tuple[str, ...]:
        """Return a ruleset and what it extends, the nearest first."""
        if name not in self._heads:
            return ()
        extends = (each.rpartition("/")[2] for each in reversed(self._heads[name].extends))
        return tuple(dict.fromkeys((name, *(up for each in extends for up in self._lineage(each)))))

    def _block(self, entry: BlockEntry, name: str) -> Block:
        names = dict.fromkeys(blank.name for text in entry.text for blank in blanks_in(text))
        return Block(
            kind=entry.disclosure,
            title=str(entry.title),
            when=str(entry.when),
            text=tuple(map(str, entry.text)),
            nothing=str(entry.nothing),
            note=str(entry.note),
            blanks=tuple((blank, str(entry.blanks.get(blank, ""))) for blank in names),
            sources=self._cited(entry, name),
        )

    def _cited(self, entry: BlockEntry, name: str) -> tuple[Source, ...]:
        """Return a block's sources: of those of several laws, the ones of this law."""
        sources = [self._sources[each] for each in entry.sources if each in self._sources]
        others = {*jurisdictions()} - {*self._lineage(name)}
        own = [source for source in sources if _law(source) not in others]
        near = {*self._lineage(name)}
        return tuple(sorted(own or sources, key=lambda source: _law(source) not in near))


def _law(source: Source) -> str:
    return source.id.partition(".")[0]


def _read(file: RuleFile, problems: list[str]) -> Any:
    reader = Reader(file.path)
    root = reader.compose(file.data.decode("utf-8-sig", "replace"))
    value = reader.read(FILE_TYPES[file.name], root, file.name) if root is not None else None
    problems += reader.problems
    return () if value is None else value


def _filled(text: str, values: Mapping[str, str]) -> str:
    return replaced(text, lambda blank: values.get(blank.name, f"[{blank.name}]"))
