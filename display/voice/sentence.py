"""A call as a sentence for the ear: 请A005号到3号窗口办理. Pure.

The number is read figure by figure (A零零五), the counter's as a number (十二号窗口). Templates hold `{number}` and
`{place}`; all else in them, and what a label says, is spoken as it stands.
"""

import re
from collections.abc import Mapping
from typing import Any

from devices.voice_frames import Part
from hub.wire import Language
from hub.wire.labels import place_of

Json = Mapping[str, Any]

_FIELDS = re.compile(r"\{(number|place)\}")


def sentence(number: str, counter: str, counters: Json, templates: Mapping[Language, str]) -> tuple[Part, ...]:
    """The call in every language that has a template, one after the other."""
    parts: list[Part] = []
    for language, template in templates.items():
        if parts:
            parts.append(Part("。"))
        parts += _told(template, number, counter, counters, language)
    return tuple(parts)


def _told(template: str, number: str, counter: str, counters: Json, language: str) -> list[Part]:
    found: list[Part] = []
    for at, text in enumerate(_FIELDS.split(template)):
        if at % 2 == 0:
            found += [Part(text)] if text else []
        elif text == "number":
            found.append(Part(number, "digits"))
        else:
            found += _place(counter, counters, language)
    return found


def _place(counter: str, counters: Json, language: str) -> list[Part]:
    """A counter's number is a number: 12 is 十二, not 幺二."""
    known = counters.get(counter)
    label = str(known.get("label") or "") if isinstance(known, Mapping) else ""
    place = place_of(counter, label, language)
    before = [Part(f"{place.before} ")] if place.before else []
    after = [Part(place.after)] if place.after else []
    return [*before, Part(place.large, "value"), *after]
