"""What a sentence is about, in its own words: what fills the blanks that the draft itself tells."""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING

from medlint.opcodes import CARRIED
from medlint.records import dataclass

if TYPE_CHECKING:
    from medlint.lexicon import Lexicon
    from medlint.matcher import Tagged

# What joins the parts of an enumeration, and how many such words may stand between two parts.
_JOINING = frozenset(", and or / & your the a an".split())
_MOST_JOINING = 2
# A longer list of complaints is left to the author.
_LONGEST = 90
_DETERMINERS = frozenset("our this these the a an".split())
# In "our advanced cell therapy", "our" may stand this many words before the name.
_OUR_REACH = 3
# What stands before a function or complaint and stays with it: "the immune system".
_KEPT_ARTICLES = frozenset(("the", "your"))
_CHANGING = frozenset(("a", "an", "the"))
_OWN_ARTICLES = _DETERMINERS | frozenset("your each every one such my their".split())
# What makes "treatment" the one that is sold.
_POINTING = frozenset(("our", "this", "these", "the"))
# Pronouns that open a claim, and whether they are plural.
_PRONOUNS = {"it": False, "this": False, "they": True, "these": True}
# Heads of names that take an article in the singular.
_COUNTED = frozenset(
    "app bath bed booster boost capsule chamber cleanse cream device diet drip facial filler"
    " formula gel graft gummy implant infusion injection lamp laser lens mask massage mat method"
    " pack patch peel pill plan procedure product program programme protocol retreat scan serum"
    " session shot spray supplement system table tablet technique test tonic transplant".split()
)
# Names that say nothing of what they name.
_GENERIC = frozenset(
    "treatment treatments therapy therapies procedure procedures approach approaches medicine"
    " medicines remedy remedies program programs programme programmes method methods solution"
    " solutions option options session sessions visit visits one single each every same".split()
)
# Words that say no more of a complaint than that there is one.
_VAGUE = frozenset(
    "condition conditions problem problems issue issues symptom symptoms disorder disorders ailment"
    " ailments wound function functions damage body life daily common chronic certain many other"
    " various wide range of a the your".split()
)
# What stands before a name that something is done by or with: "relief with PRP", "we use PRP".
# After another verb it is what comes of the treatment: "makes more collagen".
_BEFORE_AGENTS = frozenset(
    "of with by through via using for as like from during after in about that whether how if when"
    " while because since but and so where is are was were be being been called use uses used take"
    " takes taking took try tried get gets getting given offer offers offered receive receives"
    " received receiving had have has having add adding adds combine combines combining contains"
    " containing include includes including choose choosing provide provides provided introducing"
    " discover undergo such recommend recommends do does did can could will would may should".split()
)
# What may stand between that and the name.
_BEFORE_NAMES = frozenset(
    "only just even several some most many all other new more certain daily regular".split()
)
_ADJECTIVE_ENDS = ("al", "ic", "ive", "ous", "ary", "ese")
# "Levels of collagen", "an increase in melatonin": the body's own.
_MEASURED = frozenset(
    "level levels production amount amounts release formation growth synthesis loss lack supply"
    " result results increase decrease rise boost source concentration".split()
)
# What is compared, or left out: "unlike in acupuncture, needles go straight in".
_APART = frozenset("unlike than versus vs without instead before".split())
_PRONOUN_SUBJECTS = frozenset("it which who this he she also".split())
# What a name goes on with that stands before it: "our stem cell programme".
_HEADS = frozenset(
    "treatment treatments therapy therapies procedure procedures program programs programme"
    " programmes protocol protocols regimen regimens".split()
)
# "Faster recovery" is what is claimed; the claim is about recovery.
_COMPARED = frozenset(
    "faster better deeper thicker healthier stronger smoother shorter quicker improved enhanced"
    " increased reduced sharper greater fewer less more".split()
)
# Words that keep a small letter in a title, however long they are.
_SMALL_IN_TITLES = frozenset(
    "with without through from into over under your their that this than when after before".split()
)
# How many words after "of" belong to a name: "the texture of the skin".
_OF_REACH = 4
# Adjectives that lead nowhere else: "in a natural way".
_EMPTY_HEADS = frozenset("way manner fashion".split())
_SUPERLATIVES = frozenset("most best first leading".split())
# Words that have their capital everywhere.
_NAMES = frozenset("Lyme Chinese Indian Korean Japanese Swedish Thai Ayurvedic Ayurveda".split())
_SINGULAR_ENDS = ("ss", "us", "is", "'s", "diabetes", "herpes", "shingles", "measles", "rabies")
_PLURALS = frozenset("people teeth feet men women children bacteria".split())
_HEAD_ENDS = (" of ", " for ", " with ", " in ", " to ")
# What stands between two adjectives of one noun, and before them.
_BETWEEN_PRAISE = frozenset((",", "and"))
_INTENSIFIERS = frozenset(
    "very highly truly totally completely entirely really so extremely most more virtually".split()
)
_BEFORE_NOUNS = _DETERMINERS | frozenset(
    "with of for to by through from in into using as on at about offers offer provides provide use"
    " uses get try choose your their its my is are was not that".split()
)
# Words that no noun phrase begins with: there the praise is all that is said.
_NO_NOUNS = frozenset(
    "is are was were be been being has have had do does did can could will would may might must"
    " should and or but nor in on at of to for from by with as than that which who when while"
    " because if enough so not , . : ; ! ? ( ) —".split()
)
_LETTERS = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
# A word of so many letters is capitalised in a line only where the line is in title case.
_LONG_WORD = 4


