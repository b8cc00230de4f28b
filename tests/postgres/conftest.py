from tests.unit.hub.conftest import desk

__all__ = ["desk"]
