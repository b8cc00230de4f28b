"""Every refusal has a stable code, a status and a sentence in the reader's language that says what to do.

HallError ─ Unauthorized, WrongPassword, Forbidden, MustChangePassword, CrossSite, Unknown, NotAllowed,
            ServiceClosed, QuotaReached, LiveTicketExists, CalendarUnknown, AlreadyEvaluated, Invalid, BadLines,
            WeakPassword, KeyReused, TooManyRequests, LockedOut, StoreUnavailable, OutcomeUnknown, StationSilent
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import ClassVar, Literal

from hub.wire import Language, Problem


@dataclass(frozen=True)
class BadLine:
    """Why one line of a file cannot be taken; the header is line 1."""

    line: int
    zh: str
    en: str


#: Words of a refusal that programs may want.
_TOLD = ("state", "reason", "next_opening", "number")


class HallError(Exception):
    """A verb that was refused. `words` fill the sentence; `field` is the input at fault."""

    status: ClassVar[int] = 500
    code: str = "error"
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "系统出错了，请稍后再试或联系管理员。",
        "en": "Something went wrong here; try again or ask the administrator.",
    }

    def __init__(self, *, field: str | None = None, **words: object) -> None:
        self.field = field
        self.words = words
        super().__init__(self.sentence("en"))

    def sentence(self, language: Language) -> str:
        """What happened and what to do, for people."""
        return self.sentences[language].format(**self.words)

    def headers(self) -> dict[str, str]:
        """What the answer says besides its body."""
        return {}

    def problem(self, language: Language) -> Problem:
        """The RFC 9457 document; `words` that programs may want (such as the state) go along as members."""
        return Problem(
            title=self.code.replace("_", " "),
            status=self.status,
            code=self.code,
            detail=self.sentence(language),
            field=self.field,
            **{key: str(value) for key, value in self.words.items() if key in _TOLD},
        )


class MalformedJson(HallError):
    status = 400
    code = "malformed_json"
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "请求内容不是有效的 JSON，请检查格式。",
        "en": "The body is not valid JSON; check its syntax.",
    }


class Unauthorized(HallError):
    status = 401
    code = "unauthorized"
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "请先登录，或提供有效的访问令牌。",
        "en": "Sign in first, or send a valid token as 'Authorization: Bearer …'.",
    }

    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": "Bearer"}


class WrongPassword(HallError):
    """Name or password; which of them is nobody's business."""

    status = 401
    code = "wrong_password"
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "登录名或密码不正确，或账号已停用。请检查后重试，多次错误会暂时锁定。",
        "en": "Name or password is wrong, or the account is switched off. Check them; several wrong tries lock it.",
    }


class Forbidden(HallError):
    status = 403
    code = "forbidden"
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "您的账号（{role}）没有此项权限，请联系大厅管理员。",
        "en": "Your role ({role}) does not allow this; ask the hall's manager.",
    }


class MustChangePassword(HallError):
    status = 403
    code = "password_must_change"
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "请先修改密码，再继续使用。",
        "en": "Choose a new password first; then go on.",
    }


class CrossSite(HallError):
    """A request that carries the cookie, but not the session's CSRF token or our own origin."""

    status = 403
    code = "cross_site"
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "此请求不是从本系统的页面发出的，已拒绝。请刷新页面后重试。",
        "en": "This request did not come from a page of ours and was refused; reload the page and try again.",
    }


class Unknown(HallError):
    """`what` is service, ticket, counter, visit, priority, station, token, page …; the code is `unknown_<what>`."""

    status = 404
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "没有找到：{name}，请核对后再试。",
        "en": "There is no {what} {name}; check the name and try again.",
    }

    def __init__(self, what: str, name: str, *, field: str | None = None) -> None:
        self.code = f"unknown_{what}"
        super().__init__(field=field, what=what, name=name)


class MethodNotAllowed(HallError):
    status = 405
    code = "method_not_allowed"
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "此地址不支持 {method} 方法。",
        "en": "This address does not take {method}.",
    }


class NotAllowed(HallError):
    """The state does not allow the verb; the problem names the state."""

    status = 409
    code = "not_allowed"
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "当前状态不允许此操作：{zh}",
        "en": "The state does not allow this: {en}",
    }

    def __init__(self, *, state: str, zh: str, en: str) -> None:
        super().__init__(state=state, zh=zh, en=en)


class ServiceClosed(HallError):
    status = 409
    code = "service_closed"
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "现在不取号，{zh}",
        "en": "No tickets are given now. {en}",
    }


class QuotaReached(HallError):
    """All numbers of the service's band are taken; the problem names when the next band opens."""

    status = 409
    code = "quota_reached"
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "这项业务{zh}",
        "en": "This service: {en}",
    }


class CalendarUnknown(HallError):
    """The calendar has no data for the year: nothing is computed in it, never guessed."""

    status = 409
    code = "calendar_missing"
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "日历中没有 {year} 年的放假安排，无法计算，请先导入（hall import calendar）。",
        "en": "The calendar knows nothing of {year}, so nothing is computed in it;"
        " import that year first (hall import calendar).",
    }

    def __init__(self, year: int) -> None:
        super().__init__(year=year)


class LiveTicketExists(HallError):
    status = 409
    code = "live_ticket_exists"
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "您已有该业务的号票 {number}，请使用原号。",
        "en": "You already hold number {number} for this service; please use it.",
    }


class AlreadyEvaluated(HallError):
    status = 409
    code = "already_evaluated"
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "本次办理已评价，一次办理只能评价一次。",
        "en": "This visit has been evaluated; one visit is evaluated once.",
    }


