"""The form in which two list items that say the same meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medlint.inflection import base_form, singulars
from medlint.parsing.tokens import COMMON_IN_CAPITALS, is_capitalised_name, tokenize
from medlint.spelling import spelling_variants

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Words that do not tell items apart: "pain in the knee" is "knee pain".
_FILLERS = frozenset(
    "a an the of in for to and or with your our by at on from & 's that which is are help"
    " helps".split()
)
_PLURALS_IN_ES = ("xes", "zes", "ches", "shes", "sses")
_MIN_STEM = 4
_LONGEST_NAME = 8


class Normaliser:
    """Brings items into a form that their paraphrases share."""

    def __init__(self, synonyms: Mapping[tuple[str, ...], tuple[str, ...]]) -> None:
        """Take the words that names stand for."""
        self._synonyms = synonyms
        self._beginnings = frozenset(name[0].lower() for name in synonyms)

    def form(self, text: str) -> tuple[str, ...]:
        """Return the words an item consists of, each in one form and in one order.

        Numbers and names stay, so that "type 1" and "type 2" differ.
        """
        tokens = tokenize(text)
        words = [
            surface if is_capitalised_name(surface) else norm
            for norm, surface in zip(tokens.norms, tokens.surfaces, strict=True)
            if norm[0].isalnum() or norm in {"%", "+"}
        ]
        spelled = self._spelled_out(words)
        kept = [word for word in spelled if word not in _FILLERS] or spelled
        return tuple(sorted({_stem(word) for word in kept}))

    def _spelled_out(self, words: list[str]) -> list[str]:
        result: list[str] = []
        position = 0
        while position < len(words):
            begins = words[position].lower() in self._beginnings
            longest = min(_LONGEST_NAME if begins else 1, len(words) - position)
            for length in range(longest, 0, -1):
                name = self._name(tuple(words[position : position + length]))
                if name:
                    result.extend(name)
                    position += length
                    break
            else:
                result.append(words[position].lower())
                position += 1
        return result

    def _name(self, run: tuple[str, ...]) -> tuple[str, ...] | None:
        found = (self._synonyms[each] for each in _spellings(run) if each in self._synonyms)
        return next(found, None)


def _spellings(run: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the ways a name may stand in the lexicon: in its case, in the singular, in capitals."""
    yield run
    *before, last = (word.lower() for word in run)
    for single in singulars(last):
        yield (*before, single)
        # "Copd" is COPD, but "us" is not US.
        if not before and (run[0] != last or single not in COMMON_IN_CAPITALS):
            yield (single.upper(),)


def _stem(word: str) -> str:
    """Cut inflections: "improved", "improving" and "improves" meet; short words stay."""
    known = base_form(word)
    base = min(spelling_variants(_singular(word) if known == word else known))
    if base.endswith("ied"):
        return base[:-3] + "y"
    for ending in ("ing", "ed", "e"):
        if base.endswith(ending) and len(base) - len(ending) >= _MIN_STEM:
            base = base[: -len(ending)]
            break
    # "stopping" is "stop", "controlled" is "control".
    doubled = len(base) > _MIN_STEM and base[-1] == base[-2]
    return base[:-1] if doubled else base


def _singular(word: str) -> str:
    """Return one singular for all spellings of a plural, a word or not ("lense" will do)."""
    candidates = singulars(word)
    if len(candidates) > 1 and word.endswith(_PLURALS_IN_ES):
        return word.removesuffix("es")
    return next((each for each in candidates[1:] if not each.endswith("s")), candidates[-1])
