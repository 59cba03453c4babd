"""Findings as comments in the Word document that they are about."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING

import docx as python_docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medlint import __version__
from medlint.document import Span
from medlint.errors import FixError, InputError
from medlint.findings import (
    Balance,
    Category,
    Evidence,
    FileReport,
    Finding,
    Rewrite,
    RewriteKind,
    Severity,
    Source,
)
from medlint.parsing import parse_bytes
from medlint.parsing.docx.reading import read
from medlint.reporters import NOTICE, annotator
from wordfile import (
    box,
    comment,
    commented,
    control,
    deleted,
    docx,
    footnote,
    inserted,
    link,
    note,
    p,
    r,
    table,
)

if TYPE_CHECKING:
    from pathlib import Path

annotate = annotator("docx")
LAW = Source("x.law", "A law & its notes", "https://example.com/law?a=1&b=2", checked=False)
OFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice Writer is not installed")
MARKS = re.compile(
    r"<w:commentRange(?:Start|End) w:id=\"\d+\"/>"
    r"|<w:r>(?:<w:rPr><w:rStyle w:val=\"\w+\"/></w:rPr>)?<w:commentReference w:id=\"\d+\"/></w:r>"
)


def finding(data: bytes, words: str | Span, **changes: object) -> Finding:
    """Return a finding about words of a document."""
    source = parse_bytes(data, path="x.docx").source
    start = source.index(words) if isinstance(words, str) else words.start
    span = Span(start, start + len(words)) if isinstance(words, str) else words
    values: dict[str, object] = {
        "rule": "a-rule",
        "category": Category.CURE,
        "severity": Severity.ERROR,
        "span": span,
        "match": source[span.start : span.end],
        "message": "It says too much.",
    }
    return Finding(**(values | changes))  # type: ignore[arg-type]


def report(data: bytes, *findings: Finding) -> FileReport:
    """Return a report of a document."""
    document = parse_bytes(data, path="x.docx")
    return FileReport(
        path="x.docx", words=9, balance=Balance(), findings=findings, document=document
    )


def annotated(data: bytes, *words: str) -> bytes:
    """Return a document with a comment about each of some words."""
    return annotate(data, report(data, *(finding(data, each) for each in words)))


def part(data: bytes, name: str = "word/document.xml") -> str:
    """Return a part as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def commented_words(data: bytes) -> list[str]:
    """Return the words that each comment of medlint stands over, in the order of ids."""
    word = read(data, "x.docx")
    own = [each for each in word.comments if each.author == "medlint"]
    return [word.source[each.span.start : each.span.end] for each in own]


def said(data: bytes) -> list[str]:
    """Return what each comment of medlint says, in the order of ids."""
    return [each.text for each in read(data, "x.docx").comments if each.author == "medlint"]


# What a comment says


def test_a_comment_says_all_that_a_writer_needs() -> None:
    """Rule, why, what to do, a rewrite, other places, the source, and once what it is not."""
    data = docx(p("Miracle", style="Heading1"), p("We cure all. We care."), table(("Cured!",)))
    one = finding(
        data,
        "cure all",
        advice="Say less.",
        rewrites=(Rewrite(RewriteKind.DISPLAY, "We <treat> [condition]."),),
        evidence=tuple(
            Evidence(finding(data, words).span, words) for words in ("Miracle", "Cured!")
        ),
        sources=(LAW,),
    )
    two = finding(data, "We care", severity=Severity.WARNING, message="Hm:\x07\u00a0so so")
    assert said(annotate(data, report(data, one, two))) == [
        (
            "Error: a-rule (cure)\nIt says too much.\nSay less.\nInstead: We <treat> [condition].\n"
            "See also “Miracle” (paragraph 1, heading)\n"
            "See also “Cured!” (table 1, row 1, cell 1, under “Miracle”)\n"
            "Source: A law & its notes (citation not compared with its text),"
            " https://example.com/law?a=1&b=2\n"
            f"medlint {__version__}. {NOTICE}"
        ),
        "Warning: a-rule (cure)\nHm:\ufffd so so",
    ]


