"""`hall kiosk`: cheap to import, so that `hall --help` does not load pygame."""

import os
import re
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from hub.settings import Settings

_SIZE = re.compile(r"([1-9]\d{2,4})[xX×]([1-9]\d{2,4})")

NO_DISPLAY = {
    "zh": "找不到显示器（{why}）：请在有桌面的电脑上运行，或加 --headless 在无显示器时运行",
    "en": "no display was found ({why}): run it on a machine with a desktop, or add --headless to run without one",
}
BAD_SIZE = {
    "zh": "--size {size!r} 无法识别：请写作 宽x高，例如 1080x1920",
    "en": "--size {size!r} is no size: write WIDTHxHEIGHT, for example 1080x1920",
}
TOO_SMALL = (600, 480)


def kiosk(
    hub: Annotated[str, typer.Option("--hub", help="The hub's URL; without it the hub is looked for.")] = "",
    windowed: Annotated[bool, typer.Option("--windowed", help="In a window instead of the full screen.")] = False,
    headless: Annotated[bool, typer.Option("--headless", help="Without any display, for tests and demos.")] = False,
    remote_touch: Annotated[
        bool, typer.Option("--remote-touch", help="Obey touches that come from the hub (for demos only).")
    ] = False,
    pair_again: Annotated[
        bool, typer.Option("--pair-again", help="Forget the pairing and show a new code (忘记以前的配对).")
    ] = False,
    size: Annotated[str, typer.Option("--size", help="WIDTHxHEIGHT of the window or the headless screen.")] = "",
    printer: Annotated[str, typer.Option("--printer", help="The printer, e.g. socket://192.168.1.50:9100.")] = "",
) -> None:
    """The ticket machine: citizens take a number here (取号机)."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    from hub.link import Keeping
    from hub.logs import log_to_folder, log_to_stderr
    from hub.settings import SettingsError, load_settings

    log_to_stderr()
    try:
        settings = _with_options(load_settings(), hub=hub, printer=printer, lang=os.environ.get("HALL_LANG", ""))
    except SettingsError as error:
        _fail(str(error), 1)
    log_to_folder(settings.logs.folder, "kiosk", keep_days=settings.logs.keep_days, zone=settings.hall.zone_info)
    language = settings.hall.language
    wanted = _size(size, language)

    from kiosk.running import run, station_name
    from kiosk.window import Glass, NoDisplay

    if pair_again:
        Keeping(settings, "kiosk", station_name(settings)).forget()
    try:
        run(settings, Glass(windowed=windowed, headless=headless, size=wanted), remote_touch=remote_touch)
    except NoDisplay as error:
        _fail(NO_DISPLAY[language].format(why=error), 1)
    except SettingsError as error:
        _fail(str(error), 1)


def _with_options(settings: "Settings", *, hub: str, printer: str, lang: str) -> "Settings":
    """Options win over environment and file; `--lang` puts that language first on the screen."""
    languages = sorted(settings.kiosk.languages, key=lambda language: language != lang)
    kiosk: dict[str, object] = {"languages": tuple(languages)} | ({"printer": printer} if printer else {})
    return settings.model_copy(
        update={
            "station": settings.station.model_copy(update={"hub_url": hub.rstrip("/")} if hub else {}),
            "kiosk": settings.kiosk.model_copy(update=kiosk),
            "hall": settings.hall.model_copy(update={"language": lang} if lang else {}),
        }
    )


def _size(text: str, language: str) -> tuple[int, int] | None:
    if not text:
        return None
    parts = _SIZE.fullmatch(text)
    if parts is None or int(parts[1]) < TOO_SMALL[0] or int(parts[2]) < TOO_SMALL[1]:
        _fail(BAD_SIZE[language].format(size=text), 2)
    return int(parts[1]), int(parts[2])


def _fail(sentence: str, status: int) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(status)
