//! Own templates over a real store: what they are made from, who may change them, and that a
//! running node shows what is published.

use crate::world::{self, Side, invalid, is_forbidden, is_missing, new_display, until};
use live::Shown;
use model::{
    BuiltIn, DisplayCode, DisplayId, Document, Role, TemplateId, TemplatePin, UnixMicros,
    document::{Axis, Canvas, Edit, Guide, Subject},
    socket::ServerMessage,
};
use service::{
    Caller, Clock, Node, OperatorCommand, ServiceError, limits, setup,
    template::{self, NewTemplate, Publish, Source, What},
};
use std::sync::Arc;
use store::{ShowChange, Store, StoreError, VersionOrigin};
use tempfile::TempDir;

const NOW: UnixMicros = UnixMicros(1_800_000_000_000_000);
const MINUTE_MS: i64 = 60_000;

struct World {
    _folder: TempDir,
    store: Arc<dyn Store>,
    alder: Side,
    birch: Side,
}

impl World {
    async fn new() -> Self {
        let (folder, store) = world::store().await;
        let now = Clock::start().now();
        Self {
            alder: Side::new(&*store, "Alder Timing", now).await,
            birch: Side::new(&*store, "Birch Timing", now).await,
            store,
            _folder: folder,
        }
    }

    /// One of Alder's.
    async fn made(&self, name: &str, from: Source) -> Result<TemplateId, ServiceError> {
        let new = NewTemplate {
            name: name.to_owned(),
            from,
        };
        let director = self.alder.person(Role::Director);
        template::create_template(&*self.store, &director, self.alder.event, new, NOW).await
    }

    /// One that is still the built-in clock.
    async fn arch(&self) -> TemplateId {
        let clock = Source::BuiltIn(BuiltIn::Clock);
        self.made("Arch", clock).await.unwrap()
    }

    async fn draft(&self, id: TemplateId) -> (u64, Document) {
        let viewer = self.alder.person(Role::Viewer);
        let draft = template::open_template(&*self.store, &viewer, id).await;
        let draft = draft.unwrap();
        (draft.revision, draft.document)
    }

    /// Saves on what is there.
    async fn save(&self, id: TemplateId, edits: Vec<Edit>, now: UnixMicros) -> u64 {
        let director = self.alder.person(Role::Director);
        let (base, _) = self.draft(id).await;
        let saved = template::save_template(&*self.store, &director, id, base, edits, now);
        saved.await.unwrap()
    }

    async fn publish(&self, id: TemplateId, displays: Vec<DisplayId>) -> u32 {
        let director = self.alder.person(Role::Director);
        let publish = Publish {
            revision: self.draft(id).await.0,
            displays,
            accepted: Vec::new(),
        };
        let published = template::publish_template(&*self.store, &director, id, publish, NOW);
        published.await.unwrap()
    }

    async fn named(&self, text: &str) -> Result<TemplatePin, ServiceError> {
        let event = self.alder.event;
        template::pin_named(&*self.store, &Caller::Shell, event, text, NOW).await
    }
}

/// So many of them on the first layout.
fn guides(count: i32) -> Edit {
    let guides = (0..count).map(|at_px| Guide {
        axis: Axis::Y,
        at_px,
    });
    Edit::Guides {
        layout: 0,
        guides: guides.collect(),
    }
}

fn version(template: TemplateId, number: u32) -> TemplatePin {
    TemplatePin::Version { template, number }
}

