"""Loading rulesets: strictly, with what they extend, and from the cache."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING
from zlib import adler32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medlint import loader
from medlint.errors import RulesetError
from medlint.findings import Product, RulesetInfo, Severity, Source
from medlint.plain import from_plain, to_plain
from medlint.rules import GuardAction, Wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from medlint.rules import Rule, Ruleset

    Write = Callable[..., Path]
    Problems = Callable[..., list[str]]

SOURCES = Path(loader.__file__).parents[1]
HEAD = 'name: own\nversion: "1"\n'
RULE = """
- id: sought
  category: hype
  check: {type: phrase, any: [gold]}
  message: "“{match}”"
"""


@pytest.fixture(autouse=True)
def shipped(small_rulesets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the small rulesets be the shipped ones, and the cache be empty."""
    monkeypatch.setattr(loader, "shipped_folder", lambda: small_rulesets)
    monkeypatch.setattr(loader, "_COMPILED", tmp_path / "no-compiled")
    monkeypatch.setenv("MEDLINT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes files, given by path, below the current folder."""

    def files(contents: dict[str, str]) -> Path:
        for name, text in contents.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text), "utf-8")
        return tmp_path / next(iter(contents)).partition("/")[0]

    return files


@pytest.fixture
def problems(write: Write) -> Problems:
    """Return a function that lists what is wrong with files."""

    def problems_(contents: dict[str, str], *names: str) -> list[str]:
        write(contents)
        with pytest.raises(RulesetError) as caught:
            loader.load(names or ("own",), cache=False)
        assert str(caught.value) == "\n".join(caught.value.problems)
        return list(caught.value.problems)

    return problems_


def own(rules: str, **more: str) -> dict[str, str]:
    """Return the files of a ruleset of one's own."""
    return {"own/ruleset.yaml": HEAD, "own/r.yaml": rules} | {
        f"own/{name.replace('__', '/')}.yaml": text for name, text in more.items()
    }


