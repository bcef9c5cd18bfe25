//! Own templates: drafts, versions, and the displays that draw with them.

use crate::{
    database::Database,
    world::{NOW, Side, World, new_display, new_template},
};
use model::{
    BuiltIn, DisplayId, Document, Panel, TemplateId, TemplatePin, UnixMicros,
    document::{Axis, Edit, Guide},
};
use store::{
    Draft, DraftSave, NewDisplay, NewTemplate, Publication, ShowChange, Store, StoreError,
    Template, Version, VersionOrigin, limits,
};
use uuid::Uuid;

on_both! {
    a_draft_is_saved_by_who_saw_its_last_state,
    templates_are_listed_with_where_they_are_shown,
    versions_are_numbered_and_keep_what_they_were,
    a_draft_is_kept_before_it_is_changed_after_a_pause,
    publishing_moves_all_displays_or_none,
    a_template_is_for_a_panel_or_none,
    an_archived_template_goes_on_being_shown,
    only_what_is_there_can_be_pinned,
    a_partner_has_only_so_many_templates,
    the_oldest_versions_that_nobody_wants_go,
    two_who_save_at_once_do_not_both_succeed,
}

const LATER: UnixMicros = NOW.plus_ms(60_000);

/// The template with so many guides.
fn guided(count: i32) -> Document {
    let mut document = new_template("").document;
    let guides = (0..count).map(|at_px| Guide {
        axis: Axis::X,
        at_px,
    });
    let layout = 0;
    let guides = guides.collect();
    document.apply(Edit::Guides { layout, guides }).unwrap();
    document
}

fn pin(template: TemplateId, number: u32) -> TemplatePin {
    TemplatePin::Version { template, number }
}

fn publication(revision: u64, displays: &[DisplayId]) -> Publication<'_> {
    Publication {
        revision,
        displays,
        accepted: &[],
        by: "ada@example.com",
        at: LATER,
    }
}

/// Saves without keeping anything.
async fn save(store: &dyn Store, side: &Side, id: TemplateId, base: u64, document: &Document) {
    let save = DraftSave {
        base,
        document,
        by: "ada@example.com",
        at: LATER,
        keep_before: UnixMicros(0),
    };
    let revision = store.save_draft(&side.scope, id, save).await.unwrap();
    assert_eq!(revision, base + 1);
}

async fn made(store: &dyn Store, side: &Side) -> TemplateId {
    let new = new_template("Start");
    store.create_template(&side.scope, new, NOW).await.unwrap()
}

#[track_caller]
fn stale(said: Result<impl std::fmt::Debug, StoreError>, of: &str) {
    assert!(
        matches!(&said, Err(StoreError::Stale { what }) if *what == of),
        "{said:?}"
    );
}

#[track_caller]
fn missing(said: Result<impl std::fmt::Debug, StoreError>, of: &str) {
    assert!(
        matches!(&said, Err(StoreError::NotFound { what }) if *what == of),
        "{said:?}"
    );
}

