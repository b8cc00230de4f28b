"""`hall display`: cheap to import, so that `hall --help` loads neither pygame nor settings."""

import os
import re
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from hub.settings import Settings

_SIZE = re.compile(r"([1-9]\d{2,3})[xX×]([1-9]\d{2,3})")

NO_SCREEN = {
    "zh": "找不到显示器（{why}）：请在有桌面的电脑上运行，或加 --headless 在无显示器时运行",
    "en": "no display was found ({why}): run it on a machine with a desktop, or add --headless to run without one",
}
BAD_SIZE = {
    "zh": "--size {size!r} 无法识别：请写作 宽x高，例如 1920x1080",
    "en": "--size {size!r} is no size: write WIDTHxHEIGHT, for example 1920x1080",
}


def display(
    hub: Annotated[
        str, typer.Option("--hub", help="大厅服务的地址，不填则自动查找 · the hub's URL, else looked for")
    ] = "",
    windowed: Annotated[bool, typer.Option("--windowed", help="窗口显示 · in a window, not full screen")] = False,
    headless: Annotated[bool, typer.Option("--headless", help="无显示器运行 · without any display")] = False,
    pair_again: Annotated[
        bool, typer.Option("--pair-again", help="忘记以前的配对 · forget the pairing, show a new code")
    ] = False,
    size: Annotated[str, typer.Option("--size", help="窗口大小 · WIDTHxHEIGHT of window or headless screen")] = "",
) -> None:
    """叫号屏 · The hall's screen: called numbers, counters, who waits."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    from hub.link import Keeping
    from hub.logs import log_to_folder, log_to_stderr
    from hub.settings import SettingsError, load_settings

    log_to_stderr()
    try:
        settings = _with_options(load_settings(), hub)
    except SettingsError as error:
        _fail(str(error), 1)
    log_to_folder(settings.logs.folder, "display", keep_days=settings.logs.keep_days, zone=settings.hall.zone_info)
    language = settings.hall.language
    wanted = _size(size, language)

    from display.app import run, station_name
    from display.window import Glass, NoScreen

    if pair_again:
        Keeping(settings, "display", station_name(settings)).forget()
    try:
        run(settings, Glass(windowed=windowed, headless=headless, size=wanted))
    except NoScreen as error:
        _fail(NO_SCREEN[language].format(why=error), 1)


def _with_options(settings: "Settings", hub: str) -> "Settings":
    """Options win over environment and file; `--lang` comes as HALL_LANG."""
    changes: dict[str, object] = {}
    if hub:
        changes["station"] = settings.station.model_copy(update={"hub_url": hub.rstrip("/")})
    lang = os.environ.get("HALL_LANG")
    if lang in ("zh", "en"):
        changes["hall"] = settings.hall.model_copy(update={"language": lang})
        changes["display"] = settings.display.model_copy(update={"languages": (lang,)})
    return settings.model_copy(update=changes)


def _size(text: str, language: str) -> tuple[int, int] | None:
    if not text:
        return None
    parts = _SIZE.fullmatch(text)
    if parts is None:
        _fail(BAD_SIZE[language].format(size=text), 2)
    return int(parts[1]), int(parts[2])


def _fail(sentence: str, status: int) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(status)
