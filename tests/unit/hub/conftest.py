from collections.abc import AsyncIterator

import pytest

from tests.unit.hub.desk import Desk


@pytest.fixture
async def desk(database: str) -> AsyncIterator[Desk]:
    """A store with the example hall, on a clock that the test moves."""
    opened = await Desk.open(database)
    yield opened
    opened.store.close()
