//! The displays of an event: their addresses, who watches them, and what their screens are told.

use super::RpcError;
use super::event::{EventRow, LocalTime};
#[cfg(feature = "ssr")]
use super::{
    Backend, backend,
    event::{event_row, local_time},
};
use leptos::{
    prelude::*,
    server_fn::codec::{Json, Postcard},
};
use model::{
    DisplayCode, DisplayId, EventId, RundownOverrides, ShowId, ShowMode, StreamId, TemplatePin,
    UnixMicros,
    socket::{Command, Screen},
};
use serde::{Deserialize, Serialize};

/// All that the page of displays shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisplaysView {
    pub event: EventRow,
    /// In course order.
    pub points: Vec<String>,
    pub streams: Vec<(StreamId, String)>,
    /// Own templates that are published, by their names, with the newest version.
    pub templates: Vec<(TemplatePin, String)>,
    /// The newest first.
    pub displays: Vec<DisplayRow>,
    pub web: WebAddresses,
}

/// What a display's address can begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebAddresses {
    /// The likeliest first. Only one where the settings name it.
    pub addresses: Vec<WebAddress>,
    /// Whether the settings name it.
    pub is_set: bool,
    /// Whether nothing but the server's own computer can open them.
    pub only_here: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebAddress {
    /// `http://192.0.2.7:8080`
    pub url: String,
    /// What the system calls the network; may be empty.
    pub network: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisplayRow {
    pub id: DisplayId,
    pub show: ShowId,
    pub code: DisplayCode,
    /// May be empty.
    pub name: String,
    pub mode: ShowMode,
    pub template: TemplatePin,
    /// What an own one is called.
    pub template_name: String,
    /// Whether it shows one runner at a time.
    pub takes_turns: bool,
    /// How it takes its turns, where that is not as the template does.
    pub rundown: RundownOverrides,
    /// In course order.
    pub points: Vec<String>,
    pub stream: String,
    pub state: DisplayState,
    pub expires: LocalTime,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DisplayState {
    Running {
        expires_in_s: u64,
        /// Also those that have not said yet what they are.
        sockets: usize,
        screens: Vec<ScreenGroup>,
        /// Since what it shows last changed. `None` where the server does not show it yet.
        frame_age_s: Option<u64>,
    },
    Expired,
    /// Switched off for good.
    Ended,
}

/// Screens that are alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScreenGroup {
    pub count: usize,
    pub screen: Screen,
}

/// What somebody chooses for a new display.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisplayForm {
    pub name: String,
    pub mode: ShowMode,
    pub template: TemplatePin,
    pub rundown: RundownOverrides,
    /// Needed where there are several.
    pub stream: Option<StreamId>,
    pub points: Vec<String>,
    pub hours: u32,
}

/// What a display that runs shows, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisplayEdit {
    pub template: TemplatePin,
    pub rundown: RundownOverrides,
}

/// What somebody does with the turns of a display.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TurnCommand {
    /// Whoever is on the screens stays.
    Hold,
    /// Takes it back.
    Release,
    /// The next in turn.
    Skip,
    /// Nobody, until somebody else comes.
    Clear,
}

/// Who is on the screens of a display.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnScreen {
    /// Their name, or the bib where that is hidden or not known.
    pub who: String,
    pub held: bool,
}

/// Until when a display lives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Until {
    /// So many hours later than now planned, or than now where that is past.
    Later {
        hours: u32,
    },
    /// On the event's own clock.
    Local(LocalTime),
    Instant(UnixMicros),
}

/// Kinds of screens told apart of one display. Further ones are counted.
#[cfg(feature = "ssr")]
const SCREEN_GROUPS_MAX: usize = 8;

/// Of a version that a screen says it has. The rest is cut off.
#[cfg(feature = "ssr")]
const VERSION_CHARS_MAX: usize = 20;

