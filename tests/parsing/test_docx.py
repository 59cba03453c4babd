"""Word documents: what is read, in which order, and what it is."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medlint.document import Comment, Document, ListPlace, Place, Span
from medlint.errors import InputError
from medlint.parsing import parse, parse_bytes
from medlint.parsing.normalise import normalise
from wordfile import (
    BASIC_STYLES,
    box,
    comment,
    commented,
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

DELETED_MARK = '<w:rPr><w:del w:id="903" w:author="Editor"/></w:rPr>'


def read(*body: str, **options: dict[str, str]) -> Document:
    """Parse a document made of a body and other parts."""
    return parse_bytes(docx(*body, **options), path="x.docx")  # type: ignore[arg-type]


def outline(*body: str, **options: dict[str, str]) -> list[tuple[str, str]]:
    """List (kind, text) of a document's blocks."""
    return [(block.kind.value, block.text) for block in read(*body, **options).blocks]


def texts(*body: str, **options: dict[str, str]) -> list[str]:
    """List the texts of a document's blocks."""
    return [text for _, text in outline(*body, **options)]


def test_each_paragraph_with_text_is_a_line() -> None:
    """The source has a line for each, and a block maps to its characters there."""
    document = read(
        p("Our clinic", style="Heading1"),
        p(),
        p(r("We "), r("help", "<w:b/>"), r(" you.")),
        p("  "),
    )
    assert document.source == "Our clinic\nWe help you.\n"
    assert (document.format, document.is_extracted) == ("docx", True)
    assert [(b.kind.value, b.level, b.section, b.span) for b in document.blocks] == [
        ("heading", 1, 1, Span(0, 10)),
        ("paragraph", 0, 1, Span(11, 23)),
    ]
    assert document.places == (
        Place(0, "paragraph 1, heading"),
        Place(11, "paragraph 2, under “Our clinic”"),
    )


def test_styles_tell_what_a_paragraph_is() -> None:
    """Headings by style, by a style made from one, or by outline level; quotations and captions."""
    styles = BASIC_STYLES + (
        '<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="House head"/>'
        '<w:basedOn w:val="Heading2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style>'
    )
    document = read(
        p("Top", style="Title"),
        p("House", style="Own"),
        p("Outlined", look='<w:outlineLvl w:val="2"/>'),
        p("They helped.", style="Quote"),
        p("A knee", style="Caption"),
        p("Text", style="Loop"),
        p("Text", style="Unknown"),
        parts={"styles": styles},
    )
    assert [(block.kind.value, block.level) for block in document.blocks] == [
        ("heading", 1),
        ("heading", 2),
        ("heading", 3),
        ("quotation", 0),
        ("caption", 0),
        ("paragraph", 0),
        ("paragraph", 0),
    ]


def test_short_bold_paragraphs_are_headings() -> None:
    """As many writers make them; bold sentences, last lines and parts of lines are not."""
    bold = "<w:b/>"
    assert outline(
        p(r("How it works", bold)),
        p(r("We listen first.", bold)),
        p(r("Price:", bold), r(" on request")),
        p(r("not a title", bold)),
        p(r("Plain after all", '<w:b w:val="0"/>')),
        p(r("The end", bold)),
    ) == [
        ("heading", "How it works"),
        ("paragraph", "We listen first."),
        ("paragraph", "Price: on request"),
        ("paragraph", "not a title"),
        ("paragraph", "Plain after all"),
        ("paragraph", "The end"),
    ]


def test_lists_keep_their_nesting_and_lead_in() -> None:
    """Real lists by numbering and level; what follows a list starts another one."""
    document = read(
        p("Benefits include:"),
        p("Less pain", item=(1, 0)),
        p("Better days", item=(1, 1)),
        p("Better nights", item=(1, 1)),
        p("More energy", item=(3, 0)),
        p("Steps", item=(2, 0)),
        p("We talk."),
        p("Last", item=(1, 0)),
        p("No item", item=(0, 0)),
    )
    assert [(block.text, block.place) for block in document.blocks] == [
        ("Benefits include:", None),
        ("Less pain", ListPlace(0, lead_in=0)),
        ("Better days", ListPlace(1, 1, 0)),
        ("Better nights", ListPlace(1, 1, 0)),
        ("More energy", ListPlace(0, lead_in=0)),
        ("Steps", ListPlace(2)),
        ("We talk.", None),
        ("Last", ListPlace(3)),
        ("No item", None),
    ]
    assert {block.removal for block in document.blocks} == {None}


