//! The builder's side of its windows: has their bundle brought when the first is opened, tells them
//! of the draft, and does what they ask.

use super::{desk::Desk, keeping::Standing};
use crate::{
    browser::effect,
    pages::windows::messages::{Ask, Draft, Tell, bring, on_ask, on_missing, tell},
    parts::use_toasts,
};
use editor::{Command, Editor, Panel};
use leptos::prelude::*;

#[derive(Clone, Copy)]
struct Beside {
    desk: Desk,
    is_ready: StoredValue<bool>,
    /// What is to be opened once they are here.
    wanted: StoredValue<Option<Panel>>,
    /// Whether somebody waits for the draft to be saved.
    is_waited: StoredValue<bool>,
}

pub(super) fn open_windows(desk: Desk) {
    let beside = Beside {
        desk,
        is_ready: StoredValue::new(false),
        wanted: StoredValue::new(None),
        is_waited: StoredValue::new(false),
    };
    let toasts = use_toasts();
    on_ask(move |asked| match asked {
        Ask::Ready => {
            beside.is_ready.set_value(true);
            if let Some(panel) = beside.wanted.try_update_value(Option::take).flatten() {
                beside.open(panel);
            }
        }
        Ask::Save => {
            beside.is_waited.set_value(true);
            desk.save();
            beside.tell_saved();
        }
        Ask::Replace { document, said } => {
            let made = desk.read(Editor::steps_made);
            desk.step(Some(Command::Replace(Box::new(document))));
            toasts.done_with(said, "Undo", move || desk.command(Command::JumpTo(made)));
        }
        Ask::Show {
            layout,
            scene,
            element,
        } => {
            desk.command(Command::SwitchLayout(layout));
            desk.command(Command::SwitchScene(scene));
            let wanted = Some(element).filter(|id| !id.is_empty());
            desk.command(Command::Select(wanted.into_iter().collect()));
        }
        Ask::Try(sample) => desk.show(*sample),
        Ask::Say(text) => toasts.done(text),
        Ask::Complain(text) => toasts.error(text),
    });
    on_missing(move || {
        beside.wanted.set_value(None);
        toasts.error("This window cannot be loaded now. Try again once the server is there.");
    });
    effect(move || {
        if let Some(panel) = desk.panel.get()
            && panel.is_window()
        {
            desk.panel.set(None);
            beside.open(panel);
        }
    });
    effect(move || {
        desk.standing.track();
        beside.tell_draft();
        beside.tell_saved();
    });
}

impl Beside {
    fn open(self, panel: Panel) {
        if self.is_ready.get_value() {
            self.tell_draft();
            tell(&Tell::Open(panel));
            return;
        }
        // They are brought once, whatever else is asked for while they are on the way.
        let before = self.wanted.try_update_value(|wanted| wanted.replace(panel));
        if before == Some(None) {
            bring();
        }
    }

    fn tell_draft(self) {
        if !self.is_ready.get_value() {
            return;
        }
        let (scene, canvas) = self.desk.read(|editor| {
            let canvas = editor.layout().map(|layout| layout.canvas);
            let size = canvas.map(|canvas| (canvas.width_px, canvas.height_px));
            (editor.place().scene.scene.clone(), size)
        });
        tell(&Tell::Draft(Draft {
            revision: self.desk.revision(),
            scene,
            canvas,
        }));
    }

    /// What became of the last save, to whoever waits for it.
    fn tell_saved(self) {
        if !self.is_waited.get_value() || self.desk.is_sending() {
            return;
        }
        let answer = match self.desk.standing.get_untracked() {
            Standing::Saved => Ok(self.desk.revision()),
            // More was made meanwhile, and goes next.
            Standing::Saving => return self.desk.save(),
            Standing::Away => {
                Err("the server is away; the changes are kept here until it is back".to_owned())
            }
            Standing::Stale => {
                Err("somebody else has changed this template; load the page again".to_owned())
            }
            Standing::Refused(problem) => Err(problem),
        };
        self.is_waited.set_value(false);
        tell(&Tell::Saved(answer));
    }
}
