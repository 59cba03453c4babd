"""Makes Word documents from markup, for the example and for the tests: the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SCHEMAS = "http://schemas.openxmlformats.org"
_SPACES = (
    f'xmlns:w="{_SCHEMAS}/wordprocessingml/2006/main"'
    f' xmlns:r="{_SCHEMAS}/officeDocument/2006/relationships"'
    f' xmlns:wp="{_SCHEMAS}/drawingml/2006/wordprocessingDrawing"'
    f' xmlns:a="{_SCHEMAS}/drawingml/2006/main"'
    f' xmlns:mc="{_SCHEMAS}/markup-compatibility/2006"'
    f' xmlns:m="{_SCHEMAS}/officeDocument/2006/math"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)
_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_NAMES = (
    *((f"heading {n}", f"Heading{n}") for n in (1, 2, 3)),
    ("Title", "Title"),
    ("Quote", "Quote"),
    ("caption", "Caption"),
)
_STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
    for name, key in _NAMES
)
BASIC_STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
    '<w:name w:val="Normal"/></w:style>'
    f"{_STYLES}"
    '<w:style w:type="paragraph" w:styleId="Comment"><w:name w:val="annotation text"/></w:style>'
    '<w:style w:type="character" w:styleId="Mark"><w:name w:val="annotation reference"/>'
    '<w:rPr><w:sz w:val="16"/></w:rPr></w:style>'
)


def _levels(kind: str, text: str) -> str:
    return "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{text.format(n + 1)}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{720 * (n + 1)}" w:hanging="360"/></w:pPr></w:lvl>'
        for n in range(3)
    )


# List 1 has bullets, list 2 counts, list 3 has bullets again.
BASIC_NUMBERING = (
    f'<w:abstractNum w:abstractNumId="0">{_levels("bullet", "•")}</w:abstractNum>'
    f'<w:abstractNum w:abstractNumId="1">{_levels("decimal", "%{}.")}</w:abstractNum>'
    + "".join(
        f'<w:num w:numId="{n}"><w:abstractNumId w:val="{abstract}"/></w:num>'
        for n, abstract in ((1, 0), (2, 1), (3, 0))
    )
)
# Which element holds each part's content, and the last words of its content type.
_PARTS = {
    "styles": ("styles", "styles"),
    "numbering": ("numbering", "numbering"),
    "footnotes": ("footnotes", "footnotes"),
    "endnotes": ("endnotes", "endnotes"),
    "comments": ("comments", "comments"),
    "header1": ("hdr", "header"),
    "footer1": ("ftr", "footer"),
}


def r(text: str, look: str = "") -> str:
    """Return a run; `look` is its formatting."""
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(*runs: str, style: str = "", item: tuple[int, int] | None = None, look: str = "") -> str:
    """Return a paragraph of runs (plain text makes one); `item` is its list and level."""
    inside = f'<w:pStyle w:val="{style}"/>' if style else ""
    if item is not None:
        inside += f'<w:numPr><w:ilvl w:val="{item[1]}"/><w:numId w:val="{item[0]}"/></w:numPr>'
    properties = f"<w:pPr>{inside}{look}</w:pPr>" if inside or look else ""
    content = "".join(run if run.startswith("<") else r(run) for run in runs)
    return f"<w:p>{properties}{content}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    """Return a table of cells, each of paragraphs (plain text makes one)."""
    written = "".join(
        "<w:tr>"
        + "".join(f"<w:tc>{cell if cell.startswith('<') else p(cell)}</w:tc>" for cell in row)
        + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{written}</w:tbl>"


def box(*paragraphs: str, name: str = "") -> str:
    """Return a run with a text box, as Word writes it: twice."""
    content = f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"
    described = f' descr="{escape(name)}"' if name else ""
    size = '<wp:extent cx="1800000" cy="900000"/>'
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline>'
        f'{size}<wp:docPr id="1" name="Box"{described}/><a:graphic><a:graphicData'
        ' uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
        '<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="1800000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"/></wps:spPr>'
        f"<wps:txbx>{content}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic>"
        "</wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict>"
        f'<v:shape style="width:140pt;height:70pt"><v:textbox>{content}</v:textbox></v:shape>'
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def note(number: int) -> str:
    """Return a run that refers to a footnote."""
    return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'


def footnote(number: int, *paragraphs: str) -> str:
    """Return a footnote."""
    return f'<w:footnote w:id="{number}">{"".join(paragraphs)}</w:footnote>'


def link(text: str) -> str:
    """Return a link inside the document."""
    return f'<w:hyperlink w:anchor="top">{r(text)}</w:hyperlink>'


def control(*content: str, kind: str = "") -> str:
    """Return a content control around runs or paragraphs."""
    inside = f"<w:sdtPr>{kind}</w:sdtPr><w:sdtContent>{''.join(content)}</w:sdtContent>"
    return f"<w:sdt>{inside}</w:sdt>"


def inserted(*runs: str) -> str:
    """Return a tracked insertion."""
    return f'<w:ins w:id="901" w:author="Editor">{"".join(runs)}</w:ins>'


def deleted(text: str) -> str:
    """Return a tracked deletion."""
    return (
        '<w:del w:id="902" w:author="Editor"><w:r><w:delText xml:space="preserve">'
        f"{escape(text)}</w:delText></w:r></w:del>"
    )


def commented(number: int, *runs: str) -> str:
    """Return runs that a comment is about."""
    return (
        f'<w:commentRangeStart w:id="{number}"/>{"".join(runs)}<w:commentRangeEnd w:id="{number}"/>'
        f'<w:r><w:commentReference w:id="{number}"/></w:r>'
    )


def comment(number: int, text: str, author: str = "Reviewer") -> str:
    """Return a comment."""
    return f'<w:comment w:id="{number}" w:author="{author}">{p(text)}</w:comment>'


def docx(
    *body: str,
    parts: dict[str, str] | None = None,
    files: dict[str, bytes] | None = None,
    section: str = "",
) -> bytes:
    """Return a Word document.

    `parts` are the contents of styles, numbering, footnotes, comments, header1 and so on; `files`
    are further files, or whole ones instead of those made here.
    """
    given = {"styles": BASIC_STYLES, "numbering": BASIC_NUMBERING, **(parts or {})}
    edges = "".join(
        f'<w:{kind}Reference w:type="default" r:id="{kind}1"/>'
        for kind in ("header", "footer")
        if f"{kind}1" in given
    )
    content = f"<w:body>{''.join(body)}<w:sectPr>{edges}{section}</w:sectPr></w:body>"
    names = [name for name in _PARTS if name in given]
    written: dict[str, bytes] = {
        "[Content_Types].xml": _types(names).encode(),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "word/document.xml")}).encode(),
        "word/document.xml": f"{_HEAD}<w:document {_SPACES}>{content}</w:document>".encode(),
        "word/_rels/document.xml.rels": _relations(
            {name: (name.rstrip("1"), f"{name}.xml") for name in names}
        ).encode(),
    }
    for name in names:
        root = _PARTS[name][0]
        text = f"{_HEAD}<w:{root} {_SPACES}>{given[name]}</w:{root}>"
        written[f"word/{name}.xml"] = text.encode()
    return archive({**written, **(files or {})})


def _types(names: list[str]) -> str:
    overrides = [("document", "document.main"), *((name, _PARTS[name][1]) for name in names)]
    parts = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_MAIN_TYPE}.{kind}+xml"/>'
        for name, kind in overrides
    )
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'{_HEAD}<Types xmlns="{_SCHEMAS}/package/2006/content-types">'
        f'<Default Extension="rels" ContentType="{rels}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{parts}</Types>'
    )


def _relations(targets: dict[str, tuple[str, str]]) -> str:
    inside = "".join(
        f'<Relationship Id="{key}" Type="{_SCHEMAS}/officeDocument/2006/relationships/{kind}"'
        f' Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    space = f"{_SCHEMAS}/package/2006/relationships"
    return f'{_HEAD}<Relationships xmlns="{space}">{inside}</Relationships>'


def archive(files: dict[str, bytes]) -> bytes:
    """Return a zip archive of files."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return output.getvalue()
