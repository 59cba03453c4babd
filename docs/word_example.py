"""Writes examples/laser-brochure.docx: `word_example.py [--check]`."""

from __future__ import annotations

import sys
from pathlib import Path

from wordfile import (
    box,
    comment,
    commented,
    deleted,
    docx,
    footnote,
    inserted,
    link,
    note,
    p,
    r,
    table,
)

PATH = Path(__file__).resolve().parents[1] / "examples/laser-brochure.docx"


def example() -> bytes:
    """Return the brochure: something of everything that a Word document can hold."""
    return docx(
        p("Laser therapy for back pain", style="Title"),
        p(
            "If your back hurts every morning, our deep-tissue laser ",
            deleted("may help you."),
            inserted(r("heals damaged discs", "<w:b/>"), r(" without surgery.")),
            " Most people come to us after years of tablets.",
        ),
        p("Why people choose us", style="Heading1"),
        p("Our patients report:"),
        p("Less stiffness after rest", item=(1, 0)),
        p("Lasting pain relief", item=(1, 0)),
        p("in the lower back", item=(1, 1)),
        p("in the neck and shoulders", item=(1, 1)),
        p("Less stiffness after rest", item=(1, 0)),
        p(
            "The treatment is ",
            r("completely safe", "<w:i/>"),
            " and approved in many countries",
            note(1),
            ". Read ",
            link("how a session works"),
            ".",
        ),
        p(
            box(
                p("Book this week and save 30%: only five places left!"),
                name="A smiling woman touches her toes",
            )
        ),
        p(r("What it costs", "<w:b/>")),
        table(
            ("Package", "What you get"),
            ("Starter", "Six sessions, guaranteed results"),
            ("Family", "Twelve sessions for two"),
        ),
        p("What a former patient says", style="Heading1"),
        p("“After four sessions my sciatica was gone for good.” (Dora, 61)", style="Quote"),
        p(commented(1, r("We were voted the best back clinic of Calder Bay in 2025."))),
        parts={
            "header1": p("Calder Bay Laser Rooms"),
            "footer1": p("Ask us anything: 555 0142"),
            "footnotes": footnote(1, p("The device is cleared for the temporary relief of pain.")),
            "comments": comment(
                1, "medlint-disable-line superiority -- the award of the Calder Bay Courier, 2025"
            ),
        },
    )


def main() -> int:
    """Write the example, or tell whether it is stale."""
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit((__doc__ or "").strip())
    if sys.argv[1:]:
        return int(not PATH.is_file() or PATH.read_bytes() != example())
    PATH.write_bytes(example())
    return 0


if __name__ == "__main__":
    sys.exit(main())
