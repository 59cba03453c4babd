"""The drafts in examples/: their expected reports, and the same draft in other formats."""

from __future__ import annotations

import html
import json
import re
from functools import cache
from typing import TYPE_CHECKING

import jsonschema
import pytest

import generate
import word_example
from medlint.api import Linter, Options
from medlint.config import Choices, Config
from medlint.document import BlockKind
from medlint.findings import Product
from medlint.parsing import parse, parse_bytes
from wordfile import docx, p, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from medlint.document import Block, Document
    from medlint.findings import FileReport

DRAFTS = generate.drafts()
# A Word document has nesting and notes that the simple forms below have not.
TEXTS = [draft for draft in DRAFTS if draft.suffix != ".docx"]
CLEAN = ("magnesium-page.html", "migraine-leaflet.txt", "stem-cell-trial.md")

# What plain text has a place for; a picture's text, a table or a page title it has not.
PLAIN_KINDS = (
    BlockKind.HEADING,
    BlockKind.PARAGRAPH,
    BlockKind.LIST_ITEM,
    BlockKind.QUOTATION,
)

every_draft = pytest.mark.parametrize("draft", DRAFTS, ids=lambda path: path.name)


@every_draft
def test_report_is_the_expected_one(draft: Path) -> None:
    """What `medlint --format json` says about an example is what stands beside it."""
    expected = generate.golden_path(draft).read_text("utf-8")
    assert json.loads(generate.json_text(draft)) == json.loads(expected)


