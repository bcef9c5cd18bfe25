//! Tags that are nobody's, and what to do about each, in its place.

use super::Shared;
use crate::{
    browser::effect,
    format::{ago, counted},
    pages::{attempt, every, opened_by},
    parts::{
        Button, ButtonKind, Dialog, DialogFoot, Each, EmptyState, Glyph, SearchBox, Skeleton,
        TextField, TextKind, When,
    },
    rpc::timing::{add_wearer, assign_tag, find_people, ignore_tags, remove_wearer, unknown_tags},
};
use leptos::{prelude::*, task::spawn_local};
use model::{
    EventId, TagRange,
    timing_view::{Exceptions, UnknownTag, Whose},
};

const LOOK_AGAIN_MS: u64 = 2_000;

#[component]
pub(super) fn Panel(shared: Shared) -> impl IntoView {
    let found = RwSignal::new(None::<Exceptions>);
    let asking = StoredValue::new(false);
    let event = shared.event;
    let look = move || {
        if asking.try_get_value() != Some(false) {
            return;
        }
        asking.set_value(true);
        spawn_local(async move {
            if let Ok(new) = unknown_tags(event).await {
                let is_new = found.try_with_untracked(|old| old.as_ref() != Some(&new));
                if is_new == Some(true) {
                    found.try_set(Some(new));
                }
            }
            asking.try_update_value(|asking| *asking = false);
        });
    };
    let is_open = Memo::new(move |_| shared.tab.with(|tab| tab == "exceptions"));
    effect(move || {
        if is_open.get() {
            look();
        }
    });
    every(LOOK_AGAIN_MS, move || {
        if is_open.try_get_untracked() == Some(true) {
            look();
        }
    });
    // The order of the first sight is kept while somebody works down the list.
    let tags = Memo::new(move |before: Option<&Vec<String>>| {
        let now = found.with(|found| match found {
            Some(found) => found.tags.iter().map(|it| it.tag.clone()).collect(),
            None => Vec::new(),
        });
        in_place(before, now)
    });
    let assigning = RwSignal::new(None::<String>);
    let ranging = RwSignal::new(false);
    let more = move || {
        let more = found.with(|found| found.as_ref().map_or(0, |found| found.more));
        (more > 0).then(|| {
            let reads = counted(more, "further read", "further reads");
            format!("{reads} of tags that are not listed: fix the chip file first.")
        })
    };
    let act = Act {
        shared,
        look: Callback::new(move |()| look()),
    };
    view! {
        <div class="group-head">
            <h2>"Tags that are nobody's"</h2>
            <Button icon=Glyph::Filter on_press=move || ranging.set(true)>
                "Ignore test tags"
            </Button>
        </div>
        <When
            holds=move || !tags.read().is_empty()
            fallback=move || view! {
                <When
                    holds=move || found.read().is_some()
                    fallback=|| view! { <Skeleton lines=3/> }
                >
                    <EmptyState icon=Glyph::Check title="Nothing needs you here"
                        text="Tags that belong to nobody are listed here. They are never on a screen."/>
                </When>
            }
        >
            <ul class="unknown-tags">
                <Each each=move || tags.get() key=|tag| tag.clone() let(tag)>
                    <Unknown act tag found assigning/>
                </Each>
            </ul>
        </When>
        <p class="quiet">{move || more()}</p>
        <Ignored act/>
        <AssignDialog act assigning/>
        <RangeDialog act open=ranging/>
    }
}

/// What was there stays where it was, what is new comes first.
fn in_place(before: Option<&Vec<String>>, now: Vec<String>) -> Vec<String> {
    let Some(before) = before else {
        return now;
    };
    let mut list: Vec<_> = now
        .iter()
        .filter(|tag| !before.contains(tag))
        .cloned()
        .collect();
    list.extend(before.iter().filter(|tag| now.contains(tag)).cloned());
    list
}

/// What is done here, and looked at afterwards.
#[derive(Clone, Copy)]
struct Act {
    shared: Shared,
    look: Callback<()>,
}

impl Act {
    fn ignore(self, first: String, last: String, ignored: bool, done: impl FnOnce() + 'static) {
        let Self { shared, look } = self;
        let which = match last.is_empty() || last == first {
            true => format!("Tag {first}"),
            false => format!("Tags {first} to {last}"),
        };
        let said = match ignored {
            true => format!("{which} ignored"),
            false => format!("{which} no longer ignored"),
        };
        let work = ignore_tags(shared.event, first, last, ignored);
        attempt(shared.toasts, work, move |deed| {
            look.run(());
            shared.did(said, deed);
            done();
        });
    }
}

