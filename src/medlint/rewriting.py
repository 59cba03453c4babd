"""Words a finding's rewrites so that they fit its sentence, and gives them their edits."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from medlint.blanks import blanks_in
from medlint.findings import Category, Edit, Rewrite, RewriteKind
from medlint.naming.praise import praise_of
from medlint.naming.values import Naming, Value
from medlint.naming.words import ANSWERS, HOLDING, OUTCOMES, UNFINISHED
from medlint.placing import added, placed
from medlint.sites import (
    LABEL,
    LINE_WORDS,
    Site,
    ordinal_of,
    site_of,
    story_of,
    tail_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from medlint.checks.view import Hit, Place
    from medlint.document import Block, Document
    from medlint.lexicon import Lexicon
    from medlint.matcher import Tagged
    from medlint.rules import Rule

_SLOT = r"(\{[a-z][a-z0-9_]*\}|\[[^\[\]]*\])"
_ENDS = ".!?…"
_PLURAL_VERBS = {"has": "have", "is": "are", "was": "were", "does": "do"}
_SIBILANTS = ("sses", "shes", "ches", "xes", "zes")
_OPENINGS = (". ", "; ", "whether ", "Whether ", "that ", "how ", "How ", "if ", "what ", "What ")
# A longer item is not taken out as a whole.
_ITEM_WORDS = 30
_KEPT_CAPITALS = frozenset(("Dr", "I"))


class Fitter:
    """Fits rewrites into one document.

    `tagged` holds each block's sentences with their tags.
    """

    def __init__(
        self, document: Document, tagged: Mapping[int, Sequence[Tagged]], lexicon: Lexicon
    ) -> None:
        """Take the document; nothing is looked at yet."""
        self._document = document
        self._tagged = tagged
        self._lexicon = lexicon

    def rewrites(
        self, rule: Rule, place: Place, hit: Hit | None, values: Mapping[str, str]
    ) -> Iterator[Rewrite]:
        """Yield a rule's rewrites as they read in the place of a finding, the best one first."""
        if not rule.worded:
            return
        block = self._document.blocks[place.block]
        ordinal = ordinal_of(block, place.start)
        site = site_of(block, place, ordinal)
        if site.start == block.sentences[ordinal].start:
            site.start = self._answer_start(place.block, ordinal)
        naming = Naming(
            tagged=self._tagged[place.block][ordinal],
            text=block.text,
            base=block.sentences[ordinal].start,
            lexicon=self._lexicon,
            match=None if hit is None else (hit.match.start, hit.match.end),
        )
        yield from self._without(rule, site, naming, place)
        # Where a sentence does not name the product, what the page owes would stand out of place.
        product = naming.value("product") if _is_added(rule) else None
        is_named = product is not None and not product.pronoun
        for template, replaces, _, kind in _suiting(rule, site.setting):
            if replaces == "praise":
                yield from self._without_praise(template, block, naming)
                continue
            here = site
            if replaces == "match":
                here = Site(block, place.start, place.end)
            elif replaces == "story":
                here = story_of(site)
            text = _composed(template, values, naming, bare=replaces == "match")
            if template.startswith("[") and here.setting == "list-item":
                text = _about_itself(text, template, here)
            if replaces != "nothing":
                text = _fitted(text, here)
            yield self._rewrite(text, here, replaces, kind, is_named=is_named)

    def _without(self, rule: Rule, site: Site, naming: Naming, place: Place) -> Iterator[Rewrite]:
        """Yield the rewrites that take words out, where no others can stand for them.

        To take an item out may leave the line above the list unfinished: that is for the writer.
        """
        block = site.block
        tail = None if _is_added(rule) else tail_of(site, place)
        # "Immunity: vitamin C and zinc to fight off colds" is a thing with a name.
        if tail and (
            self._is_part(block)
            or naming.is_sold_before(tail[0])
            or ": " in block.text[site.start : tail[0]]
        ):
            edits = placed(self._document, block, *tail, "")
            if edits:
                words = block.text[slice(*tail)].strip(" ,")
                yield Rewrite(RewriteKind.UNSAFE, f"Leave out “{words}”.", edits)
        # "Stiffness: a benefit has …" can stand for an item anywhere, a sentence cannot.
        is_worded = any("list-item" in each[2] and each[0][0] == "[" for each in rule.worded)
        short = block.text.count(" ") < _ITEM_WORDS
        if block.removal is not None and short and not is_worded and self._goes_on(block):
            item = (Edit(block.removal, ""),)
            yield Rewrite(RewriteKind.DISPLAY, "Leave this item out.", item)
        if site.quoted and rule.category is not Category.ENDORSEMENT and not _is_added(rule):
            # What somebody is quoted with cannot be put in other words.
            yield Rewrite(RewriteKind.DISPLAY, "Leave this quotation out.", ())

    def _goes_on(self, block: Block) -> bool:
        """Tell whether an item ends the sentence that leads in its list."""
        tagged = self._lead_in(block)
        if tagged is None:
            return False
        last = len(tagged.tokens) - 2
        word = tagged.tokens.norms[last]
        if word in UNFINISHED or block.text[:3].lower() == "to ":
            return True
        names = self._lexicon.names
        # "We use it to treat:" wants a complaint, "Benefits:" is complete.
        return not word.endswith("s") and any(
            last in places and names.get(symbol, "").endswith(".base")
            for symbol, places in tagged.tags.items()
        )

    def _is_part(self, block: Block) -> bool:
        """Tell whether an item is a part of what is offered: "Your plan may include:"."""
        tagged = self._lead_in(block)
        if tagged is None:
            return False
        norms = tagged.tokens.norms
        return norms[-2] in HOLDING and OUTCOMES.isdisjoint(norms[tagged.first :])

    def _lead_in(self, block: Block) -> Tagged | None:
        """Return the last sentence of what leads in an item's list, if it ends with a colon."""
        if block.place is None or block.place.lead_in is None:
            return None
        number = block.place.lead_in
        lead_in = self._document.blocks[number]
        if not lead_in.text.endswith(":"):
            return None
        tagged = self._tagged[number][len(lead_in.sentences) - 1]
        return tagged if len(tagged.tokens) > 1 else None

    def _answer_start(self, number: int, ordinal: int) -> int:
        """Return where an answer begins, at the yes or no before what it says further."""
        block = self._document.blocks[number]
        text, sentences = block.text, block.sentences
        start = sentences[ordinal].start
        if not ordinal:
            return start
        answer = sentences[ordinal - 1]
        label = LABEL.match(text, answer.start, answer.end)
        begin = answer.start if label is None else label.end()
        words = text[begin : answer.end].lower().replace(",", "").rstrip(".!").split()
        if not words or not ANSWERS.issuperset(words):
            return start
        before = text[: answer.start] or (self._document.blocks[number - 1].text if number else "")
        return begin if before.rstrip().endswith("?") else start

    def _without_praise(self, template: str, block: Block, naming: Naming) -> Iterator[Rewrite]:
        """Yield the rewrite that leaves praise out, where the sentence stands without it."""
        found = praise_of(naming)
        if found is None:
            return
        start, end, article = found
        if block.text[:start].strip() == "" and " " not in block.text[end:].strip():
            # "Clinically proven results" would be "Results".
            return
        old = block.text[start:end].strip()
        words = old.split(" ", 1)[1] if article else old
        if start == naming.base and not article:
            # The noun begins the sentence now.
            end += 1
            article = block.text[end - 1].upper()
        edits = placed(self._document, block, start, end, article)
        if edits:
            yield Rewrite(RewriteKind.UNSAFE, template.replace("{praise}", words), edits)

    def _rewrite(
        self, text: str, site: Site, replaces: str, kind: str, *, is_named: bool
    ) -> Rewrite:
        span = site.block.span
        if "\u2019" in self._document.source[span.start : span.end]:
            text = text.replace("'", "\u2019")
        edits: tuple[Edit, ...] = ()
        if replaces == "nothing":
            edits = added(self._document, site.block, site.end, text) if is_named else ()
        elif site.whole:
            edits = placed(self._document, site.block, site.start, site.end, text)
        # Words that state no fact can be applied by themselves, where they fit.
        unsafe = kind == "unsafe" and edits and not blanks_in(text)
        return Rewrite(RewriteKind.UNSAFE if unsafe else RewriteKind.DISPLAY, text, edits)


