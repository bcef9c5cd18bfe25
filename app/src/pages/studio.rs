//! What is round every page of somebody who is logged in: navigation, the account, alarms.

mod alarms;
mod sound;

use super::Failure;
use crate::{
    address::{self, go_to},
    parts::{BannerStack, Frame, Glyph, Menu, MenuItem, NavItem, Skeleton},
    rpc::{
        RpcError,
        account::{Me, log_out, switch_partner, whoami},
        event::EventRow,
        loaded,
    },
};
use alarms::Alarms;
use leptos::{prelude::*, task::spawn_local};
use sound::{Sound, SoundSwitch};

/// The event whose pages are open, once one of them has loaded it.
#[derive(Clone, Copy)]
pub struct OpenEvent(pub RwSignal<Option<EventRow>>);

#[component]
pub fn Studio(page: fn() -> AnyView) -> impl IntoView {
    let me = loaded(whoami);
    provide_context(OpenEvent(RwSignal::new(None)));
    let on_retry = Callback::new(move |()| me.refetch());
    view! {
        <Suspense fallback=|| view! { <main class="alone"><Skeleton lines=6/></main> }>
            {move || Suspend::new(async move {
                match me.await {
                    Ok(Some(me)) => view! { <Around me page/> }.into_any(),
                    // The guard lets nobody see a page who is not logged in; it has just ended.
                    Ok(None) => view! {
                        <main class="alone"><Failure error=RpcError::LoggedOut on_retry/></main>
                    }
                    .into_any(),
                    Err(error) => view! {
                        <main class="alone"><Failure error on_retry/></main>
                    }
                    .into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Around(me: Me, page: fn() -> AnyView) -> impl IntoView {
    let OpenEvent(open) = expect_context();
    let sound = Sound::new();
    let alarms = Alarms::watch(sound);
    let (banners, count) = (alarms.banners(), alarms.count());
    let nav = match address::event() {
        None => vec![NavItem::new("/", "Events", Glyph::Calendar)],
        Some(id) => {
            let at = |below: &str| format!("/events/{id}{below}");
            vec![
                NavItem::new(at(""), "Race", Glyph::Gun),
                NavItem::new(at("/roster"), "Roster", Glyph::People),
                NavItem::new(at("/timing"), "Timing", Glyph::Mat).count(count),
                NavItem::new(at("/templates"), "Templates", Glyph::Template),
                NavItem::new(at("/displays"), "Displays", Glyph::Screen),
                NavItem::new("/", "Events", Glyph::Calendar),
            ]
        }
    };
    let name = Signal::derive(move || open.with(|open| open.as_ref().map(|row| row.name.clone())));
    let partner = Some(me.partner.name.clone());
    let account = {
        let me = StoredValue::new(me);
        move || {
            view! {
                <SoundSwitch sound/>
                {me.with_value(|me| account_menu(me, alarms))}
            }
        }
    };
    let stack = move || view! { <BannerStack label="Alarms" banners=banners/> };
    view! {
        <Frame nav event=name partner=Signal::stored(partner) account=account banners=stack>
            {page()}
        </Frame>
    }
}

fn account_menu(me: &Me, alarms: Alarms) -> AnyView {
    let leave = move || {
        alarms.rest();
        spawn_local(async {
            // Whatever came of it, the next page says who is logged in.
            let _ = log_out().await;
            go_to("/login");
        });
    };
    let mut items: Vec<_> = me
        .others
        .iter()
        .map(|other| {
            let id = other.partner;
            MenuItem::action(format!("Work for {}", other.name), move || {
                spawn_local(async move {
                    if switch_partner(id).await.is_ok() {
                        go_to("/");
                    }
                });
            })
            .icon(Glyph::Swap)
        })
        .collect();
    items.push(MenuItem::action("Log out", leave));
    let label = format!("{} ({})", me.email, me.partner.role);
    view! { <Menu id="account" label icon=Glyph::Account items/> }.into_any()
}
