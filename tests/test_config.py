"""Settings: where they come from, which wins, and what is said about wrong ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from medlint.config import (
    Choices,
    Config,
    Name,
    Override,
    Settings,
    known_names,
    unknown_names,
)
from medlint.configfile import find, front_matter, read
from medlint.errors import ConfigError
from medlint.findings import Category, Product, Severity
from medlint.values import read_pyproject, read_yaml
from projects import written

if TYPE_CHECKING:
    from medlint.rules import Ruleset


FULL = """\
rulesets: [core, ./house]
product: unapproved
fail-on: error
rules:
  cure-verb: off
  hype: suggestion
select: [cure, hype]
ignore: readability
allow: ["there is no miracle cure"]
exclude: ["archive/", "*.tmp.md"]
disclosed-elsewhere: [missing-status]
readability: {grade: 9}
overrides:
  - files: ["products/*.md"]
    product: approved
    rules: {cure: warning}
"""


def test_every_key_of_a_configuration_is_read(folder: Path) -> None:
    """A full file gives every setting, with where each name stands."""
    expected = Config(
        root=folder,
        base=folder,
        path=".medlint.yaml",
        rulesets=(Name("core", ".medlint.yaml:1"), Name("./house", ".medlint.yaml:1")),
        fail_on=Severity.ERROR,
        exclude=("archive/", "*.tmp.md"),
        choices=Choices(
            product=Product.UNAPPROVED,
            rules={"cure-verb": False, "hype": Severity.SUGGESTION},
            select=("cure", "hype"),
            ignore=("readability",),
            allow=("there is no miracle cure",),
            disclosed_elsewhere=("missing-status",),
            readability={"grade": 9.0},
        ),
        overrides=(
            Override(
                ("products/*.md",),
                Choices(product=Product.APPROVED, rules={"cure": Severity.WARNING}),
            ),
        ),
        names=(
            Name("cure-verb", ".medlint.yaml:5"),
            Name("hype", ".medlint.yaml:6"),
            Name("cure", ".medlint.yaml:7"),
            Name("hype", ".medlint.yaml:7"),
            Name("readability", ".medlint.yaml:8"),
            Name("cure", ".medlint.yaml:16"),
        ),
    )
    assert read(written(folder, FULL)) == expected


def test_pyproject_says_the_same_as_yaml(folder: Path) -> None:
    """The table of a pyproject.toml holds the same keys."""
    toml = """\
[project]
name = "site"

[tool.medlint]
product = "unapproved"
fail-on = "error"
select = ["cure"]

[tool.medlint.rules]
cure-verb = "off"
hype = "suggestion"

