"""`hall counter`."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from hub.settings import Settings

_Text = str | None


def counter(
    hub: Annotated[_Text, typer.Option(help="The hub's address, for example http://192.168.1.10:8000.")] = None,
    counter: Annotated[_Text, typer.Option(help="This counter's code, for example 3.")] = None,
    keypad: Annotated[_Text, typer.Option(help="The line of caller and evaluator, for example /dev/ttyUSB0.")] = None,
    outbox: Annotated[Path | None, typer.Option(help="The file that keeps evaluations until the hub has them.")] = None,
    pair_again: Annotated[
        bool, typer.Option("--pair-again", help="Forget the pairing and show a new code (忘记以前的配对).")
    ] = False,
    windowed: Annotated[bool, typer.Option("--windowed", help="Also open the clerk's console in the browser.")] = False,
) -> None:
    """The keypads and tablets of one counter, or of several on one line, connected to the hub.

    窗口程序：把叫号器、评价器和评价平板接到大厅服务器，可一台电脑带多个窗口。
    """
    from counter.agent import station_name
    from counter.running import serve
    from counter.seats import seats_of
    from hub.link import Keeping
    from hub.settings import SettingsError, load_settings

    try:
        settings = _with(load_settings(), hub=hub, counter=counter, keypad=keypad, outbox=outbox)
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    if pair_again:
        for seat in seats_of(settings):
            Keeping(seat, "counter", station_name(seat)).forget()
    raise typer.Exit(serve(settings, windowed=windowed))


def _with(settings: "Settings", *, hub: _Text, counter: _Text, keypad: _Text, outbox: Path | None) -> "Settings":
    """The settings with what the command line says; `hall` itself put --config and --lang into the environment."""
    lang = os.environ.get("HALL_LANG")
    told = {"counter": counter, "keypad": keypad, "outbox": str(outbox) if outbox else None}
    sections = {
        "hall": settings.hall.model_copy(update={"language": lang} if lang else {}),
        "station": settings.station.model_copy(update={"hub_url": hub} if hub else {}),
        "counter": settings.counter.model_copy(update={key: value for key, value in told.items() if value is not None}),
    }
    return settings.model_copy(update=sections)
