"""`hall pair`: confirm the code that a new station shows."""

from typing import Annotated

import typer


def pair(
    code: Annotated[str, typer.Argument(help="终端屏幕上的配对码 · the code on the station's screen")],
    name: Annotated[str | None, typer.Option(help="终端名称，不填则用终端自报的 · its name, else its own")] = None,
    counter: Annotated[str | None, typer.Option(help="窗口程序所在的窗口 · a counter program's counter")] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="替换同名的旧终端 · in place of the old station of this name")
    ] = False,
) -> None:
    """确认终端配对 · Lets the station in that shows this code."""
    from hub.commands import fail, language, settings_or_exit
    from hub.offline import write_beside
    from hub.pairing.verbs import confirm, must_exist
    from hub.problems import HallError
    from hub.wire import ConfirmPairing

    chinese = language() == "zh"
    try:
        command = ConfirmPairing(name=name, counter=counter, replace=replace)
        paired = must_exist(write_beside(settings_or_exit(), confirm, code, command), code)
    except HallError as error:
        raise fail(error.sentence("zh" if chinese else "en")) from None
    place = (f"，窗口 {paired.counter}" if chinese else f", counter {paired.counter}") if paired.counter else ""
    typer.echo(
        f"已配对：{paired.name}（{paired.role}{place}）" if chinese else f"paired: {paired.name} ({paired.role}{place})"
    )
