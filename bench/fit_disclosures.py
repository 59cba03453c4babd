r"""Fits the points of rules that weigh what a page discloses to labelled corpora, and writes them.

    pip install scipy
    python bench/fit_disclosures.py tests/corpus/fit/pages/*.jsonl \
        --sentences tests/corpus/fit/disclosing/*.jsonl --write rulesets/core/disclosures.yaml

A sentence is described by its words, its concepts, those of the heading above it, whether it is
one, whether it has a number, and whether it meets the duty in so many words. Of pages the label
says only whether any of their sentences disclose what is owed; so each sentence has some chance to,
and the page leaves it out where none does ("noisy or", as in Maron and Ratan, ICML 1998, on
learning from bags). Of the sentences in `--sentences` the label says it itself. Both are weighed by
one regression, twice: with all features, and with those that told most. Pages that create no duty
are left out, and so are words that belong to one field of practice. What a page needs is what parts
the pages best that were left out of a fit, in five turns.

Each rule is measured on those, beside what its phrases find alone. `--hold` names corpora that are
only measured.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from fit_scores import LEFT_OUT, is_of_a_field, is_word, quoted, wrapped
from medlint.checks import Requires
from medlint.checks.requires import is_page, meeting
from medlint.checks.weighing import Weighing
from medlint.config import Settings
from medlint.corpus import read_corpus
from medlint.document import BlockKind
from medlint.engine import Run
from medlint.loader import load
from medlint.parsing import parse
from medlint.records import changed, dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from medlint.checks.view import SentenceView
    from medlint.rules import Rule, Ruleset

# What fewer pages hold, and fewer labelled sentences, says nothing; so many features keep points.
RARE, RARE_IN_SENTENCES, MOST = 8, 3, 2000
FOLDS = 5
PENALTY = 1.0
# Points for one unit of log odds.
UNIT = 100
# How far below even odds a sentence begins to count, and where the fit starts, in log odds.
BELOW, START = 3.0, -4.0
MET, NUMBER, HEADING, UNDER = "met", "number", "heading", "under "
# More than any page comes to.
_NEVER = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A labelled page that creates a duty: its sentences, what its phrases say, and the label."""

    corpus: str
    sentences: tuple[frozenset[str], ...]
    is_unmet: bool
    is_missing: bool


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence by itself, of which a reviewer said whether it discloses."""

    features: frozenset[str]
    discloses: bool


@dataclass(frozen=True, slots=True)
class Model:
    """Log odds by feature, and what a sentence of a page starts from."""

    weights: dict[str, float]
    start: float

    def total(self, page: Page) -> float:
        """Return what a page's sentences come to, each with what it has beyond `BELOW`."""
        weights = self.weights
        odds = (sum(weights[name] for name in each & weights.keys()) for each in page.sentences)
        return sum(max(0.0, self.start + each + BELOW) for each in odds)


