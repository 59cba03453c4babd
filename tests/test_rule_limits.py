"""Rulesets from others are data: nothing in a rule file runs, reads, fetches or exhausts."""

from __future__ import annotations

import os
from time import monotonic, process_time
from typing import TYPE_CHECKING

import pytest

from medlint import limits, loader
from medlint.checks import pattern
from medlint.config import Settings
from medlint.engine import lint
from medlint.errors import RulesetError
from medlint.parsing import parse
from medlint.results import worded

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 'name: made\nversion: "1"\n'
RULE = "- id: a-rule\n  message: m\n  check: {{type: phrase, any: [{}]}}\n"
PATTERN = "- id: a-rule\n  message: m\n  check: {{type: pattern, regex: '{}'}}\n"


def write(folder: Path, **files: str) -> Path:
    """Write a ruleset; `lexicon` is a file of concepts."""
    place = folder / "made"
    (place / "lexicon").mkdir(parents=True, exist_ok=True)
    for name, text in {"ruleset": HEAD, **files}.items():
        path = place / ("lexicon/words.yaml" if name == "lexicon" else f"{name}.yaml")
        path.write_text(text, "utf-8")
    return place


def problems(folder: Path, **files: str) -> list[str]:
    """Return what is wrong with a ruleset, and hold it to some seconds."""
    place = write(folder, **files)
    start = process_time()
    with pytest.raises(RulesetError) as caught:
        loader.check(place)
    assert process_time() - start < 20
    return [problem.removeprefix(f"{place.as_posix()}/") for problem in caught.value.problems]


