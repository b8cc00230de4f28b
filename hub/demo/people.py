"""The demo's citizens: at the kiosk, and on their phones after a missed call."""

import asyncio
import contextlib
from typing import Any

from hub.demo.behaviour import Citizen
from hub.demo.floor import Floor, FloorSilent

#: A person waits this long for a machine before saying that something is wrong (real seconds).
PATIENCE_S = 20.0
GLANCE_S = 0.05
#: And this long for a reader or scanner.
SHRUG_S = 3.0


async def visit(floor: Floor, kiosk: asyncio.Lock, citizen: Citizen) -> None:
    """Take a number; some come back to the kiosk and scan the slip, to see how far it is."""
    number = await take_ticket(floor, kiosk, citizen)
    if number is not None and citizen.scans_after_s is not None:
        await floor.pause(citizen.scans_after_s)
        async with kiosk:
            await _scan(floor, floor.links[number])


async def _scan(floor: Floor, link: str) -> None:
    await floor.act("scanner", {"code": link})
    targets = await _until_seen(floor, "place")
    if targets:
        await floor.touch(targets["done"])


async def _lay_card(floor: Floor, card: int) -> None:
    """Until the machine says that it read it."""
    await floor.act("id-reader", {"card": card})
    await _until_seen(floor, "forget")
    await floor.act("id-reader", {"card": ""})


async def _until_seen(floor: Floor, name: str) -> dict[str, Any]:
    """What stands on the kiosk, `name` with it; nothing when that does not come and the citizen shrugs: a fault is
    switched on, or a visitor of the demo is at the machine."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SHRUG_S):
            while True:
                targets = {target["name"]: target for target in (await floor.see_kiosk())["targets"]}
                if name in targets:
                    return targets
                await asyncio.sleep(GLANCE_S)
    return {}


async def take_ticket(floor: Floor, kiosk: asyncio.Lock, citizen: Citizen) -> str | None:
    """Stand in line at the kiosk, touch the service, read the number. None when the hall is closed."""
    async with kiosk:
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await _touch_through(floor, citizen)
        except TimeoutError:
            raise FloorSilent(f"the kiosk gave no number for service {citizen.service}") from None


async def _touch_through(floor: Floor, citizen: Citizen) -> str | None:
    """What a person does: read the screen, touch what leads on, until the own number stands there."""
    asked = said = laid = False
    while True:
        screen = await floor.see_kiosk()
        targets = {target["name"]: target for target in screen["targets"]}
        if screen["screen"] == "closed":
            return None
        if asked and screen["screen"] == "ticket":
            number: str = targets["number"]["text"]
            floor.links[number] = targets["qr"]["text"]
            await floor.touch(targets["done"])
            return number
        if citizen.card is not None and not laid and screen["screen"] == "services" and "done" not in targets:
            laid = True
            await _lay_card(floor, citizen.card)
            continue
        step = _next_touch(targets, citizen, said=said) if screen["screen"] != "issuing" else None
        if step is not None:
            await floor.touch(targets[step])
            asked = asked or step == f"service:{citizen.service}"
            said = said or step == f"priority:{citizen.priority}"
        await asyncio.sleep(GLANCE_S)


def _next_touch(targets: dict[str, dict[str, object]], citizen: Citizen, *, said: bool) -> str | None:
    """Finish what the one before left, say the priority, then the service or the heading above it."""
    heading = HEADINGS.get(citizen.service)
    wish = [f"priority:{citizen.priority}", "priorities"] if citizen.priority and not said else []
    for name in ("done", *wish, f"service:{citizen.service}", f"service:{heading}", "back"):
        if name in targets:
            return name
    return None


#: Sub-services stand behind their heading.
HEADINGS = {"B": "SB", "C": "SB", "D": "SB"}


async def return_by_phone(floor: Floor, number: str, after_s: float) -> None:
    """Read on the phone that the call was missed, and join the queue again."""
    await floor.pause(after_s)
    if number in floor.links:
        await floor.phone(floor.links[number], "requeue")
