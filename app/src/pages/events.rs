//! All events of a partner: today's first.

use crate::{
    address::go_to,
    pages::{Failure, Problem, Wrong, attempt, send},
    parts::{
        Badge, Button, ButtonKind, Dialog, DialogFoot, EmptyState, Glyph, Menu, MenuItem, Page,
        Skeleton, TextField, TextKind, Tone, use_toasts,
    },
    rpc::{
        event::{EventForm, EventRow, When, archive_event, create_event, events, update_event},
        loaded,
    },
};
use leptos::prelude::*;

#[component]
pub fn EventsPage() -> impl IntoView {
    let list = loaded(events);
    let shows_archived = RwSignal::new(false);
    let form = EventDialog::new(Callback::new(move |()| list.refetch()));
    let actions = move || {
        view! {
            <Button kind=ButtonKind::Primary icon=Glyph::Plus on_press=move || form.begin()>
                "New event"
            </Button>
        }
    };
    view! {
        <Page title="Events" actions=actions>
            <Transition fallback=|| view! { <Skeleton lines=4/> }>
                {move || Suspend::new(async move {
                    match list.await {
                        Err(error) => {
                            view! { <Failure error on_retry=move || list.refetch()/> }.into_any()
                        }
                        Ok(rows) if rows.is_empty() => no_event(form).into_any(),
                        Ok(rows) => {
                            let on_change = move || list.refetch();
                            view! { <List rows shows_archived form on_change/> }.into_any()
                        }
                    }
                })}
            </Transition>
            {form.view()}
        </Page>
    }
}

fn no_event(form: EventDialog) -> impl IntoView {
    view! {
        <EmptyState
            icon=Glyph::Calendar
            title="No event yet"
            text="An event is a race weekend: its races, its roster, its mats and its screens."
        >
            <Button kind=ButtonKind::Primary icon=Glyph::Plus on_press=move || form.begin()>
                "New event"
            </Button>
        </EmptyState>
    }
}

#[component]
fn List(
    rows: Vec<EventRow>,
    shows_archived: RwSignal<bool>,
    form: EventDialog,
    #[prop(into)] on_change: Callback<()>,
) -> impl IntoView {
    let archived = rows.iter().filter(|row| row.archived).count();
    let rows = StoredValue::new(rows);
    let section = move |title: &'static str, which: fn(&EventRow) -> bool| {
        let rows: Vec<_> =
            rows.with_value(|rows| rows.iter().filter(|row| which(row)).cloned().collect());
        (!rows.is_empty()).then(|| {
            let cards = rows
                .into_iter()
                .map(|row| view! { <Card row form on_change/> })
                .map(IntoAny::into_any)
                .collect_view();
            view! {
                <section class="group">
                    <h2>{title}</h2>
                    <ul class="event-list">{cards}</ul>
                </section>
            }
        })
    };
    view! {
        {section("Today", |row| !row.archived && row.when == When::Today)}
        {section("Ahead", |row| !row.archived && row.when == When::Ahead)}
        {section("Past", |row| !row.archived && row.when == When::Past)}
        {move || shows_archived.get().then(|| section("Archived", |row| row.archived))}
        {(archived > 0).then(|| view! {
            <Button kind=ButtonKind::Quiet on_press=move || shows_archived.update(|on| *on = !*on)>
                {move || if shows_archived.get() {
                    "Hide archived".to_owned()
                } else {
                    format!("Show {archived} archived")
                }}
            </Button>
        })}
    }
}

#[component]
fn Card(row: EventRow, form: EventDialog, on_change: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let (id, archived) = (row.id, row.archived);
    let set_archived = move |archived: bool| {
        attempt(toasts, archive_event(id, archived), move |()| {
            on_change.run(());
        });
    };
    let archive = move || {
        set_archived(!archived);
        if !archived {
            toasts.done_with("Event archived", "Undo", move || set_archived(false));
        }
    };
    let edit = {
        let row = row.clone();
        move || form.edit(&row)
    };
    let items = vec![
        MenuItem::action("Edit", edit).icon(Glyph::Edit),
        MenuItem::action(if archived { "Put back" } else { "Archive" }, archive)
            .icon(Glyph::Archive),
    ];
    view! {
        <li class="event-card" class:is-archived=archived>
            <a class="event-link" href=format!("/events/{id}")>
                <span class="event-name" dir="auto">{row.name}</span>
                <span class="event-facts">{row.date} " · " {row.timezone.replace('_', " ")}</span>
            </a>
            {(row.when == When::Today && !archived).then(|| view! {
                <Badge tone=Tone::Good>"today"</Badge>
            })}
            <Menu id=format!("event-{id}") label="What to do with this event" items/>
        </li>
    }
}

/// The form for a new event or one that is there.
#[derive(Clone, Copy)]
pub struct EventDialog {
    open: RwSignal<bool>,
    edited: RwSignal<Option<EventRow>>,
    name: RwSignal<String>,
    date: RwSignal<String>,
    timezone: RwSignal<String>,
    wrong: Wrong,
    busy: RwSignal<bool>,
    on_saved: Callback<()>,
}

impl EventDialog {
    pub fn new(on_saved: Callback<()>) -> Self {
        Self {
            open: RwSignal::new(false),
            edited: RwSignal::new(None),
            name: RwSignal::default(),
            date: RwSignal::default(),
            timezone: RwSignal::default(),
            wrong: Wrong::new(&["name", "date", "timezone"]),
            busy: RwSignal::new(false),
            on_saved,
        }
    }

    fn begin(self) {
        self.edited.set(None);
        self.name.set(String::new());
        self.date.set(crate::browser::today());
        self.timezone.set(crate::browser::timezone());
        self.wrong.clear();
        self.open.set(true);
    }

    pub fn edit(self, row: &EventRow) {
        self.edited.set(Some(row.clone()));
        self.name.set(row.name.clone());
        self.date.set(row.date.clone());
        self.timezone.set(row.timezone.clone());
        self.wrong.clear();
        self.open.set(true);
    }

    pub fn view(self) -> impl IntoView {
        let title = move || match self.edited.get() {
            None => "New event".to_owned(),
            Some(row) => format!("Edit {}", row.name),
        };
        let save = move || {
            let form = EventForm {
                name: self.name.get(),
                date: self.date.get(),
                timezone: self.timezone.get(),
            };
            self.busy.set(true);
            let edited = self.edited.get();
            let work = async move {
                let done = match &edited {
                    None => create_event(form).await.map(Some),
                    Some(row) => update_event(row.id, form).await.map(|()| None),
                };
                self.busy.set(false);
                done
            };
            send(self.wrong, work, move |made| {
                self.open.set(false);
                self.on_saved.run(());
                if let Some(id) = made {
                    go_to(&format!("/events/{id}"));
                }
            });
        };
        let verb = Signal::derive(move || {
            if self.edited.get().is_some() {
                "Save"
            } else {
                "Create event"
            }
        });
        let foot = move || view! { <DialogFoot open=self.open verb busy=self.busy on_press=save/> };
        view! {
            <Dialog id="event-form" title=Signal::derive(title) open=self.open foot=foot>
                <TextField id="event-name" label="Name" value=self.name autofocus=true
                    error=self.wrong.at("name") hint="As it is on the banner" required=true/>
                <TextField id="event-date" label="Date" kind=TextKind::Date value=self.date
                    error=self.wrong.at("date") required=true/>
                <TextField id="event-zone" label="Time zone" value=self.timezone required=true
                    error=self.wrong.at("timezone") hint="Where the race is, such as America/New_York"/>
                <Problem error=self.wrong.below()/>
            </Dialog>
        }
    }
}
