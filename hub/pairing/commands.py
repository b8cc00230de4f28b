"""`hall pair`: confirm the code that a new station shows."""

from typing import Annotated

import typer

WORDS = {
    "zh": {
        "compare": "本服务端证书指纹：{fingerprint}\n终端屏幕上显示的指纹是否完全相同？",
        "not_same": "未配对：指纹不同说明终端连到的不是本服务端，请检查网络。",
        "paired": "已配对：{name}（{role}）",
        "paired_counter": "已配对：{name}（{role}，窗口 {counter}）",
    },
    "en": {
        "compare": "This hub's certificate: {fingerprint}\nDoes the station's screen show exactly the same?",
        "not_same": "Not paired: with another fingerprint the station talks to somebody else; look at the network.",
        "paired": "paired: {name} ({role})",
        "paired_counter": "paired: {name} ({role}, counter {counter})",
    },
}


def pair(
    code: Annotated[str, typer.Argument(help="终端屏幕上的配对码 · the code on the station's screen")],
    name: Annotated[str | None, typer.Option(help="终端名称，不填则用终端自报的 · its name, else its own")] = None,
    counter: Annotated[str | None, typer.Option(help="窗口程序所在的窗口 · a counter program's counter")] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="替换同名的旧终端 · in place of the old station of this name")
    ] = False,
    same: Annotated[
        bool, typer.Option("--same-fingerprint", help="指纹已核对 · the fingerprint has been compared")
    ] = False,
) -> None:
    """确认终端配对 · Lets the station in that shows this code."""
    from pydantic import ValidationError

    from hub.commands import fail, language, settings_or_exit
    from hub.offline import write_beside
    from hub.pairing.verbs import confirm, must_exist
    from hub.problems import HallError
    from hub.settings import SettingsError
    from hub.tls import shown_fingerprint
    from hub.wire import ConfirmPairing

    words, settings = WORDS[language()], settings_or_exit()
    try:
        fingerprint = shown_fingerprint(settings)
        if fingerprint and not same and not typer.confirm(words["compare"].format(fingerprint=fingerprint)):
            raise fail(words["not_same"])
        command = ConfirmPairing(name=name, counter=counter, replace=replace)
        paired = must_exist(write_beside(settings, confirm, code, command), code)
    except HallError as error:
        raise fail(error.sentence("zh" if language() == "zh" else "en")) from None
    except (SettingsError, ValidationError) as error:
        raise fail(str(error)) from None
    typer.echo(words["paired_counter" if paired.counter else "paired"].format(**paired.wire()))
