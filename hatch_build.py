"""Builds the compiled form of the default rulesets into the wheel, so that no first run compiles.

Its key covers the content of every rule file and medlint's version, so a compiled form that does
not fit is never used; without one, medlint compiles at its first run. The same rules give the same
bytes, so that two builds give the same wheel.
"""

from __future__ import annotations

import sys
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledRulesets(BuildHookInterface[Any]):
    """Adds medlint/compiled/ to a wheel."""

    _folder: TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and tell hatchling where the result goes."""
        if version == "editable":
            # Rules are being edited there; what was compiled now would soon be useless.
            return
        sys.path.insert(0, str(Path(self.root) / "src"))
        from medlint import loader  # noqa: PLC0415 - the checkout's own, not an installed one

        self._folder = TemporaryDirectory()
        # Rules name their files as seen from here; a release must not tell where it was built.
        with chdir(self.root):
            compiled = loader.write_compiled(loader.default_rulesets(), Path(self._folder.name))
        build_data["force_include"][str(compiled)] = f"medlint/compiled/{compiled.name}"

    def finalize(self, _version: str, _build_data: dict[str, Any], _artifact_path: str) -> None:
        """Take away what was compiled, which the wheel holds now."""
        if self._folder is not None:
            self._folder.cleanup()
