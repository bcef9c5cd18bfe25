//! `/dev/fit`: a thousand hard names with the widths that they are reckoned to have, for a browser
//! to measure. In debug builds only.
//!
//! Owns the names, which are made up. Knows nothing of how widths are reckoned.

use super::{assets, html};
use axum::{Router, routing::get};
use model::{Family, Font};
use render::fit::Advances;
use std::fmt::Write as _;

const NAMES: usize = 1_000;

/// Names of one script, put together from parts.
struct Group {
    /// What the test allows: `exact`, or `shaped`, where letters change beside each other.
    kind: &'static str,
    first: &'static str,
    last: &'static str,
    share: usize,
}

const GROUPS: [Group; 15] = [
    Group {
        kind: "exact",
        first: "Maximiliane Jean-Baptiste Wolfgang Illi Łucja Þórdís Øystein Zoë Nuñez Ågot Mwamba",
        last: "Featherstonehaugh-Cholmondeley Wójcik-Szczęśniak d’Alençon-Lévêque O'Hara Fjällström \
               von_und_zu_Altenstein Iljić-Đorđević Großkreutz-Œuvray Ó_Súilleabháin Țepeș Ħal-Għaxaq",
        share: 190,
    },
    Group {
        kind: "exact",
        first: "Nguyễn_Thị Phạm_Đức Trần_Ngọc Lê_Hữu Đặng_Thuỳ Vũ_Quỳnh Hoàng_Mỹ",
        last: "Ánh_Tuyết Phước_Thịnh Hạnh_Nguyên Bửu_Lộc Ưu_Ẩn Ổn Ỷ_Lan Kiều_Ỡm",
        share: 80,
    },
    Group {
        kind: "exact",
        first: "İrem Işıl Iğdır İlkım Ayşegül Çağrı Ümmügülsüm",
        last: "İpekçioğlu Yıldırım-Işıklı Kılıç Öztürkmenoğlu Şahbaz Güneş İĞİL",
        share: 50,
    },
    Group {
        kind: "exact",
        first: "Αλέξανδρος Ευφροσύνη Ιωάννης Ψυχή ΆΝΝΑ Ωραιοζήλη Ηλίας",
        last: "Παπαδημητρόπουλος Χατζηϊωάννου Ξενίδης-Ζωγραφάκης ΐώ Ϋψηλάντης Ζέρβας Μπακογεωργίου",
        share: 70,
    },
    Group {
        kind: "exact",
        first: "Святослав Їжакевич Юлія Ђорђе Қасым Ғазиз Ўткир Ёлка Ахмед Ива́н",
        last: "Щербаков-Жемчужников Ґоляш Љубомировић Њежић Өмірбекұлы Һәбибуллин Цыплёнкова Мішчанка",
        share: 90,
    },
    Group {
        kind: "shaped",
        first: "محمد عبدالله فاطمة إبراهيم یاسمین پرویز آمنة ضياء لؤلؤة شاه گلناز ٹیپو",
        last: "الأحمدي بن_صالح علاء_الدين حسین‌زاده العلاّمي چنگیزی قریشی هاشمي لالا ژاله ڈوگر",
        share: 110,
    },
    Group {
        kind: "exact",
        first: "אברהם שׁירה יעקב נועה פנחס צפורה",
        last: "בן-חורין קליינמןץ מזרחי־לוי שוורצף אוחיון דֹב",
        share: 50,
    },
    Group {
        kind: "shaped",
        first: "कृष्ण लक्ष्मी रुद्र अर्जुन श्रीनिवास प्रज्ञा शत्रुघ्न ऋषि गुरुप्रीत ओंकार",
        last: "विश्वकर्मा चट्टोपाध्याय द्विवेदी त्रिपाठी मिश्र ब्रह्मभट्ट सिंह ज़फ़र अग्निहोत्री क्षत्रिय",
        share: 90,
    },
    Group {
        kind: "exact",
        first: "สมชาย ณัฐพงศ์ ปิ่นแก้ว น้ำฝน ญาณิศา เกรียงไกร",
        last: "ศรีสุวรรณ ชัยวัฒน์กุล ทองคำ ธรรมรักษ์ ฐานะ ฟ้าใหม่",
        share: 50,
    },
    Group {
        kind: "exact",
        first: "李 黃 佐々木 渡邊 김 남궁 马 龍 さくら ジョン",
        last: "小蘭 美玲 健太郎 ひろみ 민준 서연 晓东 欣怡 ヴィクトリア 麗華",
        share: 80,
    },
    Group {
        kind: "emoji",
        first: "Team 🏃 🚴‍♀️ 👨‍👩‍👧‍👦 🇨🇭",
        last: "👍🏽 🏅🥇 Run❤️ 1️⃣ 🇩🇪🇫🇷 🎉",
        share: 30,
    },
    Group {
        kind: "exact",
        first: "M̃bé Ọ̀ṣun É̩nì Ɛdzɔ Ɗanɓaba Ẹ̀kọ́ Ṽalo J́on x̣́ e̩ S̩ N̈ḱ",
        last: "Ọ̀yọ́ Ẹ̀gbé́ m̉in Ỵ́ Ī́la ụ̃",
        share: 30,
    },
    Group {
        kind: "exact",
        first: "1:23:45 00:59:59 12:00:07 −0:03 +1:11 10K 42.195 #1024",
        last: "km 1st 2/17 (M45) 100% №_7 €35 3rd_@_M W50–54",
        share: 50,
    },
    Group {
        kind: "exact",
        first: "“Quoted” ‘single’ «gui» (brackets) [square] a/b c\\d …",
        last: "& + · — – … ! ? ; : * @ # % § ° „low“ ‹x›",
        share: 40,
    },
    Group {
        kind: "exact",
        first: "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ ÐÑÒÓÔÕÖØÙÚÛÜÝÞß àáâãäåæçèéêëìíîï ðñòóôõöøùúûüýþÿ ĀāĂăĄąĆćĈĉĊċČč \
                ĎďĐđĒēĔĕĖėĘęĚěĜĝ ĞğĠġĢģĤĥĦħĨĩĪīĬĭ ĮįİıĲĳĴĵĶķĸĹĺĻļĽľĿŀ ŁłŃńŅņŇňŉŊŋŌōŎŏŐő",
        last: "ŒœŔŕŖŗŘřŚśŜŝŞşŠšŢţ ŤťŦŧŨũŪūŬŭŮůŰűŲų ŴŵŶŷŸŹźŻżŽžƒƏəȘșȚț ẀẁẂẃẄẅẞỲỳ \
               abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 АБВГДЕЖЗИЙКЛМНОП \
               абвгдежзийклмноп рстуфхцчшщъыьэюя ΑΒΓΔΕΖΗΘΙΚΛΜΝΞ αβγδεζηθικλμνξοπρςσ",
        share: 90,
    },
];

