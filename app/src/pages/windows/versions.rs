//! The saved states of the template: listed, named, seen beside the draft, and gone back to.

use super::{
    Around,
    messages::{Ask, ask},
};
use crate::{
    browser::effect,
    pages::{Problem, Wrong, send},
    parts::{Button, ButtonKind, Dialog, Each, EmptyState, Glyph, Skeleton, TextField, When},
    rpc::versions::{
        ComparisonView, VersionRow, compare_version, keep_version, name_version, version_document,
        versions,
    },
};
use editor::Panel;
use leptos::{prelude::*, task::spawn_local};
use render::style::percent_encoded;

/// What the parts of the dialog share.
#[derive(Clone, Copy)]
struct Shared {
    around: Around,
    open: RwSignal<bool>,
    found: RwSignal<Option<Vec<VersionRow>>>,
    chosen: RwSignal<Option<u32>>,
    comparison: RwSignal<Option<ComparisonView>>,
    /// Of the questions for comparisons the last: a save asks anew, and answers may overtake.
    asked: StoredValue<u32>,
    /// Which scene of which canvas the pictures show.
    scene: RwSignal<String>,
    layout: RwSignal<String>,
    busy: RwSignal<bool>,
    wrong: Wrong,
}

#[component]
pub(super) fn Versions(around: Around) -> impl IntoView {
    let shared = Shared {
        around,
        open: around.opens(Panel::Versions),
        found: RwSignal::new(None),
        chosen: RwSignal::new(None),
        comparison: RwSignal::new(None),
        asked: StoredValue::new(0),
        scene: RwSignal::new(String::new()),
        layout: RwSignal::new(String::new()),
        busy: RwSignal::new(false),
        wrong: Wrong::new(&["name"]),
    };
    effect(move || {
        if shared.open.get() {
            shared.found.set(None);
            shared.chosen.set(None);
            shared.wrong.clear();
            // What is being typed belongs to the draft that the versions are held against.
            ask(&Ask::Save);
            shared.load();
        }
    });
    let revision = Memo::new(move |_| around.draft.read().revision);
    effect(move || {
        // With what is saved since. Read, as a memo that nobody has read yet tells nobody.
        revision.get();
        shared.comparison.set(None);
        if let Some(number) = shared.chosen.get() {
            shared.compare(number);
        }
    });
    let is_empty = move || shared.found.read().as_ref().is_some_and(Vec::is_empty);
    let below = shared.wrong.below();
    let is_loading = move || shared.found.read().is_none() && below.with(Option::is_none);
    view! {
        <Dialog id="versions" title="Versions" open=shared.open wide=true>
            {shared.keep()}
            <When holds=is_loading><Skeleton lines=4/></When>
            <When holds=is_empty>
                <EmptyState
                    icon=Glyph::Clock
                    title="No version yet"
                    text="A version is made when you publish, when you keep one here, and by itself
                        before changes that come ten minutes or more after the last one."
                />
            </When>
            <div class="versions">
                {shared.list()}
                <When holds=move || shared.chosen.read().is_some()>{shared.beside()}</When>
            </div>
            <Problem error=below/>
        </Dialog>
    }
    .into_any()
}

impl Shared {
    fn load(self) {
        spawn_local(async move {
            match versions(self.around.event, self.around.template).await {
                Ok(rows) => {
                    if self.chosen.try_get_untracked() == Some(None) {
                        self.chosen.set(rows.first().map(|row| row.number));
                    }
                    self.found.try_set(Some(rows));
                }
                Err(error) => self.wrong.say(error),
            }
        });
    }

    fn compare(self, number: u32) {
        self.asked.update_value(|asked| *asked += 1);
        let asked = self.asked.get_value();
        spawn_local(async move {
            let compared = compare_version(self.around.template, number).await;
            if self.asked.try_get_value() != Some(asked) {
                return;
            }
            match compared {
                Ok(view) => {
                    self.look_at(&view);
                    self.comparison.set(Some(view));
                }
                Err(error) => self.wrong.say(error),
            }
        });
    }

    /// What was looked at last, else what the canvas shows.
    fn look_at(self, view: &ComparisonView) {
        let draft = self.around.draft.get_untracked();
        let sizes: Vec<String> = view.layouts.iter().map(|it| size(*it)).collect();
        keep_among(self.layout, &sizes, draft.canvas.map(size));
        keep_among(self.scene, &view.scenes, Some(draft.scene));
    }

