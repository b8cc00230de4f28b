"""Every unit test of the hub that needs a database is run once more here, on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.hub.conftest import desk

__all__ = ["desk"]

_UNITS = Path(__file__).parent.parent / "unit" / "hub"


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    return HubUnits.from_parent(parent, path=file_path) if file_path.name == "hub_units.txt" else None


class HubUnits(pytest.File):
    """The unit tests' modules as they are, below this folder."""

    def collect(self) -> Iterator[pytest.Module]:
        for path in sorted(_UNITS.glob("test_*.py")):
            yield pytest.Module.from_parent(self, path=path)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs no database, or is about SQLite itself, says nothing about PostgreSQL."""
    items[:] = [item for item in items if not _again(item) or _about_databases(item)]


def _again(item: pytest.Item) -> bool:
    return item.getparent(HubUnits) is not None


def _about_databases(item: pytest.Item) -> bool:
    return "database" in getattr(item, "fixturenames", ()) and item.get_closest_marker("sqlite") is None
