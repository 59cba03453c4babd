"""What a comment says, and the parts of a Word document that hold comments."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from medlint import __version__
from medlint.parsing.docx import markup
from medlint.parsing.docx.package import relations_of
from medlint.reporters import NOTICE, one_line
from medlint.reporters.docx.anchors import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from medlint.document import Document
    from medlint.findings import Finding
    from medlint.parsing.docx.reading import WordText

AUTHOR = "medlint"
_INITIALS = "ml"
_MOST_EVIDENCE = 5
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_TYPES = "[Content_Types].xml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATED = {
    False: "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments",
    True: "http://purl.oclc.org/ooxml/officeDocument/relationships/comments",
}
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_ROOT = re.compile(rb"<(?:([^\s/>:!?]+):)?[^\s/>:!?]+[\s/>]")


def saying(finding: Finding, document: Document, *, names_place: bool) -> tuple[str, ...]:
    """Return the paragraphs of the comment about a finding; the first is its head."""
    return tuple(map(one_line, _saying(finding, document, names_place=names_place)))


def _saying(finding: Finding, document: Document, *, names_place: bool) -> Iterator[str]:
    yield f"{finding.severity.value.capitalize()}: {finding.rule} ({finding.category.value})"
    if names_place:
        place = document.place(finding.span.start)
        yield f"{place[:1].upper()}{place[1:]}: “{finding.match}”"
    yield finding.message
    if finding.advice:
        yield finding.advice
    for rewrite in finding.rewrites:
        yield f"Instead: {rewrite.text}"
    for item in finding.evidence[:_MOST_EVIDENCE]:
        yield f"See also “{item.match}” ({document.place(item.span.start)})"
    if len(finding.evidence) > _MOST_EVIDENCE:
        yield f"See also {len(finding.evidence) - _MOST_EVIDENCE} more like it"
    for source in finding.sources:
        unchecked = "" if source.checked else " (citation not compared with its text)"
        yield f"Source: {source.title}{unchecked}, {source.url}"


def notice() -> str:
    """Return what the first comment ends with."""
    return f"medlint {__version__}. {NOTICE}"


def parts(
    word: WordText, comments: Sequence[tuple[int, Sequence[str]]], styles: tuple[str, str]
) -> dict[str, bytes]:
    """Return the parts to change or add, so that the document has these comments.

    `styles` are the ids of the styles of a comment's text and of its reference mark, or empty.
    """
    if word.comments_part:
        name = word.comments_part
        old = word.package.read(name)
        data = markup.as_utf8(old, name)
        prefix, _ = _root(data)
        words = Words.of(prefix, strict=word.strict)
        return {name: restored(old, _appended(data, _written(words, comments, styles)))}
    name = _free_name(word)
    words = Words("w")
    space = markup.STRICT_WORD if word.strict else markup.WORD
    content = _written(words, comments, styles)
    part = f'{_HEAD}<w:comments xmlns:w="{space}">{content}</w:comments>'
    return {name: part.encode(), **_types(word, name), **_relations(word, name)}


def _written(
    words: Words, comments: Iterable[tuple[int, Sequence[str]]], styles: tuple[str, str]
) -> str:
    return "".join(
        words.element(
            "comment",
            "".join(_paragraph(words, text, styles, is_head=not n) for n, text in enumerate(lines)),
            id=str(key),
            author=AUTHOR,
            initials=_INITIALS,
        )
        for key, lines in comments
    )


def _paragraph(words: Words, text: str, styles: tuple[str, str], *, is_head: bool) -> str:
    text_style, mark_style = styles
    content = ""
    if text_style:
        content += words.element("pPr", words.empty("pStyle", val=text_style))
    if is_head:
        look = words.element("rPr", words.empty("rStyle", val=mark_style)) if mark_style else ""
        content += words.element("r", look + words.empty("annotationRef"))
    bold = words.element("rPr", words.empty("b")) if is_head else ""
    # Its text needs no attribute of Word's, but the one that keeps blanks.
    name = f"{words.prefix}:t"
    run = f'<{name}{words.declaration} xml:space="preserve">{escape(text)}</{name}>'
    return words.element("p", content + words.element("r", bold + run))


def _free_name(word: WordText) -> str:
    folder = posixpath.dirname(word.main)
    names = ["comments.xml", *(f"comments{number}.xml" for number in range(2, 1000))]
    paths = (posixpath.join(folder, name) for name in names)
    return next(path for path in paths if path not in word.package)


def _types(word: WordText, part: str) -> dict[str, bytes]:
    old = word.package.read(_TYPES)
    data = markup.as_utf8(old, _TYPES)
    prefix, _ = _root(data)
    name = f"{prefix.decode()}:Override" if prefix else "Override"
    entry = f'<{name} PartName="/{escape(part)}" ContentType="{_KIND}"/>'
    return {_TYPES: restored(old, _appended(data, entry))}


def _relations(word: WordText, part: str) -> dict[str, bytes]:
    name = relations_of(word.main)
    target = posixpath.basename(part)
    related = _RELATED[word.strict]
    if name not in word.package:
        entry = f'<Relationship Id="rId1" Type="{related}" Target="{escape(target)}"/>'
        whole = f'{_HEAD}<Relationships xmlns="{_RELATIONS}">{entry}</Relationships>'
        return {name: whole.encode()}
    old = word.package.read(name)
    data = markup.as_utf8(old, name)
    used = {each.get("Id", "") for each in markup.attributes_of(data, "Relationship", name)}
    key = next(key for key in (f"rId{n}" for n in range(1, len(used) + 2)) if key not in used)
    prefix, _ = _root(data)
    tag = f"{prefix.decode()}:Relationship" if prefix else "Relationship"
    entry = f'<{tag} Id="{key}" Type="{related}" Target="{escape(target)}"/>'
    return {name: restored(old, _appended(data, entry))}


class _RootReader:
    """Notes where a part's root element begins and ends."""

    def __init__(self) -> None:
        self.begin = -1
        self.finish = 0

    def start(self, _: str, __: Mapping[str, str], position: int) -> None:
        self.begin = position if self.begin < 0 else self.begin

    def end(self, _: str, position: int) -> None:
        self.finish = position

    def text(self, text: str) -> None:
        pass


def _root(data: bytes) -> tuple[bytes | None, _RootReader]:
    """Return the prefix of a part's root element, and where it is."""
    reader = _RootReader()
    markup.read(data, reader, "a part")
    found = _ROOT.match(data, reader.begin)
    return (found[1] if found else None), reader


def _appended(data: bytes, content: str) -> bytes:
    """Return a part with content put at the end of its root element."""
    _, root = _root(data)
    end = root.finish
    if data.startswith(b"</", end):
        return data[:end] + content.encode() + data[end:]
    # “<w:comments/>”: what closes itself is opened.
    tag = data[root.begin : end]
    name = tag[1:].split(None, 1)[0].rstrip(b"/>")
    return b"".join(
        (data[: root.begin], tag[:-2], b">", content.encode(), b"</", name, b">", data[end:])
    )


def restored(old: bytes, new: bytes) -> bytes:
    """Return a changed part in the encoding that it had."""
    return new.decode().encode("utf-16") if old[:2] in {b"\xff\xfe", b"\xfe\xff"} else new
