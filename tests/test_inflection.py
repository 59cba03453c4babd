"""Inflection and spelling, by table and against lemminflect."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from medlint.inflection import (
    VerbForms,
    base_form,
    inflections,
    plural,
    singulars,
    verb_forms,
)
from medlint.spelling import spelling_variants

ACTIONS = Path(__file__).parents[1] / "rulesets" / "core" / "lexicon" / "actions.yaml"

# Where lemminflect differs on purpose: (verb, form): (forms only here, forms only there).
DIFFERENCES: dict[tuple[str, str], tuple[set[str], set[str]]] = {
    ("control", "past"): (set(), {"controled"}),
    ("control", "ing"): (set(), {"controling"}),
    ("forgo", "base"): (set(), {"foregoes"}),
    ("forgo", "past"): (set(), {"foregone", "forewent"}),
    ("forgo", "ing"): (set(), {"foregoing"}),
    ("knit", "past"): ({"knitted"}, set()),
    ("overcome", "base"): (set(), {"over-comes"}),
    ("overcome", "past"): (set(), {"over-came"}),
    ("overcome", "ing"): (set(), {"over-coming"}),
    ("quit", "past"): (set(), {"quitted"}),
    ("rebuild", "base"): (set(), {"re-builds"}),
    ("rebuild", "past"): (set(), {"re-built"}),
    ("rebuild", "ing"): (set(), {"re-building"}),
    ("regrow", "past"): ({"regrew", "regrown"}, {"regrowed"}),
    ("reset", "base"): (set(), {"re-sets"}),
    ("reset", "past"): (set(), {"re-set"}),
    ("reset", "ing"): (set(), {"re-setting"}),
    ("rid", "past"): (set(), {"ridded"}),
    ("shrink", "past"): (set(), {"shrunken"}),
    ("smooth", "base"): (set(), {"smoothes"}),
    ("stave", "past"): (set(), {"stove"}),
    ("wind", "past"): (set(), {"winded"}),
    ("zero", "base"): (set(), {"zeroes"}),
}
TAGS = {"base": ("VB", "VBP", "VBZ"), "past": ("VBD", "VBN"), "ing": ("VBG",)}


def verbs_of_the_lexicon() -> list[str]:
    """Return the inflected words of all verbs that the shipped lexicon lists as actions."""
    concepts = yaml.safe_load(ACTIONS.read_text("utf-8"))
    verbs = {str(verb).split()[0] for concept in concepts for verb in concept.get("verbs", ())}
    return sorted(verb for verb in verbs if verb.isalpha())


def test_verbs_agree_with_lemminflect() -> None:
    """Every verb of the lexicon inflects as lemminflect has it, listed differences aside.

    A British doubling ("remodelled") may stand here alone.
    """
    lemminflect = pytest.importorskip("lemminflect")
    differences = {}
    for verb in verbs_of_the_lexicon():
        forms = verb_forms(verb)
        for name, tags in TAGS.items():
            ours = set(getattr(forms, name))
            theirs = {form for tag in tags for form in lemminflect.getInflection(verb, tag)}
            doubled = {form for form in ours if form.startswith(verb + verb[-1])}
            only_here, only_there = ours - theirs - doubled, theirs - ours
            if only_here or only_there:
                differences[verb, name] = (only_here, only_there)
    unexpected = {key: value for key, value in differences.items() if value != DIFFERENCES.get(key)}
    assert unexpected == {}


def test_the_lexicon_is_read() -> None:
    """The comparison has verbs to compare."""
    assert len(verbs_of_the_lexicon()) > 100


@pytest.mark.parametrize(
    ("verb", "base", "past", "ing"),
    [
        ("relieve", ("relieve", "relieves"), ("relieved",), ("relieving",)),
        ("stop", ("stop", "stops"), ("stopped",), ("stopping",)),
        ("heal", ("heal", "heals"), ("healed",), ("healing",)),
        ("fix", ("fix", "fixes"), ("fixed",), ("fixing",)),
        ("remedy", ("remedy", "remedies"), ("remedied",), ("remedying",)),
        ("die", ("die", "dies"), ("died",), ("dying",)),
        ("grow", ("grow", "grows"), ("grew", "grown"), ("growing",)),
        ("go", ("go", "goes"), ("went", "gone"), ("going",)),
        ("be", ("be", "is", "are", "am"), ("was", "were", "been"), ("being",)),
        ("have", ("have", "has"), ("had",), ("having",)),
        ("age", ("age", "ages"), ("aged",), ("aging", "ageing")),
        ("control", ("control", "controls"), ("controlled",), ("controlling",)),
        ("travel", ("travel", "travels"), ("traveled", "travelled"), ("traveling", "travelling")),
        ("free", ("free", "frees"), ("freed",), ("freeing",)),
    ],
)
def test_verb_forms(
    verb: str, base: tuple[str, ...], past: tuple[str, ...], ing: tuple[str, ...]
) -> None:
    """Regular, doubling, irregular and British verbs have all their forms."""
    assert verb_forms(verb) == VerbForms(base, past, ing)


@pytest.mark.parametrize(
    ("single", "many"),
    [
        ("knee", "knees"),
        ("injury", "injuries"),
        ("diagnosis", "diagnoses"),
        ("man", "men"),
        ("policewoman", "policewomen"),
        ("human", "humans"),
        ("stomach", "stomachs"),
        ("patch", "patches"),
        ("virus", "viruses"),
        ("MSC", "MSCs"),
    ],
)
def test_plural(single: str, many: str) -> None:
    """Nouns have their plural; a name in capitals only takes an s."""
    assert plural(single) == many


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("knees", ("knees", "knee")),
        ("injuries", ("injuries", "injury", "injurie")),
        ("diagnoses", ("diagnoses", "diagnosis", "diagnos", "diagnose")),
        ("arthritis", ("arthritis",)),
        ("illness", ("illness",)),
    ],
)
def test_singulars(word: str, expected: tuple[str, ...]) -> None:
    """A plural gives its possible singulars; a singular gives itself."""
    assert singulars(word) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [("rebuilt", "rebuild"), ("feet", "foot"), ("knee", "knee"), ("felt", "feel")],
)
def test_base_form(word: str, expected: str) -> None:
    """An irregular past or plural leads back to its word."""
    assert base_form(word) == expected


@pytest.mark.parametrize(
    ("word", "variants"),
    [
        ("optimise", {"optimise", "optimize"}),
        ("optimized", {"optimised", "optimized"}),
        ("optimisation", {"optimisation", "optimization"}),
        ("analyse", {"analyse", "analyze"}),
        ("tumour", {"tumour", "tumor"}),
        ("tumors", {"tumours", "tumors"}),
        ("fibre", {"fibre", "fiber"}),
        ("programme", {"programme", "program"}),
        ("anaemia", {"anaemia", "anemia"}),
        ("leukaemia", {"leukaemia", "leukemia"}),
        ("oedema", {"oedema", "edema"}),
        ("ageing", {"ageing", "aging"}),
        ("exercise", {"exercise"}),
        ("promise", {"promise"}),
        ("your", {"your"}),
        ("four", {"four"}),
        ("FDA", {"FDA"}),
    ],
)
def test_spelling_variants(word: str, variants: set[str]) -> None:
    """British and American spellings stand for each other; look-alikes stay single."""
    assert set(spelling_variants(word)) == variants


def test_every_variant_leads_back() -> None:
    """An American spelling of a listed British word gives the British one again."""
    for british in ("tumour", "fibre", "optimise", "analyse", "centre", "colour", "programme"):
        for variant in spelling_variants(british):
            assert british in spelling_variants(variant)


def test_inflections_join_verb_and_noun() -> None:
    """All inflections of a word, as verb and as noun, the word first."""
    assert inflections("cure") == ("cure", "cures", "cured", "curing")
    assert inflections("remedy") == ("remedy", "remedies", "remedied", "remedying")
    assert inflections("FDA") == ("FDA", "FDAs")


@given(st.from_regex(r"[a-z]{1,12}", fullmatch=True))
def test_any_word_inflects(word: str) -> None:
    """Any word has forms that begin with itself and are lower-case words."""
    forms = inflections(word)
    assert forms[0] == word
    assert all(form.isalpha() and form.islower() for form in forms)
    assert len(set(forms)) == len(forms)


@given(st.text(max_size=12))
def test_any_text_has_variants(word: str) -> None:
    """The first spelling variant is the word itself, and none comes twice."""
    variants = spelling_variants(word)
    assert variants[0] == word
    assert len(set(variants)) == len(variants)
