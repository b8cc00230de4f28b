"""The demo's people: plain accounts in its temporary database, made before its hub starts. No other hub has them."""

from hub.clock import micros, utcnow
from hub.demo.clock import START
from hub.demo.parts import COUNTERS
from hub.people.accounts import add_account
from hub.people.passwords import hashed
from hub.queue.seed import seed
from hub.settings import Settings
from hub.store import SYSTEM, Store, Tx
from hub.wire import StaffRole

#: Everybody's.
PASSWORD = "demo"


def demo_accounts() -> dict[str, StaffRole]:
    """Log-in names and roles; clerks are the same people as their tokens, so they may take over from them."""
    clerks: dict[str, StaffRole] = {f"demo-clerk-{counter}": "clerk" for counter in COUNTERS}
    return clerks | {
        "demo-leader": "duty_leader",
        "demo-manager": "manager",
        "demo-admin": "administrator",
        "demo-auditor": "auditor",
    }


async def plant_accounts(settings: Settings) -> None:
    """Make them, on demo time."""
    store = Store(settings.hub.database_url, now=lambda: START)
    store.open()
    try:
        await store.write(seed, SYSTEM, None, settings)
        await store.write(_add_all, SYSTEM, None, hashed(PASSWORD), micros(utcnow()))
    finally:
        store.close()


def _add_all(tx: Tx, password_hash: str, at: int) -> None:
    for name, role in demo_accounts().items():
        home = name.removeprefix("demo-clerk-") if role == "clerk" else None
        add_account(tx, name, role, password_hash=password_hash, at=at, counter=home, must_change=False)
