//! A file for the roster: chosen, understood, looked at, brought in.

use super::Shared;
use crate::{
    browser::{self, effect},
    format::{capital, count, distance},
    pages::attempt,
    parts::{Badge, Button, ButtonKind, Checkbox, Dialog, FileField, Progress, SelectField, Tone},
    rpc::roster::{
        ColumnView, DateQuestion, DecisionForm, ImportedView, ListView, OutcomeView, PreviewView,
        RejectedRow, StageView, WantedRace, Who, apply_roster, preview_roster, roster_stage,
        stop_roster,
    },
};
use leptos::{html, prelude::*, task::spawn_local};
use std::time::Duration;

const STAGE_MS: u64 = 200;

/// What a column can be taken for, in words.
const WORDS: [(&str, &str); 22] = [
    ("bib", "Bib"),
    ("registration-id", "Registration id"),
    ("full-name", "Name (first and last)"),
    ("first-name", "First name"),
    ("last-name", "Last name"),
    ("gender", "Gender"),
    ("age", "Age"),
    ("birth-date", "Birth date"),
    ("race", "Race"),
    ("wave", "Wave"),
    ("division", "Division"),
    ("team", "Team"),
    ("city", "City"),
    ("state", "State"),
    ("country", "Country"),
    ("chip", "Chip"),
    ("privacy", "Hide the name"),
    ("public", "Consent to be shown"),
    ("say-as", "Say it as"),
    ("note", "Note"),
    ("custom", "Keep as it is"),
    ("ignored", "Leave out"),
];

#[derive(Clone, Debug, PartialEq)]
enum Step {
    Choose,
    Reading,
    Look(Box<PreviewView>),
    Applying,
    Done(ImportedView, bool),
}

#[derive(Clone, Copy)]
struct Import {
    shared: Shared,
    step: RwSignal<Step>,
    upload: RwSignal<Option<u64>>,
    rows: RwSignal<(usize, usize)>,
    words: RwSignal<Vec<RwSignal<String>>>,
    /// Stays while the answer to it is changed.
    question: RwSignal<Option<DateQuestion>>,
    day_first: RwSignal<String>,
    make_races: RwSignal<bool>,
    error: RwSignal<Option<String>>,
}

#[component]
pub(super) fn ImportDialog(shared: Shared, open: RwSignal<bool>) -> impl IntoView {
    let import = Import {
        shared,
        step: RwSignal::new(Step::Choose),
        upload: RwSignal::new(None),
        rows: RwSignal::new((0, 0)),
        words: RwSignal::new(Vec::new()),
        question: RwSignal::new(None),
        day_first: RwSignal::new(String::new()),
        make_races: RwSignal::new(true),
        error: RwSignal::new(None),
    };
    effect(move || {
        if open.get() {
            import.begin();
        }
    });
    let foot = move || match import.step.get() {
        Step::Choose | Step::Reading => {
            view! { <Button on_press=move || open.set(false)>"Cancel"</Button> }.into_any()
        }
        Step::Look(look) => {
            let verb = verb(&look);
            let stuck = verb.is_none();
            view! {
                <Button on_press=move || import.begin()>"Another file"</Button>
                <Button kind=ButtonKind::Primary disabled=Signal::stored(stuck)
                    on_press=move || import.apply()>
                    {verb.unwrap_or_else(|| "Import".to_owned())}
                </Button>
            }
            .into_any()
        }
        Step::Applying => ().into_any(),
        Step::Done(..) => view! {
            <Button on_press=move || import.begin()>"Another file"</Button>
            <Button kind=ButtonKind::Primary on_press=move || open.set(false)>"Done"</Button>
        }
        .into_any(),
    };
    let body = move || match import.step.get() {
        Step::Choose => view! { <Choose import/> }.into_any(),
        Step::Reading => view! { <Working import label="Reading the file"/> }.into_any(),
        Step::Look(look) => view! { <Look import look=*look/> }.into_any(),
        Step::Applying => view! { <Working import label="Importing"/> }.into_any(),
        Step::Done(done, stopped) => view! { <Done import done stopped/> }.into_any(),
    };
    view! {
        <Dialog id="import" title="Import a file" open=open foot=foot wide=true>
            {move || body()}
            <p class="form-error" role="alert" hidden=move || import.error.with(Option::is_none)>
                {move || import.error.get()}
            </p>
        </Dialog>
    }
}

