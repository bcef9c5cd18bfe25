//! How a display takes its turns: the fields of it, for the dialogs that make and edit one.

use crate::{
    pages::Wrong,
    parts::{TextField, TextKind, When},
    rpc::RpcError,
};
use leptos::prelude::*;
use model::{RundownOverrides, RundownSettings};

/// For `Wrong::new`. By the names that the server gives them.
pub(super) const FIELDS: [&str; 5] = ["dwell", "stay", "max-age", "window", "queue"];

/// What is typed. Empty is as the template has it.
#[derive(Clone, Copy)]
pub(super) struct Turns {
    dwell: RwSignal<String>,
    stay: RwSignal<String>,
    age: RwSignal<String>,
    window: RwSignal<String>,
    queue: RwSignal<String>,
    /// What the fields began with.
    known: RwSignal<RundownOverrides>,
    unfolded: RwSignal<bool>,
}

impl Turns {
    pub(super) fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self {
            dwell: text(),
            stay: text(),
            age: text(),
            window: text(),
            queue: text(),
            known: RwSignal::new(RundownOverrides::default()),
            unfolded: RwSignal::new(false),
        }
    }

    pub(super) fn begin(self, known: RundownOverrides) {
        let span = |ms: Option<u64>| ms.map(seconds).unwrap_or_default();
        self.dwell.set(span(known.dwell_ms));
        self.stay.set(span(known.stay_ms_max));
        self.age.set(span(known.age_ms_max));
        self.window.set(span(known.window_ms));
        let queue = known.queue_max.map(|count| count.to_string());
        self.queue.set(queue.unwrap_or_default());
        self.known.set(known);
        self.unfolded.set(false);
    }

    /// What a template without turns hides stays as it was.
    pub(super) fn typed(self, takes_turns: bool) -> Result<RundownOverrides, RpcError> {
        let known = self.known.get_untracked();
        let window_ms = span_of("window", self.window)?;
        if !takes_turns {
            return Ok(RundownOverrides { window_ms, ..known });
        }
        let queue = self.queue.get_untracked();
        let queue_max = match queue.trim() {
            "" => None,
            text => {
                let count = text.parse();
                Some(count.map_err(|_| RpcError::invalid("queue", "type a number, such as 16"))?)
            }
        };
        Ok(RundownOverrides {
            dwell_ms: span_of("dwell", self.dwell)?,
            stay_ms_max: span_of("stay", self.stay)?,
            age_ms_max: span_of("max-age", self.age)?,
            window_ms,
            queue_max,
        })
    }

    /// What is wrong in it can be seen.
    pub(super) fn show(self, error: &RpcError) {
        if error.field().is_some_and(|field| FIELDS.contains(&field)) {
            self.unfolded.set(true);
        }
    }
}

fn span_of(field: &str, typed: RwSignal<String>) -> Result<Option<u64>, RpcError> {
    let typed = typed.get_untracked();
    match typed.trim() {
        "" => Ok(None),
        text => {
            let ms = ms_of(text);
            let wrong = || RpcError::invalid(field, "type seconds, such as 4 or 2.5");
            ms.map(Some).ok_or_else(wrong)
        }
    }
}

/// `4`, `2.5`
fn seconds(ms: u64) -> String {
    let text = format!("{}.{:03}", ms / 1_000, ms % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// To the millisecond; what is finer is left out.
fn ms_of(text: &str) -> Option<u64> {
    let text = text.trim_end_matches('s').trim_end();
    let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(part) {
        return None;
    }
    let part: String = part.chars().chain("000".chars()).take(3).collect();
    let whole: u64 = whole.parse().ok()?;
    whole.checked_mul(1_000)?.checked_add(part.parse().ok()?)
}

/// Closed at first: what the template does by itself is right for most.
#[component]
pub(super) fn TurnFields(
    turns: Turns,
    /// Whether the template that is chosen shows one runner at a time.
    takes_turns: Memo<bool>,
    wrong: Wrong,
) -> impl IntoView {
    // Other defaults, other placeholders.
    let fields = move || {
        let own = match takes_turns.get() {
            true => RundownSettings::TURNS,
            false => RundownSettings::NO_TURNS,
        };
        let window = view! {
            <TextField id="window" label="Not again for" kind=TextKind::Number
                value=turns.window error=wrong.at("window") placeholder=seconds(own.window_ms)
                hint="Seconds; reads of one runner at one point no further apart are one crossing"/>
        };
        if !takes_turns.get() {
            return window.into_any();
        }
        view! {
            <div class="pair">
                <TextField id="dwell" label="Stays at least" kind=TextKind::Number
                    value=turns.dwell error=wrong.at("dwell") placeholder=seconds(own.dwell_ms)
                    hint="Seconds, while others wait"/>
                <TextField id="stay" label="Stays at most" kind=TextKind::Number
                    value=turns.stay error=wrong.at("stay") placeholder=seconds(own.stay_ms_max)
                    hint="Seconds, when nobody follows"/>
            </div>
            <div class="pair">
                <TextField id="max-age" label="Shown within" kind=TextKind::Number
                    value=turns.age error=wrong.at("max-age")
                    placeholder=seconds(own.age_ms_max)
                    hint="Seconds after the read, or not at all"/>
                <TextField id="queue" label="Runners who wait" kind=TextKind::Number
                    value=turns.queue error=wrong.at("queue")
                    placeholder=own.queue_max.to_string()
                    hint="Past it, the first is left out"/>
            </div>
            {window}
        }
        .into_any()
    };
    view! {
        <details
            class="turns"
            prop:open=move || turns.unfolded.get()
            on:toggle:target=move |event| turns.unfolded.set(event.target().open())
        >
            <summary>"Timing on screen"</summary>
            <When holds=move || !takes_turns.get()>
                <p class="quiet">
                    "This template lists everybody at once, so nobody waits for a turn."
                </p>
            </When>
            {fields}
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_read_as_people_type_them() {
        let check = |text: &str, ms: Option<u64>, again: &str| {
            assert_eq!(ms_of(text), ms, "{text:?}");
            assert_eq!(ms.map(seconds).unwrap_or_default(), again);
        };
        check("4", Some(4_000), "4");
        check("2.5", Some(2_500), "2.5");
        check("2,5 s", Some(2_500), "2.5");
        check("0", Some(0), "0");
        check("10.0625", Some(10_062), "10.062");
        check("120", Some(120_000), "120");
        for wrong in ["", "s", ".5", "-1", "1.2.3", "four", "99999999999999999999"] {
            check(wrong, None, "");
        }
    }
}
