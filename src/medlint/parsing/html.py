"""HTML: text as a browser shows it, and the attributes and meta data that search engines show.

`HtmlReader` also serves Markdown, whose HTML blocks and inline tags it reads.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from medlint.document import BlockKind, Span
from medlint.parsing.builder import DocumentBuilder
from medlint.parsing.lines import STRONG_LINE
from medlint.parsing.markup import RAW_TEXT, Token, TokenKind, decoded, tokens
from medlint.parsing.raised import raised
from medlint.records import dataclass

if TYPE_CHECKING:
    from medlint.document import Document

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset({"ul", "ol", "menu"})
_KINDS = {
    "blockquote": BlockKind.QUOTATION,
    "td": BlockKind.TABLE_CELL,
    "th": BlockKind.TABLE_CELL,
    "caption": BlockKind.CAPTION,
    "figcaption": BlockKind.CAPTION,
    "title": BlockKind.TITLE,
}
_BLOCKS = frozenset(
    {*_HEADINGS, *_LISTS, *_KINDS}
    | {"address", "article", "aside", "body", "button", "center", "dd", "details", "dialog", "dir"}
    | {"div", "dl", "dt", "fieldset", "figure", "footer", "form", "frameset", "head", "header"}
    | {"hgroup", "html", "label", "legend", "li", "main", "nav", "optgroup", "option", "p"}
    | {"search", "section", "select", "summary", "table", "tbody", "tfoot", "thead", "tr"}
)
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param"}
    | {"source", "track", "wbr"}
)
_CODE = frozenset({"code", "kbd", "samp", "tt", "pre"})
_LEFT_OUT = frozenset(
    {"template", "noscript", "svg", "math", "canvas", "audio", "video", "object", "datalist"}
)
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WITHOUT_TEXT_ATTRIBUTES = RAW_TEXT | {"link", "base", "param", "source", "track"}
_TEXT_ATTRIBUTES = {
    "alt": BlockKind.ALT,
    "aria-label": BlockKind.ALT,
    "title": BlockKind.TITLE,
}
_META_NAMES = frozenset(
    {"description", "og:title", "og:description", "twitter:title", "twitter:description"}
)
# Elements whose end tag may be missing, and what their next sibling or end is called.
_SIBLINGS = {
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "td": frozenset({"td", "th", "tr"}),
    "th": frozenset({"td", "th", "tr"}),
    "tr": frozenset({"tr"}),
    "option": frozenset({"option"}),
}
# Inside these, a new "li", "td" or "dt" belongs to an inner list or table.
_SCOPES = _LISTS | {"table", "dl", "select"}


def parse(source: str, path: str) -> Document:
    """Parse HTML."""
    builder = DocumentBuilder(source, path, "html")
    begin = 0
    if source.startswith(("---", "+++")):
        from medlint.parsing.front_matter import read_front_matter  # noqa: PLC0415

        begin = read_front_matter(builder)
    HtmlReader(builder).feed(begin, len(source))
    return builder.finish()


@dataclass(slots=True)
class _Element:
    """An open block element; `depth` is the builder's depth before it."""

    name: str
    depth: int
    start: int
    has_frame: bool


