from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.unit.hub.desk import Desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A store with the example hall, on a clock that the test moves."""
    opened = await Desk.open(tmp_path / "hall.db")
    yield opened
    opened.store.close()
