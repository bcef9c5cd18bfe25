//! What opens over the page, and what takes its time.

use super::page::Section;
use crate::parts::{
    Button, ButtonKind, ConfirmDialog, Dialog, DialogFoot, Glyph, Menu, MenuItem, Progress,
    Skeleton, Tab, TabPanel, Tabs, TextField, use_toasts,
};
use leptos::prelude::*;

#[component]
pub(super) fn Overlays() -> impl IntoView {
    let toasts = use_toasts();
    let said = RwSignal::new("nothing yet".to_owned());
    let say = move |words: &'static str| said.set(words.to_owned());
    let (editing, confirming) = (RwSignal::new(false), RwSignal::new(false));
    let name = RwSignal::new("Half marathon".to_owned());
    let open_tab = RwSignal::new("reads".to_owned());
    let part = RwSignal::new(Some(0.4115));
    let save = move || {
        say("saved");
        editing.set(false);
    };
    let foot = move || view! { <DialogFoot open=editing verb="Save" on_press=save/> };
    let items = vec![
        MenuItem::action("Edit", move || say("edit")).icon(Glyph::Edit),
        MenuItem::action("Copy the address", move || say("copy")).icon(Glyph::Copy),
        MenuItem::action("Pause", move || say("pause")).icon(Glyph::Pause),
        MenuItem::action("Archive", move || say("archive"))
            .icon(Glyph::Archive)
            .danger(),
    ];
    view! {
        <Section id="overlays" title="Dialogs, menus, toasts">
            <div class="row">
                <Button on_press=move || editing.set(true)>"Edit race"</Button>
                <Button kind=ButtonKind::Danger on_press=move || confirming.set(true)>
                    "Remove reads"
                </Button>
                <Menu id="more" label="More for 10K" items=items.clone()/>
                <Menu id="more-labelled" label="Actions" icon=Glyph::ChevronDown labelled=true
                    items=items/>
                <Button on_press=move || {
                    toasts.done_with("Ana Okafor withdrawn", "Undo", move || say("undone"));
                }>"Toast to undo"</Button>
                <Button on_press=move || toasts.error(
                    "The roster was not saved: the disk is full. Free 200 MB, then save again."
                )>"Toast of an error"</Button>
            </div>
            <p class="quiet">"Said: " <output id="said">{said}</output></p>
            <Dialog id="edit-race" title="Edit race" open=editing foot=foot>
                <TextField id="race-name" label="Name" value=name hint="As on the banner"/>
                <Menu id="in-dialog" label="More" items=vec![
                    MenuItem::action("Archive", move || say("archived")).icon(Glyph::Archive),
                ]/>
            </Dialog>
            <ConfirmDialog id="remove-reads" title="Remove simulator reads?"
                what="312 reads of the simulator go, and with them what they showed. Reads of real mats stay."
                verb="Remove 312 reads" open=confirming danger=true
                on_confirm=move || say("removed")/>
        </Section>
        <Section id="tabs" title="Tabs">
            <Tabs label="Timing" active=open_tab tabs=vec![
                Tab::new("reads", "Reads"),
                Tab::new("streams", "Streams"),
                Tab::new("exceptions", "Exceptions"),
            ]/>
            <TabPanel id="reads" active=open_tab><p>"Reads as they come."</p></TabPanel>
            <TabPanel id="streams" active=open_tab><p>"Two streams."</p></TabPanel>
            <TabPanel id="exceptions" active=open_tab><p>"No exception."</p></TabPanel>
        </Section>
        <Section id="long-work" title="Long work">
            <Progress id="import" label="Importing roster.csv" value=part
                detail="12,345 of 30,000 rows" on_cancel=move || part.set(None)/>
            <Progress id="counting" label="Looking for a backup" value=None/>
            <Skeleton lines=3/>
        </Section>
    }
}