def test_list_styles_nest_by_their_indentation() -> None:
    """“List Bullet” and “List Bullet 2” are two numberings of one level each."""
    styles = BASIC_STYLES + "".join(
        f'<w:style w:type="paragraph" w:styleId="B{n}"><w:name w:val="List Bullet {n}"/><w:pPr>'
        f'<w:numPr><w:numId w:val="{number}"/></w:numPr><w:ind w:left="{indent}"/></w:pPr>'
        "</w:style>"
        for n, number, indent in ((1, 1, 360), (2, 3, 720))
    )
    document = read(
        p("One", style="B1"),
        p("Inner", style="B2"),
        p("Two", style="B1"),
        p("More of two", look='<w:ind w:left="360"/>'),
        p("Three", style="B1"),
        parts={"styles": styles},
    )
    assert [(block.kind.value, block.place) for block in document.blocks] == [
        ("list-item", ListPlace(0)),
        ("list-item", ListPlace(1, 1, 0)),
        ("list-item", ListPlace(0)),
        ("paragraph", None),
        ("list-item", ListPlace(0)),
    ]


def test_typed_bullets_make_lists_too() -> None:
    """As pasted text has them, in paragraphs of their own or behind line breaks."""
    lines = "<w:r><w:t>Gains:</w:t><w:br/><w:t>• Sleep</w:t><w:br/><w:t>• Energy</w:t></w:r>"
    assert outline(p("•\tLess pain"), p("•\tMore sleep"), p("Rest."), p(lines)) == [
        ("list-item", "Less pain"),
        ("list-item", "More sleep"),
        ("paragraph", "Rest."),
        ("paragraph", "Gains:"),
        ("list-item", "Sleep"),
        ("list-item", "Energy"),
    ]


def test_tables_give_cells_with_all_that_is_in_them() -> None:
    """Cells are named by table, row and cell; lists and tables inside them are read."""
    inner = table(("Deep",))
    document = read(
        p("Prices", style="Heading1"),
        table(("Knee", p("Hip") + p("Two hips")), (p("a", item=(1, 0)) + inner + p("b"), "End")),
        p("After"),
    )
    under = ", under “Prices”"
    assert [(b.kind.value, b.text, document.place(b.span.start)) for b in document.blocks[1:]] == [
        ("table-cell", "Knee", f"table 1, row 1, cell 1{under}"),
        ("table-cell", "Hip", f"table 1, row 1, cell 2{under}"),
        ("table-cell", "Two hips", f"table 1, row 1, cell 2, paragraph 2{under}"),
        ("list-item", "a", f"table 1, row 2, cell 1{under}"),
        ("table-cell", "Deep", f"table 1, row 2, cell 1, table 1, row 1, cell 1{under}"),
        ("table-cell", "b", f"table 1, row 2, cell 1, paragraph 2{under}"),
        ("table-cell", "End", f"table 1, row 2, cell 2{under}"),
        ("paragraph", "After", f"paragraph 2{under}"),
    ]


def test_text_boxes_and_pictures_stand_behind_their_paragraph() -> None:
    """A shape is written twice and read once; its alternative text is read as well."""
    document = read(
        p("Before ", box(p("In the box")), "after"), p(box(p("Two"), name="A happy knee"))
    )
    assert [(b.kind.value, b.text, document.place(b.span.start)) for b in document.blocks] == [
        ("paragraph", "Before after", "paragraph 1"),
        ("paragraph", "In the box", "text box 1"),
        ("alt", "A happy knee", "alternative text of picture 2"),
        ("paragraph", "Two", "text box 2"),
    ]