# What is wrong in a rule file


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (RULE.replace("message", "mesage"),
         ["own/r.yaml:2: “r.yaml” lacks the key “message”",
          "own/r.yaml:5: unknown key “mesage”; did you mean “message”?"]),
        (RULE + "  serverity: error\n",
         ["own/r.yaml:6: unknown key “serverity”; did you mean “severity”?"]),
        (RULE + "  severity: fatal\n",
         ["own/r.yaml:6: “severity” cannot be “fatal”; use one of: error, suggestion, warning"]),
        (RULE + "  flags: one\n", ["own/r.yaml:6: “flags” must be a list"]),
        (RULE + "  enabled: 3\n", ["own/r.yaml:6: “enabled” must be true or false, not “3”"]),
        (RULE.replace("hype", "hpye"),
         ["own/r.yaml:3: “category” cannot be “hpye”; did you mean “hype”?"]),
        (RULE.replace("type: phrase", "type: phrse"),
         ["own/r.yaml:4: unknown check type “phrse”; did you mean “phrase”?"]),
        (RULE.replace("gold", "'(gold'"), ["own/r.yaml:4: phrase “(gold”: “)” is missing"]),
        (RULE.replace("gold", "'{gold}'"),
         ["own/r.yaml:4: phrase “{gold}”: unknown concept “gold”; use one of: heal, metal"]),
        (RULE.replace("gold", "'{heel}'"),
         ["own/r.yaml:4: phrase “{heel}”: unknown concept “heel”; did you mean “heal”?"]),
        (RULE.replace("gold", "'{heal.verbs}'"),
         ["own/r.yaml:4: phrase “{heal.verbs}”: unknown form “verbs”; did you mean “verb”?"]),
        (RULE.replace("gold", "'{metal.verb}'"),
         [("own/r.yaml:4: phrase “{metal.verb}”: “metal” is no action: give the concept verbs,"
          " nouns or adjectives")]),
        (RULE + "  guards: {negate: drop}\n",
         ["own/r.yaml:6: rule “sought”: unknown guard “negate”; did you mean “negated”?"]),
        (RULE + "  guards: {negated: remove}\n",
         [("own/r.yaml:6: “guards.negated” cannot be “remove”; use one of: downgrade, drop,"
          " keep")]),
        (RULE + "  sources: [the.act]\n",
         ["own/r.yaml:6: rule “sought”: unknown source “the.act”; did you mean “an.act”?"]),
        (RULE + "  flags: [gold]\n",
         ["own/r.yaml:6: rule “sought”: a flags example needs what is flagged between « »"]),
        (RULE + "  flags: ['«gold']\n",
         ["own/r.yaml:6: rule “sought”: a flags example needs what is flagged between « »"]),
        (RULE.replace("{match}", "{what}"),
         [("own/r.yaml:5: rule “sought”: {what} is not bound by every phrase; use one of:"
          " match, praise")]),
        (RULE.replace("gold", "'{x:metal}', gold") + "  rewrites: ['Not {x}.']\n",
         [("own/r.yaml:6: rule “sought”: {x} is not bound by every phrase; use one of:"
          " match, praise")]),
        (RULE + RULE, ["own/r.yaml:7: rule “sought” is already defined at own/r.yaml:2"]),
        (RULE.replace("sought", "Sought_it"),
         ["own/r.yaml:2: rule “Sought_it” must be lower-case words joined by hyphens"]),
        (RULE.replace("phrase, any: [gold]", "pattern, regex: '(gold'"),
         ["own/r.yaml:4: rule “sought”: regex: missing ) at position 5"]),
        (RULE.replace("phrase, any: [gold]",
                      "frame, acts: [{action: heal, target: [metals]}]"),
         ["own/r.yaml:2: rule “sought”: unknown concept “metals”; did you mean “metal”?"]),
        (RULE.replace("phrase, any: [gold]",
                      "frame, acts: [{action: metal, target: [metal]}]"),
         [("own/r.yaml:2: rule “sought”: “metal” is no action: give the concept verbs, nouns"
          " or adjectives")]),
        (RULE.replace("phrase, any: [gold]",
                      "requires, if: {categories: [cures]}, then: {any: [gold]}"),
         ["own/r.yaml:4: “categories” cannot be “cures”; did you mean “cure”?"]),
        ("gold: 3", ["own/r.yaml:1: “r.yaml” must be a list"]),
        ("- [\n}", ["own/r.yaml:2: not YAML: did not find expected node content"]),
        ("a: &x 1\nb: *x",
         ["own/r.yaml:1: aliases (*name) are not allowed; write the value out"]),
        ("[" * 200, ["own/r.yaml:1: the file is nested too deeply"]),
    ],
)  # fmt: skip
def test_mistakes_in_rules(problems: Problems, rules: str, expected: list[str]) -> None:
    """Each mistake names file, line, cause and the nearest right word."""
    contents = own(
        rules,
        guards="- {guard: negated, cues: [not]}",
        sources="- {id: an.act, title: T, url: U}",
        lexicon__w="- {concept: heal, verbs: [heal]}\n- {concept: metal, terms: [iron]}",
    )
    assert problems(contents) == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("lexicon__w", "- {concept: metal, terms: ['{metall}']}",
         [("own/lexicon/w.yaml:1: phrase “{metall}”: unknown concept “metall”; did you mean"
          " “metal”?")]),
        ("lexicon__w", "- {concept: metal, includes: [iron]}",
         [("own/lexicon/w.yaml:1: concept “metal” includes an unknown concept “iron”; use one of:"
          " metal")]),
        ("lexicon__w", "- {concept: a, includes: [b]}\n- {concept: b, includes: [a]}",
         ["own/lexicon/w.yaml:1: a concept includes itself: a → b → a"]),
        ("lexicon__w", "- {concept: a, terms: ['x {b}']}\n- {concept: b, terms: ['y {a}']}",
         ["own/lexicon/w.yaml:1: concept “a” is built on itself: a → b → a"]),
        ("lexicon__w", "- {concept: a, terms: [x]}\n- {concept: a, terms: [y]}",
         ["own/lexicon/w.yaml:2: concept “a” is already defined at own/lexicon/w.yaml:1"]),
        ("lexicon__w", "- {concept: a, terms: [no]}",
         ['own/lexicon/w.yaml:1: “terms” must be text, not “no”; write it in quotes: "no"']),
        ("lexicon__w", "- {concept: a, verbs: ['{a} up']}",
         ["own/lexicon/w.yaml:1: concept “a”: the verb “{a} up” must begin with a plain word"]),
        ("guards", "- {guard: g, cues: ['(a']}",
         ["own/guards.yaml:1: phrase “(a”: “)” is missing"]),
        ("guards", "- {guard: g, cues: ['{x}'], reach: far}",
         [("own/guards.yaml:1: “reach” cannot be “far”; use one of: block, clause, next,"
          " sentence")]),
        ("guards", "- {guard: g, cues: [a]}\n- {guard: g, cues: [b]}",
         ["own/guards.yaml:2: guard “g” is already defined"]),
        ("sources", "- {id: s, title: T, url: U}\n- {id: s, title: T, url: U}",
         ["own/sources.yaml:2: source “s” is already defined"]),
        ("register", "promotional: [{weight: 2, any: ['{x}']}]",
         ["own/register.yaml:1: phrase “{x}”: unknown concept “x”"]),
        ("register", "promotional: [{weight: much, any: [x]}]",
         ["own/register.yaml:1: “weight” must be a number, not “much”"]),
        ("ruleset", HEAD + "default-guards: {negated: drop}",
         ["own/ruleset.yaml:3: default-guards name an unknown guard “negated”"]),
        ("ruleset", HEAD + "overrides: {sougt: off}",
         ["own/ruleset.yaml:3: overrides name an unknown rule “sougt”; did you mean “sought”?"]),
        ("ruleset", 'nam: own\nversion: "1"',
         ["own/ruleset.yaml:1: unknown key “nam”; did you mean “name”?",
          "own/ruleset.yaml:1: “ruleset.yaml” lacks the key “name”"]),
        ("ruleset", "name: own\nversion: 1",
         ['own/ruleset.yaml:2: “version” must be text, not “1”; write it in quotes: "1"']),
    ],
)  # fmt: skip
def test_mistakes_elsewhere(problems: Problems, name: str, text: str, expected: list[str]) -> None:
    """Mistakes in a ruleset's other files are told in the same way."""
    assert problems(own(RULE, **{name: text})) == expected


