"""Compiling and matching: what phrases find in a sentence."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medlint.building import Builder
from medlint.checks import Phrase
from medlint.matcher import Tagged, find, matches
from medlint.opcodes import CARRIED, NUMBER
from medlint.patterns import LONG_GAP, SHORT_GAP
from medlint.rulebook import Located, Rulebook
from medlint.rulefiles import ConceptEntry, Inflect, RuleEntry
from medlint.tagging import tag

CONCEPTS = (
    ConceptEntry(concept="body-part", inflect=Inflect.NOUN, terms=("knee", "hip")),
    ConceptEntry(
        concept="symptom",
        inflect=Inflect.NOUN,
        includes=("ache",),
        terms=("pain", "{body-part} pain", "chronic {body-part} pain"),
    ),
    ConceptEntry(concept="ache", terms=("headache", "sore head")),
    ConceptEntry(
        concept="disease",
        terms=(
            "AIDS",
            "MS",
            "arthritis",
            "rheumatoid arthritis",
            "arthritis of age",
        ),
    ),
    ConceptEntry(
        concept="relieve",
        verbs=("relieve", "take away"),
        nouns=("relief",),
        adjectives=("pain-relieving",),
    ),
    ConceptEntry(concept="help", includes=("relieve",), verbs=("help",)),
    ConceptEntry(concept="look-alike", hides=True, terms=("breakthrough pain",)),
    ConceptEntry(concept="therapy", terms=("PRP", "laser therapy"), carries=True),
)


def problems(*phrases: str, concepts: tuple[ConceptEntry, ...] = CONCEPTS) -> list[str]:
    """Return what is wrong with phrases over some concepts."""
    book = _book(phrases, concepts)
    assert Builder(book).ruleset() is None
    return book.problems


def _book(phrases: tuple[str, ...], concepts: tuple[ConceptEntry, ...]) -> Rulebook:
    check = Phrase(any=phrases)
    rule = RuleEntry(id="sought", check=check, message="“{match}”")
    return Rulebook(
        rules={"sought": Located(rule, "rules.yaml", "test")},
        concepts={each.concept: Located(each, "words.yaml", "test") for each in concepts},
    )


class Program:
    """Phrases compiled over some concepts."""

    def __init__(self, *phrases: str, concepts: tuple[ConceptEntry, ...] = CONCEPTS) -> None:
        """Compile phrases, which must be right."""
        book = _book(phrases, concepts)
        ruleset = Builder(book).ruleset()
        assert ruleset is not None, book.problems
        self.ruleset = ruleset
        self.symbols = {name: symbol for symbol, name in ruleset.lexicon.names.items()}

    def tag(self, text: str, *, carried: bool = False) -> Tagged:
        """Tag a text as one sentence."""
        return tag(self.ruleset.tagger, text, carried=carried)

    def find(self, text: str, *, carried: bool = False) -> list[str]:
        """Return the matched words, in order, without repeats."""
        tagged = self.tag(text, carried=carried)
        places = {(match.start, match.end) for match in find(self.ruleset.patterns, tagged)}
        return [_words_at(text, tagged, start, end) for start, end in sorted(places)]

    def parts(self, concept: str, text: str) -> list[str]:
        """Return the words tagged with a concept (or one of its forms)."""
        tagged = self.tag(text)
        return [
            _words_at(text, tagged, start, end)
            for start, end in tagged.parts(self.symbols[concept])
        ]


def _words_at(text: str, tagged: Tagged, start: int, end: int) -> str:
    return text[tagged.tokens.starts[start] : tagged.tokens.ends[end - 1]]


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        # Words: whole ones, in any case, with hyphens and quotation marks transparent.
        ("safe", "A SAFE, safer, unsafe cure", ["SAFE"]),
        ("stem cell", "Stem-cell and “stem cell” and stem, cell", ["Stem-cell", "stem cell"]),
        ("side-effects", "side effects", ["side effects"]),
        ("100% safe", "It is 100% safe.", ["100% safe"]),
        # Contractions are written out on both sides.
        ("will not hurt", "It won't hurt.", ["won't hurt"]),
        ("cannot", "It can't, cannot, can not.", ["cannot"]),
        ("can not", "It can't, cannot, can not.", ["can't", "can not"]),
        ("we will", "We'll see", ["We'll"]),
        # Inflection and spelling.
        ("cure~", "cure cures cured curing curable", ["cure", "cures", "cured", "curing"]),
        ("optimise~", "optimizing, optimised", ["optimizing", "optimised"]),
        ("tumour", "tumor tumour", ["tumor", "tumour"]),
        # Alternatives and optional parts.
        ("(you|your body) will", "your body will, you will, they will",
         ["your body will", "you will"]),
        ("[very] safe", "very safe", ["very safe", "safe"]),
        # Names in capitals match capitals only.
        ("FDA", "FDA fda Fda", ["FDA"]),
        ("FDA", "FDA APPROVED", ["FDA"]),
        # A sentence all in capitals matches small words too.
        ("no pain", "NO PAIN NO GAIN", ["NO PAIN"]),
        # Edges.
        ("^ safe", "Safe and safe", ["Safe"]),
        ("^ safe", "“Safe and safe", ["Safe"]),
        ("safe $", "Safe and safe.", ["safe"]),
        ("safe $", "Safe and sound", []),
        ("^ safe $", "Safe!", ["Safe"]),
        ("^^ safe", "Safe: safe - safe, safe", ["Safe", "safe", "safe"]),
        ("^^ .. safe", "Result: quite safe", ["safe"]),
        # Concepts, with names for the parts.
        ("{body-part} pain", "knee pain, hips pain", ["knee pain", "hips pain"]),
        ("{what:relieve.finite} {symptom}", "relieves headache", ["relieves headache"]),
        ("in {number} days", "in 3 days, in ten days, in 2,5 days, in some days",
         ["in 3 days", "in ten days", "in 2,5 days"]),
        ("a {word} cure", "a sure cure, a cure, a (cure", ["a sure cure"]),
        # Gaps.
        ("feel .. good", "feel really very good", ["feel really very good"]),
        ("feel .. good", "feel good", ["feel good"]),
        ("feel .. good", "feel a b c good", []),
        ("feel ... good", "feel 1 2 3 4 5 6 good", ["feel 1 2 3 4 5 6 good"]),
        ("feel ... good", "feel 1 2 3 4 5 6 7 good", []),
        ("feel ... good", "feel, well, good", ["feel, well, good"]),
        ("feel ... good", "feel bad but you look good", []),
        ("feel ... good", "feel bad; good", []),
        ("PRP ... heals", "PRP (a part of your own blood that we take) heals",
         ["PRP (a part of your own blood that we take) heals"]),
        ("PRP ... heals", "PRP, which is taken from your own blood, heals",
         ["PRP, which is taken from your own blood, heals"]),
        ("PRP ... blood", "PRP (from blood) heals", []),
        # The gap's end is the nearest one.
        ("feel ... good", "feel good and good", ["feel good"]),
    ],
)  # fmt: skip
def test_phrases_find(phrase: str, text: str, expected: list[str]) -> None:
    """A phrase finds exactly these words in a sentence."""
    assert Program(phrase).find(text) == expected


@pytest.mark.parametrize(
    ("concept", "text", "expected"),
    [
        ("body-part", "knees and knee", ["knees", "knee"]),
        ("symptom", "chronic knee pain", ["chronic knee pain", "knee pain", "pain"]),
        ("symptom", "hip pains", ["hip pains", "pains"]),
        ("symptom", "a sore head", ["sore head"]),
        ("ache", "knee pain", []),
        ("disease", "arthritis of age", ["arthritis of age"]),
        ("disease", "rheumatoid arthritis", ["rheumatoid arthritis", "arthritis"]),
        ("disease", "the aids of the MS and the ms", ["MS"]),
        ("disease", "It treats AIDS.", ["AIDS"]),
        # In a line all in capitals "AIDS" is as good as any word, and no disease.
        ("disease", "HEARING AIDS FOR ALL", []),
        ("therapy", "PRP FOR ALL", ["PRP"]),
        ("therapy", "PRP", ["PRP"]),
        ("relieve.verb", "take away, takes away, took away, taken away",
         ["take away", "takes away", "took away", "taken away"]),
    ],
)  # fmt: skip
def test_concepts_are_tagged(concept: str, text: str, expected: list[str]) -> None:
    """A concept stands at each of its terms, the longest at each place."""
    assert Program("{symptom}").parts(concept, text) == expected


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("", ["relieve", "relieved", "relieving", "relief", "pain-relieving"]),
        (".verb", ["relieve", "relieved", "relieving"]),
        (".finite", ["relieve", "relieved"]),
        (".base", ["relieve"]),
        (".past", ["relieved"]),
        (".ing", ["relieving"]),
        (".noun", ["relief"]),
        (".adjective", ["pain-relieving"]),
    ],
)
def test_forms_of_an_action(form: str, expected: list[str]) -> None:
    """Each form of an action takes in its own words and narrower forms'; `help` includes all."""
    words = ["relieve", "relieved", "relieving", "relief", "pain-relieving"]
    for concept in ("relieve", "help"):
        program = Program(f"^ {{{concept}{form}}} $")
        assert [word for word in words if program.find(word)] == expected


