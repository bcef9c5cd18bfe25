//! Power cuts: what was never synced is lost, in whole or in part and in any order, and what the
//! journal had answered as stored is not.
//!
//! `preload/power.c` keeps beside the data folder what its disk would hold.

use crate::{
    database, device::NewDevice, load::Load, preload, race::Race, seeds, server::Ports,
    server::Server, site::Site,
};
use rand::{RngExt, rngs::StdRng};
use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};
use tokio::time::sleep;

const ROUNDS: u32 = 25;
/// From the moment the server is ready.
const ALIVE_MS_MAX: u64 = 800;
/// A start takes about 50 ms, and 10 ms more for each sync.
const STARTING_MS_MAX: u64 = 150;
/// Between asking what is stored and the cut, so that it also falls into a commit.
const ASKED_MS_MAX: u64 = 20;
const LOCATIONS: [&str; 2] = ["START", "FINISH"];

/// What disks write at once, and a cut does not tear.
const SECTOR_BYTES: usize = 512;
/// As `preload/power.c` marks a file whose name is not on the disk.
const UNNAMED: &str = ".unnamed";

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_as_stored_outlives_the_power() {
    check(Race::on(Site::new())).await;
}

async fn check(race: Race) {
    let mut rng = seeds::rng();
    let disk = Disk::under(&race.site);
    let mut server = disk.serve(&race.site, Ports::any()).await;
    let timing = server.ports.timing;
    let device = NewDevice::named("mat-1", &LOCATIONS).dial(timing);
    let load = Load::start(device, &LOCATIONS, 1, 30);
    let (mut stored, mut unsynced) = (0, 0);
    for round in 1..=ROUNDS {
        sleep(millis(&mut rng, ALIVE_MS_MAX)).await;
        let mut answered = stored + server.counted("gantry_reads_total").await;
        sleep(millis(&mut rng, ASKED_MS_MAX)).await;
        server.kill();
        loop {
            let cut = disk.lose_power(&mut rng);
            unsynced += cut.unsynced;
            stored = disk.reads_on_a_copy().await;
            let told = format!("{answered} reads answered as stored, {stored} there; {cut:?}");
            eprintln!("round {round}: {told}");
            assert!(answered <= stored, "round {round}: {told}");
            if rng.random_bool(0.6) {
                break;
            }
            // And once more, while the server finds out what there is.
            answered = stored;
            let alive = millis(&mut rng, STARTING_MS_MAX);
            disk.cut_while_starting(&race.site, alive).await;
        }
        let http = Ports::any().http;
        server = disk.serve(&race.site, Ports { http, timing }).await;
    }
    let (device, sent) = load.stop().await;
    race.stored(sent.len()).await;
    device.heard_out().await;
    race.assert_stored_once(&sent);
    database::assert_sound(&race.site.database()).await;
    assert!(unsynced > 0, "no cut found anything that was not synced");
}

fn millis(rng: &mut StdRng, end: u64) -> Duration {
    Duration::from_millis(rng.random_range(0..end))
}

/// What the disk under a data folder holds, of all that was written.
struct Disk {
    folder: PathBuf,
    synced: PathBuf,
    copy: PathBuf,
    library: PathBuf,
}

/// What a cut took, in sectors.
#[derive(Debug, Default)]
struct Cut {
    unsynced: usize,
    lost: usize,
}

impl Disk {
    fn under(site: &Site) -> Self {
        // As the system spells it, which is how the library finds out whose file is synced.
        let home = site.folder().canonicalize().unwrap();
        let disk = Self {
            folder: home.join("data"),
            synced: home.join("synced"),
            copy: home.join("copy"),
            library: preload::library(&home, "power", include_str!("preload/power.c")),
        };
        copy_folder(&disk.folder, &disk.synced);
        disk
    }

    async fn serve(&self, site: &Site, ports: Ports) -> Server {
        Server::start(self.command(site), ports).await
    }

