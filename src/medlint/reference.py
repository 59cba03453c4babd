"""The generated manual: a page of rules for each category, and JSON Schemas of rule files."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from medlint.auditrecords import AuditRecord
from medlint.findings import Category, Product
from medlint.reporters import NOTICE, counted
from medlint.reporters.catalogue import marked
from medlint.rulefiles import FILE_TYPES, LEXICON_TYPE, RULES_TYPE
from medlint.rules import GuardAction
from medlint.schema import json_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from medlint.rules import Example, Rule, Ruleset

GENERATED = "<!-- Generated from the rulesets; `python3 tasks.py docs` writes this page anew. -->"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SPECIAL = re.compile(r"([\\`*_\[\]<>])")
_NAME = re.compile(r"\{([a-z][a-z0-9_]*)\}")

ABOUT: Mapping[Category, str] = {
    Category.ABSOLUTE_EFFICACY: "A benefit promised as certain, lasting, or there for everyone.",
    Category.CURE: "A cure, said or implied: the disease gone, turned back or stopped, what was "
    "lost restored, the cause removed, medicines no longer needed.",
    Category.SAFETY: "Risk denied or made small.",
    Category.SUPERIORITY: "Better than others, or than usual care, without support.",
    Category.HYPE: "Words of promotion that say nothing that could be checked.",
    Category.EVIDENCE: "Evidence claimed without a citation, or stretched beyond what it shows.",
    Category.ENDORSEMENT: "Approval, experts, awards, patients' stories.",
    Category.INDUCEMENT: "Pressure of time, discounts, gifts.",
    Category.VULNERABILITY: "Pressure on people who are desperate.",
    Category.TREATMENT_CLAIM: "A product said to treat, help or improve a named complaint.",
    Category.MISSING_RISK: "Benefits without a material risk.",
    Category.MISSING_STATUS: "An unapproved or investigational product not called so.",
    Category.MISSING_TYPICALITY: "Stories of outcomes without what patients generally get.",
    Category.DUPLICATE_ITEM: "The same item twice in a list.",
    Category.READABILITY: "Text for patients that is hard to read. Off unless configured.",
}


def pages(ruleset: Ruleset, views: Mapping[str, Ruleset] | None = None) -> dict[str, str]:
    """Return the rule reference: file names with their Markdown.

    Args:
        ruleset: all rules.
        views: each jurisdiction's ruleset by name, core's first; where one makes a rule stricter,
            the rule's section says so.
    """
    views = views or {}
    by_category = {
        category: sorted(
            (rule for rule in ruleset.rules if rule.category is category),
            key=lambda rule: rule.id,
        )
        for category in ABOUT
    }
    written = {category: rules for category, rules in by_category.items() if rules}
    result = {
        f"{category.value}.md": _joined(_category_page(category, rules, views))
        for category, rules in written.items()
    }
    return {
        "index.md": _joined(_index_page(ruleset, written)),
        "guards.md": _joined(_guards_page(ruleset)),
        **result,
    }


def _index_page(ruleset: Ruleset, written: Mapping[Category, list[Rule]]) -> Iterator[str]:
    yield "# Rules"
    yield ""
    yield GENERATED
    yield ""
    names = ", ".join(f"{info.name} {info.version}" for info in ruleset.infos)
    yield f"{counted(len(ruleset.rules), 'rule')} of the rulesets {names}. {NOTICE}"
    yield ""
    yield "| Category | About | Rules |"
    yield "|---|---|---|"
    for category, rules in written.items():
        yield f"| [{category.value}]({category.value}.md) | {ABOUT[category]} | {len(rules)} |"
    yield ""
    yield "[Jurisdictions](jurisdictions.md) differ in severity and have rules of their own."
    yield "[Guards](guards.md) keep matches that are no claims from being reported."
    yield "The tool's own findings, `unknown-suppression` and `unused-suppression`, are explained"
    yield "under [suppressions](../suppressions.md), `expired-approval` and `pending-approval`"
    yield "under [approved claims](../approved-claims.md)."


def _guards_page(ruleset: Ruleset) -> Iterator[str]:
    yield "# Guards"
    yield ""
    yield GENERATED
    yield ""
    yield "What turns a match into no claim, or a weaker one:"
    yield "[how guards work](../guards-and-register.md). The last columns count the rules whose"
    yield "matches it drops, and those whose severity it lowers."
    yield ""
    yield "| Guard | About | Match stands | Reach | Drops | Lowers |"
    yield "|---|---|---|---|---|---|"
    sides = {"forward": "after the cue", "backward": "before the cue", "both": "on either side"}
    for guard in ruleset.guards:
        actions = [rule.guards.get(guard.name) for rule in ruleset.rules]
        counts = f"{actions.count(GuardAction.DROP)} | {actions.count(GuardAction.DOWNGRADE)}"
        place = f"{sides[guard.direction.value]} | {guard.reach.value}"
        yield f"| {guard.name} | {_escaped(guard.about)} | {place} | {counts} |"


def jurisdictions(ruleset: Ruleset, views: Mapping[str, Ruleset]) -> str:
    """Return the page that compares jurisdictions: core's view first, then the others'."""
    return _joined(_jurisdictions_page(ruleset, views))


def _jurisdictions_page(ruleset: Ruleset, views: Mapping[str, Ruleset]) -> Iterator[str]:
    first, *laws = views
    yield "# Rules by jurisdiction"
    yield ""
    yield GENERATED
    yield ""
    yield f"How severe a rule is in `{first}` and where a jurisdiction differs. An empty cell means"
    yield f"“as in `{first}`”; a dash means that there is no such rule. “error: unapproved” is the"
    yield "severity for that product status. Of several jurisdictions the stricter severity holds:"
    yield f"[how they work](../jurisdictions.md). {NOTICE}"
    ordered = sorted(ruleset.rules, key=lambda rule: rule.id)
    for category in ABOUT:
        rules = [rule for rule in ordered if rule.category is category]
        if rules:
            yield ""
            yield f"## {category.value}"
            yield ""
            yield f"| Rule | {' | '.join(views)} |"
            yield "|---" * (len(views) + 1) + "|"
            yield from (_compared(rule, views) for rule in rules)
    for law in laws:
        own = [rule for rule in ordered if rule.ruleset not in views and views[law].rule(rule.id)]
        own += [rule for rule in ordered if rule.ruleset == law]
        yield ""
        yield f"## Beyond core: {law}"
        yield ""
        for rule in sorted(own, key=lambda rule: rule.id):
            seen = views[law].rule(rule.id) or rule
            titles = "; ".join(
                map(_source, (s for s in seen.sources if s.id.startswith(f"{law}.")))
            )
            yield f"- [{rule.id}]({rule.category.value}.md#{rule.id}): {titles}"


def _compared(rule: Rule, views: Mapping[str, Ruleset]) -> str:
    cells = [f"[{rule.id}]({rule.category.value}.md#{rule.id})"]
    usual = ""
    for number, view in enumerate(views.values()):
        seen = view.rule(rule.id)
        text = _levels(seen) if seen is not None else "—"
        cells.append("" if number and text == usual else text)
        usual = usual or text
    return f"| {' | '.join(cells)} |"


def _category_page(
    category: Category, rules: Iterable[Rule], views: Mapping[str, Ruleset]
) -> Iterator[str]:
    yield f"# {category.value}"
    yield ""
    yield GENERATED
    yield ""
    yield f"{ABOUT[category]} {NOTICE}"
    for rule in rules:
        yield ""
        yield from _section(rule, views)


def _section(rule: Rule, views: Mapping[str, Ruleset]) -> Iterator[str]:
    yield f"## {rule.id}"
    yield ""
    yield _escaped(_NAME.sub(lambda name: _placeholder(name[1]), rule.message))
    if rule.advice:
        yield ""
        yield _escaped(rule.advice)
    yield ""
    yield from _severity_lines(rule, views)
    yield f"- Tier: {rule.tier.value}"
    if rule.products:
        yield f"- Only for products that are {', '.join(rule.products)}"
    yield f"- Ruleset: {rule.ruleset}"
    yield from _guards(rule)
    yield from _listed("Flagged", map(_example, rule.flags))
    yield from _listed("Left alone", map(_example, rule.allows))
    yield from _listed("To write instead", (_escaped(each.text) for each in rule.rewrites))
    yield from _listed("Why", map(_source, rule.sources))


def _levels(rule: Rule) -> str:
    """Return severities for a table: the usual one, then the products that each other is for."""
    if not rule.enabled:
        return "off"
    usual = rule.severity_for(Product.AUTO)
    products: dict[str, list[str]] = {}
    for product, level in rule.severity.items():
        if level is not usual:
            products.setdefault(level.value, []).append(product.value)
    return "; ".join(
        (usual.value, *(f"{key}: {', '.join(each)}" for key, each in products.items()))
    )


def _severity_lines(rule: Rule, views: Mapping[str, Ruleset]) -> Iterator[str]:
    seen = {name: view.rule(rule.id) for name, view in views.items()}
    texts = {name: _severities(view) for name, view in seen.items() if view is not None}
    usual = texts.get(rule.ruleset) or next(iter(texts.values()), _severities(rule))
    yield f"- Severity: {usual}"
    yield from (f"- Severity under {name}: {text}" for name, text in texts.items() if text != usual)


def _severities(rule: Rule) -> str:
    usual = rule.severity_for(Product.AUTO)
    others = (
        f"{level.value} for {product.value}"
        for product, level in rule.severity.items()
        if level is not usual
    )
    text = ", ".join((usual.value, *others))
    return text if rule.enabled else f"{text}; off unless named or configured"


def _guards(rule: Rule) -> Iterator[str]:
    for title, wanted in (("Silenced", GuardAction.DROP), ("Lowered", GuardAction.DOWNGRADE)):
        names = [name for name, action in rule.guards.items() if action is wanted]
        if names:
            yield f"- {title} by: {', '.join(names)}"


def _listed(title: str, texts: Iterable[str]) -> Iterator[str]:
    items = list(texts)
    if items:
        yield ""
        yield f"{title}:"
        yield ""
        yield from (f"- {item}" for item in items)


def _example(example: Example) -> str:
    text = marked(example)
    if "\n" not in text.strip():
        return _escaped(text.strip())
    inside = "".join(f"  {line}".rstrip() + "\n" for line in text.strip().splitlines())
    return f"```text\n{inside}  ```"


def _escaped(text: str) -> str:
    """Return text that Markdown shows as it is."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _placeholder(name: str) -> str:
    return "…" if name == "match" else f"[{name}]"


def _source(source: Any) -> str:
    unchecked = "" if source.checked else " (citation not compared with its text)"
    return f"[{_escaped(source.title)}]({source.url}){unchecked}"


def _joined(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def schemas() -> dict[str, str]:
    """Return the JSON Schemas of a ruleset's files and of audit files, by file name."""
    kinds = {
        "rules": (RULES_TYPE, "A medlint rule file"),
        "lexicon": (LEXICON_TYPE, "A medlint lexicon file"),
        **{
            name.removesuffix(".yaml"): (kind, f"medlint's {name}")
            for name, kind in FILE_TYPES.items()
        },
    }
    kinds["audit"] = (AuditRecord, "A line of medlint's audit file")
    return {
        f"{name}.schema.json": _text({"$schema": _DIALECT, "title": title, **json_schema(kind)})
        for name, (kind, title) in kinds.items()
    }


def _text(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
