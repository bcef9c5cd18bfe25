//! From the draft to the screens: a version is made, and the chosen displays show it. What is found
//! in it is asked about once.

use super::{
    Around, check,
    messages::{Ask, ask},
};
use crate::{
    browser::effect,
    pages::{Blank, Problem, Wrong, send},
    parts::{Checkbox, Dialog, DialogFoot, Each, When},
    rpc::{
        lint::{FoundRow, PublishAnswer, publish_template},
        templates::{Outlet, outlets},
    },
};
use editor::Panel;
use leptos::prelude::*;

#[component]
pub(super) fn Publish(around: Around) -> impl IntoView {
    let open = around.opens(Panel::Publish);
    let found = RwSignal::new(None::<Vec<(Outlet, Blank<bool>)>>);
    let (wrong, busy) = (Wrong::new(&[]), RwSignal::new(false));
    // What nobody has accepted yet.
    let asks = RwSignal::new(Vec::<FoundRow>::new());
    let look = move || {
        wrong.clear();
        // Before they are known, it would be published to none of them.
        busy.set(true);
        let work = async move {
            let outlets = outlets(around.event, around.template).await;
            busy.try_set(false);
            outlets
        };
        send(wrong, work, move |outlets| {
            let ticked = |outlet: Outlet| {
                let blank = Blank::new(outlet.shows.is_some());
                (outlet, blank)
            };
            found.try_set(Some(outlets.into_iter().map(ticked).collect()));
        });
    };
    effect(move || {
        if open.get() {
            found.set(None);
            asks.set(Vec::new());
            look();
        }
    });
    let publish = move || {
        let displays = found.with_untracked(|found| {
            let ticked = found.as_ref()?.iter().filter(|(_, ticked)| ticked.get());
            Some(ticked.map(|(outlet, _)| outlet.display).collect::<Vec<_>>())
        });
        let Some(displays) = displays else {
            return look();
        };
        let accepted = asks.with_untracked(|asks| asks.iter().map(|row| row.key.clone()).collect());
        busy.set(true);
        let count = displays.len();
        let work = async move {
            let Around {
                event, template, ..
            } = around;
            let published = match around.saved().await {
                Ok(revision) => {
                    publish_template(event, template, revision, displays, accepted).await
                }
                Err(error) => Err(error),
            };
            busy.try_set(false);
            published
        };
        send(wrong, work, move |answer| {
            let number = match answer {
                PublishAnswer::Version(number) => number,
                PublishAnswer::Asks(rows) => return asks.set(rows),
            };
            open.set(false);
            ask(&Ask::Say(match count {
                0 => format!("Version {number} is published. No display shows it yet."),
                1 => format!("Version {number} is on 1 display."),
                count => format!("Version {number} is on {count} displays."),
            }));
        });
    };
    let is_asked = move || !asks.read().is_empty();
    let verb = Signal::derive(move || {
        let verb = if is_asked() {
            "Publish anyway"
        } else {
            "Publish"
        };
        verb.to_owned()
    });
    let foot = move || view! { <DialogFoot open verb busy on_press=publish/> };
    let rows = move || found.get().unwrap_or_default();
    let is_empty = move || found.read().as_ref().is_some_and(Vec::is_empty);
    view! {
        <Dialog id="publish" title="Publish" open foot>
            <p>
                "What you see becomes a version. The displays that you choose show it at once;
                 all others keep what they show."
            </p>
            <When holds=is_empty>
                <p class="quiet">
                    "This event has no display that is on. "
                    <a href=format!("/events/{}/displays?template={}", around.event, around.template)>"Make a display"</a>
                    " that shows this template."
                </p>
            </When>
            <ul class="outlets">
                <Each each=rows key=|(_, blank)| blank.key let((outlet, ticked))>
                    <li>
                        <Checkbox
                            id=format!("outlet-{}", outlet.display)
                            label=outlet.title.clone()
                            checked=RwSignal::from(ticked.value)
                            hint=match outlet.shows {
                                Some(number) => format!("shows version {number} now"),
                                None => "shows another template now".to_owned(),
                            }
                        />
                    </li>
                </Each>
            </ul>
            <When holds=is_asked>
                <div role="alert">
                    <p>"Look at this first. What you publish anyway is not asked about again."</p>
                    {move || check::list(asks.get(), false)}
                </div>
            </When>
            <Problem error=wrong.below()/>
        </Dialog>
    }
    .into_any()
}
