//! Writes display pages with hard, made-up names into a folder, to be looked at:
//! `cargo run -p render --features ssr --example pages -- FOLDER`.

use model::{Arrival, BoardState, Template};
use render::page::{Assets, PageState};
use std::{env, fs, path::PathBuf, time::Instant};

const CSS: &str = include_str!("../../../style/kiosk.css");

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(env::args().nth(1).unwrap_or_else(|| "pages".to_owned()));
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("kiosk.css"), CSS)?;
    let write = |name: &str, html: String| fs::write(folder.join(name), html);
    let finish = ["Finish"].map(str::to_owned).to_vec();
    let many = ["5K", "10K", "Half", "Finish"].map(str::to_owned).to_vec();
    write(
        "one.html",
        page("Harbor City Marathon", finish.clone(), hard_names()),
    )?;
    write(
        "many.html",
        page(
            "Große Nordküsten-Staffel und Volkslauf am Alten Leuchtturm",
            many,
            hard_names(),
        ),
    )?;
    write(
        "long.html",
        page(
            "Große Nordküsten-Staffel und Volkslauf am Alten Leuchtturm",
            ["Kilometer 30 am Hafenbecken", "Ziel am Alten Leuchtturm"]
                .map(str::to_owned)
                .to_vec(),
            hard_names(),
        ),
    )?;
    write(
        "usual.html",
        page("Harbor City Marathon", finish.clone(), usual_names()),
    )?;
    write(
        "demo.html",
        page(
            "Harbor City Rehearsal",
            ["10K", "Finish"].map(str::to_owned).to_vec(),
            usual_names(),
        ),
    )?;
    let untimed = usual_names().into_iter().map(|arrival| Arrival {
        gun_time_ms: None,
        chip_time_ms: None,
        ..arrival
    });
    write(
        "untimed.html",
        page("Harbor City Marathon", finish.clone(), untimed.collect()),
    )?;
    write(
        "resting.html",
        page("Harbor City Marathon", finish, Vec::new()),
    )?;
    write("missing.html", render::page::no_display_page("kiosk.css"))?;
    write("ended.html", render::page::ended_page("kiosk.css"))?;

    let full = state(
        "Harbor City Marathon",
        vec!["Finish".to_owned()],
        hard_names(),
    );
    let rounds = 500;
    let begin = Instant::now();
    let bytes: usize = (0..rounds).map(|_| render::board_html(&full).len()).sum();
    println!(
        "board_html: {:?} each, {} bytes",
        begin.elapsed() / rounds,
        bytes / rounds as usize
    );
    Ok(())
}

fn state(event: &str, points: Vec<String>, arrivals: Vec<Arrival>) -> BoardState {
    BoardState {
        event: event.to_owned(),
        points,
        unofficial: !arrivals.is_empty(),
        demo: event.contains("Rehearsal"),
        arrivals,
    }
}

fn page(event: &str, points: Vec<String>, arrivals: Vec<Arrival>) -> String {
    let page = PageState {
        code: "abcdefgh".parse().expect("eight signs of the alphabet"),
        epoch: 1,
        seq: 1,
        template: Template::Arrivals,
        state: state(event, points, arrivals),
        received_at_us: 0,
    };
    let assets = Assets {
        css: "kiosk.css",
        js: "kiosk.js",
        wasm: "kiosk.wasm",
    };
    render::page::display_page(&page, assets)
}

fn arrivals(rows: &[(&str, &str, &str, &str)]) -> Vec<Arrival> {
    rows.iter()
        .enumerate()
        .map(|(index, (bib, name, city, point))| Arrival {
            bib: (*bib).to_owned(),
            name: (*name).to_owned(),
            city: (*city).to_owned(),
            point: (*point).to_owned(),
            read_time: format!("2026-03-06T20:{:02}:47.39", 59 - index),
            gun_time_ms: (index != 6).then_some(7_784_300 - index as u64 * 411_700),
            chip_time_ms: (index % 7 != 4).then_some(7_711_300 - index as u64 * 411_700),
            late: index % 5 == 3,
            ..Arrival::default()
        })
        .collect()
}

fn hard_names() -> Vec<Arrival> {
    arrivals(&[
        (
            "11643",
            "Maximiliana Evangelina Sr. De La Huerta Quintanilla",
            "San Aurelio De Los Robles (Madrid)",
            "Finish",
        ),
        ("W2", "Ö", "Å", "5K"),
        ("204", "王小明", "橫濱市港北區日吉本町", "10K"),
        (
            "28577",
            "ポルフィリオ・アレクサンドロヴィチ・ラズミーヒン",
            "東京都",
            "Half",
        ),
        (
            "7",
            "محمد عبد الرحمن بن إسماعيل المنصوري الشريف",
            "الدار البيضاء",
            "Finish",
        ),
        (
            "19",
            "Aleksandr Weiß-Przybyszewski",
            "Frankfurt (Oder)",
            "10K",
        ),
        (
            "3301",
            "Александра Щербаковская-Жуковская",
            "Нижнеподгорск",
            "Half",
        ),
        ("00012345", "WWWWWWWW MMMMMMMM", "Mmmmmmmmm", "5K"),
        ("88", "יעל בן־ארי", "תל אביב", "Finish"),
        (
            "402",
            "Nguyễn Thị Phương Thảo",
            "Thành phố Hồ Chí Minh",
            "Finish",
        ),
        ("5", "ณัฐวุฒิ ศรีสุวรรณภูมิ", "กรุงเทพฯ", "5K"),
        ("6", "प्रियंका भट्टाचार्य", "कोलकाता", "10K"),
        ("9", "", "", "10K"),
        (
            "10",
            "Supercalifragilisticexpialidocious Llanfairpwllgwyngyllgogerychwyrndrobwll the Third",
            "Tlalquepaque Del Estado, Edo. De Mexico y Morelos",
            "Finish",
        ),
        ("12", "김민준", "서울특별시", "Finish"),
        ("13", "Zoe\u{308} D'Angelo-O'Brien", "Côte d'Azur", "Half"),
    ])
}

fn usual_names() -> Vec<Arrival> {
    arrivals(&[
        ("109", "نور المنصوري", "باب البحر", "Finish"),
        ("255", "Ιάσων Ξενάκης", "Νέα Πέτρα", "Finish"),
        ("1042", "Annabel Fitzwilliam", "Port Nowhere", "Finish"),
        ("877", "Tomás Herrera", "Springfield", "Finish"),
        ("3310", "Mei Lin", "Westmarch", "Finish"),
        ("21", "Oluwaseun Adeyemi-Cole", "Eastleigh", "Finish"),
        ("1501", "Greta Lindqvist", "Norrtuna", "Finish"),
        ("640", "Jonathan Abernathy", "Little Hollow", "Finish"),
        ("2218", "Priya Raman", "Sandford", "Finish"),
        ("95", "Luca Bianchi", "Borgo Alto", "Finish"),
        ("1777", "Hannah Okafor", "Millbrook", "Finish"),
        ("412", "Stefan Kowalczyk", "Zalesie", "Finish"),
        ("3002", "Amélie Rousseau", "Vieux-Pont", "Finish"),
        ("58", "Sam Reed", "Harbor City", "Finish"),
    ])
}
