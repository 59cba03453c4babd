"""Drafts for property tests: pieces of Markdown, HTML and plain text, put together at random.

The pieces are what a rule may trip over: claims and denials, questions and answers, lists with and
without lead-ins, entities, look-alike letters, marks of every script, half-open markup.
"""

from __future__ import annotations

from hypothesis import strategies as st

CLAIMS = (
    "We cure arthritis.",
    "You will notice lasting relief.",
    "PRP relieves knee pain.",
    "It has no side effects.",
    "It is a mira\u00adcle, and it relieves pain.",
    "Our therapy **cures** MS &amp; ALS.",
    "Patients say it “changed my life”.",
    "No other clinic can cure you. We can.",
    "Relief from knee pain is guaranteed.",
    "100% safe and natural!",
    "The only treatment that reverses arthritis",
)
OTHER = (
    "It may not cure MS, but it will.",
    "Can it cure AIDS? Yes.",
    "Does it hurt? Not at all.",
    "There is no proof that it cures arthritis.",
    "Talk to your doctor.",
    "Book your appointment today.",
    "Risks include infection and bleeding.",
    "Parking is behind the house; we open at nine.",
    "In a trial of 60 people, 12 felt better (see [the paper](https://example.org/a_b)).",
    "It — (we think) — relieves: pain",
    "Dr. A. Smith, M.D., p. 7, e.g. this.",
    "x",
)
ODD = (
    "é ß \u75db \u200b\U0001f642.",
    "e\u0301\u0327 \ufb01ne İ \u017f",
    "tab\tand\u00a0blank\u2003wide",
    "<b>bold <i>half",
    "&#120; &nbsp; &shy; &bogus;",
    "`code cures arthritis`",
    "\\*not\\* [a](b",
    "cur\u0435s arthritis",
    "\u202eright to left\u202c",
    "-- --- ... “” \u2018\u2019",
)
BREAKS = (" ", " ", " ", "\n", "\n\n", "\n\n", "  \n", "<br>")
OPENERS = (
    "# {}\n\n",
    "## {}\n\n",
    "- {}\n",
    "- {}\n",
    "  - {}\n",
    "1. {}\n",
    "> {}\n\n",
    "Our benefits:\n\n- {}\n- Pain\n- pain\n\n",
    "| a | b |\n|---|---|\n| {} | Pain |\n\n",
    "<p>{}</p>\n\n",
    "<ul><li>{}</li><li>Pain</li></ul>\n\n",
    "<div>\n\n{}\n\n</div>\n\n",
    "```\n{}\n```\n\n",
    "![{}](a.png)\n\n",
    "<!-- {} -->\n",
)

PIECES = st.sampled_from((*CLAIMS, *CLAIMS, *OTHER, *OTHER, *ODD))
SENTENCES = st.lists(PIECES, min_size=1, max_size=4).flatmap(
    lambda pieces: st.lists(
        st.sampled_from(BREAKS), min_size=len(pieces), max_size=len(pieces)
    ).map(lambda breaks: "".join(map("".join, zip(pieces, breaks, strict=True))))
)
BLOCKS = st.one_of(
    SENTENCES.map("{}\n\n".format),
    st.builds(lambda opener, text: opener.format(text), st.sampled_from(OPENERS), SENTENCES),
)
DRAFTS = st.lists(BLOCKS, max_size=8).map("".join)
PATHS = st.sampled_from(("draft.md", "draft.md", "draft.txt", "draft.html"))


@st.composite
def edits(draw: st.DrawFn, text: str) -> str:
    """Return the text after an edit: something typed, pasted, taken out or moved."""
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + draw(st.sampled_from((0, 0, 1, 9, 90))))))
    typed = st.text("abc .?!\n#-*<&", max_size=3)
    new = draw(st.one_of(typed, PIECES, BLOCKS, st.just("\n\n"), st.just("")))
    where = draw(st.sampled_from(("here", "here", "above", "below")))
    if where == "above":
        return new + text[:start] + text[end:]
    if where == "below":
        return text[:start] + text[end:] + new
    return text[:start] + new + text[end:]
