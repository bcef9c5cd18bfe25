use crate::{
    database::{Database, Home},
    world::{NOW, World},
};
use model::{PartnerId, PersonId, Role, UnixMicros};
use store::{ChangeKind, Changes, Login, Store, StoreError, TokenHash};
use uuid::Uuid;

on_both! {
    a_person_is_found_by_their_address_in_any_case,
    an_address_is_given_once,
    the_first_owner_comes_with_a_partner,
    the_first_owner_takes_the_partner_that_is_there,
    of_two_first_owners_one_wins,
    what_fails_leaves_no_first_owner,
    memberships_are_listed_by_the_partners_names,
    a_membership_is_of_somebody_for_some_partner,
    a_login_is_known_by_its_token_until_it_expires,
    a_login_speaks_for_a_partner_of_whom_the_person_is_a_member,
    a_login_that_is_touched_lives_on,
    a_login_that_was_ended_is_unknown,
    a_new_password_ends_every_login,
    another_role_ends_the_logins_for_that_partner_alone,
    a_login_moves_between_the_partners_of_its_person,
    logins_past_the_limit_end_oldest_first,
    a_new_login_clears_those_that_have_expired,
}

const HOUR_MS: i64 = 3_600_000;
const HASH: &str = "$argon2id$made-up";

fn token(sign: u8) -> TokenHash {
    [sign; 32]
}

fn later(hours: i64) -> UnixMicros {
    NOW.plus_ms(hours * HOUR_MS)
}

async fn person(store: &dyn Store, email: &str) -> PersonId {
    store.create_person(email, HASH, NOW).await.unwrap()
}

/// A member with a login of that token, seen at that hour.
async fn log_in(store: &dyn Store, sign: u8, who: PersonId, partner: PartnerId, hour: i64) {
    store
        .create_login(&token(sign), who, partner, later(hour), later(hour + 100))
        .await
        .unwrap();
}

async fn known(store: &dyn Store, sign: u8) -> Option<Login> {
    store.login(&token(sign), later(50)).await.unwrap()
}

async fn a_person_is_found_by_their_address_in_any_case(on: Database) {
    let home = Home::new(on).await;
    let store = home.open().await;
    assert!(!store.any_person().await.unwrap());
    let id = person(&*store, " Åsa@Example.com ").await;
    assert_eq!(id.0.get_version_num(), 7);
    assert!(store.any_person().await.unwrap());
    for text in ["åsa@example.com", "ÅSA@EXAMPLE.COM", " Åsa@example.com "] {
        let found = store.person_by_email(text).await.unwrap().unwrap();
        assert_eq!(found.id, id, "{text:?}");
        assert_eq!(found.email, "Åsa@Example.com");
        assert_eq!(found.password_hash, HASH);
        assert!(!format!("{found:?}").contains(HASH));
    }
    for text in ["asa@example.com", "", "%"] {
        let found = store.person_by_email(text).await.unwrap();
        assert_eq!(found, None, "{text:?}");
    }
}

async fn an_address_is_given_once(on: Database) {
    let home = Home::new(on).await;
    let store = home.open().await;
    person(&*store, "ada@example.com").await;
    let again = store.create_person("ADA@example.com", HASH, NOW).await;
    assert!(matches!(again, Err(StoreError::Taken { what }) if what == "email address"));
    let empty = store.create_person(" ", HASH, NOW).await;
    assert!(matches!(empty, Err(StoreError::Invalid { .. })));
}

async fn the_first_owner_comes_with_a_partner(on: Database) {
    let home = Home::new(on).await;
    let store = home.open().await;
    let (partner, owner) = store
        .create_first_owner("Alder Timing", "ada@example.com", HASH, NOW)
        .await
        .unwrap();
    assert_eq!(
        store.partner_named("Alder Timing").await.unwrap().id,
        partner
    );
    let [membership] = store.memberships(owner).await.unwrap().try_into().unwrap();
    assert_eq!(membership.person, owner);
    assert_eq!(membership.email, "ada@example.com");
    assert_eq!(membership.partner, partner);
    assert_eq!(membership.partner_name, "Alder Timing");
    assert_eq!(membership.role, Role::Owner);
    // The running server counts partners.
    let Changes::Listed(changes) = store.changes_after(0).await.unwrap() else {
        panic!("nothing is trimmed yet");
    };
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].kind, ChangeKind::Partner);
    assert_eq!(changes[0].partner, partner);
}

async fn the_first_owner_takes_the_partner_that_is_there(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let (partner, _) = store
        .create_first_owner("harbour TIMING", "ada@example.com", HASH, NOW)
        .await
        .unwrap();
    assert_eq!(partner, harbour.scope.partner());
    assert_eq!(store.partners().await.unwrap().len(), 2);
}

