//! `gantry demo`: the server with a made-up event, and the simulator dialling its timing port.

use crate::{
    cli::Out,
    limits,
    listen::{ListenerState, Listeners},
    serve::{self, Running},
    settings::Settings,
    simulate::{self, SimArgs},
};
use anyhow::Context;
use clap::Args;
use model::{
    BuiltIn, DisplayCode, Edit, EventId, Role, RundownOverrides, ShowMode, StreamId, Unit,
    UnixMicros,
};
use serde_json::json;
use service::{Caller, Clock, Node, Right, ServiceError, account, roster, setup};
use std::{path::Path, sync::Arc, time::Duration};
use store::{NewDeed, NewRace, OpenMode, Store, StoreError};

const PARTNER: &str = "Demo Timing";
const OWNER: &str = "demo@example.com";
const EVENT: &str = "Demo City 10K";
const POINTS: [&str; 3] = ["START", "5K", "FINISH"];
const DISPLAY_TTL: Duration = Duration::from_secs(7 * 24 * 60 * 60);

#[derive(Args, Debug)]
pub struct DemoArgs {
    /// Listen on every interface, and show LAN addresses.
    #[arg(long)]
    lan: bool,
    /// Made-up runners.
    #[arg(long, default_value_t = 300)]
    runners: usize,
    /// So many race seconds in a second.
    #[arg(long, default_value_t = 60.0)]
    speed: f64,
}

/// `keep` tells whether the data folder was named; else it is a temporary one.
pub async fn run(
    args: DemoArgs,
    mut settings: Settings,
    keep: bool,
    out: Out,
) -> anyhow::Result<()> {
    if args.lan {
        settings = settings.on_every_interface();
    }
    let temporary = tempfile::Builder::new().prefix("gantry-demo-").tempdir()?;
    if !keep {
        settings.data_dir = temporary.path().to_owned();
        settings.database_url = None;
        settings.backup_dir = None;
    }
    let running = Running::start(&settings, OpenMode::Migrate).await?;
    let zone = iana_time_zone::get_timezone().unwrap_or_else(|_| "UTC".to_owned());
    let roster_file = temporary.path().join("roster.csv");
    let race = Race {
        args,
        zone,
        roster_file,
    };
    let displays = race.prepare(running.node.store()).await?;
    // Their addresses work as soon as they are printed.
    for display in &displays {
        running.node.shown(&display.code).await?;
    }
    let password = owner(running.node.store()).await?;
    announce(&running, &settings, &displays, &password, out)?;

    let (listeners, node) = (Arc::clone(&running.listeners), Arc::clone(&running.node));
    tokio::select! {
        stopped = running.until_told() => stopped,
        ended = race.send_for_ever(&listeners, &node) => ended,
    }
}

struct Race {
    args: DemoArgs,
    zone: String,
    roster_file: std::path::PathBuf,
}

/// A display of the demo, and what it shows.
struct DemoDisplay {
    what: &'static str,
    code: DisplayCode,
}

impl Race {
    /// Event, roster, stream and displays. A folder that has them from an earlier demo keeps them.
    async fn prepare(&self, store: &dyn Store) -> anyhow::Result<Vec<DemoDisplay>> {
        let mut words = self.words("127.0.0.1:0");
        words.extend([
            "--dry-run".into(),
            "--roster-out".into(),
            text(&self.roster_file),
        ]);
        simulate::run(SimArgs::from_words(words)?).await?;
        let event = self.event(store).await?;
        let roster_csv = std::fs::read(&self.roster_file)?;
        roster::import(store, &Caller::Shell, event, &roster_csv).await?;
        self.stream(store, event).await?;
        self.race(store, event).await?;
        // The points are made here, so the display of all goes first: it names them in order.
        Ok(vec![
            display(store, event, "Everywhere", BuiltIn::Arrivals, &POINTS).await?,
            display(store, event, "The finish", BuiltIn::Arrivals, &["FINISH"]).await?,
            display(store, event, "One by one", BuiltIn::FinishWide, &["FINISH"]).await?,
        ])
    }

    async fn event(&self, store: &dyn Store) -> anyhow::Result<EventId> {
        match store.partner_named(PARTNER).await {
            Ok(_) => {}
            Err(StoreError::NotFound { .. }) => {
                setup::create_partner(store, &Caller::Shell, PARTNER).await?;
            }
            Err(error) => return Err(error.into()),
        }
        let caller = &Caller::Shell;
        let scope = setup::scope_of_partner(store, caller, PARTNER, Right::See).await?;
        let events = store.events(&scope).await?;
        if let Some(known) = events.iter().find(|event| event.name == EVENT) {
            return Ok(known.id);
        }
        let today = timing::parse_zone(&self.zone).map(|zone| {
            let clock = timing::StreamClock { zone, offset_ms: 0 };
            clock.wall_at(Clock::start().now()).to_string()[..10].to_owned()
        })?;
        let caller = &Caller::Shell;
        Ok(setup::create_event(store, caller, PARTNER, EVENT, &today, &self.zone).await?)
    }

    async fn stream(&self, store: &dyn Store, event: EventId) -> anyhow::Result<StreamId> {
        let known = setup::stream_list(store, &Caller::Shell, event).await?;
        if let Some(known) = known.first() {
            return Ok(known.id);
        }
        let caller = &Caller::Shell;
        Ok(setup::create_stream(store, caller, event, "Simulator", "ctp01", None).await?)
    }

