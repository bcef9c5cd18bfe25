//! The templates: those that come with Gantry and the partner's own, each as it looks.

mod create;

use crate::{
    browser::effect,
    format::ago,
    pages::{OpenEvent, attempt, built_in_words, over, page_of},
    parts::{
        Button, ButtonKind, Each, EmptyState, Glyph, Menu, MenuItem, Page, SearchBox, When,
        use_toasts,
    },
    rpc::templates::{OwnTemplate, TemplatesView, archive_template, templates},
};
use create::{CreateDialog, RenameDialog};
use leptos::{prelude::*, task::spawn_local};
use model::{BuiltIn, EventId, TemplateId};

#[component]
pub fn TemplatesPage() -> impl IntoView {
    page_of("Templates", templates, |first| {
        view! { <Body first/> }.into_any()
    })
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Shared {
    event: EventId,
    view: RwSignal<TemplatesView>,
    reload: Callback<()>,
    /// What a new template is to begin as, while somebody is asked for its name.
    begins: RwSignal<Option<create::Begins>>,
    renames: RwSignal<Option<TemplateId>>,
}

impl Shared {
    fn own(self, id: TemplateId) -> Option<OwnTemplate> {
        self.view.with(|view| {
            let mut own = view.own.iter();
            own.find(|one| one.id == id).cloned()
        })
    }
}

#[component]
fn Body(first: TemplatesView) -> impl IntoView {
    let event = first.event.id;
    let view = RwSignal::new(first);
    let reload = Callback::new(move |()| {
        spawn_local(async move {
            if let Ok(new) = templates(event).await {
                view.try_set(new);
            }
        });
    });
    let shared = Shared {
        event,
        view,
        reload,
        begins: RwSignal::new(None),
        renames: RwSignal::new(None),
    };
    let OpenEvent(open) = expect_context();
    effect(move || open.set(Some(view.with(|view| view.event.clone()))));
    let search = RwSignal::new(String::new());
    let own = move |archived: bool| {
        Memo::new(move |_| {
            let wanted = search.get().trim().to_lowercase();
            view.with(|view| {
                let own = view.own.iter().filter(|one| one.archived == archived);
                let found = own.filter(|one| one.name.to_lowercase().contains(&wanted));
                found.map(|one| one.id).collect::<Vec<_>>()
            })
        })
    };
    let (used, archived) = (own(false), own(true));
    let has_own = move || view.with(|view| view.own.iter().any(|one| !one.archived));
    let actions = move || {
        view! {
            <Button
                kind=ButtonKind::Primary
                icon=Glyph::Plus
                on_press=move || shared.begins.set(Some(create::Begins::Blank))
            >
                "New template"
            </Button>
        }
    };
    let cards = move |ids: Memo<Vec<TemplateId>>| {
        view! {
            <ul class="templates">
                <Each each=move || ids.get() key=|id| *id let(id)>
                    {shared.own(id).map(|first| own_card(shared, first))}
                </Each>
            </ul>
        }
    };
    let built_in = BuiltIn::ALL
        .into_iter()
        .map(move |it| built_in_card(shared, it));
    view! {
        <Page
            title="Templates"
            lead="What displays look like. Change one of ours, or begin with an empty canvas."
            actions=actions
        >
            <When holds=has_own>
                <SearchBox id="search-templates" label="Search your templates" query=search/>
            </When>
            <h2>"Yours"</h2>
            <When
                holds=has_own
                fallback=|| view! {
                    <EmptyState
                        icon=Glyph::Template
                        title="No template of your own yet"
                        text="Choose one below that comes near to what you want, and change it."
                    />
                }
            >
                <When holds=move || used.read().is_empty()>
                    <p class="quiet">"None of them is called that."</p>
                </When>
                {cards(used)}
            </When>
            {over(
                move || archived.read().len(),
                |count| match count {
                    None => "Hide the archived ones".to_owned(),
                    Some(count) => format!("Show {count} archived"),
                },
                (move || cards(archived)).into(),
            )}
            <h2>"Ours"</h2>
            <ul class="templates">{built_in.collect_view()}</ul>
            <CreateDialog shared/>
            <RenameDialog shared/>
        </Page>
    }
}

/// A still picture of it, as large as its frame, loaded when it is about to be seen.
fn picture(pin: &str) -> AnyView {
    // A pin is letters, digits and hyphens.
    let frame = format!(
        "<iframe src=\"/canvas/picture/{pin}\" title=\"Picture of the template\" \
         loading=\"lazy\" tabindex=\"-1\" aria-hidden=\"true\"></iframe>"
    );
    view! { <div inner_html=frame></div> }.into_any()
}

fn own_card(shared: Shared, first: OwnTemplate) -> AnyView {
    let (id, toasts) = (first.id, use_toasts());
    let one = Memo::new(move |before: Option<&OwnTemplate>| {
        let now = shared.own(id);
        now.unwrap_or_else(|| before.unwrap_or(&first).clone())
    });
    let href = format!("/events/{}/templates/{id}", shared.event);
    let facts = move || {
        let one = one.read();
        let edited = format!("Changed {}", ago(one.edited_ago_ms));
        match (one.published, one.displays) {
            (None, _) => format!("{edited} · not published yet"),
            (Some(number), 0) => format!("{edited} · version {number}"),
            (Some(number), 1) => format!("{edited} · version {number} · on 1 display"),
            (Some(number), count) => {
                format!("{edited} · version {number} · on {count} displays")
            }
        }
    };
    let put_away = move |archived: bool| {
        let name = one.read_untracked().name.clone();
        attempt(toasts, archive_template(id, archived), move |()| {
            shared.reload.run(());
            if archived {
                toasts.done_with(
                    format!("{name} is archived. Displays that show it go on."),
                    "Undo",
                    move || {
                        attempt(toasts, archive_template(id, false), move |()| {
                            shared.reload.run(());
                        });
                    },
                );
            }
        });
    };
    let items = Signal::derive(move || {
        let archive = match one.read().archived {
            true => MenuItem::action("Bring back", move || put_away(false)),
            false => MenuItem::action("Archive", move || put_away(true)),
        };
        vec![
            MenuItem::action("Duplicate…", move || {
                shared.begins.set(Some(create::Begins::Own(id)));
            })
            .icon(Glyph::Copy),
            MenuItem::action("Rename…", move || shared.renames.set(Some(id))).icon(Glyph::Edit),
            archive.icon(Glyph::Archive),
        ]
    });
    let name = move || one.read().name.clone();
    view! {
        <li class="template-card">
            <div class="template-picture">
                {picture(&id.to_string())}
                <a href=href.clone() tabindex="-1" aria-hidden="true"></a>
            </div>
            <div class="template-words">
                <div>
                    <h3 dir="auto"><a href=href>{name}</a></h3>
                    <p class="quiet">{facts}</p>
                </div>
                <Menu
                    id=format!("template-{id}")
                    label=Signal::derive(move || format!("Actions for {}", name()))
                    items
                />
            </div>
        </li>
    }
    .into_any()
}

fn built_in_card(shared: Shared, built_in: BuiltIn) -> AnyView {
    let name = built_in_words(built_in);
    view! {
        <li class="template-card">
            <div class="template-picture">{picture(built_in.name())}</div>
            <div class="template-words">
                <div>
                    <h3>{name}</h3>
                    <p class="quiet">{built_in.name()}</p>
                </div>
                <Button
                    small=true
                    icon=Glyph::Copy
                    on_press=move || shared.begins.set(Some(create::Begins::BuiltIn(built_in)))
                >
                    "Use as a start"
                </Button>
            </div>
        </li>
    }
    .into_any()
}
