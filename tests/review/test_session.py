"""The steps of a review, one by one, and that undoing them goes all the way back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medlint.document import Span
from medlint.errors import FixError, InputError
from medlint.findings import Category, Edit, Rewrite, RewriteKind
from medlint.review.session import (
    Act,
    Phrase,
    Session,
    acts,
    allow,
    allow_phrase,
    current,
    edit,
    insert,
    pending,
    sentence_of,
    skip,
    start,
    take,
    told_apart,
    undo,
)

if TYPE_CHECKING:
    from conftest import LintAs
    from medlint.findings import Finding
    from medlint.review.session import Lint

DRAFT = "Our miracle cures ALS. It is fine.\n\n- less pain\n- less pain\n"


def asked(session: Session) -> tuple[str, int]:
    """Return the rule and place of the finding that is asked about."""
    finding = current(session)
    assert finding is not None
    return finding.rule, finding.span.start


def now(session: Session) -> Finding:
    """Return the finding that is asked about."""
    finding = current(session)
    assert finding is not None
    return finding


def test_findings_come_in_the_order_of_the_draft(lint_as: LintAs) -> None:
    """One after another; from the last, back to those that were left above."""
    lint = lint_as()
    session = start(DRAFT, lint)
    order = []
    while finding := current(session):
        order.append((finding.rule, finding.span.start))
        session = skip(session, finding)
    assert order == [("magic-word", 4), ("cure-verb", 12), ("repeated-item", 50)]
    assert (session.source, pending(session), acts(session)[Act.SKIPPED]) == (DRAFT, (), 3)
    assert current(replace(session, skipped=frozenset(), cursor=13)) == session.findings[2]
    assert current(replace(session, skipped=frozenset(), cursor=51)) == session.findings[0]


def test_what_was_skipped_before_is_not_asked_again(lint_as: LintAs) -> None:
    """Fingerprints outlive edits elsewhere in the draft."""
    lint = lint_as()
    session = start(DRAFT, lint)
    skipped = skip(session, now(session)).skipped
    later = start("A new opening.\n\n" + DRAFT, lint, skipped)
    assert asked(later) == ("cure-verb", 28)


def test_taking_a_rewrite_applies_it_and_lints_again(lint_as: LintAs) -> None:
    """Its edits go in, and the next finding is where the draft now is."""
    lint = lint_as()
    session = start(DRAFT, lint)
    removal = session.findings[2]
    taken = take(session, removal, removal.rewrites[0], {}, lint)
    assert taken.source == "Our miracle cures ALS. It is fine.\n\n- less pain\n"
    assert [finding.rule for finding in taken.findings] == ["magic-word", "cure-verb"]
    assert (taken.act, taken.before, taken.cursor) == (Act.TAKEN, session, 48)


def test_blanks_are_filled_or_nothing_happens(lint_as: LintAs) -> None:
    """A blank without its word is an error that names it; white space is no word."""
    lint = lint_as()
    session = start(DRAFT, lint)
    rewrite = Rewrite(
        RewriteKind.DISPLAY,
        "[treatment] is studied in [disease].",
        (Edit(Span(0, 22), "[treatment] is studied in [disease]."),),
    )
    finding = now(session)
    with pytest.raises(FixError, match=r"\[disease\] is not filled in"):
        take(session, finding, rewrite, {"treatment": "It", "disease": " \n"}, lint)
    done = take(session, finding, rewrite, {"treatment": "It", "disease": " ALS\n now "}, lint)
    assert done.source == "It is studied in ALS now. It is fine.\n\n- less pain\n- less pain\n"


def test_blanks_of_one_name_are_told_apart() -> None:
    """Two numbers are two facts, in the text and in the edits alike."""
    text = "Of [number] people, [number] improved by [time]."
    rewrite = Rewrite(RewriteKind.DISPLAY, text, (Edit(Span(0, 3), text), Edit(Span(5, 6), "x")))
    apart = "Of [number] people, [number (2)] improved by [time]."
    assert told_apart(rewrite) == Rewrite(
        RewriteKind.DISPLAY, apart, (Edit(Span(0, 3), apart), Edit(Span(5, 6), "x"))
    )
    plain = Rewrite(RewriteKind.SAFE, "x", (Edit(Span(5, 6), "x"),))
    assert told_apart(plain) == plain


@pytest.mark.parametrize(
    "edits", [(), (Edit(Span(0, 3), ""), Edit(Span(2, 4), "")), (Edit(Span(0, 999), ""),)]
)
def test_a_rewrite_without_a_place_is_refused(lint_as: LintAs, edits: tuple[Edit, ...]) -> None:
    """No edits, edits that meet, or edits beyond the draft's end."""
    lint = lint_as()
    session = start(DRAFT, lint)
    with pytest.raises(FixError, match="edit the words yourself"):
        take(session, now(session), Rewrite(RewriteKind.UNSAFE, "x", edits), {}, lint)


