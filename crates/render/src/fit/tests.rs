//! The fit as its callers see it: sizes, cuts, and the laws that hold for any text.

use super::*;
use proptest::prelude::*;

#[test]
fn usual_names_stand_at_full_size_and_long_ones_step_down() {
    let check = |name: &str, expected: u32| {
        assert_eq!(NAME.percent(width_mem(name)), expected, "{name}");
    };
    check("", 100);
    check("Q", 100);
    check("Jo Lin", 100);
    check("Annabel Fitzwilliam", 100);
    check("Konstantina Fairbrother", 100);
    check("Konstantina Fairbrother-Lee", 75);
    check("Wilhelmina Woodhouse-Montgomery", 50);
    check("Александра Щербаковская", 75);
    check("王小明", 100);
    check("ポルフィリオ・アレクサンドロヴィチ", 50);
    check("W".repeat(200).as_str(), 50);
}

/// Measured in Chromium with the fonts that the style sheet names, in thousandths of an em. The
/// estimate may be narrower by a tenth for one text, which the boxes have in reserve for rows of
/// another weight, and wider by half where a script joins its signs.
#[test]
fn the_estimate_is_near_to_the_glyphs() {
    let check = |text: &str, measured: u32| {
        let estimated = width_mem(text);
        assert!(
            estimated >= measured * 9 / 10 && estimated <= measured * 3 / 2,
            "{text} is {measured} wide, estimated {estimated}"
        );
    };
    MEASURED
        .iter()
        .for_each(|&(text, measured)| check(text, measured));
}

const MEASURED: &[(&str, u32)] = &[
    ("Maximiliana Quintanilla", 11_114),
    ("Wilhelmina Woodhouse-Montgomery", 17_584),
    ("Nguyễn Thị Phương Thảo", 12_437),
    ("Łukasz Świątkowski", 9_615),
    ("Αλέξης Παπαδόπουλος", 11_068),
    ("Χρυσούλα Θεοδωρακοπούλου", 14_504),
    ("Александра Щербаковская-Жуковская", 19_117),
    ("Нижнеподгорск", 7_724),
    ("Михаил Фёдоров", 8_580),
    ("יעל בן־ארי", 4_364),
    ("שמואל מתתיהו", 6_318),
    ("نور المنصوري", 5_864),
    ("محمد عبد الرحمن بن إسماعيل المنصوري الشريف", 21_541),
    ("سعيد شمس", 5_773),
    ("خديجة بن صالح", 6_775),
    ("प्रियंका भट्टाचार्य", 5_645),
    ("श्रुति शर्मा", 3_351),
    ("विश्वनाथ कुलकर्णी", 6_429),
    ("প্রিয়াঙ্কা ভট্টাচার্য", 6_230),
    ("কলকাতা", 3_584),
    ("ਹਰਪ੍ਰੀਤ ਸਿੰਘ", 4_439),
    ("હાર્દિક પટેલ", 3_929),
    ("ପ୍ରିୟଙ୍କା ମହାପାତ୍ର", 6_127),
    ("ସୁଭାଷ ପଟ୍ଟନାୟକ", 6_779),
    ("கிருஷ்ணமூர்த்தி", 8_824),
    ("முத்துலட்சுமி சுந்தரம்", 10_998),
    ("சென்னை", 5_221),
    ("వెంకటేశ్వర రావు", 6_271),
    ("లక్ష్మీ ప్రసన్న", 4_341),
    ("ಕೃಷ್ಣಮೂರ್ತಿ", 4_297),
    ("ಲಕ್ಷ್ಮೀದೇವಿ", 3_802),
    ("കൃഷ്ണൻകുട്ടി നായർ", 10_485),
    ("ലക്ഷ്മിക്കുട്ടി", 6_098),
    ("චන්ද්‍රිකා කුමාරතුංග", 9_114),
    ("කොළඹ", 3_643),
    ("ณัฐวุฒิ ศรีสุวรรณภูมิ", 8_411),
    ("เพ็ญพักตร์ แก้วมณี", 7_760),
    ("ນະຄອນຫຼວງວຽງຈັນ", 8_269),
    ("အောင်မြင့်", 4_346),
    ("သန်းသန်းနွယ်", 5_842),
    ("សុខ ដារ៉ា", 3_379),
    ("გიორგი ბერიძე", 7_426),
    ("Անահիտ Հովհաննիսյան", 12_899),
    ("አበበ ቢቂላ", 3_915),
    ("ポルフィリオ・アレクサンドロヴィチ", 16_980),
    ("김민준", 2_760),
];

#[test]
fn marks_and_joiners_take_no_room() {
    let check = |text, same_as| assert_eq!(width_mem(text), width_mem(same_as), "{text:?}");
    check("Zoe\u{308}", "Zoe");
    check("م\u{64f}ح", "مح");
    check("\u{2067}אבג\u{2069}", "אבג");
    check("👩\u{200d}👩", "👩👩");
    check("ก\u{e34}น", "กน");
    check("क\u{941}", "क");
    check("\u{1100}\u{1161}\u{11a8}", "각");
}

