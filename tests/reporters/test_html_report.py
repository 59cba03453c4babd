"""The report as a page: whole, safe, linked, the same for the same input."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from dataclasses import replace
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from reports import LAW, file_of, finding_at

from medlint import batch
from medlint.api import Linters, Options
from medlint.document import Span
from medlint.findings import (
    Balance,
    Category,
    Evidence,
    Failure,
    FileReport,
    Finding,
    Report,
    Rewrite,
    RewriteKind,
    RulesetInfo,
    SectionBalance,
    Severity,
    Source,
)
from medlint.parsing import parse
from medlint.reporters import NOTICE, View, reporter
from medlint.reporters.html_report.markup import Html, element, joined, safe
from medlint.reporters.html_report.page_text import TextView
from medlint.reporters.html_report.passages import (
    Placed,
    as_written,
    passages,
    place,
    segments,
    text_range,
)

if TYPE_CHECKING:
    from medlint.document import Block, Document

ROOT = Path(__file__).parents[2]
DRAFTS = ("stem-cell-knee.md", "exosome-facial.html", "ketamine-centre.txt")
TODAY = date(2026, 3, 4)
VOID = {"col", "input", "meta", "rect"}
DRAFT = """\
---
title: Our clinic page
---
# Our 'new' *therapy*

It **cures\u2014ALS** &amp; `x = 1` for \u201cgood\u201d.

### Menu

- less pain ![a cure](a.png) here
  - no pain

> It saved me.

| a | b |
|---|---|
| c | d |
"""


class Page(HTMLParser):
    """Reads a page: its elements, what its tags leave open, and the text of each element."""

    def __init__(self, text: str) -> None:
        """Read the page."""
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element and its attributes."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Check that what ends is what began last."""
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        """Note text with the element it stands in."""
        self.texts.append((self.open[-1] if self.open else "", data))

    def values(self, name: str) -> list[str]:
        """Return every value of an attribute."""
        return [attrs[name] or "" for _, attrs in self.tags if name in attrs]


def rendered(*files: FileReport, **values: object) -> str:
    """Return the page of some drafts."""
    report = Report(files=files, rulesets=(RulesetInfo("core", "1"),))
    return reporter("html")(report, View(today=TODAY, **values))  # type: ignore[arg-type]


def drafted(*findings: Finding, path: str = "draft.md", source: str = DRAFT) -> FileReport:
    """Return the report of a parsed source."""
    document = parse(source, path=path)
    sections = tuple(
        SectionBalance(
            None if section.heading is None else document.blocks[section.heading].text,
            section.level,
            number,
            0,
        )
        for number, section in enumerate(document.sections)
    )
    return replace(
        file_of(*findings, path=path, source=source),
        document=document,
        balance=Balance(sum(range(len(sections))), 0, sections),
    )


@pytest.fixture(scope="module")
def examples() -> Report:
    """Return what the shipped rules say about some example drafts."""
    paths = [str(ROOT / "examples" / name) for name in DRAFTS]
    job = batch.Job(options=Options(no_config=True), whole=True)
    return batch.gather(batch.run(job, paths, linters=Linters(job.options))).report


# Markup


def test_elements_escape_what_is_no_html() -> None:
    """Children and attributes; names of attributes are written as HTML has them."""
    bold = element("b", "1 < 2")
    drawn = element(
        "p", bold, " & 'so'", class_="a", data_x='"', hidden=True, title=None, tabindex=0
    )
    assert drawn == (
        '<p class="a" data-x="&quot;" hidden tabindex="0"><b>1 &lt; 2</b> &amp; &#x27;so&#x27;</p>'
    )
    assert element("input", type="checkbox", checked=False) == '<input type="checkbox">'
    assert joined(["<", Html("<br>")], "&") == "&lt;&amp;<br>"


def test_characters_that_act_on_others_are_shown_as_what_they_are() -> None:
    """Direction marks and escape codes go, the joiner of an emoji stays."""
    assert safe("a\u202eb\x1b[1m\udc80\u00a0c") == "a\ufffdb\ufffd[1m\ufffd c"
    assert safe("👩\u200d⚕️") == "👩\u200d⚕️"


# Where findings stand


def written(block: Block, source: str) -> str:
    """Return the whole text of a block as it was written."""
    return as_written(block, source, 0, len(block.text))


