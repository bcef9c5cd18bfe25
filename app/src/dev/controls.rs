//! Buttons and fields.

use super::page::Section;
use crate::parts::{
    Button, ButtonKind, ButtonLink, Checkbox, FileField, Glyph, Icon, IconButton, KeyHint,
    SearchBox, SelectField, TextArea, TextField, TextKind, TimeField,
};
use leptos::prelude::*;

#[component]
pub(super) fn Buttons() -> impl IntoView {
    let pressed = RwSignal::new(0);
    let busy = RwSignal::new(false);
    let sound = RwSignal::new(true);
    let press = move || pressed.update(|count| *count += 1);
    let sound_icon = move || {
        if sound.get() {
            Glyph::SoundOn
        } else {
            Glyph::SoundOff
        }
    };
    let glyphs = Glyph::ALL.map(|glyph| view! { <Icon glyph/> });
    view! {
        <Section id="buttons" title="Buttons">
            <div class="row">
                <Button kind=ButtonKind::Primary icon=Glyph::Plus on_press=press>
                    "New race"
                </Button>
                <Button icon=Glyph::Edit on_press=press>
                    "Edit"
                </Button>
                <Button kind=ButtonKind::Danger icon=Glyph::Trash on_press=press>
                    "Remove"
                </Button>
                <Button kind=ButtonKind::Quiet on_press=press>
                    "Not now"
                </Button>
                <ButtonLink href="/" icon=Glyph::External new_tab=true>
                    "Open the display"
                </ButtonLink>
            </div>
            <div class="row">
                <Button kind=ButtonKind::Primary disabled=true>
                    "New race"
                </Button>
                <Button disabled=true>"Edit"</Button>
                <Button kind=ButtonKind::Primary busy=busy on_press=press>
                    "Save"
                </Button>
                <Button busy=true>"Saving"</Button>
                <Button small=true on_press=move || busy.update(|busy| *busy = !*busy)>
                    "Busy or not"
                </Button>
                {move || view! {
                    <IconButton icon=sound_icon() label="Sound of alarms" pressed=sound
                        on_press=move || sound.update(|on| *on = !*on)/>
                }}
                <KeyHint keys="Ctrl K"/>
            </div>
            <p class="quiet" role="status">"Pressed " {pressed} " times"</p>
            <div class="row glyphs">{glyphs}</div>
        </Section>
    }
}

#[component]
pub(super) fn Fields() -> impl IntoView {
    let text = |text: &str| RwSignal::new(text.to_owned());
    let (name, date, gun, race) = (
        text("Harbor 10K"),
        text(""),
        text("07:00:00.00"),
        text("10k"),
    );
    let (bib, address, note) = (text("12a"), text(""), text(""));
    let (arabic, query) = (text("محمد عبد الرحمن"), text(""));
    let rule = RwSignal::new(true);
    let file = NodeRef::new();
    let picked = RwSignal::new(false);
    let bib_error = move || {
        let is_number = bib.with(|bib| bib.bytes().all(|byte| byte.is_ascii_digit()));
        (!is_number).then(|| "Write the bib in digits, as it is printed".to_owned())
    };
    let races = [
        ("", "All races"),
        ("5k", "5K"),
        ("10k", "10K"),
        ("half", "Half marathon of the twin bridges, walkers too"),
    ];
    let races: Vec<_> = races
        .map(|(key, text)| (key.to_owned(), text.to_owned()))
        .into();
    view! {
        <Section id="fields" title="Fields">
            <SearchBox id="find" label="Find in the roster" query=query
                placeholder="Name, bib or city"/>
            <p class="quiet">"Searched: " <output id="searched">{query}</output></p>
            <div class="fields">
                <TextField id="event-name" label="Name" value=name required=true
                    hint="As on the banner"/>
                <TextField id="event-date" label="Date" value=date kind=TextKind::Date
                    error=move || date.with(String::is_empty)
                        .then(|| "Choose a date: the list of events sorts by it".to_owned())/>
                <TimeField id="gun-time" label="Gun" value=gun hint="Of the wave, local time"/>
                <TextField id="bib" label="Bib" value=bib kind=TextKind::Number error=bib_error/>
                <SelectField id="race" label="Race" value=race options=races/>
                <TextField id="arabic" label="Say it as" value=arabic
                    hint="Right to left where the name is"/>
                <TextField id="address" label="Allowed addresses" value=address disabled=true
                    placeholder="192.168.20.0/24" hint="Claim the connection first"/>
                <Checkbox id="bib-rule" label="The tag on the wire is the bib" checked=rule
                    hint="Until chips are loaded"/>
                <TextArea id="note" label="Note" value=note/>
                <FileField id="roster-file" label="Roster" node=file accept=".csv,.txt,.xlsx"
                    hint="CSV, other delimited text, or XLSX"
                    on_pick=move || picked.set(true)/>
            </div>
            <p class="quiet" role="status">{move || picked.get().then_some("A file was picked")}</p>
        </Section>
    }
}
