//! Templates looked over with the people of an event, and published by who has seen what was found.

use crate::world::{event_of, is_forbidden, person, store};
use model::{
    BuiltIn, EventId, Panel, PartnerId, Role, TemplateId, UnixMicros,
    document::{Edit, Property, ScenePath},
};
use service::{
    Caller, ServiceError, StoreError, roster, setup,
    template::{self, Audience, Checked, NewTemplate, Publish, Published, Source},
};
use std::sync::Arc;
use store::Store;
use tempfile::TempDir;

const NOW: UnixMicros = UnixMicros(1_795_000_000_000_000);

const ROSTER: &str = "bib,first_name,last_name,city\n1,Ada,Pendlebury,Lower Heath\n\
    2,Maximiliane Evangeline,Featherstonehaugh-Cholmondeley-Wintergreen-Ashby-Montgomery,Żółć\n";

struct World {
    _folder: TempDir,
    store: Arc<dyn Store>,
    partner: PartnerId,
    event: EventId,
    template: TemplateId,
}

impl World {
    /// With a template like `big-type`.
    async fn new() -> Self {
        let (folder, store) = store().await;
        let (partner, event) = side(&*store, "Alder Timing").await;
        let new = NewTemplate {
            name: "Arch".to_owned(),
            from: Source::BuiltIn(BuiltIn::BigType),
        };
        let template = template::create_template(&*store, &Caller::Shell, event, new, NOW).await;
        Self {
            _folder: folder,
            store,
            partner,
            event,
            template: template.unwrap(),
        }
    }

    fn person(&self, role: Role) -> Caller {
        person(self.partner, role)
    }

    fn audience(&self, lite_screens: u32) -> Audience {
        Audience {
            event: self.event,
            lite_screens,
        }
    }

    async fn checked(&self) -> Checked {
        let viewer = self.person(Role::Viewer);
        let audience = self.audience(0);
        let checked =
            template::lint_template(&*self.store, &viewer, self.template, audience, NOW).await;
        checked.unwrap()
    }

    /// The keys of what is found, and which version it is where nothing is asked.
    async fn publish(&self, accepted: &[String]) -> Result<u32, Vec<String>> {
        let director = self.person(Role::Director);
        let publish = Publish {
            revision: self.checked().await.revision,
            accepted: accepted.to_vec(),
            ..Publish::default()
        };
        let (store, id, audience) = (&*self.store, self.template, self.audience(0));
        let done = template::publish_checked(store, &director, id, audience, publish, NOW).await;
        match done.unwrap() {
            Published::Version(number) => Ok(number),
            Published::Asks(found) => Err(found.iter().map(model::Finding::key).collect()),
        }
    }

    /// Hides an element of the scene `runner`, or shows it again.
    async fn hide(&self, id: &str, hidden: bool) {
        let director = self.person(Role::Director);
        let edit = Edit::Set {
            scene: ScenePath {
                layout: 0,
                scene: "runner".to_owned(),
            },
            id: id.to_owned(),
            to: Property::Hidden(hidden),
        };
        let base = self.checked().await.revision;
        let (store, id) = (&*self.store, self.template);
        let saved = template::save_template(store, &director, id, base, vec![edit], NOW).await;
        saved.unwrap();
    }
}

/// A partner with an event that has a roster.
async fn side(store: &dyn Store, name: &str) -> (PartnerId, EventId) {
    let shell = &Caller::Shell;
    let partner = setup::create_partner(store, shell, name).await.unwrap();
    let event = event_of(store, partner).await;
    roster::import(store, shell, event, ROSTER.as_bytes())
        .await
        .unwrap();
    (partner, event)
}

const LOGO: &str = "missing-image 0/resting/logo";
const NAME: &str = "does-not-fit 0/runner/name";

