"""`hall user`: accounts from the hub's own machine, beside a running hub. Imports what it needs only when it runs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from hub.commands import fail, language, settings_or_exit

if TYPE_CHECKING:
    from hub.people.sitting import Leave
    from hub.settings import Settings
    from hub.store import Reader, Tx
    from hub.wire import Person

R = TypeVar("R")

user = typer.Typer(help="人员账号 · Accounts of people", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="登录名 · log-in name")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="密码从标准输入读一行 · read the password from standard input")
]
Own = Annotated[
    bool, typer.Option("--own", help="密码是本人所设，首次登录不必再改 · typed by its owner: need not be changed again")
]


@user.command("add")
def add(
    name: Name,
    role: Annotated[str, typer.Option(help="clerk duty_leader manager administrator auditor")],
    counter: Annotated[str | None, typer.Option(help="固定窗口 · home counter of a clerk")] = None,
    display_name: Annotated[str, typer.Option("--display-name", help="姓名 · as pages show it")] = "",
    password_stdin: FromStdin = False,
    own: Own = False,
) -> None:
    """新增账号 · Adds an account."""
    settings = settings_or_exit()
    password_hash = _hashed(settings, name, _password(from_stdin=password_stdin))

    def verb(tx: Tx) -> Person:
        from hub.people.accounts import add_account

        first = not tx.rows("SELECT 1 FROM account LIMIT 1")
        return add_account(
            tx,
            name,
            role,
            password_hash=password_hash,
            at=_now(),
            display_name=display_name,
            counter=counter,
            must_change=not (own or first),
        )

    _tell(_write(settings, verb))


@user.command("passwd")
def passwd(name: Name, password_stdin: FromStdin = False, own: Own = False) -> None:
    """设置新密码，结束其会话 · Sets a new password; open sessions end."""
    settings = settings_or_exit()
    password_hash = _hashed(settings, name, _password(from_stdin=password_stdin))

    def verb(tx: Tx) -> Person:
        from hub.people.accounts import reset_password

        return reset_password(tx, _leaving(tx, settings), name, password_hash, at=_now(), must_change=not own)

    _tell(_write(settings, verb))


@user.command("off")
def off(name: Name) -> None:
    """停用 · Nobody signs in with it any more; open sessions end."""
    settings = settings_or_exit()

    def verb(tx: Tx) -> Person:
        from hub.people.accounts import switch_off

        return switch_off(tx, _leaving(tx, settings), name, at=_now())

    _tell(_write(settings, verb))


@user.command("on")
def on(name: Name) -> None:
    """启用 · Switches it on again."""
    from hub.people.accounts import switch_on

    _tell(_write(settings_or_exit(), lambda tx: switch_on(tx, name, at=_now())))


@user.command("unlock")
def unlock(name: Name) -> None:
    """解除锁定 · Forgets the wrong passwords that locked it."""
    from hub.people.accounts import unlock as forget

    _tell(_write(settings_or_exit(), lambda tx: forget(tx, name, at=_now())))


@user.command("list")
def list_people() -> None:
    """所有账号 · All accounts."""
    from hub.offline import read_beside
    from hub.people.accounts import people

    def rows(reader: Reader) -> list[Person]:
        return people(reader.rows, _now())

    for person in _or_fail(lambda: read_beside(settings_or_exit(), rows)):
        _tell(person)


def _password(*, from_stdin: bool) -> str:
    """Typed twice without being seen, or one line of standard input. Exits when there is neither."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    chinese = language() == "zh"
    if not sys.stdin.isatty():
        raise fail(
            "这里不能输入密码，请用 --password-stdin。" if chinese else "Nobody can type here; use --password-stdin."
        )
    typed: str = typer.prompt("密码" if chinese else "Password", hide_input=True)
    again: str = typer.prompt("再输一次" if chinese else "Once more", hide_input=True)
    if typed != again:
        raise fail("两次输入不一样。" if chinese else "The two differ.")
    return typed


def _hashed(settings: Settings, name: str, password: str) -> str:
    from hub.people.passwords import hashed
    from hub.people.rules import PasswordRules, normal, password_fault

    rules = PasswordRules(settings.access.password_length, settings.access.password_classes)
    fault = password_fault(normal(password), name, rules)
    if fault:
        raise fail(
            f"密码不符合要求：{fault.zh}。" if language() == "zh" else f"The password cannot be taken: {fault.en}."
        )
    return hashed(password)


def _now() -> int:
    from hub.clock import micros, utcnow

    return micros(utcnow())


def _leaving(tx: Tx, settings: Settings) -> Leave:
    """What happens at the counter of somebody whose session ends."""
    from hub.queue.hall import load_hall
    from hub.queue.leaving import Leaving

    return Leaving(load_hall(tx.rows, settings.hub.public_url, settings.queue, settings.calendar))


def _write(settings: Settings, verb: Callable[[Tx], Person]) -> Person:
    from hub.offline import write_beside

    return _or_fail(lambda: write_beside(settings, verb))


def _or_fail(work: Callable[[], R]) -> R:
    from hub.problems import HallError
    from hub.settings import SettingsError

    try:
        return work()
    except HallError as error:
        raise fail(error.sentence("en" if language() == "en" else "zh")) from None
    except SettingsError as error:
        raise fail(str(error)) from None


def _tell(person: Person) -> None:
    """One line: name, role, counter, what is special about it."""
    marks = [
        word
        for holds, word in (
            (not person.active, "off"),
            (person.locked, "locked"),
            (person.must_change, "must-change-password"),
        )
        if holds
    ]
    typer.echo("\t".join([person.name, person.role, person.counter or "", person.display_name, " ".join(marks)]))
