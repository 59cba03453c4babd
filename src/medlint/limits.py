"""What a ruleset may not exceed: rule files come from anyone, and must exhaust nothing.

`docs/writing-rules.md` lists these limits; messages name them. The shipped rulesets together stay
well below half of each.
"""

from __future__ import annotations

import re

# Of a file
LARGEST_FILE = 5_000_000
MOST_FILES = 1_000
# Of a text, and of a number either way
LONGEST_TEXT = 10_000
LARGEST_NUMBER = 1_000_000
# Of a phrase, as written; and of all phrases, multiplied out
LONGEST_PHRASE = 1_000
MOST_SEQUENCES = 200_000
# Of concepts: how deep they include or rest on one another, and how many such pairs there are
DEEPEST_CONCEPTS = 100
MOST_INCLUDED = 500_000
# Of rulesets that extend each other
DEEPEST_EXTENDS = 20
# Of a regular expression: its length, its brackets within brackets, and its counted repetitions
# ("{3}") within one another, multiplied
LONGEST_REGEX = 5_000
DEEPEST_REGEX = 50
MOST_REPEATED = 10_000
# Characters of a draft that a message quotes
LONGEST_QUOTE = 1_000

_REGEX_PART = re.compile(
    r"\\.|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*+\]|(?P<open>\()|(?P<close>\))"
    r"|\{(?P<least>\d*)(?:,(?P<most>\d*))?\}",
    re.DOTALL,
)


def is_too_deep(problem: str | None) -> bool:
    """Tell whether a YAML parser stopped at a limit of its own, by what it says.

    libyaml has one since 0.2.6 (PyYAML 6.0.4), deeper than those of medlint. It reads ahead, so it
    may stop before it has told of anything that medlint could count.
    """
    return "maximum nesting depth" in (problem or "")


def wrong_regex(expression: str) -> str:
    """Return which limit a regular expression exceeds, or nothing.

    Compiling unrolls counted repetitions, so that "((a{999}){999}){999}" would fill any memory.
    """
    if len(expression) > LONGEST_REGEX:
        return f"it is longer than {LONGEST_REGEX:,} characters"
    # What each open bracket holds, multiplied out; a repetition multiplies what stands before it.
    sizes = [1]
    before = 1
    for part in _REGEX_PART.finditer(expression):
        if part["open"]:
            sizes.append(1)
            if len(sizes) > DEEPEST_REGEX:
                return f"its brackets are nested more than {DEEPEST_REGEX} deep"
            before = 1
        elif part["close"]:
            before = sizes.pop() if len(sizes) > 1 else 1
            sizes[-1] = max(sizes[-1], before)
        elif part["least"] is not None:
            count = max(_number(part["least"]), _number(part["most"]))
            sizes[-1] = max(sizes[-1], before * max(count, 1))
            if sizes[-1] > MOST_REPEATED:
                return f"it repeats more than {MOST_REPEATED:,} times, its “{{…}}” multiplied"
        else:
            before = 1
    return ""


def _number(text: str | None) -> int:
    return int((text or "0")[:9])
