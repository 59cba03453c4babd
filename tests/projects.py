"""Folders to run in: configurations and drafts, written for one test."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, text: str, name: str = ".medlint.yaml") -> Path:
    """Write a configuration, or another file, and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def project(folder: Path, mini_folder: Path, config: str, draft: str) -> Path:
    """Write a configuration that may name the small rules as ./mini, and a draft beside it."""
    (folder / "mini").symlink_to(mini_folder)
    written(folder, config)
    written(folder, draft, "draft.md")
    return folder
