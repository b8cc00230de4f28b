"""`hall …` in this process: the sub-command's function under typer's runner."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result


def run(
    monkeypatch: pytest.MonkeyPatch, folder: Path, command: Callable[..., Any], *arguments: str, language: str = "en"
) -> Result:
    """On the hall in `folder`, as `python -m hub` would run it."""
    monkeypatch.setenv("HALL_HUB__DATABASE_URL", f"sqlite:///{folder / 'hall.db'}")
    monkeypatch.setenv("HALL_LANG", language)
    monkeypatch.delenv("HALL_CONFIG", raising=False)
    monkeypatch.chdir(folder)
    app = typer.Typer()
    app.command()(command)
    return CliRunner().invoke(app, list(arguments))