async fn of_two_first_owners_one_wins(on: Database) {
    let home = Home::new(on).await;
    let (here, there) = (home.open().await, home.open().await);
    let (first, second) = tokio::join!(
        here.create_first_owner("Alder Timing", "ada@example.com", HASH, NOW),
        there.create_first_owner("Birch Timing", "bo@example.com", HASH, NOW),
    );
    assert_ne!(first.is_ok(), second.is_ok(), "{first:?} {second:?}");
    let refused = first.and(second).unwrap_err();
    assert!(matches!(refused, StoreError::Taken { .. }), "{refused}");
    assert_eq!(here.partners().await.unwrap().len(), 1);
    let third = here
        .create_first_owner("Cedar Timing", "cy@example.com", HASH, NOW)
        .await;
    assert!(matches!(third, Err(StoreError::Taken { .. })));
    assert_eq!(here.partners().await.unwrap().len(), 1);
}

async fn what_fails_leaves_no_first_owner(on: Database) {
    let home = Home::new(on).await;
    let store = home.open().await;
    for (partner, email) in [("Alder Timing", " "), ("", "ada@example.com")] {
        let refused = store.create_first_owner(partner, email, HASH, NOW).await;
        assert!(matches!(refused, Err(StoreError::Invalid { .. })));
    }
    assert!(!store.any_person().await.unwrap());
    assert!(store.partners().await.unwrap().is_empty());
}

async fn memberships_are_listed_by_the_partners_names(on: Database) {
    let World {
        store,
        harbour,
        meadow,
        ..
    } = &World::new(on).await;
    let ada = person(&**store, "ada@example.com").await;
    let bo = person(&**store, "bo@example.com").await;
    let (harbour, meadow) = (harbour.scope.partner(), meadow.scope.partner());
    for (who, partner, role) in [
        (ada, meadow, Role::Viewer),
        (ada, harbour, Role::Director),
        (bo, meadow, Role::Owner),
    ] {
        store.set_membership(who, partner, role).await.unwrap();
    }
    let list = store.memberships(ada).await.unwrap();
    let roles: Vec<_> = list
        .iter()
        .map(|held| (held.partner_name.as_str(), held.role))
        .collect();
    let expected = [
        ("Harbour Timing", Role::Director),
        ("Meadow Timing", Role::Viewer),
    ];
    assert_eq!(roles, expected);
    assert!(list.iter().all(|held| held.person == ada));
}

async fn a_membership_is_of_somebody_for_some_partner(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let nobody = PersonId(Uuid::now_v7());
    let harbour = harbour.scope.partner();
    let refused = store.set_membership(nobody, harbour, Role::Owner).await;
    assert!(matches!(refused, Err(StoreError::NotFound { .. })));
    let ada = person(&**store, "ada@example.com").await;
    let nowhere = PartnerId(Uuid::now_v7());
    let refused = store.set_membership(ada, nowhere, Role::Owner).await;
    assert!(matches!(refused, Err(StoreError::NotFound { .. })));
}

async fn a_login_is_known_by_its_token_until_it_expires(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let ada = person(&**store, "ada@example.com").await;
    let partner = harbour.scope.partner();
    store
        .set_membership(ada, partner, Role::Director)
        .await
        .unwrap();
    log_in(&**store, 1, ada, partner, 0).await;
    let login = known(&**store, 1).await.unwrap();
    let expected = Login {
        person: ada,
        email: "ada@example.com".to_owned(),
        partner,
        partner_name: "Harbour Timing".to_owned(),
        role: Role::Director,
        created_at: NOW,
        seen_at: NOW,
        expires_at: later(100),
    };
    assert_eq!(login, expected);
    assert_eq!(known(&**store, 2).await, None);
    let just_before = UnixMicros(later(100).0 - 1);
    assert!(store.login(&token(1), just_before).await.unwrap().is_some());
    assert_eq!(store.login(&token(1), later(100)).await.unwrap(), None);
}

async fn a_login_speaks_for_a_partner_of_whom_the_person_is_a_member(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let ada = person(&**store, "ada@example.com").await;
    let refused = store
        .create_login(&token(1), ada, harbour.scope.partner(), NOW, later(1))
        .await;
    assert!(matches!(refused, Err(StoreError::Foreign { .. })));
}

async fn a_login_that_is_touched_lives_on(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let ada = member(&**store, "ada@example.com", harbour.scope.partner()).await;
    log_in(&**store, 1, ada, harbour.scope.partner(), 0).await;
    let touch = |sign| async move {
        let sign = token(sign);
        store.touch_login(&sign, later(99), later(200)).await
    };
    touch(1).await.unwrap();
    let login = store.login(&token(1), later(150)).await.unwrap().unwrap();
    assert_eq!(login.created_at, NOW);
    assert_eq!(login.seen_at, later(99));
    assert_eq!(login.expires_at, later(200));
    touch(2).await.unwrap();
    assert_eq!(known(&**store, 2).await, None);
}

async fn member(store: &dyn Store, email: &str, partner: PartnerId) -> PersonId {
    let id = person(store, email).await;
    store
        .set_membership(id, partner, Role::Viewer)
        .await
        .unwrap();
    id
}