def test_the_longest_term_counts_first() -> None:
    """A phrase takes the longest term, and a shorter one only where the longer does not fit."""
    assert Program("{disease}").find("arthritis of age") == ["arthritis of age"]
    assert Program("{disease} of").find("arthritis of age") == ["arthritis of"]


def test_bound_names_are_parts() -> None:
    """A match says which of its parts a name stands for."""
    program = Program("take [the] {what:symptom} ... {how:relieve}")
    tagged = program.tag("take the knee pain and get relief")
    bound = [
        {name: " ".join(tagged.tokens.norms[slice(*part)]) for name, part in match.bound.items()}
        for match in find(program.ruleset.patterns, tagged)
    ]
    assert bound == [{"what": "knee pain", "how": "relief"}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("breakthrough pain is common", []),
        ("a breakthrough for pain", ["breakthrough"]),
        ("breakthrough pain needs a breakthrough", ["breakthrough"]),
    ],
)
def test_look_alikes_hide_their_words(text: str, expected: list[str]) -> None:
    """Inside a look-alike no word counts, neither for phrases nor for concepts."""
    program = Program("breakthrough")
    assert program.find(text) == expected
    assert program.parts("symptom", "breakthrough pain") == []


def test_a_phrase_around_a_look_alike_counts() -> None:
    """What covers all of a look-alike is not hidden by it."""
    concepts = (*CONCEPTS, ConceptEntry(concept="wide", terms=("severe breakthrough pain",)))
    program = Program("{wide}", concepts=concepts)
    assert program.find("severe breakthrough pain") == ["severe breakthrough pain"]


