//! Writes the start page with made-up connections into a folder, to be looked at:
//! `cargo run -p app --features ssr --example start_page -- FOLDER`.

use app::{
    Assets, Overview, OverviewSource,
    overview::{Connection, ConnectionState, Display, Totals},
    shell,
};
use leptos::prelude::*;
use std::{env, fs, path::PathBuf, sync::Arc};

const CSS: &str = include_str!("../../style/studio.css");

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(env::args().nth(1).unwrap_or_else(|| "pages".to_owned()));
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("studio.css"), CSS)?;
    fs::write(folder.join("start.html"), page(busy()))?;
    fs::write(folder.join("start-empty.html"), page(empty()))
}

fn page(overview: Overview) -> String {
    let owner = Owner::new();
    owner.with(|| {
        provide_context(OverviewSource(Arc::new(move || overview.clone())));
        let named = |name: &str| name.to_owned();
        shell(Assets {
            css: named("studio.css"),
            js: named("studio.js"),
            wasm: named("studio.wasm"),
            icon: named("icon.svg"),
        })
        .to_html()
    })
}

fn empty() -> Overview {
    Overview {
        version: "0.1.0".to_owned(),
        timing_trouble: "port 61611 is taken by another program; close it, or start with \
                         --timing-addr 127.0.0.1:61612"
            .to_owned(),
        ..Overview::default()
    }
}

fn busy() -> Overview {
    let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    let display = |name: &str, points: &[&str], code: &str, screens, age| Display {
        name: name.to_owned(),
        points: texts(points),
        template: "arrivals".to_owned(),
        url: format!("http://192.168.20.14:3000/d/{code}"),
        screens,
        last_frame_age_ms: age,
    };
    let connection = Connection {
        peer: "192.168.20.31:50112".to_owned(),
        program: "Gantry simulator".to_owned(),
        version: "0.1.0".to_owned(),
        stream: Some("Finish mats".to_owned()),
        event: "Harbor City Marathon".to_owned(),
        locations: texts(&["START", "10K", "HALF", "FINISH"]),
        reads: 31_984,
        duplicates: 1_204,
        late: 12,
        unknown: Some(3),
        last_read_age_ms: Some(400),
        clock_difference_ms: Some(120),
        state: ConnectionState::Streaming,
        alarms: Vec::new(),
    };
    Overview {
        version: "0.1.0".to_owned(),
        timing_address: "192.168.20.14:61611".to_owned(),
        timing_trouble: String::new(),
        displays: vec![
            display(
                "Harbor City Marathon",
                &["Finish"],
                "k7m2p9xq",
                3,
                Some(400),
            ),
            display(
                "Große Nordküsten-Staffel und Volkslauf am Alten Leuchtturm",
                &["5K", "10K", "Half", "Finish"],
                "w4t8z2hd",
                1,
                Some(252_000),
            ),
            display("Kids' Mile", &[], "aa22bb33", 0, None),
        ],
        connections: vec![
            connection.clone(),
            Connection {
                peer: "192.168.20.32:50440".to_owned(),
                stream: Some("10K backup mat on the bridge, second controller".to_owned()),
                state: ConnectionState::Silent,
                last_read_age_ms: Some(3_723_000),
                clock_difference_ms: Some(-3_603_000),
                alarms: texts(&[
                    "10K is 1 h 00 m 03 s behind this computer; nothing of it is shown live. Whole \
                     hours mean a wrong time zone.",
                ]),
                ..connection.clone()
            },
            Connection {
                peer: "192.168.20.77:61022".to_owned(),
                program: String::new(),
                version: String::new(),
                stream: None,
                event: String::new(),
                locations: Vec::new(),
                reads: 0,
                duplicates: 0,
                late: 0,
                unknown: Some(0),
                last_read_age_ms: None,
                clock_difference_ms: None,
                state: ConnectionState::Unclaimed,
                alarms: Vec::new(),
            },
            Connection {
                state: ConnectionState::Gone,
                ..connection
            },
        ],
        totals: Totals {
            reads: 63_968,
            duplicates: 1_204,
            late: 12,
            unknown: Some(3),
            frames: 41_210,
            screens: 4,
        },
    }
}