class Invalid(HallError):
    status = 422
    code = "invalid"
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "“{name}”填写有误：{why}",
        "en": "{name} is not right: {why}",
    }

    def __init__(self, name: str, why: str) -> None:
        super().__init__(field=name, name=name, why=why)


class BadLines(HallError):
    """A file that was refused as a whole; every bad line is named with its number and its reason."""

    status = 422
    code = "bad_lines"
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "文件有 {count} 处错误，没有导入任何内容：\n{zh}",
        "en": "The file has {count} mistakes and nothing was taken:\n{en}",
    }

    def __init__(self, lines: Sequence[BadLine]) -> None:
        self.lines = sorted(lines, key=lambda bad: bad.line)
        super().__init__(
            count=len(lines),
            zh="\n".join(f"第 {bad.line} 行：{bad.zh}" for bad in self.lines),
            en="\n".join(f"line {bad.line}: {bad.en}" for bad in self.lines),
        )

    def problem(self, language: Language) -> Problem:
        """With a member for each bad line."""
        lines = [{"line": bad.line, "why": bad.zh if language == "zh" else bad.en} for bad in self.lines]
        return super().problem(language).model_copy(update={"lines": lines})


class KeyReused(HallError):
    status = 422
    code = "idempotency_key_reused"
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "同一 Idempotency-Key（或 request_id）已用于另一内容的请求，请换一个新的。",
        "en": "This Idempotency-Key (or request_id) was used for a request with another body; use a new one.",
    }


class WeakPassword(HallError):
    status = 422
    code = "weak_password"
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "密码不符合要求：{zh}。请换一个。",
        "en": "The password cannot be taken: {en}. Choose another one.",
    }

    def __init__(self, *, zh: str, en: str) -> None:
        super().__init__(field="password", zh=zh, en=en)


class _Later(HallError):
    """It may be tried again after `seconds`."""

    status = 429

    def __init__(self, seconds: float) -> None:
        self._seconds = max(1, ceil(seconds))
        super().__init__(seconds=self._seconds, minutes=ceil(self._seconds / 60))

    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self._seconds)}


class TooManyRequests(_Later):
    code = "too_many_requests"
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "请求过于频繁，请 {seconds} 秒后再试。",
        "en": "Too many requests from this address; try again in {seconds} s.",
    }


class LockedOut(_Later):
    code = "locked_out"
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "登录失败次数过多，已暂时锁定。请 {minutes} 分钟后再试，或请管理员解锁。",
        "en": "Too many failed sign-ins; locked. Try again in {minutes} minutes, or ask an administrator to unlock it.",
    }


StoreReason = Literal["locked", "full", "disk", "damaged", "read_only", "missing", "replaced", "unreachable", "failed"]

#: What keeps data from being stored, and what to do about it.
STORE_REASONS: dict[StoreReason, dict[Language, str]] = {
    "locked": {
        "zh": "数据库被其他程序占用。请稍后再试；如仍不行，请关闭占用数据库的程序",
        "en": "another program holds the database. Try again; if it stays so, close that program",
    },
    "full": {"zh": "磁盘已满。请清理磁盘", "en": "the disk is full. Make room on it"},
    "disk": {
        "zh": "磁盘读写出错。请检查磁盘是否已满、脱落或损坏",
        "en": "reading from or writing to the disk failed. See whether it is full, gone or broken",
    },
    "damaged": {
        "zh": "数据库已损坏。请停止大厅服务，用 hall restore 恢复最近的备份",
        "en": "the database is damaged. Stop the hub and put the newest backup back with hall restore",
    },
    "read_only": {
        "zh": "数据库或其文件夹不可写。请检查文件夹的权限和属主",
        "en": "the database or its folder cannot be written. Check the folder's permissions and owner",
    },
    "missing": {
        "zh": "数据库文件不见了。请放回原文件；如已丢失，请停止大厅服务，用 hall restore 恢复备份",
        "en": "the database file is gone. Put it back; if it is lost, stop the hub and use hall restore",
    },
    "replaced": {
        "zh": "数据库文件在运行中被替换。请放回原文件，或重新启动大厅服务以使用新文件",
        "en": "the database file was replaced under the running hub. Put the old one back, or restart the hub to use"
        " the new one",
    },
    "unreachable": {
        "zh": "无法连接数据库服务器。请检查网络和数据库服务",
        "en": "the database server cannot be reached. Check the network and the server",
    },
    "failed": {
        "zh": "数据库出错。请稍后再试或联系管理员",
        "en": "the database failed. Try again or call the administrator",
    },
}


class StoreUnavailable(HallError):
    """`why` is what the database says itself."""

    status = 503
    code = "store_unavailable"
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "数据暂时无法保存，本次操作没有生效：{zh}（{why}）。",
        "en": "The data cannot be stored now, and nothing was changed: {en} ({why}).",
    }

    def __init__(self, *, why: str, reason: StoreReason = "failed") -> None:
        self.reason: StoreReason = reason
        super().__init__(why=why, **STORE_REASONS[reason])


class OutcomeUnknown(HallError):
    status = 503
    code = "outcome_unknown"
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "数据库连接在保存时中断，本次操作是否生效尚不清楚；请先查看结果，再决定是否重做。",
        "en": "The line to the database broke while storing, and nobody knows yet whether it was stored; look first.",
    }


class StationSilent(HallError):
    status = 504
    code = "station_silent"
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "终端 {name} 没有回答。",
        "en": "Station {name} did not answer.",
    }
