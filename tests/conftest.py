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
    "web": ["sqlite"],
}
_HERE = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    hardware = parser.getgroup("a real device, for tests/hardware")
    hardware.addoption("--device-url", default="", help="/dev/ttyUSB0, socket://192.168.1.50:9100, …")
    hardware.addoption("--device-kind", default="printer", help="as in `hall devices test --as KIND`")
    hardware.addoption("--device-baud", type=int, default=0, help="else as usual for the protocol")
    hardware.addoption("--device-seconds", type=float, default=60.0, help="how long to listen to it")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    kinds = _kinds(metafunc.definition)
    if "database" in metafunc.fixturenames and len(kinds) > 1:
        metafunc.parametrize("database", kinds, indirect=True)


def _kinds(test: pytest.Item) -> list[str]:
    """By the folder that collected it, which may lend a module from another. No hub takes part in tests of devices."""
    if test.path.name.startswith("test_device") or test.get_closest_marker("sqlite"):
        return ["sqlite"]
    folder = next(node.path.name for node in test.listchain() if node.path.parent == _HERE)
    return _KINDS.get(folder, ["sqlite"])


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """One server for all tests of a run."""
    with running_server() as server:
        yield server


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh database; hubs of the test's folder use it."""
    kind = getattr(request, "param", None) or _kinds(request.node)[0]
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'hall.db'}"
        return
    server: Server = request.getfixturevalue("postgresql")
    url = server.new_database()
    name_database(tmp_path, url)
    yield url
    server.drop(url)
