"""A ticket's holder over HTTP: refused, matched, masked; a retry keeps nothing that could be guessed."""

import hashlib
from pathlib import Path

import httpx
import pytest

from hub.store import Who
from tests.running import RunningHub, free_port, hub_settings
from tests.unit.hub.test_persons import IDS, PHONE, every_byte

TOKENS = {
    "kiosk": Who("kiosk", "kiosk"),
    "clerk": Who("clerk", "clerk", "1"),
    "leader": Who("leader", "duty_leader"),
    "auditor": Who("auditor", "auditor"),
}


@pytest.mark.usefixtures("database")
def test_a_holder_over_http(tmp_path: Path) -> None:
    with RunningHub(hub_settings(tmp_path, free_port()), tokens=TOKENS) as hub:
        body = {"service": "A", "person": {"id_number": IDS[0], "phone": PHONE}}
        with hub.client("kiosk", **{"Idempotency-Key": "press-1"}) as kiosk:
            sent = kiosk.build_request("POST", "/tickets", json=body)
            first = kiosk.send(sent)
            assert (first.status_code, first.json()["number"]) == (201, "A001")
            assert kiosk.post("/tickets", json=body).json() == first.json()
        with hub.client("kiosk") as kiosk:
            again = kiosk.post("/tickets", json=body)
            assert (again.status_code, again.json()["code"]) == (409, "live_ticket_exists")
            assert "A001" in again.json()["detail"]
            wrong = kiosk.post("/tickets", json={"service": "A", "person": {"id_number": "110105194912310021"}})
            assert (wrong.status_code, wrong.json()["field"]) == (422, "person.id_number")
        path = f"/tickets/{first.json()['id']}/person"
        for role in ("kiosk", "clerk", "auditor"):
            with hub.client(role) as other:
                assert other.get(path).status_code == 403
        with hub.client("leader") as leader:
            assert leader.get(path).json()["phone"] == "*******8000"
            assert leader.get(path, params={"reason": "回访差评"}).json()["phone"] == PHONE
        answers = first.text + again.text + wrong.text
    plain = hashlib.sha256(sent.content).hexdigest()
    for secret in (IDS[0], PHONE, plain):
        assert secret.encode() not in every_byte(tmp_path)
        assert secret not in answers


def test_a_number_in_the_wrong_place_is_not_repeated(tmp_path: Path) -> None:
    with RunningHub(hub_settings(tmp_path, free_port()), tokens=TOKENS) as hub, hub.client("kiosk") as kiosk:
        bodies: list[httpx.Response] = [
            kiosk.post("/tickets", json={"service": "A", "person": {"id": IDS[0]}}),
            kiosk.post("/tickets", json={"service": "A", "person": {"phone": PHONE * 9}}),
            kiosk.post("/tickets", json={"service": "A", "person": IDS[0]}),
        ]
    assert [answer.status_code for answer in bodies] == [422, 422, 422]
    assert not any(number in answer.text for number in (IDS[0], PHONE) for answer in bodies)
