"""Sentence boundaries in a block's normalised text.

One pass over the possible ends, with abbreviations as data. A colon, a semicolon and a dash end
no sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING

from medlint.document import Sentence

if TYPE_CHECKING:
    from re import Match

# A run of end marks, then what closes with it: quotes, brackets, a reference such as *, [3] or ².
_CANDIDATE = re.compile(
    # Only from the first sign on, and never a part of the run: dots over lines took square time.
    r"(?<![.!?…。])[.!?…。]++[\"')\]*†‡]*(?:\[[\d, —-]+\])?[¹²³⁰⁴-⁹]*"
    r"(?: |(?=[A-Z][a-z]+[ ,']))"
)
_NEXT_WORD = re.compile(r"[\"'(\[—-]*([\w'-]*)")
_PRODUCT_WORD = re.compile(r"[a-z]{1,2}[A-Z]")  # iPSCs, eGFR, mRNA
_INITIALISM = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]+")
_BRACKETS = "\"'([—-"
# Who signs what was said: '"I sleep again." — Anna, 41', "I sleep again! — a patient from Leeds".
_SIGNATURE = re.compile(
    r"— ?(?:([A-Z][\w.'-]*)(?: [A-Z&][\w.'-]*){0,4}|(?:an?|our|one) [\w'-]+(?: [\w'-]+)?)"
    r"(?:(?:,? (?:[(]|from|of|in|at|aged?|and|[A-Z\d])|,)(?:[^.!?;:]|[.](?! [A-Z]))*)?"
)
_LONGEST_SIGNATURE = 90
_LONGEST_TOKEN = 24
# Blocks up to this length are remembered, at most 4 MB of them.
_LONGEST_KEPT = 4_000
# What goes on for longer is no prose. It is cut at a blank where one is near, for matches are
# weighed against each other within a sentence: that takes time by the square of its length.
LONGEST_SENTENCE = 3000
_NEAR = 500


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What stands before a name or a further word; it never ends a sentence.
_BEFORE_A_WORD = _words("""
    dr drs mr mrs ms mx prof rev hon gov sen rep gen col capt lt sgt fr mt
    e.g eg i.e ie cf viz vs approx ca incl esp resp
""")
# What stands before a number.
_BEFORE_A_NUMBER = _words("""
    no nos nr fig figs eq eqs ref refs vol vols p pp ch sec sect art para tab app ex v ver
    jan feb mar apr jun jul aug sep sept oct nov dec
""")
# What may end a sentence or not; the next word decides. Dotted initialisms (U.S., M.D., i.v.)
# belong here too.
_EITHER = _words("""
    inc ltd llc co corp jr sr st ave rd blvd dept univ assn bros est al etc ed eds phd md do dds
    rn np pa dc bsc msc mba esq hr hrs min mins sec secs wk wks mo mos yr yrs wt tbsp tsp oz lb
    lbs mg ml mcg kg cm mm ft max med surg int natl cert tel ext
""")
# Words that begin sentences and seldom stand inside a name.
_STARTERS = _words("""
    a an the this that these those yes it its he she they we you i our your their his her my there
    here in on at by for from with without to of as if when while although though because since
    after before during until unless once and but or so yet however therefore moreover also
    then thus no not all some many most every each both few such other another one two three
    what who why how where which is are was were do does did can could will would should may
    might must have has had patients people please call book contact
""")
# Words before a single capital that is a label, not an initial: "Phase I.", "vitamin C."
_LABELLED = _words("""
    phase type stage class grade group part section step level category schedule appendix figure
    table vitamin hepatitis influenza plan option factor bipolar