def test_the_text_is_shown_as_it_was_written() -> None:
    """Folded quotation marks, dashes and code are the writer's again, markup and entities not."""
    document = parse(DRAFT, path="draft.md")
    assert [written(block, DRAFT) for block in document.blocks][:5] == [
        "Our clinic page",
        "Our 'new' therapy",
        "It cures\u2014ALS & `x = 1` for \u201cgood\u201d.",
        "Menu",
        "less pain here",
    ]


@given(st.data())
def test_a_source_range_leads_back_to_the_text(data: st.DataObject) -> None:
    """For any words of any block: their source range covers just them, or whole atomic runs."""
    path = ROOT / "examples" / data.draw(st.sampled_from(DRAFTS))
    document = parsed(path)
    block = data.draw(st.sampled_from([block for block in document.blocks if block.text]))
    start = data.draw(st.integers(0, len(block.text) - 1))
    end = data.draw(st.integers(start + 1, len(block.text)))
    # A line's end may be a blank of its own, without a source range.
    assume(" " not in (block.text[start], block.text[end - 1]))
    span = block.source_span(start, end)
    found = text_range(block, span)
    assert found is not None
    assert (found[0] <= start, end <= found[1]) == (True, True)
    assert block.source_span(*found) == span


def parsed(path: Path, _known: dict[Path, Document] = {}) -> Document:  # noqa: B006
    """Return a parsed draft; each is parsed once."""
    if path not in _known:
        _known[path] = parse(path.read_bytes().decode("utf-8"), path=path.name)
    return _known[path]


def test_a_finding_in_a_picture_stands_there_and_not_in_the_paragraph_around() -> None:
    """The innermost block that holds a place is its block; a comment has none."""
    source = "Less ![a cure](a.png) pain. <!-- cure -->\n"
    document = parse(source, path="draft.md")
    findings = [finding_at(words, source) for words in ("a cure", "pain", "<!-- cure -->")]
    placed, outside = place(document, findings)
    shown = {
        document.blocks[number].kind.value: [
            document.blocks[number].text[each.start : each.end] for each in found
        ]
        for number, found in placed.items()
    }
    assert (shown, outside) == ({"alt": ["a cure"], "paragraph": ["pain"]}, (3,))


# Highlights


def placed_at(*ranges: tuple[int, int], **values: object) -> list[Placed]:
    """Return findings at ranges of a text, numbered from 1."""
    finding = finding_at("cures", **values)
    return [Placed(number, finding, *each) for number, each in enumerate(ranges, 1)]


def test_overlapping_findings_get_lanes() -> None:
    """Each finding is whole in a lane of its own; a lane is used again when it is free."""
    drawn = [
        (s.start, s.end, [(lane, p.number) for lane, p in s.covering], [p.number for p in s.ending])
        for s in segments(20, placed_at((0, 10), (4, 14), (10, 18), (4, 6)))
    ]
    assert drawn == [
        (0, 4, [(0, 1)], []),
        (4, 6, [(0, 1), (1, 2), (2, 4)], [4]),
        (6, 10, [(0, 1), (1, 2)], [1]),
        (10, 14, [(0, 3), (1, 2)], [2]),
        (14, 18, [(0, 3)], [3]),
        (18, 20, [], []),
    ]


@given(st.lists(st.tuples(st.integers(0, 29), st.integers(1, 12)), max_size=8))
def test_segments_lose_nothing(ranges: list[tuple[int, int]]) -> None:
    """They join to the whole text, cover each finding exactly, and end each finding once."""
    placed = placed_at(*((start, min(start + size, 30)) for start, size in ranges))
    drawn = list(segments(30, placed))
    assert "".join("x" * (s.end - s.start) for s in drawn) == "x" * 30
    covered: Counter[int] = Counter()
    for segment in drawn:
        lanes = [lane for lane, _ in segment.covering]
        assert lanes == sorted(set(lanes))
        for _, each in segment.covering:
            covered[each.number] += segment.end - segment.start
    assert covered == Counter({each.number: each.end - each.start for each in placed})
    assert sorted(p.number for s in drawn for p in s.ending) == [p.number for p in placed]


