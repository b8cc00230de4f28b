"""The documents are held to the code: what they leave out or tell wrongly fails here."""

import json
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from typer.main import get_command

from hub import problems
from hub.__main__ import command_of
from hub.app import create_app
from hub.figures.tables import COLUMNS
from hub.problems import HallError
from hub.settings import _SEED_TABLES, Settings

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")
DOCUMENTS = (
    *READMES,
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/api.md",
    "docs/assessment.md",
    "docs/journal.md",
    "docs/registers.md",
)
LARGEST_PICTURE_BYTES = 300_000


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rows(text: str) -> dict[str, list[str]]:
    """Every table row by its first cell; `\\|` inside a cell is no border."""
    cells = [re.split(r"(?<!\\)\|", line.strip().strip("|")) for line in text.splitlines() if line.startswith("|")]
    return {row[0].strip().strip("`"): [cell.strip() for cell in row[1:]] for row in cells}


def settings_keys() -> Iterator[tuple[str, str, FieldInfo]]:
    """As the tables write them: `[hub] port`, its environment name, the field; seeds have no environment name."""
    words = {field: word for word, field in _SEED_TABLES.items()}
    for section, field in Settings.model_fields.items():
        model: Any = field.annotation
        seeds = not (isinstance(model, type) and issubclass(model, BaseModel))
        model = get_args(model)[0] if seeds else model
        for key, inner in model.model_fields.items():
            word = f"[[{words.get(section, section)}]]" if seeds else f"[{section}]"
            environment = "" if seeds else f"HALL_{section}__{key}".upper()
            yield f"{word} {inner.alias or key}", environment, inner


def sub_commands(command: Any, name: str) -> Iterator[tuple[str, list[str]]]:
    children: dict[str, Any] = getattr(command, "commands", {})
    if children:
        for child, inner in children.items():
            yield from sub_commands(inner, f"{name} {child}")
    else:
        yield name, [option for parameter in command.params for option in parameter.opts if option.startswith("--")]


def all_sub_commands() -> list[tuple[str, list[str]]]:
    return list(sub_commands(get_command(command_of(list(entry_points(group="hall.commands")))), "hall"))


def dependencies() -> list[str]:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    return [re.split(r"[<>=\[ ]", name)[0] for name in wanted]


@pytest.mark.parametrize("readme", READMES)
def test_every_settings_key_stands_in_the_table_with_its_environment_name(readme: str) -> None:
    table = rows(read(readme))
    for key, environment, _ in settings_keys():
        assert key in table, f"{readme}: {key} is missing"
        assert not environment or f"`{environment}`" in table[key], f"{readme}: {key}: {environment}"


@pytest.mark.parametrize("readme", READMES)
def test_every_default_is_told_as_it_is(readme: str) -> None:
    table = rows(read(readme))
    for key, environment, field in settings_keys():
        if not field.is_required():
            told = table[key][1 if environment else 0]
            assert told == f"`{json.dumps(field.default, ensure_ascii=False)}`", f"{readme}: {key}: {told}"


@pytest.mark.parametrize("readme", READMES)
def test_no_settings_key_is_told_that_does_not_exist(readme: str) -> None:
    known = {key for key, _, _ in settings_keys()}
    told = {cell for cell in rows(read(readme)) if re.fullmatch(r"\[.*\] \w+", cell)}
    assert told - known == set()


@pytest.mark.parametrize("readme", READMES)
def test_every_sub_command_stands_in_the_readme_with_its_options(readme: str) -> None:
    lines = [line for line in read(readme).splitlines() if line.startswith("| `hall ")]
    for command, options in all_sub_commands():
        line = next((line for line in lines if f"`{command}`" in line), "")
        assert line, f"{readme}: {command} is missing"
        for option in options:
            assert f"`{option}`" in line, f"{readme}: {command} {option} is missing"


def test_every_dependency_stands_in_contributing() -> None:
    table = rows(read("CONTRIBUTING.md"))
    told = {cell.split("`")[0] for cell in table}
    assert set(dependencies()) - told == set()


@pytest.mark.parametrize("readme", READMES)
@pytest.mark.parametrize("command", ["make demo", "make test", "sudo apt-get install git make python3-venv"])
def test_both_readmes_name_the_two_commands_on_lines_of_their_own(readme: str, command: str) -> None:
    assert command in read(readme).splitlines()


def test_every_route_stands_in_the_api_page_and_none_besides() -> None:
    answered = {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, methods in create_app(Settings()).openapi()["paths"].items()
        for method in methods
    }
    told = set(re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^ `]*)`", read("docs/api.md")))
    assert answered == told


def test_every_code_of_a_problem_stands_in_the_api_page() -> None:
    refusals = [one for one in vars(problems).values() if isinstance(one, type) and issubclass(one, HallError)]
    text = read("docs/api.md")
    for refusal in refusals:
        assert f"| {refusal.status} |" in text, refusal.__name__
        if refusal is not problems.Unknown:
            assert f"`{refusal.code}`" in text, refusal.__name__


def test_every_column_of_the_figures_stands_in_the_api_page() -> None:
    text = read("docs/api.md")
    assert [column for columns in COLUMNS.values() for column in columns if f"`{column}`" not in text] == []


def links(text: str) -> set[str]:
    """Relative targets of links and pictures."""
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'src="([^"]+)"', text)
    return {target for target in targets if "://" not in target}


def anchors(text: str) -> set[str]:
    """The names under which a forge links to headings: lower case, no punctuation, hyphens for spaces."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_relative_links_lead_somewhere(document: str) -> None:
    for target in links(read(document)):
        path, _, anchor = target.partition("#")
        page = (ROOT / document).parent / path if path else ROOT / document
        assert page.exists(), f"{document}: {target}"
        assert not anchor or anchor in anchors(page.read_text(encoding="utf-8")), f"{document}: {target}"


def test_every_picture_is_shown_by_both_readmes_and_is_light() -> None:
    pictures = {f"docs/pictures/{path.name}" for path in (ROOT / "docs/pictures").glob("*")}
    assert pictures
    for readme in READMES:
        assert {target for target in links(read(readme)) if target.startswith("docs/pictures/")} == pictures
    assert all((ROOT / picture).stat().st_size < LARGEST_PICTURE_BYTES for picture in pictures)