    /// A start that comes as far as it does in that time.
    async fn cut_while_starting(&self, site: &Site, alive: Duration) {
        Server::cut_short(self.command(site), alive).await;
    }

    fn command(&self, site: &Site) -> Command {
        let mut command = site.command();
        command
            .args(["--json", "serve"])
            .env("LD_PRELOAD", &self.library)
            .env("POWER_FOLDER", &self.folder)
            .env("POWER_DISK", &self.synced);
        command
    }

    /// The server is gone. Leaves in its folder what the disk holds: all that was synced, and of
    /// the rest none, all or any part, sector by sector.
    fn lose_power(&self, rng: &mut StdRng) -> Cut {
        let luck = match rng.random_range(0..4) {
            0 => 0.0,
            1 => 1.0,
            _ => rng.random_range(0.0..1.0),
        };
        let mut cut = Cut::default();
        for name in names(&self.folder).union(&names(&self.synced)) {
            let text = name.to_str().unwrap();
            if text.ends_with(UNNAMED) || is_for_processes(text) {
                continue;
            }
            let path = self.folder.join(name);
            let written = read(&path);
            let synced = read(&self.synced.join(name)).or_else(|| {
                let unnamed = read(&self.synced.join(format!("{text}{UNNAMED}")));
                unnamed.filter(|_| rng.random_bool(luck))
            });
            let left = match (synced, written) {
                (Some(synced), Some(written)) => Some(mix(synced, &written, luck, rng, &mut cut)),
                // Deleted, and that was not synced.
                (Some(synced), None) => (!rng.random_bool(luck)).then_some(synced),
                (None, Some(written)) => rng
                    .random_bool(luck)
                    .then(|| mix(Vec::new(), &written, luck, rng, &mut cut)),
                (None, None) => None,
            };
            match left {
                Some(left) => fs::write(path, left).unwrap(),
                None if path.exists() => fs::remove_file(path).unwrap(),
                None => {}
            }
        }
        copy_folder(&self.folder, &self.synced);
        cut
    }

    /// How many reads the folder holds, before a server or a device can add to them.
    async fn reads_on_a_copy(&self) -> u64 {
        copy_folder(&self.folder, &self.copy);
        database::assert_sound(&self.copy.join("gantry.sqlite")).await
    }
}

/// The lock of the folder and the index of the log: neither means anything to the next process,
/// which therefore finds them as the last one left them.
fn is_for_processes(name: &str) -> bool {
    name == "gantry.lock" || name.ends_with("-shm")
}

/// What was synced, with such sectors of what was written since as had the luck.
fn mix(synced: Vec<u8>, written: &[u8], luck: f64, rng: &mut StdRng, cut: &mut Cut) -> Vec<u8> {
    let mut left = synced;
    if written.len() < left.len() && rng.random_bool(luck) {
        left.truncate(written.len());
    }
    for (place, sector) in written.chunks(SECTOR_BYTES).enumerate() {
        let at = place * SECTOR_BYTES;
        let end = at + sector.len();
        if left.get(at..end) == Some(sector) {
            continue;
        }
        cut.unsynced += 1;
        if !rng.random_bool(luck) {
            cut.lost += 1;
            continue;
        }
        if left.len() < end {
            left.resize(end, 0);
        }
        left[at..end].copy_from_slice(sector);
    }
    left
}

fn names(folder: &Path) -> BTreeSet<OsString> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name()).collect()
}

fn read(path: &Path) -> Option<Vec<u8>> {
    match fs::read(path) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => panic!("{}: {error}", path.display()),
    }
}

/// Makes `to` a copy of `from`, whatever it was before.
fn copy_folder(from: &Path, to: &Path) {
    if to.exists() {
        fs::remove_dir_all(to).unwrap();
    }
    fs::create_dir(to).unwrap();
    for name in names(from) {
        fs::copy(from.join(&name), to.join(&name)).unwrap();
    }
}
