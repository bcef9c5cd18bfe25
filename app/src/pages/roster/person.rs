//! Somebody, at the side: all that is known of them, and what can be done for them on race morning.

use super::{Opened, Shared, form::Form};
use crate::{
    browser::effect,
    format::capital,
    pages::attempt,
    parts::{
        Button, ButtonKind, Checkbox, Dialog, Each, Glyph, IconButton, SearchBox, SelectField,
        TextArea, TextField, TextKind, When,
    },
    rpc::roster::{
        RosterLine, RosterQuery, add_participant, edit_participant, give_chip, read_participant,
        remove_participant, roster_page, swap_bibs, withdraw_participant,
    },
};
use leptos::{prelude::*, task::spawn_local};
use model::{Chip, Participant, ParticipantId};

/// How many are offered to swap bibs with.
const OTHERS: usize = 6;

#[derive(Clone, Copy)]
struct Here {
    shared: Shared,
    open: RwSignal<bool>,
    form: Form,
    /// As they were read; nobody's while somebody new is typed.
    person: RwSignal<Option<Participant>>,
    error: RwSignal<Option<String>>,
}

#[component]
pub(super) fn PersonDialog(shared: Shared, opened: RwSignal<Option<Opened>>) -> impl IntoView {
    let here = Here {
        shared,
        open: RwSignal::new(false),
        form: Form::new(),
        person: RwSignal::new(None),
        error: RwSignal::new(None),
    };
    let Here {
        open, form, person, ..
    } = here;
    effect(move || match opened.get() {
        None => {}
        Some(Opened::New) => {
            person.set(None);
            here.error.set(None);
            form.fill(&nobody());
            open.set(true);
        }
        Some(Opened::Known(id)) => here.load(id),
    });
    effect(move || {
        if !open.get() && opened.get_untracked().is_some() {
            opened.set(None);
        }
    });
    let is_new = Memo::new(move |_| person.with(Option::is_none));
    let withdrawn =
        Memo::new(move |_| person.with(|it| it.as_ref().is_some_and(|it| it.withdrawn)));
    let title = move || match &*person.read() {
        None => "Add a participant".to_owned(),
        Some(person) if person.bib.is_empty() => person.name(),
        Some(person) => format!("{} {}", person.bib, person.name()),
    };
    let foot = move || {
        view! {
            <When holds=move || !is_new.get()>
                <div class="foot-start">
                    <Button
                        kind=ButtonKind::Danger
                        icon=Glyph::Trash
                        on_press=move || here.remove()
                    >
                        "Remove"
                    </Button>
                    <Button on_press=move || here.withdraw()>
                        {move || if withdrawn.get() { "Put back" } else { "Withdraw" }}
                    </Button>
                </div>
            </When>
            <Button on_press=move || open.set(false)>"Cancel"</Button>
            <Button kind=ButtonKind::Primary on_press=move || here.save()>
                {move || if is_new.get() { "Add" } else { "Save" }}
            </Button>
        }
    };
    view! {
        <Dialog id="person" title=Signal::derive(title) open=open foot=foot>
            <p class="form-error" role="alert" hidden=move || here.error.with(Option::is_none)>
                {move || here.error.get()}
            </p>
            <When holds=move || withdrawn.get()>
                <p class="roster-note">"Withdrawn: no screen shows them, and no result counts them."</p>
            </When>
            <Fields here/>
            <When holds=move || !is_new.get()>
                <Chips here/>
                <Swap here/>
                <Known here/>
            </When>
        </Dialog>
    }
}

impl Here {
    fn load(self, id: ParticipantId) {
        let shared = self.shared;
        attempt(
            shared.toasts,
            read_participant(shared.event, id),
            move |found: Participant| {
                self.error.set(None);
                self.form.fill(&found);
                self.person.set(Some(found));
                self.open.set(true);
            },
        );
    }

