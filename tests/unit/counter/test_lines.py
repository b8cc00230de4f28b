"""Which driver serves which port."""

import pytest

from counter.lines import driver_and_port, line_plans
from devices.keypad_box import read_table
from hub.settings import SettingsError, settings_from
from hub.station_settings import CounterSettings


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


def test_a_key_table_can_stand_in_the_settings() -> None:
    table = {"end": "\r\n", "keys": {"hex 02 31 03": "call_next", "5": "evaluation 4"}}
    settings = settings_from({"counter": {"key_table": table}}, origin="test")
    assert len(read_table(settings.counter.key_table).codes) == 3
    with pytest.raises(SettingsError, match="key_table"):
        settings_from({"counter": {"key_table": 5}}, origin="test")
