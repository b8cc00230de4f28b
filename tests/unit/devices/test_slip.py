import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from devices.slip import (
    CANNOT_BEGIN,
    PAPERS,
    QrCode,
    TextLine,
    TicketFacts,
    clean,
    columns,
    qr_module_dots,
    ticket_slip,
    wrap,
)

LONG_NAME = "不动产登记（含首次登记、转移登记、变更登记、抵押权登记及预告登记的综合受理）"


def facts(**changes: object) -> TicketFacts:
    known: dict[str, object] = {
        "hall": "泸州市政务服务中心",
        "number": "A007",
        "service": "企业开办",
        "lines": ("您前面还有 3 人", "预计等候 5 至 12 分钟", "请到 3、4 号窗口办理"),
        "time": "2026-03-02 09:05",
        "url": "https://hall.example.gov.cn/t/Zk3v8QmX1pLw",
        "url_caption": "扫码查看叫号进度",
        "footer": "过号请到服务台",
    }
    return TicketFacts(**{**known, **changes})  # type: ignore[arg-type]


def texts(paper_mm: int, **changes: object) -> list[TextLine]:
    slip = ticket_slip(facts(**changes), paper_mm=58 if paper_mm == 58 else 80)
    return [item for item in slip.items if isinstance(item, TextLine)]


@pytest.mark.parametrize(("text", "width"), [("A007", 4), ("企业开办", 8), ("请到3号", 7), ("￥，", 4), ("e\u0301", 1)])
def test_a_chinese_glyph_takes_two_columns_and_a_mark_none(text: str, width: int) -> None:
    assert columns(text) == width


@given(st.text(), st.integers(min_value=2, max_value=48))
def test_wrapped_lines_fit_and_lose_nothing_but_blanks(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(columns(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == clean(text).replace(" ", "")


def test_a_line_neither_begins_with_a_comma_nor_ends_with_a_bracket() -> None:
    for width in range(8, 40):
        lines = wrap("请到二楼 B 区 12、13、14、15、16、17 号窗口（含自助区）办理，过号作废。", width)
        assert not [line for line in lines if line[0] in CANNOT_BEGIN or line.endswith("（")]


def test_words_stay_whole_where_the_line_has_room() -> None:
    assert wrap("Business registration (sole traders)", 24) == ["Business registration", "(sole traders)"]


def test_a_word_longer_than_the_line_is_split_and_not_cut() -> None:
    assert wrap("abcdefghij", 4) == ["abcd", "efgh", "ij"]


def test_names_from_a_database_cannot_command_the_printer() -> None:
    assert clean("企业\x1b@\x10\x04\u202e开办") == "企业 @  开办"


@pytest.mark.parametrize("paper_mm", [58, 80])
def test_every_line_of_a_ticket_fits_the_paper(paper_mm: int) -> None:
    lines = texts(paper_mm, service=LONG_NAME, hall=LONG_NAME, lines=(LONG_NAME, "请到 3 号窗口"), number="AB12345")
    assert [
        line for line in lines if columns(line.text) * line.size > PAPERS[58 if paper_mm == 58 else 80].columns
    ] == []


def test_a_long_service_name_is_printed_whole() -> None:
    lines = [line.text for line in texts(58, service=LONG_NAME)]
    assert LONG_NAME in "".join(lines)


def test_the_number_is_by_far_the_largest() -> None:
    for paper_mm in (58, 80):
        lines = texts(paper_mm)
        number = next(line for line in lines if line.text == "A007")
        assert number.size >= 2 * max(line.size for line in lines if line is not number)


def test_a_long_number_shrinks_until_it_fits() -> None:
    assert next(line.size for line in texts(58, number="ABC12345") if line.text == "ABC12345") == 4


def test_without_a_url_there_is_no_code() -> None:
    items = ticket_slip(facts(url="", url_caption="扫码"), paper_mm=80).items
    assert not [item for item in items if isinstance(item, QrCode)]
    assert "扫码" not in [item.text for item in items if isinstance(item, TextLine)]


@given(st.integers(min_value=1, max_value=400))
def test_a_code_stays_inside_the_narrow_paper(size: int) -> None:
    data = "x" * size
    modules = segno.make_qr(data, error="m", boost_error=False).symbol_size(border=0)[0]
    assert modules * qr_module_dots(data, 200) <= 384 - 8 * 3


def test_a_printer_magnifies_eight_times_at_most() -> None:
    with pytest.raises(ValueError, match="not 9"):
        TextLine("A", size=9)
