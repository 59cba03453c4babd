"""The hooks, installed from this checkout by real pre-commit, in a scratch repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from medlint.parsing import known_suffixes
from wordfile import docx, p

ROOT = Path(__file__).parents[1]

BAD = "# Our clinic\n\nOur stem cell therapy cures ALS.\n"
GOOD = "# About ALS\n\nALS is a disease of the motor nerves. There is no cure for it.\n"

RULE = """\
- id: house-word
  category: hype
  severity: warning
  tier: strong
  check: {type: phrase, any: ["splendiferous"]}
  message: "“{match}” is not our tone."
  flags: ["A «splendiferous» day."]
  allows: ["A splendid day."]
"""


class Repository:
    """A git repository with pre-commit, in a folder of its own."""

    def __init__(self, folder: Path, home: Path) -> None:
        """Make the repository, with nothing of the user's own settings."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "PYTHON"))},
            "HOME": str(home),
            "PRE_COMMIT_HOME": str(home / "pre-commit"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "PYTHONUTF8": "1",
        }
        self.git("init", "--quiet", "--initial-branch=main")
        for key, value in (("user.name", "Test"), ("user.email", "test@example.org")):
            self.git("config", key, value)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the repository."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def git(self, *arguments: str) -> str:
        """Run git, which must succeed, and return what it printed."""
        done = self.run("git", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def write(self, name: str, text: str) -> None:
        """Write a file of the repository."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def commit(self, *names: str) -> tuple[bool, str]:
        """Stage files and commit; tell whether the hooks let it pass, and what they printed."""
        if names:
            self.git("add", *names)
        done = self.run("git", "commit", "--message", "Change")
        return done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def scratch(tmp_path: Path) -> Repository:
    """Return a repository whose pre-commit takes the hooks from a copy of this checkout."""
    hooks = tmp_path / "medlint"
    left_out = (".git", ".venv", "__pycache__", "*.egg-info", ".*_cache", ".hypothesis", "build")
    shutil.copytree(ROOT, hooks, ignore=shutil.ignore_patterns(*left_out))
    source = Repository(hooks, tmp_path)
    source.git("add", "--all")
    source.git("commit", "--quiet", "--message", "All")
    scratch = Repository(tmp_path / "site", tmp_path)
    entry = {
        "repo": str(hooks),
        "rev": source.git("rev-parse", "HEAD"),
        "hooks": [{"id": "medlint"}, {"id": "medlint-rules"}],
    }
    scratch.write(".pre-commit-config.yaml", yaml.safe_dump({"repos": [entry]}))
    done = scratch.run(sys.executable, "-m", "pre_commit", "install", "--install-hooks")
    assert done.returncode == 0, done.stdout + done.stderr
    return scratch


def test_the_hook_takes_every_format() -> None:
    """What medlint reads by its suffix is given to it, and nothing else is."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    pattern = re.compile(next(hook["files"] for hook in hooks if hook["id"] == "medlint"))
    taken = [f"a/b{suffix}" for suffix in known_suffixes()]
    assert [name for name in taken if not pattern.search(name)] == []
    assert not any(map(pattern.search, ("LICENSE", "a.py", "a.docx.json", "a.mdx", "x.doc")))


@pytest.mark.slow
def test_the_hooks_guard_a_repository(scratch: Repository) -> None:
    """A bad draft blocks a commit, a good one passes, and only what is staged counts."""
    scratch.write(".medlint.yaml", "exclude: [archive/]\n")
    passed, output = scratch.commit(".pre-commit-config.yaml", ".medlint.yaml")
    assert passed, output

    scratch.write("draft.md", BAD)
    scratch.write("code.py", f'"""{BAD}"""\n')
    passed, output = scratch.commit("draft.md", "code.py")
    assert not passed
    assert "draft.md:3:" in output
    assert "code.py" not in output

    # Better in the working tree, but not yet staged: what would be committed is still bad.
    scratch.write("draft.md", GOOD)
    passed, output = scratch.commit()
    assert not passed, output
    passed, output = scratch.commit("draft.md")
    assert passed, output

    # Worse in the working tree, but not staged: what is committed is good.
    scratch.write("other.md", GOOD)
    scratch.git("add", "other.md")
    scratch.write("draft.md", BAD)
    scratch.write("other.md", BAD)
    passed, output = scratch.commit()
    assert passed, output
    assert (scratch.folder / "other.md").read_text(encoding="utf-8") == BAD

    # What the settings exclude stays out although pre-commit names it.
    scratch.write("archive/old.md", BAD)
    passed, output = scratch.commit("archive/old.md")
    assert passed, output

    # A draft that cannot be checked does not pass for clean.
    (scratch.folder / "broken.md").write_bytes(b"caf\xe9 au lait\n")
    passed, output = scratch.commit("broken.md")
    assert not passed
    assert "is not valid UTF-8" in output
    scratch.git("rm", "--quiet", "--force", "broken.md")

    (scratch.folder / "draft.docx").write_bytes(docx(p("Our stem cell therapy cures ALS.")))
    passed, output = scratch.commit("draft.docx")
    assert not passed
    assert "draft.docx:1:" in output
    (scratch.folder / "draft.docx").write_bytes(docx(p("ALS is a disease of the motor nerves.")))
    passed, output = scratch.commit("draft.docx")
    assert passed, output

    scratch.write("rulesets/house/ruleset.yaml", 'name: house\nversion: "1"\n')
    scratch.write("rulesets/house/rules.yaml", RULE.replace("A splendid day", "Splendiferous"))
    passed, output = scratch.commit("rulesets")
    assert not passed
    assert "rulesets/house/rules.yaml:8: house-word: allows: “Splendiferous.”" in output
    scratch.write("rulesets/house/rules.yaml", RULE)
    passed, output = scratch.commit("rulesets")
    assert passed, output