def test_a_pronoun_stands_for_what_was_named() -> None:
    """`{carried}` is a pronoun, where the sentence before named a therapy."""
    program = Program("{carried} .. {relieve.verb}")
    assert program.find("It really relieves pain", carried=True) == ["It really relieves"]
    assert program.find("It really relieves pain") == []


def test_composite_terms_build_on_each_other() -> None:
    """A term may use a concept whose terms use concepts; alternatives inside terms count."""
    concepts = (
        ConceptEntry(concept="a", terms=("(red|blue) {b} .. end",)),
        ConceptEntry(concept="b", terms=("{c} two", "two")),
        ConceptEntry(concept="c", terms=("one {d}", "one")),
        ConceptEntry(concept="d", terms=("half",)),
    )
    program = Program("{a}", concepts=concepts)
    assert program.find("red one half two then end") == ["red one half two then end"]
    assert program.find("blue two end") == ["blue two end"]
    assert program.find("green two end") == []


def test_a_concept_built_on_itself_is_an_error() -> None:
    """A term that needs its own concept is refused, with the concepts of the circle."""
    concepts = (
        ConceptEntry(concept="a", terms=("very {b}",), line=3),
        ConceptEntry(concept="b", terms=("quite {a}",), line=9),
    )
    expected = ["words.yaml:3: concept “a” is built on itself: a → b → a"]
    assert problems("{a}", concepts=concepts) == expected


def test_a_verb_begins_with_a_word() -> None:
    """A verb that begins with a concept cannot inflect."""
    concepts = (
        ConceptEntry(concept="a", verbs=("{b} up",), line=2),
        ConceptEntry(concept="b", terms=("x",), line=7),
    )
    expected = ["words.yaml:2: concept “a”: the verb “{b} up” must begin with a plain word"]
    assert problems("{a}", concepts=concepts) == expected