async fn a_draft_is_saved_by_who_saw_its_last_state(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let scope = &harbour.scope;
    let new = NewTemplate {
        name: " Start arch ".to_owned(),
        ..new_template("")
    };
    let id = store.create_template(scope, new, NOW).await.unwrap();
    let first = Draft {
        id,
        partner: scope.partner(),
        name: "Start arch".to_owned(),
        made_from: BuiltIn::Clock,
        archived: false,
        edited_at: NOW,
        revision: 1,
        accepted: Vec::new(),
        panel: None,
        document: new_template("").document,
    };
    assert_eq!(store.draft(scope, id).await.unwrap(), first);
    let owner = store.owner_of_template(id).await.unwrap();
    assert_eq!(owner, Some(scope.partner()));

    save(&**store, harbour, id, 1, &guided(1)).await;
    let second = Draft {
        edited_at: LATER,
        revision: 2,
        document: guided(1),
        ..first
    };
    assert_eq!(store.draft(scope, id).await.unwrap(), second);
    for base in [1, 3] {
        let save = DraftSave {
            base,
            document: &guided(2),
            by: "",
            at: LATER,
            keep_before: LATER,
        };
        stale(store.save_draft(scope, id, save).await, "template");
    }
    assert_eq!(store.draft(scope, id).await.unwrap(), second);
    assert!(store.versions(scope, id, NOW).await.unwrap().is_empty());

    store.rename_template(scope, id, " Goal ").await.unwrap();
    assert_eq!(store.draft(scope, id).await.unwrap().name, "Goal");
    for name in ["", " ", &"x".repeat(201)] {
        let said = store.rename_template(scope, id, name).await;
        assert!(matches!(said, Err(StoreError::Invalid { .. })), "{said:?}");
    }
    let nothing = TemplateId(Uuid::now_v7());
    assert_eq!(store.owner_of_template(nothing).await.unwrap(), None);
    missing(store.draft(scope, nothing).await, "template");
    let said = store
        .publish_draft(scope, nothing, publication(1, &[]))
        .await;
    missing(said, "template");
    missing(store.rename_template(scope, nothing, "X").await, "template");
    missing(
        store.archive_template(scope, nothing, true).await,
        "template",
    );
}

async fn templates_are_listed_with_where_they_are_shown(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let scope = &harbour.scope;
    let id = made(&**store, harbour).await;
    let listed = async |now| store.templates(scope, now).await.unwrap();
    let first = Template {
        id: harbour.template,
        name: "Finish 2026".to_owned(),
        made_from: BuiltIn::Clock,
        archived: false,
        created_at: NOW,
        edited_at: NOW,
        published: None,
        displays: 1,
    };
    let second = Template {
        id,
        name: "Start".to_owned(),
        displays: 0,
        ..first.clone()
    };
    assert_eq!(listed(NOW).await, [first.clone(), second.clone()]);
    let number = store.publish_draft(scope, id, publication(1, &[])).await;
    assert_eq!(number.unwrap(), 1);
    let published = Template {
        published: Some(1),
        ..second
    };
    assert_eq!(listed(NOW).await, [first.clone(), published]);
    // Neither one that has expired nor one that was ended shows it.
    assert_eq!(listed(harbour.display.expires_at).await[0].displays, 0);
    store.end_display(scope, harbour.display.id).await.unwrap();
    assert_eq!(listed(NOW).await[0].displays, 0);
}

async fn versions_are_numbered_and_keep_what_they_were(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let scope = &harbour.scope;
    let id = made(&**store, harbour).await;
    let publish = async |revision| {
        let number = store.publish_draft(scope, id, publication(revision, &[]));
        number.await.unwrap()
    };
    assert_eq!(publish(1).await, 1);
    assert_eq!(publish(1).await, 1, "nothing changed since");
    let kept = store
        .keep_draft(scope, id, " Friday ", "bo@example.com", NOW)
        .await;
    assert_eq!(kept.unwrap(), 2);
    save(&**store, harbour, id, 1, &guided(1)).await;
    assert_eq!(publish(2).await, 3);
    save(&**store, harbour, id, 2, &guided(0)).await;
    assert_eq!(publish(3).await, 4, "the newest published one is another");
    let stale_publication = store.publish_draft(scope, id, publication(2, &[])).await;
    stale(stale_publication, "template");

    let version = |number, name: &str, made_at, origin| Version {
        number,
        name: name.to_owned(),
        made_at,
        made_by: match origin {
            Named => "bo@example.com",
            _ => "ada@example.com",
        }
        .to_owned(),
        origin,
        displays: 0,
    };
    use VersionOrigin::{Named, Published};
    let expected = [
        version(4, "", LATER, Published),
        version(3, "", LATER, Published),
        version(2, "Friday", NOW, Named),
        version(1, "", LATER, Published),
    ];
    assert_eq!(store.versions(scope, id, NOW).await.unwrap(), expected);
    for (number, guides) in [(1, 0), (2, 0), (3, 1), (4, 0)] {
        let document = store.version_document(scope, id, number).await;
        assert_eq!(document.unwrap(), guided(guides), "{number}");
    }
    for (number, name, expected) in [(1, " Race day ", "Race day"), (2, "", "")] {
        let named = store.name_version(scope, id, number, name).await;
        named.unwrap();
        let versions = store.versions(scope, id, NOW).await.unwrap();
        let found = versions.iter().find(|one| one.number == number).unwrap();
        assert_eq!(found.name, expected);
    }
    missing(store.name_version(scope, id, 5, "X").await, "version");
    missing(store.version_document(scope, id, 5).await, "version");
    let unnamed = store.keep_draft(scope, id, "", "", NOW).await;
    assert!(matches!(unnamed, Err(StoreError::Invalid { .. })));
}

