"""The demo's hub process: the real hub on demo time with the demo's tokens, and the page that shows it all."""

import asyncio
import sys
from pathlib import Path

from hub.app import create_app
from hub.demo.accounts import plant_accounts
from hub.demo.clock import DemoClock
from hub.demo.page import add_demo
from hub.demo.parts import demo_tokens
from hub.logs import log_to_stderr
from hub.serving import serve
from hub.settings import load_settings


def main() -> None:
    """Arguments: port, speed, folder, the printer twin's page, the keypad twins', the other devices', days."""
    port, speed, folder, printer_page, ff68_page, devices_page, days = sys.argv[1:]
    settings = load_settings()
    settings = settings.model_copy(
        update={
            "hub": settings.hub.model_copy(
                update={
                    "port": int(port),
                    "database_url": f"sqlite:///{Path(folder) / 'hall.db'}",
                    "announce": False,
                }
            )
        }
    )
    log_to_stderr()
    asyncio.run(plant_accounts(settings))
    clock = DemoClock(float(speed))
    app = create_app(settings, now=clock, speed=clock.speed, fixed_tokens=demo_tokens(), open_board=True)
    twins = {"printer": int(printer_page), "ff68": int(ff68_page), "devices": int(devices_page)}
    add_demo(app, clock, twins=twins, history_days=int(days))
    serve(app, settings)


if __name__ == "__main__":
    main()