# Where it stands


def test_a_run_is_split_around_the_words() -> None:
    """Its formatting is kept on all pieces, and the rest of the part is as it was."""
    data = docx(p(r("We can cure all & more.", "<w:b/>"), look="<w:keepNext/>"), p("Next"))
    before, after = part(data), part(annotated(data, "cure all"))
    bold = '<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{}</w:t></w:r>'
    mark = '<w:r><w:rPr><w:rStyle w:val="Mark"/></w:rPr><w:commentReference w:id="0"/></w:r>'
    old = bold.format("We can cure all &amp; more.")
    new = (
        bold.format("We can ")
        + '<w:commentRangeStart w:id="0"/>'
        + bold.format("cure all")
        + f'<w:commentRangeEnd w:id="0"/>{mark}'
        + bold.format(" &amp; more.")
    )
    assert after == before.replace(old, new)


def test_whole_runs_are_left_whole() -> None:
    """Marks stand between runs where words begin and end with them."""
    data = docx(p("We ", r("cure", "<w:i/>"), r(" all"), "."))
    after = part(annotated(data, "cure all"))
    assert MARKS.sub("", after) == part(data)
    assert after.count("<w:t ") == part(data).count("<w:t ")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (p("We ", deleted("may "), inserted(r("can cure"), r(" all")), " now."), "cure all now"),
        (p("See ", link("our cure"), " page"), "cure page"),
        (table(("a", "We cure all")), "cure"),
        (p("<w:r><w:t>We</w:t><w:tab/><w:t>cure</w:t><w:br/><w:t>all</w:t></w:r>"), "cure\vall"),
        (p("<w:r><w:t>We</w:t><w:tab/><w:t>cure</w:t><w:br/><w:t>all</w:t></w:r>"), "e\tcu"),
        (p("<w:r><w:rPr/><w:t> We cure <![CDATA[a < b]]> &#97;ll </w:t></w:r>"), "a < b al"),
        (p("We cure", look='<w:rPr><w:del w:id="1" w:author="E"/></w:rPr>') + p(" all"), "e al"),
        (p("Relief", note(1), " for all"), "lief[1] for"),
        (p("Relief", note(1), " for all"), "1"),
        (p("We cure \U0001d400 pain \u00e9."), "\U0001d400 pain \u00e9"),
        (p("cure<>&\"' all".replace("<>", "")), "&\"'"),
    ],
)
def test_the_comment_stands_over_the_very_words(body: str, words: str) -> None:
    """In changes, links and cells, across breaks and joined paragraphs; the text stays the same."""
    data = docx(body, parts={"footnotes": footnote(1, p("One"))})
    after = annotated(data, words)
    found = "[1]" if words == "1" else words
    assert commented_words(after) == [found]
    assert read(after, "x.docx").source == read(data, "x.docx").source


def test_overlapping_and_touching_comments() -> None:
    """Each keeps its own words."""
    data = docx(p("We cure all pain for good."))
    words = ("We cure all", "cure", "all pain", " for", "We cure all pain for good.", "cure")
    after = annotated(data, *words)
    assert commented_words(after) == list(words)
    assert read(after, "x.docx").source == read(data, "x.docx").source


