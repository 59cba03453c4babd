"""Writes a draft that is no Word document as one, so that comments can stand in it.

Headings, lists and quotations keep what they are; what stands around the running text (titles,
descriptions, the texts of pictures) is named.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from medlint.document import BlockKind, Span
from medlint.findings import Evidence
from medlint.parsing import parse_bytes
from medlint.records import replace
from medlint.reporters.html_report.passages import Places, as_written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medlint.document import Block, Document
    from medlint.findings import FileReport

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SCHEMAS = "http://schemas.openxmlformats.org"
_SPACE = f'xmlns:w="{_SCHEMAS}/wordprocessingml/2006/main"'
_PACKAGE = "application/vnd.openxmlformats-package.relationships+xml"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATED = f"{_SCHEMAS}/officeDocument/2006/relationships"
_DEEPEST = 8
_BULLETS = "•◦▪"
# 1980-01-01, the first day that a zip archive can name: the same draft gives the same bytes.
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_KINDS = {
    BlockKind.ALT: "Picture text",
    BlockKind.FRONT_MATTER: "Front matter",
    BlockKind.META: "Description",
    BlockKind.TITLE: "Title",
}
# Half points, one for each level of heading.
_SIZES = (36, 30, 26, 24, 22, 22)


def written(file: FileReport) -> tuple[bytes, FileReport]:
    """Return a draft as a Word document, and its report with places in that.

    Raises:
        ValueError: the report came without its source.
    """
    document = file.document
    if document is None:
        message = f"the report of {file.path} came without its source"
        raise ValueError(message)
    paragraphs = [
        (_label(block), _text(block, document), block, number)
        for number, block in enumerate(document.blocks)
        if block.text.strip()
    ]
    data = _archive("".join(_paragraph(label, text, block) for label, text, block, _ in paragraphs))
    starts: dict[int, int] = {}
    position = 0
    for label, text, _, number in paragraphs:
        starts[number] = position + len(label)
        position += len(label) + len(text) + 1
    path = f"{file.path.rpartition('.')[0] or file.path}.docx"
    move = _Mover(document, starts)
    findings = tuple(
        replace(
            finding,
            span=move(finding.span),
            evidence=tuple(Evidence(move(each.span), each.match) for each in finding.evidence),
        )
        for finding in file.findings
    )
    return data, replace(
        file, path=path, findings=findings, document=parse_bytes(data, path=path, format="docx")
    )


class _Mover:
    """Leads from a range of the draft to the same words in the Word document."""

    def __init__(self, document: Document, starts: dict[int, int]) -> None:
        self._document = document
        self._places = Places(document)
        self._starts = starts

    def __call__(self, span: Span) -> Span:
        found = self._places.find(span)
        if found is None or found[0] not in self._starts:
            # A comment in the draft, say: it is no text, and is spoken of at the beginning.
            return Span(0, 0)
        number, start, end = found
        block = self._document.blocks[number]
        begin, stop = (
            self._starts[number] + len(_text(block, self._document, position))
            for position in (start, end)
        )
        return Span(begin, stop)


def _text(block: Block, document: Document, end: int | None = None) -> str:
    text = as_written(block, document.source, 0, len(block.text) if end is None else end)
    return "".join(map(_character, text))


def _character(character: str) -> str:
    if character in "\r\n\t\v\f\x85\u2028\u2029":
        return " "
    return "\ufffd" if character < " " or character in "\ufffe\uffff" else character


def _label(block: Block) -> str:
    kind = _KINDS.get(block.kind)
    if kind is None:
        return ""
    return f"{kind} ({block.key}): " if block.key else f"{kind}: "


def _paragraph(label: str, text: str, block: Block) -> str:
    look = _look(block)
    properties = f"<w:pPr>{look}</w:pPr>" if look else ""
    return f"<w:p>{properties}{_run(label, italic=True)}{_run(text)}</w:p>"


def _run(text: str, *, italic: bool = False) -> str:
    if not text:
        return ""
    look = "<w:rPr><w:i/></w:rPr>" if italic else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _look(block: Block) -> str:
    if block.kind is BlockKind.HEADING:
        return f'<w:pStyle w:val="Heading{block.level}"/>'
    if block.kind is BlockKind.QUOTATION:
        return '<w:pStyle w:val="Quote"/>'
    if block.kind is BlockKind.CAPTION:
        return '<w:pStyle w:val="Caption"/>'
    if block.kind is BlockKind.LIST_ITEM:
        depth = min(block.place.depth, _DEEPEST) if block.place else 0
        return (
            '<w:pStyle w:val="ListParagraph"/>'
            f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="1"/></w:numPr>'
        )
    return ""


def _archive(body: str) -> bytes:
    document = f"<w:document {_SPACE}><w:body>{body}<w:sectPr/></w:body></w:document>"
    parts = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "word/document.xml")}),
        "word/document.xml": document,
        "word/_rels/document.xml.rels": _relations(
            {"rId1": ("styles", "styles.xml"), "rId2": ("numbering", "numbering.xml")}
        ),
        "word/styles.xml": f"<w:styles {_SPACE}>{''.join(_styles())}</w:styles>",
        "word/numbering.xml": f"<w:numbering {_SPACE}>{_numbering()}</w:numbering>",
    }
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, _FIRST_DAY)
            made.writestr(info, f"{_HEAD}{content}".encode(), zipfile.ZIP_DEFLATED)
    return output.getvalue()


def _types() -> str:
    parts = (("document", "document.main"), ("styles", "styles"), ("numbering", "numbering"))
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_MAIN}.{kind}+xml"/>'
        for name, kind in parts
    )
    return (
        f'<Types xmlns="{_SCHEMAS}/package/2006/content-types">'
        f'<Default Extension="rels" ContentType="{_PACKAGE}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(targets: dict[str, tuple[str, str]]) -> str:
    inside = "".join(
        f'<Relationship Id="{key}" Type="{_RELATED}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_SCHEMAS}/package/2006/relationships">{inside}</Relationships>'


def _styles() -> Iterator[str]:
    yield (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        '<w:pPr><w:spacing w:after="120"/></w:pPr><w:rPr><w:sz w:val="22"/></w:rPr></w:style>'
    )
    for level, size in enumerate(_SIZES, 1):
        yield _style(
            f"Heading{level}",
            f"heading {level}",
            f'<w:pPr><w:keepNext/><w:spacing w:before="240" w:after="120"/>'
            f'<w:outlineLvl w:val="{level - 1}"/></w:pPr>'
            f'<w:rPr><w:b/><w:sz w:val="{size}"/></w:rPr>',
        )
    yield _style("Quote", "Quote", '<w:pPr><w:ind w:left="567"/></w:pPr><w:rPr><w:i/></w:rPr>')
    yield _style("Caption", "caption", "<w:rPr><w:i/></w:rPr>")
    yield _style("ListParagraph", "List Paragraph", "<w:pPr><w:contextualSpacing/></w:pPr>")
    yield _style("CommentText", "annotation text", '<w:rPr><w:sz w:val="20"/></w:rPr>')
    yield (
        '<w:style w:type="character" w:styleId="CommentReference">'
        '<w:name w:val="annotation reference"/><w:rPr><w:sz w:val="16"/></w:rPr></w:style>'
    )


def _style(key: str, name: str, look: str) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/>{look}</w:style>'
    )


def _numbering() -> str:
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="bullet"/>'
        f'<w:lvlText w:val="{_BULLETS[n % 3]}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{567 * (n + 1)}" w:hanging="283"/></w:pPr></w:lvl>'
        for n in range(_DEEPEST + 1)
    )
    return (
        f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
