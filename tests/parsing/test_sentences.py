"""Sentence boundaries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medlint.parsing.sentences import split_sentences


def split(text: str) -> list[str]:
    """Return the sentences' texts."""
    return [text[sentence.start : sentence.end] for sentence in split_sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Example treats Mr. and Mrs. Doe.",
        "It helps, e.g. MSCs, i.e. stem cells.",
        "PRP vs. Surgery is no contest.",
        "It takes approx. 30 minutes and 2.5 ml.",
        "Given by i.v. infusion and i.m. injection.",
        "The U.S. Food and Drug Administration warned us.",
        "See Fig. 3 and No. 5 in vol. 2, pp. 3-4.",
        "St. Elsewhere Inc. Clinics Ltd. is open.",
        "J. R. Doe, M.D. and Ph.D. holder, wrote it.",
        "On Jan. 5 we opened at 9 a.m. sharp.",
        "It works ... or so they say.",
        '"Is it safe?" she asked.',
        "We treat knees, hips: all joints; always",
        "1. Reduced pain",
        '"I sleep again." — Anna, 41',
        "I sleep again! — a patient from Leeds",
        '"Best of all." —Dr. J. Doe, MD',
        "Relief (no surgery!) is near.",
        "Visit Exampleclinic.com for more.",
    ],
)
def test_one_sentence_stays_one(text: str) -> None:
    """Abbreviations, initials, decimals, colons and quoted questions end nothing."""
    assert split(text) == [text]


@pytest.mark.parametrize(
    "sentences",
    [
        ["It works.", "It is safe."],
        ["Tired of pain?", "Call us!", "Now."],
        ["Really?!", "Yes."],
        ["It passed Phase I.", "Phase II follows."],
        ["Rich in vitamin C.", "Try it."],
        ["She has hepatitis B.", "We treat it."],
        ["Approved in the U.S.", "The agency said so."],
        ["We offer scans, tests, etc.", "Book today."],
        ["It starts at 9 a.m.", "Patients rest then."],
        ["Given i.v.", "Most patients rest."],
        ["Wait...", "There is more."],
        ["So it goes…", "But not always."],
        ['He said "It works."', "Then he left."],
        ["(It works.)", "It does."],
        ["I sleep.", '"I run." — Anna K., Leeds'],
        ["It hurts.", "— No, it does not.", "Book now."],
        ['"It works."', "— That is what we hear."],
        ["It lasts 2.5 hours.", "90% of patients agree."],
        ["Pain is gone.[3]", "You will see."],
        ["It supports memory.*", "It lifts the mood.*\u2020"],
        ["Pain is gone.²", "You will see."],
        ["We use stem cells.", "iPSCs are new."],
        ["The answer is no.", "We checked."],
        ["Amazing!", "😍 Book now"],
        ["Tired of pain?", "try our cream"],
        ["As Smith et al. (2019) found, it works.", "The dose was 5 mg.", "The end."],
    ],
)
def test_sentences_are_parted(sentences: list[str]) -> None:
    """Full stops, marks in a row, closing quotes and references end a sentence."""
    assert split(" ".join(sentences)) == sentences


def test_a_missing_blank_after_the_stop_is_forgiven() -> None:
    """Two sentences that stick together are two."""
    assert split("It stops the pain.You will walk again.") == [
        "It stops the pain.",
        "You will walk again.",
    ]


def test_a_break_ends_a_sentence() -> None:
    """A line end that the writer set ends a sentence without a full stop."""
    text = "No surgery No downtime"
    assert [text[s.start : s.end] for s in split_sentences(text, (11,))] == [
        "No surgery",
        "No downtime",
    ]


def test_no_text_has_no_sentence() -> None:
    """Nothing gives nothing."""
    assert split_sentences("") == ()


@given(st.text(st.sampled_from("abA .!?…\"')([1]2-"), max_size=80))
def test_sentences_cover_the_text(text: str) -> None:
    """Every character but blanks lies in exactly one sentence, in order, without outer blanks."""
    sentences = split_sentences(text)
    covered = [i for s in sentences for i in range(s.start, s.end)]
    assert covered == sorted(set(covered))
    assert {i for i, c in enumerate(text) if c != " "} <= set(covered)
    parts = [text[s.start : s.end] for s in sentences]
    assert parts == [part.strip(" ") for part in parts]
    assert "" not in parts


def test_an_acronym_that_looks_like_a_title_may_end_a_sentence() -> None:
    """MS is a disease before a new sentence; Ms. is a title before a name."""
    text = "We treat MS. We treat ALS. Ask Ms. Doe. MS. DOE KNOWS."
    spans = [text[each.start : each.end] for each in split_sentences(text)]
    assert spans == ["We treat MS.", "We treat ALS.", "Ask Ms. Doe.", "MS. DOE KNOWS."]
