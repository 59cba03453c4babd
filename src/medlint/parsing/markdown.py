"""Markdown: CommonMark with GitHub's tables, strikethrough, task lists, footnotes and alerts.

pyromark reports the source range of every inline event in UTF-8 bytes; only the conversion to
code points is ours.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from medlint.document import BlockKind, Span
from medlint.errors import InputError
from medlint.parsing.builder import DocumentBuilder
from medlint.parsing.lines import WRAP, Piece, split_at
from medlint.parsing.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from medlint.document import Document
    from medlint.parsing.html import HtmlReader

    _Handler = Callable[[Any, int, int], None]

# Runs of characters that take the same number of bytes; slow to compile, and not needed for ASCII.
_SAME_WIDTH = "[\0-\x7f]+|[\x80-\u07ff]+|[\u0800-\uffff]+|[\U00010000-\U0010ffff]+"
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])|(&(?:#\w{1,8}|\w{2,32});)")
_ITEM_PREFIX = " \t>"


def parse(source: str, path: str) -> Document:
    """Parse Markdown."""
    builder = DocumentBuilder(source, path, "markdown")
    builder.indent_nests = True
    begin = 0
    if source.startswith(("---", "+++")):
        from medlint.parsing.front_matter import read_front_matter  # noqa: PLC0415

        begin = read_front_matter(builder)
    _MarkdownReader(builder, begin).run()
    return builder.finish()


def _options() -> Any:
    from pyromark import Options  # noqa: PLC0415 - for Markdown drafts only

    return (
        Options.ENABLE_TABLES
        | Options.ENABLE_STRIKETHROUGH
        | Options.ENABLE_TASKLISTS
        | Options.ENABLE_FOOTNOTES
        | Options.ENABLE_GFM
        | Options.ENABLE_HEADING_ATTRIBUTES
    )


def _label(text: str) -> str:
    """Return a link label as labels are compared."""
    return " ".join(text.split()).casefold()


def _events(body: str, path: str) -> Iterator[tuple[Any, Any]]:
    from pyromark import events_with_range  # noqa: PLC0415

    try:
        events: Iterator[tuple[Any, Any]] = events_with_range(body, options=_options())
    except BaseException as error:
        # A panic of the Rust parser arrives as a BaseException of its own.
        if type(error).__name__ != "PanicException":
            raise
        message = (
            f"{path}: the Markdown parser gave up ({error}); save the file as .txt to check its"
            " text without the markup"
        )
        raise InputError(message) from None
    return events


def _converter(source: str, base: int) -> Callable[[int], int]:
    """Return a function from a byte offset in the UTF-8 of `source` to a position, plus `base`."""
    bytes_before: list[int] = []
    characters_before: list[int] = []
    widths: list[int] = []
    position = 0
    for match in re.finditer(_SAME_WIDTH, source):
        run = match[0]
        width = len(run[0].encode())
        bytes_before.append(position)
        characters_before.append(match.start() + base)
        widths.append(width)
        position += width * len(run)

    def convert(offset: int) -> int:
        index = bisect_right(bytes_before, offset) - 1
        if index < 0:
            return base
        return characters_before[index] + (offset - bytes_before[index]) // widths[index]

    return convert


class _MarkdownReader:
    """Hands pyromark's events to the builder."""

    def __init__(self, builder: DocumentBuilder, begin: int) -> None:
        self._builder = builder
        self._source = builder.source
        self._begin = begin
        self._depths: list[int] = []
        self._images: list[tuple[int, list[Piece]]] = []
        self._skips_text = 0
        self._html: HtmlReader | None = None
        self._html_lines: list[tuple[int, int]] = []
        self._body = ""
        self._convert: Callable[[int], int] | None = None
        self._definitions: dict[str, tuple[str, int, int]] | None = None
        # Emphasis and the like are in none of these: markup that changes nothing.
        self._inlines: dict[str, _Handler] = {
            "Text": self._text,
            "SoftBreak": self._wrap,
            "HardBreak": self._hard_break,
            "Rule": self._rule,
            "Code": self._code,
            "InlineHtml": self._inline_html,
            "Html": self._html_line,
            "FootnoteReference": self._footnote,
        }
        self._starts: dict[str, _Handler] = {
            "Paragraph": self._start_paragraph,
            "Heading": self._start_heading,
            "List": self._start_list,
            "Item": self._start_item,
            "BlockQuote": self._start_quotation,
            "FootnoteDefinition": self._start_footnote,
            "CodeBlock": self._start_code,
            "Table": self._start_table,
            "TableCell": self._start_cell,
            "HtmlBlock": self._start_table,
            "Link": self._start_link,
            "Image": self._start_image,
        }
        self._ends: dict[str, _Handler] = {
            "Paragraph": self._end_text,
            "Heading": self._end_text,
            "TableCell": self._end_text,
            "Item": self._end_item,
            "List": self._end_frame,
            "BlockQuote": self._end_frame,
            "FootnoteDefinition": self._end_frame,
            "CodeBlock": self._end_code,
            "HtmlBlock": self._end_html_block,
            "Link": self._end_link,
            "Image": self._end_image,
        }

    def run(self) -> None:
        """Read the source from where the front matter ends."""
        begin = self._begin
        body = self._body = self._source[begin:] if begin else self._source
        if not body.isascii():
            self._convert = _converter(body, begin)
        elif begin:
            self._convert = begin.__add__
        convert = self._convert
        for event, place in _events(body, self._builder.path):
            if type(event) is str:
                handler, value = self._inlines.get(event), None
            else:
                ((name, value),) = event.items()
                handler = self._inlines.get(name)
                if handler is None and name in ("Start", "End"):
                    handlers = self._starts if name == "Start" else self._ends
                    tag = value if type(value) is str else next(iter(value))
                    handler = handlers.get(tag)
                    value = None if type(value) is str else value[tag]
            if handler is None:
                continue
            start, end = place["start"], place["end"]
            if convert is not None:
                start, end = convert(start), convert(end)
            handler(value, start, end)

    # Inline

    def _text(self, text: str, start: int, end: int) -> None:
        if self._skips_text or self._is_hidden:
            return
        if self._images:
            self._images[-1][1].append((text, start, end - start))
            return
        self._builder.add(text, start, end - start)

    def _wrap(self, _: None, start: int, end: int) -> None:
        if self._images:
            self._images[-1][1].append((WRAP, start, end - start))
        elif not self._is_hidden:
            self._builder.line_end(start, end - start, hard=False)

    def _hard_break(self, _: None, start: int, end: int) -> None:
        if self._images:
            self._wrap(None, start, end)
        elif not self._is_hidden:
            self._builder.line_end(start, end - start, hard=True)

    def _code(self, _: str, start: int, end: int) -> None:
        if not self._images and not self._is_hidden:
            self._builder.placeholder(start, end - start)

    def _footnote(self, label: str, start: int, end: int) -> None:
        if not self._images and not self._is_hidden:
            self._builder.add(f"[{label}]", start, end - start)

    # HTML

    @property
    def _is_hidden(self) -> bool:
        return self._html is not None and self._html.hides

    def _reader(self) -> HtmlReader:
        if self._html is None:
            from medlint.parsing.html import HtmlReader  # noqa: PLC0415 - few drafts have any

            self._html = HtmlReader(self._builder)
        return self._html

    def _inline_html(self, _: str, start: int, end: int) -> None:
        if not self._images:
            self._reader().feed_inline(start, end)

    def _html_line(self, _: str, start: int, end: int) -> None:
        self._html_lines.append((start, end))

    def _end_html_block(self, _: None, _start: int, _end: int) -> None:
        """Read an HTML block: at once, unless a quotation's marks stand between its lines."""
        lines, self._html_lines = self._html_lines, []
        if not lines:
            return
        source, reader = self._source, self._reader()
        begin = end = lines[0][0]
        in_comment = False
        for start, stop in lines:
            if source[end:start].strip() and not in_comment:
                reader.feed(begin, end)
                begin = start
            end = stop
            opened, closed = source.rfind("<!--", start, stop), source.rfind("-->", start, stop)
            in_comment = opened > closed or (in_comment and closed < 0)
        reader.feed(begin, end)
        self._builder.end()

    # Blocks

    def _rule(self, _: None, _start: int, _end: int) -> None:
        self._builder.divide()

    def _start_paragraph(self, _: None, _start: int, _end: int) -> None:
        self._builder.start()

    def _start_heading(self, detail: dict[str, str], _start: int, _end: int) -> None:
        self._builder.start(BlockKind.HEADING, int(detail["level"][1:]))

    def _start_table(self, _: Any, _start: int, _end: int) -> None:
        self._builder.end()

    def _start_cell(self, _: None, _start: int, _end: int) -> None:
        self._builder.start(BlockKind.TABLE_CELL)

    def _start_list(self, _: Any, _start: int, _end: int) -> None:
        self._builder.end()
        self._depths.append(self._builder.depth)
        self._builder.open_list()

    def _start_item(self, _: None, _start: int, _end: int) -> None:
        self._depths.append(self._builder.depth)
        self._builder.open_item()

    def _start_quotation(self, alert: str | None, _start: int, _end: int) -> None:
        self._open(BlockKind.PARAGRAPH if alert else BlockKind.QUOTATION)

    def _start_footnote(self, _: str, _start: int, _end: int) -> None:
        self._open(BlockKind.PARAGRAPH)

    def _open(self, kind: BlockKind) -> None:
        self._builder.end()
        self._depths.append(self._builder.depth)
        self._builder.open(kind)

    def _start_code(self, _: Any, _start: int, _end: int) -> None:
        self._builder.divide()
        self._skips_text += 1

    def _end_code(self, _: None, _start: int, _end: int) -> None:
        self._skips_text -= 1

    def _end_text(self, _: Any, _start: int, end: int) -> None:
        self._builder.end(end)
        if self._html is not None:
            self._html.end_paragraph()

    def _end_item(self, _: None, start: int, end: int) -> None:
        removal = self._removal(start, end)
        self._builder.end(removal.end if removal else None)
        self._close(removal)

    def _end_frame(self, _: Any, _start: int, _end: int) -> None:
        self._close(None)

    def _close(self, removal: Span | None) -> None:
        builder = self._builder
        depth = self._depths.pop()
        builder.end()
        builder.close_to(depth + 1)
        if builder.depth > depth:
            builder.close(removal)
        if self._html is not None:
            self._html.end_paragraph()
            self._html.trim()

    def _removal(self, start: int, end: int) -> Span | None:
        """Return an item's range from its line's start to its last line's end.

        There is none where more than blanks and quotation marks stand before the item.
        """
        source = self._source
        begin = start
        while begin > self._begin and source[begin - 1] in _ITEM_PREFIX:
            begin -= 1
        if begin > self._begin and source[begin - 1] not in "\r\n":
            return None
        stop = self._last_text(start, end)
        while stop < end and source[stop] in " \t":
            stop += 1
        stop += 2 if source.startswith("\r\n", stop) else source[stop : stop + 1] in ("\r", "\n")
        return Span(begin, stop)

    def _last_text(self, start: int, end: int) -> int:
        """Return where the text of `start:end` ends, before lines of blanks and quotation marks."""
        source = self._source
        while True:
            while end > start and source[end - 1].isspace():
                end -= 1
            begin = end
            while begin > start and source[begin - 1] in _ITEM_PREFIX:
                begin -= 1
            if begin in (end, start) or source[begin - 1] not in "\r\n":
                return end
            end = begin

    # Links and images

    def _start_link(self, link: Any, start: int, end: int) -> None:
        if link["link_type"] in ("Autolink", "Email"):
            self._skips_text += 1
            self._builder.placeholder(start, end - start)
        else:
            self._write_title(link, start, end)

    def _end_link(self, _: None, _start: int, _end: int) -> None:
        if self._skips_text:
            self._skips_text -= 1

    def _start_image(self, image: Any, start: int, end: int) -> None:
        self._images.append((start, []))
        self._write_title(image, start, end)

    def _end_image(self, _: None, _start: int, end: int) -> None:
        start, pieces = self._images.pop()
        builder = self._builder
        if self._images:
            self._images[-1][1].extend(pieces)
            return
        if self._is_hidden:
            return
        if builder.in_text:
            builder.add(" ", start, end - start)
        if pieces:
            builder.aside(BlockKind.ALT, pieces)

    def _write_title(self, link: Any, start: int, end: int) -> None:
        """Write a link's title; a definition's title only once."""
        title = link["title"]
        if not title.strip() or self._is_hidden:
            return
        if link["link_type"] == "Inline":
            self._builder.aside(BlockKind.TITLE, self._title_pieces(title, start, end - 1))
            return
        if self._definitions is None:
            self._definitions = self._read_definitions()
        definition = self._definitions.pop(_label(link["id"]), None)
        if definition is not None:
            self._builder.aside(BlockKind.TITLE, self._title_pieces(*definition))

    def _read_definitions(self) -> dict[str, tuple[str, int, int]]:
        """Return the titles of link definitions with their ranges, by label."""
        from pyromark import reference_definitions  # noqa: PLC0415

        found = {}
        for label, definition in reference_definitions(self._body, options=_options()).items():
            span = definition["span"]
            start, end = span["start"], span["end"]
            if self._convert is not None:
                start, end = self._convert(start), self._convert(end)
            found[_label(label)] = (definition["title"] or "", start, end)
        return found

    def _title_pieces(self, title: str, start: int, end: int) -> list[Piece]:
        """Return the pieces of a title that ends, with its closing mark, before `end`."""
        source = self._source
        while end > start and source[end - 1].isspace():
            end -= 1
        last = end - 1
        opening = "(" if source[last] == ")" else source[last]
        first = source.rfind(opening, start, last)
        while first > start and source[first - 1] == "\\":
            first = source.rfind(opening, start, first)
        whole = [(title, start, end - start)]
        if first < 0:
            return whole
        pieces = split_at(source, first + 1, last, _ESCAPE, _decoded)
        found = normalise("".join(piece[0] for piece in pieces))
        return pieces if found == normalise(title) else whole


def _decoded(match: re.Match[str]) -> str:
    """Return what a backslash escape or an entity stands for."""
    from html import unescape  # noqa: PLC0415

    return match[1] or unescape(match[2])
