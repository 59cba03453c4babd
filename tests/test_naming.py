"""What rewrites name as their subject, and what becomes of the words around them."""

from __future__ import annotations

import pytest

from medlint.engine import lint
from medlint.findings import RewriteKind
from medlint.parsing import parse
from rewritten import applied
from test_rewrites import PLAIN, ruleset

PHRASES = {
    # What stands for what is sold.
    "These 5 brain supplements improve memory.": "An effect of brain supplements"
    " on memory has [not been shown / been shown: …] in people.",
    "A well-made brain supplement improves memory.": "An effect of the brain supplement"
    " on memory has [not been shown / been shown: …] in people.",
    "Constitutional homeopathy stops the migraine from coming back.": "Homeopathy has not been"
    " shown to stop or slow migraine.",
    "Unlike homeopathy, acupuncture relieves pain.": "Whether acupuncture relieves pain has"
    " [not been established / been established: …].",
    "Our stem cell programme cures autism.": "Our stem cell programme has not been shown to cure"
    " autism.",
    "Intense pulsed light, IPL, relieves redness.": "Whether intense pulsed light relieves redness"
    " has [not been established / been established: …].",
    # What it acts on stands for nothing that is sold.
    "Our lamp relieves pain. This makes more collagen, and the skin becomes firmer.": "Whether"
    " [product] changes appearance, and for how long, has [not been established / been"
    " established: …].",
    "It cleanses the blood and clears up acne.": "[Treatment] has not been shown to cure or"
    " reverse acne.",
    "It is a regenerative therapy for arthritis.": "[Product] is experimental in arthritis, and a"
    " benefit has not been established.",
    "It is the king of herbs and cures acne.": "Evidence for [product] in people: [studies"
    " / none].",
    "These traditional treatments cure acne.": "[Treatment] has not been shown to cure acne.",
    # What it is said to help with.
    "Acupuncture helps with anxiety and depression.": "A benefit of acupuncture in anxiety and"
    " depression has [not been shown / been shown: …] in adequate trials.",
    "Acupuncture relieves back pain, knee pain and much more.": "Whether acupuncture relieves back"
    " pain and knee pain has [not been established / been established: …].",
    "Ketamine raises the pain threshold and relieves pain.": "Whether ketamine relieves pain has"
    " [not been established / been established: …].",
    # A name that goes on behind the words that are known is left to the writer.
    "Our laser increases nerve growth factor.": "An effect of our laser on [function] has [not been"
    " shown / been shown: …] in people.",
    # Nor is a claim about what is said to stay away.
    "This oil calms the mind without stress.": "An effect of [product] on [what is claimed to"
    " change] has [not been shown / been shown: …] in people.",
    # A field is no product, and one of many takes an article.
    "Ayurvedic medicine relieves pain.": "Whether [product] relieves pain has [not been"
    " established / been established: …].",
    "Hearing aid helps with tinnitus.": "A benefit of the hearing aid in tinnitus has [not been"
    " shown / been shown: …] in adequate trials.",
    "Our detox formulas relieve bloating.": "Whether our detox formulas relieve bloating has [not"
    " been established / been established: …].",
}


@pytest.mark.parametrize("text", PHRASES)
def test_what_a_rewrite_names(text: str) -> None:
    """The subject is what is sold, wherever it stands; the rest is said in the draft's words."""
    texts = [
        rewrite.text
        for finding in lint(parse(text, path="x.md"), ruleset("us"), PLAIN).findings
        for rewrite in finding.rewrites
    ]
    assert PHRASES[text] in texts