def test_notes_boxes_and_headers_are_commented_from_the_body() -> None:
    """Where no comment can stand, the nearest place has one that says which words it means."""
    data = docx(
        p("We cure all.", note(1)),
        p("Before ", box(p("A miracle box"))),
        parts={"header1": p("The miracle clinic"), "footnotes": footnote(1, p("Or a miracle."))},
    )
    items = [finding(data, words) for words in ("miracle box", "miracle clinic", "a miracle.")]
    after = annotate(data, report(data, *items))
    assert commented_words(after) == ["", "", "[1]"]
    texts = [text.split("\n") for text in said(after)]
    assert [lines[1] for lines in texts] == [
        "Text box 1: “miracle box”",
        "Header: “miracle clinic”",
        "Footnote 1: “a miracle.”",
    ]
    assert part(after, "word/footnotes.xml") == part(data, "word/footnotes.xml")
    assert part(after, "word/header1.xml") == part(data, "word/header1.xml")
    assert MARKS.sub("", part(after)) == part(data)
    body = part(after)
    assert body.index('commentRangeStart w:id="1"') < body.index("We cure all")
    start = body.index('<w:commentRangeStart w:id="0"/><w:r><mc:AlternateContent>')
    assert (
        body.index("Before ") < start < body.index("</mc:AlternateContent></w:r><w:commentRangeEnd")
    )


def test_references_stand_outside_of_links_changes_and_controls() -> None:
    """Rejecting a change keeps the comment, and LibreOffice keeps the text of a control."""
    data = docx(
        p("We ", inserted(r("cure"), r(" all"))),
        p(control(r("a miracle"))),
        control(p("alone here")),
        p(link("x"), "Next"),
    )
    after = annotated(data, "cure", "miracle", "alone")
    assert commented_words(after) == ["cure", "miracle", "alone"]
    body, mark = (
        part(after),
        '<w:r>(?:<w:rPr>.{1,40}</w:rPr>)?<w:commentReference w:id="%d"/></w:r>',
    )
    assert re.search(f"</w:ins>{mark % 0}</w:p>", body)
    assert re.search(f"</w:sdt>{mark % 1}</w:p>", body)
    assert re.search(f"</w:hyperlink>{mark % 2}<w:r><w:t[^>]*>Next", body)
    last = annotated(docx(p("Before"), control(p("alone"))), "alone")
    assert re.search(f"Before</w:t></w:r>{mark % 0}</w:p>", part(last))


# What else changes: nothing


def test_other_parts_are_copied_byte_for_byte() -> None:
    """Pictures, settings and even their packing and times; order and comment of the archive."""
    made = io.BytesIO(docx(p("We cure all."), files={"word/media/a.png": bytes(range(256)) * 9}))
    with zipfile.ZipFile(made, "a") as archive:
        info = zipfile.ZipInfo("docProps/ä.xml", (2024, 5, 6, 7, 8, 10))
        info.external_attr = 0o640 << 16
        archive.writestr(info, b"<x/>")
        archive.comment = b"kept"
    data = made.getvalue()
    after = annotated(data, "cure")
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        assert new.testzip() is None
        assert new.comment == b"kept"
        changed = {"word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"}
        assert new.namelist() == [*old.namelist(), "word/comments.xml"]
        for before, now in zip(old.infolist(), new.infolist(), strict=False):
            for name in ("date_time", "external_attr", "compress_type", "create_system"):
                if before.filename not in changed:
                    assert getattr(now, name) == getattr(before, name)
            if before.filename in changed:
                assert old.read(before) != new.read(now)
                continue
            assert now.CRC == before.CRC
            assert _packed(after, now) == _packed(data, before)


def _packed(data: bytes, info: zipfile.ZipInfo) -> bytes:
    begin = info.header_offset + 30 + len(info.filename.encode())
    return data[begin : begin + info.compress_size]


def test_comments_of_others_stay() -> None:
    """New ones get ids that no comment and no mark has, and come behind."""
    data = docx(
        p("We ", commented(4, r("can")), " cure ", '<w:commentRangeStart w:id="17"/>', "all."),
        parts={"comments": comment(4, "Can we?")},
    )
    after = annotated(data, "cure", "can")
    word = read(after, "x.docx")
    assert [(c.id, c.author, word.source[c.span.start : c.span.end]) for c in word.comments] == [
        ("4", "Reviewer", "can"),
        ("18", "medlint", "cure"),
        ("19", "medlint", "can"),
    ]
    assert part(after, "word/comments.xml").startswith(
        part(data, "word/comments.xml").removesuffix("</w:comments>")
    )
    names = zipfile.ZipFile(io.BytesIO(after)).namelist()
    assert names == zipfile.ZipFile(io.BytesIO(data)).namelist()