[[tool.medlint.overrides]]
files = ["a.md"]
product = "device"
"""
    config = read(written(folder, toml, "pyproject.toml"))
    assert config.problems == ()
    assert config.fail_on is Severity.ERROR
    assert config.choices == Choices(
        product=Product.UNAPPROVED,
        rules={"cure-verb": False, "hype": Severity.SUGGESTION},
        select=("cure",),
    )
    assert config.overrides == (Override(("a.md",), Choices(product=Product.DEVICE)),)
    assert Name("cure-verb", "pyproject.toml:10") in config.names


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "~\n", "\ufeff"])
def test_an_empty_file_is_an_empty_configuration(folder: Path, text: str) -> None:
    """A file of comments only changes nothing."""
    config = read(written(folder, text))
    assert (config.choices, config.problems) == (Choices(), ())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("alow: [x]\n", "1: unknown key “alow”; did you mean “allow”?"),
        ("\nproduct: aproved\n", "2: “product” cannot be “aproved”; did you mean “approved”?"),
        ("product: [approved]\n", "1: “product” must be text, not a list"),
        ("fail-on: 3\n", "1: “fail-on” must be text, not a number; put quotation marks around it"),
        ("rules: [cure]\n", "1: “rules” must be a mapping, not a list"),
        ("rules:\n  cure: loud\n", "2: the rule “cure” can be off, suggestion, warning, error"),
        ("rules:\n  cure: [off]\n", "2: the rule “cure” can be off, suggestion, warning, error"),
        ("allow: {a: b}\n", "1: “allow” must be a list, not a mapping"),
        (
            "allow: [yes]\n",
            "1: “allow” must be text, not true or false; put quotation marks around it",
        ),
        ("readability: {grade: high}\n", "1: “grade” must be a number, not text"),
        ("readability: {grades: 9}\n", "1: unknown key “grades”; did you mean “grade”?"),
        (
            "disclosed-elsewhere: [missing-risks]\n",
            "1: “missing-risks” cannot be disclosed elsewhere; did you mean “missing-risk”?",
        ),
        (
            "overrides:\n  - product: device\n",
            "2: an override needs “files”, the globs it holds for",
        ),
        ("overrides:\n  - files: a.md\n    exclude: [b]\n", "3: unknown key “exclude”"),
        ("- product\n", "1: the configuration must be a mapping, not a list"),
        ("product: device\nproduct: device\n", "2: “product” stands here twice"),
    ],
)
def test_a_mistake_is_named_with_its_line(folder: Path, text: str, problem: str) -> None:
    """Each wrong key, type or value names file, line, cause and the nearest right word."""
    try:
        problems = read(written(folder, text)).problems
    except ConfigError as error:
        problems = (str(error),)
    assert len(problems) == 1
    assert problems[0].startswith(f".medlint.yaml:{problem}")


def test_every_mistake_is_told_at_once(folder: Path) -> None:
    """Wrong keys, values and unknown rules come together."""
    config = read(written(folder, "prodct: x\nfail-on: never\nselect: [cure, kure]\n"))
    with pytest.raises(ConfigError) as raised:
        config.checked(frozenset(("cure",)))
    assert str(raised.value).splitlines() == [
        ".medlint.yaml:1: unknown key “prodct”; did you mean “product”?",
        ".medlint.yaml:2: “fail-on” cannot be “never”; use one of: error, suggestion, warning",
        ".medlint.yaml:3: there is no rule or category “kure”; did you mean “cure”?",
    ]


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("a: [1\n", "2: this is not valid YAML"),
        ("a: !!python/object:os.system x\n", "1: the tag"),
        ("a: 1\n---\nb: 2\n", "2: a second YAML document"),
        ("? [a]\n: b\n", "1: a key must be text"),
        ("a: &a [*a]\n", "1: “*a” stands for no finished value above it"),
        ("[" * 100_000, "1: nested more than 20 deep"),
        ("{a: " * 50, "1: nested more than 20 deep"),
    ],
)
def test_what_is_no_configuration_is_refused(folder: Path, text: str, cause: str) -> None:
    """Broken or hostile YAML is an error with a line, never a crash."""
    with pytest.raises(ConfigError) as raised:
        read(written(folder, text))
    assert str(raised.value).startswith(f".medlint.yaml:{cause}")


def test_an_alias_bomb_is_refused(folder: Path) -> None:
    """Aliases that would multiply into billions of values are no configuration."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 15)]
    with pytest.raises(ConfigError) as raised:
        read(written(folder, "\n".join([*lines, "allow: *a14"])))
    assert str(raised.value) == ".medlint.yaml:6: more than 200,000 values, aliases written out"


def test_aliases_that_repeat_a_long_list_are_refused(folder: Path) -> None:
    """A file of 100 KB cannot make medlint hold gigabytes."""
    globs = ", ".join(["a"] * 10_000)
    text = f"overrides: [&o {{files: [{globs}]}}{', *o' * 20_000}]\n"
    with pytest.raises(ConfigError, match="more than 200,000 values"):
        read(written(folder, text))


def test_an_alias_may_repeat_a_value(folder: Path) -> None:
    """An honest alias works."""
    config = read(written(folder, "select: &both [cure, hype]\nignore: *both\n"))
    assert (config.choices.select, config.choices.ignore) == (("cure", "hype"), ("cure", "hype"))


def test_undecodable_and_missing_files_are_errors(folder: Path) -> None:
    """A configuration that cannot be read says why."""
    path = folder / ".medlint.yaml"
    path.write_bytes(b"allow: [\xff]\n")
    with pytest.raises(ConfigError, match=r"is not UTF-8 \(byte 8\); save it as UTF-8"):
        read(path)
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        read(folder / "none.yaml")
    with pytest.raises(ConfigError, match=r"there is no \[tool.medlint\] table"):
        read(written(folder, "[tool.ruff]\n", "pyproject.toml"))
    with pytest.raises(ConfigError, match=r"a \.yaml file or a pyproject\.toml"):
        read(written(folder, "x", "settings.ini"))


def test_broken_toml_names_its_line() -> None:
    """A pyproject.toml that is no TOML says where."""
    with pytest.raises(ConfigError, match=r"^pyproject\.toml:2: this is not valid TOML"):
        read_pyproject("[tool.medlint]\nproduct = \n", "pyproject.toml")


def test_the_nearest_file_upwards_is_found(folder: Path) -> None:
    """The search goes up, and passes a pyproject.toml without a table for medlint."""
    top = written(folder, "product: device\n")
    inner = folder / "site" / "blog"
    inner.mkdir(parents=True)
    written(folder / "site", "[tool.ruff]\n# medlint\n", "pyproject.toml")
    assert find(inner) == top
    table = written(inner, "[tool.medlint]\n", "pyproject.toml")
    assert find(inner) == table
    nearest = written(inner, "")
    assert find(inner) == nearest