SELLS = "Our clinic cures fatigue and treats burnout with our proven drips."
ITEMS = {
    "We treat:\n\n- Lyme disease\n": [
        "Lyme disease: a benefit has [not been established / been established: …]"
    ],
    "Conditions we help with:\n\n- Headaches\n": [
        "Headaches: a benefit has [not been established / been established: …]"
    ],
    "Laser therapy treats pain and fever in these conditions:\n\n- Knee pain\n": [
        "Knee pain: a benefit has [not been established / been established: …]"
    ],
    "Ozone benefits:\n\n- Stronger immune system\n": [
        "An effect on the immune system has [not been shown / been shown: …] in controlled trials"
    ],
    "Ozone benefits:\n\n- Better texture of skin\n": [
        "An effect on the texture of skin has [not been shown / been shown: …] in controlled trials"
    ],
    "# Acupuncture for Knee Pain\n": [
        "What trials of acupuncture in knee pain show, and do not show"
    ],
    "Our patients with PRP report:\n\n- Less stiffness\n": ["Leave this item out."],
    "You may try PRP if you:\n\n- Want to avoid surgery\n": ["Leave this item out."],
    "We use PRP to treat:\n\n- Chronic knee pain\n": ["Leave this item out."],
    "# Tired of knee pain? How our laser cures arthritis\n": [
        "What is known about our laser and arthritis"
    ],
    "Acupuncture has been shown to:\n\n- lower fees\n": [
        (
            "Whether acupuncture helps with any of these has [not been established / been"
            " established: …]:"
        )
    ],
    "Laser resurfacing is done for these reasons:\n\n- To shrink enlarged pores\n": [
        "Leave this item out."
    ],
    f"{SELLS} Your plan may include:\n\n- Vitamin injections for lasting energy\n": [
        "Leave out “for lasting energy”."
    ],
    f"{SELLS} Choose a bag:\n\n- Immunity: vitamin C and zinc to fight off colds\n": [
        "Leave out “to fight off colds”."
    ],
    f"{SELLS} Choose a bag:\n\n- Immunity: zinc has been found to fight off colds\n": [
        "Whether zinc relieves colds has [not been established / been established: …]"
    ],
    f"{SELLS} We also use drips to regenerate cartilage.\n": [
        "Trials have not established that [treatment] regenerates tissue in people."
    ],
    f"{SELLS} We use laser therapy, a warm light, to regenerate cartilage.\n": [
        "Leave out “to regenerate cartilage”."
    ],
    f"{SELLS} Your plan may include:\n\n- Lasting energy\n": [
        "How long any effect of [product] lasts is [not known / known: …]"
    ],
    f"{SELLS} They help your body, including:\n\n- Stronger immune function\n": [
        "Leave this item out."
    ],
    "The benefits include:\n\n- Relief for chronic pain\n": [
        "An effect on chronic pain has [not been shown / been shown: …] in controlled trials"
    ],
}


@pytest.mark.parametrize("text", ITEMS)
def test_what_a_rewrite_of_an_item_or_heading_names(text: str) -> None:
    """An item tells for itself what it is about; names lose the capitals of a title."""
    findings = lint(parse(text, path="x.md"), ruleset("us"), PLAIN).findings
    firsts = [
        each.rewrites[0].text
        for each in findings
        if each.rewrites and not each.category.value.startswith("missing")
    ]
    assert [each for each in ITEMS[text] if each not in firsts] == []


KEPT = {
    "Q: Does it work?\nA: Acupuncture cures migraine.\n": "Q: Does it work?\nA: Acupuncture has not"
    " been shown to cure migraine.\n",
    "4. Acupuncture cures migraine.\n": "4. Acupuncture has not been shown to cure migraine.\n",
    "Q: Can acupuncture cure migraine?\nA: Yes.\n": "Q: What is known about acupuncture and"
    " migraine\nA: Yes.\n",
    "Does it work?\n\nYes! Acupuncture cures migraine.\n": "Does it work?\n\nAcupuncture has not"
    " been shown to cure migraine.\n",
    "Q: Does it work?\nA: Yes, absolutely. Acupuncture cures migraine.\n": "Q: Does it work?\nA:"
    " Acupuncture has not been shown to cure migraine.\n",
    "Does it work?\n\nSleep. Acupuncture cures migraine.\n": "Does it work?\n\nSleep. Acupuncture"
    " has not been shown to cure migraine.\n",
    '"I can walk again after the drip." - Ron K., Tulsa\n': "Of [number treated] people, [number"
    " improved] reported [outcome] at [time]; [number unchanged] saw no change.\n",
    '★★★★★ "I can walk again." - Ann K.\n': "[Award or rating, from whom, year]: it says"
    " nothing of whether a treatment works.\n",
    '"I can walk again after the drip." - Patricia L.\n': "Of [number treated] people, [number"
    " improved] reported [outcome] at [time]; [number unchanged] saw no change.\n",
    "Is it quick? Not at all. Acupuncture cures migraine.\n": "Is it quick? Acupuncture has not"
    " been shown to cure migraine.\n",
    "It is quick. Not at all. Acupuncture cures migraine.\n": "It is quick. Not at all. Acupuncture"
    " has not been shown to cure migraine.\n",
    '"I can walk again after the drip." Joyce, 61\n': "Of [number treated] people, [number"
    " improved] reported [outcome] at [time]; [number unchanged] saw no change.\n",
}


