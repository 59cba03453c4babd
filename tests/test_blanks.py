"""Blanks in rewrites."""

from __future__ import annotations

import pytest

from medlint.blanks import Blank, blanks_in, filled
from medlint.document import Span
from medlint.errors import FixError
from medlint.findings import Edit, Rewrite, RewriteKind

TEXT = "Of [number] patients, [number] felt [outcome]."
REWRITE = Rewrite(RewriteKind.DISPLAY, TEXT, (Edit(Span(3, 9), TEXT),))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[Product] is new.", (Blank("Product", 0, 9),)),
        ("No blank.", ()),
        ("An [open one", ()),
        ("[a [b] c]", (Blank("b", 3, 6),)),
        ("[]", (Blank("", 0, 2),)),
    ],
)
def test_blanks(text: str, expected: tuple[Blank, ...]) -> None:
    """A blank is what stands between an opening bracket and the closing one next to it."""
    assert blanks_in(text) == expected


def test_filling() -> None:
    """A value goes into every blank of its name, in the text and in the edits."""
    done = "Of 40 patients, 40 felt relief."
    expected = Rewrite(RewriteKind.UNSAFE, done, (Edit(Span(3, 9), done),))
    assert filled(REWRITE, {"number": "40", "outcome": " relief "}) == expected


def test_a_blank_left_empty() -> None:
    """A rewrite can't be applied before every blank is filled."""
    with pytest.raises(FixError) as caught:
        filled(REWRITE, {"number": "40", "outcome": " "})
    assert str(caught.value) == "[outcome] is not filled in; only the author knows this fact"


def test_nothing_to_fill() -> None:
    """A rewrite without blanks comes back as it is."""
    rewrite = Rewrite(RewriteKind.SAFE, "", (Edit(Span(0, 1), ""),))
    assert filled(rewrite, {}) is rewrite