def main() -> None:
    """Fit, measure and write the points."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--sentences", nargs="*", default=[], type=Path)
    parser.add_argument("--hold", nargs="*", default=[], type=Path)
    parser.add_argument("--write", type=Path, help="a rules file whose rules get the points")
    options = parser.parse_args()
    ruleset = load(("core", "us"))
    described = [pair for path in options.corpora for pair in read_pages(path, ruleset)]
    held = [pair for path in options.hold for pair in read_pages(path, ruleset)]
    labelled = [pair for path in options.sentences for pair in read_sentences(path, ruleset)]
    text = options.write.read_text(encoding="utf-8") if options.write else ""
    for rule in filter(_is_weighed, ruleset.rules):
        if options.write and f"- id: {rule.id}\n" not in text:
            continue
        pages = [page for name, page in described if name == rule.id]
        sentences = [each for name, each in labelled if name == rule.id]
        enough, told = threshold(pages, sentences, ruleset)
        model = fit(pages, sentences, ruleset)
        said = f"{rule.id}: {len(pages)} pages, {told}"
        others = [page for name, page in held if name == rule.id]
        if others:
            said += f"; of {len(others)} held out {_right(others, model, enough):.3f}"
        sys.stdout.write(f"{said}\n")
        text = written(text, rule.id, weighing(model, enough)) if options.write else text
    if options.write:
        yaml.safe_load(text)
        options.write.write_text(text, encoding="utf-8")


def read_pages(path: Path, ruleset: Ruleset) -> Iterator[tuple[str, Page]]:
    """Describe the pages of a corpus for each rule whose duty they create."""
    owing = _weighed_by(ruleset, Weighing(over=0, enough=_NEVER))
    unmet = _weighed_by(ruleset, None)
    numbers = {rule.id: n for n, rule in enumerate(ruleset.rules) if _is_weighed(rule)}
    for entry in read_corpus(path):
        if entry.doc_labels is None:
            continue
        document = parse(entry.text, path=entry.path, format=entry.format)
        run = Run(document, owing, Settings())
        if not is_page(view.tokens.norms for view in run.sentences):
            continue
        found = {finding.rule for finding in run.outcome().findings}
        alone = {finding.rule for finding in Run(document, unmet, Settings()).outcome().findings}
        for rule in sorted(found & numbers.keys()):
            met = meeting(run.hits.get(numbers[rule], ()))
            category = ruleset.rules[numbers[rule]].category
            yield (
                rule,
                Page(
                    corpus=path.stem,
                    sentences=tuple(_on_page(run, ruleset, met)),
                    is_unmet=rule in alone,
                    is_missing=category in entry.doc_labels,
                ),
            )


def read_sentences(path: Path, ruleset: Ruleset) -> Iterator[tuple[str, Labelled]]:
    """Describe single sentences; the `kind` of each names the category that it was judged for."""
    rules = [(n, rule) for n, rule in enumerate(ruleset.rules) if _is_weighed(rule)]
    for entry in read_corpus(path):
        document = parse(entry.text, path=entry.path, format=entry.format)
        run = Run(document, ruleset, Settings())
        for number, rule in rules:
            if rule.category.value == entry.kind and entry.doc_labels is not None:
                met = meeting(run.hits.get(number, ()))
                features = (_features(view, ruleset, met) for view in run.sentences)
                told = frozenset().union(*features)
                yield rule.id, Labelled(told, rule.category not in entry.doc_labels)


def _on_page(run: Run, ruleset: Ruleset, met: set[tuple[int, int]]) -> Iterator[frozenset[str]]:
    """Describe the sentences of a page, each with the heading that it stands under."""
    above: frozenset[str] = frozenset()
    for view in run.sentences:
        own = _features(view, ruleset, met)
        if run.document.blocks[view.block].kind is BlockKind.HEADING:
            above = frozenset(f"{UNDER}{name}" for name in own - {MET, NUMBER})
            yield own | {HEADING}
        else:
            yield own | above


def _features(view: SentenceView, ruleset: Ruleset, met: set[tuple[int, int]]) -> frozenset[str]:
    tagged, names = view.tagged, ruleset.lexicon.names
    first = tagged.first
    words = set(tagged.tokens.norms[first:])
    found = {f"word {word}" for word in words if is_word(word)}
    found |= {
        f"concept {names[symbol]}"
        for symbol, places in tagged.tags.items()
        if symbol in names
        and "." not in names[symbol]
        and not names[symbol].startswith(LEFT_OUT)
        and (not first or max(places) >= first)
    }
    found |= {MET} if (view.block, view.ordinal) in met else set()
    return frozenset(found | ({NUMBER} if any(word[0].isdigit() for word in words) else set()))


def _weighed_by(ruleset: Ruleset, weighed: Weighing | None) -> Ruleset:
    """Return the rules with other points for what a page discloses; None leaves it to phrases."""
    return changed(
        ruleset,
        rules=tuple(
            changed(rule, check=changed(rule.check, weighed=weighed)) if _is_weighed(rule) else rule
            for rule in ruleset.rules
        ),
    )


def _is_weighed(rule: Rule) -> bool:
    return isinstance(rule.check, Requires) and rule.check.weighed is not None


def fit(pages: Sequence[Page], sentences: Sequence[Labelled], ruleset: Ruleset) -> Model:
    """Fit the points of one rule."""
    held = Counter(name for page in pages for name in frozenset().union(*page.sentences))
    said = Counter(name for each in sentences for name in each.features)
    usable = sorted(
        name
        for name in held.keys() | said.keys()
        if (held[name] >= RARE or said[name] >= RARE_IN_SENTENCES)
        and not is_of_a_field(name.removeprefix(UNDER), ruleset)
    )
    model = _regression(pages, sentences, usable)
    # What stands in every sentence says more than a rare word does.
    told = sorted(
        usable,
        key=lambda name: (-abs(model.weights[name]) * math.sqrt(held[name] + said[name]), name),
    )
    return _regression(pages, sentences, sorted(told[:MOST]))


def _regression(pages: Sequence[Page], sentences: Sequence[Labelled], names: list[str]) -> Model:
    numpy: Any = import_module("numpy")
    optimize: Any = import_module("scipy.optimize")
    table = _table([each for page in pages for each in page.sentences], names)
    bag = numpy.repeat(numpy.arange(len(pages)), [len(page.sentences) for page in pages])
    missing = numpy.array([page.is_missing for page in pages], float)
    quoted_table = _table([each.features for each in sentences], names)
    discloses = numpy.array([each.discloses for each in sentences], float)

    def loss(given: Any) -> tuple[float, Any]:
        weights, start, alone = given[:-2], given[-2], given[-1]
        odds = table @ weights + start
        # The page leaves it out with the chance that each of its sentences does.
        summed = numpy.bincount(bag, numpy.logaddexp(0, odds), minlength=len(pages))
        summed = numpy.maximum(summed, 1e-9)
        lost = (missing * summed - (1 - missing) * numpy.log(-numpy.expm1(-summed))).sum()
        slope = missing - (1 - missing) / numpy.expm1(summed)
        each = slope[bag] / (1 + numpy.exp(-odds))
        told = quoted_table @ weights + alone
        lost += (numpy.logaddexp(0, told) - discloses * told).sum()
        beyond = 1 / (1 + numpy.exp(-told)) - discloses
        lost += PENALTY / 2 * (weights @ weights)
        slopes = table.T @ each + quoted_table.T @ beyond + PENALTY * weights
        return float(lost), numpy.concatenate([slopes, [each.sum(), beyond.sum()]])

    begin = numpy.zeros(len(names) + 2)
    begin[-2] = START
    found = optimize.minimize(loss, begin, jac=True, method="L-BFGS-B", options={"maxiter": 100}).x
    return Model(dict(zip(names, map(float, found), strict=False)), float(found[-2]))


def _table(rows: Sequence[frozenset[str]], names: Sequence[str]) -> Any:
    numpy: Any = import_module("numpy")
    sparse: Any = import_module("scipy.sparse")
    columns = {name: number for number, name in enumerate(names)}
    places = [
        (number, columns[name]) for number, row in enumerate(rows) for name in row & columns.keys()
    ]
    shape = len(rows), len(names)
    if not places:
        return sparse.csr_matrix(shape)
    return sparse.csr_matrix((numpy.ones(len(places)), tuple(zip(*places, strict=True))), shape)


def threshold(
    pages: Sequence[Page], sentences: Sequence[Labelled], ruleset: Ruleset
) -> tuple[float, str]:
    """Return what parts pages best that were not fitted to, and how well it does."""
    corpora = sorted({page.corpus for page in pages})
    totals: list[tuple[float, bool]] = []
    for number in range(FOLDS):
        out = set(corpora[number::FOLDS])
        model = fit([page for page in pages if page.corpus not in out], sentences, ruleset)
        totals += [(model.total(page), page.is_missing) for page in pages if page.corpus in out]
    bounds = sorted({0.0, *(total for total, _ in totals)})
    between = [(low + high) / 2 for low, high in pairwise(bounds)]
    rights = [
        _share(((total < bound) == missing for total, missing in totals)) for bound in between
    ]
    best = max(rights)
    # In the middle of those that do as well.
    equal = [bound for bound, right in zip(between, rights, strict=True) if right == best]
    alone = _share(page.is_unmet == page.is_missing for page in pages)
    return equal[len(equal) // 2], f"right {best:.3f}, phrases alone {alone:.3f}"


def _right(pages: Sequence[Page], model: Model, enough: float) -> float:
    return _share((model.total(page) < enough) == page.is_missing for page in pages)


def _share(held: Iterable[bool]) -> float:
    every = list(held)
    return sum(every) / len(every)


def weighing(model: Model, enough: float) -> Weighing:
    """Return a model in points."""
    points = {name: round(UNIT * each) for name, each in model.weights.items()}
    kinds: dict[str, dict[str, int]] = {
        f"{above}{kind}": {} for above in ("", UNDER) for kind in ("word", "concept")
    }
    for name, each in points.items():
        kind, _, rest = name.rpartition(" ")
        if kind and each:
            kinds[kind][rest] = each
    return Weighing(
        over=round(-UNIT * (model.start + BELOW)),
        enough=round(UNIT * enough),
        met=points.get(MET, 0),
        number=points.get(NUMBER, 0),
        heading=points.get(HEADING, 0),
        points=kinds["concept"],
        terms=kinds["word"],
        under_points=kinds[f"{UNDER}concept"],
        under_terms=kinds[f"{UNDER}word"],
    )


def written(text: str, rule: str, weighed: Weighing) -> str:
    """Return a rules file with the points of one rule."""
    before, _, after = text.partition(f"- id: {rule}\n")
    head, _, rest = after.partition("    weighed:\n")
    lines = rest.splitlines(keepends=True)
    end = next(number for number, line in enumerate(lines) if not line.startswith("      "))
    said = [
        "    weighed:",
        f"      over: {weighed.over}",
        f"      enough: {weighed.enough}",
        f"      met: {weighed.met}",
        f"      number: {weighed.number}",
        f"      heading: {weighed.heading}",
    ]
    tables = {
        "points": weighed.points,
        "terms": weighed.terms,
        "under-points": weighed.under_points,
        "under-terms": weighed.under_terms,
    }
    for key, table in tables.items():
        items = sorted(table.items(), key=lambda item: (-item[1], item[0]))
        told = wrapped([f"{quoted(name)}: {each}" for name, each in items], indent=8)
        said += [f"      {key}: {{", *told, "      }"]
    told_all = "\n".join(said)
    return f"{before}- id: {rule}\n{head}{told_all}\n{''.join(lines[end:])}"


if __name__ == "__main__":
    main()
