//! Every partner's table stands behind a wall: nobody reads, writes or points through it.

use crate::{
    catalog::{ForeignKey, Table},
    rows::{self, Partner, Row},
    world::{
        FOUND_BY_ALL, GLOBAL, INSUFFICIENT_PRIVILEGE, Outcome, Role, World, attempt, become_app,
        count, set_partner,
    },
};
use sqlx::{AssertSqlSafe, PgConnection};

const OWN: &str = "(partner_id = ( SELECT (NULLIF(current_setting('gantry.partner'::text, true), \
                   ''::text))::uuid AS \"nullif\"))";

/// Name, command, who may see or change a row, what may be written.
type Policy = (String, String, Option<String>, Option<String>);

#[tokio::test]
async fn every_table_has_a_wall_or_is_known_to_have_none() {
    let world = World::new().await;
    let mut owner = world.connect(Role::Owner, None).await;
    for table in &world.tables {
        let policies = policies(&mut owner, &table.name).await;
        if GLOBAL.contains(&table.name.as_str()) {
            assert!(!table.has_wall && policies.is_empty(), "{}", table.name);
            continue;
        }
        assert!(table.has_wall && table.holds_owner, "{}", table.name);
        let partner = table.column("partner_id");
        assert!(
            partner.is_some_and(|column| column.kind == "uuid" && !column.is_nullable),
            "{}",
            table.name
        );
        let policy = |name: &str, command: &str, using: Option<&str>, check: Option<&str>| {
            let text = |text: &str| text.to_owned();
            (
                name.into(),
                command.into(),
                using.map(text),
                check.map(text),
            )
        };
        let mut expected = vec![policy("own", "ALL", Some(OWN), Some(OWN))];
        if FOUND_BY_ALL.contains(&table.name.as_str()) {
            expected = vec![
                policy("found_by_all", "SELECT", Some("true"), None),
                policy("made_by_own", "INSERT", None, Some(OWN)),
            ];
        }
        if table.name == "route_rule" {
            expected.insert(0, policy("changed_by_all", "UPDATE", Some("true"), None));
        }
        assert_eq!(policies, expected, "{}", table.name);
    }
    for name in GLOBAL.iter().chain(&FOUND_BY_ALL) {
        rows::named(&world.tables, name);
    }
    world.end().await;
}

/// What would look at tables with its owner's eyes.
#[tokio::test]
async fn nothing_leads_round_the_walls() {
    let world = World::new().await;
    let mut owner = world.connect(Role::Owner, None).await;
    let ways_round: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class
         WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('v', 'm', 'f')
         UNION ALL
         SELECT proname::text FROM pg_proc
         WHERE pronamespace = current_schema()::regnamespace AND prosecdef",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert!(ways_round.is_empty(), "{ways_round:?}");
    world.end().await;
}

/// PostgreSQL looks past the walls for the row that a key points at. So each carries the partner,
/// in a column that is never NULL: a key of which another is NULL points at nothing. And none has
/// an action, which would be carried out behind another's wall.
#[tokio::test]
async fn every_key_between_partners_carries_the_partner() {
    let world = World::new().await;
    for table in &world.tables {
        let known = GLOBAL.contains(&table.name.as_str());
        assert!(
            known || !table.keys.is_empty(),
            "{} points at nothing",
            table.name
        );
        // A person belongs to no partner.
        for key in table.keys.iter().filter(|key| key.parent != "person") {
            let to = if key.parent == "partner" {
                "id"
            } else {
                "partner_id"
            };
            let mut columns = key.columns.iter().zip(&key.parent_columns);
            assert!(
                columns.any(|(from, at)| from == "partner_id" && at == to),
                "{}",
                key.name
            );
            let carries = table.column("partner_id").unwrap();
            assert!(!carries.is_nullable, "{}", key.name);
            assert_eq!(key.actions, ["a", "a"], "{}", key.name);
        }
    }
    world.end().await;
}

