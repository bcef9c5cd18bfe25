//! The displays of an event: made, handed out, watched, and switched off.

mod address;
mod card;
mod create;
mod dialogs;
mod edit;
mod messages;
mod turns;

use crate::{
    browser::effect,
    pages::{Failure, OpenEvent, every, of_event},
    parts::{Button, ButtonKind, ButtonLink, Each, EmptyState, Glyph, Page, Skeleton, When},
    rpc::{
        displays::{DisplayRow, DisplayState, DisplaysView, displays},
        messages::messages as messages_of,
    },
};
use leptos::{prelude::*, task::spawn_local};
use model::{DisplayId, EventId, PoolMessage};

/// Screens come and go, and addresses change, so the page looks again.
const LOOK_AGAIN_MS: u64 = 2_000;

#[component]
pub fn DisplaysPage() -> impl IntoView {
    let first = of_event(displays);
    let pool = of_event(messages_of);
    view! {
        <Transition fallback=|| view! { <Page title="Displays"><Skeleton lines=6/></Page> }>
            {move || Suspend::new(async move {
                match (first.await, pool.await) {
                    (Ok(first), Ok(messages)) => view! { <Body first messages/> }.into_any(),
                    (Err(error), _) | (_, Err(error)) => view! {
                        <Page title="Displays">
                            <Failure error on_retry=move || {
                                first.refetch();
                                pool.refetch();
                            }/>
                        </Page>
                    }
                    .into_any(),
                }
            })}
        </Transition>
    }
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Shared {
    id: EventId,
    view: RwSignal<DisplaysView>,
    /// What the addresses begin with: `http://192.0.2.7:8080`.
    base: Signal<String>,
    /// Looks again at once.
    reload: Callback<()>,
    open: dialogs::Open,
}

impl Shared {
    fn row(self, id: DisplayId) -> Option<DisplayRow> {
        self.view.with(|view| {
            let mut rows = view.displays.iter();
            rows.find(|row| row.id == id).cloned()
        })
    }

    fn address(self, row: &DisplayRow) -> String {
        format!("{}/d/{}", self.base.get(), row.code)
    }
}

/// What a display is called: by its name, else by what it shows.
fn title_of(row: &DisplayRow) -> String {
    match row.name.as_str() {
        "" => row.points.join(", "),
        name => name.to_owned(),
    }
}

fn is_running(row: &DisplayRow) -> bool {
    matches!(row.state, DisplayState::Running { .. })
}

#[component]
fn Body(first: DisplaysView, messages: Vec<PoolMessage>) -> impl IntoView {
    let id = first.event.id;
    let view = RwSignal::new(first);
    let load = move || {
        spawn_local(async move {
            // What cannot be asked now stays as it was; the frame tells that the server is away.
            if let Ok(new) = displays(id).await
                && view.try_with_untracked(|old| *old != new) == Some(true)
            {
                view.try_set(new);
            }
        });
    };
    let choice = address::Choice::new(view);
    let shared = Shared {
        id,
        view,
        base: choice.base,
        reload: Callback::new(move |()| load()),
        open: dialogs::Open::new(),
    };
    let OpenEvent(open) = expect_context();
    effect(move || open.set(Some(view.with(|view| view.event.clone()))));
    every(LOOK_AGAIN_MS, load);
    let creating = RwSignal::new(false);
    let actions = move || {
        view! {
            <Button kind=ButtonKind::Primary icon=Glyph::Plus on_press=move || creating.set(true)>
                "New display"
            </Button>
        }
    };
    view! {
        <Page
            title="Displays"
            lead="A display is an address. Any television, laptop or phone that opens it shows it."
            actions=actions
        >
            <address::Addresses choice/>
            <List shared creating/>
            <messages::Messages shared first=messages/>
            <p class="note">
                "For a screen that has to start while the server is away, put "
                <a href="/player.html" download="gantry-player.html">"the player in one file"</a>
                " on a USB stick and open it there. It asks for the display's address once."
            </p>
            <create::CreateDialog shared open=creating/>
            <dialogs::Dialogs shared/>
        </Page>
    }
}

#[component]
fn List(shared: Shared, creating: RwSignal<bool>) -> impl IntoView {
    let ids = move |running: bool| {
        Memo::new(move |_| {
            shared.view.with(|view| {
                let rows = view.displays.iter();
                let rows = rows.filter(|row| is_running(row) == running);
                rows.map(|row| row.id).collect::<Vec<_>>()
            })
        })
    };
    let (running, over) = (ids(true), ids(false));
    let has_stream = Memo::new(move |_| shared.view.with(|view| !view.streams.is_empty()));
    let shows_over = RwSignal::new(false);
    let cards = move |ids: Memo<Vec<DisplayId>>| {
        view! {
            <ul class="displays">
                <Each each=move || ids.get() key=|id| *id let(id)>
                    {shared.row(id).map(|first| view! { <card::Card shared first/> })}
                </Each>
            </ul>
        }
    };
    view! {
        <When holds=move || running.read().is_empty()>
            <When
                holds=move || has_stream.get()
                fallback=move || view! {
                    <EmptyState
                        icon=Glyph::Mat
                        title="No timing data yet"
                        text="A display shows what a stream brings. Connect the timing first."
                    >
                        <ButtonLink
                            kind=ButtonKind::Primary
                            icon=Glyph::Mat
                            href=format!("/events/{}/timing", shared.id)
                        >
                            "Go to Timing"
                        </ButtonLink>
                    </EmptyState>
                }
            >
                <EmptyState
                    icon=Glyph::Screen
                    title="No display is on"
                    text="Make one, open its address on any screen, and see who crosses the mats."
                >
                    <Button
                        kind=ButtonKind::Primary
                        icon=Glyph::Plus
                        on_press=move || creating.set(true)
                    >
                        "New display"
                    </Button>
                </EmptyState>
            </When>
        </When>
        {cards(running)}
        <When holds=move || !over.read().is_empty()>
            <section class="over">
                <Button
                    kind=ButtonKind::Quiet
                    on_press=move || shows_over.update(|shows| *shows = !*shows)
                >
                    {move || match (shows_over.get(), over.read().len()) {
                        (true, _) => "Hide those that are over".to_owned(),
                        (false, 1) => "Show 1 that is over".to_owned(),
                        (false, count) => format!("Show {count} that are over"),
                    }}
                </Button>
                <When holds=move || shows_over.get()>{cards(over)}</When>
            </section>
        </When>
    }
}