/// A place where each name is shown once, in each of the instances in turn.
pub fn router() -> Router {
    Router::new().route("/dev/fit", get(async || html(page())))
}

fn page() -> String {
    let sheet = assets::pkg_url("fonts.css");
    let mut page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Fit – Gantry</title>\
         <link rel=\"stylesheet\" href=\"{sheet}\">\
         <link rel=\"icon\" href=\"data:,\">\
         <style>span{{position:absolute;left:0;white-space:pre;font-size:100px;line-height:1.5;\
         font-kerning:none;font-variant-ligatures:none;text-rendering:geometricPrecision}}</style>"
    );
    let advances = Advances::shipped();
    for (at, (kind, name)) in names().into_iter().enumerate() {
        let font = Font {
            family: Family::ALL[at % 4],
            bold: at / 4 % 2 == 1,
        };
        let family = match font.family {
            Family::Sans => "Gantry Sans",
            Family::Condensed => "Gantry Condensed",
            Family::Slab => "Gantry Slab",
            Family::Mono => "Gantry Mono",
        };
        let weight = if font.bold { 700 } else { 400 };
        let text = name.replace('&', "&amp;").replace('<', "&lt;");
        writeln!(
            page,
            "<span data-kind=\"{kind}\" data-mem=\"{}\" style=\"top:{}px;font-weight:{weight};\
             font-family:'{family}','Gantry Fallback',sans-serif\">{text}</span>",
            advances.width_mem(font, &name),
            at * 150,
        )
        .expect("a string takes all");
    }
    page
}

/// The groups take turns, so that each of them comes in each instance.
fn names() -> Vec<(&'static str, String)> {
    let turns = (0..NAMES).flat_map(|turn| GROUPS.iter().map(move |group| (turn, group)));
    turns
        .filter(|(turn, group)| *turn < group.share)
        .map(|(turn, group)| (group.kind, name(group, turn)))
        .take(NAMES)
        .collect()
}

fn name(group: &Group, turn: usize) -> String {
    let first: Vec<&str> = group.first.split_whitespace().collect();
    let last: Vec<&str> = group.last.split_whitespace().collect();
    let a = first[turn % first.len()];
    let b = last[(turn + turn / first.len()) % last.len()];
    let c = last[(turn * 3 + 1) % last.len()];
    let name = match turn % 5 {
        0 | 1 => format!("{a} {b}"),
        2 => format!("{a} {b}-{c}"),
        3 => format!("{b}, {a}"),
        _ => format!("{turn} {a} {b}"),
    };
    name.replace('_', " ")
}