    fn row(self) -> Option<VersionRow> {
        let number = self.chosen.get()?;
        let found = self.found.read();
        let mut rows = found.iter().flatten();
        rows.find(|row| row.number == number).cloned()
    }

    /// Keeps the draft under a name, and publishes nothing.
    fn keep(self) -> AnyView {
        let name = RwSignal::new(String::new());
        let keep = move || {
            let (template, name_now) = (self.around.template, name.get_untracked());
            let work = async move {
                self.around.saved().await?;
                keep_version(template, name_now).await
            };
            send(self.wrong, work, move |number| {
                name.set(String::new());
                self.chosen.set(Some(number));
                self.load();
                ask(&Ask::Say(format!("Version {number} is kept.")));
            });
        };
        view! {
            <form
                class="versions-keep"
                on:submit=move |event| {
                    event.prevent_default();
                    keep();
                }
            >
                <TextField
                    id="version-name"
                    label="Keep the draft as"
                    placeholder="Its name"
                    value=name
                    error=self.wrong.at("name")
                />
                <Button submit=true>"Keep"</Button>
            </form>
        }
        .into_any()
    }

    fn list(self) -> AnyView {
        let rows = move || self.found.get().unwrap_or_default();
        view! {
            <ul class="versions-list" aria-label="Versions">
                <Each each=rows key=|row| (row.number, row.name.clone(), row.on.clone()) let(row)>
                    {self.line(row)}
                </Each>
            </ul>
        }
        .into_any()
    }

    fn line(self, row: VersionRow) -> AnyView {
        let number = row.number;
        let title = title(&row);
        let on =
            (!row.on.is_empty()).then(|| view! { <span class="on" dir="auto">{row.on}</span> });
        view! {
            <li>
                <button
                    type="button"
                    class="version"
                    aria-current=move || (self.chosen.get() == Some(number)).then_some("true")
                    on:click=move |_| self.chosen.set(Some(number))
                >
                    <span class="version-name" dir="auto">{title}</span>
                    <span class="quiet">{row.facts}</span>
                    {on}
                </button>
            </li>
        }
        .into_any()
    }

    /// The chosen one beside the draft.
    fn beside(self) -> AnyView {
        let words = move || self.row().as_ref().map(title).unwrap_or_default();
        view! {
            <section class="version-beside" aria-label="Compared">
                <div class="version-choices">
                    {self.choice("Scene", self.scene, |view| {
                        view.scenes.iter().map(|name| (name.clone(), name.clone())).collect()
                    })}
                    {self.choice("Canvas", self.layout, |view| {
                        let layouts = view.layouts.iter();
                        let words = |(width, height): &(u32, u32)| format!("{width} × {height}");
                        layouts.map(|it| (size(*it), words(it))).collect()
                    })}
                </div>
                <div class="version-pictures">
                    {self.picture(Box::new(words), true)}
                    {self.picture(Box::new(|| "The draft".to_owned()), false)}
                </div>
                {self.differences()}
                {self.deeds()}
            </section>
        }
        .into_any()
    }

    fn choice(
        self,
        words: &'static str,
        value: RwSignal<String>,
        of: fn(&ComparisonView) -> Vec<(String, String)>,
    ) -> AnyView {
        let all = move || self.comparison.read().as_ref().map(of).unwrap_or_default();
        let options = move || {
            let option = |(name, words): (String, String)| {
                let is_here = value.get_untracked() == name;
                view! { <option value=name selected=is_here>{words}</option> }.into_any()
            };
            all().into_iter().map(option).collect_view()
        };
        view! {
            <label class="slot">
                <span class="slot-label">{words}</span>
                <select
                    aria-label=words
                    on:change:target=move |event| value.set(event.target().value())
                >
                    {options}
                </select>
            </label>
        }
        .into_any()
    }

