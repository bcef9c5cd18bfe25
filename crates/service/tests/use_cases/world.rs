//! What the tests here begin with: a store, a partner with a display, somebody who asks; and what
//! they wait for and are refused with. Knows nothing of what is promised.

use model::{
    BuiltIn, EventId, PartnerId, PersonId, Role, RundownOverrides, ShowMode, TemplatePin,
    UnixMicros,
};
use service::{Caller, ServiceError, authority::node_scope, setup};
use std::{fmt::Debug, sync::Arc, time::Duration};
use store::{Location, NewEvent, OpenMode, Store};
use tempfile::TempDir;

/// An empty one, there for as long as its folder.
pub async fn store() -> (TempDir, Arc<dyn Store>) {
    let folder = tempfile::tempdir().unwrap();
    let file = Location::Sqlite(folder.path().join("gantry.sqlite"));
    let store = store::open(&file, OpenMode::Migrate).await.unwrap();
    (folder, store)
}

/// An event in UTC with nothing in it.
pub async fn event_of(store: &dyn Store, partner: PartnerId) -> EventId {
    let new = NewEvent {
        name: "Willow 10K".to_owned(),
        date: "2026-05-31".to_owned(),
        timezone: "UTC".to_owned(),
    };
    store.create_event(&node_scope(partner), new).await.unwrap()
}

/// A partner with an event, and a display of it.
pub struct Side {
    pub partner: PartnerId,
    pub event: EventId,
    pub display: setup::CreatedDisplay,
}

impl Side {
    /// The display lives a day from `now` on.
    pub async fn new(store: &dyn Store, name: &str, now: UnixMicros) -> Self {
        let shell = &Caller::Shell;
        let partner = setup::create_partner(store, shell, name).await.unwrap();
        let named = partner.to_string();
        let event = setup::create_event(store, shell, &named, "Alder Run", "2026-11-21", "UTC");
        let event = event.await.unwrap();
        setup::create_stream(store, shell, event, "mats", "ctp01", None)
            .await
            .unwrap();
        let new = setup::NewDisplay {
            name: " Finish arch ".to_owned(),
            ..new_display(event, BuiltIn::Arrivals.into())
        };
        let display = setup::create_display(store, shell, new, now).await.unwrap();
        Self {
            partner,
            event,
            display,
        }
    }

    pub fn person(&self, role: Role) -> Caller {
        person(self.partner, role)
    }
}

pub fn person(partner: PartnerId, role: Role) -> Caller {
    Caller::Person {
        person: PersonId("00000000-0000-7000-8000-000000000001".parse().unwrap()),
        email: "bo@example.com".to_owned(),
        partner,
        role,
    }
}

pub fn new_display(event: EventId, template: TemplatePin) -> setup::NewDisplay {
    setup::NewDisplay {
        event,
        name: String::new(),
        mode: ShowMode::Results,
        template,
        rundown: RundownOverrides::default(),
        stream: None,
        points: vec!["FINISH".to_owned()],
        ttl: Duration::from_secs(24 * 3_600),
    }
}

/// Waits for what other tasks do.
pub async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(20), waiting).await;
    assert!(waited.is_ok(), "not within 20 s: {what}");
}

#[track_caller]
pub fn invalid(said: Result<impl Debug, ServiceError>, of: &str, tells: &str) {
    match said {
        Err(ServiceError::Invalid { field, problem }) => {
            assert_eq!(field, of);
            assert!(problem.contains(tells), "{problem}");
        }
        other => panic!("{other:?}"),
    }
}

pub fn is_forbidden(said: &Option<ServiceError>) -> bool {
    matches!(said, Some(ServiceError::Forbidden { .. }))
}

pub fn is_missing(said: &Option<ServiceError>) -> bool {
    matches!(said, Some(ServiceError::NotFound { .. }))
}
