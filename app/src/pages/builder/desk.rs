//! The editor in the page: every part of the builder gives it inputs and shows what it then says.
//!
//! Owns the editor, whom it is tried with, and the way to the server. What an input does, `editor`
//! alone decides; when what is sent, `keeping`.

use super::{
    keeping::{Answer, Keeping, Standing, Unsaved},
    local, stage,
};
use crate::{
    browser::{effect, now_us, send_picture},
    format::capital,
    pages::every,
    parts::{Toasts, use_toasts},
    rpc::{
        RpcError,
        builder::{BuilderView, Sample, SaveAnswer, save_template},
    },
};
use editor::{
    Brought, Command, Cursor, Editor, Effect, Input, Outcome, Panel, Point, Redraw, Trial,
};
use leptos::{prelude::*, task::spawn_local};
use model::{
    BoardState, TemplateId,
    document::{DataField, Draw, Edit, Element, Picture, ScenePath},
};
use render::Shown;
use web_sys::File;

/// How long after an edit it is sent: what follows right after goes with it.
const SAVE_AFTER_MS: u64 = 600;

/// The place of whoever comes from the roster, after nobody.
const RUNNER: usize = 1;

type Watched<T> = Box<dyn Fn(&Editor) -> T + Send + Sync>;

#[derive(Clone, Copy)]
pub struct Desk {
    pub id: TemplateId,
    editor: StoredValue<Editor>,
    keeping: StoredValue<Keeping>,
    pub samples: StoredValue<Vec<Sample>>,
    columns: StoredValue<Vec<String>>,
    shown: StoredValue<Shown>,
    /// By how much the time of what is shown is ahead of this computer's clock.
    ahead_us: StoredValue<i64>,
    pub toasts: Toasts,
    /// Rises when panels may show something else.
    changed: RwSignal<u64>,
    /// Rises when something else lies over the canvas.
    pub over: RwSignal<u64>,
    pub cursor: RwSignal<Cursor>,
    pub standing: RwSignal<Standing>,
    /// Whether this browser keeps what the server does not have.
    pub is_kept: RwSignal<bool>,
    /// Whom it is tried with, among the samples.
    pub sample: RwSignal<usize>,
    /// Rises with each that comes from the roster.
    pub people: RwSignal<u64>,
    pub panel: RwSignal<Option<Panel>>,
    /// How it is to be tried.
    pub trial: RwSignal<Option<Trial>>,
    /// Where in the viewport the menu of the selection is open.
    pub menu: RwSignal<Option<Point>>,
    /// What an earlier page could not send, where somebody else has saved since.
    pub found: RwSignal<Option<Unsaved>>,
    /// The element whose text is being written.
    pub writes: RwSignal<Option<String>>,
    /// Whether the file of a new image is to be asked for.
    pub chooses: RwSignal<bool>,
}

impl Desk {
    pub fn new(view: BuilderView) -> Self {
        let BuilderView {
            id,
            revision,
            draft,
            samples,
            columns,
            ..
        } = view;
        let path = ScenePath {
            layout: 0,
            scene: "runner".to_owned(),
        };
        // Somebody, where the roster has anybody.
        let first = RUNNER.min(samples.len().saturating_sub(1));
        let board = samples.get(first).map(|sample| sample.board.clone());
        let ahead_us = samples.get(first).map_or(0, ahead_us);
        Self {
            id,
            editor: StoredValue::new(Editor::new(draft, path)),
            keeping: StoredValue::new(Keeping::new(revision)),
            samples: StoredValue::new(samples),
            columns: StoredValue::new(columns),
            shown: StoredValue::new(Shown::still(board.unwrap_or_default())),
            ahead_us: StoredValue::new(ahead_us),
            toasts: use_toasts(),
            changed: RwSignal::new(0),
            over: RwSignal::new(0),
            cursor: RwSignal::new(Cursor::Arrow),
            standing: RwSignal::new(Standing::Saved),
            is_kept: RwSignal::new(true),
            sample: RwSignal::new(first),
            people: RwSignal::new(0),
            panel: RwSignal::new(None),
            trial: RwSignal::new(None),
            menu: RwSignal::new(None),
            found: RwSignal::new(None),
            writes: RwSignal::new(None),
            chooses: RwSignal::new(false),
        }
    }

    pub fn input(self, input: Input) {
        let outcome = self.editor.try_update_value(|editor| editor.input(input));
        if let Some(outcome) = outcome {
            self.follow(outcome);
        }
    }

    pub fn command(self, command: Command) {
        self.input(Input::Command(command));
    }

    /// What follows of the same is one step with it, until `Settle`.
    pub fn change(self, command: Option<Command>) {
        if let Some(command) = command {
            self.command(command);
        }
    }

    /// As a step that is whole.
    pub fn step(self, command: Option<Command>) {
        if let Some(command) = command {
            self.command(command);
            self.command(Command::Settle);
        }
    }

    pub fn read<T>(self, what: impl FnOnce(&Editor) -> T) -> T {
        self.editor.with_value(what)
    }

