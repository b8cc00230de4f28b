"""Which driver serves which port."""

import pytest

from counter.lines import driver_and_port, line_plans
from hub.settings import CounterSettings


@pytest.mark.parametrize(
    ("told", "driver", "port"),
    [
        ("/dev/ttyUSB0", "ff68", "/dev/ttyUSB0"),
        ("COM3", "ff68", "COM3"),
        ("ff68:/dev/ttyUSB0", "ff68", "/dev/ttyUSB0"),
        ("rfc2217://192.168.1.9:4001", "ff68", "rfc2217://192.168.1.9:4001"),
        ("box:socket://192.168.1.9:4001", "box", "socket://192.168.1.9:4001"),
        ("hid:/dev/input/event3", "hid", "evdev:///dev/input/event3"),
        ("hid:socket://127.0.0.1:5", "hid", "socket://127.0.0.1:5"),
        ("twin:ff68", "ff68", "twin:ff68"),
    ],
)
def test_a_word_before_the_port_names_the_driver(told: str, driver: str, port: str) -> None:
    assert driver_and_port(told) == (driver, port)


def test_a_number_pad_is_the_clerks_or_the_citizens() -> None:
    settings = CounterSettings(keypad="hid:/dev/input/event3", evaluator="hid:/dev/input/event4")
    assert [(plan.caller, plan.evaluator) for plan in line_plans(settings)] == [(True, False), (False, True)]
