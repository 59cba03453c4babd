"""`medlint test`: every wrong example, every missing part, every idle phrase."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from medlint import cli
from medlint.testing import Kind, Outcome, Problem, check_paths, discover

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = 'name: house\nversion: "1"\n'
RULES = """\
    - id: right
      category: hype
      severity: warning
      tier: strong
      check: {type: phrase, any: ["miracle", "magic"]}
      message: "No."
      advice: "Leave it out."
      sources: [law]
      flags: ["A «miracle»."]
      allows: ["A marvel."]
    - id: wrong
      category: hype
      severity: warning
      tier: strong
      check: {type: phrase, any: ["great", "huge"]}
      message: "No."
      flags:
        - "Simply «great»!"
        - "A «great and huge» thing."
        - "A «vast» thing."
      allows: ["Not huge at all.", "Small."]
    """
SOURCES = '- {id: law, title: "Act", url: "https://example.org/act"}\n'


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Return a function that writes a ruleset into the folder `house` of the current one."""
    monkeypatch.chdir(tmp_path)

    def make(rules: str = RULES, **more: str) -> Path:
        for name, text in {
            "ruleset": HEAD, "sources": SOURCES, "rules": dedent(rules), **more,
        }.items():  # fmt: skip
            path = Path("house") / f"{name}.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        return Path("house")

    return make


def test_every_problem_is_told(house: Callable[..., Path]) -> None:
    """Each example that fails, with place, what was expected and got; then what is missing."""
    path = "house/rules.yaml"
    assert check_paths([house()]) == Outcome(
        problems=(
            Problem(path, 1, "right", "no example exercises the phrase “magic”", Kind.UNEXERCISED),
            Problem(
                path,
                19,
                "wrong",
                (
                    "flags: “A great and huge thing.”\n"
                    "    expected «great and huge»\n"
                    "    got      «great», «huge»"
                ),
                Kind.MISMATCH,
            ),
            Problem(
                path,
                20,
                "wrong",
                "flags: “A vast thing.”\n    expected «vast»\n    got      nothing",
                Kind.MISMATCH,
            ),
            Problem(
                path,
                21,
                "wrong",
                "allows: “Not huge at all.”\n    expected nothing\n    got      «huge»",
                Kind.MISMATCH,
            ),
            Problem(path, 11, "wrong", "has no sources", Kind.LACKING),
            Problem(path, 11, "wrong", "has no advice", Kind.LACKING),
        ),
        rules=2,
        examples=7,
    )


def test_a_guard_that_kept_a_match_back_is_named(house: Callable[..., Path]) -> None:
    """An author sees why an example does not match."""
    guards = """\
        - guard: negated
          direction: forward
          reach: clause
          cues: ["not"]
        """
    rules = """\
        - id: fooled
          category: hype
          severity: warning
          tier: strong
          check: {type: phrase, any: ["great"]}
          guards: {negated: drop}
          message: "No."
          flags: ["It is not «great»."]
        """
    problems = check_paths([house(rules, guards=dedent(guards))]).problems
    assert problems[0].text == (
        "flags: “It is not great.”\n    expected «great»\n    got      nothing\n"
        "    kept back by guard negated: “not”"
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["house"], 1),
        (["house", "--strict"], 1),
        (["house/rules.yaml"], 1),
        (["good"], 0),
        (["good", "--strict"], 1),
        (["complete", "--strict"], 0),
        (["."], 1),
        (["broken.yaml"], 2),
        (["broken.yaml", "house"], 2),
        (["gone"], 2),
        ([], 2),
    ],
)
def test_the_exit_code_says_how_it_went(
    house: Callable[..., Path], arguments: list[str], code: int
) -> None:
    """1 for a wrong example, or with --strict anything missing; 2 where a file does not load."""
    house()
    right = dedent(RULES).partition("- id: wrong")[0]
    for name, rules in (("good", right), ("complete", right.replace(', "magic"', ""))):
        Path(name).mkdir()
        Path(name, "ruleset.yaml").write_text(HEAD.replace("house", name))
        Path(name, "sources.yaml").write_text(SOURCES)
        Path(name, "rules.yaml").write_text(rules)
    Path("broken.yaml").write_text("- id: x\n  serverity: error\n")
    assert cli.run(["test", *arguments]) == code


def test_what_goes_wrong_is_printed(
    house: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """Problems with their place, notes marked as such, and a summary; --quiet prints errors."""
    house()
    cli.run(["test", "house"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "house/rules.yaml:1: right: no example exercises the phrase “magic”  (note)"
    assert lines[1] == "house/rules.yaml:19: wrong: flags: “A great and huge thing.”"
    assert lines[-1] == (
        "7 examples of 2 rules: 3 failed. 2 parts missing; 1 phrase without an example."
    )
    cli.run(["test", "house", "-q"])
    assert capsys.readouterr().out.splitlines() == lines[1:-3]


def test_files_that_do_not_load_are_told_together(
    house: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """Every problem of every file, on standard error."""
    house("- id: x\n  serverity: error\n")
    Path("other.yaml").write_text("- [")
    assert cli.run(["test", "house", "other.yaml"]) == 2
    errors = capsys.readouterr().err.splitlines()
    unknown = "medlint: house/rules.yaml:2: unknown key “serverity”; did you mean “severity”?"
    assert unknown in errors
    assert errors[-1].startswith("medlint: other.yaml:2: not YAML")


def test_paths_stand_for_whole_rulesets(house: Callable[..., Path]) -> None:
    """A file means its ruleset, a folder of rulesets each of them, a single file itself."""
    house(other="[]")
    Path("house/lexicon").mkdir()
    Path("house/lexicon/a.yaml").write_text("[]")
    Path("loose.yaml").write_text("[]")
    for paths, expected in (
        (["house"], ["house"]),
        (["house/rules.yaml", "house/other.yaml", "house/lexicon/a.yaml", "house"], ["house"]),
        (["."], ["house"]),
        (["loose.yaml", "house"], ["loose.yaml", "house"]),
    ):
        assert discover(map(Path, paths)) == tuple(map(Path, expected))
