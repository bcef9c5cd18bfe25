//! `/healthz` and `/readyz`.

use super::Web;
use crate::listen::ListenerState;
use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Value, json};

pub async fn alive() -> &'static str {
    "ok\n"
}

/// Ready while the journal can write; each dependency with its state.
pub async fn ready(State(web): State<Web>) -> (StatusCode, Json<Value>) {
    let journal = web.node.journal.state();
    let full = web.node.journal.is_full();
    let ready = journal.trouble.is_none() && !full;
    let state = match (&journal.trouble, full) {
        (Some(trouble), _) => trouble.clone(),
        (None, true) => "the queue of unjournalled reads is full".to_owned(),
        (None, false) => "ok".to_owned(),
    };
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
        closed if closed.is_empty() => "ok".to_owned(),
        closed => closed.join("; "),
    };
    let mut body = json!({ "ready": ready, "journal": state, "timing": timing });
    // A race goes on without a backup, but not without somebody being told.
    if let Some(backups) = &web.backups {
        body["backup"] = backups.trouble().unwrap_or_else(|| "ok".to_owned()).into();
    }
    (status, Json(body))
}