@dataclass(frozen=True, slots=True)
class Value:
    """What fills a blank: words of the draft, and whether a verb after them is in the plural.

    A pronoun can only be the subject: of a sentence, or of a clause that "whether" opens.
    """

    text: str
    plural: bool = False
    pronoun: bool = False


@dataclass(slots=True, kw_only=True)
class Naming:
    """A sentence that a rewrite replaces.

    `text` is its block's, in which the sentence begins at `base`; `match` are the tokens of the
    finding, where it has any.
    """

    tagged: Tagged
    text: str
    base: int
    lexicon: Lexicon
    match: tuple[int, int] | None
    # The wordings of a rule ask for the same few.
    _values: dict[tuple[str, bool], Value | None] = field(default_factory=dict)
    _title_case: bool | None = None

    def value(self, blank: str, *, bare: bool = False) -> Value | None:
        """Return what fills a blank where the sentence leaves no doubt.

        With `bare`, only the words of the finding are looked at, and no article is added.
        """
        key = blank, bare
        if key not in self._values:
            self._values[key] = self._value(blank, bare=bare)
        return self._values[key]

    def _value(self, blank: str, *, bare: bool) -> Value | None:
        symbols = self.lexicon.blanks.get(blank)
        if symbols is None:
            return None
        carriers = self.lexicon.carriers
        is_carried = any(symbol in carriers for symbol in symbols)
        if is_carried and not bare and (pronoun := self._pronoun()):
            return pronoun
        seen: list[tuple[int, int]] = []
        for symbol in symbols:
            if symbol not in self.tagged.tags:
                continue
            found = self._candidates(symbol, is_promoted=is_carried)
            if seen:
                # Of several conditions, one may be the only disease.
                found = [place for place in found if any(_meet(place, other) for other in seen)]
            chosen = self._chosen(found, bare=bare, is_promoted=is_carried)
            if chosen is not None:
                return self._worded(*chosen, bare=bare or not is_carried, whole=not bare)
            if found and is_carried:
                return None
            seen = seen or found
        return None

    def praise(self) -> tuple[int, int, str] | None:
        """Return where adjectives of praise in the finding's words can go, and what is left.

        The range is one of the block's text, up to the noun; what is left is an article that
        changes with it, or nothing.
        """
        found = self._praise_tokens()
        if found is None:
            return None
        start, end = found
        tokens, first = self.tagged.tokens, self.tagged.first
        norms = tokens.norms
        if not self._goes_on(end) or self._needs_praise(start, end):
            return None
        low, high = self.base + tokens.starts[start], self.base + tokens.starts[end]
        if start == first:
            return low, high, ""
        before = norms[start - 1]
        if before not in _BEFORE_NOUNS or not tokens.is_word[start - 1]:
            return None
        if before not in {"a", "an"}:
            return low, high, ""
        article = "an" if norms[end][0] in "aeiou" else "a"
        written = self._text(start - 1, start)
        article = article.capitalize() if written[0].isupper() else article
        return self.base + tokens.starts[start - 1], high, f"{article} "

    def _needs_praise(self, start: int, end: int) -> bool:
        """Tell whether what is left says something else, or nothing: "in a natural way"."""
        tokens, text = self.tagged.tokens, self.text
        norms = tokens.norms
        if norms[end] in _EMPTY_HEADS and norms[end + 1 : end + 2] not in {("to",), ("of",)}:
            return True
        if text[self.base + tokens.starts[end] - 1] == "-":
            # "The best-studied laser".
            return True
        names = self.lexicon.blanks.get("product", ())[:1]
        if norms[end] not in _GENERIC and any(
            max(self.tagged.tags.get(name, {}).get(start, (0,))) > end for name in names
        ):
            # A "non-surgical facelift" is no facelift.
            return True
        # "The most effective treatment" is not "the treatment", but one of them may be.
        is_most = norms[start] in _SUPERLATIVES or norms[start].endswith("est")
        before = norms[max(start - 2, 0) : start]
        return is_most and before[-1:] == ("the",) and before != ("of", "the")

    def _praise_tokens(self) -> tuple[int, int] | None:
        """Return the run of praise in the finding's words, with its adverbs and conjunctions."""
        symbols = self.lexicon.blanks.get("praise")
        if not symbols or self.match is None:
            return None
        norms = self.tagged.tokens.norms
        run: tuple[int, int] | None = None
        for start, end in self.tagged.parts(symbols[0]):
            if start < self.tagged.first or (run and start < run[1]):
                continue
            if run is None or not set(norms[run[1] : start]) <= _BETWEEN_PRAISE:
                if run and run[0] < self.match[1] and self.match[0] < run[1]:
                    break
                run = start, end
            else:
                run = run[0], end
        if run is None or run[0] >= self.match[1] or self.match[0] >= run[1]:
            return None
        start = run[0]
        while start > self.tagged.first and norms[start - 1] in _INTENSIFIERS:
            start -= 1
        return start, run[1]

    def _candidates(self, symbol: int, *, is_promoted: bool) -> list[tuple[int, int]]:
        """Return where a concept is named, enumerations as one, from left to right."""
        places = self.tagged.parts(symbol)
        if places and not is_promoted:
            # The "knee pain" of "our knee pain programme" is no complaint by itself.
            carriers = self.lexicon.carriers
            promoted = [each for other in carriers for each in self.tagged.parts(other)]
            places = tuple(
                (start, end)
                for start, end in places
                if not any(first <= start and end <= last for first, last in promoted)
            )
        places = tuple(place for place in places if self._is_whole(*place))
        joined: list[tuple[int, int]] = []
        for start, end in places:
            if joined and start < joined[-1][1]:
                joined[-1] = joined[-1][0], max(joined[-1][1], end)
            elif joined and self._joins(joined[-1][1], start):
                joined[-1] = joined[-1][0], end
            else:
                joined.append((start, end))
        if is_promoted:
            return [place for place in joined if self._acts(*place)]
        return [place for place in joined if not self._is_generic(*place)]

    def _joins(self, end: int, start: int) -> bool:
        if start - end > _MOST_JOINING or end <= self.tagged.first - 1 < start:
            return False
        return all(word in _JOINING for word in self.tagged.tokens.norms[end:start])

    def _is_whole(self, start: int, end: int) -> bool:
        """Tell whether words are no part of a compound such as "acne-prone"."""
        if start < self.tagged.first:
            return True
        tokens, text = self.tagged.tokens, self.text
        low, high = self.base + tokens.starts[start], self.base + tokens.ends[end - 1]
        return text[low - 1 : low] != "-" and text[high : high + 1] != "-"

    def _acts(self, start: int, end: int) -> bool:
        """Tell whether a name can be that of what is sold, rather than of what it acts on."""
        first, norms = self.tagged.first, self.tagged.tokens.norms
        if self._praises(start) and norms[end - 1] not in _GENERIC:
            # A "non-surgical facelift" is not called a facelift.
            return False
        if start > first and end - start == 1 and norms[start].endswith("s"):
            # In "it cleanses the skin" no cleanses are sold.
            if norms[start - 1] in _PRONOUN_SUBJECTS:
                return False
        if start < first or (self.match and start == self.match[0]):
            return True
        if self._is_apart(start):
            return False
        place = start - 1
        while place >= first and self._describes(place):
            place -= 1
        if place < first:
            return True
        word = norms[place]
        if word == ",":
            # "With no additives, fillers or colours" goes on with an enumeration.
            return norms[end : end + 1] not in {(), ("and",), ("or",), (",",), (".",)}
        if place > first and word in {"of", "in"}:
            return norms[place - 1] not in _MEASURED
        if word == "as":
            return norms[place - 1] == "such"
        return word in _BEFORE_AGENTS or not self.tagged.tokens.is_word[place]

    def _is_apart(self, start: int) -> bool:
        """Tell whether the clause before a name compares it with what is sold."""
        tokens = self.tagged.tokens
        for place in range(start - 1, self.tagged.first - 1, -1):
            if not tokens.is_word[place]:
                return False
            if tokens.norms[place] in _APART:
                return True
        return False

    def _describes(self, place: int) -> bool:
        """Tell whether a word before a name belongs to it: "a directed weight loss program"."""
        norms = self.tagged.tokens.norms
        word = norms[place]
        if word in _OWN_ARTICLES or word in _BEFORE_NAMES or word.endswith(_ADJECTIVE_ENDS):
            return True
        if self._praises(place):
            return True
        known = word in _BEFORE_AGENTS or not self.tagged.tokens.is_word[place]
        return not known and place > self.tagged.first and norms[place - 1] in _DETERMINERS

    def _praises(self, place: int) -> bool:
        symbols = self.lexicon.blanks.get("praise")
        return bool(symbols) and place in self.tagged.tags.get(symbols[0], {})

    def _chosen(
        self, found: list[tuple[int, int]], *, bare: bool, is_promoted: bool
    ) -> tuple[int, int] | None:
        """Return the only candidate of the finding's words, of the sentence, or of its lead-in.

        A lead-in tells what is sold, not what for: its items do.
        """
        first = self.tagged.first
        low, high = self.match or (first, len(self.tagged.tokens))
        inside = [
            (start, end)
            for start, end in found
            if low <= start < high and (end <= high or not (bare or is_promoted))
        ]
        own = [(start, end) for start, end in found if start >= first]
        if not is_promoted:
            found = own
        for places in (inside,) if bare else (inside, own, found):
            # "TMS is a painless treatment" is about TMS.
            named = [place for place in places if not self._is_generic(*place)] or places
            if named:
                texts = {self._text(*place).lower() for place in named}
                return named[0] if len(texts) == 1 else None
        return None

    def _is_generic(self, start: int, end: int) -> bool:
        words = self._unpraised(start, end).lower().split()
        return all(word in _GENERIC or word in _DETERMINERS or word in _VAGUE for word in words)

    def _unpraised(self, start: int, end: int) -> str:
        """Return the words of a name without those that praise it."""
        symbols = self.lexicon.blanks.get("praise")
        if symbols:
            for first, last in self.tagged.parts(symbols[0]):
                if start <= first and last < end:
                    before = self._text(start, first) if start < first else ""
                    return f"{before} {self._unpraised(last, end)}".strip().strip(",").strip()
        return self._text(start, end)

    def _text(self, start: int, end: int) -> str:
        tokens = self.tagged.tokens
        if start < self.tagged.first:
            return " ".join(tokens.surfaces[start:end]).replace(" ,", ",")
        return self.text[self.base + tokens.starts[start] : self.base + tokens.ends[end - 1]]

    def _worded(self, start: int, end: int, *, bare: bool, whole: bool) -> Value | None:
        if bare and whole:
            end = self._with_owner(end)
            while end - start > 1 and self.tagged.tokens.norms[start] in _COMPARED:
                start += 1
        elif not bare and end < len(self.tagged.tokens) and self.tagged.tokens.norms[end] in _HEADS:
            end += 1
        text = _joined(self._unpraised(start, end))
        if len(text) > _LONGEST or '"' in text or text.count("(") != text.count(")"):
            return None
        text = self.relaxed(text, opens=self._opens(start), own=start >= self.tagged.first)
        plural = is_plural(text)
        article = self._determiner(start)
        if article in (_CHANGING if bare else {"a", "an"}) and self._goes_on(end):
            # "A tapping sensation" is no tapping, "the pain threshold" no pain.
            article = ""
        if bare:
            keeps = whole and article in _KEPT_ARTICLES and not self._is_complaint(start)
            return Value(f"{article} {text}" if keeps else text, plural)
        opening = text.split(" ", 1)[0].lower()
        if self._is_generic(start, end):
            # "A gentle treatment" may be any; "our gentle treatment" is one.
            if opening in _POINTING:
                return Value(text, plural)
            if text.endswith("same") or article not in _POINTING:
                return None
        elif opening in _OWN_ARTICLES:
            return Value(text, plural)
        elif not plural and _head(text) in _COUNTED:
            article = article or "the"
        return Value(f"{article} {text}" if article else text, plural)

    def _goes_on(self, end: int) -> bool:
        """Tell whether words may be the beginning of a longer name."""
        tokens = self.tagged.tokens
        return end < len(tokens) and tokens.is_word[end] and tokens.norms[end] not in _NO_NOUNS

    def _with_owner(self, end: int) -> int:
        """Return where a name ends with what it is one of: "the texture of the skin"."""
        tokens = self.tagged.tokens
        if end >= len(tokens) or tokens.norms[end] != "of":
            return end
        last = end + 1
        while last < len(tokens) and (
            tokens.norms[last] in _DETERMINERS
            or (tokens.is_word[last] and tokens.norms[last] not in _NO_NOUNS)
        ):
            last += 1
        return last if 1 < last - end <= _OF_REACH else end

    def _is_complaint(self, start: int) -> bool:
        """Tell whether words name a condition, which takes no article."""
        symbols = self.lexicon.blanks.get("condition", ())
        return any(start in self.tagged.tags.get(symbol, {}) for symbol in symbols)

    def _determiner(self, start: int) -> str:
        """Return the article or the like that stands before a name."""
        tokens = self.tagged.tokens
        for back in range(1, _OUR_REACH + 1):
            place = start - back
            if place < 0 or not tokens.is_word[place]:
                return ""
            word = tokens.norms[place]
            if word == "our" or (back == 1 and word in _DETERMINERS):
                return word
        return ""

    def _pronoun(self) -> Value | None:
        """Return the pronoun that opens the claim, where it stands for what is sold."""
        if self.match is None:
            return None
        start = self.match[0]
        word = self.tagged.tokens.norms[start]
        if word not in _PRONOUNS or start not in self.tagged.tags.get(CARRIED, {}):
            return None
        return Value(word, _PRONOUNS[word], pronoun=True)

    def _opens(self, start: int) -> bool:
        """Tell whether a name has a capital only because it begins something."""
        if start in {0, self.tagged.first}:
            return True
        before = self.tagged.tokens.norms[start - 1]
        return before == ":" or (start == 1 and before in _DETERMINERS)

    def relaxed(self, text: str, *, opens: bool, own: bool = True) -> str:
        """Return words of the draft as they read within a sentence.

        In title case every word may lose its capital, elsewhere the first one, if the words open
        the sentence. Names keep theirs. Words that are not its `own` are those of the lead-in.
        """
        if self._in_title_case(own=own):
            return _LETTERS.sub(lambda match: _small(match[0]), text)
        others = text.split(" ")[1:]
        if opens and all(word.islower() or word.isupper() for word in others):
            return _LETTERS.sub(lambda match: _small(match[0]), text, count=1)
        return text

    def _in_title_case(self, *, own: bool) -> bool:
        first = self.tagged.first
        surfaces = self.tagged.tokens.surfaces
        surfaces = surfaces[first:] if own else surfaces[:first]
        words = [
            word
            for word in surfaces
            if len(word) >= _LONG_WORD and word.isalpha() and word not in _SMALL_IN_TITLES
        ]
        return len(words) > 1 and all(word[0].isupper() for word in words)


def _small(word: str) -> str:
    """Return a word in small letters unless it looks like a name: PRP, Ortho-K, Parkinson's."""
    if word.endswith("'s") or word in _NAMES:
        return word
    return word.lower() if all(part[1:].islower() for part in word.split("-")) else word


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _joined(text: str) -> str:
    """Return an enumeration whose rest is no part of it with an "and" before its last name.

    "Intense pulsed light, IPL" is one thing.
    """
    if ", " not in text or any(f" {word} " in text for word in ("and", "or", "&")):
        return text
    before, _, last = text.rpartition(", ")
    if ", " not in before and last.isupper():
        return before
    return f"{before} and {last}"


def _head(text: str) -> str:
    """Return the last word of a name, before "of" and the like."""
    for sign in _HEAD_ENDS:
        text = text.partition(sign)[0]
    return text.rpartition(" ")[2]


def is_plural(text: str) -> bool:
    """Tell whether a name takes a verb in the plural."""
    if " and " in text or " & " in text:
        return True
    head = _head(text)
    if head.isupper():
        return False
    head = head.lower()
    if head in _PLURALS:
        return True
    return head.endswith("s") and not head.endswith(_SINGULAR_ENDS)