def test_all_problems_of_all_files_at_once(problems: Problems) -> None:
    """Nothing hides behind the first mistake, and a broken entry is not reported as missing too."""
    contents = own(
        RULE.replace("gold", "'{metal} {ston}'")
        + "  guards: {negated: drop, asked: drop}\n  sources: [s]\n",
        guards="- {guard: negated, cues: [not], reac: clause}",
        lexicon__w="- {concept: metal, term: [iron]}\n- {concept: stone, terms: ['(x']}",
        sources="- {id: s, titel: T, url: U}",
    )
    assert problems(contents) == [
        "own/guards.yaml:1: unknown key “reac”; did you mean “reach”?",
        "own/lexicon/w.yaml:1: unknown key “term”; did you mean “terms”?",
        "own/lexicon/w.yaml:2: phrase “(x”: “)” is missing",
        "own/sources.yaml:1: unknown key “titel”; did you mean “title”?",
        "own/sources.yaml:1: “sources.yaml” lacks the key “title”",
        "own/r.yaml:4: phrase “{metal} {ston}”: unknown concept “ston”; did you mean “stone”?",
        "own/r.yaml:6: rule “sought”: unknown guard “asked”",
    ]


def test_a_file_that_is_no_text(write: Write) -> None:
    """Bytes that are not UTF-8 are named, not replaced."""
    folder = write(own(RULE))
    (folder / "r.yaml").write_bytes(b"- \xff\xfe")
    with pytest.raises(RulesetError) as caught:
        loader.load(("own",), cache=False)
    assert caught.value.problems == ("own/r.yaml:1: not UTF-8 (byte 2); save it as UTF-8",)


# What rulesets are found, and what they extend