def test_own_words_may_bring_findings_of_their_own(lint_as: LintAs) -> None:
    """They are asked about next; words that are the same are no step."""
    lint = lint_as()
    session = skip(start(DRAFT, lint), now(start(DRAFT, lint)))
    span = sentence_of(session.document, now(session))
    assert session.source[span.start : span.end] == "Our miracle cures ALS."
    with pytest.raises(FixError, match="the words are as they were"):
        edit(session, span, "Our miracle cures ALS.", lint)
    changed = edit(session, span, "A miracle indeed.", lint)
    assert changed.source.startswith("A miracle indeed. It is fine.")
    assert asked(changed) == ("magic-word", 2)


def test_a_step_that_breaks_the_draft_is_refused(lint_as: LintAs) -> None:
    """What could not be checked is never taken."""
    lint = lint_as()
    session = start("---\ntitle: A miracle here\n---\n\nFine.\n", lint)
    with pytest.raises(InputError, match="broken front matter"):
        edit(session, Span(11, 25), '"A [', lint)


def test_allowing_needs_a_reason_and_leaves_a_comment(lint_as: LintAs) -> None:
    """The comment carries the reason; the finding is gone, the others stay."""
    lint = lint_as()
    session = start(DRAFT, lint)
    with pytest.raises(FixError, match="allowing needs a reason"):
        allow(session, now(session), " \t", lint)
    allowed = allow(session, now(session), "the  name of\nthe place", lint)
    assert allowed.source == (
        "<!-- medlint-disable-next-line magic-word -- the name of the place -->\n\n" + DRAFT
    )
    assert [finding.rule for finding in allowed.findings] == ["cure-verb", "repeated-item"]
    assert allowed.act is Act.ALLOWED


def test_a_phrase_must_cover_the_finding(lint_as: LintAs) -> None:
    """It is kept beside the draft, whose text stays as it is."""
    lint = lint_as()
    session = start(DRAFT, lint)
    for words in ("", "Our", "miracles"):
        with pytest.raises(FixError, match="the phrase must hold “miracle”"):
            allow_phrase(session, now(session), words, "a name", lint)
    with pytest.raises(FixError, match="needs a reason"):
        allow_phrase(session, now(session), "our miracle", "", lint)
    allowed = allow_phrase(session, now(session), "our  Miracle", "a name", lint)
    assert allowed.phrases == (Phrase("our Miracle", "a name"),)
    assert (allowed.source, allowed.before) == (DRAFT, session)
    assert [finding.rule for finding in allowed.findings] == ["cure-verb", "repeated-item"]
    assert undo(allowed) == session


def test_no_phrase_allows_what_is_about_the_whole_page(lint_as: LintAs) -> None:
    """Such rules are given by name, for their categories may be any; nor do earlier phrases."""
    lint = lint_as()
    session = start(DRAFT, lint, page_wide=frozenset({"cure-verb"}))
    session = allow_phrase(session, now(session), "miracle cures ALS", "a name", lint)
    assert [finding.rule for finding in session.findings] == ["cure-verb", "repeated-item"]
    with pytest.raises(FixError, match="cannot be allowed by a phrase; a comment can answer"):
        allow_phrase(session, now(session), "cures ALS", "a name", lint)


def test_an_idle_comment_cannot_be_allowed(lint_as: LintAs) -> None:
    """A comment that suppresses a report about comments would be the next one."""
    lint = lint_as()
    session = start("Fine.\n\n<!-- medlint-disable-next-line hype -->\n\nFine.\n", lint)
    finding = now(session)
    assert finding.rule == "unused-suppression"
    assert sentence_of(session.document, finding) == finding.span
    for step in (
        lambda: allow(session, finding, "why", lint),
        lambda: allow_phrase(session, finding, "hype", "why", lint),
    ):
        with pytest.raises(FixError, match="edit it away"):
            step()