@pytest.mark.parametrize("text", KEPT)
def test_what_stands_around_a_sentence(text: str) -> None:
    """The signs of questions and answers stay; whoever is quoted goes with the quotation."""
    finding = next(
        each
        for each in lint(parse(text, path="x.md"), ruleset("us"), PLAIN).findings
        if each.category.value in {"cure", "endorsement"}
    )
    assert applied(text, finding.rewrites[0].edits) == KEPT[text]


STORIES = {
    # Whoever is quoted may be named between two halves.
    'Hello. "I felt worse every year," says Ann, 44. "They gave me my life back." Call us.\n': (
        "Hello. STORY Call us.\n"
    ),
    '"I could not walk to my door," says Ron, 71, a baker. "Now my pain is gone." Call us.\n': (
        "STORY Call us.\n"
    ),
    # A story goes on in pronouns.
    "Mr. Berg, 61, could not lift his arm when he came to us. After ten sessions he was buttering"
    " his own toast. Call us.\n": "STORY Call us.\n",
    "One of our patients is a baker. She could not sleep for years. After three drips her pain was"
    " gone and she got her life back. Call us.\n": "STORY Call us.\n",
    "My joints felt normal again. I have arthritis in both knees. Call us.\n": ("STORY Call us.\n"),
    # Who tells something else is left alone.
    '"Calmer, and I got my life back." T. Okafor\n\nCall us.\n': "STORY\n\nCall us.\n",
    '"I got my life back." - L.M.\n\nCall us.\n': "STORY\n\nCall us.\n",
    '"I got my life back." Ann B., verified buyer\n\nCall us.\n': "STORY\n\nCall us.\n",
    "We use drips. My joints felt normal again. Our doctors are here.\n": (
        "We use drips. STORY Our doctors are here.\n"
    ),
}


@pytest.mark.parametrize("text", STORIES)
def test_a_story_goes_as_a_whole(text: str) -> None:
    """What counts of all patients stands for the whole story of one, whichever part is found."""
    found = [
        each
        for each in lint(parse(text, path="x.md"), ruleset("us"), PLAIN).findings
        if each.category.value == "endorsement"
    ]
    story = "Of [number treated] people, [number improved] reported [outcome] at [time];"
    story += " [number unchanged] saw no change."
    assert found
    assert {applied(text, each.rewrites[0].edits).replace(story, "STORY") for each in found} == {
        STORIES[text]
    }


def test_words_that_somebody_is_quoted_with_are_left_out() -> None:
    """No rule but those on stories has other words for them, whoever says them."""
    text = 'Ann came to us. "My arthritis is cured," she says.\n'
    report = lint(parse(text, path="x.md"), ruleset("us"), PLAIN)
    firsts = {each.category.value: each.rewrites[0].text for each in report.findings}
    assert firsts["cure"] == "Leave this quotation out."
    assert firsts["endorsement"].startswith("Of [number treated] people")


def test_a_heading_in_plain_text_keeps_its_signs() -> None:
    """The signs before the words are no words, and what stands behind them is a heading."""
    text = "## Acupuncture Cures Migraine\n\nOur needles cure migraine and restore sleep.\n"
    finding = lint(parse(text, path="x.txt"), ruleset("us"), PLAIN).findings[0]
    assert applied(text, finding.rewrites[0].edits).startswith(
        "## What is known about acupuncture and migraine\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Our laser is the best-studied laser.",
        "Our laser is the most effective treatment for acne.",
        "The laser works in a natural way.",
        "It is a non-surgical facelift.",
        "Ketamine is a natural yet powerful therapy.",
    ],
)
def test_praise_stays_where_the_rest_says_nothing_or_something_else(text: str) -> None:
    """Nothing is left out where "the studied laser", "in a way" or "a facelift" would be left."""
    rewrites = [
        rewrite.text
        for finding in lint(parse(text, path="x.md"), ruleset("us"), PLAIN).findings
        for rewrite in finding.rewrites
        if rewrite.kind is RewriteKind.UNSAFE and rewrite.text.startswith("Leave out")
    ]
    assert rewrites == []