    fn save(self) {
        let before = self.person.get_untracked();
        let wanted = self.form.read(before.as_ref().unwrap_or(&nobody()));
        let wanted = match wanted {
            Ok(wanted) => wanted,
            Err(problem) => return self.error.set(Some(problem)),
        };
        let Shared { event, .. } = self.shared;
        let name = wanted.name();
        spawn_local(async move {
            let done = match before {
                None => {
                    let added = add_participant(event, wanted).await;
                    added.map(|(_, deed)| Some((format!("{name} added"), deed)))
                }
                Some(before) => {
                    let edited = edit_participant(event, before, wanted).await;
                    edited.map(|deed| deed.map(|deed| (format!("{name} saved"), deed)))
                }
            };
            match done {
                Ok(done) => {
                    self.open.set(false);
                    if let Some((text, deed)) = done {
                        self.shared.told(text, deed);
                    }
                }
                Err(refused) => {
                    let field = refused.field().filter(|field| !field.is_empty());
                    let problem = match field {
                        Some(field) => format!("{}: {}", capital(field), refused),
                        None => refused.sentence(),
                    };
                    self.error.set(Some(problem));
                }
            }
        });
    }

    fn withdraw(self) {
        let Some(person) = self.person.get_untracked() else {
            return;
        };
        let (shared, withdrawn) = (self.shared, !person.withdrawn);
        let work = withdraw_participant(shared.event, person.id, withdrawn);
        attempt(shared.toasts, work, move |deed| {
            self.open.set(false);
            let verb = if withdrawn { "withdrawn" } else { "put back" };
            shared.told(format!("{} {verb}", person.name()), deed);
        });
    }

    fn remove(self) {
        let Some(person) = self.person.get_untracked() else {
            return;
        };
        let shared = self.shared;
        attempt(
            shared.toasts,
            remove_participant(shared.event, person.id),
            move |deed| {
                self.open.set(false);
                shared.told(format!("{} removed", person.name()), deed);
            },
        );
    }

    fn swap(self, other: &RosterLine) {
        let Some(person) = self.person.get_untracked() else {
            return;
        };
        let (shared, with) = (self.shared, other.name.clone());
        let work = swap_bibs(shared.event, person.id, other.id);
        attempt(shared.toasts, work, move |deed| {
            self.open.set(false);
            shared.told(format!("{} and {with} swapped bibs", person.name()), deed);
        });
    }
}

#[component]
fn Fields(here: Here) -> impl IntoView {
    let form = here.form;
    let waves = here.shared.waves;
    let options = Signal::derive(move || {
        let mut options = vec![(String::new(), "None".to_owned())];
        let waves = waves.get().into_iter();
        options.extend(waves.map(|(id, name)| (id.to_string(), name)));
        options
    });
    let genders = [("", "Not said"), ("F", "F"), ("M", "M"), ("X", "X")];
    let genders = genders.map(|(key, words)| (key.to_owned(), words.to_owned()));
    view! {
        <div class="person-fields">
            <TextField id="person-bib" label="Bib" value=form.bib autofocus=true/>
            <SelectField id="person-wave" label="Race" value=form.wave options=options/>
            <TextField id="person-first" label="First name" value=form.first_name/>
            <TextField id="person-last" label="Last name" value=form.last_name/>
            <SelectField id="person-gender" label="Gender" value=form.gender options=genders.to_vec()/>
            <TextField id="person-age" label="Age" kind=TextKind::Number value=form.age/>
            <TextField id="person-born" label="Birth date" kind=TextKind::Date value=form.birth_date/>
            <TextField id="person-division" label="Division" value=form.division/>
            <TextField id="person-team" label="Team" value=form.team/>
            <TextField id="person-city" label="City" value=form.city/>
            <TextField id="person-state" label="State" value=form.state/>
            <TextField id="person-country" label="Country" value=form.country/>
            <TextField id="person-say" label="Say it as" value=form.say_as
                hint="For the announcer"/>
        </div>
        <TextArea id="person-note" label="Note" value=form.note rows=2
            hint="For staff and announcer; no public screen shows it"/>
        <Checkbox id="person-private" label="Hide the name on public screens" checked=form.private/>
        <When holds=move || !form.custom.read().is_empty()>
            <h3 class="sub">"Other columns of the file"</h3>
            <div class="person-fields">
                <Each
                    each=move || form.custom.get()
                    key=|(_, value)| value.key
                    let((name, value))
                >
                    <TextField id=format!("custom-{}", slug(&name)) label=name.clone()
                        value=RwSignal::from(value.value)/>
                </Each>
            </div>
        </When>
    }
}

