"""Normalisation: one spelling for matching, whatever the writer's keyboard gave."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medlint.document import OffsetMap
from medlint.parsing.normalise import TextWriter, normalise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a \t b\r\n  c ", "a b c"),
        ("it\u2019s \u201csafe\u201d \u2018so\u2019 \u00abnow\u00bb", 'it\'s "safe" \'so\' "now"'),
        ("don\u00b4t, don`t", "don't, don't"),
        ("stem\u2010cell, side\u2011effect, well\uff0dbeing", "stem-cell, side-effect, well-being"),
        ("pain \u2013 gone \u2014 now \u2212 5", "pain \u2014 gone \u2014 now \u2014 5"),
        ("no\u00a0side\u2009effects\u3000ever", "no side effects ever"),
        ("mira\u00adcle c\u200bu\u2060re\ufeff", "miracle cure"),
        ("\uff23\uff35\uff32\uff25 \uff11\uff10\uff10\uff05", "CURE 100%"),
        ("e\ufb03cient \ufb02ow", "efficient flow"),
        ("\u0441ure and cur\u0435", "cure and cure"),
        ("\u0391LS \u039cS", "ALS MS"),
        ("TGF-\u03b2, TNF\u03b1 and \u03b1 alone", "TGF-\u03b2, TNF\u03b1 and \u03b1 alone"),
        (
            "\u043b\u0435\u0447\u0435\u043d\u0438\u0435 works",
            "\u043b\u0435\u0447\u0435\u043d\u0438\u0435 works",
        ),
        ("\U0001d402\U0001d42e\U0001d42b\U0001d41e", "Cure"),
        ("cafe\u0301 nai\u0308ve", "caf\u00e9 na\u00efve"),
        ("a\ufe0f cure", "a cure"),
        ("\u2764\ufe0f\u200d\U0001f525 wow", "\u2764\ufe0f\u200d\U0001f525 wow"),
        ("", ""),
        (" \u200b ", ""),
    ],
)
def test_characters_are_folded(text: str, expected: str) -> None:
    """White space, quotes, dashes, invisible and look-alike characters get one spelling."""
    assert normalise(text) == expected


# What each character of these ranges becomes where it stands by itself.
FOLDED = {
    " ": "0-1f 7f-a0 1680 2000-200a 2028-2029 202f 205f 2800 3000",
    "'": "60 b4 2b9 2bb-2bc 2018-201b 2032 2039-203a ff07 ff40",
    '"': "ab bb 201c-201f 2033 275d-275e 301d-301e ff02",
    "-": "2010-2011 2043 fe63 ff0d",
    "\u2014": "2012-2013 2015 2212 2e3a-2e3b fe58",
    "": "ad 34f 61c 180e 200b-200f 202a-202e 2060-2064 2066-206f fe00-fe0f feff"
    " e0000-e007f e0100-e01ef",
    "ff": "fb00",
    "fi": "fb01",
    "fl": "fb02",
    "ffi": "fb03",
    "ffl": "fb04",
    "st": "fb05-fb06",
}


def test_every_other_character_stays() -> None:
    """Of all characters but the mathematical letters, those of the table change and no others."""
    apart = "\u2020"
    codes = {*range(0xD800), *range(0xE000, 0x1D400), *range(0x1D800, 0x20000)} - {ord(apart)}
    expected = {code: chr(code) for code in [*sorted(codes), *range(0xE0000, 0xE0300)]}
    # The full-width forms of ASCII are what they widen.
    expected |= {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for folded, ranges in FOLDED.items():
        for each in ranges.split():
            first, _, last = each.partition("-")
            for code in range(int(first, 16), int(last or first, 16) + 1):
                expected[code] = folded
    text = apart + apart.join(map(chr, expected)) + apart
    found = dict(zip(expected, normalise(text)[1:-1].split(apart), strict=True))
    assert {
        code: (got, expected[code]) for code, got in found.items() if got != expected[code]
    } == {}


def test_a_plain_text_is_one_run() -> None:
    """What needs no folding maps by a single run, however many pieces it came in."""
    writer = TextWriter()
    writer.add("no side", 10, 7)
    writer.add(" effects", 17, 8)
    assert writer.finish() == ("no side effects", OffsetMap((0,), (10,), (15,), 15))


def test_a_decoded_piece_maps_as_a_whole() -> None:
    """An entity's text leads to the whole entity, wherever one points into it."""
    writer = TextWriter()
    writer.add("R", 0, 1)
    writer.add("&", 1, 5)
    writer.add("D", 6, 1)
    text, offsets = writer.finish()
    assert text == "R&D"
    assert offsets == OffsetMap((0, 1, 2), (0, 1, 6), (1, 5, 1), 3)