#[test]
fn what_is_too_wide_ends_in_an_ellipsis_after_a_whole_sign() {
    // In a room as wide as what is expected, and then in one that is too narrow for it.
    let check = |text: &str, expected: &str, narrower: &str| {
        let room_mem = width_mem(expected);
        assert_eq!(cut(text, room_mem), expected);
        assert_eq!(cut(text, room_mem - 1), narrower);
    };
    check("Ada Quill", "Ada Quill", "Ada Q…");
    check("Ada Quill", "Ada Q…", "Ada…");
    check("Ada Quill", "A…", "…");
    check("Woodhouse-Montgomery", "Woodhouse-M…", "Woodhouse…");
    // The mark stays with its letter, or goes with it.
    check("Zoe\u{308} Quill", "Zoe\u{308}…", "Zo…");
    check("นิภาพร", "นิ…", "…");
    check("प्रियंका", "प्रि…", "…");
    check("👩\u{200d}👩\u{200d}👧👦🎽", "👩\u{200d}👩\u{200d}👧…", "…");
    check("🇯🇵🇪🇸🇯🇵", "🇯🇵🇪🇸…", "🇯🇵…");
    check(
        "\u{1100}\u{1161}\u{11a8}나다",
        "\u{1100}\u{1161}\u{11a8}…",
        "…",
    );
    // A vowel that stands before its letter does not stay alone.
    check("นา เพ็ญรัตน์", "นา เพ็…", "นา…");
    // The end of a line from right to left is its end too.
    check("محمد عبد الرحمن", "محمد ع…", "محمد…");
    assert_eq!(cut("", 0), "");
}

#[test]
fn a_text_stands_in_the_style_of_its_size() {
    let check = |text: &str, expected: &str| {
        assert_eq!(fitted(text, NAME).style, expected, "{text}");
    };
    check("Ada Quill", "font-size:1.00em");
    check("Wilhelmina Woodhouse-Lee", "font-size:0.75em");
    check(&"m".repeat(60), "font-size:0.50em");
    // Marks of tall scripts stay inside the line.
    check("نور", "font-size:0.75em");
    check("Ada نور", "font-size:0.75em");
    check("ณัฐ", "font-size:0.75em");
    check("Αλέξης", "font-size:1.00em");
    check(&"ن".repeat(60), "font-size:0.50em");
}

#[test]
fn a_box_holds_what_fits_at_its_smallest_size() {
    let check = |width_mem, expected| assert_eq!(POINTS.holds(width_mem), expected, "{width_mem}");
    check(12_000, true);
    check(17_142, true);
    check(17_143, false);
}

#[test]
fn steps_begin_at_the_full_size_and_go_down() {
    for text_box in [
        BIB,
        NAME,
        PLACE_LINE,
        PLACE_LINE_FIRST,
        EVENT,
        POINTS,
        POINTS_LINE,
        TIME,
    ] {
        assert_eq!(text_box.percents.first(), Some(&100));
        assert!(text_box.percents.is_sorted_by(|one, next| one > next));
    }
}

proptest! {
    #[test]
    fn a_text_is_never_wider_than_its_box(text in any::<String>(), width_mem in 1_000u32..40_000) {
        let text_box = TextBox { width_mem, ..NAME };
        let fit = fitted(&text, text_box);
        let percent = NAME.percents
            .iter()
            .find(|&&percent| style(percent) == fit.style)
            .expect("the size is one of the steps");
        prop_assert!(super::width_mem(&fit.text) <= text_box.room_mem(*percent));
    }

    #[test]
    fn a_cut_text_is_a_beginning_and_an_ellipsis(text in "\\PC{1,60}", room_mem in 1_000u32..20_000) {
        let shown = cut(&text, room_mem);
        if shown != text {
            let kept = shown.strip_suffix(ELLIPSIS).expect("what is cut says so");
            prop_assert!(text.starts_with(kept));
            prop_assert!(kept.len() < text.len());
        }
    }

    #[test]
    fn a_longer_text_is_never_set_larger(text in "\\PC{0,60}", more in "\\PC{0,20}") {
        let longer = format!("{text}{more}");
        prop_assert!(NAME.percent(width_mem(&longer)) <= NAME.percent(width_mem(&text)));
    }

    #[test]
    fn a_wider_room_shows_no_less(text in "\\PC{0,60}", room_mem in 0u32..20_000, more in 0u32..5_000) {
        let (narrow, wide) = (cut(&text, room_mem), cut(&text, room_mem + more));
        prop_assert!(narrow.chars().count() <= wide.chars().count());
    }
}
