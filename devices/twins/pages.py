"""The control pages of the twins: what people see and press, and the JSON that the demo and tests use.

Served on 127.0.0.1 only; nothing on them comes from outside. `GET /events?after=N` answers as soon as the version is
no longer N (or after 25 s), so that a watcher need not ask over and over.
"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from devices.drivers import DRIVERS
from devices.twins.ff68 import Ff68Line
from devices.twins.paper import PrintedSlip
from devices.twins.printer import PrinterTwin
from devices.twins.twin import CabledTwin, Twin
from devices.twins.watch import Watch

LONGEST_WAIT_S = 25.0
KEPT_PICTURES = 64

Endpoint = Callable[[Request], Awaitable[Response]]


class Refused(ValueError):
    """The request makes no sense; the text says why."""


def printer_page(twin: PrinterTwin) -> Starlette:
    pictures: dict[int, bytes] = {}

    async def state(request: Request) -> Response:
        return JSONResponse(printer_state(twin))

    async def paper(request: Request) -> Response:
        return JSONResponse({"slips": [slip_json(slip) for slip in twin.slips]})

    async def picture(request: Request) -> Response:
        number = int(request.path_params["number"])
        if number not in pictures:
            if number not in [slip.number for slip in (*twin.slips, twin.hanging)]:
                return JSONResponse({"detail": f"there is no slip {number}"}, 404)
            data = await asyncio.to_thread(png, twin, number)
            if number == twin.hanging.number:
                return Response(data, media_type="image/png")
            pictures[number] = data
            for old in sorted(pictures)[:-KEPT_PICTURES]:
                del pictures[old]
        return Response(pictures[number], media_type="image/png")

    async def faults(request: Request) -> Response:
        body = await _body(request)
        twin.set_faults(_names(body, "on"), _names(body, "off"))
        return JSONResponse(printer_state(twin))

    async def power(request: Request) -> Response:
        twin.power_cycle()
        return JSONResponse(printer_state(twin))

    return _app(
        "printer.html",
        twin.watch,
        [
            Route("/state.json", state),
            Route("/paper.json", paper),
            Route("/paper/{number:int}.png", picture),
            Route("/power", power, methods=["POST"]),
            Route("/faults", _checked(faults), methods=["POST"]),
        ],
    )


def printer_state(twin: PrinterTwin) -> dict[str, Any]:
    return {
        "version": twin.watch.version,
        "paper_mm": twin.paper_mm,
        "faults": sorted(twin.faults),
        "blocked": twin.blocked,
        "held": twin.held,
        "slips": twin.slips[-1].number if twin.slips else 0,
        "hanging": len(twin.hanging.rows),
        "received_bytes": twin.received_bytes,
        "unknown": [data.hex(" ") for data in twin.unknown],
    }


def slip_json(slip: PrintedSlip) -> dict[str, Any]:
    return {"number": slip.number, "lines": slip.text_lines, "codes": slip.codes, "cut": slip.cut}


def png(twin: PrinterTwin, number: int) -> bytes:
    data = io.BytesIO()
    twin.picture(number).save(data, "PNG")
    return data.getvalue()


def ff68_page(lines: list[Ff68Line]) -> Starlette:
    watch = Watch()
    for line in lines:
        line.watch = watch

    async def state(request: Request) -> Response:
        return JSONResponse(ff68_state(lines))

    async def press(request: Request) -> Response:
        body = await _body(request)
        return JSONResponse({"accepted": _press(_line(lines, body), body)})

    async def faults(request: Request) -> Response:
        body = await _body(request)
        for line in [_line(lines, body)] if "line" in body else lines:
            line.set_faults(_names(body, "on"), _names(body, "off"))
        return JSONResponse(ff68_state(lines))

    return _app(
        "ff68.html",
        watch,
        [
            Route("/state.json", state),
            Route("/press", _checked(press), methods=["POST"]),
            Route("/faults", _checked(faults), methods=["POST"]),
        ],
    )


def ff68_state(lines: list[Ff68Line]) -> dict[str, Any]:
    """All lines, and the sums that the demo's summary compares."""
    evaluators = [evaluator for line in lines for evaluator in line.evaluators.values()]
    return {
        "version": lines[0].watch.version if lines else 0,
        "pressed": sum(one.pressed for one in evaluators),
        "unanswered": sum(one.unanswered for one in evaluators),
        "refused": sum(one.refused for one in evaluators),
        "lines": [{"number": at, **line.state()} for at, line in enumerate(lines, 1)],
    }