@every_draft
def test_report_follows_its_schema(draft: Path) -> None:
    """Every expected report is valid under the published schema."""
    schema = json.loads((generate.ROOT / "docs/schema/report.schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads(generate.golden_path(draft).read_text("utf-8")), schema)


@pytest.mark.parametrize("name", CLEAN)
def test_model_page_is_clean(name: str) -> None:
    """An honest page has no finding at the default settings, not even a suggestion."""
    report = json.loads(generate.json_text(generate.EXAMPLES / name))
    assert [finding["match"] for finding in report["files"][0]["findings"]] == []


def test_there_are_examples_of_every_format() -> None:
    """The examples are at least ten, with some in every format that medlint reads."""
    formats = {parse_bytes(path.read_bytes(), path=path.name).format for path in DRAFTS}
    assert (len(DRAFTS) >= 10, formats) == (True, {"plain", "markdown", "html", "docx"})


def test_the_word_example_is_what_its_script_writes() -> None:
    """The script that makes it can be read; the document cannot."""
    assert word_example.PATH.read_bytes() == word_example.example()


# The same draft in other formats


def as_plain(blocks: Iterable[Block]) -> str:
    """Write blocks as plain text."""
    lines: list[str] = []
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            lines += ["", block.text, "-" * len(block.text), ""]
        elif block.kind is BlockKind.LIST_ITEM:
            lines.append(f"- {block.text}")
        else:
            lines += ["", block.text, ""]
    return "\n".join(lines)


def as_markdown(blocks: Iterable[Block]) -> str:
    """Write blocks as Markdown, titles and descriptions as front matter."""
    head: list[str] = []
    lines: list[str] = []
    for number, block in enumerate(blocks):
        text = re.sub(r"([\\`*_\[\]<>&#|~])", r"\\\1", block.text)
        if block.kind in {BlockKind.META, BlockKind.TITLE, BlockKind.FRONT_MATTER}:
            head.append(f"v{number}: {json.dumps(block.text, ensure_ascii=False)}")
        elif block.kind is BlockKind.HEADING:
            lines += ["", f"{'#' * block.level} {text}", ""]
        elif block.kind is BlockKind.LIST_ITEM:
            lines.append(f"- {text}")
        elif block.kind is BlockKind.TABLE_CELL:
            lines += ["", f"| {text} |", "|---|", ""]
        elif block.kind is BlockKind.QUOTATION:
            lines += ["", f"> {text}", ""]
        elif block.kind is BlockKind.ALT:
            lines += ["", f"![{text}](picture.jpg)", ""]
        else:
            lines += ["", text, ""]
    front = ["---", *head, "---"] if head else []
    return "\n".join((*front, *lines))


def as_html(blocks: Iterable[Block]) -> str:
    """Write blocks as HTML, with entities."""
    lines = []
    in_list = False
    for block in blocks:
        text = html.escape(block.text).replace("—", "&mdash;")
        if (block.kind is BlockKind.LIST_ITEM) is not in_list:
            lines.append("</ul>" if in_list else "<ul>")
            in_list = not in_list
        tag = {
            BlockKind.HEADING: f"h{block.level}",
            BlockKind.LIST_ITEM: "li",
            BlockKind.TABLE_CELL: "td",
            BlockKind.QUOTATION: "blockquote",
            BlockKind.TITLE: "title",
        }.get(block.kind, "p")
        if block.kind in {BlockKind.META, BlockKind.FRONT_MATTER}:
            lines.append(f'<meta name="description" content="{text}">')
        elif block.kind is BlockKind.ALT:
            lines.append(f'<img src="picture.jpg" alt="{text}">')
        elif tag == "td":
            lines.append(f"<table><tr><td>{text}</td></tr></table>")
        else:
            lines.append(f"<{tag}>{text}</{tag}>")
    return "\n".join(lines)


@cache
def linter(product: Product) -> Linter:
    """Return a linter with the shipped rules; `product` is what a front matter said."""
    options = Options(no_config=True, choices=Choices(product=product))
    return Linter(Config.default(generate.ROOT), options)


def lint(document: Document, product: Product) -> FileReport:
    """Lint a parsed draft."""
    checked = linter(product).lint(document)
    assert checked.report is not None
    return checked.report


def found(report: FileReport) -> list[tuple[str, str, str]]:
    """List what a report finds, in an order that no format decides."""
    return sorted((f.rule, f.match, f.severity.value) for f in report.findings)


def words(source: str, form: str) -> list[str]:
    """Return the words a reader sees in a piece of source, its emphasis marks aside."""
    form = "plain" if form == "docx" else form
    # A word before the piece: stars alone would be no text.
    blocks = parse(f"Piece: {source}", path="piece", format=form).blocks
    return re.sub(r"[*_]", "", " ".join(block.text for block in blocks)).split()[1:]


def as_docx(blocks: Iterable[Block]) -> bytes:
    """Write blocks as a Word document."""
    body = []
    for block in blocks:
        text = p(block.text)
        if block.kind is BlockKind.HEADING:
            text = p(block.text, look=f'<w:outlineLvl w:val="{block.level - 1}"/>')
        elif block.kind is BlockKind.LIST_ITEM:
            text = p(block.text, item=(1, 0))
        elif block.kind is BlockKind.TABLE_CELL:
            text = table((block.text,))
        elif block.kind is BlockKind.QUOTATION:
            text = p(block.text, style="Quote")
        body.append(text)
    return docx(*body)


@pytest.mark.parametrize("draft", TEXTS, ids=lambda path: path.name)
@pytest.mark.parametrize("convert", [as_plain, as_markdown, as_html, as_docx])
def test_same_findings_in_every_format(
    draft: Path, convert: Callable[[Iterable[Block]], str | bytes]
) -> None:
    """A draft written in another format gives the same findings, at the right places there."""
    original = parse_bytes(draft.read_bytes(), path=draft.name)
    product = Product(original.front_matter.get("medlint", {}).get("product", "auto"))
    blocks = original.blocks
    kinds = {as_plain: PLAIN_KINDS, as_docx: (*PLAIN_KINDS, BlockKind.TABLE_CELL)}.get(convert)
    if kinds is not None and any(block.kind not in kinds for block in blocks):
        blocks = tuple(block for block in blocks if block.kind in kinds)
        rewrite = {"markdown": as_markdown, "html": as_html}[original.format]
        original = parse(rewrite(blocks), path="rewritten", format=original.format)
    form = convert.__name__.removeprefix("as_")
    written = convert(blocks)
    data = written.encode() if isinstance(written, str) else written
    converted = parse_bytes(data, path="converted", format=form)
    report = lint(converted, product)
    assert found(report) == found(lint(original, product))
    for finding in report.findings:
        piece = converted.source[finding.span.start : finding.span.end]
        assert words(piece, form) == re.sub(r"[*_]", "", finding.match).split()
