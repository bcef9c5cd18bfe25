//! Whom templates are tried with: everyday cases and hard ones, all made up. For the builder, its
//! pictures, and the pages of the example.

use model::{Arrival, BoardState, RaceClock, Texts};

/// Friday 6 March 2026, 10:24:35 in UTC.
pub const NOW_US: i64 = 1_772_792_675_000_000;

const SECOND_US: i64 = 1_000_000;

pub struct Case {
    pub name: &'static str,
    pub state: BoardState,
    /// What was shown before: what is new since is marked.
    pub before: Option<BoardState>,
}

pub fn all() -> Vec<Case> {
    let featured = |name, person: Arrival| Case {
        name,
        state: feature(person),
        before: None,
    };
    let plain = |name, state| Case {
        name,
        state,
        before: None,
    };
    let usual = || USUAL.iter().enumerate().map(|(index, row)| one(index, row));
    let hard = || HARD.iter().enumerate().map(|(index, row)| one(index, row));
    let hard_one = |bib: &str| hard().find(|one| one.bib == bib).unwrap_or_default();
    let mut cases = vec![
        plain("resting", state(Vec::new())),
        featured("usual", one(0, &USUAL[0])),
        featured("shortest", hard_one("W2")),
        featured("longest", hard_one("11643")),
        featured("accented", hard_one("402")),
        featured("rtl", hard_one("7")),
        featured("cjk", hard_one("204")),
        featured("kana", hard_one("28577")),
        featured("thai", hard_one("5")),
        featured("nameless", hard_one("9")),
        featured(
            "no-chip",
            Arrival {
                chip_time_ms: None,
                ..one(0, &USUAL[1])
            },
        ),
        featured(
            "bare",
            Arrival {
                city: String::new(),
                race: String::new(),
                chip_time_ms: None,
                gun_time_ms: None,
                distance_m: None,
                more: Texts(vec![("first_name".to_owned(), "Greta".to_owned())]),
                ..one(6, &USUAL[6])
            },
        ),
        plain(
            "demo",
            BoardState {
                demo: true,
                ..full()
            },
        ),
        plain("full", full()),
        plain("half", state(usual().take(4).collect())),
        plain("one", state(usual().take(1).collect())),
        plain("hard", state(hard().collect())),
        plain(
            "points",
            BoardState {
                points: ["5K", "10K", "Half", "Finish"].map(str::to_owned).to_vec(),
                event: "Große Nordküsten-Staffel und Volkslauf am Alten Leuchtturm".to_owned(),
                ..state(hard().collect())
            },
        ),
        plain(
            "points-resting",
            BoardState {
                points: ["Kilometer 30 am Hafenbecken", "Ziel am Alten Leuchtturm"]
                    .map(str::to_owned)
                    .to_vec(),
                event: "Große Nordküsten-Staffel und Volkslauf am Alten Leuchtturm".to_owned(),
                demo: true,
                ..state(Vec::new())
            },
        ),
        Case {
            name: "live",
            state: state(usual().take(9).collect()),
            before: Some(state(usual().skip(2).take(7).collect())),
        },
        plain("before-the-gun", before(Some(one(0, &USUAL[0])))),
        plain("before-resting", before(None)),
        plain("course", course(Some(told(one(0, &USUAL[0]))))),
        plain("course-resting", course(None)),
    ];
    let names = [
        "races-0", "races-1", "races-2", "races-3", "races-4", "races-5", "races-6",
    ];
    for (count, name) in names.into_iter().enumerate() {
        let races = races().into_iter().take(count).collect();
        cases.push(plain(
            name,
            BoardState {
                races,
                ..state(Vec::new())
            },
        ));
    }
    let waits = races().split_off(2).into_iter().take(1).collect();
    cases.push(plain(
        "races-1-waits",
        BoardState {
            races: waits,
            ..state(Vec::new())
        },
    ));
    cases
}

/// A full list, and somebody featured.
pub fn full() -> BoardState {
    let rows = USUAL.iter().enumerate().map(|(index, row)| one(index, row));
    BoardState {
        runner: Some(one(0, &USUAL[0])),
        ..state(rows.collect())
    }
}

/// At the start, with half the races to come.
fn before(runner: Option<Arrival>) -> BoardState {
    BoardState {
        points: vec!["Start".to_owned()],
        races: races().split_off(2),
        runner,
        ..state(Vec::new())
    }
}

/// On the way.
fn course(runner: Option<Arrival>) -> BoardState {
    BoardState {
        points: vec!["30K · Lighthouse".to_owned()],
        runner,
        ..state(Vec::new())
    }
}

fn told(mut person: Arrival) -> Arrival {
    let message = "Mom, you are my hero! Leo".to_owned();
    person.more.0.push(("message".to_owned(), message));
    person
}

fn feature(person: Arrival) -> BoardState {
    let others = USUAL.iter().enumerate().skip(1).take(5);
    let others = others.map(|(index, row)| one(index, row));
    let arrivals = std::iter::once(person.clone()).chain(others).collect();
    BoardState {
        runner: Some(person),
        ..state(arrivals)
    }
}

