"""Every unit test of the hub that needs a database, once more on PostgreSQL."""

import importlib
import inspect
import pkgutil
from types import ModuleType
from typing import Any

from _pytest.fixtures import FixtureFunctionDefinition

from tests.unit import hub


def _take_over(module: ModuleType) -> dict[str, Any]:
    """The module's fixtures by their own names, its tests behind the module's."""
    short = module.__name__.rpartition(".")[2]
    fixtures: dict[str, Any] = dict(
        inspect.getmembers(module, lambda found: isinstance(found, FixtureFunctionDefinition))
    )
    wanted = {"desk", "database", *fixtures}
    tests = {
        f"{short}__{name.removeprefix('test_')}": test
        for name, test in inspect.getmembers(module, inspect.isfunction)
        if name.startswith("test_") and wanted & set(inspect.signature(test).parameters)
    }
    return fixtures | tests


for _found in pkgutil.iter_modules(hub.__path__):
    if _found.name.startswith("test_"):
        _taken = _take_over(importlib.import_module(f"{hub.__name__}.{_found.name}"))
        assert not _taken.keys() & globals().keys(), "two modules have fixtures of one name"
        globals().update(_taken)
