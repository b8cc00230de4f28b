import pytest


@pytest.fixture(autouse=True)
def on_both_databases(database: str) -> None:
    """Every hub of these tests keeps its hall in the test's database."""