fn state(arrivals: Vec<Arrival>) -> BoardState {
    BoardState {
        event: "Harbor City Marathon".to_owned(),
        event_date: "2026-03-06".to_owned(),
        points: vec!["Finish".to_owned()],
        runner: arrivals.first().cloned(),
        unofficial: !arrivals.is_empty(),
        arrivals,
        races: races().into_iter().take(3).collect(),
        utc_offset_s: Some(3_600),
        ..BoardState::default()
    }
}

fn races() -> Vec<RaceClock> {
    let race = |name: &str, gun_s: Option<i64>, start_s: Option<i64>| RaceClock {
        name: name.to_owned(),
        gun_at_us: gun_s.map(|ago| NOW_US - ago * SECOND_US),
        scheduled_at_us: start_s.map(|ahead| NOW_US + ahead * SECOND_US),
    };
    vec![
        race("Marathon", Some(7_785), Some(-7_785)),
        race("Half marathon", Some(4_082), None),
        race("10 km", None, Some(755)),
        race("Große Nordküsten-Staffel am Leuchtturm", Some(36_123), None),
        race("Kids' mile", None, None),
        race("5 km", None, Some(4_355)),
    ]
}

type Row = (&'static str, &'static str, &'static str, &'static str);

fn one(index: usize, row: &Row) -> Arrival {
    let (bib, name, city, division) = *row;
    let (first, last) = name.split_once([' ', '・']).unwrap_or((name, ""));
    let gender = division.get(..1).unwrap_or_default();
    let more = [
        ("first_name", first),
        ("last_name", last),
        ("division", division),
        ("gender", gender),
    ];
    let more = more.into_iter().filter(|(_, text)| !text.is_empty());
    let more = more.map(|(field, text)| (field.to_owned(), text.to_owned()));
    let late_by = index as u64 * 41_170;
    Arrival {
        bib: bib.to_owned(),
        name: name.to_owned(),
        city: city.to_owned(),
        point: ["Finish", "10K", "Half", "5K"][index % 4].to_owned(),
        race: "Marathon".to_owned(),
        gun_time_ms: (index != 6).then_some(9_984_300 - late_by),
        chip_time_ms: (index % 7 != 4 && index != 6).then_some(9_911_300 - late_by),
        distance_m: Some(42_195),
        more: Texts(more.collect()),
        read_time: format!("2026-03-06T11:{:02}:47.39", 59 - index),
        late: index % 5 == 3,
    }
}

const USUAL: [Row; 14] = [
    ("1042", "Annabel Fitzwilliam", "Port Nowhere", "F 35–39"),
    ("255", "Ιάσων Ξενάκης", "Νέα Πέτρα", "M 40–44"),
    ("109", "نور المنصوري", "باب البحر", "F 20–24"),
    ("877", "Tomás Herrera", "Springfield", "M 30–34"),
    ("3310", "Mei Lin", "Westmarch", "F 25–29"),
    ("21", "Oluwaseun Adeyemi-Cole", "Eastleigh", "M 35–39"),
    ("1501", "Greta Lindqvist", "Norrtuna", "F 45–49"),
    ("640", "Jonathan Abernathy", "Little Hollow", "M 50–54"),
    ("2218", "Priya Raman", "Sandford", "F 30–34"),
    ("95", "Luca Bianchi", "Borgo Alto", "M 20–24"),
    ("1777", "Hannah Okafor", "Millbrook", "F 55–59"),
    ("412", "Stefan Kowalczyk", "Zalesie", "M 45–49"),
    ("3002", "Amélie Rousseau", "Vieux-Pont", "F 18–19"),
    ("58", "Sam Reed", "Harbor City", ""),
];

const HARD: [Row; 14] = [
    (
        "11643",
        "Maximiliana Evangelina De La Huerta-Quintanilla",
        "San Aurelio De Los Robles (Madrid)",
        "Open women, masters",
    ),
    ("W2", "Bo Li", "Å", "F"),
    ("204", "王小明", "橫濱市港北區日吉本町", "M 40–44"),
    (
        "28577",
        "ポルフィリオ・アレクサンドロヴィチ・ラズミーヒン",
        "東京都",
        "M 60–64",
    ),
    (
        "7",
        "محمد عبد الرحمن بن إسماعيل المنصوري",
        "الدار البيضاء",
        "M 30–34",
    ),
    (
        "3301",
        "Александра Щербаковская-Жуковская",
        "Нижнеподгорск",
        "F 30–34",
    ),
    ("00012345", "WWWWWWWW MMMMMMMM", "Mmmmmmmmm", "X"),
    ("88", "יעל בן־ארי", "תל אביב", "F 40–44"),
    (
        "402",
        "Nguyễn Thị Phương Thảo Ångström",
        "Thành phố Hồ Chí Minh",
        "F 25–29",
    ),
    ("5", "ณัฐวุฒิ ศรีสุวรรณภูมิ", "กรุงเทพฯ", "M 20–24"),
    ("6", "प्रियंका भट्टाचार्य", "कोलकाता", "F 20–24"),
    ("9", "", "", ""),
    (
        "10",
        "Supercalifragilisticexpialidocious Llanfairpwllgwyngyllgogerychwyrndrobwll the Third",
        "Tlalquepaque Del Estado, Edo. De Mexico y Morelos",
        "M",
    ),
    ("12", "김민준", "서울특별시", "M 35–39"),
];