def _is_added(rule: Rule) -> bool:
    """Tell whether a rule's wordings are added to the page and replace nothing."""
    return any(each[1] == "nothing" for each in rule.worded)


def _suiting(rule: Rule, setting: str) -> list[tuple[str, str, tuple[str, ...], str]]:
    """Return the wordings for a setting: first those made for it, then those for all.

    Words that only go need no wording at all.
    """
    general = [each for each in rule.worded if not each[2]]
    if len(general) == len(rule.worded):
        return general
    suiting = [each for each in rule.worded if setting in each[2]] + general
    return sorted(suiting, key=lambda each: each[1] != "praise")


def _composed(template: str, values: Mapping[str, str], naming: Naming, *, bare: bool) -> str:
    """Fill a template's names, and those blanks whose value the sentence itself tells."""
    written = ""
    plural = False
    used: dict[str, str] = {}
    for number, part in enumerate(_parts(template)):
        if not number % 2:
            written = _continued(written, part, plural=plural)
            continue
        value = _value(part, values, naming, bare=bare)
        is_subject = not written or written.endswith(_OPENINGS)
        # What is compared with itself was found in the wrong place.
        if value and used.setdefault(value.text.lower(), part.lower()) != part.lower():
            value = None
        if value is None or (value.pronoun and not is_subject):
            written += part
            plural = False
            continue
        # The verb after "that it relieves pains" is no verb of the pains.
        plural = value.plural and is_subject
        word = value.text
        if written.endswith((" a ", " an ")) or written in {"A ", "An "}:
            written = written.rstrip("n ") + ("n " if word[0].lower() in "aeiou" else " ")
        written += word if written and not written.endswith((". ", "? ")) else _capital(word)
    return written


