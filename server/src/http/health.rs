//! `/healthz` and `/readyz`.

use super::Web;
use crate::{limits, listen::ListenerState};
use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use store::Store;
use tokio::time::timeout;

/// The state of what is well.
const OK: &str = "ok";

pub async fn alive() -> &'static str {
    "ok\n"
}

/// Ready while the database answers and the journal can write; each dependency with its state.
pub async fn ready(State(web): State<Web>) -> (StatusCode, Json<Value>) {
    let journal = web.node.journal.state();
    let state = if let Some(trouble) = journal.trouble {
        trouble
    } else if web.node.journal.is_full() {
        "the queue of unjournalled reads is full".to_owned()
    } else {
        asked(web.node.store()).await
    };
    let ready = state == OK;
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    // A port that another program holds keeps neither the web nor other ports from working.
    let states = web.listeners.states().into_values();
    let closed = states.filter_map(|state| match state {
        ListenerState::Open(_) => None,
        ListenerState::Failed(reason) => Some(reason),
    });
    let timing = match closed.collect::<Vec<_>>() {
        closed if closed.is_empty() => OK.to_owned(),
        closed => closed.join("; "),
    };
    let mut body = json!({ "ready": ready, "journal": state, "timing": timing });
    // A race goes on without a backup, but not without somebody being told.
    if let Some(backups) = &web.backups {
        body["backup"] = backups.trouble().unwrap_or_else(|| "ok".to_owned()).into();
    }
    (status, Json(body))
}

/// The journal notices only what reads bring it to, and before the start none come.
async fn asked(store: &dyn Store) -> String {
    let limit = Duration::from_millis(limits::READY_MS_MAX);
    match timeout(limit, store.last_change()).await {
        Ok(Ok(_)) => OK.to_owned(),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "the database does not answer in time; check that it runs".to_owned(),
    }
}
