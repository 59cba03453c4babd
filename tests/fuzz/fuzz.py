"""Runs the fuzzers, one after another, guided by coverage.

    python tests/fuzz/fuzz.py --seconds 600              all targets, ten minutes together
    python tests/fuzz/fuzz.py --seconds 60 html rules    a minute of two of them
    python tests/fuzz/fuzz.py --replay FILE html         one input again, with its traceback

It needs `pip install -e .[fuzz]`. Inputs that fail are written to .fuzz/found/<target>/ (put those
that were bugs into tests/fuzz/found/<target>/, where the tests run them again); the corpus grows in
.fuzz/corpus/. Exits with 1 if anything was found.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
import traceback
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from time import monotonic
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".fuzz"
sys.path[:0] = [str(Path(__file__).parent), str(ROOT / "src")]

# Longer inputs are slower and find little more; a repeated unit is long by itself.
LONGEST = 4096
# A single input that takes longer is a hang.
HANG = 60
MEMORY = 2048


def main() -> int:
    """Run what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--seconds", type=int, default=600, help="for all targets together")
    parser.add_argument("--replay", type=Path, help="run one input and show what it raises")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        fuzz_one(given.one, given.seconds)
    from fuzz_targets import TARGETS, run  # noqa: PLC0415  a fuzzing process imports them traced

    unknown = [name for name in given.targets if name not in TARGETS]
    if unknown:
        parser.error(f"no such target: {', '.join(unknown)}; there are {', '.join(TARGETS)}")
    names = given.targets or list(TARGETS)
    if given.replay:
        for name in names:
            run(name, given.replay.read_bytes())
        return 0
    try:
        import atheris  # noqa: F401, PLC0415  the message is for those who lack it
    except ImportError:
        parser.error("atheris is missing: pip install -e '.[fuzz]'")
    each = max(given.seconds // len(names), 1)
    sys.stdout.write(f"{'target':18} {'runs':>10} {'edges':>7} {'features':>8} {'found':>6}\n")
    return int(any(fuzz_in_process(name, each) for name in names))


def fuzz_in_process(name: str, seconds: int) -> int:
    """Fuzz a target in a process of its own; print a line and return how much was found."""
    folder = WORK / "found" / name
    before = set(folder.glob("*"))
    command = [sys.executable, __file__, "--one", name, "--seconds", str(seconds)]
    # A crash of the interpreter ends the process early; the rest of the time is still used.
    deadline = monotonic() + seconds
    runs = edges = features = 0
    while (left := deadline - monotonic()) > 1:
        command[-1] = str(int(left) + 1)
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", check=False
        )
        runs += int((re.findall(r"^#(\d+)\s", done.stderr, re.MULTILINE) or ["0"])[-1])
        seen = re.findall(r"cov: (\d+) ft: (\d+)", done.stderr)
        if seen:
            edges, features = max(edges, int(seen[-1][0])), max(features, int(seen[-1][1]))
        if not seen or done.returncode:
            WORK.mkdir(exist_ok=True)
            (WORK / f"{name}.log").write_text(done.stderr[-20_000:], "utf-8")
        if not seen:
            sys.stderr.write(f"{name}: did not start; see {WORK / f'{name}.log'}\n")
            return 1
    found = sum(path.suffix != ".why" for path in set(folder.glob("*")) - before)
    sys.stdout.write(f"{name:18} {runs:10,} {edges:7,} {features:8,} {found:6}\n")
    sys.stdout.flush()
    return found


def fuzz_one(name: str, seconds: int) -> NoReturn:
    """Fuzz one target until its time is up; this process ends with it."""
    import atheris  # noqa: PLC0415

    import medlint  # noqa: PLC0415

    with atheris.instrument_imports(include=["medlint"]):
        import fuzz_targets  # noqa: PLC0415

        # What is imported late would go untraced.
        for module in walk_packages(medlint.__path__, "medlint."):
            if module.name != "medlint.__main__":
                import_module(module.name)
    from fuzz_seeds import dictionary, seeds  # noqa: PLC0415

    corpus, found = WORK / "corpus" / name, WORK / "found" / name
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    for data in seeds(name):
        (corpus / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    words = WORK / f"{name}.dict"
    words.write_text(dictionary(name), "utf-8")
    known: set[str] = set()
    # Rules are compiled with the first run, which is not what is timed.
    fuzz_targets.TARGETS[name](b"")

    def one_input(data: bytes) -> None:
        try:
            fuzz_targets.run(name, data)
        except Exception as error:  # noqa: BLE001  whatever it is, it is what is looked for
            keep(error, data)

    def keep(error: Exception, data: bytes) -> None:
        """Write down the first input of each kind, and go on."""
        frames = [f for f in traceback.extract_tb(error.__traceback__) if "medlint" in f.filename]
        place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
        kind = f"{type(error).__name__} {place} {error if not frames else ''}"
        key = hashlib.sha256(kind.encode("utf-8", "replace")).hexdigest()[:12]
        if key in known:
            return
        known.add(key)
        (found / key).write_bytes(data)
        (found / f"{key}.why").write_text(
            "".join(traceback.format_exception(error)), "utf-8", "backslashreplace"
        )

    arguments = [
        sys.argv[0],
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST}",
        f"-timeout={HANG}",
        "-report_slow_units=1000",
        f"-rss_limit_mb={MEMORY}",
        *([f"-dict={words}"] if words.stat().st_size else []),
        f"-artifact_prefix={found}/",
        str(corpus),
    ]
    os.environ.setdefault("MEDLINT_CACHE_DIR", str(WORK / "cache"))
    # Rules are compiled with the first run, which is not what is timed.
    fuzz_targets.TARGETS[name](b"")
    atheris.Setup(arguments, one_input)
    atheris.Fuzz()
    sys.exit()


if __name__ == "__main__":
    sys.exit(main())
