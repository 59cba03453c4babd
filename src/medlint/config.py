"""What a user can set, where, and what holds for one draft.

Settings come in layers, each over the one before: the configuration that `extends` names, the
configuration file itself, its `overrides` that match the draft, the draft's own front matter,
the command line. In each layer `product` and `select` replace, `rules` and `readability` merge
key by key, and the other lists add up. Front matter and command line hold no approvals: a draft
cannot approve its own claims.
"""

from __future__ import annotations

import os
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from medlint.errors import ConfigError
from medlint.findings import Category, Product, Severity
from medlint.globs import matcher
from medlint.records import dataclass, field, names_of, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from medlint.findings import Approval, Standing
    from medlint.rules import Rule, Ruleset

# Rules of the tool itself: they have no entry in a ruleset but can be named like the others.
SUPPRESSION_RULES = (
    "unknown-suppression",
    "unused-suppression",
    "expired-approval",
    "pending-approval",
)

# What a page may owe, and a site may say elsewhere: in the footer of every page, say.
ELSEWHERE = (Category.MISSING_RISK, Category.MISSING_STATUS, Category.MISSING_TYPICALITY)

# Settings that do not expire, and the day itself, which matters only to those that do.
_LASTING = frozenset("product rules select ignore allow disclosed_elsewhere options today".split())

OnOff = Severity | Literal[False]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What holds for one draft; rules are named by id or by category.

    `rules` gives a severity or False for off; an empty `select` means all; `options` holds the
    settings of a rule or category by name (`readability`: grade, metric). `approved` are the
    approvals that hold for the draft's path and product. `today` is for what expires.
    """

    product: Product = Product.AUTO
    rules: Mapping[str, OnOff] = field(default_factory=dict)
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    allow: tuple[str, ...] = ()
    approved: tuple[Approval, ...] = ()
    disclosed_elsewhere: frozenset[str] = frozenset()
    options: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    today: date | None = None

    def severity(self, rule: str, category: Category, usual: Severity) -> Severity | None:
        """Return the severity of a rule's findings, or None where the rule is off.

        A rule's id says more than its category: it wins wherever the two disagree.
        """
        chosen = self.rules.get(rule, self.rules.get(category.value))
        if chosen is False or rule in self.ignore:
            return None
        if category.value in self.ignore and rule not in self.select:
            return None
        if self.select and self.select.isdisjoint((rule, category.value)):
            return None
        return usual if chosen is None else chosen

    @property
    def is_dated(self) -> bool:
        """Tell whether a report may depend on the day, because something set here may expire."""
        # Whatever is added later counts as dated until it is known not to be.
        return any(bool(getattr(self, each)) for each in names_of(self) if each not in _LASTING)

    def described(self) -> tuple[tuple[str, str], ...]:
        """Return what is set, as names and values for people to read; the product always."""
        rules = (f"{name}: {level or 'off'}" for name, level in sorted(self.rules.items()))
        options = (
            f"{name}: {value}"
            for _, values in sorted(self.options.items())
            for name, value in sorted(values.items())
        )
        settings = (
            ("Product", self.product.value),
            ("Only", ", ".join(sorted(self.select))),
            ("Without", ", ".join(sorted(self.ignore))),
            ("Rules set", ", ".join(rules)),
            ("Readability", ", ".join(options)),
            ("Allowed phrases", ", ".join(f"“{phrase}”" for phrase in self.allow)),
            ("Approved claims", ", ".join(f"“{each.text}”" for each in self.approved)),
            ("Disclosed elsewhere", ", ".join(sorted(self.disclosed_elsewhere))),
        )
        return tuple((name, value) for name, value in settings if value)

    def standings(self) -> tuple[Standing, ...]:
        """Return whether each approval counts today: all that depends on the day.

        Whoever keeps the outcome of a run needs these beside everything else that is set, and not
        `today` itself, which changes every night. That an approval ends soon is worked out from the
        report and its own day.
        """
        return tuple(each.standing(self.today) for each in self.approved)

    def is_on(self, rule: Rule) -> bool:
        """Tell whether a rule takes part: switched on, selected, and not ignored.

        A rule that its ruleset leaves off is switched on by its own name, or by options.
        """
        usual = rule.severity_for(self.product)
        if self.severity(rule.id, rule.category, usual) is None:
            return False
        if rule.enabled or rule.id in self.rules or rule.id in self.select:
            return True
        return rule.id in self.options or rule.category.value in self.options


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What one layer sets; None where it leaves a thing alone."""

    product: Product | None = None
    rules: Mapping[str, OnOff] = field(default_factory=dict)
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    approved: tuple[Approval, ...] = ()
    disclosed_elsewhere: tuple[str, ...] = ()
    readability: Mapping[str, object] = field(default_factory=dict)

    def under(self, over: Choices) -> Choices:
        """Return these choices with those of a layer laid over them."""
        return Choices(
            product=over.product or self.product,
            rules={**self.rules, **over.rules},
            select=self.select if over.select is None else over.select,
            ignore=self.ignore + over.ignore,
            allow=self.allow + over.allow,
            approved=self.approved + over.approved,
            disclosed_elsewhere=self.disclosed_elsewhere + over.disclosed_elsewhere,
            readability={**self.readability, **over.readability},
        )

    def settings(self, today: date | None = None) -> Settings:
        """Return these choices as the settings of a draft.

        An approval for certain products counts only where the draft's is declared as one of them.
        """
        product = self.product or Product.AUTO
        return Settings(
            product=product,
            rules=self.rules,
            select=frozenset(self.select or ()),
            ignore=frozenset(self.ignore),
            allow=self.allow,
            approved=tuple(
                each for each in self.approved if not each.products or product in each.products
            ),
            disclosed_elsewhere=frozenset(self.disclosed_elsewhere),
            options={Category.READABILITY.value: self.readability} if self.readability else {},
            today=today,
        )