SHIFTED = [
    ("a {word} cure", "a sure cure", [((0, 1), (1, 2), (2, 3))]),
    ("cure {word}", "cure now", [((0, 1), (1, 2))]),
    ("{word} cure", "sure cure", [((0, 1), (1, 2))]),
    ("safe and sound", "safe and sound", [((0, 1), (1, 2), (2, 3))]),
    ("feel .. good", "feel really very good", [((0, 1), (3, 4))]),
    ("feel .. good", "feel good good", [((0, 1), (1, 2))]),
    ("feel [so] good", "feel so good", [((0, 1), (1, 2), (2, 3))]),
    ("{disease} now", "rheumatoid arthritis now", [((0, 2), (2, 3)), ((1, 2), (2, 3))]),
    ("{disease} of", "arthritis of age", [((0, 1), (1, 2))]),
    ("{disease}", "arthritis of age", [((0, 3),)]),
    ("no {disease}", "no arthritis of age", [((0, 1), (1, 4))]),
    ("{body-part} .. {symptom}", "knee and hip pain", [((0, 1), (2, 4)), ((2, 3), (3, 4))]),
    ("(quick|fast|very swift) cure", "very swift cure", [((0, 2), (2, 3))]),
    ("{therapy}", "laser therapy and PRP", [((0, 2),), ((3, 4),)]),
    ("PRP ... heals", "PRP (of blood) heals", [((0, 1), (5, 6))]),
    ("pain $", "knee pain .", [((1, 2),)]),
    ("feel .. {word} good", "feel really very good", [((0, 1), (2, 3), (3, 4))]),
    ("feel .. {word} good", "feel good", []),
    ("feel .. $", "feel really good .", [((0, 1),)]),
    ("feel .. $", "feel really good", [((0, 1),)]),
    ("feel .. [so] .. $", "feel so good", [((0, 1),), ((0, 1), (1, 2))]),
    ("feel .. (now|then)", "feel good then", [((0, 1), (2, 3))]),
    ("feel .. {disease}", "feel an arthritis of age", [((0, 1), (2, 5))]),
]


@pytest.mark.parametrize("before", range(8))
@pytest.mark.parametrize(("phrase", "text", "expected"), SHIFTED)
def test_matches_move_with_what_stands_before(
    phrase: str, text: str, expected: list[tuple[tuple[int, int], ...]], before: int
) -> None:
    """All elements of all matches are told, from left to right, wherever a text stands."""
    program = Program(phrase)
    tagged = program.tag("yes " * before + text)
    found = [match.parts for match in find(program.ruleset.patterns, tagged)]
    moved = [tuple((a + before, b + before) for a, b in parts) for parts in expected]
    # Of some starts several patterns match.
    assert list(dict.fromkeys(found)) == moved


@pytest.mark.parametrize("before", range(4))
@pytest.mark.parametrize(
    ("words", "inside", "after", "found"),
    [
        # Up to six words count, and what they step over is as long as 14 tokens.
        (0, 17, 0, True),
        (0, 18, 0, False),
        (6, 11, 0, True),
        (6, 12, 0, False),
        (3, 11, 3, True),
        (3, 12, 3, False),
        (3, 11, 4, False),
        (6, 1, 0, True),
        (7, 1, 0, False),
        (0, 1, 6, True),
        (0, 1, 7, False),
    ],
)
def test_a_gap_has_its_length(
    words: int,
    inside: int,
    after: int,
    found: bool,  # noqa: FBT001
    before: int,
) -> None:
    """A long gap holds six words, and a bracket of so many that both are no more than twenty."""
    bracket = f" ({' blood' * inside})"
    text = f"{'yes ' * before}PRP{' drawn' * words}{bracket}{' well' * after} heals"
    assert bool(Program("PRP ... heals").find(text)) is found


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("^^ .. safe", "Safe result:", ["Safe"]),
        ("^^ .. safe", "Result: safe", ["safe"]),
        ("^^ .. safe", "It is quite safe:", []),
        ("^^ .. safe", "A result; so safe — safe", ["safe"]),
        ("^ .. safe", "So safe, so safe", ["safe"]),
        ("^ .. safe", "As we are, safe", []),
        ("safe .. $", "safe at last", ["safe"]),
        ("safe {word} $", "safe now.", ["safe now"]),
        ("safe {word} $", "safe.", []),
        ("safe {word}", "safe", []),
        ("safe {word}", "safe, now", []),
        ("safe now", "safe", []),
        ("safe (now|then)", "safe", []),
    ],
)
def test_edges(phrase: str, text: str, expected: list[str]) -> None:
    """What would lie outside the sentence is no part of it."""
    assert Program(phrase).find(text) == expected