    /// Whatever follows is done anew when panels may show something else.
    pub fn track(self) {
        self.changed.track();
    }

    /// What panels show; asked anew when it may be another.
    pub fn watch<T: PartialEq + Send + Sync + 'static>(
        self,
        what: impl Fn(&Editor) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        // Behind a pointer: each closure would bring its own copy of the code.
        let what: Watched<T> = Box::new(what);
        Memo::new(move |_| {
            self.changed.track();
            self.editor.with_value(|editor| what(editor))
        })
    }

    /// The one element that is selected.
    pub fn only(editor: &Editor) -> Option<&Element> {
        match editor.selected()[..] {
            [only] => Some(only),
            _ => None,
        }
    }

    fn follow(self, outcome: Outcome) {
        let Outcome {
            redraw,
            cursor,
            panels,
            effects,
        } = outcome;
        // Numbers change with what is dragged.
        let is_other = panels || matches!(redraw, Redraw::Elements(_) | Redraw::Scene);
        if redraw != Redraw::Nothing {
            self.draw(&redraw);
        }
        if self.cursor.get_untracked() != cursor {
            self.cursor.set(cursor);
        }
        self.take_edits();
        if is_other {
            self.note_off();
            self.changed.update(|count| *count += 1);
        }
        for effect in effects {
            self.act(effect);
        }
    }

    /// Tells the editor what is not drawn for whom it is tried with.
    fn note_off(self) {
        let off = self.editor.with_value(|editor| {
            self.shown.with_value(|shown| {
                let mut off = Vec::new();
                let scene = editor.document().scene_at(&editor.place().scene);
                if let Ok(scene) = scene {
                    add_off(&scene.elements, &shown.state, &mut off);
                }
                off
            })
        });
        self.editor.update_value(|editor| editor.set_off(off));
    }

    pub fn draw(self, redraw: &Redraw) {
        self.editor.with_value(|editor| {
            self.shown
                .with_value(|shown| stage::draw(editor, redraw, shown, self.now_us()));
        });
        self.over.update(|count| *count += 1);
    }

    /// Somebody else to try it with.
    pub fn try_with(self, index: usize) {
        let sample = self
            .samples
            .with_value(|samples| samples.get(index).cloned());
        if let Some(sample) = sample {
            self.sample.set(index);
            self.show(sample);
        }
    }

    /// What a screen shows that is none of the samples.
    pub fn show(self, sample: Sample) {
        self.ahead_us.set_value(ahead_us(&sample));
        self.shown.set_value(Shown::still(sample.board));
        self.note_off();
        // What fields say is another thing; whom the strip names was chosen before.
        self.sample.notify();
        self.draw(&Redraw::Scene);
    }

    /// By the clocks of what is shown: a made-up runner's are those of a made-up day.
    pub fn now_us(self) -> i64 {
        now_us() + self.ahead_us.get_value()
    }

    /// For a scene that plays: nobody, somebody, and somebody else where there is any. The somebody
    /// is whom it is tried with now, where that is a person.
    pub fn boards(self) -> (BoardState, BoardState, Option<BoardState>) {
        self.samples.with_value(|samples| {
            let here = self.sample.get_untracked();
            let boards = samples.iter().map(|sample| &sample.board);
            let nobody = boards.clone().next().cloned().unwrap_or_default();
            let from_here = boards.clone().skip(here).chain(boards.take(here));
            let mut people = from_here.filter(|board| board.runner.is_some());
            let one = people.next().cloned().unwrap_or_default();
            let other = people.find(|board| board.runner != one.runner).cloned();
            (nobody, one, other)
        })
    }

    /// Somebody of the roster, in the place of whoever was there from it.
    pub fn try_runner(self, sample: Sample) {
        self.samples.update_value(|samples| {
            match samples.get_mut(RUNNER).filter(|there| there.is_runner) {
                Some(there) => *there = sample,
                None => samples.insert(RUNNER.min(samples.len()), sample),
            }
        });
        self.people.update(|count| *count += 1);
        self.try_with(RUNNER);
    }

    /// What the samples are called.
    pub fn labels(self) -> Vec<String> {
        self.people.track();
        self.samples
            .with_value(|samples| samples.iter().map(|sample| sample.label.clone()).collect())
    }

    /// The names of the roster's own columns.
    pub fn columns(self) -> Vec<String> {
        self.columns.get_value()
    }

    /// What a field says for whom the template is tried with.
    pub fn says(self, field: &DataField) -> String {
        self.sample.track();
        self.shown.with_value(|shown| {
            let state = &shown.state;
            state.value(state.runner.as_ref(), field).plain()
        })
    }

    fn act(self, effect: Effect) {
        match effect {
            Effect::Copy(text) => {
                if !local::copy(&text) {
                    self.toasts.error("This browser has no room to copy that.");
                }
            }
            Effect::ReadClipboard { in_place } => {
                let text = local::copied();
                self.command(Command::PasteText { text, in_place });
            }
            Effect::EditText(id) => self.writes.set(Some(id)),
            Effect::ChoosePicture => self.chooses.set(true),
            Effect::EditName(_) => self.panel.set(Some(Panel::Numbers)),
            Effect::OpenMenu(at) => self.menu.set(Some(at)),
            Effect::Open(panel) => self.panel.set(Some(panel)),
            // Again is something to do too.
            Effect::Try(trial) => self.trial.set(Some(trial)),
            Effect::Refuse(refusal) => self.toasts.error(capital(&refusal.to_string()) + "."),
        }
    }

    /// A file that came onto the canvas.
    pub fn bring_picture(self, file: File, at: Option<Point>) {
        spawn_local(async move {
            match send_picture(&file).await {
                Ok(address) => {
                    let what = Brought::Picture(Picture::Data(address));
                    self.command(Command::Bring(what, at));
                }
                Err(error) => self.toasts.error(error.sentence()),
            }
        });
    }

    /// Sends all that was made, and settles what still is.
    pub fn save(self) {
        self.command(Command::Settle);
        self.send();
    }

    /// Whether the answer to a save is still to come.
    pub fn is_sending(self) -> bool {
        self.keeping.with_value(Keeping::is_sending)
    }

    /// Of the draft as the server last said.
    pub fn revision(self) -> u64 {
        self.keeping.with_value(Keeping::revision)
    }

    // Keeping

    fn take_edits(self) {
        let is_new = self.editor.try_update_value(|editor| {
            let edits = editor.unsaved().to_vec();
            editor.saved(edits.len());
            let edited = |keeping: &mut Keeping| keeping.edited(edits, editor.going_on());
            self.keeping.try_update_value(edited)
        });
        if is_new.flatten() == Some(true) {
            self.tell_standing();
        }
    }

    fn tell_standing(self) {
        let (standing, unsaved) = self
            .keeping
            .with_value(|keeping| (keeping.standing().clone(), keeping.unsaved()));
        // What was found is still there, until somebody has said what is to become of it.
        if self.found.with_untracked(Option::is_none) {
            let is_kept = local::keep(self.id, unsaved.as_ref());
            self.is_kept.set(is_kept);
        }
        self.standing.set(standing);
    }

    /// Sends what waits, again and again, and takes up what an earlier page could not send.
    pub fn keep(self) {
        effect(move || {
            let Some(unsaved) = local::kept(self.id) else {
                return;
            };
            let here = self.keeping.with_value(Keeping::revision);
            if unsaved.revision == here {
                self.take_up(unsaved);
            } else {
                self.found.set(Some(unsaved));
            }
        });
        every(SAVE_AFTER_MS, move || self.send());
    }

    /// Makes the edits of an earlier page, on the draft as it is now.
    pub fn take_up(self, unsaved: Unsaved) {
        let mut document = self.read(|editor| editor.document().clone());
        match document.edited(Edit::All(unsaved.edits.clone())) {
            Ok(_) => {
                self.found.set(None);
                self.command(Command::Replace(Box::new(document)));
            }
            // They stay where they are kept, until somebody drops them.
            Err(error) => {
                self.found.set(Some(unsaved));
                let why = capital(&error.to_string());
                self.toasts.error(format!(
                    "Changes of an earlier visit do not fit the template any more: {why}."
                ));
            }
        }
    }

    /// What an earlier page could not send is not wanted.
    pub fn drop_found(self) {
        self.found.set(None);
        self.tell_standing();
    }

    fn send(self) {
        // What is being pulled waits until it rests: the document has it already, the edits do not.
        if self.read(Editor::is_busy) {
            return;
        }
        if self.read(Editor::is_unsaved) {
            self.command(Command::Settle);
        }
        let save = self.read(|editor| {
            let next = |keeping: &mut Keeping| keeping.next(editor.document());
            self.keeping.try_update_value(next)
        });
        let Some(save) = save.flatten() else { return };
        let id = self.id;
        spawn_local(async move {
            let answer = match save_template(id, save.revision, save.edits).await {
                Ok(SaveAnswer::Saved(revision)) => Answer::Saved(revision),
                Ok(SaveAnswer::Stale { revision, draft }) => Answer::Stale { revision, draft },
                Err(RpcError::Unavailable { .. } | RpcError::Away) => Answer::Away,
                Err(error) => Answer::Refused(error.sentence()),
            };
            self.keeping
                .try_update_value(|keeping| keeping.answered(answer));
            self.tell_standing();
        });
    }
}

fn ahead_us(sample: &Sample) -> i64 {
    sample.at.map_or(0, |at| at.0 - now_us())
}

/// Those whose conditions do not hold. What is in a list is another thing in each row.
fn add_off(elements: &[Element], state: &BoardState, off: &mut Vec<String>) {
    for element in elements {
        let says = |field: &DataField| state.value(state.runner.as_ref(), field).plain();
        if element.when.as_ref().is_some_and(|when| !when.holds(&says)) {
            off.push(element.id.clone());
        }
        if let Draw::Group(group) = &element.draw {
            add_off(&group.elements, state, off);
        }
    }
}
