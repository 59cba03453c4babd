"""Word documents that are broken, encrypted, or made to do harm: refused, with the way out."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from time import perf_counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medlint.errors import InputError
from medlint.parsing import parse_bytes
from medlint.parsing.docx import package
from medlint.parsing.docx.markup import DEEPEST
from timing import no_collection
from wordfile import archive, docx, p, table

if TYPE_CHECKING:
    from collections.abc import Callable

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def refusal(data: bytes) -> str:
    """Return why a document is refused."""
    with pytest.raises(InputError) as caught:
        parse_bytes(data, path="x.docx")
    text = str(caught.value)
    assert text.startswith("x.docx: ")
    return text.removeprefix("x.docx: ")


def body(xml: str) -> bytes:
    """Return a document with a main part of one's own."""
    return docx(files={"word/document.xml": xml.encode()})


def related(target: str, kind: str = "styles") -> bytes:
    """Return a document whose main part names another one."""
    relation = f'<Relationship Id="r" Type="{OFFICE}/{kind}" Target="{target}"/>'
    whole = f'<Relationships xmlns="{RELATIONS}">{relation}</Relationships>'
    return docx(p("We cure."), files={"word/_rels/document.xml.rels": whole.encode()})


def test_what_is_no_word_document() -> None:
    """Text, another archive, an old or an encrypted document: each is told what it is."""
    assert refusal(b"We cure.").startswith(
        "is no Word document, or a damaged one (File is not a zip"
    )
    assert refusal(b"").startswith("is no Word document, or a damaged one (")
    assert refusal(archive({"a.txt": b"We cure."})) == (
        "is a zip archive without a document inside; save the draft as .docx in Word"
    )
    assert refusal(COMPOUND) == (
        "is a document of Word 2003 or older, named .docx; open it in Word and save it as .docx"
    )
    assert refusal(COMPOUND + "EncryptedPackage".encode("utf-16-le")) == (
        "is encrypted; take its password off in Word (File, Info, Protect Document) and save it"
    )


def test_a_truncated_file() -> None:
    """Half a download is no document."""
    data = docx(p("We cure."))
    assert refusal(data[: len(data) // 2]).startswith("is no Word document, or a damaged one (")


def test_a_damaged_part() -> None:
    """A bit that flipped on the way is noticed, not read."""
    data = bytearray(docx(p("We cure.")))
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        info = opened.getinfo("word/document.xml")
    data[info.header_offset + 30 + len(info.filename) + 20] ^= 0xFF
    assert refusal(bytes(data)).startswith("its part word/document.xml is damaged (")


def test_broken_xml() -> None:
    """The part and the line are named."""
    assert refusal(body(f'<w:document xmlns:w="{WORD}">\n<w:p></w:document>')) == (
        "word/document.xml is damaged (line 2: mismatched tag); open the file in Word, let Word"
        " repair it, and save it"
    )
    assert refusal(body('<?xml version="1.0" encoding="latin-1"?><a/>')) == (
        "word/document.xml is written in latin-1, where Word writes UTF-8; save it with Word"
    )


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x SYSTEM "http://example.com/x.dtd">',
    ],
    ids=["bomb", "file", "network"],
)
@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "_rels/.rels"])
def test_document_types_are_refused(part: str, declaration: str) -> None:
    """So there are no entities to multiply, and nothing to fetch."""
    data = docx(p("We cure."), files={part: f"{declaration}<x>&b;</x>".encode()})
    assert refusal(data).endswith("declares a document type (x), which Word never writes; not read")


def test_deep_nesting() -> None:
    """Tables in tables in tables end somewhere; a few dozen are fine."""
    deep = table((p("x"),))
    for _ in range(40):
        deep = table((deep,))
    assert parse_bytes(docx(deep), path="x.docx").source == "x\n"
    for _ in range(DEEPEST):
        deep = table((deep,))
    assert refusal(docx(deep)) == (
        f"word/document.xml is nested {DEEPEST + 1} elements deep; split tables inside tables"
    )


def test_zip_bombs() -> None:
    """A part that unpacks to far more than it weighs is not unpacked."""
    text = refusal(
        body(f'<w:document xmlns:w="{WORD}"><w:body>{"<w:p/>" * 3_000_000}</w:body></w:document>')
    )
    assert re.match(
        r"its part word/document\.xml unpacks to 18,0\d\d,\d+ bytes from \d+,\d+;", text
    )


def test_a_size_that_is_a_lie() -> None:
    """No more is unpacked than was announced, and then the sum is wrong."""
    content = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = content.compress(b"<a>" + b" " * 50_000_000 + b"</a>") + content.flush()
    data = bytearray(docx(p("We cure."), files={"word/document.xml": b"x" * len(packed)}))
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        info = opened.getinfo("word/document.xml")
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as made, zipfile.ZipFile(io.BytesIO(data)) as opened:
        for each in opened.infolist():
            made.writestr(each.filename, packed if each is info else opened.read(each))
    lying = bytearray(stored.getvalue())
    with zipfile.ZipFile(io.BytesIO(lying)) as opened:
        info = opened.getinfo("word/document.xml")
        entry = lying.index(b"PK\1\2", opened.start_dir)
        while lying[entry + 46 : entry + 46 + len(info.filename)] != b"word/document.xml":
            entry = lying.index(b"PK\1\2", entry + 1)
    struct.pack_into("<H", lying, entry + 10, 8)
    struct.pack_into("<H", lying, info.header_offset + 8, 8)
    struct.pack_into("<L", lying, entry + 24, 100)
    assert refusal(bytes(lying)).startswith("its part word/document.xml is damaged (")