#[tokio::test]
async fn a_template_begins_with_what_was_chosen() {
    let world = World::new().await;
    let first = Source::BuiltIn(BuiltIn::BigType);
    let first = world.made(" Arch ", first).await.unwrap();
    let document = BuiltIn::BigType.document();
    assert_eq!(&world.draft(first).await.1, document);
    assert_eq!(world.publish(first, Vec::new()).await, 1);
    world.save(first, vec![guides(3)], NOW).await;

    let check = async |from, expected: Document, made_from: BuiltIn| {
        let id = world.made("Another", from).await.unwrap();
        let viewer = world.alder.person(Role::Viewer);
        let draft = template::open_template(&*world.store, &viewer, id).await;
        let draft = draft.unwrap();
        assert_eq!((draft.revision, draft.made_from), (1, made_from));
        assert_eq!(draft.document, expected);
    };
    let mut changed = document.clone();
    changed.edited(guides(3)).unwrap();
    check(Source::Draft(first), changed.clone(), BuiltIn::BigType).await;
    let number = 1;
    let template = first;
    let from = Source::Version { template, number };
    check(from, document.clone(), BuiltIn::BigType).await;

    let director = world.alder.person(Role::Director);
    let name = "Arch, copied".to_owned();
    let copy = template::duplicate_template(&*world.store, &director, first, name, NOW).await;
    assert_eq!(world.draft(copy.unwrap()).await.1, changed);

    let canvas = |width_px, height_px| Canvas {
        width_px,
        height_px,
    };
    for (subject, canvas, made_from) in [
        (Subject::Runner, canvas(1_920, 1_080), BuiltIn::FinishWide),
        (Subject::Runner, canvas(1_080, 1_920), BuiltIn::FinishTall),
        (Subject::Arrivals, canvas(800, 600), BuiltIn::Arrivals),
        (Subject::Nobody, canvas(16, 16), BuiltIn::Clock),
    ] {
        let id = world.made("Blank", Source::Blank { subject, canvas }).await;
        let (_, blank) = world.draft(id.unwrap()).await;
        assert_eq!((blank.subject, blank.layouts[0].canvas), (subject, canvas));
        let empty = |name| {
            let scene = Document::scene(&blank.layouts[0], name).unwrap();
            scene.name == name && scene.elements.is_empty()
        };
        assert!(empty("resting") && empty("runner"));
        assert_eq!(blank.theme, made_from.document().theme);
    }
    let subject = Subject::Runner;
    let canvas = canvas(15, 600);
    let none = world.made("Blank", Source::Blank { subject, canvas }).await;
    invalid(none, "canvas", "not between");
    for name in ["", " ", "two\nlines"] {
        let from = Source::BuiltIn(BuiltIn::Clock);
        assert!(world.made(name, from).await.is_err(), "{name:?}");
    }
}

#[tokio::test]
async fn a_save_makes_all_of_the_changes_or_none() {
    let world = World::new().await;
    let (store, director) = (&*world.store, &world.alder.person(Role::Director));
    let id = world.arch().await;
    let save =
        async |base, edits| template::save_template(store, director, id, base, edits, NOW).await;
    let resting = model::document::ScenePath {
        layout: 0,
        scene: "resting".to_owned(),
    };
    // In between there is no such scene; afterwards there is.
    let rename = |from: &str, to: &str| Edit::RenameScene {
        scene: model::document::ScenePath {
            scene: from.to_owned(),
            ..resting.clone()
        },
        name: to.to_owned(),
    };
    let there_and_back = vec![
        rename("resting", "other"),
        rename("other", "resting"),
        guides(1),
    ];
    assert_eq!(save(1, there_and_back).await.unwrap(), 2);
    let before = world.draft(id).await;
    assert_eq!(before.1.layouts[0].guides.len(), 1);

    let gone = vec![guides(2), rename("resting", "other")];
    invalid(save(2, gone).await, "template", "no scene `resting`");
    let nothing = vec![guides(2), Edit::RemoveLayout { index: 7 }];
    invalid(
        save(2, nothing).await,
        "template",
        "the layout is not there",
    );
    let many = vec![guides(0); limits::EDITS_PER_SAVE_MAX];
    invalid(save(2, vec![Edit::All(many)]).await, "template", "too much");
    let said = save(1, vec![guides(2)]).await;
    assert!(
        matches!(said, Err(ServiceError::Store(StoreError::Stale { .. }))),
        "{said:?}"
    );
    assert_eq!(world.draft(id).await, before);
}

