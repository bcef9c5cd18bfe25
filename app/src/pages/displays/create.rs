//! The form for a new display.

use super::{Shared, card, turns};
use crate::{
    browser::effect,
    pages::{Blank, Problem, Wrong},
    parts::{
        Button, ButtonKind, ButtonLink, Checkbox, Dialog, Each, Glyph, SelectField, TextField,
        When, use_toasts,
    },
    rpc::{
        RpcError,
        displays::{DisplayForm, create_display},
    },
};
use leptos::{prelude::*, task::spawn_local};
use model::{BuiltIn, RundownOverrides, ShowMode, TemplateId, TemplatePin};

/// Hours, and what they are called.
const LIVES: [(u32, &str); 5] = [
    (12, "12 hours"),
    (24, "a day"),
    (72, "3 days"),
    (7 * 24, "a week"),
    (30 * 24, "30 days"),
];
const USUAL_HOURS: u32 = 72;

#[component]
pub(super) fn CreateDialog(
    shared: Shared,
    open: RwSignal<bool>,
    /// Chosen already, where something of it is published.
    wanted: RwSignal<Option<TemplateId>>,
) -> impl IntoView {
    let toasts = use_toasts();
    let text = || RwSignal::new(String::new());
    let (name, mode, template, stream, hours) = (text(), text(), text(), text(), text());
    let other = text();
    let ticks = RwSignal::new(Vec::<(String, Blank<bool>)>::new());
    let turns = turns::Turns::new();
    let (wrong, busy) = (Wrong::new(&turns::FIELDS), RwSignal::new(false));
    // Nothing is published of what is wanted.
    let lacks = RwSignal::new(false);
    effect(move || {
        if !open.get() {
            return;
        }
        for field in [name, other] {
            field.set(String::new());
        }
        wrong.clear();
        turns.begin(RundownOverrides::default());
        mode.set(ShowMode::Results.name().to_owned());
        hours.set(USUAL_HOURS.to_string());
        shared.view.with_untracked(|view| {
            // A finish screen must not show every starter, so nothing is ticked where there is a
            // choice.
            let only = view.points.len() == 1;
            let tick = |point: &String| (point.clone(), Blank::new(only));
            ticks.set(view.points.iter().map(tick).collect());
            let wanted = wanted.try_update_untracked(Option::take).flatten();
            let mut pins = view.templates.iter().map(|(pin, _)| *pin);
            let pin = pins.find(|pin| match pin {
                TemplatePin::Version { template, .. } => Some(*template) == wanted,
                TemplatePin::BuiltIn(_) => false,
            });
            lacks.set(wanted.is_some() && pin.is_none());
            template.set(pin.unwrap_or(BuiltIn::Arrivals.into()).to_string());
            let first = view.streams.first();
            stream.set(first.map(|(id, _)| id.to_string()).unwrap_or_default());
        });
    });
    let takes_turns = Memo::new(move |_| match template.read().parse() {
        Ok(TemplatePin::BuiltIn(built_in)) => built_in.subject().takes_turns(),
        // What is set of turns is of no use to one without, and does it no harm.
        Ok(TemplatePin::Version { .. }) => true,
        Err(_) => false,
    });
    let form = move || {
        let mut points: Vec<String> = ticks.with_untracked(|ticks| {
            let ticked = ticks.iter().filter(|(_, on)| on.get());
            ticked.map(|(point, _)| point.clone()).collect()
        });
        let typed = other.get_untracked();
        if !typed.trim().is_empty() {
            points.push(typed.trim().to_owned());
        }
        if points.is_empty() {
            let problem = "tick the points that it shows, at least one";
            return Err(RpcError::invalid("point", problem));
        }
        let unknown =
            |()| RpcError::invalid("", "load the page again; it is older than the server");
        let template = template.get_untracked().parse().map_err(|_| unknown(()))?;
        Ok(DisplayForm {
            name: name.get_untracked(),
            mode: mode.get_untracked().parse().map_err(|_| unknown(()))?,
            rundown: turns.typed(takes_turns.get_untracked())?,
            template,
            stream: stream.get_untracked().parse().ok(),
            points,
            hours: hours.get_untracked().parse().unwrap_or(USUAL_HOURS),
        })
    };
    let refuse = move |error: RpcError| {
        turns.show(&error);
        wrong.say(error);
    };
    let create = move || {
        let form = match form() {
            Ok(form) => form,
            Err(error) => return refuse(error),
        };
        wrong.clear();
        busy.set(true);
        spawn_local(async move {
            let made = create_display(shared.id, form).await;
            busy.set(false);
            match made {
                Ok(_) => {
                    open.set(false);
                    shared.reload.run(());
                    toasts.done("The display is on. Open its address on a screen.");
                }
                Err(error) => refuse(error),
            }
        });
    };
    let has_stream = Memo::new(move |_| shared.view.with(|view| !view.streams.is_empty()));
    let has_several = Memo::new(move |_| shared.view.with(|view| view.streams.len() > 1));
    let streams = Signal::derive(move || {
        let streams = shared.view.with(|view| view.streams.clone()).into_iter();
        let options = streams.map(|(id, name)| (id.to_string(), name));
        options.collect::<Vec<_>>()
    });
    let modes = [ShowMode::Results, ShowMode::PreRace]
        .map(|mode| (mode.name().to_owned(), card::mode(mode).to_owned()));
    let lives = LIVES.map(|(hours, words)| (hours.to_string(), words.to_owned()));
    let [modes, lives] = [modes.to_vec(), lives.to_vec()].map(Signal::stored);
    let templates = card::templates(shared);
    let foot = move || {
        view! {
            <Button on_press=move || open.set(false)>"Cancel"</Button>
            <When holds=move || has_stream.get()>
                <Button kind=ButtonKind::Primary busy=busy on_press=create>
                    "Create display"
                </Button>
            </When>
        }
    };
    view! {
        <Dialog id="new-display" title="New display" open=open foot=foot>
            <When
                holds=move || has_stream.get()
                fallback=move || view! {
                    <p>"A display shows what a stream brings, and this event has none yet."</p>
                    <ButtonLink icon=Glyph::Mat href=format!("/events/{}/timing", shared.id)>
                        "Connect the timing first"
                    </ButtonLink>
                }
            >
                <When holds=move || lacks.get()>
                    <p>
                        "The template that you come from is not published yet. Publish it in the
                         builder, and it can be chosen here."
                    </p>
                </When>
                <fieldset class="ticks">
                    <legend>"Points that it shows"</legend>
                    <Each
                        each=move || ticks.get().into_iter().enumerate()
                        key=|(_, (_, on))| on.key
                        let((at, (point, on)))
                    >
                        <Checkbox id=format!("point-{at}") label=point
                            checked=RwSignal::from(on.value)/>
                    </Each>
                </fieldset>
                <TextField id="other-point" label="Another point" value=other
                    hint="One that has not read yet, as the timing software calls it"/>
                <TextField id="display-name" label="Name" value=name
                    hint="For you, such as Finish arch; may stay empty"/>
                <div class="pair">
                    <SelectField id="mode" label="For" value=mode options=modes/>
                    <SelectField id="template" label="Template" value=template
                        options=templates/>
                </div>
                <div class="pair">
                    <SelectField id="hours" label="Stays on for" value=hours
                        options=lives/>
                    <When holds=move || has_several.get()>
                        <SelectField id="stream" label="Stream" value=stream options=streams/>
                    </When>
                </div>
                <turns::TurnFields turns takes_turns wrong/>
                <Problem error=wrong.below()/>
            </When>
        </Dialog>
    }
}
