"""A station's side of the hub: find it, be let in, connect, keep the board, send commands, say when it is away.

The link is asyncio; a pygame station runs it in a `LinkThread` and drains `events` in its own loop.
"""

from hub.link.events import BoardChanged, CodeShown, Event, HubAway, HubGone, HubThere, Refused, WhyGone
from hub.link.finding import find_hub
from hub.link.keeping import Keeping
from hub.link.link import SILENCE_S, Link
from hub.link.thread import LinkThread

__all__ = [
    "SILENCE_S",
    "BoardChanged",
    "CodeShown",
    "Event",
    "HubAway",
    "HubGone",
    "HubThere",
    "Keeping",
    "Link",
    "LinkThread",
    "Refused",
    "WhyGone",
    "find_hub",
]