@dataclass(frozen=True, slots=True)
class Override:
    """Choices for the drafts that one of the globs matches."""

    files: tuple[str, ...]
    choices: Choices


@dataclass(frozen=True, slots=True)
class Name:
    """A rule, category or ruleset as a configuration names it, and where."""

    text: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A configuration file with what it extends, or the defaults.

    `root` is the folder that globs count from and `base` the one that rulesets count from.
    `problems` holds everything wrong with it, a line each; `names` every rule or category it
    names, to be compared with the rules once they are loaded.
    """

    root: Path
    base: Path
    path: str = ""
    rulesets: tuple[Name, ...] = ()
    fail_on: Severity = Severity.WARNING
    exclude: tuple[str, ...] = ()
    choices: Choices = field(default_factory=Choices)
    overrides: tuple[Override, ...] = ()
    names: tuple[Name, ...] = ()
    problems: tuple[str, ...] = ()

    @classmethod
    def default(cls, root: Path) -> Config:
        """Return what holds where there is no configuration."""
        return cls(root=root, base=root)

    def choices_for(self, path: Path) -> Choices:
        """Return the choices for a draft, overrides included and others' approvals left out."""
        if not self.overrides and not any(each.files for each in self.choices.approved):
            return self.choices
        relative = below(path, self.root)
        layers = (o.choices for o in self.overrides if matcher(o.files)(relative))
        choices = reduce(Choices.under, layers, self.choices)
        approved = tuple(
            each for each in choices.approved if not each.files or matcher(each.files)(relative)
        )
        return replace(choices, approved=approved)

    @property
    def approvals(self) -> tuple[Approval, ...]:
        """All approvals, whichever drafts they are for."""
        layers = (self.choices, *(override.choices for override in self.overrides))
        return tuple(each for choices in layers for each in choices.approved)

    def checked(self, known: frozenset[str]) -> Config:
        """Return the configuration, sure to name only rules and categories that there are.

        Raises:
            ConfigError: it names others, or has problems of its own; all are told at once.
        """
        problems = (*self.problems, *unknown_names(self.names, known))
        if problems:
            raise ConfigError("\n".join(sorted(problems, key=_place)))
        return self


def _place(problem: str) -> tuple[str, int]:
    """Return the path and line that a problem begins with, for sorting."""
    drive, start = os.path.splitdrive(problem)
    path, _, rest = start.partition(":")
    line = rest.partition(":")[0]
    return drive + path, int(line) if line.isdigit() else 0


def known_names(ruleset: Ruleset) -> frozenset[str]:
    """Return everything that settings may name: rule ids and categories."""
    return frozenset(
        (*(rule.id for rule in ruleset.rules), *(c.value for c in Category), *SUPPRESSION_RULES)
    )


def unknown_names(names: Iterable[Name], known: frozenset[str]) -> list[str]:
    """Return a line for each name that is neither a rule nor a category."""
    return [
        f"{name.where}: there is no rule or category “{name.text}”{nearest(name.text, known)}"
        for name in names
        if name.text not in known
    ]


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint at the nearest right word, to stand behind a message."""
    from medlint import schema  # noqa: PLC0415  only a mistake needs it

    return schema.nearest(word, sorted(known))


def absolute(path: Path) -> Path:
    """Return the path from the file system's root, links left as they are."""
    return Path(os.path.abspath(path))  # noqa: PTH100  resolve() would follow links


def below(path: Path, root: Path) -> str:
    """Return a path as globs see it from `root`: outside it, a bare name."""
    whole = absolute(path)
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else whole.name
