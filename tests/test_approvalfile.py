"""Entries of approved claims: every key, every mistake, every place they may stand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from medlint.api import Linters, Options
from medlint.config import Choices, Name
from medlint.configfile import read
from medlint.errors import ConfigError
from medlint.findings import Approval, Product
from projects import written

if TYPE_CHECKING:
    from pathlib import Path

REST = """\
    reference: "File 12"
    approver: "A. Example"
    date: 2026-01-31
    expires: 2027-01-31
"""


def problems(folder: Path, entry: str) -> list[str]:
    """Return what is said about a configuration with this entry, its path left out."""
    config = read(written(folder, f"approved:\n{entry}"))
    return [problem.removeprefix(".medlint.yaml:") for problem in config.problems]


CLAIM = Approval(
    text="It eases stiff knees",
    reference="File 12",
    approver="A. Example",
    date=date(2026, 1, 31),
    expires=date(2027, 1, 31),
    where=".medlint.yaml:2",
)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_key_of_an_entry_is_read(folder: Path, end: str) -> None:
    """A claim, and a phrase that is limited in every way; with either line end."""
    text = (
        f'approved:\n  - claim: "It eases\n      stiff knees"\n{REST}'
        f'  - phrase: "ease~ {{symptom}}"\n{REST}'
        "    rules: [cure, lasting-relief]\n    products: approved\n    files: [a/, '*.txt']\n"
    )
    config = read(written(folder, text.replace("\n", end)))
    assert config.problems == ()
    assert config.choices == Choices(
        approved=(
            CLAIM,
            Approval(
                text="ease~ {symptom}",
                is_phrase=True,
                reference="File 12",
                approver="A. Example",
                date=date(2026, 1, 31),
                expires=date(2027, 1, 31),
                rules=("cure", "lasting-relief"),
                products=(Product.APPROVED,),
                files=("a/", "*.txt"),
                where=".medlint.yaml:8",
            ),
        )
    )
    assert config.names == (
        Name("cure", ".medlint.yaml:13"),
        Name("lasting-relief", ".medlint.yaml:13"),
    )


def test_pyproject_holds_them_with_dates_of_its_own(folder: Path) -> None:
    """A date of TOML is as good as a text."""
    toml = """\