def test_notes_headers_and_footers_follow_the_body() -> None:
    """Notes in the order of their references; none of them belongs to the last heading."""
    separator = (
        '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:t>--</w:t></w:r></w:p></w:footnote>'
    )
    document = read(
        p("Facts", style="Heading1"),
        p("Less pain", note(7), " and sleep", note(3), "."),
        parts={
            "footnotes": separator
            + footnote(3, p("Three"))
            + footnote(7, p("Seven"), p("More"))
            + footnote(9, p("Nobody refers here")),
            "header1": p("Our clinic"),
            "footer1": p("Call us"),
        },
    )
    assert [(b.text, b.section, document.place(b.span.start)) for b in document.blocks] == [
        ("Facts", 1, "paragraph 1, heading"),
        ("Less pain[1] and sleep[2].", 1, "paragraph 2, under “Facts”"),
        ("Seven", 0, "footnote 1"),
        ("More", 0, "footnote 1, paragraph 2"),
        ("Three", 0, "footnote 2"),
        ("Our clinic", 0, "header"),
        ("Call us", 0, "footer"),
    ]


def test_tracked_changes_are_read_as_accepted() -> None:
    """Insertions count, deletions and what was moved away do not, nor do deleted rows."""
    moved = f'<w:moveFrom w:id="1" w:author="E">{r("gone ")}</w:moveFrom>'
    arrived = f'<w:moveTo w:id="1" w:author="E">{r("come ")}</w:moveTo>'
    row = (
        "<w:tr><w:trPr><w:del w:id='5' w:author='E'/></w:trPr><w:tc>" + p("Old") + "</w:tc></w:tr>"
    )
    cells = table(("New",)).replace("<w:tblGrid/>", f"<w:tblGrid/>{row}")
    before = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>'
    formerly = f'<w:pPrChange w:id="6" w:author="E">{before}</w:pPrChange>'
    assert outline(
        p("It ", deleted("may "), inserted(r("will ")), moved, arrived, "help."),
        p(deleted("All of this goes."), look=DELETED_MARK),
        p("We ", look=DELETED_MARK),
        p("care."),
        cells,
        p("Text", look=formerly),
    ) == [
        ("paragraph", "It will come help."),
        ("paragraph", "We care."),
        ("table-cell", "New"),
        ("paragraph", "Text"),
    ]


def test_what_is_not_shown_is_not_read() -> None:
    """Hidden text, field codes, a table of contents; results of other fields are read."""

    def character(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    def field(code: str, *result: str) -> str:
        instruction = f"<w:r><w:instrText>{code}</w:instrText></w:r>"
        begin, end = character("begin") + instruction + character("separate"), character("end")
        return begin + "".join(result) + end

    hidden = '<w:style w:type="character" w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>'
    assert texts(
        p(
            "See ",
            r("secret ", "<w:vanish/>"),
            r("x ", '<w:rStyle w:val="H"/>'),
            link("our site"),
            ".",
        ),
        p(field(' TOC \\o "1-3" ', r("Facts 1"))),
        p(
            field(" HYPERLINK x ", r("a link")),
            f'<w:fldSimple w:instr="DATE">{r(" today")}</w:fldSimple>',
        ),
        parts={"styles": BASIC_STYLES + hidden},
    ) == ["See our site.", "a link today"]


def test_a_field_without_end_hides_nothing() -> None:
    """Where fields are broken, everything in the story is read."""
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    assert texts(p(begin, "We cure"), p("All")) == ["We cure", "All"]


def test_special_characters_of_runs() -> None:
    """Tabs, breaks, hyphens, symbols, raised citations and formulas read as in other formats."""
    run = (
        "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:noBreakHyphen/><w:t>c</w:t><w:softHyphen/>"
        '<w:t>d</w:t><w:br/><w:t>E</w:t><w:sym w:font="Symbol" w:char="F061"/>'
        '<w:sym w:char="zz"/></w:r>'
    )
    up = '<w:vertAlign w:val="superscript"/>'
    document = read(
        p(run),
        p("Relief", r("1,2", up), " Brand", r("TM", up), " on the 2", r("nd", up), " day"),
        p("Dose ", "<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>", " daily"),
    )
    assert [b.text for b in document.blocks] == [
        "a b-cd E\uf061\ufffc",
        "Relief[1,2] Brand on the 2nd day",
        "Dose \ufffc daily",
    ]
    assert document.source == (
        "a\tb\u2011c\u00add\vE\uf061\ufffc\nRelief1,2 BrandTM on the 2nd day\nDose \ufffc daily\n"
    )


def test_blanks_at_the_edges_count_only_where_they_are_kept() -> None:
    """As in Word: without xml:space they are the file's own."""
    assert texts(
        p("<w:r><w:t> a </w:t></w:r>", "<w:r><w:t xml:space='preserve'> b</w:t></w:r>")
    ) == ["a b"]


def test_comments_are_kept_with_the_words_they_are_about() -> None:
    """For suppressions, and none of them is linted."""
    document = read(
        p("We ", commented(0, r("cure"), r(" all")), "."),
        p("Note", '<w:r><w:commentReference w:id="4"/></w:r>'),
        parts={"comments": comment(0, "Really?") + comment(4, "Hm") + comment(9, "Lost")},
    )
    assert document.comments == (
        Comment(Span(0, 0), "Lost"),
        Comment(Span(3, 11), "Really?"),
        Comment(Span(17, 17), "Hm"),
    )


def test_diagrams_are_read() -> None:
    """What stands in a diagram's shapes is text of the page."""
    space = 'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
    data = (
        f'<dgm:dataModel {space} xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        "<a:p><a:r><a:t>We </a:t></a:r><a:r><a:t>cure</a:t></a:r></a:p><a:p/></dgm:dataModel>"
    )
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="d1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/diagramData" Target="diagrams/data1.xml"/></Relationships>'
    )
    document = parse_bytes(
        docx(
            p("See", f'<w:r><w:drawing><dgm:relIds {space} r:dm="d1"/></w:drawing></w:r>'),
            files={
                "word/_rels/document.xml.rels": rels.encode(),
                "word/diagrams/data1.xml": data.encode(),
            },
        ),
        path="x.docx",
    )
    assert [(b.text, document.place(b.span.start)) for b in document.blocks] == [
        ("See", "paragraph 1"),
        ("We cure", "diagram"),
    ]