@pytest.mark.parametrize(
    ("contents", "expected"),
    [
        ({"else/x": ""}, ["own: no such ruleset; shipped are core, us; or give a folder"]),
        ({"own/r.yaml": RULE}, ["{tmp}/own: a ruleset folder needs a ruleset.yaml"]),
        ({"own/ruleset.yaml": HEAD + "extends: [other]"},
         ["own/ruleset.yaml: extends “other”, which does not exist; shipped: core, us"]),
        ({"own/ruleset.yaml": HEAD + "extends: [../other]"},
         ["own/ruleset.yaml: extends “../other”, which leaves the folder around it"]),
        ({"own/ruleset.yaml": HEAD + "extends: [/etc]"},
         ["own/ruleset.yaml: extends “/etc”, which leaves the folder around it"]),
        ({"own/ruleset.yaml": HEAD + "extends: [own]"},
         ["own: rulesets extend each other in a circle: own → own"]),
        ({"own/ruleset.yaml": HEAD + "extends: [two]",
          "two/ruleset.yaml": HEAD + "extends: [three]",
          "three/ruleset.yaml": HEAD + "extends:\n  - own\n"},
         ["own: rulesets extend each other in a circle: own → two → three → own"]),
    ],
)  # fmt: skip
def test_what_cannot_be_found(
    problems: Problems, tmp_path: Path, contents: dict[str, str], expected: list[str]
) -> None:
    """A missing, circular or straying ruleset is named with the way out."""
    expected = [each.replace("{tmp}", tmp_path.as_posix()) for each in expected]
    assert problems(contents) == expected


def test_a_link_out_of_the_folder_is_no_way_out(
    write: Write, problems: Problems, tmp_path: Path
) -> None:
    """A symbolic link beside the ruleset that leads elsewhere counts as leaving."""
    write({"deep/own/ruleset.yaml": HEAD + "extends: [two]", "away/ruleset.yaml": HEAD})
    (tmp_path / "deep" / "two").symlink_to(tmp_path / "away", target_is_directory=True)
    assert problems({"x/y": ""}, "deep/own") == [
        "deep/own/ruleset.yaml: extends “two”, which leaves the folder around it"
    ]


@pytest.mark.parametrize(
    "extends",
    [
        "extends: [two, core]",
        "extends: ['two', \"core\"]  # both",
        "extends: [two,\n  core]",
        "extends:\n  - two\n  - core",
    ],
)
def test_extends_in_any_form(write: Write, extends: str) -> None:
    """What is extended comes first, each once, however the list is written."""
    write(
        {
            "own/ruleset.yaml": HEAD + extends,
            "two/ruleset.yaml": 'name: two\nversion: "2"\nextends: [core]',
        }
    )
    expected = (RulesetInfo("core", "1"), RulesetInfo("two", "2"), RulesetInfo("own", "1"))
    assert loader.load(("own", "core"), cache=False).infos == expected


def test_a_byte_order_mark_hides_nothing(write: Write) -> None:
    """A file saved with a BOM is read like any other."""
    folder = write({"own/ruleset.yaml": HEAD})
    text = "\ufeffextends: [core]\n" + HEAD
    (folder / "ruleset.yaml").write_text(text, "utf-8")
    infos = loader.load(("own",), cache=False).infos
    assert [info.name for info in infos] == ["core", "own"]


def test_a_single_rule_file_stands_on_core(write: Write) -> None:
    """A file of rules is a ruleset by itself, over core's lexicon and guards."""
    write({"more.yaml": RULE.replace("gold", "'golden {disease}'")})
    ruleset = loader.load(("more.yaml",), cache=False)
    rule = ruleset.rules[-1]
    assert (rule.id, rule.path, rule.line, rule.ruleset) == ("sought", "more.yaml", 2, "more")
    assert rule.guards["negated"] is GuardAction.DROP
    assert ruleset.infos == (RulesetInfo("core", "1"),)


def test_mistakes_in_a_single_file(problems: Problems) -> None:
    """A single file's mistakes are told like a folder's."""
    expected = ["more.yaml:6: unknown key “flag”; did you mean “flags”?"]
    assert problems({"more.yaml": RULE + "  flag: [x]\n"}, "more.yaml") == expected


