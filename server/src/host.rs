//! Looks at this computer for the Timing page and its alarms: disk, backups, ports, addresses.
//!
//! Knows no alarm: it says what it sees.

use crate::{
    backup::Backups,
    doctor, limits,
    listen::{ListenerState, Listeners},
    threads,
};
use model::timing_view::{ConnectHint, Host};
use service::{
    Node,
    watch::{DiskRoom, HostReport},
};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::time::sleep;

/// Where the web server is.
pub struct WebPlace {
    pub addr: SocketAddr,
    /// What share links begin with, where it is set.
    pub base_url: Option<String>,
}

pub async fn watch(
    node: Arc<Node>,
    listeners: Arc<Listeners>,
    backups: Option<Arc<Backups>>,
    data_dir: PathBuf,
    web: WebPlace,
) {
    loop {
        let report = look(&listeners, backups.as_deref(), &data_dir, &web).await;
        node.watch.set_host(report);
        sleep(Duration::from_millis(limits::HOST_LOOK_MS)).await;
    }
}

async fn look(
    listeners: &Listeners,
    backups: Option<&Backups>,
    data_dir: &Path,
    web: &WebPlace,
) -> HostReport {
    let shared = match listeners.shared() {
        Some(ListenerState::Open(address)) => Some(address),
        Some(ListenerState::Failed(_)) | None => None,
    };
    let (data_dir, web_addr) = (data_dir.to_owned(), web.addr);
    // A network drive that is gone and some systems' lists of networks answer late.
    let seen = threads::within_ms(limits::DOCTOR_FOLDER_MS_MAX, move || {
        let web = connect(Some(web_addr));
        (doctor::space(&data_dir).ok(), connect(shared), web)
    });
    let (disk_free_bytes, connect, web_hint) = seen.await.unwrap_or_default();
    let states = listeners.states().into_values();
    let closed = states.filter_map(|state| match state {
        ListenerState::Open(_) => None,
        ListenerState::Failed(reason) => Some(reason),
    });
    HostReport {
        disk_free_bytes,
        disk: disk_free_bytes.map_or(DiskRoom::Enough, room),
        backup_trouble: backups.and_then(Backups::alarm),
        listeners: closed.collect(),
        connect,
        web: web_hint,
        base_url: web.base_url.clone(),
    }
}

fn room(free_bytes: u64) -> DiskRoom {
    match free_bytes {
        0..limits::DISK_FREE_BYTES_MIN => DiskRoom::NearlyFull,
        limits::DISK_FREE_BYTES_MIN..limits::DISK_FREE_BYTES_FEW => DiskRoom::Low,
        _ => DiskRoom::Enough,
    }
}

/// How others reach a listener, by where it is open.
fn connect(listener: Option<SocketAddr>) -> ConnectHint {
    let Some(address) = listener else {
        return ConnectHint::default();
    };
    let ip = address.ip();
    let hosts = if ip.is_unspecified() {
        doctor::hosts()
    } else {
        vec![Host {
            address: ip.to_string(),
            network: String::new(),
        }]
    };
    ConnectHint {
        hosts,
        port: Some(address.port()),
        only_here: ip.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_type_is_where_the_listener_is() {
        let check = |address: Option<&str>, hosts: &[&str], port, only_here| {
            let hint = connect(address.map(|address| address.parse().unwrap()));
            let told: Vec<_> = hint.hosts.iter().map(|host| &*host.address).collect();
            assert_eq!(told, hosts, "{address:?}");
            assert_eq!(
                (hint.port, hint.only_here),
                (port, only_here),
                "{address:?}"
            );
        };
        check(None, &[], None, false);
        check(Some("127.0.0.1:61611"), &["127.0.0.1"], Some(61_611), true);
        check(Some("192.0.2.7:61611"), &["192.0.2.7"], Some(61_611), false);
        let everywhere = connect(Some("0.0.0.0:61611".parse().unwrap()));
        assert_eq!(everywhere.hosts, doctor::hosts());
        assert!(!everywhere.only_here);
    }

    #[test]
    fn free_space_is_judged_as_the_doctor_does() {
        let check = |free_bytes, expected| assert_eq!(room(free_bytes), expected, "{free_bytes}");
        check(0, DiskRoom::NearlyFull);
        check(199_999_999, DiskRoom::NearlyFull);
        check(200_000_000, DiskRoom::Low);
        check(1_999_999_999, DiskRoom::Low);
        check(2_000_000_000, DiskRoom::Enough);
    }
}