""")


def split_sentences(text: str, breaks: tuple[int, ...] = ()) -> tuple[Sentence, ...]:
    """Return the sentences of `text` in order, without outer blanks.

    `breaks` are positions where a sentence must end: line breaks that the writer set.
    """
    return _split(text, breaks) if len(text) > _LONGEST_KEPT else _split_lately(text, breaks)


def _split(text: str, breaks: tuple[int, ...]) -> tuple[Sentence, ...]:
    begin = 0
    fixed = sorted((*breaks, len(text)))
    ends = [
        match.end()
        for match in _CANDIDATE.finditer(text)
        if _is_end(text, match) and not _is_signed(text, match.end(), fixed)
    ]
    ends.extend(fixed)
    ends.sort()
    sentences = []
    for end in ends:
        first, last = begin, end
        while first < last and text[first] == " ":
            first += 1
        while last > first and text[last - 1] == " ":
            last -= 1
        while last - first > LONGEST_SENTENCE:
            cut = _cut(text, first)
            sentences.append(Sentence(first, cut))
            first = cut + (text[cut] == " ")
        if first < last:
            sentences.append(Sentence(first, last))
        begin = max(begin, end)
    return tuple(sentences)


def _cut(text: str, first: int) -> int:
    """Return where to cut a sentence that is too long: at the last blank, or in a word."""
    furthest = first + LONGEST_SENTENCE
    blank = text.rfind(" ", furthest - _NEAR, furthest + 1)
    return blank if blank > 0 else furthest


# Archives repeat themselves, and of a draft that is being written a block changes.
_split_lately = lru_cache(maxsize=1024)(_split)


def _is_end(text: str, match: Match[str]) -> bool:
    begin, end = match.span()
    if end == len(text):
        return True
    following = _NEXT_WORD.match(text, end)
    word = following[1] if following else ""
    lower_case = word[:1].islower() and _PRODUCT_WORD.match(word) is None
    marks = match[0].rstrip()
    if marks[0] == "." and not marks.startswith("..") and "!" not in marks and "?" not in marks:
        return not lower_case and _full_stop_ends(text, begin, word)
    if not lower_case:
        return True
    # '"Is it safe?" she asked' goes on; "Tired of pain? try our cream" does not.
    return marks[-1] in "!?"


def _is_signed(text: str, end: int, fixed: list[int]) -> bool:
    """Tell whether all that follows, up to the next fixed end, is a dash and who said it."""
    if not text.startswith("—", end):
        return False
    last = fixed[bisect_right(fixed, end)] if end < len(text) else end
    if last - end > _LONGEST_SIGNATURE:
        return False
    signature = _SIGNATURE.fullmatch(text[end:last].rstrip())
    if signature is None:
        return False
    # "It hurts. — No, it does not."
    return signature[1] is None or signature[1].lower() not in _STARTERS


def _full_stop_ends(text: str, stop: int, word: str) -> bool:
    """Tell whether the full stop at `stop` ends a sentence before `word`, which may begin one."""
    floor = max(stop - _LONGEST_TOKEN, 0)
    blank = text.rfind(" ", floor, stop)
    if blank < 0 and floor:
        return True
    before = text[blank + 1 : stop].lstrip(_BRACKETS)
    if len(before) == 1 and before.isupper():
        return _single_capital_ends(text, blank, before)
    key = before.lower()
    starts = word.lower() in _STARTERS
    if key in _BEFORE_A_WORD or (key.isdigit() and blank < 0):
        # "Ms. Doe" and a list item's number go on; "We treat MS. We treat ALS." does not.
        return len(before) > 1 and before.isupper() and starts
    if key in _BEFORE_A_NUMBER:
        return not word[:1].isdigit()
    if key in _EITHER or _INITIALISM.fullmatch(before):
        return starts or _begins_after_small_letters(before, word)
    return True


def _begins_after_small_letters(before: str, word: str) -> bool:
    """Tell whether a capitalised word after an abbreviation such as "etc." or "i.v." is a start.

    After "U.S." or "Inc." it may belong to a name, and an acronym may follow anything.
    """
    return before.islower() and word[:1].isupper() and not word[1:2].isupper()


def _single_capital_ends(text: str, blank: int, capital: str) -> bool:
    """Tell a label ("Phase I.", "hepatitis B.") from an initial ("J. Doe")."""
    if blank < 0:
        return False
    previous = text[text.rfind(" ", max(blank - _LONGEST_TOKEN, 0), blank) + 1 : blank]
    previous = previous.lstrip(_BRACKETS)
    if previous.lower() in _LABELLED:
        return True
    if capital == "I":
        return previous[-1:] not in ".,"
    return previous.islower()
