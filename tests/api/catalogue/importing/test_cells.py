"""One cell of text → one value, or a Swedish reason."""

from __future__ import annotations

from datetime import date

import pytest

from api import cells
from api.catalogue.importing.names import Names
from api.catalogue.importing.rows import RowReader, status


@pytest.mark.parametrize(
    "text", ["2027-01-11", " 2027-1-11 ", "11/1 2027", "11/1/2027", "11.1.2027", "11/01 2027", "11. 1. 2027"]
)
def test_a_date_is_read_in_iso_and_in_the_swedish_ways_with_the_day_first(text: str) -> None:
    assert cells.swedish_date(text) == date(2027, 1, 11)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("våren 2027", "inget datum"),
        ("11/1", "inget datum"),
        ("11/1 27", "inget datum"),
        ("46033", "inget datum"),
        ("2027-02-30", "finns inte i kalendern"),
        ("1/25/2027", "finns inte i kalendern"),
        ("2207-01-11", "mellan 2000 och 2100"),
        ("٢٠٢٧-٠١-١١", "inget datum"),
    ],
)
def test_what_is_no_date_is_refused_with_what_to_do(text: str, reason: str) -> None:
    with pytest.raises(cells.BadCell, match=reason):
        cells.swedish_date(text)


@pytest.mark.parametrize("text", ["ja", "JA", " x ", "X", "1", "true", "True", "SANT"])
def test_yes_is_written_in_many_ways(text: str) -> None:
    assert cells.boolean(text) is True


@pytest.mark.parametrize("text", ["nej", "Nej", "0", "false", "FALSKT", "", "  "])
def test_no_is_written_in_many_ways_and_blank_is_no(text: str) -> None:
    assert cells.boolean(text) is False


@pytest.mark.parametrize("text", ["kanske", "2", "jaja", "-"])
def test_anything_else_is_neither_yes_nor_no(text: str) -> None:
    with pytest.raises(cells.BadCell, match="ja eller nej"):
        cells.boolean(text)


@pytest.mark.parametrize(
    ("text", "value"), [("50", 50), ("50 %", 50), ("50%", 50), ("100", 100), ("1", 1), ("", 100), ("50\xa0%", 50)]
)
def test_pace_is_per_cent_of_full_time_and_blank_is_full_time(text: str, value: int) -> None:
    assert cells.pace(text) == value


@pytest.mark.parametrize("text", ["0", "101", "halvfart", "0,5", "-50", "50 % %", "9" * 5000])
def test_a_pace_outside_1_to_100_is_refused(text: str) -> None:
    with pytest.raises(cells.BadCell, match="1 till 100"):
        cells.pace(text)


@pytest.mark.parametrize(("text", "value"), [("800", 800), ("1 200", 1200), ("0", 0), ("", None), (" 12 ", 12)])
def test_a_number_is_whole_and_may_have_blanks_between_thousands(text: str, value: int | None) -> None:
    assert cells.integer(text) == value


@pytest.mark.parametrize("text", ["8,5", "-3", "åtta", "1e3", "²", "٣", "9" * 5000, "99999999"])
def test_what_is_no_number_that_fits_is_refused(text: str) -> None:
    with pytest.raises(cells.BadCell):
        cells.integer(text)


@pytest.mark.parametrize("text", ["", "https://example.org/ansok?a=1", "https://exämple.org/å"])
def test_an_https_address_is_kept_as_it_stands(text: str) -> None:
    assert cells.https_url(text, limit=500) == text


@pytest.mark.parametrize(
    "text",
    [
        "http://example.org",
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "example.org",
        "https://",
        "https://bank.example@example.org/",
        "https://example.org/a b",
        'https://example.org/"onclick="x',
        "https://[",
        "https://example.org:99999/",
    ],
)
def test_other_addresses_are_refused(text: str) -> None:
    with pytest.raises(cells.BadCell, match="https://"):
        cells.https_url(text, limit=500)


@pytest.mark.parametrize(
    "text",
    [
        "vagledning",
        "a@b",
        "a b@example.org",
        "a@example.org,b@example.org",
        "@example.org",
        "=cmd|x@example.org",
        "+a@example.org",
    ],
)
def test_what_is_no_email_address_is_refused(text: str) -> None:
    with pytest.raises(cells.BadCell, match="e-postadress"):
        cells.email(text, limit=200)


