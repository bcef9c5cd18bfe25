//! Who may do what, over a real store: each use case as somebody of another partner, as somebody
//! who may only look, and as somebody who may.

use crate::world;
use model::{BuiltIn, EventId, PartnerId, Role, RundownOverrides, ShowMode, StreamId};
use service::{
    Accounts, Caller, Clock, ServiceError,
    account::{self, SetUp, SetUpProof, Token},
    export, roster, setup,
};
use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::Duration,
};
use store::{BibRule, Store};
use tempfile::TempDir;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
const PASSWORD: &str = "correct horse battery";

struct Install {
    _folder: TempDir,
    store: Arc<dyn Store>,
    accounts: Accounts,
}

impl Install {
    async fn new() -> Self {
        let (folder, store) = world::store().await;
        Self {
            _folder: folder,
            accounts: Accounts::new(Arc::clone(&store), Clock::start()),
            store,
        }
    }

    async fn partner(&self, name: &str) -> PartnerId {
        let made = setup::create_partner(&*self.store, &Caller::Shell, name).await;
        made.unwrap()
    }

    async fn caller(&self, partner: &str, role: Role) -> Caller {
        let (store, now) = (&*self.store, Clock::start().now());
        let email = format!("{role}@{}.example", partner.replace(' ', "-"));
        account::create_person(store, &Caller::Shell, partner, &email, role, PASSWORD, now)
            .await
            .unwrap();
        let token = self.accounts.log_in(HERE, &email, PASSWORD).await.unwrap();
        let caller = self.accounts.authenticate(&token).await.unwrap().unwrap();
        assert_eq!(caller.name(), email);
        caller
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Yes,
    Forbidden,
    NotFound,
}

fn said<T>(answer: Result<T, ServiceError>) -> Said {
    match answer.map(drop) {
        Ok(()) => Said::Yes,
        Err(ServiceError::Forbidden { .. } | ServiceError::OperatorOnly) => Said::Forbidden,
        Err(ServiceError::NotFound { .. }) => Said::NotFound,
        Err(other) => panic!("{other}"),
    }
}

/// What each use case says to that caller, by its name.
async fn all(
    store: &dyn Store,
    caller: &Caller,
    partner: &str,
    event: EventId,
    stream: StreamId,
) -> Vec<(&'static str, Said)> {
    let now = Clock::start().now();
    let suffix = caller.name();
    let name = |of: &str| format!("{of} of {suffix}");
    let display = setup::NewDisplay {
        name: String::new(),
        event,
        mode: ShowMode::Results,
        template: BuiltIn::Arrivals.into(),
        rundown: RundownOverrides::default(),
        stream: Some(stream),
        points: vec!["FINISH".to_owned()],
        ttl: Duration::from_secs(60),
    };
    let map = setup::map_location(store, caller, stream, "MAT", "FINISH").await;
    let rename = setup::rename_point(store, caller, event, "FINISH", "FINISH").await;
    let run = name("Run");
    let create = setup::create_event(store, caller, partner, &run, "2026-05-31", "UTC");
    let csv = export::Format::Csv;
    vec![
        ("map a location", said(map)),
        ("rename a point", said(rename)),
        ("create an event", said(create.await)),
        (
            "set the bib rule",
            said(setup::set_bib_rule(store, caller, event, BibRule::Auto).await),
        ),
        (
            "create a stream",
            said(setup::create_stream(store, caller, event, &name("S"), "ctp01", None).await),
        ),
        (
            "update a stream",
            said(setup::update_stream(store, caller, stream, None, Some(5), None).await),
        ),
        (
            "import a roster",
            said(roster::import(store, caller, event, b"bib,first_name\n7,Ana\n").await),
        ),
        (
            "create a display",
            said(setup::create_display(store, caller, display, now).await),
        ),
        (
            "list streams",
            said(setup::stream_list(store, caller, event).await),
        ),
        (
            "export reads",
            said(export::reads(store, caller, event, csv, &mut Vec::new()).await),
        ),
    ]
}

#[tokio::test]
async fn every_use_case_looks_at_who_asks() {
    const LOOKS: [&str; 2] = ["list streams", "export reads"];
    let install = Install::new().await;
    let store = &*install.store;
    let shell = &Caller::Shell;
    for name in ["Alder Timing", "Birch Timing"] {
        install.partner(name).await;
    }
    let event = setup::create_event(store, shell, "Alder Timing", "Run", "2026-05-31", "UTC");
    let event = event.await.unwrap();
    let stream = setup::create_stream(store, shell, event, "Mats", "ctp01", None);
    let stream = stream.await.unwrap();

    let owner = install.caller("Alder Timing", Role::Owner).await;
    let director = install.caller("Alder Timing", Role::Director).await;
    let viewer = install.caller("Alder Timing", Role::Viewer).await;
    let foreign = install.caller("Birch Timing", Role::Owner).await;
    for caller in [shell, &owner, &director] {
        for (use_case, answer) in all(store, caller, "Alder Timing", event, stream).await {
            assert_eq!(answer, Said::Yes, "{use_case} {caller:?}");
        }
    }
    for (use_case, answer) in all(store, &viewer, "Alder Timing", event, stream).await {
        let expected = if LOOKS.contains(&use_case) {
            Said::Yes
        } else {
            Said::Forbidden
        };
        assert_eq!(answer, expected, "{use_case}");
    }
    for (use_case, answer) in all(store, &foreign, "Alder Timing", event, stream).await {
        assert_eq!(answer, Said::NotFound, "{use_case}");
    }
    // What is not there and what is another's are told in the same words.
    let nobodys = EventId("00000000-0000-7000-8000-000000000000".parse().unwrap());
    let told = async |event: EventId| {
        let error = setup::stream_list(store, &foreign, event)
            .await
            .unwrap_err();
        error.to_string().replace(&event.to_string(), "ID")
    };
    assert_eq!(told(event).await, told(nobodys).await);

    for caller in [&owner, &foreign] {
        let made = setup::create_partner(store, caller, "Cedar Timing").await;
        assert_eq!(said(made), Said::Forbidden);
        let email = "owner@Alder-Timing.example";
        let reset = account::reset_password(store, caller, email, PASSWORD).await;
        assert_eq!(said(reset), Said::Forbidden);
        let role = account::set_role(store, caller, "Alder Timing", email, Role::Owner).await;
        assert_eq!(said(role), Said::Forbidden);
    }
}

#[tokio::test]
async fn the_set_up_is_done_once_and_proved() {
    let install = Install::new().await;
    let accounts = &install.accounts;
    assert!(!accounts.is_set_up().await.unwrap());
    let code = accounts.setup_code();
    let wanted = |proof| SetUp {
        partner: "Alder Timing",
        email: "ada@example.com",
        password: PASSWORD,
        proof,
    };
    let refused = accounts
        .set_up(HERE, wanted(SetUpProof::Code(&code[1..])))
        .await;
    assert!(matches!(refused, Err(ServiceError::WrongSetUpCode)));
    assert!(!install.store.any_person().await.unwrap());
    let token = accounts.set_up(HERE, wanted(SetUpProof::Code(&code))).await;
    let caller = accounts
        .authenticate(&token.unwrap())
        .await
        .unwrap()
        .unwrap();
    assert!(matches!(
        caller,
        Caller::Person {
            role: Role::Owner,
            ..
        }
    ));
    assert!(accounts.is_set_up().await.unwrap());
    for proof in [SetUpProof::Code(&code), SetUpProof::SameComputer] {
        let again = accounts.set_up(HERE, wanted(proof)).await;
        assert!(matches!(again, Err(ServiceError::SetUpAlready)));
    }
}

/// Whoever the shell makes while the server runs is the first; no browser may be it then.
#[tokio::test]
async fn somebody_made_at_the_shell_ends_the_set_up() {
    let install = Install::new().await;
    assert!(!install.accounts.is_set_up().await.unwrap());
    install.partner("Alder Timing").await;
    install.caller("Alder Timing", Role::Viewer).await;
    let wanted = SetUp {
        partner: "Birch Timing",
        email: "ada@example.com",
        password: PASSWORD,
        proof: SetUpProof::SameComputer,
    };
    let refused = install.accounts.set_up(HERE, wanted).await;
    assert!(matches!(refused, Err(ServiceError::SetUpAlready)));
}

#[tokio::test]
async fn a_token_that_nobody_gave_is_nobodys() {
    let install = Install::new().await;
    let made_up: Token = "0f".repeat(32).parse().unwrap();
    let accounts = &install.accounts;
    assert_eq!(accounts.authenticate(&made_up).await.unwrap(), None);
    accounts.log_out(&made_up).await.unwrap();
}