def test_paths_count_from_the_base(write: Write, tmp_path: Path) -> None:
    """A ruleset's path counts from the configuration's folder, say."""
    write({"sub/own/ruleset.yaml": HEAD})
    infos = loader.load(("own",), base=tmp_path / "sub", cache=False).infos
    assert infos == (RulesetInfo("own", "1"),)


def test_shipped_names() -> None:
    """The shipped rulesets are the folders with a ruleset.yaml."""
    assert loader.shipped() == ("core", "us")


# Overrides


def test_overrides() -> None:
    """A ruleset switches rules off, changes severities and adds phrases, sources and advice."""
    ruleset = loader.load(("us",), cache=False)
    core = loader.load(("core",), cache=False)
    cure, off, relief = (
        ruleset.rule(name) for name in ("named-cure", "breakthrough", "promised-relief")
    )
    assert cure is not None
    assert off is not None
    assert relief is not None
    assert dict(cure.severity) == {
        Product.AUTO: Severity.WARNING,
        Product.UNAPPROVED: Severity.ERROR,
    }
    code = Source("us.code", "A code of the second ruleset", "https://example.org/us-code")
    assert [source.id for source in cure.sources] == ["core.code", "us.code"]
    assert cure.sources[1] == code
    assert off.enabled is False
    assert relief.advice == "Do not promise."
    assert relief.phrases[-1] == "you will be free of {what:symptom}"
    unchanged = {rule.id for rule in core.rules} - {"named-cure", "breakthrough", "promised-relief"}
    assert [rule for rule in ruleset.rules if rule.id in unchanged] == [
        rule for rule in core.rules if rule.id in unchanged
    ]


def test_an_override_leaves_an_optional_rule_off(write: Write) -> None:
    """Changing the severity of a rule that is off does not switch it on."""
    write(
        {
            "own/ruleset.yaml": HEAD + "extends: [two]\noverrides: {sought: {severity: error}}",
            "two/ruleset.yaml": 'name: two\nversion: "1"',
            "two/r.yaml": RULE + "  enabled: false\n",
        }
    )
    rule = loader.load(("own",), cache=False).rules[0]
    assert (rule.enabled, rule.severity[Product.AUTO]) == (False, Severity.ERROR)


# Several jurisdictions

LAW = 'name: {name}\nversion: "1"\njurisdiction: "{name}"\nextends: [{extends}]\noverrides:\n'
LAW_SOURCE = '- {{id: {name}.act, title: "Act of {name}", url: "https://example.org/{name}"}}\n'


@pytest.fixture
def law(write: Write) -> Callable[..., None]:
    """Return a function that writes a jurisdiction's ruleset with its overrides."""

    def law_(name: str, *overrides: str, extends: str = "core") -> None:
        head = LAW.format(name=name, extends=extends) + "".join(f"  {each}\n" for each in overrides)
        write(
            {
                f"{name}/ruleset.yaml": head if overrides else head.replace("overrides:\n", ""),
                f"{name}/sources.yaml": LAW_SOURCE.format(name=name),
            }
        )

    return law_


def rule_under(rule_id: str, *names: str) -> Rule:
    """Return a rule as rulesets that are named together leave it."""
    rule = loader.load(names, cache=False).rule(rule_id)
    assert rule is not None
    return rule


@pytest.mark.parametrize("names", [("aa", "bb"), ("bb", "aa")])
def test_of_several_laws_the_stricter_severity_holds(
    law: Callable[..., None], names: tuple[str, ...]
) -> None:
    """In any order, each product gets the strictest severity; what one law sets is kept apart."""
    law("aa", "named-cure: {severity: {auto: suggestion, device: error}}")
    law("bb", "named-cure: {severity: {auto: warning, approved: suggestion}}")
    assert dict(rule_under("named-cure", "aa").severity) == {
        Product.AUTO: Severity.SUGGESTION,
        Product.DEVICE: Severity.ERROR,
    }
    assert dict(rule_under("named-cure", *names).severity) == {
        Product.AUTO: Severity.WARNING,
        Product.APPROVED: Severity.SUGGESTION,
        Product.DEVICE: Severity.ERROR,
    }


