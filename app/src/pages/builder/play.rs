//! The scene as a screen shows it come, change and go, in the canvas itself; then it stands still
//! again.
//!
//! Owns what follows what, and how long each is looked at. What moves how, `render` knows, and
//! whether anything does at all: who wants less motion sees each picture at once.

use super::{
    desk::Desk,
    stage::{self, Turn},
};
use crate::{
    browser::{effect, now_us},
    parts::{Button, Glyph},
};
use editor::{Editor, Redraw, Trial};
use leptos::prelude::*;
use model::{
    MonoMs,
    document::{Element, Motion, Transition},
};
use render::Shown;
use std::time::Duration;

/// Before the scene comes, and after each motion.
const BEFORE_MS: u64 = 500;
const AFTER_MS: u64 = 900;

/// What is to be shown.
struct Step {
    scene: String,
    shown: Shown,
    turn: Turn,
    ms: u64,
}

/// Plays or stops; also by its command.
pub(super) fn button(desk: Desk) -> AnyView {
    let plays = RwSignal::new(false);
    effect(move || {
        if desk.trial.get() != Some(Trial::Play) {
            return;
        }
        if stage::plays() {
            desk.draw(&Redraw::Scene);
            plays.set(false);
            return;
        }
        let mut steps = untrack(|| steps(desk));
        steps.reverse();
        plays.set(true);
        next(desk, plays, steps);
    });
    view! {
        <div class="builder-play" class:plays=move || plays.get()>
            <Button
                small=true
                icon=Glyph::Play
                on_press=move || desk.command(editor::Command::Try(Trial::Play))
            >
                {move || if plays.get() { "Stop" } else { "Play the scene" }}
            </Button>
        </div>
    }
    .into_any()
}

/// The last of them comes first.
fn next(desk: Desk, plays: RwSignal<bool>, mut steps: Vec<Step>) {
    let Some(step) = steps.pop() else {
        desk.draw(&Redraw::Scene);
        plays.try_set(false);
        return;
    };
    let ms = step.ms;
    desk.read(|editor| stage::play(editor, &step.scene, &step.shown, step.turn, desk.now_us()));
    let go_on = move || {
        // Nothing plays any more where something was changed, or the page was left.
        if plays.try_get_untracked() != Some(true) || !stage::plays() {
            plays.try_set(false);
            return;
        }
        next(desk, plays, steps);
    };
    set_timeout(go_on, Duration::from_millis(ms));
}

fn steps(desk: Desk) -> Vec<Step> {
    let (scene, lasts_ms) =
        desk.read(|editor| (editor.place().scene.scene.clone(), longest_ms(editor)));
    let (nobody, one, other) = desk.boards();
    let is_rest = scene == "resting";
    let (around, around_board) = match is_rest {
        true => ("runner", &one),
        false => ("resting", &nobody),
    };
    let board = if is_rest { nobody.clone() } else { one.clone() };
    let shown = Shown::still(board);
    let later = MonoMs(now_us().unsigned_abs() / 1_000);
    let other = other.filter(|_| !is_rest);
    let changed = other.map(|board| shown.followed_by(board, true, later));
    let step = |scene: &str, shown: Shown, turn: Turn, ms: u64| Step {
        scene: scene.to_owned(),
        shown,
        turn,
        ms,
    };
    let ms = lasts_ms + AFTER_MS;
    let around_shown = Shown::still(around_board.clone());
    let mut steps = vec![
        step(around, around_shown.clone(), Turn::Still, BEFORE_MS),
        step(&scene, shown, Turn::Comes, ms),
    ];
    steps.extend(changed.map(|shown| step(&scene, shown, Turn::Changes, ms)));
    steps.push(step(around, around_shown, Turn::Comes, ms));
    steps
}

/// Of all motions in the scene.
fn longest_ms(editor: &Editor) -> u64 {
    fn of(element: &Element) -> u64 {
        let Motion {
            enter,
            exit,
            change,
        } = element.motion;
        let lasts = |it: Transition| u64::from(it.ms) + u64::from(it.delay_ms);
        let own = [enter, exit, change].into_iter().flatten().map(lasts);
        let inside = element.draw.children().iter().map(of);
        own.chain(inside).max().unwrap_or(0)
    }
    let scene = editor.document().scene_at(&editor.place().scene);
    let elements = scene.map_or(&[][..], |scene| &scene.elements);
    elements.iter().map(of).max().unwrap_or(0)
}
