//! The pages, one module each, and what they have in common.

mod builder;
mod displays;
mod event;
mod events;
mod login;
mod roster;
mod setup;
mod studio;
mod templates;
mod timing;
mod windows;

pub use builder::BuilderPage;
pub use displays::DisplaysPage;
pub use event::EventPage;
pub use events::EventsPage;
pub use login::LoginPage;
pub use roster::RosterPage;
pub use setup::SetupPage;
pub use studio::{OpenEvent, Studio};
pub use templates::TemplatesPage;
pub use timing::TimingPage;
pub use windows::WindowsPage;

use crate::{
    address,
    browser::effect,
    parts::{Button, ButtonKind, ButtonLink, EmptyState, Glyph, Page, Skeleton, Toasts, When},
    rpc::{RpcError, loaded},
};
use leptos::{children::ViewFn, prelude::*, task::spawn_local};
use model::{BuiltIn, EventId};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    rc::Rc,
    sync::atomic::{AtomicU64, Ordering},
};

/// In place of what could not be loaded.
#[component]
pub fn Failure(error: RpcError, #[prop(into)] on_retry: Callback<()>) -> impl IntoView {
    if let RpcError::NotFound { .. } = error {
        let what = match address::is_of_template() {
            true => "template",
            false => "event",
        };
        return view! {
            <EmptyState icon=Glyph::Warning title=format!("There is no such {what}")
                text=format!("The address may be mistyped, or the {what} is somebody else's.")>
                <ButtonLink href="/" icon=Glyph::Calendar>"All events"</ButtonLink>
            </EmptyState>
        };
    }
    view! {
        <EmptyState icon=Glyph::Warning title="This cannot be shown now" text=error.sentence()>
            <Button icon=Glyph::Refresh on_press=on_retry>"Try again"</Button>
        </EmptyState>
    }
}

/// The page of the event in the address, once what it begins with is there.
fn page_of<T, F>(
    title: &'static str,
    load: impl Fn(EventId) -> F + Send + Sync + 'static,
    body: fn(T) -> AnyView,
) -> impl IntoView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<T, RpcError>> + Send + 'static,
{
    let event = address::event();
    let first = loaded(move || {
        let asked = event.map(&load);
        async move {
            match asked {
                Some(asked) => asked.await,
                None => Err(RpcError::NotFound {
                    problem: "there is no such event".to_owned(),
                }),
            }
        }
    });
    view! {
        <Transition fallback=move || view! { <Page title><Skeleton lines=6/></Page> }>
            {move || Suspend::new(async move {
                match first.await {
                    Ok(first) => body(first),
                    Err(error) => view! {
                        <Page title><Failure error on_retry=move || first.refetch()/></Page>
                    }
                    .into_any(),
                }
            })}
        </Transition>
    }
}

/// What is no longer in use, behind a button. `words` are the button's: for so many that it shows,
/// or to hide them.
fn over(
    count: impl Fn() -> usize + Copy + Send + Sync + 'static,
    words: fn(Option<usize>) -> String,
    content: ViewFn,
) -> AnyView {
    let shows = RwSignal::new(false);
    let content = StoredValue::new(content);
    view! {
        <When holds=move || count() != 0>
            <section class="over">
                <Button
                    kind=ButtonKind::Quiet
                    on_press=move || shows.update(|shows| *shows = !*shows)
                >
                    {move || words((!shows.get()).then(count))}
                </Button>
                <When holds=move || shows.get()>{content.with_value(ViewFn::run)}</When>
            </section>
        </When>
    }
    .into_any()
}

/// What a built-in one is called on screen.
pub const fn built_in_words(built_in: BuiltIn) -> &'static str {
    match built_in {
        BuiltIn::FinishWide => "Finish, wide",
        BuiltIn::FinishTall => "Finish, tall",
        BuiltIn::BigType => "Big type",
        BuiltIn::Arrivals => "Arrivals",
        BuiltIn::StartWelcome => "Start welcome",
        BuiltIn::Cheer => "Cheer",
        BuiltIn::Clock => "Race clock",
        BuiltIn::LedStrip => "LED strip",
    }
}

/// Does something on the server; what goes wrong is told in a toast.
pub fn attempt<T: 'static>(
    toasts: Toasts,
    work: impl Future<Output = Result<T, RpcError>> + 'static,
    done: impl FnOnce(T) + 'static,
) {
    spawn_local(async move {
        match work.await {
            Ok(value) => {
                toasts.answered();
                done(value);
            }
            Err(error) => failed(toasts, &error),
        }
    });
}

fn failed(toasts: Toasts, error: &RpcError) {
    match error {
        RpcError::Away => toasts.away(error.sentence()),
        _ => {
            toasts.answered();
            toasts.error(error.sentence());
        }
    }
}

/// A box to tick or a field, where a dialog has one for each of several things: made when it opens,
/// and another one when it opens again, also for the same thing.
#[derive(Clone)]
pub struct Blank<T> {
    /// Outlives the run of the effect that made it.
    pub value: ArcRwSignal<T>,
    /// For the list of them: no other has it.
    pub key: u64,
}