def alias_bomb() -> str:
    """Return a few lines that stand for billions of values."""
    lines = ["- &a0 [x, x]"]
    lines += [f"- &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 20)]
    return "\n".join(lines)


NESTED = "".join(f"- concept: c{n}\n  includes: [c{n + 1}]\n" for n in range(300))
RESTING = "".join(f'- concept: c{n}\n  terms: ["{{c{n + 1}}} x"]\n' for n in range(300))
CROWDED = "".join(
    f"- concept: c{n}\n  terms: [a{n}]\n  includes: [{', '.join(f'c{m}' for m in range(n))}]\n"
    for n in range(100)
)
WRONG = {
    "an alias bomb": (
        {"rules": alias_bomb()},
        "rules.yaml:1: aliases (*name) are not allowed; write the value out",
    ),
    "deep nesting": (
        {"rules": "[" * 5000 + "]" * 5000},
        "rules.yaml:1: the file is nested too deeply",
    ),
    "a merge bomb": (
        {"rules": "- &a {id: a-rule}\n- {<<: *a, message: m}\n"},
        "rules.yaml:1: aliases (*name) are not allowed; write the value out",
    ),
    "code in a tag": (
        {"rules": "- !!python/object/apply:os.system [touch pwned]\n"},
        "rules.yaml:1: “rules.yaml” must be a mapping",
    ),
    "a file too large": (
        {"rules": "#" * (limits.LARGEST_FILE + 1)},
        "rules.yaml:1: larger than 5,000,000 bytes; split it",
    ),
    "a text too long": (
        {"rules": RULE.format("x").replace("message: m", f"message: {'m' * 20_000}")},
        "rules.yaml:2: “message” is longer than 10,000 characters",
    ),
    "a phrase too long": (
        {"rules": RULE.format("x " * 600)},
        f"rules.yaml:3: phrase “{('x ' * 600).strip()}”: a phrase may have 1,000 characters; split it",
    ),
    "a repetition that multiplies": (
        {"rules": RULE.format(f'"{"(a ... b|c ... d) " * 12}"')},
        (
            f"rules.yaml:3: phrase “{'(a ... b|c ... d) ' * 12}”: the phrase stands for more than 512"
            " plain ones; split it"
        ),
    ),
    "a concept that contains itself": (
        {"lexicon": "- concept: a\n  includes: [b]\n- concept: b\n  includes: [a]\n"},
        "lexicon/words.yaml:1: a concept includes itself: a → b → a",
    ),
    "a concept built on itself": (
        {"lexicon": '- concept: a\n  terms: ["{a} x"]\n'},
        "lexicon/words.yaml:1: concept “a” is built on itself: a → a",
    ),
    "concepts too deep": (
        {"lexicon": NESTED + "- concept: c300\n  terms: [x]\n"},
        "lexicon/words.yaml:1: concept “c0” includes others more than 100 deep",
    ),
    "concepts that rest too deep": (
        {"lexicon": RESTING + "- concept: c300\n  terms: [x]\n"},
        "lexicon/words.yaml:1: concept “c0” rests on others too deep: c0 → c0",
    ),
    "a regex too long": (
        {"rules": PATTERN.format("a" * 6000)},
        "rules.yaml:3: rule “a-rule”: regex: it is longer than 5,000 characters",
    ),
    "a regex that multiplies": (
        {"rules": PATTERN.format("(?:(?:(?:a{1000}){1000}){1000}){1000}")},
        "rules.yaml:3: rule “a-rule”: regex: it repeats more than 10,000 times, its “{…}” multiplied",
    ),
    "a regex too deep": (
        {"rules": PATTERN.format("(" * 200 + "a" + ")" * 200)},
        "rules.yaml:3: rule “a-rule”: regex: its brackets are nested more than 50 deep",
    ),
    "a number too large": (
        {
            "rules": RULE.replace(
                "phrase, any: [{}]", "metric, metric: smog-index, above: 1.0e+400"
            ).format()
        },
        "rules.yaml:3: “above” must lie between -1,000,000 and 1,000,000",
    ),
    "no number": (
        {"register": "promotional:\n  - weight: .nan\n    any: [x]\n"},
        "register.yaml:2: “weight” must be a number, not “.nan”",
    ),
    "a number of thousands of digits": (
        {"guards": f"- guard: g\n  cues: [x]\n  within: {'9' * 5000}\n"},
        f"guards.yaml:3: “within” must be a number, not “{'9' * 5000}”",
    ),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_would_exhaust_is_refused(tmp_path: Path, kind: str) -> None:
    """Each limit is named, with the file and the line, before anything is built."""
    files, expected = WRONG[kind]
    assert expected in problems(tmp_path, **files)
    assert not (tmp_path / "pwned").exists()


def test_phrases_that_multiply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What all phrases of the rulesets stand for together has a limit, too."""
    monkeypatch.setattr("medlint.checking.MOST_SEQUENCES", 1_000)
    phrase = "(a ... b|c ... d) " * 7
    (problem,) = problems(
        tmp_path, rules=RULE.format(", ".join(f'"x{n} {phrase}"' for n in range(12)))
    )
    assert problem == (
        f"rules.yaml:3: phrase “x7 {phrase}”: the rulesets hold more than 1,000 phrases, multiplied"
        " out"
    )


def test_concepts_that_include_many_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pairs of concepts are counted, through others too."""
    monkeypatch.setattr("medlint.checking.MOST_INCLUDED", 50_000)
    (problem,) = problems(tmp_path, lexicon=CROWDED)
    assert problem.endswith(
        "concepts include one another more than 50,000 times, directly or through others"
    )


def test_links_out_of_a_ruleset(tmp_path: Path) -> None:
    """A rule file, a lexicon or an extended ruleset cannot lead to other files."""
    (tmp_path / "secret.yaml").write_text("- secret: text\n", "utf-8")
    place = write(tmp_path)
    (place / "rules.yaml").symlink_to("../secret.yaml")
    problem = f"{place / 'rules.yaml'}: leads out of the ruleset's folder; rule files lie inside it"
    assert problems(tmp_path) == [problem.removeprefix(f"{place}/")]
    (place / "rules.yaml").unlink()
    (place / "inside.yaml").write_text("[]\n", "utf-8")
    (place / "rules.yaml").symlink_to("inside.yaml")
    loader.check(place)
    (place / "lexicon" / "words.yaml").unlink(missing_ok=True)
    (place / "lexicon").rmdir()
    (tmp_path / "words").mkdir()
    (place / "lexicon").symlink_to("../words")
    with pytest.raises(RulesetError, match="lexicon: leads out of the ruleset's folder"):
        loader.check(place)


def test_what_is_no_rule_file(tmp_path: Path) -> None:
    """A pipe is not waited for, and a device is not read."""
    place = write(tmp_path)
    os.mkfifo(place / "pipe.yaml")
    assert problems(tmp_path) == ["pipe.yaml: is no regular file"]
    (place / "pipe.yaml").unlink()
    (place / "zero.yaml").symlink_to("/dev/zero")
    assert problems(tmp_path) == [
        "zero.yaml: leads out of the ruleset's folder; rule files lie inside it"
    ]
    with pytest.raises(RulesetError, match="/dev/zero: cannot be read: Not a directory"):
        loader.load(("/dev/zero",), cache=False)


def test_rulesets_that_extend_each_other_for_ever(tmp_path: Path) -> None:
    """A chain of rulesets ends somewhere, and odd names lead nowhere."""
    for number in range(60):
        place = tmp_path / f"r{number}"
        place.mkdir()
        text = f'name: r{number}\nversion: "1"\nextends: [r{number + 1}]\n'
        (place / "ruleset.yaml").write_text(text, "utf-8")
    with pytest.raises(RulesetError, match="more than 20 rulesets extend one another"):
        loader.load((str(tmp_path / "r0"),), cache=False)
    odd = 'extends: ["\\0", "../../etc", "' + "a" * 5000 + '"]\n'
    assert len(problems(tmp_path, ruleset=HEAD + odd)) == 3
    for name in ("\0", "a" * 5000):
        with pytest.raises(RulesetError, match="no such ruleset"):
            loader.load((name,), cache=False)


@pytest.mark.parametrize(
    ("expression", "is_right"),
    [
        (r"a{3}", True),
        (r"(?:a{100}){100}", True),
        (r"(?:a{101}){100}", False),
        (r"(?:a{101}b){,100}", False),
        (r"[(]{3}(\({9}){9}", True),
        (r"\({9999}", True),
        (r"([^]({]{20000})", False),
        (r"a{20000}", False),
        (r"a{2,20000}", False),
        (r")(", True),
    ],
)
def test_repetitions_are_multiplied(expression: str, is_right: bool) -> None:  # noqa: FBT001
    """Counted repetitions within one another multiply; signs in sets and escapes do not count."""
    assert (limits.wrong_regex(expression) == "") == is_right


def test_an_expression_has_its_time_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time limit holds for a rule and a draft, not for each of its paragraphs."""
    monkeypatch.setattr(pattern, "TIME_LIMIT", 0.3)
    place = write(
        tmp_path, rules=PATTERN.format("(a|aa)+$") + RULE.format("cure").replace("a-rule", "other")
    )
    ruleset = loader.check(place)
    document = parse(("a" * 24 + "b\n\n") * 2000 + "a cure", path="x.txt")
    start = monotonic()
    outcome = lint(document, ruleset, Settings())
    assert monotonic() - start < 20
    (failure,) = outcome.failures
    assert (failure.path, failure.rule) == ("x.txt", "a-rule")
    assert failure.error == "the rule ran out of time on this file; simplify its regex"
    assert [finding.rule for finding in outcome.findings] == ["other"]


def test_a_message_quotes_only_so_much() -> None:
    """A message that says {match} a thousand times does not fill the memory."""
    text = worded("{match}" * 1000, {"match": "a" * 1_000_000})
    assert len(text) == 1000 * limits.LONGEST_QUOTE
    assert worded("“{match}”", {"match": "a cure"}) == "“a cure”"


def test_the_shipped_rulesets_are_far_from_the_limits() -> None:
    """Limits are no obstacle to honest rulesets."""
    files = loader.gather(loader.shipped(), base=loader.shipped_folder())
    assert max(len(file.data) for file in files) < limits.LARGEST_FILE / 2
    assert len(files) < limits.MOST_FILES / 2