def test_overlaps_are_nested_marks_with_numbers_where_they_end() -> None:
    """Each piece says to which finding it belongs; only the first carries the id."""
    source = "It cures ALS now."
    document = parse(source, path="draft.txt")
    findings = [
        finding_at("cures ALS", source),
        finding_at("ALS now", source, severity=Severity.WARNING, category=Category.HYPE),
    ]
    placed, _ = place(document, findings)
    assert TextView(document, placed, "d1-").render([0]) == (
        '<p id="d1-b0">It <mark class="error lane-0" data-f="d1-f1" id="d1-t1">cures </mark>'
        '<mark class="error lane-0" data-f="d1-f1">'
        '<mark class="warning lane-1" data-f="d1-f2" id="d1-t2">ALS</mark></mark>'
        '<a class="number error" href="#d1-f1" aria-label="Finding 1: error, cure" '
        'data-f="d1-f1">1</a>'
        '<mark class="warning lane-1" data-f="d1-f2"> now</mark>'
        '<a class="number warning" href="#d1-f2" aria-label="Finding 2: warning, hype" '
        'data-f="d1-f2">2</a>.</p>\n'
    )


def test_what_is_about_the_page_is_numbered_and_not_marked() -> None:
    """A missing disclosure begins at a claim; the claim's own marks stay readable."""
    source = "It cures ALS."
    document = parse(source, path="draft.txt")
    placed, _ = place(document, [finding_at("cures", source, category=Category.MISSING_RISK)])
    assert TextView(document, placed, "d1-").render([0]) == (
        '<p id="d1-b0">It cures<a class="number error page-wide" href="#d1-f1" '
        'aria-label="Finding 1: error, about the whole page" data-f="d1-f1" id="d1-t1">1</a>'
        " ALS.</p>\n"
    )


def test_text_keeps_its_structure() -> None:
    """Headings nest without a gap, lists and tables stand together, extras say what they are."""
    document = parse(DRAFT, path="draft.md")
    assert TextView(document, {}, "").render(range(len(document.blocks))) == (
        '<p id="b0" class="extra"><span class="kind">Front matter (title):</span> '
        "Our clinic page</p>\n"
        '<h4 id="b1">Our &#x27;new&#x27; therapy</h4>\n'
        '<p id="b2">It cures\u2014ALS &amp; `x = 1` for “good”.</p>\n'
        '<h5 id="b3">Menu</h5>\n'
        '<ul class="list-item">\n<li id="b4">less pain here</li>\n</ul>\n'
        '<p id="b5" class="extra"><span class="kind">Picture text:</span> a cure</p>\n'
        '<ul class="list-item">\n<li id="b6" class="depth-1">no pain</li>\n</ul>\n'
        '<blockquote class="quotation">\n<p id="b7">It saved me.</p>\n</blockquote>\n'
        '<div class="table-cell">\n'
        '<p id="b8">a</p>\n<p id="b9">b</p>\n<p id="b10">c</p>\n<p id="b11">d</p>\n</div>\n'
    )


# Passages


@pytest.mark.parametrize("name", DRAFTS)
def test_passages_hold_everything_once(name: str, examples: Report) -> None:
    """All blocks in their order, every finding once, and never two sections in one."""
    file = examples.files[DRAFTS.index(name)]
    assert file.document is not None
    placed, outside = place(file.document, file.findings)
    cut = passages(file.document, placed)
    blocks = file.document.blocks
    assert [n for passage in cut for n in passage.blocks] == list(range(len(blocks)))
    assert {len({blocks[n].section for n in passage.blocks}) for passage in cut} == {1}
    numbers = [n for passage in cut for n in passage.findings]
    wide = [p.number for found in placed.values() for p in found if p.is_page_wide]
    assert sorted((*numbers, *outside, *wide)) == list(range(1, len(file.findings) + 1))
    assert max(len(passage.blocks) for passage in cut) > 1


# The page as a whole


def card_of(page: str, number: int = 1) -> str:
    """Return the card of a finding of the first draft."""
    (card,) = re.findall(
        rf'<article class="[a-z ]+" id="d1-f{number}".*?</article>', page, re.DOTALL
    )
    assert isinstance(card, str)
    return card