def test_a_second_run_adds_nothing() -> None:
    """The comments that medlint made are known again; new findings get theirs."""
    data = docx(p("We cure all."), parts={"header1": p("A miracle")})
    once = annotated(data, "cure", "A miracle")
    assert annotated(once, "cure", "A miracle") == once
    assert commented_words(annotated(once, "cure", "A miracle", "all")) == ["cure", "", "all"]


def test_without_findings_nothing_changes() -> None:
    """Not a byte."""
    data = docx(p("We care."))
    assert annotated(data) == data


def test_the_same_draft_gives_the_same_bytes() -> None:
    """No clock and no chance are in it."""
    data = docx(p("We cure all."))
    assert annotated(data, "cure") == annotated(data, "cure")


# Documents that are written in other ways


def test_a_document_without_prefixes() -> None:
    """Where Word's elements have no prefix, the marks bring one."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f'<document xmlns="{space}"><body><p><r><t>We cure all</t></r></p></body></document>'
    comments = f'<comments xmlns="{space}"/>'
    data = docx(parts={"comments": ""}, files={
        "word/document.xml": body.encode(), "word/comments.xml": comments.encode()})  # fmt: skip
    after = annotated(data, "cure")
    assert commented_words(after) == ["cure"]
    assert said(after) == [
        f"Error: a-rule (cure)\nIt says too much.\nmedlint {__version__}. {NOTICE}"
    ]


def test_strict_documents_stay_strict() -> None:
    """The new part and its relation are named as the others are."""
    spaces = {
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
            "http://purl.oclc.org/ooxml/officeDocument/relationships"
        ),
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main": (
            "http://purl.oclc.org/ooxml/wordprocessingml/main"
        ),
    }
    files = {}
    with zipfile.ZipFile(io.BytesIO(docx(p("We cure all.")))) as old:
        for name in old.namelist():
            text = old.read(name).decode()
            for loose, strict in spaces.items():
                text = text.replace(loose, strict)
            files[name] = text.encode()
    after = annotated(docx(files=files), "cure")
    assert commented_words(after) == ["cure"]
    loose, *_ = spaces
    assert not any(
        space in part(after, name)
        for name in ("word/comments.xml", "word/_rels/document.xml.rels")
        for space in spaces
    ), loose


def test_parts_in_utf_16_stay_so() -> None:
    """A changed part is written in the encoding that it had."""
    body = part(docx(p("We cure all."))).replace("UTF-8", "UTF-16")
    after = annotated(docx(files={"word/document.xml": body.encode("utf-16")}), "cure")
    assert commented_words(after) == ["cure"]
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        assert archive.read("word/document.xml")[:2] in {b"\xff\xfe", b"\xfe\xff"}


def test_another_draft_is_refused() -> None:
    """Comments go nowhere but where the findings were."""
    data, other = docx(p("We cure all.")), docx(p("We care."))
    with pytest.raises(InputError, match=r"x\.docx: is not what was checked; run medlint again"):
        annotate(other, report(data, finding(data, "cure")))


def test_a_body_without_words_is_refused() -> None:
    """A comment about a header needs a place in the body."""
    data = docx(p(), parts={"header1": p("A miracle")})
    with pytest.raises(InputError, match="has no paragraph that a comment could stand at"):
        annotated(data, "miracle")


def test_an_archive_that_cannot_be_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond four gigabytes the format of the archive is another one."""
    data = docx(p("We cure all."))
    monkeypatch.setattr("medlint.reporters.docx.archive._LARGEST", 1000)
    with pytest.raises(FixError, match=r"x\.docx: "):
        annotated(data, "cure")


WORDS = st.lists(st.sampled_from(["cure ", "a", "b c", "&<", "é", " ", "\U0001d400"]), min_size=1)


