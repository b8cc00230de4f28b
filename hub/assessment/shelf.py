"""The schemes of a hall: those that come with Hall, and its own files from `[assessment] schemes`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from hub.assessment.scheme import Scheme
from hub.assessment.scheme_file import parse_scheme
from hub.problems import BadLine, BadLines, Unknown

_OURS = Path(__file__).parent / "schemes"


@cache
def our_schemes() -> Mapping[str, Scheme]:
    """By code."""
    found = [parse_scheme(path.read_text(encoding="utf-8"), origin=path.name) for path in sorted(_OURS.glob("*.toml"))]
    return {scheme.code: scheme for scheme in found}


def scheme_at(path: Path) -> Scheme:
    """A hall's own file. Raises BadLines, also when it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadLines([BadLine(1, f"{path}：无法读取（{error}）", f"{path}: cannot be read ({error})")]) from error
    return parse_scheme(text, origin=str(path))


def own_files(folder: str) -> list[Path]:
    """The files of a hall's folder; none without one."""
    return sorted(Path(folder).glob("*.toml")) if folder else []


def schemes(folder: str) -> dict[str, Scheme]:
    """All of them; a hall's own file with a code of ours takes its place. Raises BadLines."""
    own = [scheme_at(path) for path in own_files(folder)]
    return dict(our_schemes()) | {scheme.code: scheme for scheme in own}


def scheme_named(folder: str, code: str) -> Scheme:
    """Raises Unknown, BadLines."""
    known = schemes(folder)
    if code not in known:
        raise Unknown("scheme", code, field="scheme")
    return known[code]
