"""One program at a time on a device, and its name for whoever comes second.

A serial port can be locked by itself, a network printer or an LED card cannot: two programs that talk to it mix their
bytes. So every program of ours takes an abstract Unix socket named after the device while it has it open. The system
gives it back when the program ends, however it ends; whoever finds it taken asks it who has the device. It reaches all
users of this machine; elsewhere than on Linux only this program itself is looked at.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hashlib
import os
import socket
import struct
import sys
from pathlib import Path

from devices.errors import PortBusy

ASK_S = 0.5
LONGEST_NAME = 200
LONGEST_DEVICE = 94
SIGNS = b"\0hall.device."
_CREDENTIALS = struct.Struct("3i")  # struct ucred: pid, uid, gid; unix(7)

_HELD: dict[str, str] = {}
"""What this program has open, and for whom."""


class Claim:
    """`device` is ours until `release`."""

    def __init__(self, device: str, sign: socket.socket | None) -> None:
        self._device = device
        self._sign = sign

    def release(self) -> None:
        _HELD.pop(self._device, None)
        if self._sign:
            asyncio.get_running_loop().remove_reader(self._sign)
            self._sign.close()
            self._sign = None


async def claim(device: str, *, url: str, holder: str) -> Claim:
    """Raises PortBusy with the name of who has it."""
    if device in _HELD:
        raise PortBusy(url=url, holder=_HELD[device])
    if not sys.platform.startswith("linux"):
        _HELD[device] = holder or "this program"
        return Claim(device, None)
    sign = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sign.bind(_sign_of(device))
    except OSError as fault:
        sign.close()
        if fault.errno != errno.EADDRINUSE:
            raise
        holder = await asyncio.to_thread(held_by, device) or "another program, a moment ago"
        raise PortBusy(url=url, holder=holder) from fault
    sign.listen()
    sign.setblocking(False)
    asyncio.get_running_loop().add_reader(sign, _tell, sign, holder.encode()[:LONGEST_NAME])
    _HELD[device] = holder or "this program"
    return Claim(device, sign)


def _tell(sign: socket.socket, holder: bytes) -> None:
    with contextlib.suppress(OSError):  # who asked is gone already
        asking, _ = sign.accept()
        with asking:
            asking.sendall(holder)


def _sign_of(device: str) -> bytes:
    """Readable in /proc/net/unix, at most 107 bytes (unix(7)); a longer name ends in its digest."""
    name = device.encode()
    if len(name) > LONGEST_DEVICE:
        name = name[: LONGEST_DEVICE - 17] + b"#" + hashlib.sha256(name).hexdigest()[:16].encode()
    return SIGNS + name


def held_devices() -> list[str]:
    """What programs of ours have open on this machine, under the names of `opening.device_of`."""
    if not sys.platform.startswith("linux"):
        return sorted(_HELD)
    sign = SIGNS.replace(b"\0", b"@").decode()
    lines = Path("/proc/net/unix").read_text(encoding="utf-8", errors="replace").splitlines()
    return sorted({line.partition(sign)[2] for line in lines if sign in line} - {""})


def held_by(device: str) -> str:
    """`pid 812 (hall kiosk): kiosk-1`; without the last part when that program is too busy; empty when nobody has it.

    Blocks for up to half a second.
    """
    if device in _HELD:
        return _HELD[device]
    if not device or not sys.platform.startswith("linux"):
        return ""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        asking.settimeout(ASK_S)
        try:
            asking.connect(_sign_of(device))
        except OSError:
            return ""
        pid, _, _ = _CREDENTIALS.unpack(asking.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size))
        told = b""
        with contextlib.suppress(OSError):
            told = asking.recv(LONGEST_NAME)
    who = f"pid {pid} ({command_of(pid)})" if pid else "another program"
    return f"{who}: {told.decode(errors='replace')}" if told else who


def holder_of(path: str) -> str:
    """The processes that have `path` open, as far as /proc lets us look; empty when it does not."""
    target = os.path.realpath(path)
    found = sorted({int(link.parts[2]) for link in Path("/proc").glob("[0-9]*/fd/*") if _leads_to(link, target)})
    return ", ".join(f"pid {pid} ({command_of(pid)})" for pid in found)


def _leads_to(link: Path, target: str) -> bool:
    try:
        return str(link.readlink()) == target
    except OSError:  # the process ended, or is not ours to look into
        return False


def command_of(pid: int) -> str:
    """`hall devices test`: program and sub-commands, without paths and options, which may hold more than a name."""
    if pid == os.getpid():
        return "this program"
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return "?"
    program, rest = Path(words[0]).name, words[1:]
    if program.startswith("python") and rest and rest[0] == "-m":
        program, rest = f"{program} -m {rest[1]}", rest[2:]
    elif program.startswith("python") and rest and not rest[0].startswith("-"):
        program, rest = Path(rest[0]).name, rest[1:]
    return " ".join([program, *(word for word in rest[:2] if word.isalpha())])
