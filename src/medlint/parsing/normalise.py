"""Normalised text with the way back: what a reader sees, in plain letters.

White space becomes single blanks, quotation marks, hyphens and dashes become one of each,
invisible characters go, and look-alike letters become the Latin ones they imitate.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from medlint.document import OffsetMap

if TYPE_CHECKING:
    from re import Match

# Stands for what is no prose: inline code and addresses. One character that no rule matches, so
# that the words on both sides do not become neighbours.
PLACEHOLDER = "\ufffc"

_BLANKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u2800\u3000"
_SINGLE_QUOTES = (
    "\u2018\u2019\u201a\u201b\u2032\u2039\u203a\u02b9\u02bb\u02bc\u0060\u00b4\uff07\uff40"
)
_DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u275d\u275e\u301d\u301e\uff02"
_HYPHENS = "\u2010\u2011\u2043\ufe63\uff0d"
_DASHES = "\u2012\u2013\u2014\u2015\u2212\u2e3a\u2e3b\ufe58"
_DROPPED = (
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufe00-\ufe0d\U000e0000-\U000e007f\U000e0100-\U000e01ef"
)
_EMOJI = "\u203c-\u3299\U0001f000-\U0001faff"
_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}


def _fold_table() -> dict[int, str]:
    """Return the replacements that keep the length: one character for one."""
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    controls = [*range(0x20), *range(0x7F, 0xA0), *range(0x2000, 0x200B)]
    table.update(dict.fromkeys(controls, " "))
    for characters, folded in (
        (_BLANKS, " "),
        (_SINGLE_QUOTES, "'"),
        (_DOUBLE_QUOTES, '"'),
        (_HYPHENS, "-"),
        (_DASHES, "\u2014"),
    ):
        table.update(dict.fromkeys(map(ord, characters), folded))
    return table


_FOLDS = _fold_table()
# Classes of many far characters take milliseconds to compile; `re` does so once, when a draft first
# holds what is not ASCII.
# Searching for the few is several times faster than str.translate where text is not all ASCII.
_FOLDABLE = f"[{re.escape(''.join(map(chr, _FOLDS)))}]"
_BLANK_RUN = re.compile("  +")
# A variation selector or joiner inside an emoji stays: without it the emoji is another one.
_UNEVEN = (
    f"  +|[{_DROPPED}]+|(?<![{_EMOJI}\ufe0f])[\u200d\ufe0e\ufe0f]+"
    f"|[{''.join(_LIGATURES)}]|[^\\W\\d_][\u0300-\u036f]+"
)

# A class of its own is searched for far faster than the alternatives above.
_MAYBE_UNEVEN = f"[{_DROPPED}\u200d\ufe0e\ufe0f{''.join(_LIGATURES)}\u0300-\u036f]"

_CYRILLIC = ("аеорсухіјѕһԁԛԝӏкАВЕКМНОРСТУХІЈЅԌԚԜ", "aeopcyxijshdqwlkABEKMHOPCTYXIJSGQW")
_GREEK = ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo")  # noqa: RUF001
_LOOK_ALIKES = str.maketrans(_CYRILLIC[0] + _GREEK[0], _CYRILLIC[1] + _GREEK[1])
_DISGUISED = re.compile("[\u0370-\u03ff\u0400-\u052f\U0001d400-\U0001d7ff]")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[A-Za-z]")
_STYLED_LETTER = re.compile("[\U0001d400-\U0001d7ff]")


def unmask(text: str) -> str:
    """Return `text` with look-alike letters made Latin, of the same length.

    Cyrillic and Greek letters are replaced only in words that have Latin letters too; small
    Greek letters other than omicron stay, as in TNF-alpha. Mathematical letters, which social media
    use as bold type, are always plain ones.
    """
    if _DISGUISED.search(text) is None:
        return text
    text = _STYLED_LETTER.sub(_plain_letter, text)
    return _WORD.sub(_unmasked_word, text)


def _unmasked_word(match: Match[str]) -> str:
    word = match[0]
    return word.translate(_LOOK_ALIKES) if _LATIN.search(word) else word


def _plain_letter(match: Match[str]) -> str:
    import unicodedata  # noqa: PLC0415 - rarely needed

    plain = unicodedata.normalize("NFKC", match[0])
    return plain if len(plain) == 1 else match[0]


def _folded(text: str) -> str:
    """Return `text` with every character that has one replaced by its plain form."""
    if text.isascii():
        return text.translate(_FOLDS)
    return re.sub(_FOLDABLE, lambda match: _FOLDS[ord(match[0])], text)


def _evened(found: str) -> str:
    """Return what replaces a match of `_UNEVEN` other than blanks."""
    ligature = _LIGATURES.get(found)
    if ligature is not None:
        return ligature
    if not found[0].isalpha():
        return ""
    import unicodedata  # noqa: PLC0415 - rarely needed

    return unicodedata.normalize("NFC", found)


def normalise(text: str) -> str:
    """Return `text` as a block would have it."""
    writer = TextWriter()
    writer.add(text, 0, len(text))
    return writer.finish()[0]


class TextWriter:
    """Collects the pieces of one block and notes where each came from.

    Pieces are given in reading order. A piece as long as its source range maps character by
    character; any other maps as a whole.
    """

    __slots__ = ("_after_blank", "_lengths", "_sources", "_starts", "_texts", "length")

    def __init__(self) -> None:
        """Begin an empty block."""
        self._texts: list[str] = []
        self._starts: list[int] = []
        self._sources: list[int] = []
        self._lengths: list[int] = []
        self._after_blank = True
        self.length = 0

    def add(self, text: str, start: int, length: int) -> None:
        """Add a piece of decoded text that stands at `start` in the source."""
        if len(text) != length:
            self._emit_whole(normalise_piece(text), start, length)
            return
        ascii_only = text.isascii()
        if not (ascii_only and "`" not in text and text.isprintable()):
            text = _folded(text)
        if ascii_only or re.search(_MAYBE_UNEVEN, text) is None:
            if "  " not in text:
                self._emit(text, start)
                return
            uneven = _BLANK_RUN
        else:
            uneven = re.compile(_UNEVEN)
        done = 0
        for match in uneven.finditer(text):
            begin, end = match.span()
            if text[begin] == " ":
                self._emit(text[done : begin + 1], start + done)
            else:
                self._emit(text[done:begin], start + done)
                self._emit_whole(_evened(match[0]), start + begin, end - begin)
            done = end
        self._emit(text[done:] if done else text, start + done)

    def _emit(self, text: str, start: int) -> None:
        """Add text that has no run of blanks and maps character by character."""
        if self._after_blank and text.startswith(" "):
            text = text[1:]
            start += 1
        if not text:
            return
        self._after_blank = text.endswith(" ")
        size = len(text)
        if not self._extends_last_run(start):
            self._starts.append(self.length)
            self._sources.append(start)
            self._lengths.append(0)
        self._lengths[-1] += size
        self._texts.append(text)
        self.length += size

    def _extends_last_run(self, start: int) -> bool:
        if not self._starts:
            return False
        source_length = self._lengths[-1]
        return (
            self.length - self._starts[-1] == source_length
            and self._sources[-1] + source_length == start
        )

    def _emit_whole(self, text: str, start: int, length: int) -> None:
        """Add text that maps to its source range as a whole."""
        if self._after_blank:
            text = text.removeprefix(" ")
        if not text:
            return
        self._after_blank = text.endswith(" ")
        self._starts.append(self.length)
        self._sources.append(start)
        self._lengths.append(length)
        self._texts.append(text)
        self.length += len(text)

    def finish(self) -> tuple[str, OffsetMap]:
        """Return the text and the map that leads back to the source."""
        text = "".join(self._texts)
        if text.endswith(" "):
            text = text[:-1]
            if self._starts[-1] == len(text):
                del self._starts[-1], self._sources[-1], self._lengths[-1]
            else:
                # A whole-mapped run keeps its range; a verbatim one loses its last blank.
                verbatim = self.length - self._starts[-1] == self._lengths[-1]
                self._lengths[-1] -= verbatim
        if not text.isascii():
            text = unmask(text)
        offsets = OffsetMap(
            tuple(self._starts), tuple(self._sources), tuple(self._lengths), len(text)
        )
        return text, offsets


def normalise_piece(text: str) -> str:
    """Return a decoded piece with blanks folded but not stripped."""
    text = _folded(text)
    return re.sub(_UNEVEN, lambda match: " " if match[0][0] == " " else _evened(match[0]), text)
