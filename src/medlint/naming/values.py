"""What a sentence is about, in its own words: what fills the blanks that the draft itself tells."""

from __future__ import annotations

from medlint.naming.agents import acts, is_apart
from medlint.naming.sentence import Sentence
from medlint.naming.words import (
    CAUSING,
    COMPARED,
    COUNTED,
    DETERMINERS,
    GENERIC,
    HEADS,
    JOINING,
    KEPT_ARTICLES,
    LONGEST,
    MOST_JOINING,
    NO_NOUNS,
    OF_REACH,
    OWN_ARTICLES,
    POINTING,
    PRONOUNS,
    VAGUE,
    enumerated,
    head_of,
    is_plural,
)
from medlint.opcodes import CARRIED
from medlint.records import dataclass


@dataclass(frozen=True, slots=True)
class Value:
    """What fills a blank: words of the draft, and whether a verb after them is in the plural.

    A pronoun can only be the subject: of a sentence, or of a clause that "whether" opens.
    """

    text: str
    plural: bool = False
    pronoun: bool = False


@dataclass(slots=True, kw_only=True)
class Naming(Sentence):
    """What the blanks of rewrites are filled with from a sentence."""

    def value(self, blank: str, *, bare: bool = False) -> Value | None:
        """Return what fills a blank where the sentence leaves no doubt.

        With `bare`, only the words of the finding are looked at, and no article is added.
        """
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
            if chosen is not None and is_carried and not bare:
                return self._agent(*chosen)
            if chosen is not None:
                return self._target(*chosen, whole=not bare)
            if found and is_carried:
                return None
            seen = seen or found
        return None

    def is_sold_before(self, position: int) -> bool:
        """Tell whether the sentence names what is sold before a position of its block's text."""
        tokens = self.tagged.tokens
        return any(
            start >= self.tagged.first
            and self.base + tokens.ends[end - 1] <= position
            and not self._is_generic(start, end)
            for symbol in self.lexicon.carriers
            for start, end in self.longest(symbol)
        )

    def _candidates(self, symbol: int, *, is_promoted: bool) -> list[tuple[int, int]]:
        """Return where a concept is named, enumerations as one, from left to right."""
        places = self.longest(symbol)
        if places and not is_promoted:
            # The "knee pain" of "our knee pain programme" is no complaint by itself.
            promoted = [each for other in self.lexicon.carriers for each in self.longest(other)]
            places = [
                (start, end)
                for start, end in places
                if not any(first <= start and end <= last for first, last in promoted)
            ]
        if is_promoted:
            places = [place for place in places if not is_apart(self, place[0])]
        places = [place for place in places if self.is_whole(*place)]
        joined: list[tuple[int, int]] = []
        for start, end in places:
            if joined and start < joined[-1][1]:
                joined[-1] = joined[-1][0], max(joined[-1][1], end)
            elif joined and self._joins(joined[-1][1], start):
                joined[-1] = joined[-1][0], end
            else:
                joined.append((start, end))
        if is_promoted:
            return [place for place in joined if acts(self, *place)]
        return [place for place in joined if not self._is_generic(*place)]

    def _joins(self, end: int, start: int) -> bool:
        if start - end > MOST_JOINING or end <= self.tagged.first <= start:
            return False
        return all(word in JOINING for word in self.tagged.tokens.norms[end:start])

    def _chosen(
        self, found: list[tuple[int, int]], *, bare: bool, is_promoted: bool
    ) -> tuple[int, int] | None:
        """Return the only candidate of the finding's words, of the sentence, or of its lead-in.

        A lead-in tells what is sold, not what for: its items do.
        """
        first = self.tagged.first
        low, high = self.match or (first, len(self.tagged.tokens))
        own = [(start, end) for start, end in found if start >= first]
        if not is_promoted:
            found = own
        inside = [
            (start, end)
            for start, end in found
            if low <= start < high and (end <= high or not (bare or is_promoted))
        ]
        # "TMS is a painless treatment" is about TMS.
        for places in (inside,) if bare else (inside, own):
            named = [place for place in places if not self._is_generic(*place)]
            if named:
                return self._only(named, any_of_them=bare or is_promoted)
        for places in (inside,) if bare else (inside, own, found):
            if places:
                return self._only(places, any_of_them=bare or is_promoted)
        return None

    def _only(self, places: list[tuple[int, int]], *, any_of_them: bool) -> tuple[int, int] | None:
        """Return the first of places that all name the same, and that the claim can be about."""
        texts = {self.words(*place).lower() for place in places}
        if len(texts) > 1:
            return None
        return next((place for place in places if any_of_them or self._is_target(place)), None)

    def _is_target(self, place: tuple[int, int]) -> bool:
        """Tell whether a claim may be about what is named, rather than about something near it.

        "The pain threshold" is no pain, and "calm without drowsiness" is about calm.
        """
        start, end = place
        low, high = self.match or (self.tagged.first, len(self.tagged.tokens))
        if not low <= start < high:
            before = next(
                (
                    word
                    for word in reversed(self.tagged.tokens.norms[self.tagged.first : start])
                    if word not in DETERMINERS
                ),
                "",
            )
            if before in CAUSING or is_apart(self, start):
                return False
        return not self.is_cut(self._with_owner(end))

    def _is_generic(self, start: int, end: int) -> bool:
        words = self._unpraised(start, end).lower().split()
        return all(word in GENERIC or word in DETERMINERS or word in VAGUE for word in words)

    def _unpraised(self, start: int, end: int) -> str:
        """Return the words of a name without those that praise it."""
        symbols = self.lexicon.blanks.get("praise")
        if symbols:
            for first, last in self.longest(symbols[0]):
                if start <= first and last < end:
                    before = self.words(start, first) if start < first else ""
                    return f"{before} {self._unpraised(last, end)}".strip().strip(",").strip()
        return self.words(start, end)

    def _target(self, start: int, end: int, *, whole: bool) -> Value | None:
        """Return what a claim is about as a value, with its article where it is `whole`."""
        stop = end
        if whole:
            end = self._with_owner(end)
            while end - start > 1 and self.tagged.tokens.norms[start] in COMPARED:
                start += 1
        text = self._named(start, end)
        if text is None or not whole:
            return None if text is None else Value(text, is_plural(text))
        article = self.determiner(start)
        if article not in KEPT_ARTICLES or self._is_complaint(start):
            article = ""
        plural = is_plural(text)
        is_one = end > stop and not plural and not self._is_complaint(start)
        if not article and (is_one or text.endswith(" system")):
            article = "the"
        return Value(f"{article} {text}" if article else text, plural)

    def _agent(self, start: int, end: int) -> Value | None:
        """Return what is sold as a value, with its article."""
        norms = self.tagged.tokens.norms
        if end < len(norms) and norms[end] in HEADS and end != self.tagged.first:
            end += 1
        text = self._named(start, end)
        if text is None:
            return None
        plural = is_plural(text)
        opening = text.split(" ", 1)[0].lower()
        article = self.determiner(start)
        if article in {"a", "an"} and self.goes_on(end):
            # "A tapping sensation" is no tapping.
            article = ""
        if self._is_generic(start, end):
            # "A gentle treatment" may be any; "our gentle treatment" is one.
            if opening in POINTING:
                return Value(text, plural)
            if text.endswith("same") or article not in POINTING:
                return None
        elif opening in OWN_ARTICLES:
            return Value(text, plural)
        elif not plural and head_of(text) in COUNTED:
            article = article or "the"
        return Value(f"{article} {text}" if article else text, plural)

    def _named(self, start: int, end: int) -> str | None:
        """Return the words of a name as they read in another sentence."""
        text = enumerated(self._unpraised(start, end))
        if len(text) > LONGEST or '"' in text or text.count("(") != text.count(")"):
            return None
        return self.relaxed(text, opens=self.opens(start), own=start >= self.tagged.first)

    def _with_owner(self, end: int) -> int:
        """Return where a name ends with what it is one of: "the texture of the skin"."""
        tokens = self.tagged.tokens
        if end >= len(tokens) or tokens.norms[end] != "of":
            return end
        last = end + 1
        while last < len(tokens) and (
            tokens.norms[last] in DETERMINERS
            or (tokens.is_word[last] and tokens.norms[last] not in NO_NOUNS)
        ):
            last += 1
        return last if 1 < last - end <= OF_REACH else end

    def _is_complaint(self, start: int) -> bool:
        """Tell whether words name a condition, which takes no article."""
        symbols = self.lexicon.blanks.get("condition", ())
        return any(start in self.tagged.tags.get(symbol, {}) for symbol in symbols)

    def _pronoun(self) -> Value | None:
        """Return the pronoun that opens the claim, where it stands for what is sold."""
        if self.match is None:
            return None
        start = self.match[0]
        word = self.tagged.tokens.norms[start]
        if word not in PRONOUNS or start not in self.tagged.tags.get(CARRIED, {}):
            return None
        return Value(word, PRONOUNS[word], pronoun=True)


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