#[tokio::test]
async fn without_a_partner_nothing_is_seen_or_taken() {
    let world = World::new().await;
    for role in [Role::App, Role::Owner] {
        for setting in [None, Some("")] {
            let mut nobody = world.connect(role, setting).await;
            for table in world.behind_walls() {
                let case = format!("{role:?} {setting:?} {}", table.name);
                assert_eq!(count(&mut nobody, table).await, 0, "{case}");
                for number in [0, 1] {
                    let row = rows::row(&world.tables, table, Partner::Harbour, number);
                    let outcome = attempt(&mut nobody, &[&rows::insert(table, &row)]).await;
                    assert!(outcome.is_refused_by_wall(), "{case}: {outcome:?}");
                }
                changes_nothing(&mut nobody, role, &table.name, "true").await;
            }
            for table in world.found_by_all() {
                let row = rows::row(&world.tables, table, Partner::Harbour, 1);
                let outcome = attempt(&mut nobody, &[&rows::insert(table, &row)]).await;
                assert!(outcome.is_refused_by_wall(), "{}: {outcome:?}", table.name);
            }
        }
        let mut nonsense = world.connect(role, Some("everybody")).await;
        for table in world.behind_walls() {
            let select = format!("SELECT FROM \"{}\"", table.name);
            let outcome = attempt(&mut nonsense, &[&select]).await;
            assert_eq!(outcome.code(), "22P02", "{}: {outcome:?}", table.name);
        }
    }
    world.end().await;
}

#[tokio::test]
async fn another_partners_rows_are_neither_seen_nor_changed() {
    let world = World::new().await;
    let harbour = format!("partner_id = '{}'", Partner::Harbour.id());
    for role in [Role::App, Role::Owner] {
        let mut meadow = world.connect(role, Some(&Partner::Meadow.id())).await;
        for table in world.behind_walls() {
            let case = format!("{role:?} {}", table.name);
            assert_eq!(count(&mut meadow, table).await, 1, "{case}: its own");
            let foreign = format!("SELECT FROM \"{}\" WHERE {harbour}", table.name);
            let seen = attempt(&mut meadow, &[&foreign]).await;
            assert_eq!(seen, Outcome::Rows(0), "{case}");
            changes_nothing(&mut meadow, role, &table.name, &harbour).await;

            for number in [0, 1] {
                let row = rows::row(&world.tables, table, Partner::Harbour, number);
                let outcome = attempt(&mut meadow, &[&rows::insert(table, &row)]).await;
                assert!(outcome.is_refused_by_wall(), "{case}: {outcome:?}");
            }
            let give_away = format!("UPDATE \"{}\" SET {harbour}", table.name);
            let outcome = attempt(&mut meadow, &[&give_away]).await;
            assert_eq!(
                outcome.code(),
                INSUFFICIENT_PRIVILEGE,
                "{case}: {outcome:?}"
            );
        }
    }
    // Whoever may pass sees both: the walls are what hid one.
    let mut superuser = world.connect(Role::Superuser, None).await;
    for table in world.behind_walls() {
        assert_eq!(count(&mut superuser, table).await, 2, "{}", table.name);
    }
    world.end().await;
}

#[tokio::test]
async fn what_all_find_is_still_made_by_its_partner_only() {
    let world = World::new().await;
    let harbour = format!("partner_id = '{}'", Partner::Harbour.id());
    let mut meadow = world.connect(Role::App, Some(&Partner::Meadow.id())).await;
    for table in world.found_by_all() {
        assert_eq!(count(&mut meadow, table).await, 2, "{}", table.name);
        let row = rows::row(&world.tables, table, Partner::Harbour, 1);
        let outcome = attempt(&mut meadow, &[&rows::insert(table, &row)]).await;
        assert!(outcome.is_refused_by_wall(), "{}: {outcome:?}", table.name);
        for change in [
            format!("UPDATE \"{}\" SET {harbour}", table.name),
            format!("DELETE FROM \"{}\"", table.name),
        ] {
            let outcome = attempt(&mut meadow, &[&change]).await;
            assert_eq!(
                outcome.code(),
                INSUFFICIENT_PRIVILEGE,
                "{change}: {outcome:?}"
            );
        }
    }
    world.end().await;
}