/// What the button says; none where nothing can be done.
fn verb(look: &PreviewView) -> Option<String> {
    let outcome = look.outcome.as_ref().ok()?;
    let rows = outcome.added.count + outcome.changed.count;
    match (rows, outcome.races.is_empty()) {
        (0, true) => None,
        (0, false) => Some("Make the races".to_owned()),
        (1, _) => Some("Import 1 row".to_owned()),
        (rows, _) => Some(format!("Import {} rows", count(rows as u64))),
    }
}

impl Import {
    fn begin(self) {
        self.error.set(None);
        self.upload.set(None);
        self.rows.set((0, 0));
        self.question.set(None);
        self.day_first.set(String::new());
        self.step.set(Step::Choose);
    }

    fn read(self, node: NodeRef<html::Input>, chips: bool) {
        let Some(file) = node
            .get_untracked()
            .and_then(|input| input.files()?.item(0))
        else {
            return;
        };
        let event = self.shared.event;
        self.error.set(None);
        self.step.set(Step::Reading);
        spawn_local(async move {
            let address = format!("/rpc/upload-roster?event={event}&chips={chips}");
            match browser::send_file(&address, &file).await {
                Ok(id) => {
                    self.upload.set(Some(id));
                    self.watch();
                    self.look(None).await;
                }
                Err(refused) => self.failed(refused.sentence()),
            }
        });
    }

    async fn look(self, decision: Option<DecisionForm>) {
        let Some(upload) = self.upload.get_untracked() else {
            return;
        };
        let is_again = decision.is_some();
        let preview = preview_roster(self.shared.event, upload, decision).await;
        if self.upload.try_get_untracked().flatten() != Some(upload) {
            return;
        }
        match preview {
            Ok(look) => {
                self.error.set(None);
                let columns = look.columns.iter();
                let words = columns.map(|column| RwSignal::new(column.word.clone()));
                self.words.set(words.collect());
                if let Some(question) = &look.question {
                    self.day_first.set(question.day_first.to_string());
                    self.question.set(Some(question.clone()));
                }
                self.step.set(Step::Look(Box::new(look)));
            }
            Err(refused) if is_again => self.error.set(Some(refused.sentence())),
            Err(refused) => self.failed(refused.sentence()),
        }
    }

    /// Again, with the columns as they are chosen by now.
    fn again(self) {
        let words = self.words.get_untracked();
        let words = words.into_iter().map(|word| word.get_untracked());
        let decision = DecisionForm {
            words: words.collect(),
            day_first: self.day_first.get_untracked().parse().ok(),
        };
        spawn_local(self.look(Some(decision)));
    }

    fn failed(self, problem: String) {
        self.step.set(Step::Choose);
        self.error.set(Some(problem));
    }

    fn apply(self) {
        let Some(upload) = self.upload.get_untracked() else {
            return;
        };
        let work = apply_roster(self.shared.event, upload, self.make_races.get_untracked());
        attempt(self.shared.toasts, work, move |()| {
            self.rows.set((0, 0));
            self.step.set(Step::Applying);
            self.watch();
        });
    }

    /// Asks how far it is until it has ended.
    fn watch(self) {
        let event = self.shared.event;
        set_timeout(
            move || {
                let works = self
                    .step
                    .try_with_untracked(|step| matches!(step, Step::Reading | Step::Applying));
                let upload = self.upload.try_get_untracked().flatten();
                let (Some(true), Some(upload)) = (works, upload) else {
                    return;
                };
                spawn_local(async move {
                    match roster_stage(event, upload).await {
                        Ok(StageView::Working { rows, of }) => self.rows.set((rows, of)),
                        Ok(StageView::Done(done)) => self.ended(done, false),
                        Ok(StageView::Stopped(done)) => self.ended(done, true),
                        Ok(StageView::Failed(problem)) => return self.failed(problem),
                        Ok(StageView::Waiting) => {}
                        Err(refused) => return self.failed(refused.sentence()),
                    }
                    self.watch();
                });
            },
            Duration::from_millis(STAGE_MS),
        );
    }

    fn ended(self, done: ImportedView, stopped: bool) {
        if self.step.with_untracked(|step| *step == Step::Applying) {
            self.step.set(Step::Done(done, stopped));
            self.shared.list.look_soon();
        }
    }

    fn stop(self) {
        if let Some(upload) = self.upload.get_untracked() {
            attempt(
                self.shared.toasts,
                stop_roster(self.shared.event, upload),
                |()| {},
            );
        } else {
            self.begin();
        }
    }
}