#[server(prefix = "/rpc", endpoint = "displays", input = Json, output = Postcard)]
pub async fn displays(event: EventId) -> Result<DisplaysView, RpcError> {
    let Backend { node, caller } = backend()?;
    let (store, now) = (node.store(), node.clock.now());
    let displays = service::setup::displays(store, &caller, event).await?;
    let points = service::setup::points(store, &caller, event).await?;
    let streams = service::setup::display_streams(store, &caller, event).await?;
    let own = service::template::templates(store, &caller, event, now).await?;
    let row = service::setup::event(store, &caller, event).await?;
    let name_of = |point: &model::PointId| {
        let known = points.iter().find(|known| known.id == *point);
        known.map(|known| known.name.clone())
    };
    let mut rows = Vec::with_capacity(displays.len());
    for display in displays.into_iter().rev() {
        let state = state(&node, &display, now);
        let takes_turns = takes_turns(&node, &display);
        let stream = streams.iter().find(|stream| stream.id == display.stream);
        rows.push(DisplayRow {
            id: display.id,
            show: display.show,
            name: display.name,
            mode: display.mode,
            template_name: template_name(&own, display.template),
            takes_turns,
            template: display.template,
            rundown: display.rundown,
            points: display.points.iter().filter_map(name_of).collect(),
            stream: stream.map(|stream| stream.name.clone()).unwrap_or_default(),
            state,
            expires: local_time(&row.timezone, display.expires_at)?,
            code: display.code,
        });
    }
    Ok(DisplaysView {
        event: event_row(row, now)?,
        points: points.into_iter().map(|point| point.name).collect(),
        streams: streams
            .into_iter()
            .filter(|stream| !stream.archived)
            .map(|stream| (stream.id, stream.name))
            .collect(),
        templates: own.into_iter().filter_map(published).collect(),
        displays: rows,
        web: addresses(node.watch.host()),
    })
}

#[server(prefix = "/rpc", endpoint = "create-display", input = Json, output = Postcard)]
pub async fn create_display(event: EventId, form: DisplayForm) -> Result<DisplayId, RpcError> {
    let Backend { node, caller } = backend()?;
    let new = service::setup::NewDisplay {
        event,
        name: form.name,
        mode: form.mode,
        template: form.template,
        rundown: form.rundown,
        stream: form.stream,
        points: form.points,
        ttl: std::time::Duration::from_secs(u64::from(form.hours) * 3_600),
    };
    let made = service::setup::create_display(node.store(), &caller, new, node.clock.now()).await?;
    // It can be opened as soon as somebody has read its address.
    node.shown(&made.code).await?;
    Ok(made.id)
}

#[server(prefix = "/rpc", endpoint = "end-display", input = Json, output = Postcard)]
pub async fn end_display(event: EventId, display: DisplayId) -> Result<(), RpcError> {
    let Backend { node, caller } = backend()?;
    Ok(service::setup::end_display(node.store(), &caller, event, display).await?)
}

/// Gives until when it would have lived, so that it can be taken back.
#[server(prefix = "/rpc", endpoint = "extend-display", input = Json, output = Postcard)]
pub async fn extend_display(
    event: EventId,
    display: DisplayId,
    until: Until,
) -> Result<UnixMicros, RpcError> {
    let Backend { node, caller } = backend()?;
    let (store, now) = (node.store(), node.clock.now());
    let until = match until {
        Until::Instant(at) => at,
        Until::Local(LocalTime { date, time_cs }) => {
            service::race::instant_at(store, &caller, event, &date, time_cs).await?
        }
        Until::Later { hours } => {
            let known = service::setup::displays(store, &caller, event).await?;
            let known = known.into_iter().find(|known| known.id == display);
            let planned = known.map_or(now, |known| known.expires_at);
            planned.max(now).plus_ms(i64::from(hours) * 3_600_000)
        }
    };
    let before = service::setup::extend_display(store, &caller, event, display, until, now);
    Ok(before.await?)
}

/// Gives the name before.
#[server(prefix = "/rpc", endpoint = "rename-display", input = Json, output = Postcard)]
pub async fn rename_display(
    event: EventId,
    display: DisplayId,
    name: String,
) -> Result<String, RpcError> {
    let Backend { node, caller } = backend()?;
    let store = node.store();
    Ok(service::setup::rename_display(store, &caller, event, display, &name).await?)
}

/// Its screens change at once. Gives what it was before, so that it can be taken back.
#[server(prefix = "/rpc", endpoint = "edit-display", input = Json, output = Postcard)]
pub async fn edit_display(display: DisplayId, edit: DisplayEdit) -> Result<DisplayEdit, RpcError> {
    let Backend { node, caller } = backend()?;
    let change = store::ShowChange {
        template: Some(edit.template),
        rundown: Some(edit.rundown),
    };
    let before = service::setup::update_show(node.store(), &caller, display, change).await?;
    Ok(DisplayEdit {
        template: before.template,
        rundown: before.rundown,
    })
}