#[tokio::test]
async fn what_was_there_before_a_pause_can_be_had_again() {
    let world = World::new().await;
    let (store, director) = (&*world.store, &world.alder.person(Role::Director));
    let id = world.arch().await;
    for (minutes, count) in [(1, 1), (9, 2), (11, 3), (20, 4), (22, 5)] {
        let now = NOW.plus_ms(minutes * MINUTE_MS);
        world.save(id, vec![guides(count)], now).await;
    }
    let versions = template::template_versions(store, director, id, NOW).await;
    let versions = versions.unwrap();
    let kept = versions.iter().map(|one| (one.number, one.origin));
    let automatic = VersionOrigin::Automatic;
    assert_eq!(kept.collect::<Vec<_>>(), [(2, automatic), (1, automatic)]);
    let document = async |number| {
        let document = template::version_document(store, director, id, number);
        document.await.unwrap()
    };
    assert_eq!(document(1).await.layouts[0].guides.len(), 2);
    assert_eq!(document(2).await.layouts[0].guides.len(), 4);
    let differs = template::compare_version(store, director, id, 1).await;
    let differs = differs.unwrap().differences.into_iter();
    let differs: Vec<_> = differs.map(|it| it.what).collect();
    assert_eq!(differs, [What::Guides]);
    // Going back is a change like any other, before which the draft is kept at once: and once.
    let versions_now = async || template::template_versions(store, director, id, NOW).await;
    for from in [1, 3, 1] {
        let back = Edit::Document(Box::new(document(from).await));
        world
            .save(id, vec![Edit::All(vec![back])], NOW.plus_ms(22 * MINUTE_MS))
            .await;
        assert_eq!(world.draft(id).await.1, document(from).await);
        let versions = versions_now().await.unwrap();
        assert_eq!((versions[0].number, versions[0].origin), (3, automatic));
        assert_eq!(versions[0].made_by, "bo@example.com");
    }
    assert_eq!(document(3).await.layouts[0].guides.len(), 5);
    let differs = template::compare_version(store, director, id, 1).await;
    assert_eq!(differs.unwrap().differences, []);

    let kept = template::draft_as_version(store, director, id, " Friday ", NOW);
    assert_eq!(kept.await.unwrap(), 4);
    template::name_version(store, director, id, 1, "Before")
        .await
        .unwrap();
    let versions = template::template_versions(store, director, id, NOW).await;
    let names: Vec<_> = versions.unwrap().into_iter().map(|one| one.name).collect();
    assert_eq!(names, ["Friday", "", "", "Before"]);
}