def test_a_law_that_changes_nothing_counts_with_the_rule_as_it_is(
    law: Callable[..., None],
) -> None:
    """A milder law does not soften a rule for one that leaves it alone, nor switch it off."""
    law("aa", "named-cure: {severity: suggestion}", "breakthrough: off")
    law("bb")
    core = rule_under("named-cure", "core")
    together = rule_under("named-cure", "aa", "bb")
    assert (dict(together.severity), dict(core.severity)) == (dict(core.severity),) * 2
    assert rule_under("breakthrough", "aa").enabled is False
    assert rule_under("breakthrough", "aa", "bb").enabled is True


def test_what_laws_say_of_a_rule_is_joined(law: Callable[..., None]) -> None:
    """Sources (in the order of naming, before all others), phrases, advice, rewrites, guards."""
    law(
        "aa",
        "promised-relief: {sources: [aa.act], add: ['thrive in {what:outcome}'], advice: No.,"
        " tier: weak, rewrites: [Perhaps.], guards: {negated: keep, question: drop}}",
    )
    law(
        "bb",
        "promised-relief: {sources: [bb.act], add: ['glow in {what:outcome}'], advice: Never.,"
        " rewrites: [Perhaps., Rarely.], guards: {question: keep}}",
    )
    core = rule_under("promised-relief", "core")
    both = rule_under("promised-relief", "bb", "aa")
    added = ("glow in {what:outcome}", "thrive in {what:outcome}")
    assert both.phrases == (*core.phrases, *added)
    assert [each.id for each in both.sources] == ["bb.act", "aa.act", "core.code"]
    assert (both.advice, both.tier) == ("Never. No.", core.tier)
    assert both.rewrites == (*core.rewrites, Wording("Perhaps."), Wording("Rarely."))
    assert {name: both.guards.get(name) for name in ("negated", "question")} == {
        "negated": None,
        "question": None,
    }
    assert rule_under("promised-relief", "aa").guards["question"] is GuardAction.DROP


def test_a_law_cites_itself_first(law: Callable[..., None], write: Write) -> None:
    """Among a rule's sources, those that begin with the jurisdiction's name lead."""
    law("aa")
    law("bb")
    rule = RULE + "  sources: [core.code, bb.act, aa.act]\n"
    write(
        {
            "own/ruleset.yaml": HEAD + "extends: [core]",
            "own/r.yaml": rule,
            "own/sources.yaml": "",
            "aa/ruleset.yaml": LAW.format(name="aa", extends="own, bb").replace("overrides:\n", ""),
        }
    )
    ids = [source.id for source in rule_under("sought", "aa").sources]
    assert ids == ["aa.act", "core.code", "bb.act"]


def test_a_law_that_extends_another_replaces_it(law: Callable[..., None]) -> None:
    """A state's ruleset starts from its country's and may be milder."""
    law("aa", "named-cure: {severity: error, sources: [aa.act]}")
    law("bb", "named-cure: {severity: suggestion, sources: [bb.act]}", extends="aa")
    rule = rule_under("named-cure", "aa", "bb")
    assert dict(rule.severity) == {Product.AUTO: Severity.SUGGESTION}
    assert [each.id for each in rule.sources] == ["bb.act", "aa.act", "core.code"]


def test_a_house_ruleset_has_the_last_word(law: Callable[..., None], write: Write) -> None:
    """What is no jurisdiction changes what the laws before it left."""
    law("aa", "named-cure: {severity: error}")
    law("bb")
    write(
        {"own/ruleset.yaml": HEAD + "extends: [core]\noverrides: {named-cure: {severity: warning}}"}
    )
    rule = rule_under("named-cure", "aa", "bb", "own")
    assert dict(rule.severity) == {Product.AUTO: Severity.WARNING}


