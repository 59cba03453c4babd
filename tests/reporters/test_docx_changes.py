"""An edited text, written back into its Word document as tracked changes."""

from __future__ import annotations

import io
import re
import zipfile

import docx as python_docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medlint.errors import FixError
from medlint.parsing import parse_bytes
from medlint.reporters.docx import changes
from medlint.reporters.docx.changes import Change, changes_between
from wordfile import (
    box,
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

_OURS = r' w:id="\d+" w:author="medlint"'


def text_of(data: bytes) -> str:
    """Return a document's text, one line for each paragraph."""
    return parse_bytes(data, path="x.docx").source


def body(data: bytes) -> str:
    """Return what stands in a document's body, without the section at its end."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("word/document.xml").decode()
    return content.partition("<w:body>")[2].partition("<w:sectPr>")[0]


def edited(data: bytes, old: str, new: str) -> bytes:
    """Return a document with some words replaced."""
    text = text_of(data)
    assert text.count(old) == 1
    return changes.revised(data, "x.docx", text.replace(old, new))


def rejected(data: bytes) -> str:
    """Return the text of a document with medlint's changes rejected."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(output, "w") as made:
        for name in archive.namelist():
            content = archive.read(name).decode()
            content = re.sub(rf"<w:ins{_OURS}/>", "", content)
            content = re.sub(rf"<w:ins{_OURS}>.*?</w:ins>", "", content)
            for ours in re.findall(rf"<w:del{_OURS}>.*?</w:del>", content):
                inside = re.sub(rf"\A<w:del{_OURS}>|</w:del>\Z", "", ours)
                content = content.replace(ours, inside.replace("w:delText", "w:t"))
            made.writestr(name, content)
    return text_of(output.getvalue())


EVERYTHING = docx(
    p("Our new laser", style="Heading1"),
    p("It ", r("heals", "<w:b/>"), " discs", note(1), ", ", link("see how"), "\u00a0\U0001f600."),
    p("Less pain", item=(1, 0)),
    p("at night", item=(1, 1)),
    p(inserted(r("Added by an editor. ")), deleted("Gone. "), "Kept."),
    control(p("In a control.")),
    table(("Package", "Six sessions, guaranteed"), ("Price", "Ask us")),
    p(box(p("In a box."), name="A picture")),
    p(r("Line one</w:t><w:br/><w:t>line two").replace("&lt;", "<").replace("&gt;", ">")),
    parts={
        "header1": p("Calder Bay"),
        "footer1": p("Call us"),
        "footnotes": footnote(1, p("Cleared for pain.")),
    },
)


def test_words_are_marked_and_nothing_else() -> None:
    """Kept words keep their runs; what is deleted and inserted has the formatting of its place."""
    data = docx(p("It ", r("heals discs today", "<w:b/>"), "."))
    assert body(edited(data, "heals discs", "is used for backs")) == (
        '<w:p><w:r><w:t xml:space="preserve">It </w:t></w:r>'
        '<w:del w:id="1" w:author="medlint"><w:r><w:rPr><w:b/></w:rPr>'
        '<w:delText xml:space="preserve">heals discs</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="medlint"><w:r><w:rPr><w:b/></w:rPr>'
        '<w:t xml:space="preserve">is used for backs</w:t></w:r></w:ins>'
        '<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve"> today</w:t></w:r>'
        '<w:r><w:t xml:space="preserve">.</w:t></w:r></w:p>'
    )


def test_a_change_over_several_runs() -> None:
    """Each run's part is deleted where it stands; the new words come once, at the first."""
    data = docx(p("a ", r("b", "<w:b/>"), r("c", "<w:i/>"), " d"))
    found = body(edited(data, "bc", "x"))
    assert re.sub(r' (xml:space|w:id|w:author)="\w+"', "", found) == (
        "<w:p><w:r><w:t>a </w:t></w:r>"
        "<w:del><w:r><w:rPr><w:b/></w:rPr><w:delText>b</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:rPr><w:b/></w:rPr><w:t>x</w:t></w:r></w:ins>"
        "<w:del><w:r><w:rPr><w:i/></w:rPr><w:delText>c</w:delText></w:r></w:del>"
        "<w:r><w:t> d</w:t></w:r></w:p>"
    )


def test_a_new_item_looks_like_the_one_above() -> None:
    """A line added behind a list item is an item; one behind a heading is plain text."""
    data = docx(p("Title", style="Heading1"), p("one", item=(1, 0)), p("three", item=(1, 0)))
    new = changes.revised(data, "x.docx", "Title\nLead\none\ntwo\nthree\n")
    blocks = parse_bytes(new, path="x.docx").blocks
    assert [(block.kind.value, block.text) for block in blocks] == [
        ("heading", "Title"),
        ("paragraph", "Lead"),
        ("list-item", "one"),
        ("list-item", "two"),
        ("list-item", "three"),
    ]


def test_text_without_changes_gives_the_same_bytes() -> None:
    """Empty lines are no change: the page shows and loses them."""
    text = text_of(EVERYTHING).replace("\n", "\n\n")
    assert changes.revised(EVERYTHING, "x.docx", f"\n{text}") == EVERYTHING


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("heals discs", "is studied for discs"),
        ("see how", "read how"),
        ("Added by an editor. ", ""),
        ("In a control.", "Inside & <safe>."),
        ("guaranteed", "one each"),
        ("Calder Bay", "Bay"),
        ("Cleared for pain.", "Cleared for short relief."),
        ("Line one\vline two", "One line"),
        ("at night\n", "at night\nby day\n\U0001f600 always\n"),
        ("Less pain\n", ""),
        ("Our new laser", "First\nOur laser"),
        ("Kept.", "Kept,\tin\vlines."),
    ],
)
def test_every_place_can_be_changed_and_rejected(old: str, new: str) -> None:
    """The text is the wanted one, rejecting the changes restores it, and others can open it."""
    done = edited(EVERYTHING, old, new)
    wanted = [line for line in text_of(EVERYTHING).replace(old, new).split("\n") if line.strip()]
    assert text_of(done).splitlines() == "\n".join(wanted).splitlines()
    assert rejected(done) == text_of(EVERYTHING)
    python_docx.Document(io.BytesIO(done))


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ("In a box.", "In the box.", "cannot be changed from here"),
        ("A picture", "A photo", "cannot be changed from here"),
        ("discs[1]", "discs", "cannot be changed from here"),
        ("Package", "Pack\x07age", "a control character"),
    ],
)
def test_what_cannot_be_written_is_refused(old: str, new: str, cause: str) -> None:
    """Text boxes, picture texts, notes' references: the message says what, and the way out."""
    with pytest.raises(FixError, match=cause) as caught:
        edited(EVERYTHING, old, new)
    assert str(caught.value).startswith("x.docx: ")
    assert "undo the change, or make it in Word" in str(caught.value)


