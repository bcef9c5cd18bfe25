//! Tables, marks, and what stands where nothing is.

use super::page::Section;
use crate::{
    fuzzy::Index,
    parts::{
        Badge, Button, ButtonKind, Column, Copyable, EmptyState, Glyph, IconButton, RateStrip,
        SearchBox, Sort, StatusDot, Table, Tone, VirtualTable,
    },
};
use leptos::prelude::*;
use std::sync::Arc;

const ROWS: u32 = 30_000;
const NAMES: [&str; 8] = [
    "Ana Okafor",
    "José Ñuñez",
    "李小龍",
    "محمد عبد الرحمن",
    "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh, Maximiliana Philippa",
    "Łukasz Żółć",
    "Nguyễn Thị Ánh Tuyết",
    "Siobhán O'Brien",
];
const CITIES: [&str; 3] = [
    "Harbor",
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
    "Vista",
];

#[component]
pub(super) fn Marks() -> impl IntoView {
    let rates = vec![
        0, 0, 0, 4, 12, 31, 60, 58, 90, 122, 140, 133, 120, 96, 70, 61, 40, 22, 12, 9, 7, 3, 0, 0,
        1, 0, 2, 5, 3, 4,
    ];
    view! {
        <Section id="marks" title="Marks">
            <div class="row">
                <Badge>"pre-race"</Badge>
                <Badge tone=Tone::Good>"streaming"</Badge>
                <Badge tone=Tone::Wait>"silent"</Badge>
                <Badge tone=Tone::Bad>"unclaimed"</Badge>
                <Badge tone=Tone::Info>"DEMO"</Badge>
                <StatusDot tone=Tone::Good text="in step"/>
                <StatusDot tone=Tone::Wait text="12 s since the last read"/>
                <StatusDot tone=Tone::Bad text="1 h 00 m 03 s behind"/>
                <StatusDot text="paused"/>
            </div>
            <div class="row">
                <Copyable label="address of the display" text="http://192.168.20.14:3000/d/abcdefgh"/>
                <Copyable label="address for timing software" text="192.168.20.14:61611"/>
            </div>
            <div class="row">
                <RateStrip label="Reads per minute at FINISH" counts=rates/>
                <RateStrip label="Reads per minute at 5K" counts=vec![0; 30]/>
            </div>
            <EmptyState icon=Glyph::People title="No participant yet"
                text="Load the roster from your registration: CSV or XLSX. Reads wait meanwhile, none is lost.">
                <Button kind=ButtonKind::Primary icon=Glyph::Upload>"Load a roster"</Button>
            </EmptyState>
        </Section>
    }
}

#[component]
pub(super) fn Lists() -> impl IntoView {
    let race_sort = RwSignal::new(Sort::by(0));
    let races = move || {
        let mut races = vec![
            ("10K", "10.00 km", 812),
            ("5K", "5.00 km", 1_204),
            ("Half", "21.10 km", 98),
        ];
        match race_sort.get().column {
            0 => races.sort_by_key(|race| race.0),
            _ => races.sort_by_key(|race| race.2),
        }
        if race_sort.get().descending {
            races.reverse();
        }
        let row = |(name, distance, people): (&str, &str, u32)| {
            view! {
                <tr>
                    <td>{name.to_owned()}</td>
                    <td class="number wide-only">{distance.to_owned()}</td>
                    <td class="number">{people}</td>
                    <td><Badge tone=Tone::Good>"gun set"</Badge></td>
                </tr>
            }
        };
        races.into_iter().map(row).collect_view()
    };
    view! {
        <Section id="tables" title="Tables">
            <Table caption="Races" sort=race_sort columns=vec![
                Column::text("Race").sortable(),
                Column::number("Distance").wide_only(),
                Column::number("Participants").sortable(),
                Column::text("Gun"),
            ]>
                {races}
            </Table>
        </Section>
        <Roster/>
    }
}

/// As the roster will be: found by typing, patched row by row.
#[component]
fn Roster() -> impl IntoView {
    let row = |bib: u32| {
        let name = NAMES[bib as usize % NAMES.len()];
        format!("{bib} {name} {}", CITIES[bib as usize % CITIES.len()])
    };
    let index = StoredValue::new(None::<Arc<Index>>);
    let query = RwSignal::new(String::new());
    let added = RwSignal::new(Vec::<u32>::new());
    let read = RwSignal::new(0_u32);
    let opened = RwSignal::new(None::<u32>);
    let bibs = Memo::new(move |_| {
        let query = query.get();
        if query.is_empty() {
            let mut bibs = added.get();
            bibs.extend(1..=ROWS);
            return bibs;
        }
        // Made when it is first asked for, and kept.
        let index = index.get_value().unwrap_or_else(|| {
            let made = Arc::new(Index::new((1..=ROWS).map(row)));
            index.set_value(Some(made.clone()));
            made
        });
        let found = index.search(&query).into_iter();
        found.filter_map(|at| u32::try_from(at + 1).ok()).collect()
    });
    let cells = move |bib: u32| {
        let name = NAMES[bib as usize % NAMES.len()];
        let city = CITIES[bib as usize % CITIES.len()];
        let reads = move || if bib == 3 { read.get() } else { bib % 5 };
        vec![
            bib.into_any(),
            name.into_any(),
            city.into_any(),
            reads.into_any(),
            view! { <IconButton icon=Glyph::Swap label=format!("Swap bib {bib}")
            on_press=move || opened.set(Some(0))/> }
            .into_any(),
        ]
    };
    let empty = move || {
        view! {
            <EmptyState icon=Glyph::Search title="Nobody found"
                text="Try fewer letters, or the bib alone."/>
        }
    };
    let add = move || {
        added.update(|added| {
            let next = ROWS + 1 + u32::try_from(added.len()).unwrap_or_default();
            added.insert(0, next);
        });
    };
    view! {
        <Section id="long-tables" title="Long tables">
            <div class="row">
                <SearchBox id="find-row" label="Find a participant" query=query
                    placeholder="Name, bib or city"/>
                <Button small=true on_press=move || read.update(|read| *read += 1)>
                    "Read bib 3"
                </Button>
                <Button small=true on_press=add>"Add above"</Button>
                <p class="quiet" role="status">{move || bibs.with(Vec::len)} " rows"</p>
                <p class="quiet">"Opened: " <output id="opened">{opened}</output></p>
            </div>
            <VirtualTable id="rows" caption="Roster" rows=bibs cells=cells empty=empty hold=true
                on_open=move |bib| opened.set(Some(bib))
                columns=vec![
                    Column::number("Bib").width("5rem"),
                    Column::text("Name").width("minmax(0, 2fr)"),
                    Column::text("City").wide_only(),
                    Column::number("Reads").width("4.5rem").wide_only(),
                    Column::text("").width("3.25rem"),
                ]
                height="28rem"/>
        </Section>
    }
}