def test_a_card_says_everything_about_its_finding() -> None:
    """Severity, place, message, advice, rewrites with their blanks, evidence, law."""
    start = DRAFT.index("It saved me")
    finding = finding_at(
        "**cures\u2014ALS**",
        DRAFT,
        message="“cures” promises a cure.",
        advice="Say what was measured.",
        rewrites=(
            Rewrite(RewriteKind.DISPLAY, "Whether [product] helps is not known."),
            Rewrite(RewriteKind.SAFE, "Remove it."),
        ),
        evidence=(Evidence(Span(start, start + 11), "It saved me"),),
        sources=(
            Source("us.act", "Act, s. 1", "https://example.org/1"),
            replace(LAW, checked=False),
        ),
    )
    assert card_of(rendered(drafted(finding))) == (
        '<article class="card error" id="d1-f1" tabindex="-1" aria-labelledby="d1-f1-title" '
        'data-severity="error" data-category="cure" data-jurisdiction="us general">\n'
        '<p class="head"><a class="number error" href="#d1-t1" '
        'aria-label="Finding 1, show it in the text">1</a> <strong class="severity">error</strong> '
        '<span class="category">cure</span> <span class="position">line 6, column 4</span> '
        "<code>cure-verb</code></p>\n"
        '<p class="message" id="d1-f1-title">“cures” promises a cure.</p>\n'
        '<p class="advice">Say what was measured.</p>\n'
        '<div class="instead"><p class="title">Instead</p>\n'
        '<ul><li>Whether <span class="blank">[product]</span> helps is not known.</li>\n'
        '<li>Remove it. <span class="note">(--fix applies this)</span></li></ul></div>\n'
        '<div class="evidence"><p class="title">See also</p>\n'
        '<ul><li><a href="#d1-b7">line 13</a>: “It saved me”</li></ul></div>\n'
        '<div class="law"><p class="title">Law and guidance</p>\n'
        '<ul><li><b class="where">US</b> <a href="https://example.org/1" rel="noopener noreferrer">'
        "Act, s. 1</a></li>\n"
        '<li><b class="where">general</b> <a href="https://example.org/act#1" '
        'rel="noopener noreferrer">Test Act, section 1</a> '
        '<span class="note">(citation not compared with its text)</span></li></ul></div>\n'
        "</article>"
    )


def test_the_head_says_what_was_run(report: Report) -> None:
    """Date, counts, version, rulesets, what held for the draft, and what a report is not."""
    setups = {"draft.md": (("Configuration", ".medlint.yaml"), ("Product", "supplement"))}
    page = reporter("html")(replace(report, failures=()), View(today=TODAY, setups=setups))
    facts = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page)
    assert facts == [
        ("Date", "2026-03-04"),
        ("Checked", "1 draft"),
        ("Findings", "2 (1 error, 1 warning, 0 suggestions)"),
        ("medlint", facts[3][1]),
        ("Rulesets", "core 1, us 2"),
        ("Words", "16"),
        ("Findings", "1 error, 1 warning, 0 suggestions"),
        ("Suppressed", "2, by comments or allowed phrases"),
        ("Configuration", ".medlint.yaml"),
        ("Product", "supplement"),
    ]
    assert re.findall("<title>(.*)</title>", page) == ["medlint report: draft.md, 2026-03-04"]
    assert page.count(NOTICE) == 2


def test_the_same_report_gives_the_same_page(examples: Report) -> None:
    """Nothing in it depends on when or where it is made."""
    pages = {reporter("html")(examples, View(today=TODAY)) for _ in range(2)}
    assert len(pages) == 1
    assert "Date" not in reporter("html")(Report(files=()), View())


def test_the_page_is_sound(examples: Report) -> None:
    """Tags close, ids are unique, every link, label and mark leads to something."""
    page = Page(reporter("html")(examples, View(today=TODAY)))
    assert (page.open, page.wrong) == ([], [])
    ids = page.values("id")
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    inner = [href[1:] for href in page.values("href") if href.startswith("#")]
    named = (*inner, *page.values("aria-labelledby"), *page.values("data-f"))
    assert sorted(set(named) - set(ids)) == []
    cards = [attrs["id"] for tag, attrs in page.tags if tag == "article"]
    findings = sum(len(file.findings) for file in examples.files)
    assert (len(cards), len(set(page.values("data-f")) - set(cards))) == (findings, 0)
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert [b for a, b in pairwise(levels) if b > a + 1] == []


def test_the_page_needs_nothing_else(examples: Report) -> None:
    """No address is loaded, and its policy admits its own style and script alone."""
    text = reporter("html")(examples, View(today=TODAY))
    page = Page(text)
    assert [n for n in ("src", "srcset", "style", "action", "onclick") if page.values(n)] == []
    assert {tag for tag, _ in page.tags} & {"link", "img", "iframe", "object", "base"} == set()
    assert re.search(r"@import|url\(", text) is None
    hashes = [
        b64encode(sha256(content.encode()).digest()).decode()
        for name in ("style", "script")
        for content in re.findall(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)
    ]
    assert page.values("content")[1] == (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )


HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'><b onclick=alert(3)>"


