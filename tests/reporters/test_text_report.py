"""The report for people: lines for pipes, carets for terminals."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reports import file_of, finding_at

from medlint.document import LineIndex, Span
from medlint.findings import Balance, Failure, Report, SectionBalance
from medlint.reporters import View, reporter
from medlint.reporters.snippet import Marked, columns, mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medlint.findings import FileReport

TERMINAL = View(terminal=True, width=80)


def test_a_pipe_gets_one_line_a_finding(report: Report) -> None:
    """Lines that grep and editors understand, then counts, balance and the notice."""
    assert reporter("text")(report, View()) == (
        "draft.md:3:15: error: “cures ALS” promises a cure. [cure-verb]\n"
        "draft.md:7:3: warning: “less pain” stands in this list already. [repeated-item]\n"
        "\n"
        "2 findings (1 error, 1 warning, 0 suggestions) in 1 file; 1 can be fixed with --fix.\n"
        "2 more were suppressed by comments or allowed phrases.\n"
        "Balance: 14 benefit statements, 0 material risks.\n"
        "2 failures: what standard error names went unchecked.\n"
        "Not legal advice; no findings is not compliance.\n"
    )


def test_quiet_prints_findings_only(report: Report) -> None:
    """And nothing at all where there are none."""
    assert reporter("text")(report, View(quiet=True)).splitlines() == [
        "draft.md:3:15: error: “cures ALS” promises a cure. [cure-verb]",
        "draft.md:7:3: warning: “less pain” stands in this list already. [repeated-item]",
    ]
    assert reporter("text")(Report(files=()), View(quiet=True)) == ""


def test_a_clean_run_says_what_it_is_worth() -> None:
    """No findings, in how many files, and the notice."""
    report = Report(files=(file_of(), file_of(path="b.md")))
    assert reporter("text")(report, View()).splitlines() == [
        "No findings in 2 files.",
        "4 more were suppressed by comments or allowed phrases.",
        "Balance: 28 benefit statements, 0 material risks.",
        "Not legal advice; no findings is not compliance.",
    ]


def test_an_empty_run_is_not_called_clean() -> None:
    """Where nothing could be checked, nothing is said about findings."""
    report = Report(files=(), failures=(Failure(path="a.md", error="gone"),))
    assert reporter("text")(report, View()).splitlines() == [
        "Nothing was checked.",
        "1 failure: what standard error names went unchecked.",
        "Not legal advice; no findings is not compliance.",
    ]


def test_a_terminal_gets_source_caret_and_advice(report: Report) -> None:
    """The place in the source, what to do, the first rewrite, the law."""
    assert reporter("text")(report, TERMINAL) == (
        "error[cure-verb]: “cures ALS” promises a cure.\n"
        " --> draft.md:3:15\n"
        "  |\n"
        "3 | Our 🧪 therapy cures\n"
        "  |                ^^^^^\n"
        "4 | ALS for good.\n"
        "  | ^^^\n"
        "  |\n"
        "  = advice: Say what was measured.\n"
        "  = instead: Whether this helps is not known.\n"
        "  = law: Test Act, section 1\n"
        "\n"
        "warning[repeated-item]: “less pain” stands in this list already.\n"
        " --> draft.md:7:3\n"
        "  |\n"
        "7 | - less pain\n"
        "  |   ^^^^^^^^^\n"
        "  |\n"
        "  = see: line 6: “less pain”\n"
        "  = fix: Remove the copy.\n"
        "\n"
        "2 findings (1 error, 1 warning, 0 suggestions) in 1 file; 1 can be fixed with --fix.\n"
        "2 more were suppressed by comments or allowed phrases.\n"
        "Balance: 14 benefit statements, 0 material risks.\n"
        "2 failures: what standard error names went unchecked.\n"
        "Not legal advice; no findings is not compliance.\n"
    )


def test_a_long_page_shows_its_balance_by_section() -> None:
    """On a terminal, where one long page has claims in several sections.

    Sections without any are not listed, long headings are cut, and a pipe gets the sum alone.
    """
    sections = (
        SectionBalance(None, 0, 1, 0),
        SectionBalance("Benefits " * 12, 2, 12, 0),
        SectionBalance("Opening hours", 2, 0, 0),
        SectionBalance("Risks", 2, 0, 3),
    )
    long = replace(file_of(), words=200, balance=Balance(13, 3, sections))
    total = "Balance: 13 benefit statements, 3 material risks."
    expected = [
        total,
        "    1 : 0   (before the first heading)",
        "   12 : 0   Benefits Benefits Benefits Benefits Benefits Benefits Benefits Ben…",
        "    0 : 3   Risks",
    ]

    def balance(*files: FileReport, view: View = TERMINAL) -> list[str]:
        lines = reporter("text")(Report(files=files), view).splitlines()
        return lines[2:-1]

    assert balance(long) == expected
    assert balance(long, view=View()) == [total]
    assert balance(replace(long, words=199)) == [total]
    one_sided = (SectionBalance(None, 0, 13, 0), sections[3])
    assert balance(replace(long, balance=Balance(13, 3, one_sided))) == [total]
    assert len(balance(long, long)) == 1


def test_colours_change_nothing_but_colour(report: Report) -> None:
    """Without its colour codes, the coloured view is the plain one."""
    plain = reporter("text")(report, TERMINAL)
    colored = reporter("text")(report, View(terminal=True, width=80, color=True))
    assert "\x1b[1;31m" in colored
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == plain


def test_nothing_in_a_draft_acts_on_the_terminal() -> None:
    """Escape codes, bells and direction marks are shown as what they are."""
    source = "It cures \x1b[31m\x07ALS\u202e."
    finding = finding_at("cures \x1b[31m\x07ALS", source, message="“\x1b[31m\x07” is\nbad.")
    for view in (View(), TERMINAL):
        text = reporter("text")(
            Report(files=(file_of(finding, source=source, path="a\x1b.md"),)), view
        )
        assert not set(text) & set("\x1b\x07\u202e")
        assert "“\ufffd[31m\ufffd” is bad." in text


@pytest.mark.parametrize("width", [20, 40, 60, 80, 200])
def test_lines_stay_within_the_terminal(width: int) -> None:
    """Long source lines are cut around the place, long advice is wrapped."""
    source = "word " * 60 + "cures ALS" + " word" * 60
    finding = finding_at("cures ALS", source, advice="Say what was measured, in whom. " * 5)
    text = reporter("text")(
        Report(files=(file_of(finding, source=source),)),
        View(terminal=True, width=width, quiet=True),
    )
    assert max(map(columns, text.splitlines())) <= max(width, 50)
    row, carets = re.findall(r"^.*\|(.*)$", text, re.MULTILINE)[1:3]
    assert row[carets.index("^") : carets.rindex("^") + 1] == "cures ALS"


def marked(source: str, words: str, width: int = 80) -> Sequence[Marked]:
    """Return the lines that show some words of a source."""
    start = source.index(words)
    return mark(source, LineIndex.of(source), Span(start, start + len(words)), width)


@pytest.mark.parametrize(
    ("source", "words", "expected"),
    [
        ("\tIt cures", "cures", (Marked(1, "    It cures", 7, 5),)),
        ("ab\tcures", "cures", (Marked(1, "ab  cures", 4, 5),)),
        ("日本 cures", "cures", (Marked(1, "日本 cures", 5, 5),)),
        ("cures 日本", "日本", (Marked(1, "cures 日本", 6, 4),)),
        ("nai\u0308ve cure", "cure", (Marked(1, "nai\u0308ve cure", 6, 4),)),
        ("a\r\nIt cures\r\nb", "cures", (Marked(2, "It cures", 3, 5),)),
        ("a\rIt cures\rb", "cures", (Marked(2, "It cures", 3, 5),)),
        (
            "It cures\n  all\n  of\n  it.",
            "cures\n  all\n  of\n  it",
            (Marked(1, "It cures", 3, 5), Marked(4, "  it.", 2, 2, skipped=True)),
        ),
        ("cures\n", "\n", (Marked(1, "cures", 5, 1),)),
    ],
)
def test_carets_stand_under_the_words(
    source: str, words: str, expected: tuple[Marked, ...]
) -> None:
    """Tabs, wide characters, combining marks and every line end are counted as shown."""
    assert marked(source, words) == expected


def test_a_line_of_megabytes_is_shown_at_once() -> None:
    """Only what stands near the place is looked at."""
    source = "word " * 2_000_000 + "cures" + " word" * 2_000_000
    (row,) = marked(source, "cures")
    assert row.text[row.indent : row.indent + row.width] == "cures"
    assert columns(row.text) <= 80


@given(
    st.text(alphabet="ab \t\n\r日é\u0301🧪\x1b\u200b", max_size=80),
    st.integers(0, 80),
    st.integers(0, 80),
    st.integers(20, 120),
)
def test_any_place_of_any_text_can_be_shown(source: str, start: int, end: int, width: int) -> None:
    """Marking never fails, never leaves the line, and always puts a caret somewhere."""
    first, last = sorted((min(start, len(source)), min(end, len(source))))
    for row in mark(source, LineIndex.of(source), Span(first, last), width):
        assert row.width >= 1
        assert row.indent <= columns(row.text)
        assert not set(row.text) & set("\t\n\r\x1b")