@cache
def _parts(template: str) -> list[str]:
    """Split a template into its words and, in every other place, its names and blanks."""
    return re.split(_SLOT, template)


def _about_itself(text: str, template: str, item: Site) -> str:
    """Fill the blank that a template begins with by an item's own words: "Better sleep: …"."""
    rest = template.partition("]")[2]
    words = item.text.rstrip(f"{_ENDS};,")
    is_label = rest.startswith(":") and ":" not in words and words.count(" ") < LINE_WORDS
    return f"{words}:{text.partition(':')[2]}" if is_label else text


def _value(slot: str, values: Mapping[str, str], naming: Naming, *, bare: bool) -> Value | None:
    name = slot[1:-1]
    if slot[0] == "[":
        return naming.value(name[:1].lower() + name[1:], bare=bare)
    value = values.get(name)
    if value is None:
        return None
    opens = naming.text.startswith(value, naming.base)
    return Value(naming.relaxed(value, opens=opens))


def _continued(written: str, literal: str, *, plural: bool) -> str:
    """Add a template's words; a verb after a value in the plural agrees with it."""
    if not plural or not literal.startswith(" "):
        return written + literal
    verb, blank, rest = literal[1:].partition(" ")
    mark = verb[-1:] if verb.endswith((",", ";", ":", ".")) else ""
    verb = verb.removesuffix(mark) if mark else verb
    known = _PLURAL_VERBS.get(verb)
    if known is None and verb.isalpha() and verb.endswith("s") and not verb.endswith("ss"):
        known = verb[:-2] if verb.endswith(_SIBILANTS) else verb[:-1]
    return f"{written} {known or verb}{mark}{blank}{rest}"


def _fitted(text: str, site: Site) -> str:
    """Give a text the capital and the end that the words it replaces have."""
    old = site.text
    if not text or not old:
        return text
    letter = next(filter(str.isalnum, old), "")
    if not site.setting:
        begins = any(sentence.start == site.start for sentence in site.block.sentences)
        return _capital(text) if letter.isupper() and begins else text
    body = text.removesuffix(".").removesuffix(":")
    single = ". " not in body
    if letter.islower() and single and site.setting in {"list-item", "table-cell"}:
        body = _small(body)
    else:
        body = _capital(body)
    end = _end(old)
    if not end and old[0] == '"' and site.setting == "text":
        # What ends is a name: "It works." Joyce, 61
        end = "."
    if body.endswith("?") or (site.setting == "heading" and end in {"?", "!"}):
        return body
    if end == ":" or (end in {";", ","} and single):
        return body + end
    return f"{body}." if end or not (single or site.setting == "heading") else body


def _end(old: str) -> str:
    """Return the sign that ends a sentence, whatever quotation marks or emoji follow it."""
    for sign in reversed(old):
        if sign.isalnum():
            return ""
        if sign in _ENDS or sign in ":;,":
            return sign
    return ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _small(text: str) -> str:
    """Return a text with a small letter first, unless its first word is a name."""
    word = text.split(" ", 1)[0]
    if word[:1].isalpha() and word[1:].islower() and word not in _KEPT_CAPITALS:
        return text[:1].lower() + text[1:]
    return text