async fn a_draft_is_kept_before_it_is_changed_after_a_pause(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let scope = &harbour.scope;
    let id = made(&**store, harbour).await;
    // Each save with how long it may have been since the last version.
    let mut base = 0;
    let mut check = async |guides, at_ms, kept_ms: i64, versions: &[(u32, i32)]| {
        base += 1;
        let at = NOW.plus_ms(at_ms);
        let save = DraftSave {
            base,
            document: &guided(guides),
            by: "bo@example.com",
            at,
            keep_before: at.plus_ms(-kept_ms),
        };
        store.save_draft(scope, id, save).await.unwrap();
        let kept = store.versions(scope, id, NOW).await.unwrap();
        assert_eq!(kept.len(), versions.len(), "{at_ms}");
        for (number, guides) in versions {
            let document = store.version_document(scope, id, *number).await;
            assert_eq!(document.unwrap(), guided(*guides));
        }
        kept.first().map(|version| version.origin)
    };
    assert_eq!(check(1, 5, 10, &[]).await, None);
    // As it was before that save, when the last one was long ago.
    let origin = check(2, 20, 10, &[(1, 1)]).await;
    assert_eq!(origin, Some(VersionOrigin::Automatic));
    check(3, 25, 10, &[(1, 1)]).await;
    check(4, 40, 10, &[(1, 1), (2, 3)]).await;
    // What is kept already is not kept again.
    let kept = store
        .keep_draft(scope, id, "Mine", "", NOW.plus_ms(41))
        .await;
    assert_eq!(kept.unwrap(), 3);
    check(5, 90, 10, &[(1, 1), (2, 3), (3, 4)]).await;
    check(3, 120, 10, &[(1, 1), (2, 3), (3, 4), (4, 5)]).await;
    // Nor where it is an older one that somebody went back to.
    check(6, 150, 10, &[(1, 1), (2, 3), (3, 4), (4, 5)]).await;
}

