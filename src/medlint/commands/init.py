"""`medlint init`: write a commented configuration."""

from __future__ import annotations

from pathlib import Path

import click

from medlint.configfile import FILE_NAMES
from medlint.errors import MedlintError

TEMPLATE = """\
# medlint's settings for this folder and those below it.
# Everything here is optional; what stands behind a # is an example.

# Which rules: the common ones and a jurisdiction's. Your own are a folder: ./house-rules
rulesets: [core, us]

# What the drafts promote: auto, unapproved, investigational, approved, supplement, device, service.
product: auto

# Fail (exit 1) from this severity on: suggestion, warning or error.
fail-on: warning

# Switch rules or whole categories off, or change their severity.
# rules:
#   leading-provider: off
#   hype: suggestion

# Use only these rules or categories; leave these out.
# select: [cure, absolute-efficacy]
# ignore: [readability]

# Phrases that are fine here, with the words around them that make them so.
# allow:
#   - "there is no miracle cure"

# Claims that may be made, with who answers for them; findings inside their words are silent until
# they expire. `phrase:` takes a phrase of the rules' language in place of the exact words.
# approved:
#   - claim: "Eased morning stiffness in a trial of 120 adults"
#     reference: "Dossier 2026-014"
#     approver: "A. Example, medical affairs"
#     date: 2026-01-31
#     expires: 2027-01-31

# Drafts to leave out when a folder is checked, as in .gitignore.
# exclude:
#   - "archive/"

# Disclosures that every page of the site carries outside the draft (a shared footer, say).
# disclosed-elsewhere: [missing-status]

# The school grade that patients' texts should not go above; off unless set.
# readability: {grade: 9}

# Other settings for some drafts.
# overrides:
#   - files: ["products/*.md"]
#     product: approved
#     rules: {treatment-claim: off}
"""


@click.command(name="init")
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
def command(folder: Path) -> int:
    """Write a commented .medlint.yaml to FOLDER, by default the current one."""
    path = folder / FILE_NAMES[0]
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(TEMPLATE)
    except FileExistsError as error:
        message = f"{path}: exists already; edit it, or remove it first"
        raise MedlintError(message) from error
    except OSError as error:
        message = f"{path}: cannot be written: {error.strerror}"
        raise MedlintError(message) from error
    click.echo(f"Wrote {path}; the settings in it are the usual ones.")
    return 0
