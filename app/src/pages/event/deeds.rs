//! What was done, by whom, and the way back.

use super::Shared;
use crate::{
    pages::attempt,
    parts::{Badge, Button, Column, Each, EmptyState, Glyph, Table, When, use_toasts},
    rpc::event::{DeedRow, undo},
};
use leptos::prelude::*;

#[component]
pub(super) fn Deeds(shared: Shared) -> impl IntoView {
    let deeds = Memo::new(move |_| shared.view.with(|view| view.deeds.clone()));
    view! {
        <section class="group" aria-labelledby="deeds">
            <h2 id="deeds">"What was done"</h2>
            <When
                holds=move || !deeds.read().is_empty()
                fallback=|| view! {
                    <EmptyState icon=Glyph::Undo title="Nothing yet"
                        text="Guns, bib swaps and other changes by hand are listed here, and can be undone."/>
                }
            >
                <Table caption="What was done" columns=vec![
                    Column::text("Time"),
                    Column::text("What"),
                    Column::text("By").wide_only(),
                    Column::text(""),
                ]>
                    <Each each=move || deeds.get() key=|deed| (deed.id, deed.undone) let(deed)>
                        <Line shared deed/>
                    </Each>
                </Table>
            </When>
        </section>
    }
}

#[component]
fn Line(shared: Shared, deed: DeedRow) -> impl IntoView {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let (event, id) = (shared.id, deed.id);
    let take_back = move || {
        busy.set(true);
        attempt(
            toasts,
            async move {
                let done = undo(event, id).await;
                busy.try_set(false);
                done
            },
            move |_| shared.reload.run(()),
        );
    };
    view! {
        <tr class:is-undone=deed.undone>
            <td class="time">{crate::format::time_of_day(deed.local.time_cs)}</td>
            <td dir="auto">{deed.summary}</td>
            <td class="wide-only">{deed.by}</td>
            <td class="row-actions">
                {if deed.undone {
                    view! { <Badge>"undone"</Badge> }.into_any()
                } else {
                    view! {
                        <Button small=true icon=Glyph::Undo busy=busy on_press=take_back>"Undo"</Button>
                    }
                    .into_any()
                }}
            </td>
        </tr>
    }
}
