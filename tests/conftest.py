"""Which databases a test runs on: the unit tests on SQLite, tests/postgres on PostgreSQL, whole hubs on both."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.postgresql import Server, running_server
from tests.running import name_database

# properties are judged by their result, not by how fast a busy machine draws examples
settings.register_profile("hall", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("hall")

_KINDS = {
    "postgres": ["postgresql"],
    "live": ["sqlite", "postgresql"],
    "hall": ["sqlite", "postgresql"],
    "web": ["sqlite", "postgresql"],
}
_HERE = Path(__file__).parent


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        path = metafunc.definition.path.relative_to(_HERE)
        kinds = _KINDS.get(path.parts[0], ["sqlite"])
        if path.name.startswith("test_device"):  # no hub takes part
            kinds = ["sqlite"]
        metafunc.parametrize("database", kinds, indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is about SQLite itself is not asked of PostgreSQL."""
    items[:] = [item for item in items if not ("postgres" in item.path.parts and item.get_closest_marker("sqlite"))]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """One server for all tests of a run."""
    with running_server() as server:
        yield server


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh database; hubs of the test's folder use it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'hall.db'}"
        return
    server: Server = request.getfixturevalue("postgresql")
    url = server.new_database()
    name_database(tmp_path, url)
    yield url
    server.drop(url)
