//! All commands with their keys, to be read.

use super::Around;
use crate::parts::Dialog;
use editor::{COMMANDS, Panel, Section};
use leptos::prelude::*;

#[component]
pub(super) fn Shortcuts(around: Around) -> impl IntoView {
    let open = around.opens(Panel::Shortcuts);
    let sections = || {
        let sections = Section::ALL.into_iter().map(|section| {
            let entries = COMMANDS
                .iter()
                .filter(move |entry| entry.section == section);
            let lines = entries.filter_map(|entry| {
                let keys = entry.keys.first()?.text(false);
                let line = view! { <div><dt>{entry.words}</dt><dd><kbd>{keys}</kbd></dd></div> };
                Some(line.into_any())
            });
            let lines = lines.collect_view();
            view! { <h3>{section.word()}</h3><dl>{lines}</dl> }.into_any()
        });
        sections.collect_view()
    };
    view! {
        <Dialog id="shortcuts" title="Keys" open wide=true>
            <div class="shortcuts">{sections()}</div>
        </Dialog>
    }
    .into_any()
}
