import pytest

from devices import errors
from devices.errors import DeviceError, PortBusy, PortDenied, PortMissing

ALL = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, DeviceError)]


@pytest.mark.parametrize("kind", ALL)
def test_every_error_has_a_text_of_its_own_and_both_languages(kind: type[DeviceError]) -> None:
    fault = kind(url="/dev/ttyUSB0")
    assert str(fault).startswith((kind.__doc__ or "").split("\n")[0])
    assert "/dev/ttyUSB0" in fault.message("zh")
    assert fault.message("en").isascii()
    assert not fault.message("zh").isascii()


def test_old_fashioned_callers_catch_the_builtin() -> None:
    for kind, builtin in ((PortMissing, FileNotFoundError), (PortBusy, BlockingIOError), (PortDenied, PermissionError)):
        with pytest.raises(builtin):
            raise kind(url="x")


def test_the_last_frames_stand_in_the_text_and_can_be_left_out() -> None:
    fault = DeviceError(url="/dev/ttyUSB0", frames=[f"> {n:02x}" for n in range(30)])
    assert len(fault.frames) == 20
    assert "> 1d" in str(fault)
    assert ">" not in fault.without_frames()


def test_a_busy_port_names_who_holds_it() -> None:
    fault = PortBusy(url="/dev/ttyUSB0", holder="pid 812 (cutecom)")
    assert "pid 812 (cutecom)" in str(fault)
    assert "pid 812 (cutecom)" in fault.message("zh")
    assert "pid 812 (cutecom)" in fault.message("en")