@pytest.mark.parametrize(
    "text",
    ['=HYPERLINK("https://example.org")', "+46", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", " =1", "-2+3+cmd|'x'!A0"],
)
def test_text_that_could_be_run_as_a_formula_is_refused_unless_an_apostrophe_says_that_it_is_text(text: str) -> None:
    for read in (cells.line_text, cells.long_text):
        with pytest.raises(cells.BadCell, match="formel"):
            read(text, limit=200)
        assert read(f"'{text.strip()}", limit=200) == text.strip()


@pytest.mark.parametrize("text", ["-", "- en punkt\n- en till", "a=b", "+ mer", "'t Hooft", "CNC – 5-axlig", "x@y"])
def test_ordinary_text_with_the_same_signs_is_no_formula(text: str) -> None:
    assert cells.long_text(text, limit=200) == text


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "'", "''", "-", "- a", "@", "+", "a", "", "'a"])
def test_what_is_quoted_for_a_file_is_read_as_it_was(text: str) -> None:
    assert cells.unquoted(cells.quoted(text)) == text


@pytest.mark.parametrize(
    "text", ["<b>Svets</b>", "a <script>alert(1)", "<img src=x onerror=x", "<!-- x", "<![CDATA[x]]>", "</p>", "<br/>"]
)
def test_html_is_refused(text: str) -> None:
    with pytest.raises(cells.BadCell, match="HTML"):
        cells.long_text(text, limit=200)


@pytest.mark.parametrize("text", ["under 5 < 10 > 3", "<3", "a < b", "5 & 6"])
def test_signs_for_less_and_more_are_no_html(text: str) -> None:
    assert cells.line_text(text, limit=200) == text


@pytest.mark.parametrize("text", ["Säffle", "grön", "Ånga", "ÄNNU", "Öl – en dryck", "café"])
def test_letters_that_were_read_in_the_wrong_encoding_are_refused(text: str) -> None:
    assert cells.line_text(text, limit=200) == text
    with pytest.raises(cells.BadCell, match="Bokstäver"):
        cells.line_text(text.encode().decode("cp1252"), limit=200)


def test_a_line_has_single_blanks_and_a_long_text_keeps_its_lines() -> None:
    assert cells.line_text("  Svetsare,\r\n  grund ", limit=200) == "Svetsare, grund"
    assert cells.long_text(" Rad ett.\r\nRad två.\r\n", limit=200) == "Rad ett.\nRad två."


def test_a_text_longer_than_its_column_is_refused_with_both_lengths() -> None:
    with pytest.raises(cells.BadCell, match=r"81 tecken.*80 tecken"):
        cells.line_text("x" * 81, limit=80)


def test_invisible_control_characters_are_refused() -> None:
    with pytest.raises(cells.BadCell, match="styrtecken"):
        cells.line_text("Svetsare\x1b[31m", limit=80)


@pytest.mark.parametrize("text", ["published", "Published", " DRAFT ", "cancelled", "full"])
def test_a_status_is_one_of_four_words_in_any_case(text: str) -> None:
    assert status(text) == text.strip().lower()


@pytest.mark.parametrize(
    ("column", "text", "slug"),
    [
        ("occupation", "svetsare", "svetsare"),
        ("occupation", "SVETSNING", "svetsare"),
        ("occupation", "Tig svets", "svetsare"),
        ("occupation", "cnc operator", "cnc-operator"),
        ("occupation", "CNC-operatör", "cnc-operator"),
        ("occupation", "frasare", "cnc-operator"),
        ("node", "Säffle", "saffle"),
        ("node", "SAFFLE", "saffle"),
        ("node", "industrinoden i säffle", "saffle"),
    ],
)
def test_occupation_and_node_are_found_by_slug_title_alias_or_town(
    reader: RowReader, column: str, text: str, slug: str
) -> None:
    values, problems = reader.read({column: text})
    assert (values, problems) == ({column: slug}, [])


def test_an_unknown_name_is_refused_with_the_nearest_one(reader: RowReader) -> None:
    _, [occupation, node] = reader.read({"occupation": "Svetssare", "node": "Oslo"})
    assert occupation.reason.endswith("Menade du Svetsare?")
    assert node.reason.startswith("Noden finns inte")
    assert "Menade du" not in node.reason


def test_a_name_with_two_meanings_is_refused_but_a_title_beats_an_alias() -> None:
    names = Names.of([("a", "Montör", ["bygga"]), ("b", "Byggare", ["bygga", "montör"])], unknown="cell_occupation")
    assert names.slug("montör") == "a"
    with pytest.raises(cells.BadCell, match="a, b"):
        names.slug("bygga")


def test_blank_required_cells_are_named(reader: RowReader) -> None:
    _, problems = reader.read({"external_id": " ", "title": "", "occupation": "", "node": "", "status": ""})
    assert [problem.column for problem in problems] == ["external_id", "title", "occupation", "node", "status"]
    assert {problem.reason for problem in problems} == {"Cellen är tom. Fyll i den."}