def test_extends_lays_one_file_over_another(folder: Path) -> None:
    """The extending file wins; rules merge, lists add up, ruleset paths count from their file."""
    written(
        folder,
        "rulesets: [us, ./house]\nproduct: device\nrules: {cure: off, hype: off}\nallow: [a]\n",
        "shared/base.yaml",
    )
    path = written(folder, "extends: shared/base.yaml\nrules: {hype: error}\nallow: [b]\n")
    config = read(path)
    assert config.problems == ()
    assert [name.text for name in config.rulesets] == ["us", "shared/./house"]
    assert config.choices == Choices(
        product=Product.DEVICE,
        rules={"cure": False, "hype": Severity.ERROR},
        allow=("a", "b"),
    )
    assert config.root == folder


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({".medlint.yaml": "extends: ../other.yaml\n"}, "“extends” leaves the folder"),
        ({".medlint.yaml": "extends: /etc/medlint.yaml\n"}, "“extends” leaves the folder"),
        ({".medlint.yaml": "extends: none.yaml\n"}, "“extends” names none.yaml, and there is no"),
        (
            {".medlint.yaml": "extends: a.yaml\n", "a.yaml": "extends: .medlint.yaml\n"},
            "“extends” goes round in a circle: .medlint.yaml → a.yaml → .medlint.yaml",
        ),
        ({".medlint.yaml": "extends: .medlint.yaml\n"}, "“extends” goes round in a circle"),
    ],
)
def test_a_wrong_extends_is_a_problem(folder: Path, files: dict[str, str], problem: str) -> None:
    """Leaving the folder, going in a circle and naming nothing are problems with a line."""
    for name, text in files.items():
        written(folder / "site", text, name)
    (folder / "other.yaml").write_text("product: device\n")
    config = read(folder / "site" / ".medlint.yaml")
    assert len(config.problems) == 1
    assert problem in config.problems[0]


def test_a_link_does_not_lead_extends_out_of_its_folder(folder: Path) -> None:
    """What counts is where the file is, not what a link calls it."""
    written(folder, "product: device\n", "secret.yaml")
    path = written(folder / "site", "extends: linked.yaml\n")
    (folder / "site" / "linked.yaml").symlink_to(folder / "secret.yaml")
    assert "“extends” leaves the folder" in read(path).problems[0]


def test_overrides_hold_for_the_drafts_they_match(folder: Path) -> None:
    """Globs count from the configuration's folder; later overrides win."""
    config = read(
        written(
            folder,
            "product: service\nallow: [a]\noverrides:\n"
            "  - {files: ['blog/'], product: device, allow: [b]}\n"
            "  - {files: ['*.html', 'blog/new.md'], product: approved}\n",
        )
    )
    products = {
        name: config.choices_for(folder / name).product
        for name in ("a.md", "blog/a.md", "blog/new.md", "x/y.html", "x/blog/a.md")
    }
    assert products == {
        "a.md": Product.SERVICE,
        "blog/a.md": Product.DEVICE,
        "blog/new.md": Product.APPROVED,
        "x/y.html": Product.APPROVED,
        "x/blog/a.md": Product.DEVICE,
    }
    assert config.choices_for(folder / "blog/a.md").allow == ("a", "b")
    assert config.choices_for(Path("/elsewhere/a.html")).product is Product.APPROVED


def test_layers_add_up_as_documented() -> None:
    """Product and select replace, rules merge, the other lists add up."""
    under = Choices(
        product=Product.DEVICE,
        rules={"a": False, "b": Severity.ERROR},
        select=("a",),
        ignore=("x",),
        readability={"grade": 8.0},
    )
    over = Choices(rules={"a": Severity.WARNING}, select=(), ignore=("y",), allow=("p",))
    assert under.under(over) == Choices(
        product=Product.DEVICE,
        rules={"a": Severity.WARNING, "b": Severity.ERROR},
        select=(),
        ignore=("x", "y"),
        allow=("p",),
        readability={"grade": 8.0},
    )
    assert under.under(over).settings() == Settings(
        product=Product.DEVICE,
        rules={"a": Severity.WARNING, "b": Severity.ERROR},
        ignore=frozenset(("x", "y")),
        allow=("p",),
        options={"readability": {"grade": 8.0}},
    )