@pytest.mark.parametrize("stop", ["", ".", "!", " ?"])
@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("safe .. $", "It is safe", ["safe"]),
        ("safe .. $", "safe now", ["safe"]),
        ("safe .. $", "safe at last", ["safe"]),
        ("safe .. $", "safe now at last", []),
        ("safe .. $", "safe safe safe safe", ["safe", "safe", "safe"]),
        ("safe .. $", "safe, but now", []),
        ("safe .. $", "now, but safe at last", ["safe"]),
        ("safe .. $", "safe; now", []),
        ("safe .. $", "safe:", ["safe"]),
        ("safe .. $", "safe now:", ["safe"]),
        ("safe .. $", "safe, which is new", []),
        ("safe .. $", "safe (it is new)", ["safe"]),
        ("safe .. $", "safe (it is new; we know) now", ["safe"]),
        ("safe .. $", "safe now (it is new; we know)", ["safe"]),
        ("safe .. $", "safe: now (it is new)", []),
        ("safe .. $", "(safe now)", ["safe"]),
        ("safe .. $", f"safe ({'new ' * 12}and)", ["safe"]),
        ("safe .. $", f"safe ({'new ' * 13}and)", []),
        ("safe .. [now] .. $", "It is safe", ["safe"]),
        ("safe .. [now] .. $", "safe for all now at last", ["safe for all now"]),
        ("safe .. {word} $", "safe for all men", ["safe for all men"]),
        ("safe .. {word}", "safe", []),
    ],
)
def test_a_gap_reaches_the_end_with_and_without_a_full_stop(
    phrase: str, text: str, expected: list[str], stop: str
) -> None:
    """A gap before "$" holds what is left of the clause, whatever sign closes the sentence."""
    assert Program(phrase).find(text + stop) == expected


def test_a_long_sentence_is_searched_to_its_end() -> None:
    """Hundreds of clauses and words before a match make no difference."""
    text = "no: " * 300 + "feel so good"
    assert Program("feel .. good").find(text) == ["feel so good"]
    assert Program("good $").find(text) == ["good"]
    assert Program("{word} good").find(text) == ["so good"]
    assert Program("^^ feel").find(text) == ["feel"]


def test_an_item_begins_behind_its_lead_in() -> None:
    """For "^" the first word of an item is the first of the sentence; other words lead on."""
    for phrase, text, lead_in, expected in (
        ("^ safe", "“Safe", "It is:", [(4, 5)]),
        ("^ safe", "Safe", "Safe things are:", [(3, 4)]),
        ("^ safe", "quite safe", "Safe things are:", []),
        ("^^ safe", "Safe: safe", "Safe things are:", [(3, 4), (5, 6)]),
        ("are .. safe", "quite safe", "Safe things are:", [(2, 5)]),
        ("^ safe", "...", "Safe:", []),
    ):
        program = Program(phrase)
        tagged = tag(program.ruleset.tagger, text, lead_in=lead_in)
        places = [(match.start, match.end) for match in find(program.ruleset.patterns, tagged)]
        quotes = text.count("“")
        assert places == [(a - quotes, b - quotes) for a, b in expected]


def test_where_symbols_stand() -> None:
    """A sentence tells where each of its symbols stands, numbers and pronouns too."""
    program = Program("{number} {carried} {disease}")
    tagged = program.tag("3 times it eased arthritis of age", carried=True)
    assert {symbol: tagged.places(symbol) for symbol in tagged.tags} == tagged.tags
    assert (tagged.places(NUMBER), tagged.places(CARRIED)) == ({0: (1,)}, {2: (3,)})
    disease = program.symbols["disease"]
    assert (tagged.places(disease), tagged.parts(disease)) == ({4: (7, 5)}, ((4, 7),))
    assert (tagged.has(disease), tagged.has(99_999), tagged.parts(99_999)) == (True, False, ())
    assert tagged.cue_parts(disease) == ()


def test_matches_are_looked_for_once() -> None:
    """What a pattern finds in a sentence is remembered with the sentence."""
    program = Program("cure")
    tagged = program.tag("a cure, a cure")
    first = matches(program.ruleset.patterns, tagged)
    assert [match.start for match in first] == [1, 4]
    assert matches(program.ruleset.patterns, tagged) is first


def test_words_of_a_look_alike_do_not_count_in_a_set() -> None:
    """Neither as the first word of a phrase, nor behind another or a gap; its neighbours do."""
    for phrase, expected in (
        ("(breakthrough|sudden) pain", []),
        ("a (breakthrough|sudden)", []),
        ("has .. (breakthrough|sudden)", []),
        ("(pain|sudden) now", []),
        ("(has|had) a", ["has a"]),
        ("(now|then) ends", ["now ends"]),
    ):
        assert Program(phrase).find("It has a breakthrough pain now ends") == expected