impl<T: Send + Sync + 'static> Blank<T> {
    /// With what stands in it at first.
    pub fn new(value: T) -> Self {
        static KEYS: AtomicU64 = AtomicU64::new(0);
        Self {
            value: ArcRwSignal::new(value),
            key: KEYS.fetch_add(1, Ordering::Relaxed),
        }
    }
}

impl<T: Clone + 'static> Blank<T> {
    pub fn get(&self) -> T {
        self.value.get_untracked()
    }
}

/// What is wrong with the form of a dialog: told at the field that it is about, else below.
#[derive(Clone, Copy)]
pub struct Wrong {
    error: RwSignal<Option<RpcError>>,
    /// Those that tell it themselves.
    fields: &'static [&'static str],
}

impl Wrong {
    pub fn new(fields: &'static [&'static str]) -> Self {
        let error = RwSignal::new(None);
        Self { error, fields }
    }

    pub fn clear(self) {
        self.error.set(None);
    }

    pub fn say(self, error: RpcError) {
        self.error.try_set(Some(error));
    }

    /// For what the page sees before the server does.
    pub fn say_of(self, field: &str, problem: &str) {
        self.say(RpcError::invalid(field, problem));
    }

    pub fn at(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            is_about(self.error.into(), field)?;
            self.error.read().as_ref().map(RpcError::sentence)
        })
    }

    pub fn below(self) -> Signal<Option<RpcError>> {
        Signal::derive(move || {
            let error = self.error.get()?;
            let is_shown = error
                .field()
                .is_some_and(|field| self.fields.contains(&field));
            (!is_shown).then_some(error)
        })
    }
}

/// Sends the form of a dialog; what the server does not take is told in it.
pub fn send<T: 'static>(
    wrong: Wrong,
    work: impl Future<Output = Result<T, RpcError>> + 'static,
    done: impl FnOnce(T) + 'static,
) {
    wrong.clear();
    spawn_local(async move {
        match work.await {
            Ok(value) => done(value),
            Err(error) => wrong.say(error),
        }
    });
}

/// What asks again for something that a page shows, and shows the answer where it is another. What
/// cannot be asked now stays as it was: the frame tells that the server is away.
pub fn look_again<T, A>(
    shown: RwSignal<T>,
    ask: impl Fn() -> A + Send + Sync + 'static,
) -> Callback<()>
where
    T: PartialEq + Send + Sync + 'static,
    A: Future<Output = Result<T, RpcError>> + 'static,
{
    let looks = StoredValue::new(Looks::default());
    Callback::new(move |()| {
        // The page may be gone.
        let Some(look) = looks.try_update_value(Looks::begin) else {
            return;
        };
        let answer = ask();
        spawn_local(async move {
            if let Ok(new) = answer.await
                && looks.try_update_value(|looks| looks.takes(look)) == Some(true)
                && shown.try_with_untracked(|old| *old != new) == Some(true)
            {
                shown.try_set(new);
            }
        });
    })
}

/// Looks of which several may be on their way. An answer that comes after that of a later look
/// would bring back what was there before.
#[derive(Default)]
struct Looks {
    begun: u32,
    taken: u32,
}

impl Looks {
    fn begin(&mut self) -> u32 {
        self.begun += 1;
        self.begun
    }

    fn takes(&mut self, look: u32) -> bool {
        let is_newer = self.taken < look;
        if is_newer {
            self.taken = look;
        }
        is_newer
    }
}

/// Does something again and again in the browser, as long as the page is there.
pub fn every(ms: u64, work: impl Fn() + 'static) {
    // Nothing of it is kept on the server, where pages move from thread to thread.
    let work = Rc::new(work);
    effect(move || {
        let work = Rc::clone(&work);
        let pause = std::time::Duration::from_millis(ms);
        let timer = set_interval_with_handle(move || work(), pause);
        if let Ok(timer) = timer {
            on_cleanup(move || timer.clear());
        }
    });
}

/// What went wrong with a form, said aloud as soon as it is there.
#[component]
fn Problem(#[prop(into)] error: Signal<Option<RpcError>>) -> impl IntoView {
    let text = move || error.with(|error| error.as_ref().map(RpcError::sentence));
    view! {
        <p class="problem" id="problem" role="alert" hidden=move || error.with(Option::is_none)>
            {move || text()}
        </p>
    }
}

/// Whether the problem is that of the field.
fn is_about(error: Signal<Option<RpcError>>, field: &'static str) -> Option<&'static str> {
    error.with(|error| {
        let about = error.as_ref().and_then(RpcError::field);
        (about == Some(field)).then_some("true")
    })
}

/// A dialog's switch that follows what it is about: open while there is something, and nothing
/// once it is closed.
pub fn opened_by<T: Clone + Send + Sync + 'static>(which: RwSignal<Option<T>>) -> RwSignal<bool> {
    let open = RwSignal::new(false);
    effect(move || {
        if which.read().is_some() {
            open.set(true);
        }
    });
    effect(move || {
        if !open.get() && which.read_untracked().is_some() {
            which.set(None);
        }
    });
    open
}
