"""`hall demo`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def demo(
    port: Annotated[int, typer.Option(help="网页端口 · port of the page")] = 8000,
    seed: Annotated[int, typer.Option(help="随机种子 · seed of everybody's behaviour")] = 1,
    speed: Annotated[float, typer.Option(min=0.1, max=240, help="大厅时间快几倍 · how fast hall time runs")] = 1.0,
    history: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=1500,
            metavar="DAYS",
            help="补造过去几天（默认 60，不进导出）· days of made-up past; 60, left out of the exports, unless told",
        ),
    ] = None,
    minutes: Annotated[
        float | None, typer.Option(min=0.1, help="演示多少大厅分钟后结束 · hall minutes, then stop")
    ] = None,
    headless: Annotated[bool, typer.Option("--headless", help="不开窗口 · open no windows")] = False,
    summary: Annotated[Path | None, typer.Option(help="结果写入此文件 · write the summary there")] = None,
) -> None:
    """一个完整的虚拟大厅 · A whole virtual hall: kiosk, printer, screens, counters, keypads, citizens."""
    import asyncio

    from hub.commands import fail, language
    from hub.demo.accounts import PASSWORD, demo_accounts
    from hub.demo.conductor import Plan, conduct, write_summary
    from hub.demo.floor import FloorSilent
    from hub.demo.parts import PartFailed, demo_tokens, has_screen

    chinese = language() == "zh"
    windows = not headless and has_screen()
    if not headless and not windows:
        typer.echo(
            "没有显示器：取号机和大屏不开窗口，请看网页。"
            if chinese
            else "No display here: kiosk and screen open no windows; look at the page.",
            err=True,
        )

    def ready(url: str) -> None:
        """On standard error: standard output is for the summary."""
        tokens = " ".join(demo_tokens())
        typer.echo(f"{'演示大厅' if chinese else 'The demo hall'}: {url}", err=True)
        typer.echo(f"{'演示令牌' if chinese else 'Demo tokens'}: {tokens}", err=True)
        names = " ".join(demo_accounts())
        typer.echo(f"{'演示账号' if chinese else 'Demo accounts'}: {names}", err=True)
        typer.echo(f"{'密码都是' if chinese else 'everybody has the password'}: {PASSWORD}", err=True)
        typer.echo("按 Ctrl+C 结束。" if chinese else "Ctrl+C ends it.", err=True)

    plan = Plan(port, seed, speed, minutes, headless, history, summary)
    try:
        counts = asyncio.run(conduct(plan, ready, windows=windows))
    except (KeyboardInterrupt, asyncio.CancelledError):
        typer.echo("演示结束。" if chinese else "The demo has ended.", err=True)
        sys.exit(0)
    except (PartFailed, FloorSilent, OSError) as error:
        raise fail(str(error)) from None
    if counts is not None:
        write_summary(counts, summary)