/// The wall lets meadow's own row through, but what it points at is harbour's. In a table that was
/// emptied first, so that no unique key gets in the way of the foreign one.
#[tokio::test]
async fn no_row_points_at_another_partners_row() {
    let world = World::new().await;
    let mut tried = 0;
    for table in world.behind_walls().chain(world.found_by_all()) {
        let own = rows::row(&world.tables, table, Partner::Meadow, 1);
        let outcome = insert_into_emptied(&world, &table.name, &rows::insert(table, &own)).await;
        assert_eq!(outcome, Outcome::Rows(1), "{}: its own", table.name);

        for key in table.keys.iter().filter(|key| key.parent != "partner") {
            let parent = rows::named(&world.tables, &key.parent);
            let foreign = rows::row(&world.tables, parent, Partner::Harbour, 0);
            let mut pointing: Row = own.clone();
            for (column, at) in key.columns.iter().zip(&key.parent_columns) {
                let others = table.keys.iter().filter(|other| other.name != key.name);
                let is_shared = others
                    .filter(|other| other.parent != "partner")
                    .any(|other| other.columns.contains(column));
                if column != "partner_id" && !is_shared {
                    pointing.insert(column.clone(), foreign[at].clone());
                }
            }
            if pointing == own {
                point_with_shared(table, key, &foreign, &mut pointing);
            }
            assert_ne!(pointing, own, "{}: nothing to point with", key.name);
            let insert = rows::insert(table, &pointing);
            match insert_into_emptied(&world, &table.name, &insert).await {
                Outcome::Refused {
                    code, constraint, ..
                } => assert_eq!(
                    (code.as_str(), constraint),
                    ("23503", Some(key.name.clone()))
                ),
                taken => panic!("{}: {taken:?}", key.name),
            }
            tried += 1;
        }
    }
    assert!(tried >= 15, "only {tried} keys between partners");
    world.end().await;
}

/// All columns of the key are in others as well. Those point at nothing where a column of theirs
/// may be NULL.
fn point_with_shared(table: &Table, key: &ForeignKey, foreign: &Row, pointing: &mut Row) {
    let others = table.keys.iter().filter(|other| other.name != key.name);
    for column in others.flat_map(|other| &other.columns) {
        let may_be_null = table.column(column).is_some_and(|known| known.is_nullable);
        if may_be_null && !key.columns.contains(column) {
            pointing.insert(column.clone(), "NULL".to_owned());
        }
    }
    for (column, at) in key.columns.iter().zip(&key.parent_columns) {
        if column != "partner_id" {
            pointing.insert(column.clone(), foreign[at].clone());
        }
    }
}

/// As the app for meadow, in a transaction that is undone.
async fn insert_into_emptied(world: &World, table: &str, insert: &str) -> Outcome {
    let mut connection = world.connect(Role::Superuser, None).await;
    let meadow = format!(
        "SELECT set_config('gantry.partner', '{}', true)",
        Partner::Meadow.id()
    );
    let statements = [
        // No trigger fires, so rows that are pointed at go too.
        "SET LOCAL session_replication_role = replica",
        &format!("DELETE FROM \"{table}\""),
        "SET LOCAL session_replication_role = origin",
        "SET LOCAL ROLE gantry_app",
        &meadow,
        insert,
    ];
    attempt(&mut connection, &statements).await
}

/// The owner has every right and meets only the wall; the app may lack the right as well.
async fn changes_nothing(connection: &mut PgConnection, role: Role, table: &str, of: &str) {
    for change in [
        format!("UPDATE \"{table}\" SET partner_id = partner_id WHERE {of}"),
        format!("DELETE FROM \"{table}\" WHERE {of}"),
    ] {
        let outcome = attempt(connection, &[&change]).await;
        let has_no_right = role == Role::App && outcome.code() == INSUFFICIENT_PRIVILEGE;
        assert!(
            outcome == Outcome::Rows(0) || has_no_right,
            "{change}: {outcome:?}"
        );
    }
}

async fn policies(connection: &mut PgConnection, table: &str) -> Vec<Policy> {
    let select = format!(
        "SELECT policyname::text, cmd, qual, with_check FROM pg_policies
         WHERE schemaname = current_schema() AND tablename = '{table}'
           AND permissive = 'PERMISSIVE' AND roles = '{{public}}'
         ORDER BY policyname"
    );
    sqlx::query_as(AssertSqlSafe(select))
        .fetch_all(connection)
        .await
        .unwrap()
}

/// A pooled connection is used for one partner after another: what one transaction was allowed is
/// gone after it, and SET ROLE stays.
#[tokio::test]
async fn a_partner_set_for_a_transaction_is_gone_after_it() {
    let world = World::new().await;
    let mut connection = world.connect(Role::Owner, None).await;
    become_app(&mut connection).await;
    let event = rows::named(&world.tables, "event");
    for partner in [Partner::Harbour, Partner::Meadow] {
        assert_eq!(count(&mut connection, event).await, 0);
        let set = format!(
            "SELECT set_config('gantry.partner', '{}', true)",
            partner.id()
        );
        let seen = attempt(&mut connection, &[&set, "SELECT FROM event"]).await;
        assert_eq!(seen, Outcome::Rows(1));
    }
    assert_eq!(count(&mut connection, event).await, 0);
    set_partner(&mut connection, &Partner::Harbour.id()).await;
    assert_eq!(count(&mut connection, event).await, 1);
    world.end().await;
}
