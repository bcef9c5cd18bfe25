//! The form of messages: new ones, a line each, or one that is changed.

use super::Pool;
use crate::{
    browser::effect,
    format::counted,
    pages::{Problem, Wrong, attempt, opened_by, send},
    parts::{Checkbox, Dialog, DialogFoot, SelectField, TextArea, TextField, TextKind, use_toasts},
    rpc::{
        displays::DisplayState,
        messages::{AddedMessages, MessagesForm, add_messages, change_message, remove_message},
    },
};
use leptos::prelude::*;
use model::{Conditions, PoolMessage};

const FIELDS: &[&str] = &["text", "show", "weight", "division", "city"];

#[component]
pub(super) fn Form(pool: Pool) -> impl IntoView {
    let toasts = use_toasts();
    let open = opened_by(pool.open);
    let text = || RwSignal::new(String::new());
    let (lines, show, weight, division, city) = (text(), text(), text(), text(), text());
    let (birthday, first_timer) = (RwSignal::new(false), RwSignal::new(false));
    let wrong = Wrong::new(FIELDS);
    // Kept while the dialog closes.
    let edited = RwSignal::new(None::<PoolMessage>);
    effect(move || {
        let Some(which) = pool.open.get() else {
            return;
        };
        wrong.clear();
        let known = which.as_ref();
        let asked = known.map(|message| message.conditions.clone());
        let asked = asked.unwrap_or_default();
        lines.set(known.map(|it| it.text.clone()).unwrap_or_default());
        let of = known.and_then(|message| message.show);
        show.set(of.map(|id| id.to_string()).unwrap_or_default());
        weight.set(known.map_or(1, |message| message.weight).to_string());
        division.set(asked.division);
        city.set(asked.city);
        birthday.set(asked.birthday);
        first_timer.set(asked.first_timer);
        edited.set(which);
    });
    let is_new = Memo::new(move |_| edited.read().is_none());
    let form = move || MessagesForm {
        show: show.get_untracked().parse().ok(),
        text: lines.get_untracked(),
        // The server says what it may be.
        weight: weight.get_untracked().trim().parse().unwrap_or(0),
        conditions: Conditions {
            division: division.get_untracked(),
            city: city.get_untracked(),
            birthday: birthday.get_untracked(),
            first_timer: first_timer.get_untracked(),
        },
    };
    let done = move || {
        open.set(false);
        pool.reload.run(());
    };
    let event = pool.shared.id;
    let add = move || {
        send(wrong, add_messages(event, form()), move |told| {
            done();
            let text = added(&told);
            if told.ids.is_empty() {
                return toasts.done(text);
            }
            toasts.done_with(text, "Undo", move || {
                let ids = told.ids.clone();
                let back = async move {
                    for id in ids {
                        remove_message(event, id).await?;
                    }
                    Ok(())
                };
                attempt(toasts, back, move |()| pool.reload.run(()));
            });
        });
    };
    let change = move |before: PoolMessage| {
        let MessagesForm {
            show,
            text,
            weight,
            conditions,
        } = form();
        let wanted = PoolMessage {
            id: before.id,
            show,
            text,
            weight,
            conditions,
        };
        send(wrong, change_message(event, wanted), move |before| {
            done();
            toasts.done_with("Message changed", "Undo", move || {
                let back = change_message(event, before.clone());
                attempt(toasts, back, move |_| pool.reload.run(()));
            });
        });
    };
    let save = move || match edited.get_untracked() {
        None => add(),
        Some(before) => change(before),
    };
    let verb = move || match lines.with(|lines| count(lines)) {
        _ if !is_new.get() => "Save".to_owned(),
        0 => "Add messages".to_owned(),
        many => format!("Add {}", counted(many, "message", "messages")),
    };
    let foot = move || view! { <DialogFoot open verb=Signal::derive(verb) on_press=save/> };
    let title = Signal::derive(move || match is_new.get() {
        true => "Add messages".to_owned(),
        false => "Edit the message".to_owned(),
    });
    let label = Signal::derive(move || match is_new.get() {
        true => "Messages, one on each line".to_owned(),
        false => "Message".to_owned(),
    });
    let shows = Signal::derive(move || choices(pool, edited.read().as_ref()));
    view! {
        <Dialog id="messages-form" title=title open=open foot=foot>
            <TextArea id="messages-text" label=label value=lines rows=6 error=wrong.at("text")
                hint="{first_name} stands for the runner's first name"/>
            <div class="pair">
                <SelectField id="messages-show" label="Shown on" value=show options=shows
                    error=wrong.at("show")/>
                <TextField id="messages-weight" label="Weight" kind=TextKind::Number
                    value=weight error=wrong.at("weight")
                    hint="3 comes three times as often as 1"/>
            </div>
            <fieldset class="ticks">
                <legend>"Only for runners"</legend>
                <div class="pair">
                    <TextField id="messages-division" label="of the division" value=division
                        error=wrong.at("division") hint="As in the roster; empty for all"/>
                    <TextField id="messages-city" label="from the city" value=city
                        error=wrong.at("city") hint="As in the roster; empty for all"/>
                </div>
                <Checkbox id="messages-birthday" label="whose birthday it is"
                    checked=birthday
                    hint="By the date of birth in the roster; never told of anybody under 18"/>
                <Checkbox id="messages-first" label="whose first race it is" checked=first_timer
                    hint="Where the roster has a column such as “First timer”"/>
            </fieldset>
            <Problem error=wrong.below()/>
        </Dialog>
    }
}

/// Lines with something in them.
fn count(lines: &str) -> u64 {
    lines.lines().filter(|line| !line.trim().is_empty()).count() as u64
}

fn added(told: &AddedMessages) -> String {
    let count = told.ids.len();
    let added = counted(count as u64, "message", "messages");
    match (count, told.known) {
        (_, 0) => format!("{added} added"),
        (0, _) => "All of them were there already".to_owned(),
        (_, 1) => format!("{added} added, 1 was there already"),
        (_, known) => format!("{added} added, {known} were there already"),
    }
}

/// Displays that are on, and the one that the message is of.
fn choices(pool: Pool, edited: Option<&PoolMessage>) -> Vec<(String, String)> {
    let of = edited.and_then(|message| message.show);
    let shows: Vec<_> = pool.shared.view.with(|view| {
        let rows = view.displays.iter();
        let rows = rows.filter(|row| row.state != DisplayState::Ended || Some(row.show) == of);
        rows.map(|row| row.show).collect()
    });
    let named = shows
        .into_iter()
        .map(|show| (show.to_string(), pool.name_of(show)));
    let all = (String::new(), "All displays".to_owned());
    std::iter::once(all).chain(named).collect()
}
