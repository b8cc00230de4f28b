"""The demo's citizens: at the kiosk, and on their phones after a missed call."""

import asyncio

from hub.demo.behaviour import Citizen
from hub.demo.floor import Floor, FloorSilent

#: A person waits this long for a machine before saying that something is wrong (real seconds).
PATIENCE_S = 20.0
GLANCE_S = 0.05


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
    asked = said = False
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
