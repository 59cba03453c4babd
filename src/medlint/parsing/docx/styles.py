"""What a document's styles and numbering say about its paragraphs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from medlint.document import BlockKind
from medlint.parsing.docx import markup
from medlint.records import dataclass, field, replace

if TYPE_CHECKING:
    from collections.abc import Mapping

_OFF = frozenset({"0", "false", "off", "none"})
_HEADING = re.compile(r"heading ([1-9])")
_QUOTATIONS = frozenset({"quote", "intense quote", "block text"})
_LONGEST_CHAIN = 20
_BODY_TEXT = 9
_LOWEST_HEADING = 6


@dataclass(slots=True)
class Properties:
    """What a paragraph or a style sets; None means that it sets nothing.

    `outline` counts from 0; `number` is the id of a numbering, “0” for none; `indent` is in
    twentieths of a point. `bold` and `hidden` concern the text, `raised` only that of a run.
    """

    style: str = ""
    outline: int | None = None
    number: str | None = None
    level: int | None = None
    indent: int | None = None
    bold: bool | None = None
    hidden: bool | None = None
    raised: bool | None = None

    def under(self, own: Properties) -> Properties:
        """Return these properties with those of `own` over them."""
        return Properties(
            style=own.style or self.style,
            outline=self.outline if own.outline is None else own.outline,
            number=self.number if own.number is None else own.number,
            level=self.level if own.level is None else own.level,
            indent=self.indent if own.indent is None else own.indent,
            bold=self.bold if own.bold is None else own.bold,
            hidden=self.hidden if own.hidden is None else own.hidden,
            raised=self.raised if own.raised is None else own.raised,
        )

    def take(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take one property as Word writes it; others are passed over."""
        value = attributes.get("w:val", "")
        if name in {"w:pStyle", "w:rStyle"}:
            self.style = value
        elif name == "w:outlineLvl":
            self.outline = _number(value)
        elif name == "w:numId":
            self.number = value
        elif name == "w:ilvl":
            self.level = _number(value)
        elif name == "w:ind":
            start = attributes.get("w:start", attributes.get("w:left"))
            self.indent = self.indent if start is None else _number(start)
        elif name == "w:b":
            self.bold = value not in _OFF
        elif name == "w:vanish":
            self.hidden = value not in _OFF
        elif name == "w:vertAlign":
            self.raised = value == "superscript"


def _number(text: str) -> int | None:
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class Style:
    """A style: its name in small letters, what it sets, and the one that it is based on."""

    name: str
    base: str
    properties: Properties


@dataclass(frozen=True, slots=True)
class ListLevel:
    """A level of a numbering: how far it is indented, and whether it counts or has bullets."""

    indent: int = 0
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What a paragraph is, its styles followed.

    `number` is the id of its list, empty where it is in none; `level` is the list's, or a
    heading's from 1.
    """

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    number: str = ""
    counts: bool = False
    indent: int = 0
    bold: bool = False
    hidden: bool = False


@dataclass(slots=True)
class Styles:
    """The styles and numberings of a document."""

    styles: dict[str, Style] = field(default_factory=dict)
    default: str = ""
    levels: dict[tuple[str, int], ListLevel] = field(default_factory=dict)
    _resolved: dict[str, tuple[Properties, str]] = field(default_factory=dict)

    def resolve(self, style: str) -> tuple[Properties, str]:
        """Return what a style sets, those it is based on included, and its telling name."""
        known = self._resolved.get(style)
        if known is None:
            known = self._resolved[style] = self._follow(style)
        return known

    def _follow(self, style: str) -> tuple[Properties, str]:
        chain: list[Style] = []
        seen: set[str] = set()
        while style in self.styles and style not in seen and len(chain) < _LONGEST_CHAIN:
            seen.add(style)
            chain.append(self.styles[style])
            style = self.styles[style].base
        properties = Properties()
        for each in reversed(chain):
            properties = properties.under(each.properties)
        # A style made from “heading 2” or “Quote” is one too.
        names = (each.name for each in chain)
        return properties, next((name for name in names if _tells(name)), "")

    def look(self, own: Properties) -> Look:
        """Return what a paragraph with these properties of its own is."""
        below, name = self.resolve(own.style or self.default)
        all_set = below.under(own)
        number = all_set.number or ""
        look = Look(
            indent=all_set.indent or 0, bold=bool(all_set.bold), hidden=bool(all_set.hidden)
        )
        heading = _heading_level(name, all_set.outline)
        if heading:
            return replace(look, kind=BlockKind.HEADING, level=heading)
        if number not in {"", "0"}:
            depth = all_set.level or 0
            level = self.levels.get((number, depth), ListLevel())
            # A style's indentation counts where the style brings the list, too.
            styled = own if own.number is not None else all_set
            indent = level.indent if styled.indent is None else styled.indent
            return replace(
                look,
                kind=BlockKind.LIST_ITEM,
                level=depth,
                number=number,
                counts=level.counts,
                indent=indent,
            )
        if name in _QUOTATIONS:
            return replace(look, kind=BlockKind.QUOTATION)
        if name == "caption":
            return replace(look, kind=BlockKind.CAPTION)
        return look

    def hides(self, style: str) -> bool | None:
        """Tell whether a character style hides its text; None where it does not say."""
        return self.resolve(style)[0].hidden if style else None

    def named(self, name: str) -> str:
        """Return the id of the style of a name, or nothing."""
        return next((key for key, style in self.styles.items() if style.name == name), "")


def _tells(name: str) -> bool:
    return name in _QUOTATIONS or name in {"title", "subtitle", "caption"} or bool(
        _HEADING.fullmatch(name)
    )  # fmt: skip


def _heading_level(name: str, outline: int | None) -> int:
    """Return a heading's level, 0 for what is none."""
    found = _HEADING.fullmatch(name)
    if found is not None:
        return min(int(found[1]), _LOWEST_HEADING)
    if name in {"title", "subtitle"}:
        return 1 if name == "title" else 2
    if outline is not None and 0 <= outline < _BODY_TEXT:
        return min(outline + 1, _LOWEST_HEADING)
    return 0


