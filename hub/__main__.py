"""The `hall` command. Packages hang their sub-commands on it through the entry-point group `hall.commands`.

Only the sub-command that is asked for is imported. `--config FILE` and `--lang zh|en` are understood by every one of
them; they become HALL_CONFIG and HALL_LANG, so that processes started from here see them too.
"""

import os
import sys
from importlib.metadata import EntryPoint, entry_points

import typer

SHARED_OPTIONS = {"--config": "HALL_CONFIG", "--lang": "HALL_LANG"}
LANGUAGES = ("zh", "en")

HELP = (
    "Hall 政务服务大厅: 取号、叫号、显示、评价、统计 · tickets, calls, screens, evaluations, figures.\n\n"
    "Every command takes --config FILE (else HALL_CONFIG, else ./hall.toml) and --lang zh|en."
)


def main() -> None:
    """Entry of the console script."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    arguments = take_shared(sys.argv[1:])
    wanted = next((argument for argument in arguments if not argument.startswith("-")), None)
    points = {point.name: point for point in entry_points(group="hall.commands")}
    chosen = [points[wanted]] if wanted in points else list(points.values())
    command_of(chosen)(args=arguments, prog_name="hall")


def take_shared(arguments: list[str]) -> list[str]:
    """The arguments without the shared options, whose values are put into the environment.

    Exits with status 2 for a missing value, a missing file or an unknown language.
    """
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        name, given, value = argument.partition("=")
        if name in SHARED_OPTIONS:
            value = value if given else next(waiting, "")
            if not value or (name == "--lang" and value not in LANGUAGES):
                sys.stderr.write(f"hall: {name} {'zh|en' if name == '--lang' else 'FILE'}\n")
                raise SystemExit(2)
            os.environ[SHARED_OPTIONS[name]] = value
        else:
            rest.append(argument)
    return rest


def command_of(points: list[EntryPoint]) -> typer.Typer:
    app = typer.Typer(help=HELP, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

    @app.callback()
    def root() -> None:
        """Holds the sub-commands together even when only one is loaded."""

    root.__doc__ = HELP
    for point in points:
        loaded = point.load()
        if isinstance(loaded, typer.Typer):
            app.add_typer(loaded, name=point.name)
        else:
            app.command(point.name)(loaded)
    return app


if __name__ == "__main__":
    main()