def test_many_large_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """What all parts unpack to has a limit, too."""
    monkeypatch.setattr(package, "LARGEST_TEXT", 5000)
    assert "its part word/document.xml unpacks to" in refusal(docx(p("We cure. " * 500)))


@pytest.mark.parametrize(
    "name", ["../evil.xml", "/etc/evil", "C:evil", "word\\evil", "a/../../b", "word/./a", "a\0b"]
)
def test_names_that_leave_the_document(name: str) -> None:
    """Nothing is unpacked, but what has such names is no draft."""
    data = docx(p("We cure."), files={name.replace("\0", "#").replace("\\", "#"): b"x"})
    written = name.replace("\0", "#").replace("\\", "#").encode()
    text = refusal(data.replace(written, name.encode()))
    assert (
        text
        == f"holds a part named “{name}”, which leads out of the document; Word writes no such name"
    )


@pytest.mark.parametrize("target", ["../../etc/passwd", "file:///etc/passwd", "..\\..\\x"])
def test_relations_that_leave_the_document(target: str) -> None:
    """A part cannot send medlint to look at other files."""
    assert refusal(related(target)) == (
        f"word/_rels/document.xml.rels leads out of the document to “{target}”; medlint does not"
        " follow"
    )


def test_a_missing_part() -> None:
    """A header that is named and not there would go unchecked."""
    assert refusal(related("gone.xml")) == (
        "its part word/gone.xml is missing: the file is damaged; open it in Word, let Word repair"
        " it, and save it"
    )
    header = '<w:sectPr><w:headerReference w:type="first" r:id="nowhere"/></w:sectPr>'
    assert refusal(docx(p("We cure.", look=header))) == (
        "names a first-page header that it does not hold; open it in Word and save it"
    )


def test_links_are_not_followed() -> None:
    """Whatever a document links to outside is left alone."""
    relation = (
        f'<Relationship Id="r" Type="{OFFICE}/styles" TargetMode="External" Target="../../x"/>'
    )
    whole = f'<Relationships xmlns="{RELATIONS}">{relation}</Relationships>'
    data = docx(p("We cure."), files={"word/_rels/document.xml.rels": whole.encode()})
    assert parse_bytes(data, path="x.docx").source == "We cure.\n"


def _twice(data: bytes) -> bytes:
    output = io.BytesIO(data)
    with (
        zipfile.ZipFile(output, "a") as made,
        pytest.warns(UserWarning, match="Duplicate name"),
    ):
        made.writestr("word/document.xml", b"<a/>")
    return output.getvalue()


def _packed_by(method: int) -> Callable[[bytes], bytes]:
    def pack(data: bytes) -> bytes:
        output = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(output, "w", method) as new:
            for info in old.infolist():
                new.writestr(info.filename, old.read(info))
        return output.getvalue()

    return pack


def _locked(data: bytes) -> bytes:
    changed = bytearray(data)
    place = changed.index(b"PK\1\2")
    changed[place + 8] |= 1
    return bytes(changed)


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (_twice, "holds the part word/document.xml twice: readers may see different documents"),
        (_packed_by(zipfile.ZIP_BZIP2), "is packed in a way that Word does not know"),
        (_locked, "its part [Content_Types].xml is encrypted; save it without a password"),
    ],
)
def test_archives_that_word_does_not_write(change: Callable[[bytes], bytes], cause: str) -> None:
    """Two parts of one name, other packing, a password on a part."""
    assert cause in refusal(change(docx(p("We cure."))))


@pytest.mark.parametrize("element", ["altChunk", "subDoc"])
def test_text_in_other_files_is_not_passed_over(element: str) -> None:
    """What only Word can join goes unchecked, and that is said."""
    text = refusal(docx(p("We care."), f'<w:{element} r:id="x"/>'))
    assert text.endswith("; open it in Word, save it whole, and check that")


@pytest.mark.parametrize(
    "unit", ["<w:r><w:t>ab </w:t></w:r>", "</w:p><w:p><w:r><w:t>a</w:t></w:r>"]
)
def test_time_is_linear(unit: str) -> None:
    """A paragraph of very many runs, or very many paragraphs, take time by their number."""

    def seconds(count: int) -> float:
        data = docx(p(unit * count if unit.startswith("<w:r>") else f"<w:r/>{unit * count}"))
        with no_collection():
            start = perf_counter()
            parse_bytes(data, path="x.docx")
            return perf_counter() - start

    small = min(seconds(1000) for _ in range(3))
    large = min(seconds(8000) for _ in range(2))
    assert large < max(small, 0.005) * 8 * 4


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_random_damage_never_raises_anything_else(data: st.DataObject) -> None:
    """Whatever bytes change, a document is read or refused."""
    broken = bytearray(docx(p("We cure."), table(("a", "b")), parts={"header1": p("x")}))
    for _ in range(data.draw(st.integers(1, 6))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    try:
        parse_bytes(bytes(broken), path="x.docx")
    except InputError as error:
        assert str(error).startswith("x.docx: ")  # noqa: PT017
