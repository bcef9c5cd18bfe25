//! Judges templates as the builder does, with hard, made-up names and as many usual ones as a large
//! race has: `cargo run --release -p render --features ssr --example lint -- [template.json…]`.
//!
//! Without files it judges every built-in template. A panel of 4 m, read from 15 m.

use model::{Arrival, BoardState, BuiltIn, Document, Panel, Texts};
use render::{
    fit::Advances,
    lint::{Facts, findings},
    samples,
};
use std::{env, error::Error, fs, time::Instant};

const PEOPLE: usize = 30_000;

fn main() -> Result<(), Box<dyn Error>> {
    let mut documents: Vec<(String, Document)> = Vec::new();
    for file in env::args().skip(1) {
        documents.push((file.clone(), Document::parse(&fs::read_to_string(&file)?)?));
    }
    if documents.is_empty() {
        for template in BuiltIn::ALL {
            documents.push((template.to_string(), template.document().clone()));
        }
    }
    let cases = samples::all();
    let state = |name: &str| cases.iter().find(|case| case.name == name);
    let hard = state("hard").map(|case| case.state.clone());
    let board = state("races-6").map(|case| case.state.clone());
    let mut people = hard.unwrap_or_default().arrivals;
    people.extend((people.len()..PEOPLE).map(usual));
    let facts = Facts {
        panel: Some(Panel {
            width_mm: 4_000,
            distance_mm: 15_000,
        }),
        board: &BoardState {
            arrivals: Vec::new(),
            runner: None,
            ..board.unwrap_or_default()
        },
        people: &people,
        messages: &[],
        lite_screens: 0,
        advances: Advances::shipped(),
    };
    for (name, document) in documents {
        let begun = Instant::now();
        let found = findings(&document, &facts);
        let ms = begun.elapsed().as_millis();
        println!("\n{name}: {} in {ms} ms, {PEOPLE} people", found.len());
        for one in found {
            println!("  {}: {}: {}", one.key(), one.name, one.sentence());
        }
    }
    Ok(())
}

/// Each with a name of their own.
fn usual(index: usize) -> Arrival {
    const FIRST: [&str; 8] = [
        "Ada",
        "Tomás",
        "Oluwaseun",
        "Mei",
        "Jonathan",
        "Priya",
        "Anneliese",
        "Greta",
    ];
    const LAST: [&str; 7] = [
        "Li",
        "Herrera",
        "Adeyemi",
        "Abernathy",
        "Kowalczyk",
        "Lindqvist",
        "Raman",
    ];
    let first = FIRST[index % FIRST.len()];
    let last = format!("{}-{index}", LAST[index % LAST.len()]);
    Arrival {
        bib: index.to_string(),
        name: format!("{first} {last}"),
        city: format!("Springfield {}", index % 900),
        race: "Marathon".to_owned(),
        point: "Finish".to_owned(),
        distance_m: Some(42_195),
        more: Texts(vec![
            ("first_name".to_owned(), first.to_owned()),
            ("last_name".to_owned(), last),
            ("division".to_owned(), format!("F {}", index % 90)),
        ]),
        ..Arrival::default()
    }
}
