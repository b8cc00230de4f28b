"""An outside fuzzer on the OpenAPI document, as every role: whatever it sends, nothing answers 500.

A few requests for each operation and role in `make test`; many more with HALL_PROVE=1 (`make prove`).
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from tests.running import RunningHub, free_port, hub_settings

EXAMPLES = 150 if os.environ.get("HALL_PROVE") == "1" else 2
TOKENS = ("demo-kiosk", "demo-clerk-1", "demo-counter-1", "demo-manager", "demo-admin")

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def hub(tmp_path: Path, database: str) -> Iterator[RunningHub]:
    # the limits of the public pages would answer instead of what is to be tested
    access = {"public_per_minute": 10_000_000}
    with RunningHub(hub_settings(tmp_path, free_port(), access=access)) as running:
        yield running


def known_things(hub: RunningHub) -> dict[str, list[str]]:
    """Something real for each path parameter: a ticket in several states, counters, services."""
    with hub.client("demo-kiosk") as kiosk, hub.client("demo-clerk-1") as clerk:
        tickets = [kiosk.post("/tickets", json={"service": service}).json() for service in "AAAAB"]
        clerk.post("/counters/1/open")
        for ending in ("no-show", "hold", "finish"):
            clerk.post("/counters/1/next")
            clerk.post(f"/counters/1/{ending}")
    return {
        "ticket": [ticket["id"] for ticket in tickets],
        "token": [ticket["status_url"].rsplit("/", 1)[1] for ticket in tickets],
        "counter": ["1", "2"],
        "kind": ["waits", "satisfaction"],
    }


def test_nothing_that_is_sent_makes_the_hub_answer_500(hub: RunningHub) -> None:
    schema: Any = schemathesis.openapi.from_url(f"{hub.url}/openapi.json")
    known = known_things(hub)
    failures: dict[str, str] = {}
    with httpx.Client(base_url=hub.url, trust_env=False, timeout=30) as client:
        for found in schema.get_all_operations():
            fuzz(client, found.ok(), known, failures)
    assert not failures, "\n".join(f"{operation}: {told}" for operation, told in failures.items())


def fuzz(client: httpx.Client, operation: Any, known: dict[str, list[str]], failures: dict[str, str]) -> None:
    """Good and bad requests for one operation; half of them name something that exists."""
    cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))

    @settings(
        max_examples=EXAMPLES * len(TOKENS),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        database=None,
    )
    @given(case=cases, token=st.sampled_from(TOKENS), which=st.integers(0, 99))
    def send(case: Any, token: str, which: int) -> None:
        for name, values in known.items():
            if name in (case.path_parameters or {}) and which % 2:
                case.path_parameters[name] = values[which % len(values)]
        sent = case.as_transport_kwargs(base_url=str(client.base_url))
        sent["headers"] = {**dict(sent.get("headers") or {}), "Authorization": f"Bearer {token}"}
        request = httpx_request(client, sent)
        if request is None:
            return
        answer = client.send(request)
        if answer.status_code >= 500 and answer.status_code != 504:
            failures[operation.label] = f"{answer.status_code} to {request.method} {request.url} {request.content!r}"

    send()


def httpx_request(client: httpx.Client, sent: dict[str, Any]) -> httpx.Request | None:
    """The case as a request; None for what no HTTP client can send."""
    try:
        return client.build_request(
            sent["method"],
            sent["url"],
            params=sent.get("params"),
            headers={key: str(value).encode("utf-8", "replace") for key, value in sent["headers"].items()},
            cookies=None,
            json=sent.get("json"),
            content=sent.get("data") if isinstance(sent.get("data"), (bytes, str)) else None,
        )
    except (httpx.InvalidURL, ValueError, UnicodeError):
        return None


@pytest.mark.parametrize(
    "odd", ["%00", "a%00b", "%ED%A0%80", "%F0%9F%8E%AB", "'%20OR%201=1--", "%25s", ":id", "x" * 3000]
)
def test_odd_text_in_a_path_is_unknown_or_refused(hub: RunningHub, odd: str) -> None:
    with hub.client("demo-manager") as manager:
        assert manager.get(f"/tickets/{odd}").status_code in (404, 422)
        assert manager.get(f"/public/tickets/{odd}").status_code in (404, 422)
        assert manager.post(f"/tickets/{odd}/cancel").status_code in (404, 422)


@pytest.mark.parametrize("odd", ["\x00", "a\x00b", "\ud800", "🎫", "'; DROP TABLE ticket; --"])
def test_odd_text_in_a_body_is_refused_or_kept(hub: RunningHub, odd: str) -> None:
    def say(client: httpx.Client, path: str, **body: str) -> int:
        return client.post(path, content=json.dumps(body), headers={"Content-Type": "application/json"}).status_code

    with hub.client("demo-kiosk") as kiosk, hub.client("demo-clerk-1") as clerk:
        assert say(kiosk, "/tickets", service=odd) in (400, 404, 422)
        say(kiosk, "/tickets", service="A")
        clerk.post("/counters/1/open")
        assert clerk.post("/counters/1/next").is_success
        assert say(clerk, "/counters/1/finish", outcome=odd) in (200, 400, 422)
        assert clerk.post("/counters/1/next", json={"finish_current": True}).is_success
