"""Tokens of a sentence: words, numbers and the punctuation that structures it.

Hyphens and quotation marks are transparent ("stem-cell" is "stem cell"); contractions are written
out ("won't" is "will not"), so that rules need one spelling.
"""

from __future__ import annotations

import re

from medlint.records import dataclass

_TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,}"  # U.S., e.g., i.v.
    r"|\d+(?:[.,]\d+)*(?!\w)"
    r"|[^\W_][\w\u0300-\u036f]*(?:'[^\W_][\w\u0300-\u036f]*)?"
    r"|(?<=\s)-+(?=\s)|--+"  # a spaced or doubled hyphen is a dash
    r"|[^\w\s'\"-]"
)
_EXPANSIONS = {
    "ll": "will",
    "re": "are",
    "ve": "have",
    "m": "am",
    "d": "would",
}
_IRREGULAR_NEGATIONS = {"ca": "can", "wo": "will", "sha": "shall"}
# After these, 's is "is"; after a noun it is the possessive.
_COPULA_HOSTS = frozenset(
    "it that there here what who he she how where this everything nothing something".split()
)
# Words that are also names in capitals: in a line all in capitals they are the words.
COMMON_IN_CAPITALS = frozenset(
    "aids ms sad us it who or as ra pad ed arms add pots mend all in is at we be cope fast".split()
)
DASH = "—"


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a stretch of text, as parallel tuples.

    `norms` are lower-case spellings for matching; `surfaces` stand as written, but for an editor's
    brackets in a word ("[P]revents"); `starts` and
    `ends` are code points of the text; `is_word` is false for punctuation and for the possessive
    "'s". The two parts of a contraction share their range between them.
    """

    norms: tuple[str, ...]
    surfaces: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    is_word: tuple[bool, ...]

    def __len__(self) -> int:
        """Return the number of tokens."""
        return len(self.norms)


_NONE = Tokens((), (), (), (), ())


def tokenize(text: str, start: int = 0, end: int | None = None) -> Tokens:
    """Split `text[start:end]` into tokens; positions count in the whole of `text`."""
    stop = len(text) if end is None else end
    spans = [found.span() for found in _TOKEN.finditer(text, start, stop)]
    if not spans:
        return _NONE
    surfaces = [text[begin:finish] for begin, finish in spans]
    if "-" in text:
        # Those inside words are no tokens.
        surfaces = [DASH if surface[0] == "-" else surface for surface in surfaces]
    if "[" in text:
        _rejoin(spans, surfaces)
    norms = [surface.lower() for surface in surfaces]
    is_word = [surface[0].isalnum() for surface in surfaces]
    if "'" in text:
        places = [place for place, norm in enumerate(norms) if "'" in norm]
        for place in reversed(places):
            cut, base, tail = _split_contraction(norms[place])
            if cut:
                begin, finish = spans[place]
                surface = surfaces[place]
                norms[place : place + 1] = base, tail
                surfaces[place : place + 1] = surface[:cut], surface[cut:]
                spans[place : place + 1] = (begin, begin + cut), (begin + cut, finish)
                is_word[place : place + 1] = True, tail != "'s"
    starts, ends = zip(*spans, strict=True)
    return Tokens(tuple(norms), tuple(surfaces), starts, ends, tuple(is_word))


def _rejoin(spans: list[tuple[int, int]], surfaces: list[str]) -> None:
    """Make one token of a word whose first letter an editor changed: "[P]revents clots"."""
    for place in range(len(spans) - 4, -1, -1):
        if surfaces[place] != "[" or surfaces[place + 2 : place + 3] != ["]"]:
            continue
        letter, _, rest = surfaces[place + 1 : place + 4]
        if len(letter) > 1 or not letter.isalpha():
            continue
        if rest[0].islower() and spans[place + 2][1] == spans[place + 3][0]:
            spans[place : place + 4] = [(spans[place][0], spans[place + 3][1])]
            surfaces[place : place + 4] = [letter + rest]


def is_capitalised_name(surface: str) -> bool:
    """Tell whether a word is a name in capitals, a plural "s" aside."""
    letters = surface.removesuffix("s")
    return len(letters) > 1 and letters.isupper()


def _split_contraction(lower: str) -> tuple[int, str, str]:
    """Return where to cut a word with an apostrophe, and its two parts written out.

    The cut is 0 where the word stays whole ("o'clock").
    """
    if lower.endswith("n't") and len(lower) > len("n't"):
        base = lower[:-3]
        return len(base), _IRREGULAR_NEGATIONS.get(base, base), "not"
    base, _, tail = lower.partition("'")
    if tail == "s":
        if base == "let":
            return len(base), base, "us"
        return len(base), base, "is" if base in _COPULA_HOSTS else "'s"
    expansion = _EXPANSIONS.get(tail)
    return (len(base), base, expansion) if expansion else (0, lower, "")