def test_blanks_at_the_seams_of_pieces_are_one() -> None:
    """A blank that ends one piece and begins the next is written once."""
    writer = TextWriter()
    writer.add("no ", 0, 3)
    writer.add(" risk ", 5, 6)
    text, offsets = writer.finish()
    assert text == "no risk"
    assert offsets == OffsetMap((0, 3), (0, 6), (3, 4), 7)


@pytest.mark.parametrize("before", [0, 1, 300])
@pytest.mark.parametrize(
    ("pieces", "text", "runs"),
    [
        # (text, length in the source) of each piece; (text, source, length) of each run.
        ([("&", 5), ("abc", 3), ("def", 3)], "&abcdef", [(0, 0, 5), (1, 5, 6)]),
        ([("ab", 2), ("&", 5), ("&", 5)], "ab&&", [(0, 0, 2), (2, 2, 5), (3, 7, 5)]),
        ([("a", 1), ("", 7), ("b", 1)], "ab", [(0, 0, 1), (1, 8, 1)]),
        # Blanks fold, and the last one goes with what stood for nothing else.
        ([("a ", 2)], "a", [(0, 0, 1)]),
        ([("a", 1), (" ", 6)], "a", [(0, 0, 1)]),
        ([("a", 1), ("b ", 9)], "ab", [(0, 0, 1), (1, 1, 9)]),
        ([("&", 5), ("b ", 2)], "&b", [(0, 0, 5), (1, 5, 1)]),
        ([("&", 5), (" ", 1)], "&", [(0, 0, 5)]),
        ([("a ", 2), (" ", 6), (" b", 2)], "a b", [(0, 0, 2), (2, 9, 1)]),
        ([("a", 1), (" ", 6), (" b", 2)], "a b", [(0, 0, 1), (1, 1, 6), (2, 8, 1)]),
        ([("a   b", 5)], "a b", [(0, 0, 2), (2, 4, 1)]),
        ([("a   b   c", 9)], "a b c", [(0, 0, 2), (2, 4, 2), (4, 8, 1)]),
        ([("a\u00adb\u00adc", 5)], "abc", [(0, 0, 1), (1, 2, 1), (2, 4, 1)]),
        ([("a\u00adb\ufb01\u00adc", 6)], "abfic", [(0, 0, 1), (1, 2, 1), (2, 3, 1), (4, 5, 1)]),
        ([("a\u00ad b", 4)], "a b", [(0, 0, 1), (1, 2, 2)]),
        ([("\ufb01x", 2)], "fix", [(0, 0, 1), (2, 1, 1)]),
        ([("xe\u0301x", 4)], "x\u00e9x", [(0, 0, 1), (1, 1, 2), (2, 3, 1)]),
        ([("x\u00ad\u00ad", 3)], "x", [(0, 0, 1)]),
        # What is decoded is folded too.
        ([("\u2019\u00ada  b\ufb01", 20)], "'a bfi", [(0, 0, 20)]),
    ],
)
def test_pieces_become_runs(
    pieces: list[tuple[str, int]], text: str, runs: list[tuple[int, int, int]], before: int
) -> None:
    """Runs begin where something else is than letter for letter, wherever the pieces stand."""
    writer = TextWriter()
    expected = runs
    if before:
        # A sign that stands for five, and so many letters.
        writer.add("&", 0, 5)
        writer.add("x" * before, 5, before)
        first, *others = [(a + 1 + before, b + 5 + before, c) for a, b, c in runs]
        follows = [(1, 5, before), first]
        if pieces[0][1] == len(pieces[0][0]) and first[2] == _verbatim(runs, text):
            follows = [(1, 5, before + first[2])]
        expected = [(0, 0, 5), *follows, *others]
    position = 5 + before if before else 0
    for piece, length in pieces:
        writer.add(piece, position, length)
        position += length
    whole = "&" + "x" * before + text if before else text
    starts, sources, lengths = zip(*expected, strict=True)
    assert writer.finish() == (whole, OffsetMap(starts, sources, lengths, len(whole)))
    assert writer.length >= len(whole)


