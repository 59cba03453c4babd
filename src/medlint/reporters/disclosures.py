"""Disclosures to fill in, as Markdown, plain text or HTML.

The text is ready to be pasted; what the author should know about it stands in comments, or in
plain text beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medlint.blanks import blanks_in, cut
from medlint.reporters import NOTICE, PLAIN_WIDTH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from medlint.disclosures import Block, Sheet
    from medlint.findings import Source

_ITEM = "- "


def render(sheets: Sequence[Sheet], form: str) -> str:
    """Return disclosures in a format: one of `FORMATS`."""
    return "\n".join(line.rstrip() for line in _RENDERERS[form](sheets)) + "\n"


def _markdown(sheets: Sequence[Sheet]) -> Iterator[str]:
    yield _comment(_opening(sheets))
    for sheet in sheets:
        yield from ("", _comment(_headline(sheet)))
        for block in sheet.blocks:
            yield from ("", _comment(*_remarks(block)))
            if not block.text:
                continue
            yield from ("", f"## {block.title}")
            for text, follows in _with_followers(block.text):
                yield from (text,) if follows else ("", text)


def _html(sheets: Sequence[Sheet]) -> Iterator[str]:
    yield _comment(_opening(sheets))
    for sheet in sheets:
        yield from ("", _comment(_headline(sheet)))
        for block in sheet.blocks:
            yield from ("", _comment(*_remarks(block)))
            if block.text:
                yield '<section class="disclosure">'
                yield f"  <h2>{_escaped(block.title)}</h2>"
                yield from (f"  {line}" for line in _paragraphs(block.text))
                yield "</section>"


def _text(sheets: Sequence[Sheet]) -> Iterator[str]:
    yield from _wrapped(_opening(sheets))
    for sheet in sheets:
        headline = _headline(sheet)
        yield from ("", headline, "=" * len(headline))
        for block in sheet.blocks:
            title = block.title or block.kind.value.capitalize()
            yield from ("", title, "-" * len(title))
            for text, follows in _with_followers(block.text):
                yield from () if follows else ("",)
                yield from _wrapped(text, "  " if text.startswith(_ITEM) else "")
            yield ""
            for remark in _remarks(block, heading=False):
                yield from (f"    {line}" for line in _wrapped(remark, room=PLAIN_WIDTH - 4))


FORMATS = ("markdown", "text", "html")
_RENDERERS: dict[str, Callable[[Sequence[Sheet]], Iterator[str]]] = {
    "markdown": _markdown,
    "text": _text,
    "html": _html,
}


def _opening(sheets: Sequence[Sheet]) -> str:
    has_blanks = any(blanks_in(text) for sheet in sheets for b in sheet.blocks for text in b.text)
    fill = "Fill in what stands in [brackets]; only you know it, and each statement must be true. "
    return (fill if has_blanks else "") + NOTICE


def _headline(sheet: Sheet) -> str:
    return f"{sheet.law}: product status “{sheet.product.value}”"


def _remarks(block: Block, *, heading: bool = True) -> Iterator[str]:
    """Return what the author should know about a block, in whole sentences."""
    if heading:
        yield f"{block.kind.value.capitalize()}."
    if block.nothing:
        yield block.nothing
    if block.when:
        yield f"{block.when}."
    if block.note:
        yield block.note
    for blank, example in block.blanks:
        yield f"[{blank}]: for example “{example}”"
    yield from (f"Source: {_cited(source)}" for source in block.sources)


def _cited(source: Source) -> str:
    unchecked = "" if source.checked else ", not compared with its text"
    return f"{source.title} ({source.url}{unchecked})"


def _comment(*lines: str) -> str:
    # Two hyphens would end the comment in some readers.
    text = "\n     ".join(lines).replace("--", "\u2013")
    return f"<!-- {text} -->"


def _with_followers(texts: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Return each text, and whether it goes on with the list of the one before."""
    was_item = False
    for text in texts:
        is_item = text.startswith(_ITEM)
        yield text, is_item and was_item
        was_item = is_item


def _paragraphs(texts: Iterable[str]) -> Iterator[str]:
    in_list = False
    for text in texts:
        is_item = text.startswith(_ITEM)
        if is_item != in_list:
            yield "<ul>" if is_item else "</ul>"
        tag = "li" if is_item else "p"
        yield f"<{tag}>{_marked(text.removeprefix(_ITEM))}</{tag}>"
        in_list = is_item
    if in_list:
        yield "</ul>"


def _marked(text: str) -> str:
    """Return text as HTML with its blanks marked, so that none is overlooked."""
    return "".join(
        _escaped(piece) if isinstance(piece, str) else f"<mark>[{_escaped(piece.name)}]</mark>"
        for piece in cut(text)
    )


def _escaped(text: str) -> str:
    from html import escape  # noqa: PLC0415  one format of three

    return escape(text, quote=False)


def _wrapped(text: str, indent: str = "", room: int = PLAIN_WIDTH) -> list[str]:
    from textwrap import wrap  # noqa: PLC0415  one format of three

    return wrap(
        text, room, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False
    )
