"""What a family of ticket printers can do: read from TOML, our own or a hall's, and refused where it is wrong."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from devices.slip import COLUMN_DOTS, PAPERS, Paper, PaperMm

Cut = Literal["feed-partial", "feed-full", "partial", "full", "old-partial", "none"]
Charset = Literal["gb2312", "gbk", "gb18030", "none"]

SUFFIX = ".toml"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Width(_Part):
    """How many dots the head has on paper of this width; a column is 12 of them."""

    dots: int = Field(ge=192, le=1280, multiple_of=8)


class Text(_Part):
    """`charset`: what its font holds in two bytes a character; all else is drawn. `none`: all Chinese is drawn.

    `chinese_mode`: it wants FS & before Chinese. `code_page`: the n of ESC t for the letters, where it needs one.
    `largest`: how far GS ! magnifies (some know 1 and 2 only: Birch BP-002 p49).
    """

    charset: Charset = "gb18030"
    chinese_mode: bool = True
    code_page: int | None = Field(default=None, ge=0, le=255)
    largest: int = Field(default=8, ge=1, le=8)


class Commands(_Part):
    """`qr`: it draws QR codes itself (GS ( k), otherwise they go out as a picture. `cut`: the command it obeys."""

    cut: Cut = "feed-partial"
    qr: bool = True


class Answers(_Part):
    """Which questions it answers: DLE EOT n, GS r 1, GS ( H fn48; `asb`: it tells changes itself after GS a."""

    dle_eot: bool = True
    gs_r: bool = True
    gs_h: bool = False
    asb: bool = False


class Roll(_Part):
    """`near_end_mm`: the paper left when the near-end sensor first tells; 0 = it has none.

    `cutter_mm`: from the head to the blade, which every slip takes from the roll as white paper.
    """

    near_end_mm: int = Field(default=0, ge=0, le=100_000)
    cutter_mm: float = Field(default=13.0, ge=0, le=60)


class Profile(_Part):
    """What a family of printers can do. `zh` and `en` say which printers it is for."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    width: dict[Literal["58", "80"], Width] = {}
    text: Text = Text()
    commands: Commands = Commands()
    answers: Answers = Answers()
    roll: Roll = Roll()

    def paper(self, paper_mm: PaperMm) -> Paper:
        """The paper as this head prints it; 384 dots on 58 mm and 576 on 80 mm unless the profile says otherwise."""
        told = self.width.get("58" if paper_mm == 58 else "80")
        return Paper(paper_mm, told.dots, told.dots // COLUMN_DOTS) if told else PAPERS[paper_mm]

    def without_answers(self) -> Profile:
        """The same printer behind something that lets no answer through."""
        return self.model_copy(update={"answers": Answers(dle_eot=False, gs_r=False, gs_h=False, asb=False)})

    @property
    def answers_status(self) -> bool:
        """Can be asked how it is. When False nobody asks, and a job that was sent is all that is known."""
        return self.answers.dle_eot or self.answers.asb

    @property
    def has_fence(self) -> bool:
        """The end of a job is told by GS r; the better GS ( H goes before it."""
        return self.answers.gs_r and not self.answers.gs_h

    @property
    def confirms(self) -> bool:
        """It can say that a slip was worked off."""
        return self.answers.gs_r or self.answers.gs_h


def profile_from(text: str, source: str) -> Profile:
    """Raises ValueError that names `source`, every wrong key and what it should be."""
    try:
        return Profile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as fault:
        raise ValueError(f"{source}: not TOML / 不是 TOML 文件: {fault}") from fault
    except ValidationError as fault:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in fault.errors())
        raise ValueError(f"{source}: {wrong}") from fault


@lru_cache(maxsize=1)
def built_in() -> dict[str, Profile]:
    """The profiles that come with us, by name."""
    found = sorted(
        (one for one in files("devices.profiles").iterdir() if one.name.endswith(SUFFIX)), key=lambda one: one.name
    )
    profiles = [profile_from(one.read_text(encoding="utf-8"), one.name) for one in found]
    return {profile.name: profile for profile in profiles}


def load_profile(name: str) -> Profile:
    """One of ours by its name, or a hall's own by the path of its TOML file. Raises ValueError."""
    if name.endswith(SUFFIX):
        return _from_file(Path(name))
    if name not in built_in():
        raise ValueError(f"no printer profile {name!r}; there are {', '.join(built_in())}, or a path to a .toml file")
    return built_in()[name]


def _from_file(path: Path) -> Profile:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise ValueError(f"the printer profile {path} cannot be read / 无法读取打印机配置: {fault}") from fault
    return profile_from(text, str(path))