#[component]
fn Unknown(
    act: Act,
    tag: String,
    found: RwSignal<Option<Exceptions>>,
    assigning: RwSignal<Option<String>>,
) -> impl IntoView {
    let now = {
        let tag = tag.clone();
        Memo::new(move |before: Option<&Option<UnknownTag>>| {
            let here = found.with(|found| {
                let mut tags = found.as_ref()?.tags.iter();
                tags.find(|it| it.tag == tag).cloned()
            });
            here.or_else(|| before.cloned().flatten())
        })
    };
    let facts = move || {
        let server_now = act.shared.live.with(|view| view.now);
        now.with(|it| {
            let Some(it) = it else {
                return String::new();
            };
            let age_ms = u64::try_from(server_now.ms_since(it.last_at)).unwrap_or(0);
            format!(
                "{} · {} · last {}",
                counted(it.reads, "read", "reads"),
                it.points.join(", "),
                ago(age_ms)
            )
        })
    };
    let (assigned, ignored) = (tag.clone(), tag.clone());
    let ignore = move || act.ignore(ignored.clone(), String::new(), true, || ());
    view! {
        <li class="unknown-tag">
            <code dir="ltr">{tag.clone()}</code>
            <span class="quiet unknown-facts" dir="auto">{move || facts()}</span>
            <span class="unknown-actions">
                <Button small=true icon=Glyph::People
                    on_press=move || assigning.set(Some(assigned.clone()))>
                    "Assign"
                </Button>
                <Button small=true on_press=ignore>"Ignore"</Button>
            </span>
        </li>
    }
}

#[component]
fn Ignored(act: Act) -> impl IntoView {
    let ranges = Memo::new(move |_| act.shared.facts.with(|facts| facts.ignored.clone()));
    let line = move |range: TagRange| {
        let shown = match range.first == range.last {
            true => range.first.clone(),
            false => format!("{} – {}", range.first, range.last),
        };
        let take_back = move || act.ignore(range.first.clone(), range.last.clone(), false, || ());
        view! {
            <li class="unknown-tag">
                <code dir="ltr">{shown}</code>
                <span class="unknown-actions">
                    <Button small=true icon=Glyph::Undo on_press=take_back>"Take back"</Button>
                </span>
            </li>
        }
    };
    view! {
        <When holds=move || !ranges.read().is_empty()>
            <h3 class="sub">"Ignored"</h3>
            <ul class="unknown-tags">
                <Each each=move || ranges.get() key=|it| it.clone() children=line/>
            </ul>
        </When>
    }
}