#[tokio::test]
async fn only_who_runs_the_partners_events_changes_its_templates() {
    let world = World::new().await;
    let store = &*world.store;
    let id = world.arch().await;
    world.publish(id, Vec::new()).await;
    let event = world.alder.event;
    let viewer = world.alder.person(Role::Viewer);
    let owner_elsewhere = world.birch.person(Role::Owner);
    let changes = async |caller: &Caller| {
        let new = NewTemplate {
            name: "Mine".to_owned(),
            from: Source::Draft(id),
        };
        let name = "Mine".to_owned();
        let publish = Publish {
            revision: 1,
            ..Publish::default()
        };
        [
            template::create_template(store, caller, event, new, NOW)
                .await
                .err(),
            template::duplicate_template(store, caller, id, name, NOW)
                .await
                .err(),
            template::save_template(store, caller, id, 1, vec![guides(1)], NOW)
                .await
                .err(),
            template::rename_template(store, caller, id, "Mine")
                .await
                .err(),
            template::archive_template(store, caller, id, true)
                .await
                .err(),
            template::publish_template(store, caller, id, publish, NOW)
                .await
                .err(),
            template::draft_as_version(store, caller, id, "Mine", NOW)
                .await
                .err(),
            template::name_version(store, caller, id, 1, "Mine")
                .await
                .err(),
        ]
    };
    let looks = async |caller: &Caller| {
        [
            template::templates(store, caller, event, NOW).await.err(),
            template::open_template(store, caller, id).await.err(),
            template::template_versions(store, caller, id, NOW)
                .await
                .err(),
            template::version_document(store, caller, id, 1).await.err(),
            template::compare_version(store, caller, id, 1).await.err(),
            template::pin_named(store, caller, event, "Arch", NOW)
                .await
                .err(),
        ]
    };
    for said in changes(&viewer).await {
        assert!(is_forbidden(&said), "{said:?}");
    }
    for said in looks(&viewer).await {
        assert!(said.is_none(), "{said:?}");
    }
    let said = changes(&owner_elsewhere).await.into_iter();
    for said in said.chain(looks(&owner_elsewhere).await) {
        assert!(is_missing(&said), "{said:?}");
    }
    // Nor is it taken for a template or a display of their own.
    let new = NewTemplate {
        name: "Mine".to_owned(),
        from: Source::Draft(id),
    };
    let own = world.birch.event;
    let made = template::create_template(store, &owner_elsewhere, own, new, NOW).await;
    let change = ShowChange {
        template: Some(version(id, 1)),
        ..ShowChange::default()
    };
    let pinned = setup::update_show(store, &owner_elsewhere, world.birch.display.id, change).await;
    let new = new_display(own, version(id, 1));
    let created = setup::create_display(store, &owner_elsewhere, new, NOW).await;
    for said in [made.err(), pinned.err(), created.err()] {
        let missing = matches!(
            said,
            Some(ServiceError::NotFound { .. } | ServiceError::Store(StoreError::NotFound { .. }))
        );
        assert!(missing, "{said:?}");
    }
    let templates = template::templates(store, &owner_elsewhere, own, NOW).await;
    assert!(templates.unwrap().is_empty());
}

#[tokio::test]
async fn a_template_is_named_as_people_call_it() {
    let world = World::new().await;
    let clock = Source::BuiltIn(BuiltIn::Clock);
    let arch = world.made("Finish 2026", clock).await.unwrap();
    let never = world.made("Never", clock).await.unwrap();
    for name in ["Twin", "TWIN"] {
        let twin = world.made(name, clock).await.unwrap();
        world.publish(twin, Vec::new()).await;
    }
    assert_eq!(world.publish(arch, Vec::new()).await, 1);
    world.save(arch, vec![guides(1)], NOW).await;
    assert_eq!(world.publish(arch, Vec::new()).await, 2);
    let check = async |text: &str, pin: TemplatePin| {
        assert_eq!(world.named(text).await.unwrap(), pin, "{text}");
    };
    check("big-type", BuiltIn::BigType.into()).await;
    check(" finish 2026", version(arch, 2)).await;
    check(&arch.to_string(), version(arch, 2)).await;
    check(&format!("{arch}@1"), version(arch, 1)).await;
    invalid(world.named("Twin").await, "template", "name one by its id");
    invalid(world.named("Never").await, "template", "publish it first");
    invalid(world.named("fireworks").await, "template", "big-type");
    let director = world.alder.person(Role::Director);
    let archive = template::archive_template(&*world.store, &director, arch, true);
    archive.await.unwrap();
    invalid(world.named("Finish 2026").await, "template", "ID@NUMBER");
    // What is not there is found out by whoever makes a display.
    let new = new_display(world.alder.event, version(never, 1));
    let made = setup::create_display(&*world.store, &director, new, NOW).await;
    let missing = matches!(
        made,
        Err(ServiceError::NotFound {
            what: "template",
            ..
        })
    );
    assert!(missing, "{made:?}");
}

/// What the display shows, as soon as it draws with that.
async fn showing(node: &Node, code: &DisplayCode, pin: TemplatePin) -> Arc<Shown> {
    let mut shown = node.shown(code).await.unwrap().unwrap();
    until(&format!("{pin} is shown"), async || {
        shown = node.shown(code).await.unwrap().unwrap();
        shown.design.pin == pin
    })
    .await;
    shown
}

