//! `gantry display`.

use super::Out;
use crate::span;
use clap::{Args, Subcommand};
use model::{
    DisplayCode, DisplayId, EventId, RundownOverrides, RundownSettings, ShowMode, StreamId,
};
use serde_json::json;
use service::{Caller, Clock, setup, template};
use std::time::Duration;
use store::{Display, ShowChange, Store};

#[derive(Debug, Subcommand)]
pub enum DisplayCommand {
    /// Make a display and its URL.
    Create {
        #[arg(long)]
        event: EventId,
        /// `pre-race` or `results`.
        #[arg(long)]
        mode: ShowMode,
        /// A built-in one by its name; one of your own by its name or id, or a version of it as
        /// ID@NUMBER. `gantry template list` prints your own.
        #[arg(long)]
        template: String,
        /// May be left out where the event has one stream.
        #[arg(long)]
        stream: Option<StreamId>,
        /// A point to show; may be given several times.
        #[arg(long = "point")]
        points: Vec<String>,
        /// How long the URL lives: 90s, 15m, 24h, 7d.
        #[arg(long, default_value = "24h", value_parser = span::parse)]
        ttl: Duration,
        #[command(flatten)]
        turns: TurnArgs,
    },
    /// Change how a display takes its turns, or just say how it does.
    Settings {
        #[arg(long)]
        display: DisplayId,
        #[command(flatten)]
        turns: TurnArgs,
    },
    /// Show another template on a display, from now on.
    SetTemplate {
        #[arg(long)]
        display: DisplayId,
        /// As when a display is made.
        #[arg(long)]
        template: String,
    },
}

/// What is not given stays as it is. Templates that list everybody at once take the window only.
#[derive(Debug, Args)]
pub struct TurnArgs {
    /// How long a runner stays while others wait: 4s, 2500ms; 0s for no wait, `default` for the
    /// template's own.
    #[arg(long, value_parser = parse_ms)]
    dwell: Option<Wanted<u64>>,
    /// How long a runner stays whom nobody follows: 20s, 1m, or `default`.
    #[arg(long, value_parser = parse_ms)]
    stay: Option<Wanted<u64>>,
    /// How long after the read a runner is still put on the screen: 15s, or `default`.
    #[arg(long, value_parser = parse_ms)]
    max_age: Option<Wanted<u64>>,
    /// A runner who comes again at the same point within it is not shown again: 60s, or `default`.
    #[arg(long, value_parser = parse_ms)]
    window: Option<Wanted<u64>>,
    /// How many runners wait for their turn: 16, or `default`.
    #[arg(long, value_parser = parse_count)]
    queue: Option<Wanted<usize>>,
}

/// What somebody wants of a setting.
#[derive(Clone, Copy, Debug)]
enum Wanted<T> {
    TemplatesOwn,
    Set(T),
}

impl<T> Wanted<T> {
    fn or_kept(this: Option<Self>, before: Option<T>) -> Option<T> {
        match this {
            None => before,
            Some(Self::TemplatesOwn) => None,
            Some(Self::Set(value)) => Some(value),
        }
    }
}

impl TurnArgs {
    fn over(self, before: RundownOverrides) -> RundownOverrides {
        RundownOverrides {
            dwell_ms: Wanted::or_kept(self.dwell, before.dwell_ms),
            stay_ms_max: Wanted::or_kept(self.stay, before.stay_ms_max),
            age_ms_max: Wanted::or_kept(self.max_age, before.age_ms_max),
            window_ms: Wanted::or_kept(self.window, before.window_ms),
            queue_max: Wanted::or_kept(self.queue, before.queue_max),
        }
    }
}

const OWN: &str = "default";

fn parse_ms(text: &str) -> Result<Wanted<u64>, String> {
    if text == OWN {
        return Ok(Wanted::TemplatesOwn);
    }
    span::parse_ms(text).map(Wanted::Set)
}

fn parse_count(text: &str) -> Result<Wanted<usize>, String> {
    if text == OWN {
        return Ok(Wanted::TemplatesOwn);
    }
    let count = text.parse();
    count
        .map(Wanted::Set)
        .map_err(|_| format!("{text:?} is no number like 16"))
}

/// `url` is what people type for a code.
pub async fn display(
    command: DisplayCommand,
    store: &dyn Store,
    url: impl Fn(&DisplayCode) -> String,
    out: Out,
) -> anyhow::Result<()> {
    let caller = &Caller::Shell;
    match command {
        DisplayCommand::Create {
            event,
            mode,
            template,
            stream,
            points,
            ttl,
            turns,
        } => {
            let now = Clock::start().now();
            let template = template::pin_named(store, caller, event, &template, now).await?;
            let new = setup::NewDisplay {
                event,
                name: String::new(),
                mode,
                template,
                rundown: turns.over(RundownOverrides::default()),
                stream,
                points,
                ttl,
            };
            let made = setup::create_display(store, caller, new, now).await?;
            let url = url(&made.code);
            out.line(
                &url,
                &json!({ "id": made.id, "show": made.show, "code": made.code, "url": url }),
            )
        }
        DisplayCommand::Settings { display: id, turns } => {
            let before = setup::display(store, caller, id).await?;
            let rundown = turns.over(before.rundown);
            if rundown != before.rundown {
                let change = ShowChange {
                    rundown: Some(rundown),
                    ..ShowChange::default()
                };
                setup::update_show(store, caller, id, change).await?;
            }
            say(store, caller, &Display { rundown, ..before }, out).await
        }
        DisplayCommand::SetTemplate {
            display: id,
            template,
        } => {
            let event = setup::display(store, caller, id).await?.event;
            let now = Clock::start().now();
            let template = template::pin_named(store, caller, event, &template, now).await?;
            let change = ShowChange {
                template: Some(template),
                ..ShowChange::default()
            };
            let before = setup::update_show(store, caller, id, change).await?;
            say(store, caller, &Display { template, ..before }, out).await
        }
    }
}

/// What a display goes by now, and which of it somebody set.
async fn say(
    store: &dyn Store,
    caller: &Caller,
    display: &Display,
    out: Out,
) -> anyhow::Result<()> {
    let subject = template::subject_of(store, caller, display).await?;
    let (template, set) = (display.template, display.rundown);
    let RundownSettings {
        dwell_ms,
        stay_ms_max,
        age_ms_max,
        window_ms,
        queue_max,
    } = set.over(subject);
    let seconds = |ms: u64| Duration::from_millis(ms).as_secs_f64();
    let line = |name: &str, value: String, is_set: bool| {
        let whose = if is_set { "" } else { "  (the template's own)" };
        format!("\n  {name:<8} {value}{whose}")
    };
    let span = |name, ms, set: Option<u64>| line(name, format!("{} s", seconds(ms)), set.is_some());
    let mut text = template.to_string();
    if subject.takes_turns() {
        text += &span("dwell", dwell_ms, set.dwell_ms);
        text += &span("stay", stay_ms_max, set.stay_ms_max);
        text += &span("max-age", age_ms_max, set.age_ms_max);
        text += &line("queue", queue_max.to_string(), set.queue_max.is_some());
    }
    text += &span("window", window_ms, set.window_ms);
    let value = json!({
        "id": display.id,
        "template": template,
        "takes_turns": subject.takes_turns(),
        "dwell_ms": dwell_ms,
        "stay_ms_max": stay_ms_max,
        "age_ms_max": age_ms_max,
        "window_ms": window_ms,
        "queue_max": queue_max,
        "set": set,
    });
    out.line(&text, &value)
}