/// Whose a tag is: somebody on the roster, or somebody who is not on it yet.
#[component]
fn AssignDialog(act: Act, assigning: RwSignal<Option<String>>) -> impl IntoView {
    let Act { shared, look } = act;
    let event = shared.event;
    let open = opened_by(assigning);
    let text = RwSignal::new(String::new());
    let people = RwSignal::new(Vec::<Whose>::new());
    let first_name = RwSignal::new(String::new());
    let last_name = RwSignal::new(String::new());
    let bib = RwSignal::new(String::new());
    effect(move || {
        if let Some(tag) = assigning.get() {
            for field in [text, first_name, last_name] {
                field.set(String::new());
            }
            people.set(Vec::new());
            let as_bib = shared.facts.with_untracked(|facts| facts.tags_are_bibs);
            bib.set(if as_bib { tag } else { String::new() });
        }
    });
    effect(move || find(event, text.get(), text, people));
    let assign = move |person: Whose| {
        let Some(tag) = assigning.get_untracked() else {
            return;
        };
        let said = format!("Tag {tag} is {}'s ({})", person.name, person.bib);
        let work = assign_tag(event, tag, person.participant);
        attempt(shared.toasts, work, move |deed| {
            open.set(false);
            look.run(());
            shared.did(said, deed);
        });
    };
    let add = move || {
        let Some(tag) = assigning.get_untracked() else {
            return;
        };
        let (wears, toasts) = (bib.get_untracked(), shared.toasts);
        let (first, last) = (first_name.get_untracked(), last_name.get_untracked());
        let said = format!("{first} {last} added with bib {wears}");
        let needs_chip = model::fold_tag(&tag) != model::fold_tag(&wears)
            || !shared.facts.with_untracked(|facts| facts.tags_are_bibs);
        let work = async move {
            let person = add_wearer(event, wears, first, last).await?;
            if needs_chip {
                assign_tag(event, tag, person).await?;
            }
            Ok(person)
        };
        attempt(toasts, work, move |person| {
            open.set(false);
            look.run(());
            shared.reload.run(());
            toasts.done_with(said, "Undo", move || {
                attempt(toasts, remove_wearer(event, person), move |_| look.run(()));
            });
        });
    };
    let title = move || format!("Whose is tag {}?", assigning.get().unwrap_or_default());
    view! {
        <Dialog id="assign-tag" title=Signal::derive(title) open=open>
            <p class="quiet">"From now on and for what it read already, on all screens."</p>
            <SearchBox id="assign-find" label="Bib or name" query=text placeholder="Bib or name"/>
            <ul class="choices found" aria-label="Found">
                <Each each=move || people.get() key=|it| it.participant let(person)>
                    <li>
                        <Button on_press={
                            let person = person.clone();
                            move || assign(person.clone())
                        }>
                            <span class="found-bib">{person.bib.clone()}</span>
                            <span dir="auto">{person.name.clone()}</span>
                        </Button>
                    </li>
                </Each>
            </ul>
            <p class="quiet" role="status">
                {move || match (text.read().trim().is_empty(), people.read().is_empty()) {
                    (false, true) => "Nobody of that bib or name.",
                    _ => "",
                }}
            </p>
            <details class="add-person">
                <summary>"Not on the roster: add a participant"</summary>
                <form class="fields" on:submit=move |event| {
                    event.prevent_default();
                    add();
                }>
                    <TextField id="add-bib" label="Bib" kind=TextKind::Number value=bib required=true/>
                    <div class="pair">
                        <TextField id="add-first" label="First name" value=first_name/>
                        <TextField id="add-last" label="Last name" value=last_name/>
                    </div>
                    <div><Button submit=true kind=ButtonKind::Primary>"Add"</Button></div>
                </form>
            </details>
        </Dialog>
    }
}

/// The answer to what is in the field by then.
fn find(event: EventId, asked: String, text: RwSignal<String>, people: RwSignal<Vec<Whose>>) {
    if asked.trim().is_empty() {
        people.set(Vec::new());
        return;
    }
    spawn_local(async move {
        if let Ok(found) = find_people(event, asked.clone()).await
            && text.try_with_untracked(|now| *now == asked) == Some(true)
        {
            people.set(found);
        }
    });
}

#[component]
fn RangeDialog(act: Act, open: RwSignal<bool>) -> impl IntoView {
    let first = RwSignal::new(String::new());
    let last = RwSignal::new(String::new());
    effect(move || {
        if open.get() {
            first.set(String::new());
            last.set(String::new());
        }
    });
    let save = move || {
        act.ignore(
            first.get_untracked(),
            last.get_untracked(),
            true,
            move || {
                open.set(false);
            },
        );
    };
    let foot = move || view! { <DialogFoot open verb="Ignore them" on_press=save/> };
    view! {
        <Dialog id="ignore-range" title="Ignore test tags" open=open foot=foot>
            <p class="quiet">
                "Tags of the staff that are walked over the mats: they are no exceptions, and raise no alarm. Somebody who has one of them on the roster still counts."
            </p>
            <div class="pair">
                <TextField id="range-first" label="From" value=first autofocus=true required=true
                    hint="A single tag, or the first of a range"/>
                <TextField id="range-last" label="To" value=last
                    hint="Empty for a single one"/>
            </div>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_looks_at_stays_where_it_is() {
        let check = |before: &[&str], now: &[&str], expected: &[&str]| {
            let owned = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
            assert_eq!(in_place(Some(&owned(before)), owned(now)), owned(expected));
        };
        check(&["a", "b"], &["b", "a"], &["a", "b"]);
        check(&["a", "b"], &["c", "b", "a"], &["c", "a", "b"]);
        check(&["a", "b", "c"], &["c", "a"], &["a", "c"]);
        check(&[], &["b", "a"], &["b", "a"]);
    }
}