#[component]
fn Choose(import: Import) -> impl IntoView {
    let roster = NodeRef::<html::Input>::new();
    let chips = NodeRef::<html::Input>::new();
    let accept = ".csv,.txt,.tsv,.xlsx,.xlsm";
    view! {
        <FileField id="roster-file" label="Roster" node=roster accept=accept
            on_pick=move || import.read(roster, false)
            hint="CSV, text with tabs or semicolons, or Excel (.xlsx), as RunSignup, Race Roster, UltraSignup or ChronoTrack export it. Nothing is altered before you say so."/>
        <FileField id="chip-file" label="Or chips alone" node=chips accept=accept
            on_pick=move || import.read(chips, true)
            hint="Two columns: bib and chip. More columns or lines for further chips of a bib."/>
    }
}

#[component]
fn Working(import: Import, label: &'static str) -> impl IntoView {
    let value = Signal::derive(move || match import.rows.get() {
        (_, 0) => None,
        (rows, of) => Some(rows as f64 / of as f64),
    });
    let detail = Signal::derive(move || match import.rows.get() {
        (0, 0) => String::new(),
        (rows, 0) => format!("{} rows", count(rows as u64)),
        (rows, of) => format!("{} of {} rows", count(rows as u64), count(of as u64)),
    });
    view! {
        <Progress id="import-progress" label=label value=value detail=detail
            on_cancel=move || import.stop()/>
    }
}

#[component]
fn Look(import: Import, look: PreviewView) -> impl IntoView {
    let PreviewView {
        rows,
        columns,
        question: _,
        outcome,
    } = look;
    let has_columns = !columns.is_empty();
    let guesses = columns.iter().filter(|column| !column.sure).count();
    let summary = match guesses {
        0 => format!("{} columns, all recognised", columns.len()),
        1 => format!("{} columns; look at one of them", columns.len()),
        guesses => format!("{} columns; look at {guesses} of them", columns.len()),
    };
    let mend = outcome.is_err() || guesses > 0;
    let question = import.question.get_untracked().map(|question| {
        let options = vec![
            ("true".to_owned(), "the day".to_owned()),
            ("false".to_owned(), "the month".to_owned()),
        ];
        let label = format!(
            "In {}, the first number of {} is",
            question.header, question.example
        );
        let day_first = import.day_first;
        let asked = day_first.get_untracked();
        effect(move || {
            if *day_first.read() != asked {
                import.again();
            }
        });
        view! { <SelectField id="day-first" label=label value=day_first options=options/> }
    });
    let lines = columns.into_iter().enumerate();
    let lines = lines.map(|(at, column)| column_line(import, at, column));
    let lines = lines.map(IntoAny::into_any).collect_view();
    let outcome = match outcome {
        Ok(outcome) => outcome_view(import, outcome),
        Err(problem) => view! {
            <p class="trouble" role="alert">{capital(&problem)} "."</p>
        }
        .into_any(),
    };
    view! {
        <p class="quiet">
            {count(rows as u64)} {if rows == 1 { " row read." } else { " rows read." }}
        </p>
        {outcome}
        {question}
        {has_columns.then(|| view! {
            <details class="columns" open=mend>
                <summary>{summary}</summary>
                <div class="column-list">{lines}</div>
            </details>
        })}
    }
}

fn column_line(import: Import, at: usize, column: ColumnView) -> AnyView {
    let word = import
        .words
        .with_untracked(|words| words.get(at).copied())
        .unwrap_or_else(|| RwSignal::new(column.word.clone()));
    let was = column.word;
    effect(move || {
        if *word.read() != was {
            import.again();
        }
    });
    let header = if column.header.is_empty() {
        format!("Column {}", at + 1)
    } else {
        column.header
    };
    let options: Vec<_> = WORDS
        .iter()
        .map(|(key, words)| ((*key).to_owned(), (*words).to_owned()))
        .collect();
    let samples = column.samples.join(" · ");
    view! {
        <div class="column-line" class:unsure=!column.sure>
            <SelectField id=format!("column-{at}") label=header value=word options=options
                hint=samples/>
            {(!column.sure).then(|| view! { <Badge tone=Tone::Wait>"please check"</Badge> })}
        </div>
    }
    .into_any()
}