/// Gives who is on the screens then.
#[server(prefix = "/rpc", endpoint = "operate-display", input = Json, output = Postcard)]
pub async fn operate_display(
    display: DisplayId,
    turn: TurnCommand,
) -> Result<Option<OnScreen>, RpcError> {
    use service::OperatorCommand as To;
    let Backend { node, caller } = backend()?;
    let command = match turn {
        TurnCommand::Hold => To::Hold,
        TurnCommand::Release => To::Release,
        TurnCommand::Skip => To::Skip,
        TurnCommand::Clear => To::Clear,
    };
    let shown = node.operate(&caller, display, command).await?;
    Ok(shown.map(|shown| OnScreen {
        who: match shown.name.is_empty() {
            true => shown.bib,
            false => shown.name,
        },
        held: shown.held,
    }))
}

/// Tells the screens that watch the display now. Gives how many there are.
#[server(prefix = "/rpc", endpoint = "command-display", input = Json, output = Postcard)]
pub async fn command_display(
    event: EventId,
    display: DisplayId,
    command: Command,
) -> Result<usize, RpcError> {
    let Backend { node, caller } = backend()?;
    let store = node.store();
    let code = service::setup::commanded_display(store, &caller, event, display).await?;
    let told = node.hub.command(&code, command);
    told.map_err(|error| RpcError::Invalid {
        field: "message".to_owned(),
        problem: error.to_string(),
    })?;
    Ok(node.hub.status(&code).map_or(0, |status| status.sockets))
}

/// To choose from.
#[cfg(feature = "ssr")]
fn published(own: store::Template) -> Option<(TemplatePin, String)> {
    let number = own.published.filter(|_| !own.archived)?;
    let pin = TemplatePin::Version {
        template: own.id,
        number,
    };
    Some((pin, format!("{}, version {number}", own.name)))
}

#[cfg(feature = "ssr")]
fn template_name(own: &[store::Template], pin: TemplatePin) -> String {
    let TemplatePin::Version { template, .. } = pin else {
        return String::new();
    };
    let found = own.iter().find(|own| own.id == template);
    found.map(|own| own.name.clone()).unwrap_or_default()
}

/// Of an own template it is known while the display is on, and of no use else.
#[cfg(feature = "ssr")]
fn takes_turns(node: &service::Node, display: &store::Display) -> bool {
    match display.template {
        TemplatePin::BuiltIn(built_in) => built_in.subject().takes_turns(),
        TemplatePin::Version { .. } => {
            let served = node.registry.display(&display.code);
            served.is_some_and(|served| served.design.takes_turns())
        }
    }
}

#[cfg(feature = "ssr")]
fn state(node: &service::Node, display: &store::Display, now: UnixMicros) -> DisplayState {
    if display.ended {
        return DisplayState::Ended;
    }
    if display.expires_at <= now {
        return DisplayState::Expired;
    }
    let seconds = |us: i64| us.max(0).unsigned_abs() / 1_000_000;
    let status = node.hub.status(&display.code);
    DisplayState::Running {
        expires_in_s: seconds(display.expires_at.0 - now.0),
        sockets: status.as_ref().map_or(0, |status| status.sockets),
        screens: grouped(node.hub.screens(&display.code)),
        frame_age_s: status.map(|status| seconds(now.0 - status.sent_at.0)),
    }
}

#[cfg(feature = "ssr")]
fn grouped(screens: Vec<Screen>) -> Vec<ScreenGroup> {
    let mut groups: Vec<ScreenGroup> = Vec::new();
    for mut screen in screens {
        if let Some((end, _)) = screen.version.char_indices().nth(VERSION_CHARS_MAX) {
            screen.version.truncate(end);
        }
        let alike = groups.iter().position(|group| group.screen == screen);
        match alike {
            Some(at) => groups[at].count += 1,
            None if groups.len() < SCREEN_GROUPS_MAX => {
                groups.push(ScreenGroup { count: 1, screen });
            }
            None => {}
        }
    }
    groups
}

#[cfg(feature = "ssr")]
fn addresses(host: service::watch::HostReport) -> WebAddresses {
    if let Some(url) = host.base_url {
        let url = url.trim_end_matches('/').to_owned();
        let network = String::new();
        return WebAddresses {
            addresses: vec![WebAddress { url, network }],
            is_set: true,
            only_here: false,
        };
    }
    let port = host.web.port.unwrap_or(80);
    let addresses = host.web.hosts.into_iter().map(|host| {
        let name = match host.address.contains(':') {
            true => format!("[{}]", host.address),
            false => host.address,
        };
        WebAddress {
            url: format!("http://{name}:{port}"),
            network: host.network,
        }
    });
    WebAddresses {
        addresses: addresses.collect(),
        is_set: false,
        only_here: host.web.only_here,
    }
}
