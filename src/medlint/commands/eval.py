"""`medlint eval`: measure the rules on a labelled corpus."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from medlint.api import Linters
from medlint.commands.common import complain, options_from, write
from medlint.commands.options import rule_options
from medlint.errors import InputError
from medlint.evaluate import evaluate
from medlint.findings import Failure
from medlint.reporters import evaluation


@click.command(name="eval")
@click.argument("corpus", type=click.Path(path_type=Path), metavar="CORPUS.jsonl")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text")
@click.option("--by-file", is_flag=True, help="Show the figures of each entry too.")
@click.option(
    "--compare",
    "earlier",
    type=click.Path(path_type=Path),
    metavar="EARLIER.json",
    help="Show what changed since an earlier --format json.",
)
@click.option("--output", type=click.Path(path_type=Path), help="Write to this file.")
@rule_options
def command(
    corpus: Path,
    form: str,
    *,
    by_file: bool,
    earlier: Path | None,
    output: Path | None,
    **values: Any,
) -> int:
    """Measure the rules on a corpus: precision, recall and F1 by sentence and by category.

    Also false alarms per 1,000 words, missing disclosures, duplicate items, and every miss and
    false alarm with the rule or guard behind it.
    """
    linter = Linters(options_from(values)).linter_for(Path.cwd())
    before = None if earlier is None else _read(earlier)
    data = evaluate(corpus, linter.ruleset, linter.settings(Path.cwd() / "corpus"))
    complain(Failure(**failure) for failure in data["failures"])
    if before is not None:
        write(evaluation.compare(data, before), output)
    elif form == "json":
        write(json.dumps(data, ensure_ascii=False, indent=2) + "\n", output, utf8=True)
    else:
        write(evaluation.render(data, by_file=by_file), output)
    return 2 if data["failures"] else 0


def _read(path: Path) -> dict[str, Any]:
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if data["schema"] == 1 and "sentences" in data:
            return data
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror}"
        raise InputError(message) from error
    except (ValueError, KeyError, TypeError):
        pass
    message = f"{path}: is no output of `medlint eval --format json`"
    raise InputError(message)
