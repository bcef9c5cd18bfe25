//! `gantry doctor`: what is wrong with this install, and what to do about it.
//!
//! Looks and judges; changes nothing and leaves nothing behind. Each file below has one thing to
//! look at, with its judgement as a pure function. Whatever may hang has a limit.

mod addresses;
mod backups;
mod clock;
mod database;
mod disk;
mod folder;
mod open_files;
mod ports;
mod report;
mod setup;

pub use addresses::hosts;
pub use disk::space;

use crate::{
    cli::Out, data_folder::Holder, limits, settings::Settings, threads::within_ms as on_thread,
};
use addresses::Network;
use ports::{Bound, Web};
use report::{Finding, Report};
use std::{path::PathBuf, process::ExitCode};

/// Looks at everything that these settings name. Where they could not be read, only that is told.
pub async fn run(
    settings: anyhow::Result<Settings>,
    settings_file: PathBuf,
    out: Out,
) -> anyhow::Result<ExitCode> {
    let findings = match settings {
        Ok(settings) => look(&settings, settings_file).await,
        Err(error) => vec![setup::unreadable(&error)],
    };
    let report = Report::of(findings);
    out.line(&report.to_string(), &report)?;
    Ok(if report.ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn look(settings: &Settings, settings_file: PathBuf) -> Vec<Finding> {
    // Named from the root, so that nobody has to know where "here" is.
    let data_dir = std::path::absolute(&settings.data_dir);
    let data_dir = data_dir.unwrap_or_else(|_| settings.data_dir.clone());
    let settings = &Settings {
        data_dir: data_dir.clone(),
        ..settings.clone()
    };
    let (folder, web) = tokio::join!(
        on_thread(limits::DOCTOR_FOLDER_MS_MAX, move || folder::look(
            &data_dir
        )),
        ports::ask_web(settings.http_addr),
    );
    let holder = folder
        .as_ref()
        .map_or(Holder::Unknown, |folder| folder.holder.clone());
    let mut findings = vec![setup::judge(&setup::look(settings, settings_file))];
    match folder {
        None => findings.push(folder::silent(&settings.data_dir)),
        Some(folder) => {
            findings.push(folder::judge(&folder));
            if folder.is_there() {
                findings.push(database::judge(&database::look(settings).await));
            } else if folder.can_be_made() {
                findings.push(database::judge(&database::Look::Nothing));
            }
            if let Some(base) = folder.base {
                let base_of_speed = base.clone();
                let (space, speed) = tokio::join!(
                    on_thread(limits::DOCTOR_FOLDER_MS_MAX, move || space(&base)),
                    on_thread(limits::DOCTOR_FOLDER_MS_MAX, move || {
                        disk::speed(&base_of_speed)
                    }),
                );
                findings.push(disk::judge_space(space));
                findings.push(disk::judge_speed(speed));
            }
        }
    }
    let (backups, means) = tokio::join!(
        backups::look(settings, &holder),
        backups::look_for_means(settings),
    );
    findings.push(backups::judge(&backups));
    findings.extend(
        means
            .as_ref()
            .map(|means| backups::judge_means(settings, means)),
    );
    let timing = ports::try_timing(settings.timing_addr, &holder).await;
    let network = addresses::look(settings, &web).await;
    let place = findings.len();
    findings.extend(judge_network(settings, &holder, &web, &timing, &network));
    findings.extend(open_files::look(&holder).map(open_files::judge));
    // Read last, so that the time shown is that of the moment in which it is read.
    findings.insert(place, clock::judge(&clock::look()));
    findings
}

fn judge_network(
    settings: &Settings,
    holder: &Holder,
    web: &Web,
    timing: &Bound,
    network: &Network,
) -> [Finding; 4] {
    [
        ports::judge_web(settings.http_addr, web, holder),
        ports::judge_timing(settings.timing_addr, timing, web, holder),
        addresses::judge_screens(settings, network),
        addresses::judge_timing(settings.timing_addr, network),
    ]
}