def test_a_hostile_draft_injects_nothing() -> None:
    """Whatever a draft, its path or a ruleset says, the page has no element it would not have."""
    source = f"# {HOSTILE}\n\n`{HOSTILE}` cures ALS\n"
    harmless = "# a\n\n`a` cures ALS\n"

    def page(words: str, source: str, url: str) -> Page:
        finding = finding_at(
            "cures",
            source,
            rule=words,
            message=words,
            advice=words,
            match=words,
            rewrites=(Rewrite(RewriteKind.DISPLAY, f"[{words}]"),),
            evidence=(Evidence(Span(2, 3), words),),
            sources=(Source(words, words, url),),
        )
        file = replace(drafted(finding, path="draft.txt", source=source), path=words)
        report = Report(
            files=(file,),
            failures=(Failure(path=words, rule=words, error=words),),
            rulesets=(RulesetInfo(words, words),),
        )
        return Page(reporter("html")(report, View(setups={words: ((words, words),)})))

    hostile = page(HOSTILE, source, "javascript:alert(4)")
    plain = page("a", harmless, "javascript:alert(4)")
    shape = [(tag, sorted(attrs)) for tag, attrs in hostile.tags]
    assert shape == [(tag, sorted(attrs)) for tag, attrs in plain.tags]
    assert [h for h in hostile.values("href") if not h.startswith("#")] == []
    assert sum(HOSTILE in text for _, text in hostile.texts) > 10


def test_several_drafts_are_ranked() -> None:
    """The most errors first, then warnings, then suggestions, then as given."""

    def draft(path: str, errors: int, warnings: int = 0) -> FileReport:
        findings = [finding_at("cures", DRAFT) for _ in range(errors)]
        mild = finding_at("cures", DRAFT, severity=Severity.WARNING)
        return drafted(*findings, *[mild] * warnings, path=path)

    page = rendered(draft("a.md", 0), draft("b.md", 1, 1), draft("c.md", 2), draft("d.md", 1, 2))
    rows = re.findall(r"<tr><td>(\d)</td><th scope=\"row\"><a href=\"#(.*?)\">(.*?)</a>", page)
    assert rows == [
        ("1", "d3", "c.md"),
        ("2", "d4", "d.md"),
        ("3", "d2", "b.md"),
        ("4", "d1", "a.md"),
    ]
    assert re.findall(r'<h2 id="(d\d)">(.*?)</h2>', page)[0] == ("d1", "a.md")
    assert '<table class="index">' not in rendered(draft("a.md", 1))


def test_the_balance_is_drawn_by_section() -> None:
    """Figures beside bars of their share; sections that state nothing are counted."""
    page = rendered(drafted())
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", page)

    def bar(kind: str, x: int, width: int) -> str:
        svg = '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        rect = f'<rect class="{kind}" x="{x}" width="{width}" height="10">'
        return f'<td class="bar">{svg}{rect}</svg></td>'

    def row(block: int, heading: str, benefits: int, width: int) -> str:
        head = f'<th scope="row"><a href="#d1-b{block}">{heading}</a></th>'
        left = f'{bar("benefit", 100 - width, width)}<td class="count">{benefits}</td>'
        return f'<tr>{head}{left}<td class="count">0</td>{bar("risk", 0, 0)}</tr>'

    assert rows == [row(1, "Our &#x27;new&#x27; therapy", 1, 50), row(3, "Menu", 2, 100)]
    assert "<strong>3 benefit statements</strong> against <strong>0 material risks</strong>" in page


def test_filters_offer_what_there_is(report: Report) -> None:
    """A box for each severity, category and jurisdiction that occurs, with its count."""
    page = Page(reporter("html")(report, View()))
    boxes = [(a["name"], a["value"]) for tag, a in page.tags if tag == "input"]
    assert boxes == [
        ("severity", "error"),
        ("severity", "warning"),
        ("category", "cure"),
        ("category", "duplicate-item"),
        ("jurisdiction", "general"),
    ]
    assert "<form" not in rendered(drafted())


def test_what_went_unchecked_comes_first(report: Report) -> None:
    """It stands above the drafts; where nothing was checked, nothing is called clean."""
    page = reporter("html")(report, View())
    section = page.index('<h2 id="failures">Not checked</h2>')
    assert section < page.index('<h2 id="d1">')
    items = re.findall(r"<li><code>(.*?)</code>: (.*?)</li>", page)
    assert items == [
        ("gone.md", "cannot be read: No such file or directory"),
        ("draft.md", "ran out of time (rule slow-rule)"),
    ]
    assert "Nothing was checked." in reporter("html")(Report(files=()), View())
