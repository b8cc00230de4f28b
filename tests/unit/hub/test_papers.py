"""Chinese paper: lines break where they may, heads repeat, and every number can be read back from the PDF."""

from datetime import UTC, datetime

import pylopdf
from hypothesis import given
from hypothesis import strategies as st

from hub.papers.lines import NEVER_FIRST, NEVER_LAST, broken
from hub.papers.paper import Column, Paper

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TEXTS = st.text(st.sampled_from("办结率达到窗口，。：；（）《》“”%1234567890.abcABC \n"), max_size=80)
#: As people write: marks stand alone, around a few characters or a number.
PHRASES = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "（", "《"]),
    st.text(st.sampled_from("办结率达到窗口"), min_size=1, max_size=5),
    st.sampled_from(["", "95.00%", "A001", "12"]),
    st.sampled_from(["", "。", "）", "》，"]),
)


def columns(text: str) -> float:
    return sum(2.0 if ord(one) > 0x2E7F else 1.0 for one in text)


def text_of(data: bytes) -> str:
    document = pylopdf.open(stream=data)
    return "\n".join(document[page].get_text() for page in range(len(document)))


@given(text=TEXTS, width=st.integers(8, 40))
def test_breaking_loses_nothing_but_spaces(text: str, width: int) -> None:
    lines = broken(text, width, columns)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(parts=st.lists(PHRASES, max_size=12), width=st.integers(16, 40))
def test_no_line_is_too_wide_and_none_begins_or_ends_where_it_may_not(parts: list[str], width: int) -> None:
    lines = broken("".join(parts), width, columns)
    assert all(columns(line) <= width for line in lines)
    assert not [line for line in lines[1:] if line[:1] in NEVER_FIRST]
    assert not [line for line in lines[:-1] if line[-1:] in NEVER_LAST]


def test_numbers_and_words_stay_whole() -> None:
    assert broken("现场办结率达到95.00%以上", 18, columns) == ["现场办结率达到", "95.00%以上"]
    assert broken("（一）提交《申请表》。", 12, columns) == ["（一）提交", "《申请表》。"]


def test_a_long_table_repeats_its_head_and_can_be_read_back() -> None:
    paper = Paper("考核结果", "政务服务中心", NOON)
    paper.heading("考核结果")
    rows = [[str(n), "市场监督管理局", f"{90 + n / 100:.2f}"] for n in range(120)]
    paper.grid([Column("名次", 1, "center"), Column("单位", 4), Column("得分", 2, "right")], rows)
    paper.signatures(["组长（签字）：", "经办人（签字）："], "2026年　月　日（盖章）")
    text = text_of(paper.data())
    assert text.count("得分") == len(pylopdf.open(stream=paper.data())) > 2
    assert all(row[2] in text for row in rows)
    assert "组长（签字）" in text
