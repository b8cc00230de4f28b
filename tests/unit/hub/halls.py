"""Halls with hours, quotas and a rota, as a `hall.toml` would say them."""

from typing import Any

WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
HOURS = [{"open": {day: ["09:00-12:00", "13:30-17:00"] for day in WORKDAYS}}]


def a_service(code: str = "A", department: str = "人社局", **rest: Any) -> dict[str, Any]:
    return {"code": code, "prefix": code, "names": {"zh": f"业务{code}"}, "department": department, **rest}


def a_hall(*services: dict[str, Any], **rest: Any) -> dict[str, Any]:
    """Two counters for everything; hours from Monday to Friday with a lunch break unless told otherwise."""
    return {
        "hours": HOURS,
        "service": list(services or (a_service(),)),
        "counter": [{"code": "1"}, {"code": "2"}],
        **rest,
    }
