"""The scores as CSV."""

import csv
import io
from typing import Any

#: What a line of the CSV tells of one item of one unit.
COLUMNS = ("scheme", "period", "unit", "code", "title", "points", "score", "bonus", "provisional", "inputs")


def as_csv(document: dict[str, Any]) -> bytes:
    """A line an item, then a line `total` a unit; of `--items` a line an item. With a BOM, for spreadsheets."""
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(COLUMNS)
    for unit in document.get("units", [document]):
        place = [unit["scheme"], unit.get("period", ""), unit.get("unit", "")]
        for item in unit["items"]:
            lines.writerow([*place, *_line(item)])
        if "total" in unit:
            total = [unit["available_points"], unit["total"], unit["bonus"], unit["provisional"]]
            told = f"base={unit['base']}; bonus={unit['bonus']}; deduction={unit['deduction']}"
            lines.writerow([*place, "total", unit["title"], *total, told])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _line(item: dict[str, Any]) -> list[Any]:
    inputs = "; ".join(f"{name}={value}" for name, value in item.get("inputs", {}).items())
    columns = ("code", "title", "points", "score", "bonus", "provisional")
    return [*(item.get(column, "") for column in columns), inputs]