#[tokio::test]
async fn a_finding_is_asked_about_once_until_it_is_mended_and_comes_back() {
    let world = World::new().await;
    let found = world.checked().await.findings;
    let keys: Vec<_> = found.iter().map(model::Finding::key).collect();
    assert_eq!(keys, [LOGO, NAME]);
    let logo = LOGO.to_owned();
    let name = NAME.to_owned();

    assert_eq!(
        world.publish(&[]).await,
        Err(vec![logo.clone(), name.clone()])
    );
    // Whoever has seen the one has not seen the other.
    let both = vec![logo.clone(), name.clone()];
    assert_eq!(world.publish(&both[..1]).await, Err(both));
    assert_eq!(world.publish(&[logo, name.clone()]).await, Ok(1));
    assert_eq!(world.checked().await.accepted, [LOGO, NAME]);
    assert_eq!(world.publish(&[]).await, Ok(1));

    world.hide("name", true).await;
    assert_eq!(world.publish(&[]).await, Ok(2));
    assert_eq!(world.checked().await.accepted, [LOGO]);
    world.hide("name", false).await;
    assert_eq!(world.publish(&[]).await, Err(vec![name]));
}

#[tokio::test]
async fn sizes_are_judged_once_the_panel_is_known() {
    let world = World::new().await;
    let (store, id) = (&*world.store, world.template);
    let director = world.person(Role::Director);
    let too_small = async || {
        let found = world.checked().await.findings;
        let keys = found.iter().map(model::Finding::key);
        keys.filter(|key| key.starts_with("too-small")).count()
    };
    let set = async |width_mm, distance_mm| {
        let panel = Panel {
            width_mm,
            distance_mm,
        };
        template::set_panel(store, &director, id, Some(panel)).await
    };
    assert_eq!(too_small().await, 0);
    set(6_000, 5_000).await.unwrap();
    assert_eq!(too_small().await, 0);
    set(1_000, 60_000).await.unwrap();
    assert!(too_small().await > 0);
    template::set_panel(store, &director, id, None)
        .await
        .unwrap();
    assert_eq!(too_small().await, 0);

    let refuse = async |width_mm, distance_mm, of: &str| {
        let error = set(width_mm, distance_mm).await.unwrap_err();
        assert!(
            matches!(&error, ServiceError::Invalid { field, .. } if *field == of),
            "{error}"
        );
    };
    refuse(49, 1_000, "width").await;
    refuse(u32::MAX, 1_000, "width").await;
    refuse(1_000, 0, "distance").await;
    refuse(1_000, 2_000_001, "distance").await;
}

#[tokio::test]
async fn only_who_may_publish_is_asked_and_only_of_their_own() {
    let world = World::new().await;
    let (store, id) = (&*world.store, world.template);
    let (theirs, their_event) = side(store, "Birch Timing").await;
    let publish = || Publish {
        revision: 1,
        ..Publish::default()
    };
    let viewer = world.person(Role::Viewer);
    let audience = world.audience(0);
    let said = [
        template::publish_checked(store, &viewer, id, audience, publish(), NOW)
            .await
            .err(),
        template::set_panel(store, &viewer, id, None).await.err(),
    ];
    for said in said {
        assert!(is_forbidden(&said), "{said:?}");
    }
    let stranger = person(theirs, Role::Owner);
    let of_theirs = Audience {
        event: their_event,
        lite_screens: 0,
    };
    let mut said = vec![template::set_panel(store, &stranger, id, None).await.err()];
    // Nor with one of the two, whoever asks.
    let owner = world.person(Role::Owner);
    for (caller, audience) in [
        (&stranger, audience),
        (&stranger, of_theirs),
        (&owner, of_theirs),
        (&Caller::Shell, of_theirs),
    ] {
        let checked = template::lint_template(store, caller, id, audience, NOW).await;
        said.push(checked.err());
        let done = template::publish_checked(store, caller, id, audience, publish(), NOW).await;
        said.push(done.err());
    }
    for said in said {
        let missing = matches!(
            said,
            Some(ServiceError::NotFound { .. } | ServiceError::Store(StoreError::NotFound { .. }))
        );
        assert!(missing, "{said:?}");
    }
}

#[tokio::test]
async fn what_was_changed_meanwhile_is_not_published() {
    let world = World::new().await;
    let director = world.person(Role::Director);
    world.hide("name", true).await;
    let publish = Publish {
        revision: 1,
        accepted: vec![LOGO.to_owned()],
        ..Publish::default()
    };
    let (store, id, audience) = (&*world.store, world.template, world.audience(0));
    let done = template::publish_checked(store, &director, id, audience, publish, NOW).await;
    let stale = matches!(done, Err(ServiceError::Store(StoreError::Stale { .. })));
    assert!(stale, "{done:?}");
}