[[tool.medlint.approved]]
claim = "It eases stiff knees"
reference = "File 12"
approver = "A. Example"
date = 2026-01-31
expires = "2027-01-31"
"""
    config = read(written(folder, toml, "pyproject.toml"))
    (approved,) = config.choices.approved
    assert config.problems == ()
    assert (approved.date, approved.expires) == (CLAIM.date, CLAIM.expires)
    assert approved.where == "pyproject.toml:1"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("  claim: x\n", ["1: “approved” must be a list, not a mapping"]),
        ("  - it eases\n", ["2: an approval must be a mapping, not text"]),
        (
            "  - claim: x y\n",
            [
                "2: an approval needs “reference”",
                "2: an approval needs “approver”",
                "2: an approval needs “date”",
                "2: an approval needs “expires”",
            ],
        ),
        (
            f"  - reference: a\n{REST.partition(chr(10))[2]}",
            ["2: an approval needs “claim” or “phrase”, the words it is about"],
        ),
        (
            f"  - claim: x\n    phrase: x\n{REST}",
            ["2: an approval needs “claim” or “phrase”, not both"],
        ),
        (
            f"  - claim: x\n{REST}    aprover: y\n",
            ["7: unknown key “aprover”; did you mean “approver”?"],
        ),
        (f"  - claim: ''\n{REST}", ["2: “claim” is empty"]),
        (f"  - claim: '...'\n{REST}", ["2: “claim” has no word in it: “...”"]),
        (f"  - claim: [x]\n{REST}", ["2: “claim” must be text, not a list"]),
        (
            f"  - claim: 100\n{REST}",
            ["2: “claim” must be text, not a number; put quotation marks around it"],
        ),
        (f"  - claim:\n{REST}", ["2: “claim” must be text, not empty"]),
        (f"  - phrase: '(x'\n{REST}", ["2: the approved phrase “(x”: “)” is missing"]),
        *(
            (
                f"  - phrase: '{phrase}'\n{REST}",
                [
                    (
                        f"2: the approved phrase “{phrase}” leaves words open; nobody has approved "
                        "those: write them out, or name a {concept}"
                    )
                ],
            )
            for phrase in ("eases ... pain", "eases .. pain", "eases {word} pain")
        ),
        (
            f"  - claim: x\n{REST.replace('2026-01-31', '31 January 2026')}",
            ["5: “date” must be a day such as 2026-01-31, not “31 January 2026”"],
        ),
        (
            f"  - claim: x\n{REST.replace('2026-01-31', '20260131')}",
            ["5: “date” must be a day such as 2026-01-31, not a number"],
        ),
        (
            f"  - claim: x\n{REST.replace('2026-01-31', '2026-W05-6')}",
            ["5: “date” must be a day such as 2026-01-31, not “2026-W05-6”"],
        ),
        (
            f"  - claim: x\n{REST.replace('2026-01-31', '2026-01-31T10:00:00')}",
            ["5: “date” must be a day such as 2026-01-31, not “2026-01-31T10:00:00”"],
        ),
        (
            f"  - claim: x\n{REST.replace('2027-01-31', '2027-02-29')}",
            ["6: “expires”: no calendar has the day “2027-02-29”"],
        ),
        (
            f"  - claim: x\n{REST.replace('2027-01-31', 'never')}",
            ["6: “expires” must be a day such as 2026-01-31, not “never”"],
        ),
        (
            f"  - claim: x\n{REST.replace('2027-01-31', '2026-01-31')}",
            ["6: “expires” (2026-01-31) must be later than “date” (2026-01-31)"],
        ),
        (
            f"  - phrase: '('\n{REST.replace('2027', '2025')}",
            [
                "2: the approved phrase “(”: “)” is missing",
                "6: “expires” (2025-01-31) must be later than “date” (2026-01-31)",
            ],
        ),
        (
            f"  - claim: x\n{REST}    products: [aproved]\n",
            ["7: “products” cannot be “aproved”; did you mean “approved”?"],
        ),
        (f"  - claim: x\n{REST}    rules: []\n", ["7: “rules” is empty; leave it out"]),
        (f"  - claim: x\n{REST}    files:\n", ["7: “files” is empty; leave it out"]),
        (
            f"  - claim: x\n{REST}    files: {{a: b}}\n",
            ["7: “files” must be a list, not a mapping"],
        ),
        (f"  - claim: x\n{REST}    rules: [3]\n", ["7: “rules” must hold text, not a number"]),
        (
            f"  - claim: x\n{REST}    files: ['!']\n",
            ["7: “!” is no glob: Invalid git pattern: '!'"],
        ),
    ],
)
def test_every_mistake_has_its_line_and_its_cause(
    folder: Path, entry: str, expected: list[str]
) -> None:
    """Everything that is wrong with an entry is told at once."""
    assert problems(folder, entry) == expected


def test_unknown_rules_and_concepts_are_told_when_the_rules_are_known(
    folder: Path, mini_folder: Path
) -> None:
    """With the line and the nearest right word; overrides are looked at too."""
    (folder / "mini").symlink_to(mini_folder)
    written(
        folder,
        f"rulesets: [./mini]\napproved:\n  - claim: x\n{REST}    rules: [kure-verb]\n",
    )
    with pytest.raises(ConfigError) as failed:
        Linters(Options()).linter_for(folder)
    assert str(failed.value) == (
        ".medlint.yaml:8: there is no rule or category “kure-verb”; did you mean “cure-verb”?"
    )
    indented = REST.replace("    ", "        ")
    written(
        folder,
        "rulesets: [./mini]\noverrides:\n  - files: a.md\n    approved:\n"
        f"      - phrase: 'cures {{diseas}}'\n{indented}",
    )
    with pytest.raises(ConfigError) as failed:
        Linters(Options()).linter_for(folder)
    assert str(failed.value) == (
        ".medlint.yaml:5: the approved phrase “cures {diseas}” names an unknown concept “diseas”; "
        "did you mean “disease”?"
    )


def test_layers_add_up(folder: Path) -> None:
    """What `extends` names, the file itself, an override: each says where its entries stand."""
    written(folder, f"approved:\n  - claim: one\n{REST}", "base/b.yaml")
    indented = REST.replace("    ", "        ")
    path = written(
        folder,
        f"extends: base/b.yaml\napproved:\n  - claim: two\n{REST}"
        f"overrides:\n  - files: [a.md]\n    approved:\n      - claim: three\n{indented}",
    )
    config = read(path)
    assert config.problems == ()
    found = [(each.text, each.where) for each in config.choices_for(folder / "a.md").approved]
    assert found == [
        ("one", "base/b.yaml:2"),
        ("two", ".medlint.yaml:3"),
        ("three", ".medlint.yaml:11"),
    ]
    assert [each.text for each in config.choices_for(folder / "b.md").approved] == ["one", "two"]
    assert [each.text for each in config.approvals] == ["one", "two", "three"]


def test_a_draft_cannot_approve_its_own_claims(folder: Path, mini_folder: Path) -> None:
    """Front matter may not hold them."""
    (folder / "mini").symlink_to(mini_folder)
    written(folder, "rulesets: [./mini]\n")
    linter = Linters(Options()).linter_for(folder)
    with pytest.raises(ConfigError) as failed:
        linter.lint_bytes(b"---\nmedlint: {approved: []}\n---\n\nIt cures ALS.\n", "a.md")
    assert str(failed.value) == "a.md:2: unknown key “approved”; use one of: product, rules"