class HtmlReader:
    """Turns tags into the builder's blocks, whatever their nesting."""

    def __init__(self, builder: DocumentBuilder) -> None:
        """Read into `builder`, from its source."""
        self._builder = builder
        self._source = builder.source
        self._elements: list[_Element] = []
        self._open: Counter[str] = Counter()
        # Names of open li, td … and of the lists and tables around them.
        self._scopes: list[str] = []
        self._hidden: str | None = None
        self._hidden_start = 0
        self._inside_hidden: Counter[str] = Counter()
        self._inline = False
        self._superscript: Token | None = None

    @property
    def hides(self) -> bool:
        """Whether text that comes now is not shown, or is code."""
        return self._hidden is not None

    def feed(self, begin: int, end: int) -> None:
        """Read the source between two positions."""
        for token in tokens(self._source, begin, end):
            if token.kind is TokenKind.TEXT:
                self._text(token.start, token.end)
            elif token.kind is TokenKind.START_TAG:
                self._start_tag(token)
            elif token.kind is TokenKind.END_TAG:
                self._end_tag(token)
            else:
                self._comment(token)

    def feed_inline(self, begin: int, end: int) -> None:
        """Read a tag or a comment inside a paragraph of another format."""
        self._inline = True
        self.feed(begin, end)
        self._inline = False

    def end_paragraph(self) -> None:
        """Forget inline elements that the paragraph left open."""
        self._superscript = None
        if self._hidden is not None and self._hidden not in _BLOCKS:
            self._hidden = None

    def trim(self) -> None:
        """Forget elements that ended with what was around them in another format."""
        depth = self._builder.depth
        while self._elements and self._elements[-1].has_frame and self._elements[-1].depth >= depth:
            self._forget()

    # Text

    def _text(self, start: int, end: int) -> None:
        builder = self._builder
        if self._hidden is not None:
            return
        text = self._source[start:end]
        if not builder.in_text and text.isspace():
            return
        if self._superscript is not None and self._write_superscript(text, start, end):
            return
        if STRONG_LINE.search(text) is None:
            for piece in decoded(self._source, start, end):
                builder.add(*piece)
            return
        done = start
        for match in STRONG_LINE.finditer(text):
            line_end = start + match.start()
            for piece in decoded(self._source, done, line_end):
                builder.add(*piece)
            builder.line_end(line_end, 1, hard=False)
            done = line_end + 1
        for piece in decoded(self._source, done, end):
            builder.add(*piece)

    def _write_superscript(self, text: str, start: int, end: int) -> bool:
        """Write a raised text that would stick to the word before it; tell whether it did."""
        builder, tag = self._builder, self._superscript
        written = raised(text, builder.last_character)
        if written.endswith(text):
            if written != text and tag is not None:
                builder.add(" ", tag.start, tag.end - tag.start)
            return False
        if written:
            builder.add(written, start, end - start)
        return True

    def _comment(self, token: Token) -> None:
        inner = self._source[token.start + 4 : token.end]
        for delimiter in ("--!>", "-->"):
            inner = inner.removesuffix(delimiter)
        self._builder.comment(token.start, token.end, inner)

    # Tags

    def _start_tag(self, token: Token) -> None:
        name = token.name
        if self._hidden is not None and not self._ends_hidden(name):
            if name not in _VOID:
                self._inside_hidden[name] += 1
            return
        if name not in _VOID and self._is_left_out(token):
            self._hide(token)
            return
        if name == "br":
            self._line_break(token)
        elif name in _BLOCKS and not self._inline:
            self._open_block(token)
        elif name in _BLOCKS:
            self._builder.line_end(token.start, token.end - token.start, hard=True)
        elif name == "hr":
            self._builder.divide()
        elif name in ("img", "input") and self._builder.in_text:
            self._builder.add(" ", token.start, token.end - token.start)
        elif name == "sup":
            self._superscript = token
        self._write_attributes(token)

    def _line_break(self, token: Token) -> None:
        builder = self._builder
        if builder.in_text and builder.after_break and not self._inline:
            builder.end()
            return
        builder.line_end(token.start, token.end - token.start, hard=True)

    def _open_block(self, token: Token) -> None:
        name, builder = token.name, self._builder
        builder.end()
        self._close_siblings(name, token.start)
        depth = builder.depth
        if name in _LISTS:
            builder.open_list()
        elif name == "li":
            builder.open_item()
        elif name in _KINDS:
            builder.open(_KINDS[name])
        elif name in _HEADINGS:
            builder.open(BlockKind.HEADING, _HEADINGS[name])
        has_frame = builder.depth > depth
        self._elements.append(_Element(name, depth, token.start, has_frame))
        self._open[name] += 1
        if name in _SCOPES or name in _SIBLINGS:
            self._scopes.append(name)

    def _close_siblings(self, name: str, position: int) -> None:
        """End the elements whose end tag the coming one implies."""
        while self._scopes and name in _SIBLINGS.get(self._scopes[-1], ()):
            self._close(self._scopes[-1], position, position)
        top = self._elements[-1].name if self._elements else ""
        if top == "p" or (top in _HEADINGS and name in _HEADINGS):
            self._close(top, position, position)

    def _end_tag(self, token: Token) -> None:
        name = token.name
        if self._hidden is not None:
            self._end_tag_in_hidden(token)
            return
        if name == "sup":
            self._superscript = None
        if name not in _BLOCKS:
            return
        if self._inline:
            self._builder.line_end(token.start, token.end - token.start, hard=True)
            return
        self._builder.end()
        if self._open[name]:
            self._close(name, token.start, token.end)

    def _close(self, name: str, content_end: int, end: int) -> None:
        """End the innermost element of that name and all inside it."""
        builder = self._builder
        while True:
            element = self._elements[-1]
            is_last = element.name == name
            if element.has_frame and builder.depth > element.depth:
                builder.close_to(element.depth + 1)
                builder.close(self._removal(element, end if is_last else content_end))
            self._forget()
            if is_last:
                return

    def _forget(self) -> None:
        element = self._elements.pop()
        self._open[element.name] -= 1
        if self._scopes and (element.name in _SCOPES or element.name in _SIBLINGS):
            self._scopes.pop()

    def _removal(self, element: _Element, end: int) -> Span | None:
        """Return the range that deletes a list item, the blanks behind it included."""
        if element.name != "li":
            return None
        source = self._source
        while end < len(source) and source[end].isspace():
            end += 1
        return Span(element.start, end)

    # What is not shown

    def _is_left_out(self, token: Token) -> bool:
        name = token.name
        if name in RAW_TEXT or name in _CODE or name in _LEFT_OUT:
            return True
        for attribute in token.attributes:
            value = self._source[attribute.start : attribute.end]
            if attribute.name == "hidden":
                return value.lower() != "until-found"
            if attribute.name == "aria-hidden" and value.strip().lower() == "true":
                return True
            if attribute.name == "style" and _HIDING_STYLE.search(value):
                return True
        return False

    def _hide(self, token: Token) -> None:
        name = token.name
        if self._source[token.end - 2] == "/" and name in ("svg", "math", *RAW_TEXT):
            return
        if name in _BLOCKS and not self._inline:
            self._builder.end()
            self._close_siblings(name, token.start)
        elif name == "pre":
            self._builder.divide()
        self._hidden = name
        self._hidden_start = token.start
        self._inside_hidden.clear()

    def _ends_hidden(self, name: str) -> bool:
        """Tell whether a start tag implies the end of the hidden element."""
        hidden = self._hidden or ""
        ends = name in _SIBLINGS.get(hidden, ()) or (hidden == "p" and name in _BLOCKS)
        if not ends or any(self._inside_hidden[scope] for scope in _SCOPES):
            return False
        self._hidden = None
        return True

    def _end_tag_in_hidden(self, token: Token) -> None:
        name = token.name
        if self._inside_hidden[name] > 0:
            self._inside_hidden[name] -= 1
        elif name == self._hidden:
            self._hidden = None
            if name in _CODE and name != "pre":
                self._builder.placeholder(self._hidden_start, token.end - self._hidden_start)
        elif self._open[name] > 0 and name in _BLOCKS:
            self._hidden = None
            self._end_tag(token)

    # Attributes

    def _write_attributes(self, token: Token) -> None:
        if not token.attributes or token.name in _WITHOUT_TEXT_ATTRIBUTES:
            return
        if token.name == "meta":
            self._write_meta(token)
            return
        if token.name == "input" and self._value(token, "type") == "hidden":
            return
        for attribute in token.attributes:
            kind = _TEXT_ATTRIBUTES.get(attribute.name)
            if kind is not None and attribute.start < attribute.end:
                pieces = decoded(self._source, attribute.start, attribute.end)
                self._builder.aside(kind, pieces)

    def _write_meta(self, token: Token) -> None:
        names = {self._value(token, "name"), self._value(token, "property")}
        if not names & _META_NAMES:
            return
        for attribute in token.attributes:
            if attribute.name == "content":
                pieces = decoded(self._source, attribute.start, attribute.end)
                self._builder.aside(BlockKind.META, pieces)

    def _value(self, token: Token, name: str) -> str:
        for attribute in token.attributes:
            if attribute.name == name:
                return self._source[attribute.start : attribute.end].strip().lower()
        return ""