    /// One wave that everybody is in, and that the controller's gun starts.
    async fn race(&self, store: &dyn Store, event: EventId) -> anyhow::Result<()> {
        let scope = setup::scope_of_event(store, &Caller::Shell, event, Right::Run).await?;
        if store.races(&scope, event).await?.is_empty() {
            let new = NewRace {
                event,
                name: "10K".to_owned(),
                distance_m: 10_000,
                unit: Unit::Km,
            };
            store.create_race(&scope, new).await?;
        }
        Ok(())
    }

    /// What was read so far counts no more, and the next gun starts the race.
    async fn begin_anew(&self, store: &dyn Store, now: UnixMicros) -> anyhow::Result<()> {
        let event = self.event(store).await?;
        let scope = setup::scope_of_event(store, &Caller::Shell, event, Right::Run).await?;
        let zero_counts = store.zero_counts(&scope, event).await?;
        let zero = |point| zero_counts.iter().find(|(of, _)| *of == point);
        let points = store.points(&scope, event).await?.into_iter();
        let mut edits: Vec<_> = points
            .map(|point| Edit::ZeroCount {
                point: point.id,
                before: zero(point.id).map(|(_, at)| *at),
                after: Some(now),
            })
            .collect();
        let races = store.races(&scope, event).await?;
        let waves = races.iter().flat_map(|race| &race.waves);
        let started = waves.filter(|wave| wave.gun.is_some());
        edits.extend(started.map(|wave| Edit::WaveGun {
            wave: wave.id,
            before: wave.gun,
            after: None,
        }));
        let deed = NewDeed {
            at: now,
            by: "demo".to_owned(),
            summary: "the made-up race begins anew".to_owned(),
            edits,
        };
        store.do_deed(&scope, event, deed).await?;
        Ok(())
    }

    /// The race again and again, each time as a new session of the controller.
    async fn send_for_ever(&self, listeners: &Listeners, node: &Node) -> anyhow::Result<()> {
        loop {
            let Some(ListenerState::Open(timing)) = listeners.shared() else {
                tokio::time::sleep(Duration::from_millis(limits::PORT_RETRY_MS)).await;
                continue;
            };
            let timing = serve::reachable(timing).to_string();
            let begun = self.begin_anew(node.store(), node.clock.now()).await;
            begun.context("the demo race cannot begin anew")?;
            let args = SimArgs::from_words(self.words(&timing))?;
            simulate::run(args).await.context("the demo race stopped")?;
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
    }

    fn words(&self, to: &str) -> Vec<String> {
        let Self { args, zone, .. } = self;
        let words = [
            ("--to", to.to_owned()),
            ("--runners", args.runners.to_string()),
            ("--speed", args.speed.to_string()),
            ("--timezone", zone.clone()),
            ("--points", POINTS.join(",")),
            ("--event", "DEMO10K".to_owned()),
        ];
        words
            .into_iter()
            .flat_map(|(name, value)| [name.to_owned(), value])
            .collect()
    }
}

/// Somebody who can log in, with a password for this run alone: a folder may have them already.
async fn owner(store: &dyn Store) -> anyhow::Result<String> {
    let password = account::random_password();
    let caller = Caller::Shell;
    let known = account::reset_password(store, &caller, OWNER, &password).await;
    match known {
        Ok(_) => {}
        Err(ServiceError::NotFound { .. }) => {
            let now = Clock::start().now();
            account::create_person(store, &caller, PARTNER, OWNER, Role::Owner, &password, now)
                .await?;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(password)
}

async fn display(
    store: &dyn Store,
    event: EventId,
    what: &'static str,
    template: BuiltIn,
    points: &[&str],
) -> anyhow::Result<DemoDisplay> {
    let new = setup::NewDisplay {
        event,
        name: what.to_owned(),
        mode: ShowMode::Results,
        template: template.into(),
        rundown: RundownOverrides::default(),
        stream: None,
        points: points.iter().map(|&name| name.to_owned()).collect(),
        ttl: DISPLAY_TTL,
    };
    let made = setup::create_display(store, &Caller::Shell, new, Clock::start().now()).await?;
    Ok(DemoDisplay {
        what,
        code: made.code,
    })
}

fn announce(
    running: &Running,
    settings: &Settings,
    displays: &[DemoDisplay],
    password: &str,
    out: Out,
) -> anyhow::Result<()> {
    let mut settings = settings.clone();
    settings.http_addr = running.http_addr;
    let base = serve::base_url(&settings);
    let url = |display: &DemoDisplay| serve::display_url(&settings, &display.code);
    let timing = running.timing_addr();
    let mut lines = vec![
        String::new(),
        "  Gantry demo: a made-up race comes in over TCP and goes round and round.".to_owned(),
        String::new(),
        format!("  Studio       {base}/"),
        format!("               log in as {OWNER} with the password {password}"),
    ];
    for display in displays {
        lines.push(format!("  {:<12} {}", display.what, url(display)));
    }
    if let Some(timing) = timing {
        let reachable = serve::reachable(timing);
        lines.push(format!(
            "  Timing       {reachable} (CTP01), for your own devices too"
        ));
    }
    lines.push(String::new());
    lines.push("  Ctrl-C stops it.".to_owned());
    let urls: Vec<_> = displays.iter().map(url).collect();
    let value = json!({
        "ready": true,
        "http": running.http_addr,
        "timing": timing,
        "start": format!("{base}/"),
        "displays": urls,
        "login": { "email": OWNER, "password": password },
    });
    out.line(&lines.join("\n"), &value)
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