def _line(lines: list[Ff68Line], body: dict[str, Any]) -> Ff68Line:
    number = body.get("line", 1)
    if not isinstance(number, int) or not 1 <= number <= len(lines):
        raise Refused(f"there is no line {number!r}; there are 1 to {len(lines)}")
    return lines[number - 1]


def _press(line: Ff68Line, body: dict[str, Any]) -> bool:
    address = body.get("address", 1)
    if address not in line.pads:
        raise Refused(f"there is no address {address!r} on {line.name}")
    if body.get("device") == "caller":
        line.press(address, _keys(body.get("keys")))
        return True
    if body.get("device") == "evaluator" and isinstance(body.get("value"), int):
        return line.evaluate(address, body["value"])
    raise Refused('"device" is "caller" with "keys", or "evaluator" with a "value" from 0 to 4')


def _keys(keys: object) -> bytes:
    """["06", "0F"]: hexadecimal codes, digits before the function key."""
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise Refused('"keys" is a list of hexadecimal codes, as in ["06", "0F"]')
    return bytes(int(key, 16) for key in keys)


def device_page(twin: Twin) -> Starlette:
    """The page of every kind that has none of its own."""

    async def state(request: Request) -> Response:
        return JSONResponse(device_state(twin))

    async def picture(request: Request) -> Response:
        drawn = await asyncio.to_thread(picture_png, twin)
        return Response(drawn, media_type="image/png") if drawn else JSONResponse({"detail": "nothing to see"}, 404)

    async def act(request: Request) -> Response:
        return JSONResponse(twin.act(await _body(request)))

    async def faults(request: Request) -> Response:
        body = await _body(request)
        twin.set_faults(_names(body, "on"), _names(body, "off"))
        return JSONResponse(device_state(twin))

    return _app(
        "device.html",
        twin.watch,
        [
            Route("/state.json", state),
            Route("/picture.png", picture),
            Route("/act", _checked(act), methods=["POST"]),
            Route("/faults", _checked(faults), methods=["POST"]),
        ],
    )


def device_state(twin: Twin) -> dict[str, Any]:
    driver = DRIVERS.get(twin.kind)
    return {
        "version": twin.watch.version,
        "kind": twin.kind,
        "name": twin.name,
        "zh": driver.zh if driver else twin.kind,
        "en": driver.en if driver else twin.kind,
        "faults": list(twin.faults),
        "allowed": twin.faults.allowed,
        "actions": [asdict(action) for action in twin.actions],
        "picture": type(twin).picture is not CabledTwin.picture,
        "state": twin.state(),
    }


def picture_png(twin: Twin) -> bytes:
    """Empty when there is nothing to see."""
    drawn = twin.picture()
    data = io.BytesIO()
    if drawn:
        drawn.save(data, "PNG")
    return data.getvalue()


# ---- what all pages share ----


def _app(page: str, watch: Watch, routes: list[Route]) -> Starlette:
    html = files("devices.twins").joinpath("web", page).read_text(encoding="utf-8")

    async def home(request: Request) -> Response:
        return HTMLResponse(html)

    async def events(request: Request) -> Response:
        after = request.query_params.get("after", "")
        version = int(after) if after.isdecimal() else -1
        return JSONResponse({"version": await watch.after(version, LONGEST_WAIT_S)})

    return Starlette(routes=[Route("/", home), Route("/events", events), *routes])


async def _body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body() or b"{}")
    except ValueError as fault:
        raise Refused("the body is no JSON") from fault
    if not isinstance(body, dict):
        raise Refused("the body is no JSON object")
    return body


def _names(body: dict[str, Any], key: str) -> list[str]:
    names = body.get(key, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Refused(f'"{key}" is a list of faults')
    return names


def _checked(endpoint: Endpoint) -> Endpoint:
    """Answers 422 with a sentence where the endpoint raises ValueError."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ValueError as fault:
            return JSONResponse({"detail": str(fault)}, 422)

    return answer