@settings(deadline=None, max_examples=80)
@given(st.lists(WORDS, min_size=1, max_size=4), st.data())
def test_any_ranges_in_any_runs(paragraphs: list[list[str]], data: st.DataObject) -> None:
    """Every comment stands over its words, and without the marks the text is the same."""
    draft = docx(*(p(*(r(run) for run in runs)) for runs in paragraphs))
    source = parse_bytes(draft, path="x.docx").source
    if not source:
        return
    ranges = []
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(source) - 1))
        end = data.draw(st.integers(start + 1, len(source)))
        if source[end - 1] == "\n" or source[start] == "\n":
            continue
        ranges.append(Span(start, end))
    after = annotate(draft, report(draft, *(finding(draft, span) for span in ranges)))
    assert commented_words(after) == [source[span.start : span.end] for span in ranges]
    assert read(after, "x.docx").source == source


# Other programs read it


def rich() -> bytes:
    """Return a document with something of everything."""
    return docx(
        p("Our clinic", style="Heading1"),
        p(
            "We ",
            deleted("may "),
            inserted(r("can cure")),
            " all",
            note(1),
            ". ",
            link("See cures"),
        ),
        p("Less pain ", item=(1, 0)),
        p("Deep cure", item=(1, 1)),
        p("A box ", box(p("Boxed miracle"))),
        table(("We cure", "all"), (p("x", item=(2, 0)), "y")),
        p(commented(3, r("Known"))),
        control(p("Alone in a controlled cure here")),
        p("So ", control(r("a plain cure too"), kind="<w:text/>"), " it is"),
        p(f'<w:fldSimple w:instr=" AUTHOR ">{r("Doctor Fielding")}</w:fldSimple>'),
        parts={
            "header1": p("The miracle clinic"),
            "footnotes": footnote(1, p("Noted miracle")),
            "comments": comment(3, "Kept"),
        },
    )


RICH_WORDS = (
    "controlled cure",
    "plain cure",
    "Doctor",
    "can cure all[1]",
    "Deep cure",
    "We cure",
    "miracle clinic",
    "Noted",
    "Boxed",
    "Known",
)


def test_python_docx_reads_the_comments() -> None:
    """A library of others sees the same text, and every comment."""
    data = rich()
    after = python_docx.Document(io.BytesIO(annotated(data, *RICH_WORDS)))
    before = python_docx.Document(io.BytesIO(data))
    texts = [[each.text for each in document.paragraphs] for document in (before, after)]
    assert texts[0] == texts[1]
    assert [(each.author, each.initials) for each in after.comments] == [
        ("Reviewer", None),
        *[("medlint", "ml")] * len(RICH_WORDS),
    ]


def _convert(folder: Path, name: str, kind: str) -> bytes:
    """Let LibreOffice write a file of the folder as another kind."""
    assert OFFICE is not None
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    done = subprocess.run(
        [OFFICE, profile, "--headless", "--convert-to", kind, "--outdir", folder, folder / name],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    made = (folder / name).with_suffix(f".{kind.partition(':')[0]}")
    assert made.is_file(), done.stdout + done.stderr
    return made.read_bytes()


@needs_office
@pytest.mark.slow
def test_libreoffice_opens_it_and_reads_the_same_text(tmp_path: Path) -> None:
    """The text is the same to LibreOffice, and each comment is one there."""
    data = rich()
    (tmp_path / "before.docx").write_bytes(data)
    (tmp_path / "after.docx").write_bytes(annotated(data, *RICH_WORDS))
    kind = "txt:Text (encoded):UTF8"
    before, after = (_convert(tmp_path, f"{name}.docx", kind) for name in ("before", "after"))
    assert before == after
    assert b"can cure" in after
    content = _convert(tmp_path, "after.docx", "fodt").decode()
    authors = re.findall(r"<dc:creator>(medlint|Reviewer)</dc:creator>", content)
    assert sorted(authors) == ["Reviewer", *["medlint"] * len(RICH_WORDS)]
