use super::*;
use model::Family;

fn table() -> Advances {
    Advances::parse(include_str!("../advances.txt")).unwrap()
}

fn font(family: Family, bold: bool) -> Font {
    Font { family, bold }
}

/// The table of these lines, in the regular sans and then in its fall-back.
#[track_caller]
fn check_made(lines: &str, text: &str, expected: u32) {
    let table = Advances::parse(lines).unwrap();
    assert_eq!(
        table.width_mem(Font::default(), text),
        expected,
        "{text:?} with {lines:?}"
    );
}

#[test]
fn runs_stand_for_neighbors() {
    check_made("@s\n41 0102", "AB", 3);
    check_made("@s\n41-43 12", "ABC", 3 * 66);
    check_made("@s\n41 01oo03", "ABC", 1_004);
    check_made("@s\n41 01\n43 03", "AC", 4);
}

#[test]
fn letters_are_as_wide_as_without_their_marks() {
    let table = "=c0 AAA\n@s\n41 02\nc1 03oo\n@f\n41 07";
    check_made(table, "À", 2);
    check_made(table, "Á", 3);
    check_made(table, "Â", 7);
    check_made("=c0 A\n@f\n41 07", "À", 7);
    check_made("=c0 A\n@s\n41 02\nbf 09on", "À", 2);
    let bold = Advances::parse("=c0 A\n@s\n41 02\n42 03\n@S\n41 05").unwrap();
    assert_eq!(bold.width_mem(font(Family::Sans, true), "ABÀ"), 13);
}

#[test]
fn what_is_missing_counts_an_em() {
    check_made("@s\n41 01", "", 0);
    check_made("@s\n41 01", "AЖ", 1_001);
    check_made("@s\n41 01\n@f\n416 02", "AЖ", 3);
    check_made("@s\n41 01\n@f\n41 02", "A", 1);
}

#[test]
fn a_letter_comes_from_the_font_that_has_its_marks_too() {
    let table = "@s\n41 01\n301 00\n@f\n41 05\n323 00";
    check_made(table, "A\u{301}", 1);
    check_made(table, "A\u{323}", 5);
    check_made(table, "A\u{310}", 1_000);
    check_made(table, "A\u{fe0f}\u{200d}", 1);
    // A keycap.
    check_made("@s\n31 01\n@f\n31 07\n20e3 00", "1\u{fe0f}\u{20e3}1", 8);
}

#[test]
fn joined_letters_have_other_advances() {
    // Beh joins to both sides, alef to what is before it, hamza to nothing.
    let table = "@f\n621 01\n627 02\n628 03\nj627 04oooo08\nj628 0@0P0`10\np628 627 P5";
    check_made(table, "ب", 3);
    check_made(table, "بب", 0x20 + 0x40);
    check_made(table, "ببب", 0x20 + 0x30 + 0x40);
    check_made(table, "اب", 2 + 0x10);
    check_made(table, "با", 0x20 + 8 + 5);
    check_made(table, "ب\u{64e}ا", 0x20 + 8 + 5);
    check_made(table, "ب\u{200c}ا", 3 + 2);
    check_made(table, "ب ا", 3 + 1_000 + 2);
    check_made(table, "ءب", 1 + 3);
}

#[test]
fn pictures_put_together_are_one() {
    let table = "@f\n1f1e6-1f1ff 07\n1f300-1f9ff 09";
    check_made(table, "😀😀", 18);
    check_made(table, "👨\u{200d}👩\u{200d}👧", 9);
    check_made(table, "👍🏽", 9);
    check_made(table, "🇨🇭🇩🇪", 14);
}

#[test]
fn broken_tables_are_refused() {
    for table in [
        "@x",
        "@s\n41",
        "@s\n41 1",
        "@s\n41 1\u{7f}",
        "@s\nxy 01",
        "\n",
        "@s\nä 01",
    ] {
        assert!(Advances::parse(table).is_none(), "{table:?}");
    }
}

/// By the shaper that made the table, in the regular sans.
#[track_caller]
fn check(text: &str, expected: u32) {
    assert_eq!(
        table().width_mem(Font::default(), text),
        expected,
        "{text:?}"
    );
}

#[test]
fn the_shipped_table_has_each_family() {
    let table = table();
    let mono = |bold, text| table.width_mem(font(Family::Mono, bold), text);
    assert_eq!(mono(false, "1:23:45"), 7 * 600);
    assert_eq!(mono(true, "9:58:07"), 7 * 600);
    let mut widths: Vec<u32> = Family::ALL
        .iter()
        .flat_map(|&family| [false, true].map(|bold| font(family, bold)))
        .map(|font| table.width_mem(font, "Nguyễn-Łukasiewicz, Þórdís"))
        .collect();
    assert!(widths[2] < widths[0] && widths[3] < widths[1], "{widths:?}");
    widths.sort_unstable();
    widths.dedup();
    assert_eq!(widths.len(), 7, "{widths:?}");
}

#[test]
fn scripts_of_the_fall_back() {
    check("李小蘭", 3_000);
    check("김", 920);
    check("محمد", 542 + 642 + 592 + 544);
    // 740, and up to a step wider.
    check("क्ष", 751);
    check("रु", 419 + 193);
    check("สมชาย", 2_785);
}