async fn a_login_that_was_ended_is_unknown(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let partner = harbour.scope.partner();
    let ada = member(&**store, "ada@example.com", partner).await;
    log_in(&**store, 1, ada, partner, 0).await;
    log_in(&**store, 2, ada, partner, 0).await;
    store.end_login(&token(1)).await.unwrap();
    store.end_login(&token(1)).await.unwrap();
    assert_eq!(known(&**store, 1).await, None);
    assert!(known(&**store, 2).await.is_some());
}

async fn a_new_password_ends_every_login(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let partner = harbour.scope.partner();
    let ada = member(&**store, "ada@example.com", partner).await;
    let bo = member(&**store, "bo@example.com", partner).await;
    log_in(&**store, 1, ada, partner, 0).await;
    log_in(&**store, 2, bo, partner, 0).await;
    store.set_password(ada, "$argon2id$another").await.unwrap();
    assert_eq!(known(&**store, 1).await, None);
    assert!(known(&**store, 2).await.is_some());
    let found = store.person_by_email("ada@example.com").await.unwrap();
    assert_eq!(found.unwrap().password_hash, "$argon2id$another");
    let found = store.person_by_email("bo@example.com").await.unwrap();
    assert_eq!(found.unwrap().password_hash, HASH);
    let nobody = store.set_password(PersonId(Uuid::now_v7()), HASH).await;
    assert!(matches!(nobody, Err(StoreError::NotFound { .. })));
}

async fn another_role_ends_the_logins_for_that_partner_alone(on: Database) {
    let World {
        store,
        harbour,
        meadow,
        ..
    } = &World::new(on).await;
    let (harbour, meadow) = (harbour.scope.partner(), meadow.scope.partner());
    let ada = member(&**store, "ada@example.com", harbour).await;
    store
        .set_membership(ada, meadow, Role::Owner)
        .await
        .unwrap();
    log_in(&**store, 1, ada, harbour, 0).await;
    log_in(&**store, 2, ada, meadow, 0).await;
    let set = |role| store.set_membership(ada, harbour, role);
    set(Role::Viewer).await.unwrap();
    assert!(known(&**store, 1).await.is_some(), "the same role again");
    set(Role::Owner).await.unwrap();
    assert_eq!(known(&**store, 1).await, None);
    assert!(known(&**store, 2).await.is_some());
    log_in(&**store, 3, ada, harbour, 0).await;
    assert_eq!(known(&**store, 3).await.unwrap().role, Role::Owner);
}

async fn a_login_moves_between_the_partners_of_its_person(on: Database) {
    let World {
        store,
        harbour,
        meadow,
        ..
    } = &World::new(on).await;
    let (harbour, meadow) = (harbour.scope.partner(), meadow.scope.partner());
    let ada = member(&**store, "ada@example.com", harbour).await;
    log_in(&**store, 1, ada, harbour, 0).await;
    let refused = store.move_login(&token(1), meadow).await;
    assert!(matches!(refused, Err(StoreError::Foreign { .. })));
    assert_eq!(known(&**store, 1).await.unwrap().partner, harbour);
    store
        .set_membership(ada, meadow, Role::Director)
        .await
        .unwrap();
    store.move_login(&token(1), meadow).await.unwrap();
    let login = known(&**store, 1).await.unwrap();
    assert_eq!((login.partner, login.role), (meadow, Role::Director));
    assert_eq!(login.expires_at, later(100));
    let nobody = store.move_login(&token(2), meadow).await;
    assert!(matches!(nobody, Err(StoreError::NotFound { .. })));
}

async fn logins_past_the_limit_end_oldest_first(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let partner = harbour.scope.partner();
    let ada = member(&**store, "ada@example.com", partner).await;
    let bo = member(&**store, "bo@example.com", partner).await;
    let max = u8::try_from(store::limits::LOGINS_PER_PERSON_MAX).unwrap();
    log_in(&**store, 200, bo, partner, 0).await;
    for sign in 1..=max {
        log_in(&**store, sign, ada, partner, 0).await;
    }
    // The first one was seen lately, so the second goes.
    for sign in (1..=max).rev().filter(|sign| *sign != 2) {
        let hour = later(i64::from(max - sign) + 1);
        store
            .touch_login(&token(sign), hour, later(100))
            .await
            .unwrap();
    }
    log_in(&**store, 100, ada, partner, 1).await;
    assert_eq!(known(&**store, 2).await, None);
    for sign in (1..=max).filter(|sign| *sign != 2).chain([100, 200]) {
        assert!(known(&**store, sign).await.is_some(), "{sign}");
    }
}

async fn a_new_login_clears_those_that_have_expired(on: Database) {
    let world = World::new(on).await;
    let World { store, harbour, .. } = &world;
    let partner = harbour.scope.partner();
    let ada = member(&**store, "ada@example.com", partner).await;
    let bo = member(&**store, "bo@example.com", partner).await;
    log_in(&**store, 1, ada, partner, 0).await;
    log_in(&**store, 2, bo, partner, 100).await;
    let rows = world.home.dump().await["login"].len();
    assert_eq!(rows, 1, "the one that has expired is gone");
}
