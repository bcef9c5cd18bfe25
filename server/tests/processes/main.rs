//! Gantry as it runs on race morning: the binary in processes of its own, timing devices and
//! screens on real sockets, and the faults that happen there.
//!
//! Every test has its own data folder and ports, so they run side by side. Nothing here waits for
//! a time to pass where it could wait for what should happen.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "in a test a failed unwrap is the failure"
)]

/// Each of these tests on an install that stores in a file, and on one that stores in PostgreSQL.
macro_rules! on_both {
    ($($test:ident),* $(,)?) => {$(
        mod $test {
            use crate::site::Site;

            #[tokio::test(flavor = "multi_thread")]
            async fn on_sqlite() {
                super::$test(Site::new()).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgres() {
                super::$test(Site::on_postgres()).await;
            }
        }
    )*};
}

mod browser;
mod database;
mod device;
mod load;
mod postgres;
#[cfg(target_os = "linux")]
mod preload;
mod race;
mod screen;
mod seeds;
mod server;
mod site;
#[cfg(target_os = "linux")]
mod small_cluster;
#[cfg(target_os = "linux")]
mod small_disk;
mod studio;
mod wait;
mod wire;

mod alarms;
mod backup_schedule;
#[cfg(target_os = "linux")]
mod backup_tools;
mod backups;
mod backups_postgres;
mod claims;
#[cfg(target_os = "linux")]
mod clock_steps;
mod commands;
mod crashes;
mod damage;
mod damage_at_work;
mod database_away;
mod doctor;
mod folders;
#[cfg(target_os = "linux")]
mod full_disk;
#[cfg(target_os = "linux")]
mod full_disk_postgres;
mod kills;
mod left_pages;
mod locked;
mod logins;
mod messages;
#[cfg(target_os = "linux")]
mod open_files;
mod pauses;
mod ports;
#[cfg(target_os = "linux")]
mod power;
mod resistance;
mod rewinds;
mod scrapes;
mod screens;
mod sessions;
mod spellings;
mod templates;
