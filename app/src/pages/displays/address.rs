//! What the addresses begin with: chosen among those of the server's computer, and watched, as a
//! laptop that changes its network leaves all screens behind.

use crate::{
    browser::effect,
    format::is_this_computer,
    parts::{Badge, Banner, BannerStack, Copyable, SelectField, Severity, Tone, When},
    rpc::displays::{DisplaysView, WebAddresses},
};
use leptos::prelude::*;

#[derive(Clone, Copy)]
pub(super) struct Choice {
    web: Memo<WebAddresses>,
    chosen: RwSignal<String>,
    /// Under which this browser has the page.
    origin: RwSignal<String>,
    /// What was chosen or first when it went away.
    lost: RwSignal<Option<String>>,
    pub(super) base: Signal<String>,
}

impl Choice {
    pub(super) fn new(view: RwSignal<DisplaysView>) -> Self {
        let web = Memo::new(move |_| view.with(|view| view.web.clone()));
        let (chosen, origin) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
        let lost = RwSignal::new(None);
        effect(move || {
            if let Ok(here) = window().location().origin() {
                origin.set(here);
            }
        });
        // Behind a proxy the server does not know its own name, and this browser does.
        let is_proxied = Memo::new(move |_| {
            let origin = origin.read();
            web.read().only_here && !origin.is_empty() && !is_this_computer(&origin)
        });
        let base = Memo::new(move |_| {
            let (web, chosen) = (web.read(), chosen.read());
            let known = web.addresses.iter().find(|known| known.url == *chosen);
            match known.or(web.addresses.first()) {
                Some(known) if !is_proxied.get() => known.url.clone(),
                _ => origin.get(),
            }
        });
        // An address that is gone is told of until somebody has read it.
        Effect::new(move |before: Option<String>| {
            let base = base.get();
            if let Some(before) = before
                && !before.is_empty()
                && before != base
                && web.with_untracked(|web| web.addresses.iter().all(|it| it.url != before))
                && !is_proxied.get_untracked()
            {
                lost.set(Some(before));
            }
            base
        });
        Self {
            web,
            chosen,
            origin,
            lost,
            base: base.into(),
        }
    }
}

/// One line over the displays.
#[component]
pub(super) fn Addresses(choice: Choice) -> impl IntoView {
    let Choice {
        web,
        chosen,
        origin,
        lost,
        base,
    } = choice;
    effect(move || {
        let base = base.get();
        if chosen.with_untracked(|chosen| *chosen != base) {
            chosen.set(base);
        }
    });
    let banners = Signal::derive(move || {
        let mut banners = Vec::new();
        if let Some(old) = lost.get() {
            banners.push(
                Banner::new(
                    "address-changed",
                    Severity::Warning,
                    "This computer has another address now",
                    format!(
                        "{old} is gone: screens that were opened there have lost the server. \
                         Open them again at the addresses below, or go back to the network of \
                         before."
                    ),
                )
                .action("Understood", move || lost.set(None)),
            );
        }
        let nobody_elses = web.read().only_here && is_this_computer(&base.read());
        if nobody_elses {
            banners.push(Banner::new(
                "only-here",
                Severity::Info,
                "Only this computer can open displays",
                "To show them on other screens, stop Gantry and start it with: gantry serve --lan",
            ));
        }
        banners
    });
    let options = Signal::derive(move || {
        let addresses = web.get().addresses.into_iter();
        let options = addresses.map(|known| {
            let words = match known.network.as_str() {
                "" => known.url.clone(),
                network => format!("{} ({network})", known.url),
            };
            (known.url, words)
        });
        options.collect::<Vec<_>>()
    });
    let has_several = Memo::new(move |_| web.read().addresses.len() > 1);
    let here = Memo::new(move |_| {
        let (web, origin) = (web.read(), origin.read());
        let others = web.addresses.iter().any(|known| known.url == *origin);
        others && *origin == *base.read()
    });
    view! {
        <BannerStack label="Addresses" banners=banners/>
        <section class="web-address" aria-label="Address of this server">
            <When
                holds=move || has_several.get()
                fallback=move || view! {
                    <p class="field">
                        <span class="label">
                            {move || if web.read().is_set {
                                "Addresses begin with (as the settings say)"
                            } else {
                                "Addresses begin with"
                            }}
                        </span>
                        <Copyable label="address of this server" text=base/>
                    </p>
                }
            >
                <SelectField id="web-address" label="Addresses begin with" value=chosen
                    options=options
                    hint="This computer is in several networks. Choose the one that the screens \
                          are in."/>
            </When>
            <When holds=move || here.get()>
                <Badge tone=Tone::Good>"this browser uses it"</Badge>
            </When>
        </section>
    }
}
