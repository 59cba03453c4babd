"""Compiling and matching: what phrases find in a sentence."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medlint.building import Builder
from medlint.checks import Phrase
from medlint.matcher import Tagged, find
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