def test_strict_and_utf_16_documents_are_read() -> None:
    """The two spellings of the names, and the two encodings that there are."""
    xml = docx(p("We cure", style="Heading1"))
    strict = (
        '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>'
        "<w:p><w:pPr><w:pStyle w:val='Heading1'/></w:pPr><w:r><w:t>We cure</w:t></w:r></w:p>"
        "</w:body></w:document>"
    )
    expected = [(b.kind, b.text) for b in parse_bytes(xml, path="x.docx").blocks]
    declared = f'<?xml version="1.0" encoding="UTF-16"?>{strict}'
    for part in (strict.encode(), declared.encode("utf-16")):
        data = docx(files={"word/document.xml": part})
        found = [(b.kind, b.text) for b in parse_bytes(data, path="x.docx").blocks]
        assert found == expected


def test_bytes_are_needed() -> None:
    """Decoded text cannot be a Word document."""
    message = "x.docx: is no text but a file of the format docx; give its bytes"
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        parse("text", path="x.docx")


PIECES = st.sampled_from(
    [
        p("We cure pain."),
        p("Benefits:"),
        p("less pain", item=(1, 0)),
        p("sleep", item=(1, 2)),
        p("step", item=(2, 1)),
        p("Head", style="Heading2"),
        p(r("Bold line", "<w:b/>")),
        p("a\u00adb  c ", "<w:r><w:br/></w:r>", "• d"),
        p(inserted(r("in")), deleted("out"), look=DELETED_MARK),
        p(box(p("Box"), p("item", item=(1, 0)))),
        table(("a", p("b", item=(1, 1))), ("", "c")),
        p(r("1", '<w:vertAlign w:val="superscript"/>')),
        p("<m:oMath/>"),
        p(),
    ]
)


@settings(deadline=None, max_examples=60)
@given(st.lists(PIECES, max_size=12))
def test_any_mix_gives_sound_blocks(pieces: list[str]) -> None:
    """Blocks are normalised, map into the source, and places are in order."""
    document = parse_bytes(docx(*pieces), path="x.docx")
    for block in document.blocks:
        assert block.text == normalise(block.text) != ""
        assert 0 <= block.span.start <= block.span.end <= len(document.source)
        for word in re.finditer("[A-Za-z]+", block.text):
            span = block.source_span(*word.span())
            assert normalise(document.source[span.start : span.end]) == word[0]
    assert len(document.places) == document.source.count("\n")
    assert all(before.start < after.start for before, after in pairwise(document.places))
