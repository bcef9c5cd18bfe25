//! `gantry user`: people who log in, made and rescued without a browser.

use super::{Out, open_store};
use crate::{limits, settings::Settings};
use anyhow::{Context, bail};
use clap::Subcommand;
use model::Role;
use serde_json::json;
use service::{Caller, Clock, account};
use std::io::{BufRead, IsTerminal, Read, stdin};
use store::OpenMode;

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Make somebody who can log in. The password is the first line of standard input.
    Create {
        /// Name or id of the partner whom they act for.
        #[arg(long)]
        partner: String,
        #[arg(long)]
        email: String,
        /// `viewer` sees everything, `director` runs events, `owner` decides besides who else may.
        #[arg(long)]
        role: Role,
    },
    /// Give somebody a role for one more partner, or another role.
    Role {
        /// Name or id of the partner.
        #[arg(long)]
        partner: String,
        #[arg(long)]
        email: String,
        /// `viewer`, `director` or `owner`.
        #[arg(long)]
        role: Role,
    },
    /// Give somebody a new password, the first line of standard input, and log them out everywhere.
    Reset {
        #[arg(long)]
        email: String,
    },
}

pub async fn user(command: UserCommand, settings: &Settings, out: Out) -> anyhow::Result<()> {
    let store = open_store(settings, OpenMode::Migrate).await?;
    let (store, caller) = (&*store, &Caller::Shell);
    match command {
        UserCommand::Create {
            partner,
            email,
            role,
        } => {
            let password = read_password()?;
            let now = Clock::start().now();
            let id = account::create_person(store, caller, &partner, &email, role, &password, now)
                .await?;
            out.line(&format!("user {id}"), &json!({ "id": id }))
        }
        UserCommand::Role {
            partner,
            email,
            role,
        } => {
            let id = account::set_role(store, caller, &partner, &email, role).await?;
            out.line(&format!("they are {role} now"), &json!({ "id": id }))
        }
        UserCommand::Reset { email } => {
            let password = read_password()?;
            let id = account::reset_password(store, caller, &email, &password).await?;
            let text = "the password is changed; they have to log in again everywhere";
            out.line(text, &json!({ "id": id }))
        }
    }
}

/// One line, never an argument: those stand in the shell's history and in every list of processes.
fn read_password() -> anyhow::Result<String> {
    let input = stdin();
    if input.is_terminal() {
        eprintln!("Password (it is shown as you type):");
    }
    let mut line = String::new();
    let mut bounded = input.lock().take(limits::PASSWORD_LINE_BYTES_MAX);
    bounded
        .read_line(&mut line)
        .context("the password cannot be read from standard input")?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        bail!("there is no password; give it as a line on standard input");
    }
    Ok(password.to_owned())
}
