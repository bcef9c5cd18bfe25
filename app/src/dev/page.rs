//! The page itself: a frame with everything round the content, and the sections in order.

use super::{controls, lists, overlays};
use crate::parts::{
    Banner, BannerStack, Button, ButtonKind, DensitySwitch, Frame, Glyph, Menu, MenuItem, NavItem,
    Page, Severity, use_toasts,
};
use leptos::prelude::*;

/// The frame round it.
#[component]
pub(crate) fn Around(children: Children) -> impl IntoView {
    let alarms = RwSignal::new(3_u32);
    let nav = vec![
        NavItem::new("/dev/parts", "Parts", Glyph::Calendar),
        NavItem::new("/dev/roster", "Roster", Glyph::People),
        NavItem::new("/dev/timing", "Timing", Glyph::Mat).count(alarms),
        NavItem::new("/dev/displays", "Displays", Glyph::Screen),
        NavItem::new("/dev/exceptions", "Exceptions", Glyph::Warning).count(Signal::stored(128)),
        NavItem::new("/dev/guns", "Guns", Glyph::Gun),
    ];
    let toasts = use_toasts();
    let account = move || {
        let items = vec![
            MenuItem::action("Change password", move || {
                toasts.done("Password changed");
            })
            .icon(Glyph::Settings),
            MenuItem::action("Log out", move || toasts.done("Logged out")).icon(Glyph::Account),
        ];
        view! { <Menu id="account" label="Account" icon=Glyph::Account items=items/> }
    };
    let alarms = Signal::derive(move || all_banners(alarms));
    let event = "Harbor Lights Marathon, Half and 10K presented by the Lakeside Runners";
    view! {
        <Frame
            nav=nav
            event=Some(event.to_owned())
            partner=Some("Northshore Timing".to_owned())
            account=account
            banners=move || view! { <BannerStack label="Alarms" banners=alarms/> }
        >
            {children()}
        </Frame>
    }
}

#[component]
pub(crate) fn Parts() -> impl IntoView {
    let toasts = use_toasts();
    let actions = move || {
        view! {
            <DensitySwitch/>
            <Button
                kind=ButtonKind::Primary
                icon=Glyph::Plus
                on_press=move || toasts.done("Made")
            >
                "New"
            </Button>
        }
    };
    view! {
        <Page title="Parts" lead="Everything that pages are made of, in every state." actions=actions>
            <controls::Buttons/>
            <controls::Fields/>
            <overlays::Overlays/>
            <lists::Marks/>
            <lists::Lists/>
        </Page>
    }
}

/// Put right one by one, as alarms are.
fn all_banners(alarms: RwSignal<u32>) -> Vec<Banner> {
    let put_right = move || alarms.update(|alarms| *alarms = alarms.saturating_sub(1));
    let mut all = vec![
        Banner::new(
            "backup",
            Severity::Info,
            "The last backup is 26 h old.",
            "Type gantry backup, or give the server a folder for backups.",
        ),
        Banner::new(
            "tags",
            Severity::Warning,
            "23 of the last 50 tags at 5K are unknown.",
            "Wrong chip file? The first: 0003A1, 0003A2, 0003A7.",
        )
        .action("Show exceptions", || {}),
        Banner::new(
            "clock",
            Severity::Trouble,
            "FINISH is 1 h 00 m 03 s behind this computer; nothing is shown.",
            "A whole hour means its time zone.",
        )
        .action("Set the offset", put_right)
        .action("Ignore", put_right),
    ];
    let gone = all.len() - (alarms.get() as usize).min(all.len());
    all.drain(all.len() - gone..);
    all
}

/// A heading, and what is shown below it.
#[component]
pub(super) fn Section(id: &'static str, title: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            {children()}
        </section>
    }
}
