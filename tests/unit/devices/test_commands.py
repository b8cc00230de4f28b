"""`hall devices test` as a technician types it: what is said when the answer is not the one hoped for."""

import sys

import pytest
from typer.testing import CliRunner, Result

from devices.commands import devices


def typed(*words: str, lang: str = "zh") -> Result:
    return CliRunner().invoke(devices, ["test", *words], env={"HALL_LANG": lang, "COLUMNS": "500"})


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("zh", ["电源", "A、B 是否接反", "--as syn6288", "--baud 9600", "没有应答"]),
        ("en", ["power", "A and B", "--as syn6288", "--baud 9600", "does not answer"]),
    ],
)
def test_what_does_not_answer_as_its_kind_should_is_looked_for_step_by_step(lang: str, told: list[str]) -> None:
    done = typed(
        "twin:ff68", "--as", "syn6288", "--seconds", "0.2", lang=lang
    )  # another device than the one that is set
    assert done.exit_code == 1
    assert [word for word in told if word not in done.stderr] == []


def test_a_chip_that_answers_and_comes_to_no_end_is_busy_and_not_silent() -> None:
    done = typed("twin:syn6288", "--as", "syn6288", "--seconds", "0.2")
    assert done.exit_code == 1
    assert "设备忙" in done.stderr
    assert "没有应答" not in done.stderr


def test_what_is_not_installed_is_told_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usb.core", None)
    done = typed("usb://04b8:0e15")
    assert done.exit_code == 1
    assert "缺少这种连接方式所需的软件，请安装（usb://04b8:0e15）：pip install pyusb" in done.stderr


@pytest.mark.parametrize(("kind", "told"), [("prntr", "没有 'prntr' 这种设备"), ("tablet", "平板自行连接窗口程序")])
def test_a_kind_that_cannot_be_tried_says_why(kind: str, told: str) -> None:
    done = typed("loop://", "--as", kind)
    assert done.exit_code == 2
    assert told in done.output