def test_jurisdictions_are_told_from_other_rulesets(
    law: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shipped rulesets that name a jurisdiction are listed, the default one first."""
    law("aa")
    law("us")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "ruleset.yaml").write_text(HEAD, "utf-8")
    monkeypatch.setattr(loader, "shipped_folder", lambda: tmp_path)
    assert loader.shipped() == ("aa", "own", "us")
    assert loader.jurisdictions() == ("us", "aa")


def test_mistakes_in_overrides_are_told_where_they_stand(problems: Problems) -> None:
    """A phrase that an override adds is wrong in the override's file, not the rule's."""
    head = HEAD + "extends: [core]\noverrides:\n  named-cure:\n    add: ['(x']\n    sources: [zz]\n"
    assert problems({"own/ruleset.yaml": head}) == [
        "own/ruleset.yaml:6: phrase “(x”: “)” is missing",
        (
            "own/ruleset.yaml:7: rule “named-cure”: unknown source “zz”; use one of: core.act,"
            " core.code"
        ),
    ]


def test_nothing_to_add_to(problems: Problems) -> None:
    """Phrases cannot be added to a check that has none."""
    head = HEAD + "extends: [core]\noverrides: {repeated-item: {add: [x]}}"
    expected = ["own/ruleset.yaml:4: rule “repeated-item” has no phrases to add to"]
    assert problems({"own/ruleset.yaml": head}) == expected


# The cache


@pytest.fixture
def cached(tmp_path: Path) -> Path:
    """Return the cache's folder."""
    return tmp_path / "cache"


def test_the_cache_gives_what_compiling_gives(cached: Path) -> None:
    """A ruleset read from the cache equals one compiled afresh."""
    fresh = loader.load(("us",), cache=False)
    assert not cached.exists()
    written = loader.load(("us",))
    assert [path.suffix for path in cached.iterdir()] == [".rules"]
    assert loader.load(("us",)) == written == fresh


def test_the_cache_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies in the cache is not compiled again."""
    first = loader.load(("core",))
    monkeypatch.setattr(loader, "_compile", lambda _: pytest.fail("compiled"))
    assert loader.load(("core",)) == first


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda _: b"no ruleset at all",
        lambda data: data[: len(data) // 2],
        lambda data: data[:50] + bytes([data[50] ^ 1]) + data[51:],
    ],
    ids=["empty", "foreign", "cut", "flipped"],
)
def test_a_damaged_cache_is_made_anew(cached: Path, damage: Callable[[bytes], bytes]) -> None:
    """A file in the cache that is not as it was written counts as none, and is replaced."""
    fresh = loader.load(("core",))
    (path,) = cached.iterdir()
    right = path.read_bytes()
    path.write_bytes(damage(right))
    assert loader.load(("core",)) == fresh
    assert path.read_bytes() == right


def test_old_compiled_forms_are_cleared_away(
    write: Write, cached: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cache keeps the forms written last, so that editing rules does not fill the disk."""
    monkeypatch.setattr(loader, "_MOST_COMPILED", 2)
    cached.mkdir()
    for age in (3, 2, 1):
        path = cached / f"{age}.rules"
        path.write_bytes(b"old")
        os.utime(path, (1_000 - age, 1_000 - age))
    (cached / "note.txt").write_text("not ours", "utf-8")
    write(own(RULE))
    loader.load(("own",))
    kept = sorted(path.name for path in cached.iterdir())
    assert len(kept) == 3
    assert {"1.rules", "note.txt"} <= set(kept)


def test_an_unwritable_cache_is_no_error(cached: Path) -> None:
    """Where no cache can be kept, rulesets are compiled each time."""
    cached.write_text("a file where a folder should be", "utf-8")
    assert loader.load(("core",)) == loader.load(("core",), cache=False)
    assert cached.read_text("utf-8") == "a file where a folder should be"


def test_a_change_of_any_file_is_noticed(write: Write) -> None:
    """The cache goes by content: an edited rule counts at once."""
    folder = write(own(RULE))
    before = loader.load(("own",))
    (folder / "r.yaml").write_text(RULE.replace("gold", "silver"), "utf-8")
    after = loader.load(("own",))
    assert [rule.phrases for rule in (*before.rules, *after.rules)] == [
        ("gold",),
        ("silver",),
    ]


def test_write_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A compiled form written for a release is read in place of compiling."""
    shipped = tmp_path / "compiled"
    path = loader.write_compiled(("core",), shipped)
    assert path.parent == shipped
    fresh = loader.load(("core",), cache=False)
    monkeypatch.setattr(loader, "_COMPILED", shipped)
    monkeypatch.setattr(loader, "_is_release", lambda: True)
    monkeypatch.setattr(loader, "_compile", lambda _: pytest.fail("compiled"))
    assert loader.load(("core",)) == fresh


def test_the_same_rules_give_the_same_bytes(tmp_path: Path, small_rulesets: Path) -> None:
    """How this process hashes text, or where the files lie, leaves no trace in a release."""
    code = (
        "import sys, pathlib as p; from medlint import loader;"
        "loader.write_compiled(('rules/core',), p.Path(sys.argv[1]))"
    )
    written = []
    for seed in ("1", "2"):
        folder, out = tmp_path / seed, tmp_path / f"out{seed}"
        shutil.copytree(small_rulesets, folder / "rules")
        environment = {**os.environ, "PYTHONPATH": str(SOURCES), "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", code, str(out)]
        subprocess.run(command, cwd=folder, env=environment, check=True)
        (path,) = out.iterdir()
        written.append(path.read_bytes())
    assert written[0] == written[1]
    assert str(tmp_path).encode() not in written[0]


def test_a_form_that_this_python_cannot_read_counts_as_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A compiled form that is whole, but of a newer kind of marshal, is compiled anew."""
    fresh = loader.load(("core",))
    (path,) = (tmp_path / "cache").glob("*.rules")
    body = b"?" + path.read_bytes()[5:]
    path.write_bytes(adler32(body).to_bytes(4, "big") + body)
    assert loader.load(("core",)) == fresh
    monkeypatch.setattr(loader, "_compile", lambda _: pytest.fail("compiled"))
    assert loader.load(("core",)) == fresh


def test_a_release_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    """A cache may fail in silence; a wheel without its rules may not."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        loader.write_compiled(("core",), tmp_path / "file")


@pytest.mark.parametrize("name", ["compiler.py", "checks/phrase.py", "parsing/tokens.py"])
def test_an_edited_checkout_compiles_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What an older state of medlint's own files compiled is not read."""
    package = tmp_path / "package"
    for folder in loader.OWN_FOLDERS:
        (package / folder).mkdir(parents=True)
    (package / name).write_text("before")
    monkeypatch.setattr(loader, "_PACKAGE", package)
    forms = []
    for text in ("before", "before", "after"):
        if (package / name).read_text() != text:
            (package / name).write_text(text)
        loader.load(("core",))
        forms.append(len(list((tmp_path / "cache").glob("*.rules"))))
    assert forms == [1, 1, 2]


# Plain data


def test_a_ruleset_survives_being_plain(small: Ruleset) -> None:
    """A compiled ruleset turned into plain data and back is the same."""
    assert from_plain(to_plain(small)) == small


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.sampled_from(Severity)
    | st.builds(Source, st.text(), st.text(), st.text(), st.booleans())
)


@given(
    st.recursive(
        SCALARS,
        lambda inner: (
            st.lists(inner, max_size=4).map(tuple)
            | st.dictionaries(st.text(), inner, max_size=4)
            | st.frozensets(st.integers(), max_size=4)
        ),
        max_leaves=12,
    )
)
def test_any_value_survives_being_plain(value: object) -> None:
    """Tuples, dicts, sets, enums and dataclasses come back as they were."""
    again = from_plain(to_plain(value))
    assert again == value
    assert type(again) is type(value)


def test_a_change_to_any_file_of_parsing_or_checks_compiles_rules_anew() -> None:
    """In a checkout, the state of these folders is part of the key of what is remembered."""
    package = Path(loader.__file__).parent
    folders = {
        path.parent.relative_to(package).as_posix()
        for name in ("checks", "parsing")
        for path in (package / name).rglob("__init__.py")
    }
    assert set(loader.OWN_FOLDERS) == folders
