"""Shows what the rules are: a table, JSON, and one rule in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from medlint.findings import Product
from medlint.reporters import NOTICE, counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from medlint.rules import Example, Rule, Ruleset


def table(rules: Iterable[Rule], width: int) -> str:
    """Return the rules as a table, sorted by category and id."""
    rows = [
        (rule.id, rule.category.value, severity(rule), rule.ruleset, _about(rule))
        for rule in _sorted(rules)
    ]
    head = ("RULE", "CATEGORY", "SEVERITY", "RULESET", "WHAT TO DO")
    columns = [max(len(row[n]) for row in (head, *rows)) for n in range(4)]
    left = sum(columns) + 2 * len(columns)
    lines = []
    for row in (head, *rows):
        cells = "  ".join(cell.ljust(size) for cell, size in zip(row, columns, strict=False))
        lines.append(f"{cells}  {_cut(row[4], max(width - left, 20))}".rstrip())
    return "\n".join((*lines, "", f"{counted(len(rows), 'rule')}. {NOTICE}")) + "\n"


def plain(rules: Iterable[Rule]) -> list[dict[str, Any]]:
    """Return the rules as plain data, sorted by category and id."""
    return [
        {
            "id": rule.id,
            "category": rule.category.value,
            "severity": {product.value: level.value for product, level in rule.severity.items()},
            "tier": rule.tier.value,
            "enabled": rule.enabled,
            "ruleset": rule.ruleset,
            "where": [kind.value for kind in rule.where],
            "products": [product.value for product in rule.products],
            "guards": {name: action.value for name, action in rule.guards.items()},
            "message": rule.message,
            "advice": rule.advice,
            "rewrites": [each.text for each in rule.rewrites],
            "sources": [
                {"id": source.id, "title": source.title, "url": source.url}
                for source in rule.sources
            ],
            "flags": [marked(example) for example in rule.flags],
            "allows": [example.text for example in rule.allows],
        }
        for rule in _sorted(rules)
    ]


def page(rule: Rule) -> str:
    """Return everything about one rule, as text."""
    return "\n".join(_page(rule)) + "\n"


def _page(rule: Rule) -> Iterator[str]:
    yield f"{rule.id}  [{rule.category}]"
    yield ""
    yield f"  {rule.message}"
    if rule.advice:
        yield f"  {rule.advice}"
    yield ""
    yield f"Severity   {_severities(rule)}" + ("" if rule.enabled else "  (off unless named)")
    strong = (
        "fires anywhere" if rule.tier == "strong" else "needs a second cue, or a page that sells"
    )
    yield f"Tier       {rule.tier}: {strong}"
    if rule.products:
        yield f"Products   {', '.join(rule.products)}"
    yield f"From       {rule.ruleset}" + (f" ({rule.path}:{rule.line})" if rule.path else "")
    if rule.sources:
        yield ""
        yield "Why"
        for source in rule.sources:
            unchecked = "" if source.checked else "  (citation not compared with its text)"
            yield f"  {source.title}{unchecked}"
            yield f"    {source.url}"
    for title, texts in (
        ("Flagged", [marked(example) for example in rule.flags]),
        ("Left alone", [example.text for example in rule.allows]),
        ("Instead", [each.text for each in rule.rewrites]),
    ):
        if texts:
            yield ""
            yield title
            yield from (f"  - {text.replace(chr(10), chr(10) + '    ')}" for text in texts)
    if rule.guards:
        yield ""
        yield "Guards"
        width = max(map(len, rule.guards))
        yield from (f"  {name:<{width}}  {action}" for name, action in rule.guards.items())
    yield ""
    yield NOTICE


def marked(example: Example) -> str:
    """Return an example with its flagged words between « and »."""
    text = example.text
    for start, end in sorted(example.spans, reverse=True):
        text = f"{text[:start]}«{text[start:end]}»{text[end:]}"
    return text


def severity(rule: Rule) -> str:
    """Return a rule's usual severity, starred where it depends on the product."""
    usual = rule.severity_for(Product.AUTO).value
    if not rule.enabled:
        return f"off ({usual})"
    return f"{usual}*" if len(set(rule.severity.values())) > 1 else usual


def _severities(rule: Rule) -> str:
    usual = rule.severity_for(Product.AUTO)
    others = [
        f"{level} for {product}" for product, level in rule.severity.items() if level is not usual
    ]
    return ", ".join((usual.value, *others))


def _about(rule: Rule) -> str:
    return (rule.advice or rule.message).replace("\n", " ")


def _cut(text: str, width: int) -> str:
    if len(text) <= width:
        return text
    return text[: width - 1].rsplit(" ", 1)[0] + "…"


def _sorted(rules: Iterable[Rule]) -> list[Rule]:
    return sorted(rules, key=lambda rule: (rule.category.value, rule.id))


def find(ruleset: Ruleset, name: str) -> Rule | None:
    """Return the rule of a name, however its hyphens and case were typed."""
    wanted = name.strip().lower().replace("_", "-").replace(" ", "-")
    return ruleset.rule(wanted)