async fn publishing_moves_all_displays_or_none(on: Database) {
    let world = World::new(on).await;
    let World { store, harbour, .. } = &world;
    let scope = &harbour.scope;
    let display = async || {
        let new = new_display(harbour.event, harbour.stream, vec![]);
        store.create_display(scope, new).await.unwrap().id
    };
    let (one, other) = (display().await, display().await);
    let id = made(&**store, harbour).await;
    let displays = [one, other];
    let both = publication(1, &displays);
    let accepted = ["small text".to_owned()];
    let accepting = Publication {
        accepted: &accepted,
        ..both
    };
    let number = store.publish_draft(scope, id, accepting).await.unwrap();
    for display in [one, other] {
        let display = store.display(scope, display).await.unwrap();
        assert_eq!(display.template, pin(id, number));
    }
    assert_eq!(store.draft(scope, id).await.unwrap().accepted, accepted);
    let listed = store.templates(scope, NOW).await.unwrap();
    assert_eq!(listed[1].displays, 2);

    save(&**store, harbour, id, 1, &guided(1)).await;
    store.end_display(scope, other).await.unwrap();
    let before = world.home.dump().await;
    let both = publication(2, &displays);
    stale(store.publish_draft(scope, id, both).await, "display");
    let nobody = [one, DisplayId(Uuid::now_v7())];
    let said = store
        .publish_draft(scope, id, publication(2, &nobody))
        .await;
    missing(said, "display");
    let long = ["x".repeat(limits::ACCEPTED_BYTES_MAX)];
    let accepting = Publication {
        accepted: &long,
        ..publication(2, &displays[..1])
    };
    let said = store.publish_draft(scope, id, accepting).await;
    assert!(matches!(said, Err(StoreError::TooMany { .. })), "{said:?}");
    assert_eq!(world.home.dump().await, before);

    let said = store.publish_draft(scope, id, publication(2, &[one])).await;
    assert_eq!(said.unwrap(), 2);
    let shown = async |display| store.display(scope, display).await.unwrap().template;
    assert_eq!(shown(one).await, pin(id, 2));
    assert_eq!(shown(other).await, pin(id, 1));
    // Neither what was ended nor what has expired shows a version.
    let showing = async |now| {
        let versions = store.versions(scope, id, now).await.unwrap();
        versions.iter().map(|one| one.displays).collect::<Vec<_>>()
    };
    assert_eq!(showing(NOW).await, [1, 0]);
    assert_eq!(showing(harbour.display.expires_at).await, [0, 0]);
}

async fn a_template_is_for_a_panel_or_none(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let (scope, id) = (&harbour.scope, harbour.template);
    let before = store.draft(scope, id).await.unwrap();
    let panel = |width_mm, distance_mm| {
        Some(Panel {
            width_mm,
            distance_mm,
        })
    };
    for panel in [panel(4_000, 15_000), panel(u32::MAX, u32::MAX), None] {
        store.set_panel(scope, id, panel).await.unwrap();
        let expected = Draft {
            panel,
            ..before.clone()
        };
        assert_eq!(store.draft(scope, id).await.unwrap(), expected);
    }
    let nothing = TemplateId(Uuid::now_v7());
    missing(store.set_panel(scope, nothing, None).await, "template");
}

async fn an_archived_template_goes_on_being_shown(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let (scope, id) = (&harbour.scope, harbour.template);
    for archived in [true, false] {
        store.archive_template(scope, id, archived).await.unwrap();
        assert_eq!(store.draft(scope, id).await.unwrap().archived, archived);
        assert_eq!(
            store.templates(scope, NOW).await.unwrap()[0].archived,
            archived
        );
        let shown = store.display(scope, harbour.display.id).await.unwrap();
        assert_eq!(shown, harbour.display);
        let document = store.version_document(scope, id, 1).await.unwrap();
        assert_eq!(document, guided(0));
    }
}

async fn only_what_is_there_can_be_pinned(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let (scope, id) = (&harbour.scope, harbour.display.id);
    let change = |pin| ShowChange {
        template: Some(pin),
        ..ShowChange::default()
    };
    let shown = async || store.display(scope, id).await.unwrap().template;
    let built_in = TemplatePin::BuiltIn(BuiltIn::BigType);
    let own = pin(harbour.template, 1);
    for to in [built_in, own, own, built_in] {
        store.update_show(scope, id, change(to)).await.unwrap();
        assert_eq!(shown().await, to);
        assert_eq!(store.all_displays().await.unwrap()[0].template, to);
    }
    for wrong in [pin(harbour.template, 2), pin(TemplateId(Uuid::now_v7()), 1)] {
        let new = NewDisplay {
            template: wrong,
            ..new_display(harbour.event, harbour.stream, vec![])
        };
        for said in [
            store.update_show(scope, id, change(wrong)).await,
            store.create_display(scope, new).await.map(drop),
        ] {
            assert!(
                matches!(said, Err(StoreError::Foreign { what: "template" })),
                "{said:?}"
            );
        }
    }
    assert_eq!(shown().await, built_in);
}

