"""`hall …` in this process: the sub-command's function under typer's runner."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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
    # in a thread of its own: commands run their own loop, and the test may be in one
    with ThreadPoolExecutor(1) as process:
        return process.submit(CliRunner().invoke, app, list(arguments)).result()