    /// Another frame each time: one that goes elsewhere would be a step of the browser's history.
    fn picture(self, words: Box<dyn Fn() -> String + Send + Sync>, of_version: bool) -> AnyView {
        let frame = move || {
            let (scene, layout) = (self.scene.get(), self.layout.get());
            let version = match of_version {
                true => format!("version={}", self.chosen.get().unwrap_or_default()),
                // The address tells what is saved since from what was there before.
                false => format!("draft={}", self.around.draft.read().revision),
            };
            if self.comparison.read().is_none() {
                return String::new();
            }
            // Nothing in it that would have to be escaped.
            format!(
                "<iframe src=\"/canvas/picture/{}?{version}&amp;scene={}&amp;layout={}\" \
                 title=\"Picture of the template\" tabindex=\"-1\" aria-hidden=\"true\"></iframe>",
                self.around.template,
                percent_encoded(&scene),
                percent_encoded(&layout),
            )
        };
        let ratio = move || format!("--ratio: {}", self.layout.get().replace('x', " / "));
        view! {
            <figure>
                <div class="version-picture" style=ratio inner_html=frame></div>
                <figcaption dir="auto">{words}</figcaption>
            </figure>
        }
        .into_any()
    }

    fn differences(self) -> AnyView {
        let lines = move || {
            let comparison = self.comparison.get()?;
            if comparison.places.is_empty() {
                let words = "There is no difference.";
                return Some(view! { <p class="quiet">{words}</p> }.into_any());
            }
            let places = comparison.places.into_iter().map(|place| {
                let lines = place.lines.into_iter();
                let lines = lines.map(|line| view! { <li dir="auto">{line}</li> }.into_any());
                let title = (!place.title.is_empty()).then(|| view! { <h4>{place.title}</h4> });
                view! { {title}<ul>{lines.collect_view()}</ul> }.into_any()
            });
            let more = (comparison.more > 0)
                .then(|| view! { <p class="quiet">{format!("and {} more", comparison.more)}</p> });
            let places = places.collect_view();
            Some(
                view! {
                    <h3>"What restoring it does"</h3>
                    <div class="version-differences">{places}{more}</div>
                }
                .into_any(),
            )
        };
        view! { <div>{lines}</div> }.into_any()
    }

    /// What can be done with the chosen one.
    fn deeds(self) -> AnyView {
        let (naming, name) = (RwSignal::new(false), RwSignal::new(String::new()));
        effect(move || {
            self.chosen.track();
            naming.set(false);
        });
        let begin = move || {
            let row = untrack(|| self.row());
            name.set(row.map(|row| row.name).unwrap_or_default());
            naming.set(true);
        };
        let give = move || {
            let Some(number) = self.chosen.get_untracked() else {
                return;
            };
            let work = name_version(self.around.template, number, name.get_untracked());
            send(self.wrong, work, move |()| {
                naming.set(false);
                self.load();
            });
        };
        let restore = move || {
            let Some(number) = self.chosen.get_untracked() else {
                return;
            };
            self.busy.set(true);
            let id = self.around.template;
            let work = async move {
                let document = version_document(id, number).await;
                self.busy.try_set(false);
                document
            };
            send(self.wrong, work, move |document| {
                self.open.set(false);
                ask(&Ask::Replace {
                    document,
                    said: format!("The draft is as version {number} was."),
                });
            });
        };
        let is_same = move || {
            let comparison = self.comparison.read();
            comparison.as_ref().is_none_or(|it| it.places.is_empty())
        };
        let named = move || self.row().is_some_and(|row| !row.name.is_empty());
        view! {
            <When holds=move || naming.get()>
                <form
                    class="versions-keep"
                    on:submit=move |event| {
                        event.prevent_default();
                        give();
                    }
                >
                    <TextField
                        id="version-rename"
                        label="Name of the version"
                        value=name
                        autofocus=true
                    />
                    <Button submit=true>"Name it"</Button>
                </form>
            </When>
            <div class="row">
                <Button on_press=begin>
                    {move || if named() { "Rename…" } else { "Name this version…" }}
                </Button>
                <Button
                    kind=ButtonKind::Primary
                    icon=Glyph::Undo
                    busy=self.busy
                    disabled=Signal::derive(is_same)
                    on_press=restore
                >
                    "Restore"
                </Button>
            </div>
        }
        .into_any()
    }
}

fn title(row: &VersionRow) -> String {
    match &*row.name {
        "" => format!("Version {}", row.number),
        name => format!("{}: {name}", row.number),
    }
}

/// As addresses of pictures have it.
fn size((width, height): (u32, u32)) -> String {
    format!("{width}x{height}")
}

/// One of `all`: the one it is, else `first`, else the first of them.
fn keep_among(value: RwSignal<String>, all: &[String], first: Option<String>) {
    if value.with_untracked(|value| all.contains(value)) {
        return;
    }
    let first = first.filter(|first| all.contains(first));
    if let Some(name) = first.or_else(|| all.first().cloned()) {
        value.set(name);
    }
}