async fn a_partner_has_only_so_many_templates(on: Database) {
    let World {
        store,
        harbour,
        meadow,
        ..
    } = &World::new(on).await;
    // The world has one of each already.
    for _ in 1..limits::TEMPLATES_PER_PARTNER_MAX {
        made(&**store, harbour).await;
    }
    let new = new_template("Another");
    let said = store.create_template(&harbour.scope, new, NOW).await;
    assert!(matches!(said, Err(StoreError::TooMany { .. })), "{said:?}");
    made(&**store, meadow).await;
}

async fn the_oldest_versions_that_nobody_wants_go(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let (scope, display) = (&harbour.scope, &[harbour.display.id]);
    let id = made(&**store, harbour).await;
    let mut revision = 1;
    let mut change = async |keeps: bool| {
        let save = DraftSave {
            base: revision,
            document: &guided(i32::try_from(revision).unwrap()),
            by: "",
            at: LATER,
            keep_before: if keeps { LATER.plus_ms(1) } else { NOW },
        };
        revision = store.save_draft(scope, id, save).await.unwrap();
        revision
    };
    let publish = async |revision, displays: &[DisplayId]| {
        let number = store.publish_draft(scope, id, publication(revision, displays));
        number.await.unwrap()
    };
    let numbers = async || {
        let versions = store
            .versions(scope, id, NOW)
            .await
            .unwrap()
            .into_iter()
            .rev();
        versions.map(|version| version.number).collect::<Vec<_>>()
    };
    assert_eq!(publish(1, display.as_slice()).await, 1);
    // 2 and 3 are automatic, 4 and 5 are published.
    for _ in 0..3 {
        change(true).await;
    }
    assert_eq!(publish(change(false).await, &[]).await, 4);
    assert_eq!(publish(change(false).await, &[]).await, 5);
    let keep = async || store.keep_draft(scope, id, "Mine", "", NOW).await;
    let most = u32::try_from(limits::VERSIONS_PER_TEMPLATE_MAX).unwrap();
    for number in 6..=most {
        assert_eq!(keep().await.unwrap(), number);
    }
    let check = async |gone: &[u32], last: u32| {
        let left: Vec<u32> = (1..=last).filter(|number| !gone.contains(number)).collect();
        assert_eq!(numbers().await, left);
    };
    check(&[], most).await;
    keep().await.unwrap();
    check(&[2], most + 1).await;
    keep().await.unwrap();
    check(&[2, 3], most + 2).await;
    // Then published ones, but for the newest and what a display draws with.
    keep().await.unwrap();
    check(&[2, 3, 4], most + 3).await;
    let said = keep().await;
    assert!(matches!(said, Err(StoreError::TooMany { .. })), "{said:?}");
    // Nobody is kept from saving by it.
    change(false).await;
    change(true).await;
    check(&[2, 3, 4], most + 3).await;
    // A newer one takes the place of what was the newest.
    let newest = publish(change(false).await, &[]).await;
    assert_eq!(newest, most + 4);
    check(&[2, 3, 4, 5], most + 4).await;
}

async fn two_who_save_at_once_do_not_both_succeed(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let id = made(&**store, harbour).await;
    let (one, other) = (guided(1), guided(2));
    let save = |document| DraftSave {
        base: 1,
        document,
        by: "ada@example.com",
        at: LATER,
        keep_before: LATER,
    };
    let (one, other) = tokio::join!(
        store.save_draft(&harbour.scope, id, save(&one)),
        store.save_draft(&harbour.scope, id, save(&other)),
    );
    let (saved, refused) = match one {
        Ok(_) => (one, other),
        Err(_) => (other, one),
    };
    assert_eq!(saved.unwrap(), 2);
    stale(refused, "template");
    let versions = store.versions(&harbour.scope, id, NOW).await.unwrap();
    assert_eq!(versions.len(), 1, "the draft that the template began with");
}
