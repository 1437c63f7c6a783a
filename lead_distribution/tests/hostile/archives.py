"""Workbooks whose zip, or whose XML, is damaged."""

import io
import zipfile
import zlib

from .case import add_case, hostile, read, refused
from .workbooks import ANN, HEADER, TYPES, book, pack, parts, patch_entry, sheet

# the zip around it

GOOD = book()
add_case("xlsx", "cut_off_in_the_middle", refused("broken"), GOOD[: len(GOOD) // 2])
add_case("xlsx", "cut_off_ten_bytes_before_the_end", refused("broken"), GOOD[:-10])
add_case("xlsx", "only_the_first_four_bytes", refused("broken"), GOOD[:4])
add_case("xlsx", "a_wrong_checksum", refused("broken"), patch_entry(GOOD, "xl/worksheets/sheet1.xml", 16, "<L", 12345))
add_case(
    "xlsx",
    "a_part_beyond_the_end_of_the_file",
    refused("broken"),
    patch_entry(GOOD, "xl/worksheets/sheet1.xml", 42, "<L", 2**31),
)
add_case(
    "xlsx",
    "a_packing_that_nobody_knows",
    refused("broken"),
    patch_entry(GOOD, "xl/worksheets/sheet1.xml", 10, "<H", 99),
)
add_case(
    "xlsx", "packed_so_that_unpacking_takes_the_memory_it_asks_for", refused("broken"), pack(parts(), zipfile.ZIP_LZMA)
)
add_case("xlsx", "a_comment_of_65_kilobytes_behind_the_zip", read(1), pack(parts(), comment=b"x" * 65_000))
add_case(
    "xlsx", "sixteen_thousand_ends_behind_the_zip", refused("broken"), pack(parts(), comment=b"PK\x05\x06" * 16_000)
)
add_case(
    "xlsx",
    "names_that_climb_out_of_the_folder",
    read(1),
    pack({**parts(), "../../../../tmp/evil": "x", "/etc/cron.d/evil": "x", "..\\..\\evil": "x", "C:\\evil": "x"}),
)
add_case(
    "xlsx", "the_same_name_twice", read(1), pack([*parts(sheet("")).items(), ("xl/worksheets/sheet1.xml", sheet())])
)
add_case(
    "xlsx",
    "names_in_other_letters",
    refused("unknown"),
    pack({name.upper(): content for name, content in parts().items()}),
)
add_case("xlsx", "something_before_the_zip", refused("unknown"), b"MZ" + bytes(range(256)) * 4 + GOOD)
add_case("xlsx", "a_name_of_sixty_thousand_characters", read(1), pack({**parts(), "x" * 60_000: "x"}))


@hostile("xlsx", read(1))
def a_link_to_a_file_of_the_server():
    link = zipfile.ZipInfo("xl/media/image1.png")
    link.external_attr = 0o120777 << 16
    return pack([*parts().items(), (link, "/etc/passwd")])


@hostile("xlsx", refused("broken"))
def a_sheet_that_is_a_link_to_a_file_of_the_server():
    link = zipfile.ZipInfo("xl/worksheets/sheet1.xml")
    link.external_attr = 0o120777 << 16
    return pack([*parts(drop=["xl/worksheets/sheet1.xml"]).items(), (link, "/etc/passwd")])


@hostile("xlsx", read(1))
def sizes_in_64_bits():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts().items():
            with archive.open(name, "w", force_zip64=True) as stream:
                stream.write(content.encode())
    return out.getvalue()


@hostile("xlsx", refused("broken"))
def damaged_bytes_in_a_packed_part():
    data = bytearray(GOOD)
    start = data.index(b"xl/worksheets/sheet1.xml") + 60
    data[start : start + 20] = b"\xff" * 20
    return bytes(data)


@hostile("xlsx", refused("broken"))
def a_packed_part_that_ends_too_early():
    packed = zlib.compress(sheet().encode())[2:-4]
    return GOOD.replace(packed, packed[:50] + b"\0" * (len(packed) - 50))


# XML that is none

BROKEN_XML = {
    "a_sheet_that_is_cut_off": sheet()[:-40],
    "a_sheet_of_nothing": "",
    "a_sheet_of_words": "nothing",
    "a_sheet_with_bytes_that_are_no_text": sheet().encode() + b"\xff\xfe\x00",
    "a_sheet_that_lies_about_its_encoding": sheet().replace('"1.0"', '"1.0" encoding="klingon"', 1),
    "a_sheet_with_a_zero_byte": sheet(HEADER + ANN.replace("Ann", "A\0nn")),
}
for name, content in BROKEN_XML.items():
    add_case("xlsx", name, refused("broken"), book(content))
add_case(
    "xlsx", "a_sheet_in_utf_16", read(1), book(sheet().replace('"1.0"', '"1.0" encoding="utf-16"', 1).encode("utf-16"))
)
add_case("xlsx", "a_directory_that_is_no_xml", refused("broken"), book(xl__workbook_dot_xml="nothing"))
add_case("xlsx", "no_list_of_kinds_of_parts", refused("broken"), book(drop=["[Content_Types].xml"]))
add_case(
    "xlsx",
    "a_list_of_a_hundred_thousand_kinds_of_parts",
    read(1),
    book(
        **{
            "[Content_Types]_dot_xml": TYPES.replace(
                "</Types>", '<Override PartName="/x" ContentType="y"/>' * 30_000 + "</Types>"
            )
        }
    ),
)
