r"""Fits the points of rules that weigh what a page discloses to labelled corpora, and writes them.

    pip install scikit-learn
    python bench/fit_disclosures.py tests/corpus/fit/pages/*.jsonl --folds 7
    python bench/fit_disclosures.py tests/corpus/fit/pages/*.jsonl \
        --write rulesets/core/disclosures.yaml

A page is described by its words, by two that stand side by side, and by whether what meets the duty
was found in so many words. A logistic regression weighs these against the reviewer's labels of what
the page leaves out, as in `fit_scores.py`: once with all of them, and once more with those that
told most. Pages that create no duty are left out, and so are words that belong to one field of
practice.

`--folds` measures each corpus by what is fitted to the others, beside what the phrases find alone.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from fit_scores import is_of_a_field, is_word, quoted, telling, wrapped
from medlint.checks import Requires
from medlint.checks.requires import Weighing, is_page
from medlint.checks.terms import words_and_pairs
from medlint.config import Settings
from medlint.corpus import read_corpus
from medlint.engine import Run
from medlint.loader import load
from medlint.parsing import parse
from medlint.records import changed, dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from medlint.rules import Rule, Ruleset

# Terms of fewer pages say nothing; so many keep points.
RARE, MOST = 6, 1000
PENALTY = 0.1
# Points for one unit of log odds: the words of a page are many, and each tells little.
UNIT = 100
# That the duty is met in so many words, or is not, must stay what weighs most.
UNMET = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A labelled page that creates a duty: its terms, what its phrases say, and the label."""

    corpus: str
    terms: frozenset[str]
    is_unmet: bool
    is_missing: bool


def main() -> None:
    """Fit, and measure or write the points."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--write", type=Path, help="a rules file whose rules get the points")
    options = parser.parse_args()
    ruleset = load(("core",))
    described = [pair for path in options.corpora for pair in read_pages(path, ruleset)]
    text = options.write.read_text(encoding="utf-8") if options.write else ""
    for rule in filter(_is_weighed, ruleset.rules):
        pages = [page for name, page in described if name == rule.id]
        if options.folds:
            _measure(rule.id, pages, options.folds, ruleset)
        text = written(text, rule.id, fit(pages, ruleset)) if options.write else text
    if options.write:
        yaml.safe_load(text)
        options.write.write_text(text, encoding="utf-8")


def read_pages(path: Path, ruleset: Ruleset) -> Iterator[tuple[str, Page]]:
    """Describe the pages of a corpus for each rule whose duty they create."""
    owing = _weighed_by(ruleset, Weighing(least=0, unmet=0, terms={}))
    unmet = _weighed_by(ruleset, None)
    categories = {rule.id: rule.category for rule in filter(_is_weighed, ruleset.rules)}
    for entry in read_corpus(path):
        if entry.doc_labels is None:
            continue
        document = parse(entry.text, path=entry.path, format=entry.format)
        run = Run(document, owing, Settings())
        found = {finding.rule for finding in run.outcome().findings}
        alone = {finding.rule for finding in Run(document, unmet, Settings()).outcome().findings}
        norms = [view.tokens.norms for view in run.sentences]
        if not is_page(norms):
            continue
        terms = frozenset(words_and_pairs(norms))
        for rule in sorted(found & categories.keys()):
            yield (
                rule,
                Page(
                    corpus=path.stem,
                    terms=terms,
                    is_unmet=rule in alone,
                    is_missing=categories[rule] in entry.doc_labels,
                ),
            )


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


def fit(pages: Sequence[Page], ruleset: Ruleset) -> Weighing:
    """Fit the points of one rule."""
    linear: Any = import_module("sklearn.linear_model")
    extraction: Any = import_module("sklearn.feature_extraction")
    sparse: Any = import_module("scipy.sparse")
    numpy: Any = import_module("numpy")
    seen = Counter(term for page in pages for term in page.terms)
    usable = {
        term
        for term, count in seen.items()
        if count >= RARE
        and all(map(is_word, term.split(" ")))
        and not is_of_a_field(f"word {term}", ruleset)
    }
    vectorizer = extraction.DictVectorizer()
    table = vectorizer.fit_transform(
        [{**dict.fromkeys(page.terms & usable, 1.0), "": UNMET * page.is_unmet} for page in pages]
    ).tocsr()
    marked = [page.is_missing for page in pages]
    scales = telling(table, marked) ** 0.5
    names = list(map(str, vectorizer.get_feature_names_out()))
    scales[names.index("")] = 1
    table = table @ sparse.diags(scales)
    regression = linear.LogisticRegression(C=PENALTY, max_iter=3000).fit(table, marked)
    most = numpy.sort(numpy.argsort(-numpy.abs(regression.coef_[0]), kind="stable")[:MOST])
    regression = linear.LogisticRegression(C=PENALTY, max_iter=3000).fit(table[:, most], marked)
    weights = dict(
        zip((names[each] for each in most), scales[most] * regression.coef_[0], strict=True)
    )
    points = {name: round(UNIT * float(each)) for name, each in weights.items() if name}
    return Weighing(
        least=round(-UNIT * float(regression.intercept_[0])),
        unmet=round(UNIT * UNMET * float(weights.get("", 0.0))),
        terms={name: each for name, each in points.items() if each},
    )


def _measure(rule: str, pages: Sequence[Page], folds: int, ruleset: Ruleset) -> None:
    corpora = sorted({page.corpus for page in pages})
    right = alone = 0
    for number in range(folds):
        out = set(corpora[number::folds])
        weighed = fit([page for page in pages if page.corpus not in out], ruleset)
        for page in pages:
            if page.corpus in out:
                total = sum(weighed.terms.get(term, 0) for term in page.terms)
                is_found = total + weighed.unmet * page.is_unmet >= weighed.least
                right += is_found == page.is_missing
                alone += page.is_unmet == page.is_missing
    sys.stdout.write(
        f"{rule}: {len(pages)} pages, right {right / len(pages):.3f},"
        f" phrases alone {alone / len(pages):.3f}\n"
    )


def written(text: str, rule: str, weighed: Weighing) -> str:
    """Return a rules file with the points of one rule."""
    before, _, after = text.partition(f"- id: {rule}\n")
    head, _, rest = after.partition("    weighed:\n")
    lines = rest.splitlines(keepends=True)
    end = next(number for number, line in enumerate(lines) if not line.startswith("      "))
    items = sorted(weighed.terms.items(), key=lambda item: (-item[1], item[0]))
    told = wrapped([f"{quoted(term)}: {each}" for term, each in items], indent=8)
    points = [
        "    weighed:",
        f"      least: {weighed.least}",
        f"      unmet: {weighed.unmet}",
        "      terms: {",
        *told,
        "      }",
    ]
    said = "\n".join(points)
    return f"{before}- id: {rule}\n{head}{said}\n{''.join(lines[end:])}"


if __name__ == "__main__":
    main()