def missing(session: Session, start_: int, end: int) -> Finding:
    """Return a finding about something that the draft leaves out."""
    return replace(
        session.findings[0],
        rule="missing-risk",
        category=Category.MISSING_RISK,
        span=Span(start_, end),
    )


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.md", "It cures ALS.\n", "It cures ALS.\n\nRisks.\n"),
        ("a.md", "It cures ALS.", "It cures ALS.\n\nRisks."),
        ("a.md", "It cures\nALS.\n\nMore.\n", "It cures\nALS.\n\nRisks.\n\nMore.\n"),
        ("a.md", "# It cures ALS\n\nSo.\n", "# It cures ALS\n\nSo.\n\nRisks.\n"),
        ("a.md", "- It cures ALS\n- b\n\nC\n", "- It cures ALS\n- b\n\nRisks.\n\nC\n"),
        (
            "a.md",
            "> It cures ALS.\n> So.\n\nMore.\n",
            "> It cures ALS.\n> So.\n\nRisks.\n\nMore.\n",
        ),
        (
            "a.md",
            "| a | b |\n|---|---|\n| It cures ALS | c |\n\nMore.\n",
            "| a | b |\n|---|---|\n| It cures ALS | c |\n\nRisks.\n\nMore.\n",
        ),
        (
            "a.md",
            "---\ntitle: It cures ALS\n---\n\nSo.\n",
            "---\ntitle: It cures ALS\n---\n\nSo.\n\nRisks.\n",
        ),
        ("a.md", "It cures ALS.\r\n", "It cures ALS.\r\n\r\nRisks.\r\n"),
        ("a.txt", "It cures ALS.\n\nMore.\n", "It cures ALS.\n\nRisks.\n\nMore.\n"),
        (
            "a.html",
            "<p>It cures ALS.</p>\n<p>B</p>\n",
            "<p>It cures ALS.</p>\n<p>Risks.</p>\n<p>B</p>\n",
        ),
        (
            "a.html",
            "<body><ul><li>It cures ALS</li><li>b</li></ul></body>\n",
            "<body><ul><li>It cures ALS</li><li>b</li></ul>\n<p>Risks.</p></body>\n",
        ),
    ],
)
def test_what_is_missing_goes_behind_the_claim(
    lint_as: LintAs, path: str, before: str, after: str
) -> None:
    """As a paragraph of its own: behind the list, table or quotation that the claim is in."""
    lint = lint_as(path)
    session = start(before, lint)
    place = before.index("cures")
    done = insert(session, missing(session, place, place + 5), " Risks. ", lint)
    assert done.source == after
    assert undo(done) == session


def test_an_empty_paragraph_is_refused(lint_as: LintAs) -> None:
    """Nothing to say is nothing disclosed."""
    lint = lint_as()
    session = start(DRAFT, lint)
    with pytest.raises(FixError, match="discloses nothing"):
        insert(session, missing(session, 4, 11), " ", lint)
    with pytest.raises(FixError, match="cannot be allowed by a phrase"):
        allow_phrase(session, missing(session, 4, 11), "miracle", "why", lint)


STEPS = st.lists(st.sampled_from(["take", "edit", "skip", "allow", "phrase"]), max_size=5)


@given(STEPS)
def test_undoing_every_step_gives_the_first_state_back(steps: list[str]) -> None:
    """Whatever was done, in whatever order."""
    lint: Lint = LINT[0]
    first = session = start(DRAFT, lint)
    done = 0
    for step in steps:
        finding = current(session)
        if finding is None:
            break
        try:
            session = _step(step, session, finding, lint)
            done += 1
        except FixError:
            continue
    assert sum(acts(session).values()) == done
    for _ in range(done):
        session = undo(session)
    assert session == first
    assert undo(session) is session


def _step(step: str, session: Session, finding: Finding, lint: Lint) -> Session:
    if step == "take":
        removal = next((r for r in finding.rewrites if r.edits), None)
        rewrite = removal or Rewrite(RewriteKind.SAFE, "x", (Edit(finding.span, "x"),))
        return take(session, finding, rewrite, {}, lint)
    if step == "edit":
        return edit(session, sentence_of(session.document, finding), "A miracle here.", lint)
    if step == "skip":
        return skip(session, finding)
    if step == "allow":
        return allow(session, finding, "why not", lint)
    return allow_phrase(session, finding, finding.match, "why not", lint)


# Hypothesis takes no fixtures of a test; the lint function is made once.
LINT: list[Lint] = []


@pytest.fixture(autouse=True)
def _lint_function(lint_as: LintAs) -> None:
    LINT[:] = [lint_as()]
