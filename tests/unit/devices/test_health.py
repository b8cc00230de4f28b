"""fine, degraded, faulty, silent: one word for every device, told when it changes."""

from devices.errors import DeviceSilent, PaperOut, PortLost
from devices.health import Condition, Health


def told() -> tuple[Health, list[str]]:
    heard: list[str] = []
    return Health(lambda now: heard.append(f"{now.state} {now.code}".strip())), heard


def test_an_open_port_says_nothing_of_the_device_until_it_is_heard() -> None:
    health, heard = told()
    health.port("fine", None)
    assert health.now == Condition("silent", "not_heard")
    health.heard()
    health.heard()
    assert heard == ["fine"]


def test_a_pulled_cable_and_its_return_are_told_once_each() -> None:
    health, heard = told()
    health.heard()
    for _ in range(3):
        health.port("faulty", PortLost(url="/dev/ttyUSB0", frames=["< secret"]))
    health.port("fine", None)
    assert heard == ["fine", "faulty port_lost", "silent not_heard"]
    assert "secret" not in health.now.detail


def test_what_the_device_says_of_itself_is_a_fault_and_no_answer_is_silence() -> None:
    health, heard = told()
    health.degraded("near_end")
    health.faulty(PaperOut())
    health.silent(DeviceSilent())
    health.port("faulty", DeviceSilent("still nothing"))
    assert heard == ["degraded near_end", "faulty paper_out", "silent device_silent", "silent device_silent"]
