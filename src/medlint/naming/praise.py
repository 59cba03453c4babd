"""Adjectives of praise that a sentence can do without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medlint.naming.words import (
    BEFORE_NOUNS,
    BETWEEN_PRAISE,
    EMPTY_HEADS,
    GENERIC,
    INTENSIFIERS,
    SUPERLATIVES,
)

if TYPE_CHECKING:
    from medlint.naming.sentence import Sentence


def praise_of(sentence: Sentence) -> tuple[int, int, str] | None:
    """Return where adjectives of praise in the finding's words can go, and what is left.

    The range is one of the block's text, up to the noun; what is left is an article that
    changes with it, or nothing.
    """
    found = _praise_tokens(sentence)
    if found is None:
        return None
    start, end = found
    tokens, first = sentence.tagged.tokens, sentence.tagged.first
    norms = tokens.norms
    if not sentence.goes_on(end) or _needs_praise(sentence, start, end):
        return None
    low, high = sentence.base + tokens.starts[start], sentence.base + tokens.starts[end]
    if start == first:
        return low, high, ""
    before = norms[start - 1]
    if before not in BEFORE_NOUNS or not tokens.is_word[start - 1]:
        return None
    if before not in {"a", "an"}:
        return low, high, ""
    article = "an" if norms[end][0] in "aeiou" else "a"
    written = sentence.words(start - 1, start)
    article = article.capitalize() if written[0].isupper() else article
    return sentence.base + tokens.starts[start - 1], high, f"{article} "


def _needs_praise(sentence: Sentence, start: int, end: int) -> bool:
    """Tell whether what is left says something else, or nothing: "in a natural way"."""
    tokens, text = sentence.tagged.tokens, sentence.text
    norms = tokens.norms
    if norms[end] in EMPTY_HEADS and norms[end + 1 : end + 2] not in {("to",), ("of",)}:
        return True
    if text[sentence.base + tokens.starts[end] - 1] == "-":
        # "The best-studied laser".
        return True
    names = sentence.lexicon.blanks.get("product", ())[:1]
    if norms[end] not in GENERIC and any(
        max(sentence.tagged.tags.get(name, {}).get(start, (0,))) > end for name in names
    ):
        # A "non-surgical facelift" is no facelift.
        return True
    # "The most effective treatment" is not "the treatment", nor "one of the developments" anything.
    is_most = norms[start] in SUPERLATIVES or norms[start].endswith("est")
    return is_most and norms[max(start - 1, 0)] == "the"


def _praise_tokens(sentence: Sentence) -> tuple[int, int] | None:
    """Return the run of praise in the finding's words, with its adverbs and conjunctions."""
    symbols = sentence.lexicon.blanks.get("praise")
    if not symbols or sentence.match is None:
        return None
    norms = sentence.tagged.tokens.norms
    run: tuple[int, int] | None = None
    for start, end in sentence.longest(symbols[0]):
        if start < sentence.tagged.first or (run and start < run[1]):
            continue
        if run is None or not set(norms[run[1] : start]) <= BETWEEN_PRAISE:
            if run and run[0] < sentence.match[1] and sentence.match[0] < run[1]:
                break
            run = start, end
        else:
            run = run[0], end
    if run is None or run[0] >= sentence.match[1] or sentence.match[0] >= run[1]:
        return None
    start = run[0]
    while start > sentence.tagged.first and norms[start - 1] in INTENSIFIERS:
        start -= 1
    return start, run[1]