class StylesReader:
    """Reads the part that holds the styles."""

    def __init__(self) -> None:
        """Begin with no styles."""
        self.styles: dict[str, Style] = {}
        self.default = ""
        self._id = self._name = self._base = ""
        self._properties = Properties()

    def start(self, name: str, attributes: Mapping[str, str], _: int) -> None:
        """Take a start tag."""
        if name == "w:style":
            self._id = attributes.get("w:styleId", "")
            self._name = self._base = ""
            self._properties = Properties()
            is_default = attributes.get("w:default", "0") not in _OFF
            if is_default and attributes.get("w:type") == "paragraph":
                self.default = self._id
        elif name == "w:name":
            self._name = attributes.get("w:val", "").lower()
        elif name == "w:basedOn":
            self._base = attributes.get("w:val", "")
        else:
            self._properties.take(name, attributes)

    def end(self, name: str, _: int) -> None:
        """Take an end tag."""
        if name == "w:style":
            self.styles[self._id] = Style(self._name, self._base, self._properties)

    def text(self, text: str) -> None:
        """Take no text."""


class NumberingReader:
    """Reads the part that holds the numberings: lists by id, each with its levels."""

    def __init__(self) -> None:
        """Begin with no numberings."""
        self._levels: dict[tuple[str, int], ListLevel] = {}
        self._abstract: dict[str, str] = {}
        self._owner = ""
        self._level = 0
        self._indent = 0
        self._counts = False

    def start(self, name: str, attributes: Mapping[str, str], _: int) -> None:
        """Take a start tag."""
        if name == "w:abstractNum":
            # The two kinds of ids overlap.
            self._owner = f"abstract {attributes.get('w:abstractNumId', '')}"
        elif name == "w:num":
            self._owner = attributes.get("w:numId", "")
        elif name == "w:abstractNumId":
            self._abstract[self._owner] = f"abstract {attributes.get('w:val', '')}"
        elif name == "w:lvl":
            self._level = _number(attributes.get("w:ilvl", "")) or 0
            self._indent, self._counts = 0, False
        elif name == "w:numFmt":
            self._counts = attributes.get("w:val") not in {"bullet", "none"}
        elif name == "w:ind":
            start = attributes.get("w:start", attributes.get("w:left", ""))
            self._indent = _number(start) or 0

    def end(self, name: str, _: int) -> None:
        """Take an end tag."""
        if name == "w:lvl":
            self._levels[self._owner, self._level] = ListLevel(self._indent, self._counts)

    def text(self, text: str) -> None:
        """Take no text."""

    def levels(self) -> dict[tuple[str, int], ListLevel]:
        """Return the levels of each list, by its id and the level's number."""
        by_owner: dict[str, dict[int, ListLevel]] = {}
        for (owner, level), look in self._levels.items():
            by_owner.setdefault(owner, {})[level] = look
        return {
            (number, level): look
            for number, abstract in self._abstract.items()
            # A list may change some levels of the numbering that it follows.
            for level, look in {**by_owner.get(abstract, {}), **by_owner.get(number, {})}.items()
        }


def read_styles(styles: bytes | None, numbering: bytes | None, path: str) -> Styles:
    """Read the parts that say how paragraphs look; a document may lack either.

    Raises:
        InputError: one of them is damaged.
    """
    read = StylesReader()
    if styles is not None:
        where = f"{path}: its styles"
        markup.read(markup.as_utf8(styles, where), read, where)
    numbers = NumberingReader()
    if numbering is not None:
        where = f"{path}: its numbering"
        markup.read(markup.as_utf8(numbering, where), numbers, where)
    return Styles(read.styles, read.default, numbers.levels())