def test_changes_are_in_whole_words() -> None:
    """Words that are kept stay out of it, and neighbours are changed together."""
    assert changes_between("a big bad wolf, \U0001f43a!", "a small kind wolf, \U0001f436!") == (
        Change(2, 9, "small kind"),
        Change(16, 17, "\U0001f436"),
    )
    assert changes_between("same", "same") == ()


TEXTS = st.text(st.sampled_from("ab .,\U0001f600\t"), max_size=12)


@given(st.lists(TEXTS, min_size=1, max_size=5), st.lists(TEXTS, max_size=6))
def test_any_edit_of_plain_paragraphs_holds(old: list[str], new: list[str]) -> None:
    """Whatever is made of a text is what the document then says, and can be rejected."""
    data = docx(*(p(text) for text in old), p("end"))
    wanted = [line for line in (*new, "end") if line.strip()]
    done = changes.revised(data, "x.docx", "\n".join(wanted))
    assert text_of(done).split("\n")[:-1] == wanted
    assert rejected(done) == text_of(data)


@given(TEXTS, TEXTS)
def test_changes_make_one_line_of_another(old: str, new: str) -> None:
    """Applied from left to right, the changes give the new line."""
    pieces, position = [], 0
    for change in changes_between(old, new):
        pieces += [old[position : change.start], change.text]
        position = change.end
    assert "".join(pieces) + old[position:] == new
