"""Text that is not English goes unchecked, and short text gets the benefit of the doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from medlint.language import why_not_english
from medlint.parsing import parse

if TYPE_CHECKING:
    from conftest import Lint

LATIN = "the text does not read as English; medlint checks English"
SCRIPT = "the text is not in the Latin script; medlint checks English"
GERMAN = (
    "Unsere Behandlung lindert Schmerzen im Knie und gibt Ihnen neue Kraft. Viele Patienten"
    " berichten schon nach wenigen Tagen von besserem Schlaf, und die meisten kommen gern wieder."
)
FRENCH = (
    "Notre traitement soulage les douleurs du genou et vous rend vos forces. Beaucoup de patients"
    " disent mieux dormir après quelques jours, et presque tous reviennent nous voir volontiers."
)
RUSSIAN = "Наше лечение облегчает боль в колене и возвращает силы."
ENGLISH = (
    "Our treatment relieves pain in the knee and gives you new strength. Many patients say that"
    " they sleep better after a few days, and most of them are happy to come back to the clinic."
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ENGLISH, None),
        (GERMAN, LATIN),
        (FRENCH, LATIN),
        (RUSSIAN, SCRIPT),
        ("膝の痛みを和らげ、新しい力を与える治療法です。どうぞお試しください。", SCRIPT),
        # Too short, or names only: nobody can tell.
        ("Schmerzfrei in zehn Tagen!", None),
        ("Привет", None),
        ("", None),
        (f"{ENGLISH} {RUSSIAN}", None),
    ],
)
def test_why_not_english(text: str, expected: str | None) -> None:
    """Another script or another language is told by name; little text passes."""
    assert why_not_english(parse(text, path="draft.txt")) == expected


def test_a_list_of_names_is_no_foreign_language() -> None:
    """Lists of conditions hold few function words and are checked all the same."""
    text = "\n".join(f"- Knee arthritis number {number}" for number in range(40))
    assert why_not_english(parse(text, path="draft.txt")) is None


def test_unchecked_is_not_clean(run: Lint) -> None:
    """An outcome of a foreign text says why it was not checked."""
    outcome = run(GERMAN + " We cure arthritis.")
    assert (outcome.unchecked, outcome.findings) == (LATIN, ())
