"""One body of the World Bank: pages in the publisher's shapes, its errors, and malformed bytes."""

import json
from datetime import date
from typing import Any

import pytest

from pipeline.errors import ReadError
from pipeline.ingest.world_bank_reply import parse
from pipeline.ingest.world_bank_wire import Cell, RefusalError

HEAD = {
    "page": 1,
    "pages": 1,
    "per_page": 1000,
    "total": 2,
    "sourceid": "2",
    "lastupdated": "2026-07-13",
}


def row(**fields: Any) -> dict[str, Any]:
    standard = {
        "indicator": {"id": "IT.NET.USER.ZS", "value": "Individuals using the Internet"},
        "country": {"id": "KG", "value": "Kyrgyz Republic"},
        "countryiso3code": "KGZ",
        "date": "2021",
        "value": 77.9,
        "unit": "",
        "obs_status": "",
        "decimal": 0,
    }
    return standard | fields


def body(*rows: Any, **head: Any) -> bytes:
    return json.dumps([HEAD | {"total": len(rows)} | head, rows]).encode()


def test_rows_become_cells() -> None:
    page = parse(body(row(), row(date="2020", value=None, obs_status="E")))

    assert (page.number, page.pages, page.per_page, page.total) == (1, 1, 1000, 2)
    assert (page.source, page.updated) == ("2", date(2026, 7, 13))
    assert page.cells == (
        Cell("IT.NET.USER.ZS", "KGZ", 2021, "77.9", ""),
        Cell("IT.NET.USER.ZS", "KGZ", 2020, None, "E"),
    )


@pytest.mark.parametrize(
    "digits", ["0", "-0.5", "1.50", "38677.5708064787", "7853863139", "5.1E-05", "1e21", "0.1000"]
)
def test_values_keep_their_digits(digits: str) -> None:
    sent = body(row(value=123456)).replace(b"123456", digits.encode())

    assert [cell.value for cell in parse(sent).cells] == [digits]


def test_counts_may_be_text() -> None:
    head = {"page": "1", "pages": "1", "per_page": "50", "total": "1"}

    assert parse(body(row(), **head)).per_page == 50


def test_a_byte_order_mark_is_tolerated() -> None:
    assert len(parse(b"\xef\xbb\xbf" + body(row())).cells) == 1


def test_the_date_and_source_of_the_database_may_be_absent() -> None:
    page = parse(body(row(), sourceid=None, lastupdated=None))

    assert (page.source, page.updated) == ("", None)


def test_a_flag_may_be_absent_or_null() -> None:
    bare = row()
    del bare["obs_status"]

    assert [c.status for c in parse(body(bare, row(obs_status=None))).cells] == ["", ""]


def test_no_data_is_an_empty_page() -> None:
    page = parse(b'[{"page":0,"pages":0,"per_page":0,"total":0,"lastupdated":null},null]')

    assert page.cells == ()


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (
            b'[{"message":[{"id":"120","key":"Invalid value","value":"Not a valid value"}]}]',
            "message 120, Invalid value: “Not a valid value”",
        ),
        (
            b'[\n {\n "message": [\n {"id": "175", "key": "Invalid format", "value": "Gone"}]}]\n',
            "message 175, Invalid format: “Gone”",
        ),
        (
            b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?>\r\n<wb:error xmlns:wb="http://x">'
            b'<wb:message id="160" key="Data not found">No\n  data.</wb:message></wb:error>',
            "message 160, Data not found: “No data.”",
        ),
    ],
)
def test_the_publishers_own_errors_are_recognised(sent: bytes, told: str) -> None:
    with pytest.raises(RefusalError, match=told):
        parse(sent)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"", "not whole JSON"),
        (body(row())[:-9], "not whole JSON"),
        (b"\xff\xfe[]", "not UTF-8 at byte 0"),
        (b"[" * 100_000, "nested too deeply"),
        (b"<html>", "expected JSON, it begins '<html>'"),
        (b"{}", "expected a list of a head and rows"),
        (b"[]", "expected a list of a head and rows"),
        (b'[{"page":1}]', "expected a list of a head and rows"),
        (b'[{"message":7}]', "message is '7', expected a list of messages"),
        (body(row(), total=3.5), "head: total is '3.5', expected a count"),
        (body(row(), pages=-1), "head: pages is '-1', expected a count"),
        (body(row(), page="٣"), r"head: page is '\\u0663', expected a count"),
        (body(row(), per_page=True), "head: per_page is True, expected a count"),
        (body(row(), lastupdated="July"), "head: lastupdated is 'July', expected a date"),
        (body(row(), lastupdated="2026-02-30"), "head: lastupdated is '2026-02-30'"),
        (body(row(), sourceid="WDI"), "head: sourceid is 'WDI', expected a number"),
        (json.dumps([HEAD, None]).encode(), "rows are None, expected a list"),
        (body(row(), None), "row 2 is None, expected an object"),
        (body(row(date="2021Q1")), "row 1: date is '2021Q1', expected a year"),
        (body(row(date=2021)), "row 1: date is '2021', expected a year"),
        (body(row(countryiso3code="KG")), "row 1: countryiso3code is 'KG', expected an ISO"),
        (body(row(indicator="X")), "row 1: indicator.id is None, expected an indicator's code"),
        (body(row(value="77.9")), "row 1: value is '77.9', expected a number or null"),
        (body(row(value=True)), "row 1: value is True, expected a number or null"),
        (body(row(value=[1])), "row 1: value is .*, expected a number or null"),
        (body(row(value=123)).replace(b"123", b"1e999"), "row 1: value is '1e999', expected"),
        (body(row(value=123)).replace(b"123", b"NaN"), "not whole JSON: NaN is not a number"),
        (body(row(obs_status="a,b")), "row 1: obs_status is 'a,b', expected a short flag"),
        (body(row()).replace(b'"unit"', b'"value"'), "not whole JSON: a key stands twice"),
    ],
)
def test_malformed_bodies_name_row_and_field(sent: bytes, told: str) -> None:
    with pytest.raises(ReadError, match=told):
        parse(sent)


def test_an_income_group_was_not_asked_for() -> None:
    group = row(country={"id": "XN", "value": "Lower middle income"}, countryiso3code="")

    with pytest.raises(ReadError, match="row 2: 'Lower middle income' has no countryiso3code"):
        parse(body(row(), group))


def test_a_row_without_a_value_is_not_a_row_with_null() -> None:
    bare = row()
    del bare["value"]

    with pytest.raises(ReadError, match="row 1: there is no value"):
        parse(body(bare))
