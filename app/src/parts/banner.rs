//! Alarms over the content: what is wrong now, and the press that puts it right.

use super::{Button, Each, Glyph, Icon, When};
use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Reads or screens suffer now.
    Trouble,
    /// They will, or may.
    Warning,
    Info,
}

impl Severity {
    const fn class(self) -> &'static str {
        match self {
            Self::Trouble => "banner trouble",
            Self::Warning => "banner warning",
            Self::Info => "banner info",
        }
    }

    const fn glyph(self) -> Glyph {
        match self {
            Self::Trouble | Self::Warning => Glyph::Warning,
            Self::Info => Glyph::Info,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Trouble => "Trouble",
            Self::Warning => "Warning",
            Self::Info => "Note",
        }
    }
}

/// `Banner::new("clock-7", Severity::Trouble, "FINISH is 1 h behind", "Nothing is shown.")
///     .action("Set the offset", move || set_offset(7))`
#[derive(Clone, Debug)]
pub struct Banner {
    id: String,
    severity: Severity,
    title: String,
    text: String,
    actions: Vec<(String, Callback<()>)>,
}

impl Banner {
    /// The same `id` is the same alarm: its words may change under somebody's finger, its buttons
    /// stay where they are.
    pub fn new(
        id: impl Into<String>,
        severity: Severity,
        title: impl Into<String>,
        text: impl Into<String>,
    ) -> Banner {
        Banner {
            id: id.into(),
            severity,
            title: title.into(),
            text: text.into(),
            actions: Vec::new(),
        }
    }

    pub fn action(
        mut self,
        verb: impl Into<String>,
        run: impl Fn() + Send + Sync + 'static,
    ) -> Banner {
        self.actions
            .push((verb.into(), Callback::new(move |()| run())));
        self
    }
}

/// All alarms, the worst first. More than one can be folded away to its first.
/// `<BannerStack label="Alarms" banners=alarms/>`
#[component]
pub fn BannerStack(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] banners: Signal<Vec<Banner>>,
) -> impl IntoView {
    // Until somebody chooses, the style decides: a phone has no room for all of them.
    let chosen = RwSignal::new(None::<bool>);
    let folded = Signal::derive(move || chosen.get() == Some(true));
    let sorted = Signal::derive(move || {
        let mut all = banners.get();
        all.sort_by_key(|banner| banner.severity);
        all
    });
    let count = Memo::new(move |_| banners.with(Vec::len));
    let shown = move || {
        let mut all = sorted.get();
        if folded.get() {
            all.truncate(1);
        }
        all
    };
    let fold = move || {
        let is_folded = chosen.get_untracked().unwrap_or_else(|| {
            let narrow = window().match_media("(width < 40rem)");
            matches!(narrow, Ok(Some(query)) if query.matches())
        });
        chosen.set(Some(!is_folded));
    };
    view! {
        <section class="banners" class:auto=move || chosen.get().is_none() aria-label=label>
            <Each each=shown key=|banner| banner.id.clone() let:banner>
                {strip(banner, banners)}
            </Each>
            <When holds=move || { count.get() > 1 }>
                <button
                    class="fold"
                    class:folded=move || folded.get()
                    type="button"
                    on:click=move |_| fold()
                >
                    <span class="fold-more">"Show all " {count}</span>
                    <span class="fold-less">"Fold " {count} " into one"</span>
                </button>
            </When>
        </section>
    }
    .into_any()
}

fn strip(first: Banner, banners: Signal<Vec<Banner>>) -> AnyView {
    // What it says now, or said last.
    let id = first.id.clone();
    let now = Signal::derive({
        let first = first.clone();
        move || {
            banners
                .with(|all| all.iter().find(|banner| banner.id == id).cloned())
                .unwrap_or_else(|| first.clone())
        }
    });
    // Buttons are made anew only when their words change.
    let verbs = Memo::new(move |_| {
        let verbs = now.with(|banner| banner.actions.clone()).into_iter();
        verbs.map(|(verb, _)| verb).collect::<Vec<_>>()
    });
    let press = move |at: usize| {
        if let Some((_, action)) = now.with_untracked(|banner| banner.actions.get(at).cloned()) {
            action.run(());
        }
    };
    let buttons = move || {
        let button = |(at, verb)| {
            view! {
                <Button small=true on_press=move || press(at)>
                    {verb}
                </Button>
            }
        };
        verbs
            .get()
            .into_iter()
            .enumerate()
            .map(button)
            .map(IntoAny::into_any)
            .collect_view()
    };
    let role = if first.severity == Severity::Trouble {
        "alert"
    } else {
        "status"
    };
    view! {
        <div class=move || now.with(|banner| banner.severity.class()) role=role>
            <Icon glyph=first.severity.glyph()/>
            <p class="banner-words" dir="auto">
                <span class="hidden-words">
                    {move || now.with(|banner| format!("{}: ", banner.severity.word()))}
                </span>
                <strong>{move || now.with(|banner| banner.title.clone())}</strong>
                " "
                <span>{move || now.with(|banner| banner.text.clone())}</span>
            </p>
            <div class="banner-actions">{move || buttons()}</div>
        </div>
    }
    .into_any()
}