fn document_sent(shown: &Shown) -> Document {
    let message = serde_json::from_slice(&shown.snapshot()).unwrap();
    let ServerMessage::Snapshot {
        template, document, ..
    } = message
    else {
        panic!("{message:?}");
    };
    assert_eq!(template, shown.design.pin);
    document.open().unwrap()
}

#[tokio::test]
async fn a_running_node_shows_what_is_published() {
    let world = World::new().await;
    let (store, alder) = (&*world.store, &world.alder);
    let director = &alder.person(Role::Director);
    let node = Node::start(Arc::clone(&world.store), Clock::start());
    let node = node.await.unwrap();
    showing(&node, &alder.display.code, BuiltIn::Arrivals.into()).await;
    let finish = Source::BuiltIn(BuiltIn::FinishWide);
    let id = world.made("Arch", finish).await.unwrap();
    world.save(id, vec![guides(1)], NOW).await;
    assert_eq!(world.publish(id, Vec::new()).await, 1);
    let change = ShowChange {
        template: Some(version(id, 1)),
        ..ShowChange::default()
    };
    setup::update_show(store, director, alder.display.id, change)
        .await
        .unwrap();
    let first = showing(&node, &alder.display.code, version(id, 1)).await;
    assert_eq!(document_sent(&first), world.draft(id).await.1);
    // Its subject is the template's: somebody could be kept on the screen.
    let hold = node.operate(director, alder.display.id, OperatorCommand::Hold);
    assert_eq!(hold.await.unwrap(), None);

    // What is only saved is shown to nobody.
    world.save(id, vec![guides(2)], NOW).await;
    assert_eq!(world.publish(id, vec![alder.display.id]).await, 2);
    let second = showing(&node, &alder.display.code, version(id, 2)).await;
    assert_eq!(document_sent(&second), world.draft(id).await.1);
    assert_eq!(second.template_seq, second.seq, "screens get a snapshot");
    assert!(first.seq < second.seq);

    // Two displays that draw with the same share it.
    let new = new_display(alder.event, version(id, 2));
    let made = setup::create_display(store, director, new, Clock::start().now());
    let other = showing(&node, &made.await.unwrap().code, version(id, 2)).await;
    assert!(Arc::ptr_eq(&other.design, &second.design));
    let beside = showing(&node, &world.birch.display.code, BuiltIn::Arrivals.into()).await;
    assert_eq!(&beside.design.document, BuiltIn::Arrivals.document());

    template::archive_template(store, director, id, true)
        .await
        .unwrap();
    let again = Node::start(Arc::clone(&world.store), Clock::start());
    let again = again.await.unwrap();
    showing(&again, &alder.display.code, version(id, 2)).await;
}

#[tokio::test]
async fn a_version_that_cannot_be_read_leaves_no_screen_black() {
    let world = World::new().await;
    let (store, alder) = (&*world.store, &world.alder);
    let director = &alder.person(Role::Director);
    let scope = setup::scope_of_event(store, director, alder.event, service::Right::Run);
    let scope = scope.await.unwrap();
    // Past the service, which lets no such document in.
    let new = store::NewTemplate {
        name: "Broken".to_owned(),
        document: Document {
            layouts: Vec::new(),
            ..BuiltIn::Clock.document().clone()
        },
        made_from: BuiltIn::Clock,
    };
    let id = store.create_template(&scope, new, NOW).await.unwrap();
    let number = store
        .keep_draft(&scope, id, "Broken", "", NOW)
        .await
        .unwrap();
    let change = ShowChange {
        template: Some(version(id, number)),
        ..ShowChange::default()
    };
    setup::update_show(store, director, alder.display.id, change)
        .await
        .unwrap();
    let node = Node::start(Arc::clone(&world.store), Clock::start());
    let node = node.await.unwrap();
    showing(&node, &alder.display.code, BuiltIn::FinishWide.into()).await;
    showing(&node, &world.birch.display.code, BuiltIn::Arrivals.into()).await;
}
