//! The start page as the server sends it.
#![cfg(feature = "ssr")]

use app::{
    Assets, Overview, OverviewSource,
    overview::{Connection, ConnectionState, Display, Totals},
    shell,
};
use leptos::prelude::*;
use std::sync::Arc;

const HOSTILE: &str = "</script><img src=x onerror=alert(1)>";

fn page(overview: Overview) -> String {
    let owner = Owner::new();
    owner.with(|| {
        provide_context(OverviewSource(Arc::new(move || overview.clone())));
        shell(Assets {
            css: "/pkg/studio.css".to_owned(),
            js: "/pkg/studio.js".to_owned(),
            wasm: "/pkg/studio.wasm".to_owned(),
            icon: "/pkg/icon.svg".to_owned(),
        })
        .to_html()
    })
}

fn connection(text: &str) -> Connection {
    Connection {
        peer: "192.0.2.7:5000".to_owned(),
        program: text.to_owned(),
        version: text.to_owned(),
        stream: Some(text.to_owned()),
        event: text.to_owned(),
        locations: vec![text.to_owned()],
        reads: 31_984,
        duplicates: 1_204,
        late: 2,
        unknown: Some(1),
        last_read_age_ms: Some(2_000),
        clock_difference_ms: Some(-3_603_000),
        state: ConnectionState::Silent,
        alarms: vec![text.to_owned()],
    }
}

#[test]
fn an_empty_server_says_what_to_do() {
    let html = page(Overview::default());
    assert!(
        html.starts_with("<!DOCTYPE html><html lang=\"en\">"),
        "{html}"
    );
    for told in [
        "No display yet.",
        "No timing listener is up.",
        "Nothing has connected yet.",
    ] {
        assert!(html.contains(told), "{told}");
    }
}

#[test]
fn what_is_connected_and_to_open_is_shown() {
    let html = page(Overview {
        timing_address: "192.0.2.1:61611".to_owned(),
        displays: vec![Display {
            name: "Harbor Half".to_owned(),
            points: vec!["10K".to_owned(), "Finish".to_owned()],
            template: "arrivals".to_owned(),
            url: "http://192.0.2.1:3000/d/abcdefgh".to_owned(),
            screens: 1,
            last_frame_age_ms: None,
        }],
        connections: vec![connection("Finish mats")],
        ..Overview::default()
    });
    for shown in [
        "192.0.2.1:61611",
        "href=\"http://192.0.2.1:3000/d/abcdefgh\"",
        "1 screen",
        "no frame yet",
        "<h3 dir=\"auto\">10K · Finish</h3>",
        "Harbor Half",
        "any screen that reaches",
        "31,984",
        "1,204",
        "2 s ago",
        "1 h 00 m 03 s behind",
        "class=\"state silent\"",
    ] {
        assert!(html.contains(shown), "{shown}");
    }
}

#[test]
fn addresses_that_only_this_computer_opens_are_called_so() {
    let html = page(Overview {
        timing_address: "127.0.0.1:61611".to_owned(),
        displays: vec![Display {
            url: "http://127.0.0.1:3000/d/abcdefgh".to_owned(),
            ..Display::default()
        }],
        ..Overview::default()
    });
    assert!(html.contains("on this computer only"), "{html}");
    assert!(html.contains("--lan"), "{html}");
    assert!(
        html.contains("In the timing software on this computer"),
        "{html}"
    );
    assert!(!html.contains("any screen that reaches"), "{html}");
}

#[test]
fn hostile_names_stay_text() {
    let html = page(Overview {
        version: HOSTILE.to_owned(),
        timing_trouble: HOSTILE.to_owned(),
        displays: vec![Display {
            name: HOSTILE.to_owned(),
            points: vec![HOSTILE.to_owned()],
            template: HOSTILE.to_owned(),
            url: format!("\"{HOSTILE}"),
            ..Display::default()
        }],
        connections: vec![connection(HOSTILE)],
        ..Overview::default()
    });
    assert_eq!(html.matches("<img").count(), 0);
    assert_eq!(html.matches("<script").count(), 1);
    assert!(html.contains("&lt;img src=x onerror=alert(1)&gt;"));
}

#[test]
fn what_is_not_counted_yet_is_no_number() {
    let html = page(Overview::default());
    assert!(html.contains("<dd>being counted</dd>"), "{html}");
    let connections = vec![connection("Finish mats")];
    let totals = Totals {
        unknown: Some(12),
        ..Totals::default()
    };
    let html = page(Overview {
        connections,
        totals,
        ..Overview::default()
    });
    assert!(html.contains("<dd>12</dd>"), "{html}");
    assert!(!html.contains("being counted"), "{html}");
}