def _verbatim(runs: list[tuple[int, int, int]], text: str) -> int:
    """Return how much text the first run covers."""
    return (runs[1][0] if len(runs) > 1 else len(text)) - runs[0][0]


def test_a_block_begins_with_no_blank() -> None:
    """Blanks before the first letter are left out, in one piece or several."""
    for pieces in ([("  a", 3)], [(" ", 1), (" a", 2)], [(" ", 1), ("\n", 1), ("a", 1)]):
        writer = TextWriter()
        position = 0
        for piece, length in pieces:
            writer.add(piece, position, length)
            position += length
        assert writer.finish() == ("a", OffsetMap((0,), (2,), (1,), 1))
    writer = TextWriter()
    writer.add(" ", 0, 6)
    assert writer.finish() == ("", OffsetMap((), (), (), 0))


# Letters, blanks, marks, dropped and expanding characters; emoji sequences and mixed scripts are
# tested by example, for a slice may cut them apart.
_CHARACTERS = [
    *"abZ .\n\r\t\u00a0\u2019\u201d\u2013\u00ad\u200b\ufb03\uff23\u00e9\U0001f600-",
    "e\u0301",
]
_PIECES = st.lists(st.sampled_from(_CHARACTERS), max_size=12).map("".join)


@given(st.lists(_PIECES, max_size=6), st.data())
def test_every_slice_leads_back_to_itself(pieces: list[str], data: st.DataObject) -> None:
    """A slice of the text, taken to the source and normalised again, is the slice."""
    source = "".join(pieces)
    writer = TextWriter()
    position = 0
    for piece in pieces:
        writer.add(piece, position, len(piece))
        position += len(piece)
    text, offsets = writer.finish()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    span = offsets.source_span(start, end)
    assert 0 <= span.start <= span.end <= len(source)
    found = normalise(source[span.start : span.end])
    whole = {i for i, size in enumerate(offsets.source_lengths) if size != _size(offsets, i)}
    if not any(_cuts(offsets, run, start, end) for run in whole):
        assert found == normalise(text[start:end])


def _size(offsets: OffsetMap, run: int) -> int:
    starts = (*offsets.text_starts, offsets.text_length)
    return starts[run + 1] - starts[run]


def _cuts(offsets: OffsetMap, run: int, start: int, end: int) -> bool:
    first = offsets.text_starts[run]
    return any(first < edge < first + _size(offsets, run) for edge in (start, end))


@given(st.text(max_size=60))
def test_runs_are_sorted_and_inside_the_source(source: str) -> None:
    """Runs stand in order and cover the text, and no run leaves the source."""
    writer = TextWriter()
    writer.add(source, 0, len(source))
    text, offsets = writer.finish()
    assert offsets.text_starts == tuple(sorted(set(offsets.text_starts)))
    assert offsets.source_starts == tuple(sorted(offsets.source_starts))
    assert offsets.text_length == len(text)
    assert offsets.text_starts[:1] == ((0,) if text else ())
    ends = [at + n for at, n in zip(offsets.source_starts, offsets.source_lengths, strict=True)]
    assert all(end <= len(source) for end in ends)


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(source: str) -> None:
    """Normal text stays as it is."""
    assert normalise(normalise(source)) == normalise(source)
