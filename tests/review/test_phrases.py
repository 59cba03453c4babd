"""Adding allowed phrases to a configuration: the list grows, and nothing else changes."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from medlint.errors import ConfigError
from medlint.review.phrases import with_phrases
from medlint.review.session import Phrase

ADDED = (Phrase("a miracle", "a name"),)
ITEM = '"a miracle"  # a name'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"allow:\n  - {ITEM}\n"),
        ("product: device\n", f"product: device\n\nallow:\n  - {ITEM}\n"),
        ("product: device", f"product: device\n\nallow:\n  - {ITEM}\n"),
        ("allow:\n  - one\n", f"allow:\n  - one\n  - {ITEM}\n"),
        ("allow:\n- one\nproduct: device\n", f"allow:\n- one\n- {ITEM}\nproduct: device\n"),
        (
            "allow:   # ours\n    - one  # why\n    # two\n    - two\n\n# next\nproduct: device\n",
            (
                "allow:   # ours\n    - one  # why\n    # two\n    - two\n"
                f"    - {ITEM}\n\n# next\nproduct: device\n"
            ),
        ),
        ("allow:\n  - one that\n    goes on\n", f"allow:\n  - one that\n    goes on\n  - {ITEM}\n"),
        ("allow: []\n", '# "a miracle": a name\nallow: ["a miracle"]\n'),
        (
            "allow: [one, two,]  # ours\n",
            '# "a miracle": a name\nallow: [one, two, "a miracle"]  # ours\n',
        ),
        ("allow:\n", f"allow:\n  - {ITEM}\n"),
        (
            "overrides:\n  - files: [a]\n    allow: [b]\n",
            f"overrides:\n  - files: [a]\n    allow: [b]\n\nallow:\n  - {ITEM}\n",
        ),
        ("allow:\r\n  - one\r\n", f"allow:\r\n  - one\r\n  - {ITEM}\r\n"),
    ],
)
def test_the_phrase_joins_the_list(before: str, after: str) -> None:
    """In the form that the list has, with the reason beside it."""
    assert with_phrases(before, ADDED, "x.yaml") == after
    data = yaml.safe_load(before) or {}
    allowed = [*(data.get("allow") or []), "a miracle"]
    assert yaml.safe_load(after) == {**data, "allow": allowed}


@pytest.mark.parametrize(
    "text",
    [
        "allow: one\n",
        "allow: [one,\n  two]\n",
        "allow: &x [one]\nselect: *x\n",
        '"allow": [a]\n',
        "- a\n",
    ],
)
def test_a_list_in_another_form_is_left_to_the_author(text: str) -> None:
    """The message says what to add; the text is not touched."""
    with pytest.raises(
        ConfigError, match=r'x\.yaml: its “allow” cannot be added to here; add "a miracle"'
    ):
        with_phrases(text, ADDED, "x.yaml")


def test_nothing_added_changes_nothing() -> None:
    """Not even the end of the file."""
    assert with_phrases("allow:   [ ]", (), "x.yaml") == "allow:   [ ]"


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=20),
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=20),
)
def test_any_words_come_back_as_they_are(words: str, reason: str) -> None:
    """Whatever they hold, YAML gives them back; otherwise they are refused."""
    phrase = Phrase(" ".join(words.split()) or "x", " ".join(reason.split()) or "x")
    try:
        text = with_phrases("allow:\n  - one\n", (phrase, phrase), "x.yaml")
    except ConfigError:
        # YAML takes no such character at all.
        assert not phrase.text.isprintable() or not phrase.reason.isprintable()
        return
    assert yaml.safe_load(text) == {"allow": ["one", phrase.text, phrase.text]}