#[component]
fn Chips(here: Here) -> impl IntoView {
    let form = here.form;
    let tag = RwSignal::new(String::new());
    let give = move |from_now: bool| {
        let Some(person) = here.person.get_untracked() else {
            return;
        };
        let shared = here.shared;
        let text = tag.get_untracked().trim().to_owned();
        let work = give_chip(shared.event, person.id, text.clone(), from_now);
        attempt(shared.toasts, work, move |deed| {
            here.open.set(false);
            shared.told(format!("Chip {text} is {}'s now", person.name()), deed);
        });
    };
    let line = move |chip: Chip| {
        let words = match (chip.valid_from, chip.valid_to) {
            (_, Some(_)) => "given on to somebody else",
            (Some(_), None) => "since it was given out",
            (None, None) => "always",
        };
        let label = format!("Take chip {} away", chip.tag);
        let gone = chip.clone();
        view! {
            <li class="chip-line">
                <span class="chip-tag">{chip.tag}</span>
                <span class="quiet">{words}</span>
                <IconButton icon=Glyph::Trash label=label
                    on_press=move || form.chips.update(|chips| chips.retain(|chip| *chip != gone))/>
            </li>
        }
    };
    view! {
        <section class="person-part">
            <h3 class="sub">"Chips"</h3>
            <ul class="chip-list">
                <Each each=move || form.chips.get() key=|chip| format!("{chip:?}") children=line/>
            </ul>
            <TextField id="person-chip" label="Give a chip" value=tag
                hint="Whoever had it has it no longer"/>
            <div class="row">
                <Button small=true on_press=move || give(true)>"From now on"</Button>
                <Button small=true on_press=move || give(false)>"As if always"</Button>
            </div>
        </section>
    }
}

#[component]
fn Swap(here: Here) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let others = RwSignal::new(Vec::<RosterLine>::new());
    effect(move || {
        let text = query.get();
        if text.trim().is_empty() {
            others.set(Vec::new());
            return;
        }
        let asked = RosterQuery {
            text: text.clone(),
            limit: OTHERS + 1,
            ..RosterQuery::default()
        };
        spawn_local(async move {
            let found = roster_page(here.shared.event, asked).await;
            let is_current = query.try_with_untracked(|now| *now == text) == Some(true);
            if let (Ok(page), true) = (found, is_current) {
                let me = here.person.with_untracked(|it| it.as_ref().map(|it| it.id));
                let rows = page.rows.into_iter().filter(|row| Some(row.id) != me);
                others.set(rows.take(OTHERS).collect());
            }
        });
    });
    let line = move |other: RosterLine| {
        let words = format!("{} {}", other.bib, other.name);
        view! {
            <li>
                <Button small=true icon=Glyph::Swap on_press=move || here.swap(&other)>
                    {words}
                </Button>
            </li>
        }
    };
    view! {
        <section class="person-part">
            <h3 class="sub">"Swap bibs"</h3>
            <p class="quiet">"They wear one another's bib and chip. Names stay."</p>
            <SearchBox id="person-swap" label="Swap bibs with" query=query
                placeholder="Bib or name of the other"/>
            <ul class="swap-list">
                <Each each=move || others.get() key=|other| other.id children=line/>
            </ul>
        </section>
    }
}

/// What nobody types here.
#[component]
fn Known(here: Here) -> impl IntoView {
    let registration = move || {
        let person = here.person.read();
        let id = person.as_ref()?.registration_id.clone()?;
        Some(view! { <p class="quiet">"Registration id: " {id}</p> })
    };
    let edited = move || {
        let person = here.person.read();
        let fields = &person.as_ref()?.hand_edited;
        let names: Vec<_> = fields
            .iter()
            .map(|field| field.name().replace('-', " "))
            .collect();
        (!names.is_empty()).then(|| {
            view! {
                <p class="quiet">"Edited by hand, and kept by imports: " {names.join(", ")}</p>
            }
        })
    };
    view! { <section class="person-part">{move || registration()}{move || edited()}</section> }
}

fn nobody() -> Participant {
    let id = "00000000-0000-0000-0000-000000000000".parse();
    Participant::new(id.expect("an id of zeros"))
}

fn slug(name: &str) -> String {
    name.bytes().map(|byte| format!("{byte:02x}")).collect()
}