@pytest.mark.parametrize(
    ("settings", "severity"),
    [
        (Settings(), Severity.WARNING),
        (Settings(rules={"hype": Severity.ERROR}), Severity.ERROR),
        (Settings(rules={"hype": False, "magic": Severity.ERROR}), Severity.ERROR),
        (Settings(rules={"hype": Severity.ERROR, "magic": False}), None),
        (Settings(select=frozenset(("cure",))), None),
        (Settings(select=frozenset(("hype",))), Severity.WARNING),
        (Settings(select=frozenset(("magic",))), Severity.WARNING),
        (Settings(ignore=frozenset(("hype",))), None),
        (Settings(ignore=frozenset(("magic",)), select=frozenset(("hype",))), None),
        (Settings(ignore=frozenset(("hype",)), select=frozenset(("magic",))), Severity.WARNING),
    ],
)
def test_the_narrower_name_decides(settings: Settings, severity: Severity | None) -> None:
    """A rule's id says more than its category."""
    assert settings.severity("magic", Category.HYPE, Severity.WARNING) is severity


def test_a_rule_that_is_off_is_switched_on_by_its_own_name(mini: Ruleset) -> None:
    """A category's severity does not wake the rules that a ruleset leaves off; options do."""
    rule = mini.rule("magic-word")
    assert rule is not None
    off = replace(rule, enabled=False)
    assert {
        name: settings.is_on(off)
        for name, settings in {
            "nothing": Settings(),
            "category": Settings(rules={"hype": Severity.ERROR}),
            "rule": Settings(rules={"magic-word": Severity.ERROR}),
            "selected": Settings(select=frozenset(("magic-word",))),
            "options": Settings(options={"hype": {"grade": 9.0}}),
            "rule off": Settings(rules={"magic-word": False}, options={"hype": {"grade": 9.0}}),
        }.items()
    } == {
        "nothing": False,
        "category": False,
        "rule": True,
        "selected": True,
        "options": True,
        "rule off": False,
    }


def test_front_matter_sets_product_and_rules() -> None:
    """A draft may carry its own product and rules, and nothing else."""
    source = "---\ntitle: x\nmedlint:\n  product: approved\n---\n"
    data = {"title": "x", "medlint": {"product": "approved", "rules": {"cure": False}}}
    assert front_matter(data, "a.md", source) == (
        Choices(product=Product.APPROVED, rules={"cure": False}),
        [Name("cure", "a.md:3")],
    )
    assert front_matter({"title": "x"}, "a.md", source) == (Choices(), [])
    with pytest.raises(ConfigError) as raised:
        front_matter({"medlint": {"allow": ["x"], "product": "new"}}, "a.md", source)
    assert str(raised.value).splitlines() == [
        "a.md:3: unknown key “allow”; use one of: product, rules",
        (
            "a.md:3: “product” cannot be “new”; use one of: approved, auto, device, "
            "investigational, service, supplement, unapproved"
        ),
    ]


def test_names_may_be_rules_categories_or_the_tools_own(mini: Ruleset) -> None:
    """Everything that findings carry can be named."""
    names = [Name(text, "--select") for text in ("magic-word", "hype", "unused-suppression", "hyp")]
    assert unknown_names(names, known_names(mini)) == [
        "--select: there is no rule or category “hyp”; did you mean “hype”?"
    ]


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("off", False),
        ("'off'", "off"),
        ("Yes", True),
        ("~", None),
        ("12", 12),
        ("-3", -3),
        ("1.5", 1.5),
        ("1.5.2", "1.5.2"),
        ("9" * 30, "9" * 30),
        ('"12"', "12"),
        ("|\n  a\n  b\n", "a\nb\n"),
    ],
)
def test_scalars_read_as_in_yaml(text: str, data: object) -> None:
    """Plain scalars are what a configuration needs of YAML 1.1; quoted ones are text."""
    entries = read_yaml(f"key: {text}", "x").entries
    assert entries is not None
    assert (entries["key"].data, type(entries["key"].data)) == (data, type(data))


def test_settings_describe_themselves() -> None:
    """What is set, in words; what is not set is left out, but for the product."""
    assert Settings().described() == (("Product", "auto"),)
    settings = Settings(
        product=Product.DEVICE,
        rules={"hype": Severity.ERROR, "cure": False},
        select=frozenset(("hype", "cure")),
        ignore=frozenset(("magic",)),
        allow=("no miracle", "none"),
        disclosed_elsewhere=frozenset(("missing-risk",)),
        options={"readability": {"metric": "smog", "grade": 9}},
    )
    assert settings.described() == (
        ("Product", "device"),
        ("Only", "cure, hype"),
        ("Without", "magic"),
        ("Rules set", "cure: off, hype: error"),
        ("Readability", "grade: 9, metric: smog"),
        ("Allowed phrases", "“no miracle”, “none”"),
        ("Disclosed elsewhere", "missing-risk"),
    )
