"""Where the comment goes that answers for a finding: everything else must stay as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medlint.errors import FixError
from medlint.findings import Category
from medlint.review.session import allow, start

if TYPE_CHECKING:
    from conftest import LintAs
    from medlint.review.session import Lint

NEXT = "<!-- medlint-disable-next-line magic-word -- why -->"
LINE = "<!-- medlint-disable-line magic-word -- why -->"
HASH = "# medlint-disable-next-line magic-word -- why"


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.md", "A miracle.\n", f"{NEXT}\n\nA miracle.\n"),
        ("a.md", "A miracle.", f"{NEXT}\n\nA miracle."),
        ("a.md", "# A miracle\n\nSo.\n", f"{NEXT}\n\n# A miracle\n\nSo.\n"),
        ("a.md", "So.\r\n\r\nA miracle.\r\n", f"So.\r\n\r\n{NEXT}\r\n\r\nA miracle.\r\n"),
        # In the middle of a paragraph, a line of its own would break it in two.
        (
            "a.md",
            "A plain line\nwith a miracle\nin it.\n",
            f"A plain line\nwith a miracle {LINE}\nin it.\n",
        ),
        # A hard break is two blanks at the end of the line.
        ("a.md", "Plain,\na miracle  \nhere.\n", f"Plain,\na miracle {LINE}  \nhere.\n"),
        # Between the items of a list it would make two lists.
        ("a.md", "- Fine.\n- A miracle.\n- So.\n", f"- Fine.\n- A miracle. {LINE}\n- So.\n"),
        ("a.md", "> A miracle.\n", f"> A miracle. {LINE}\n"),
        (
            "a.md",
            "| a | b |\n|---|---|\n| A miracle | c |\n",
            f"| a | b |\n|---|---|\n| A miracle {LINE} | c |\n",
        ),
        (
            "a.md",
            "---\ntitle: A miracle\n---\n\nSo.\n",
            f"---\n{HASH}\ntitle: A miracle\n---\n\nSo.\n",
        ),
        (
            "a.md",
            "---\nseo:\n  title: A miracle\n---\n\nSo.\n",
            f"---\nseo:\n  {HASH}\n  title: A miracle\n---\n\nSo.\n",
        ),
        (
            "a.md",
            '+++\ntitle = "A miracle"\n+++\n\nSo.\n',
            f'+++\n{HASH}\ntitle = "A miracle"\n+++\n\nSo.\n',
        ),
        ("a.txt", "So.\n\nA miracle.\n", f"So.\n\n{NEXT}\n\nA miracle.\n"),
        ("a.html", "<p>A miracle.</p>\n", f"{NEXT}\n<p>A miracle.</p>\n"),
        (
            "a.html",
            "<ul>\n  <li>A miracle</li>\n</ul>\n",
            f"<ul>\n  {NEXT}\n  <li>A miracle</li>\n</ul>\n",
        ),
        (
            "a.html",
            '<p>So.</p>\n<img alt="A miracle here" src="x">\n',
            f'<p>So.</p>\n{NEXT}\n<img alt="A miracle here" src="x">\n',
        ),
        # Where a line holds more than one finding of the rule, all of them are answered for.
        ("a.md", "A miracle, a miracle.\n", f"{NEXT}\n\nA miracle, a miracle.\n"),
        # Others of the line stay.
        ("a.md", "A miracle cures ALS.\n", f"{NEXT}\n\nA miracle cures ALS.\n"),
    ],
)
def test_the_comment_stands_where_the_format_takes_it(
    lint_as: LintAs, path: str, before: str, after: str
) -> None:
    """One comment more, one finding less, and the same text to read."""
    lint = lint_as(path)
    session = start(before, lint)
    allowed = allow(session, session.findings[0], "why", lint)
    assert allowed.source == after
    assert [block.text for block in allowed.document.blocks] == [
        block.text for block in session.document.blocks
    ]
    others = [f.rule for f in session.findings if f.rule != "magic-word"]
    assert [finding.rule for finding in allowed.findings] == others


def test_a_place_for_no_comment_is_refused(lint_as: LintAs) -> None:
    """A text that runs over lines in front matter takes none; the way out is named."""
    lint = lint_as()
    source = "---\nabout: |\n  A plain line\n  and a miracle here\n---\n\nSo.\n"
    session = start(source, lint)
    with pytest.raises(FixError, match="no comment can stand here; allow the phrase instead"):
        allow(session, session.findings[0], "why", lint)


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.md", "A miracle.\n", "{html}\n\nA miracle.\n"),
        (
            "a.md",
            "---\ntitle: So it is\n---\n\nA miracle.\n",
            "---\n{hash}\ntitle: So it is\n---\n\nA miracle.\n",
        ),
        (
            "a.html",
            "<!doctype html>\n<p>A miracle.</p>\n",
            "<!doctype html>\n{html}\n<p>A miracle.</p>\n",
        ),
        ("a.html", "<p>A miracle.</p>\n", "{html}\n\n<p>A miracle.</p>\n"),
    ],
)
def test_what_a_draft_leaves_out_is_answered_for_the_file(
    lint_as: LintAs, path: str, before: str, after: str
) -> None:
    """The comment stands at the top, where it stays when the claim is moved."""
    lint = lint_as(path)
    session = start(before, lint)
    # The small rules know nothing of what is missing: the word's rule plays the part.
    finding = replace(session.findings[0], category=Category.MISSING_RISK)
    directive = "medlint-disable-file magic-word -- why"
    expected = after.format(html=f"<!-- {directive} -->", hash=f"# {directive}")
    assert allow(session, finding, "why", lint).source == expected


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30))
def test_no_reason_breaks_the_draft(reason: str) -> None:
    """Whatever is typed: the comment ends where it should, or none is written."""
    lint: Lint = LINT[0]
    source = "| a | b |\n|---|---|\n| A miracle | c |\n\nFine.\n"
    session = start(source, lint)
    try:
        allowed = allow(session, session.findings[0], reason, lint)
    except FixError:
        assert reason.split() == []
        return
    assert allowed.findings == ()
    assert [block.text for block in allowed.document.blocks] == [
        block.text for block in session.document.blocks
    ]


LINT: list[Lint] = []


@pytest.fixture(autouse=True)
def _lint_function(lint_as: LintAs) -> None:
    LINT[:] = [lint_as()]
