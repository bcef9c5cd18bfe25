//! How the selection comes, goes and changes.

use super::{
    Desk,
    part::{Part, owned, within},
};
use crate::parts::{Button, Glyph, When};
use editor::{Command, Trial};
use leptos::prelude::*;
use model::{
    document::{Move, Transition},
    limits::MOTION_MS_MAX,
};

const MOVES: [(Option<Move>, &str); 8] = [
    (None, "At once"),
    (Some(Move::Fade), "Fades"),
    (Some(Move::Rise), "Rises"),
    (Some(Move::Fall), "Falls"),
    (Some(Move::SlideRight), "Slides to the right"),
    (Some(Move::SlideLeft), "Slides to the left"),
    (Some(Move::Grow), "Grows"),
    (Some(Move::Wipe), "Is uncovered"),
];

/// Of how long it takes and of how long it waits: together they are what may be.
const MS_MAX: u16 = (MOTION_MS_MAX / 2) as u16;

pub(super) fn section(desk: Desk) -> AnyView {
    view! {
        <section>
            <h2>"Motion"</h2>
            {way(desk, "Comes", owned!(Motion, motion.enter))}
            {way(desk, "Goes", owned!(Motion, motion.exit))}
            {way(desk, "Changes", owned!(Motion, motion.change))}
            <div class="whole">
                <Button
                    small=true
                    icon=Glyph::Play
                    on_press=move || desk.command(Command::Try(Trial::Play))
                >
                    "Play"
                </Button>
            </div>
        </section>
    }
    .into_any()
}

fn way(desk: Desk, words: &'static str, part: Part<Option<Transition>>) -> AnyView {
    let moves = desk.watch(move |editor| part.alike(editor, |way| *way).is_some());
    view! {
        {part.choice(desk, words, &MOVES, |way| Some(way.map(|way| way.by)), |way, by| {
            *way = by.map(|by| {
                let usual = Transition { by, ms: 300, delay_ms: 0 };
                way.map_or(usual, |before| Transition { by, ..before })
            });
        })}
        <When holds=move || moves.get()>
            {part.number(
                desk,
                "ms",
                "How long it takes, in milliseconds",
                |way| way.map(|way| way.ms.into()),
                |way, ms| {
                    if let Some(way) = way {
                        way.ms = within(ms, 1, MS_MAX);
                    }
                },
            )}
            {part.number(
                desk,
                "after",
                "How long it waits before, in milliseconds",
                |way| way.map(|way| way.delay_ms.into()),
                |way, ms| {
                    if let Some(way) = way {
                        way.delay_ms = within(ms, 0, MS_MAX);
                    }
                },
            )}
        </When>
    }
    .into_any()
}