# A brute-force oracle: the phrase as a regular expression over "word word , word ".

WORD = st.sampled_from(["red", "blue", "green"])
PLAIN = st.lists(WORD, min_size=1, max_size=2).map(lambda words: (" ".join(words), _words(words)))


def _words(words: list[str]) -> str:
    return "".join(f"{word} " for word in words)


def _either(options: list[tuple[str, str]]) -> tuple[str, str]:
    phrases, regexes = zip(*options, strict=True)
    return f"({'|'.join(phrases)})", f"(?:{'|'.join(regexes)})"


def _maybe(option: tuple[str, str]) -> tuple[str, str]:
    return f"[{option[0]}]", f"(?:{option[1]})?"


def _gap(size: int) -> tuple[str, str]:
    dots = "." * (2 if size == SHORT_GAP else 3)
    return dots, f"(?:, )*(?:[a-z]+ (?:, )*){{0,{size}}}"


PART = st.one_of(
    PLAIN,
    st.lists(PLAIN, min_size=2, max_size=3).map(_either),
    PLAIN.map(_maybe),
    st.sampled_from([_gap(SHORT_GAP), _gap(LONG_GAP)]),
)
PHRASE = st.tuples(PLAIN, st.lists(PART, max_size=3), PLAIN).map(
    lambda parts: [parts[0], *parts[1], parts[2]]
)
TEXT = st.lists(st.sampled_from(["red", "blue", "green", "grey", ","]), max_size=14)


@given(PHRASE, TEXT)
@settings(max_examples=300)
def test_matches_agree_with_a_regular_expression(
    parts: list[tuple[str, str]], words: list[str]
) -> None:
    """A phrase matches from the same words as the regular expression that says the same."""
    phrase = " ".join(phrase for phrase, _ in parts)
    oracle = re.compile("".join(regex for _, regex in parts))
    text = _words(words)
    offsets = [len(_words(words[:number])) for number in range(len(words))]
    expected = [number for number, offset in enumerate(offsets) if oracle.match(text, offset)]
    program = Program(phrase, concepts=())
    tagged = program.tag(text)
    found = list(find(program.ruleset.patterns, tagged))
    assert sorted({match.start for match in found}) == expected
    for match in found:
        matched = _words(words[match.start : match.end])
        assert oracle.fullmatch(matched)


@given(TEXT, st.booleans())
def test_any_sentence_is_tagged(words: list[str], carried: object) -> None:
    """Tags lie inside the sentence, the longest first at each place."""
    tagged = Program("{symptom}").tag(_words(words), carried=bool(carried))
    for places in tagged.tags.values():
        for start, ends in places.items():
            assert all(start < end <= len(tagged.tokens) for end in ends)
            assert list(ends) == sorted(set(ends), reverse=True)


LOOKED_FOR = (
    "{relieve} {symptom}",
    "(we|our) * ({help}|cure~) (your|the) ({symptom}|knee|FDA)",
    "the ({look-alike}|pain|AIDS) [of the] {body-part}",
    "(US|us) [very] (safe|FDA) pain",
)
WORD = st.sampled_from(
    "We our the The your of very safe pain breakthrough chronic knee hip help relieve take away"
    " cured FDA fda AIDS US us PRP headache , . and".split()
)


@given(st.lists(WORD, min_size=1, max_size=12))
def test_what_sentences_are_tagged_with_beforehand_changes_no_match(words: list[str]) -> None:
    """Elements that sentences are tagged with match as those do that are searched for."""
    text = " ".join(words)
    searched, tagged = (_matches(program, text) for program in _both_ways())
    assert searched == tagged


@cache
def _both_ways() -> tuple[Program, Program]:
    """Return programs that tag with as few word sets and groups as possible, and with all."""
    programs = []
    for often in (-1, 1_000_000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("medlint.compiler._TELLING", often)
            programs.append(Program(*LOOKED_FOR))
    return programs[0], programs[1]


def _matches(program: Program, text: str) -> list[tuple[object, tuple[tuple[int, int], ...]]]:
    found = find(program.ruleset.patterns, program.tag(text))
    return [(match.owner, match.parts) for match in found]