fn outcome_view(import: Import, outcome: OutcomeView) -> AnyView {
    let OutcomeView {
        added,
        changed,
        unchanged,
        kept,
        missing,
        rejected,
        doubts,
        races,
    } = outcome;
    let download = (rejected.count > 0).then(|| download(import));
    view! {
        <div class="outcome">
            {people("To add", "new on the roster", added)}
            {people("To change", "", changed)}
            {people("Edited by hand", "the file says otherwise; what was typed stays", kept)}
            {people("Not in the file", "they stay on the roster", missing)}
            {rejects("Rejected", rejected)}
            {rejects("Left out in part", doubts)}
            {(unchanged > 0).then(|| view! {
                <p class="quiet">{count(unchanged)} " rows are on the roster just so."</p>
            })}
            {download}
        </div>
        {(!races.is_empty()).then(|| wanted(import, races))}
    }
    .into_any()
}

fn wanted(import: Import, races: Vec<WantedRace>) -> AnyView {
    let lines = races.into_iter().map(|race| {
        let length = match race.distance {
            _ if race.is_there => String::new(),
            Some((meters, unit)) => format!(", {}", distance(meters, unit)),
            None => ", 1 km until you set its distance".to_owned(),
        };
        let waves = match &race.waves[..] {
            [] => String::new(),
            waves => format!(" with {}", waves.join(", ")),
        };
        view! { <li dir="auto">{race.name} {length} {waves}</li> }
    });
    let lines = lines.map(IntoAny::into_any).collect_view();
    view! {
        <section class="outcome-races">
            <h3 class="sub">"Races that the file names and the event has not"</h3>
            <ul>{lines}</ul>
            <Checkbox id="make-races" label="Make them" checked=import.make_races
                hint="Otherwise these people go in without a race"/>
        </section>
    }
    .into_any()
}

fn people(title: &'static str, words: &'static str, list: ListView<Who>) -> Option<AnyView> {
    let ListView { count, first } = list;
    if count == 0 {
        return None;
    }
    let more = count - first.len();
    let lines = first.into_iter().map(|who| {
        let fields = who.fields.join(", ");
        view! { <li dir="auto"><b>{who.bib}</b> " " {who.name} " " <span class="quiet">{fields}</span></li> }
    });
    Some(listed(
        title,
        words,
        count,
        lines.map(IntoAny::into_any).collect_view().into_any(),
        more,
    ))
}

fn rejects(title: &'static str, list: ListView<RejectedRow>) -> Option<AnyView> {
    let ListView { count, first } = list;
    if count == 0 {
        return None;
    }
    let more = count - first.len();
    let lines = first.into_iter().map(|row| {
        view! { <li dir="auto"><b>"Line " {row.line}</b> " " {row.reason}</li> }
    });
    Some(listed(
        title,
        "",
        count,
        lines.map(IntoAny::into_any).collect_view().into_any(),
        more,
    ))
}

fn listed(
    title: &'static str,
    words: &'static str,
    among: usize,
    lines: AnyView,
    more: usize,
) -> AnyView {
    view! {
        <details class="outcome-list">
            <summary>
                <b class="outcome-count">{count(among as u64)}</b> " " {title} " "
                <span class="quiet">{words}</span>
            </summary>
            <ul>{lines}</ul>
            {(more > 0).then(|| view! { <p class="quiet">"and " {count(more as u64)} " more"</p> })}
        </details>
    }
    .into_any()
}

/// A plain form, which the browser answers by saving the file.
fn download(import: Import) -> AnyView {
    let upload = import.upload.get_untracked().unwrap_or(0);
    let event = import.shared.event;
    let action = format!("/rpc/rejected-rows?event={event}&upload={upload}");
    view! {
        <form method="post" action=action class="download">
            <Button submit=true small=true icon=crate::parts::Glyph::Download>
                "Save the rejected rows as a file"
            </Button>
        </form>
    }
    .into_any()
}

#[component]
fn Done(import: Import, done: ImportedView, stopped: bool) -> impl IntoView {
    let ImportedView {
        imported,
        updated,
        unchanged,
        rejected,
    } = done;
    let title = if stopped {
        "Stopped. What had gone in stays; import the same file again to do the rest."
    } else {
        "The roster is in force."
    };
    view! {
        <p class="done-title" role="status">{title}</p>
        <ul class="done-list">
            <li><b>{count(imported)}</b> " added"</li>
            <li><b>{count(updated)}</b> " changed"</li>
            <li><b>{count(unchanged)}</b> " just as they were"</li>
            <li><b>{count(rejected)}</b> " rejected"</li>
        </ul>
        {(rejected > 0).then(|| download(import))}
    }
}
