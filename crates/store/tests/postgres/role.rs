//! What the server's role may not do, whatever statement our code sends.

use crate::rows::Partner;
use crate::world::{INSUFFICIENT_PRIVILEGE, Role, World, attempt};

#[tokio::test]
async fn the_servers_role_can_do_no_more_than_it_needs() {
    let world = World::new().await;
    let mut app = world.connect(Role::App, Some(&Partner::Harbour.id())).await;
    let denied = [
        // Reads are kept as they came.
        "UPDATE read SET tag = ''",
        "DELETE FROM read",
        "TRUNCATE read",
        "DELETE FROM event",
        // What was done is told as it was done, and what a device said of a gun is not forgotten.
        "DELETE FROM deed",
        "UPDATE deed SET edits = ''",
        "DELETE FROM gun",
        // What a screen shows of a version never changes.
        "UPDATE template_version SET document = ''",
        "DELETE FROM template",
        "UPDATE change SET kind = kind",
        "UPDATE partner SET name = name",
        // The walls stay.
        "SET LOCAL row_security = off; SELECT FROM read",
        "ALTER TABLE read DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE read NO FORCE ROW LEVEL SECURITY",
        "CREATE POLICY everybody ON read USING (true)",
        "ALTER POLICY own ON read USING (true)",
        "DROP POLICY own ON read",
        "ALTER TABLE read DISABLE TRIGGER ALL",
        "SET LOCAL session_replication_role = replica",
        // It becomes nobody else.
        "SET LOCAL ROLE postgres",
        "SET LOCAL SESSION AUTHORIZATION postgres",
        "ALTER ROLE gantry_app BYPASSRLS",
        "GRANT postgres TO gantry_app",
        "CREATE ROLE another SUPERUSER",
        // It makes nothing that another could stumble over.
        "CREATE TABLE mine ()",
        "CREATE VIEW mine AS SELECT FROM read",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA mine",
        "DROP TABLE read",
        "SELECT setval('stream_key_seq', 1)",
        "COPY read TO PROGRAM 'true'",
        "COPY read TO '/tmp/reads'",
    ];
    for statement in denied {
        let outcome = attempt(&mut app, &[statement]).await;
        assert_eq!(
            outcome.code(),
            INSUFFICIENT_PRIVILEGE,
            "{statement}: {outcome:?}"
        );
    }
    world.end().await;
}

#[tokio::test]
async fn the_servers_role_is_an_ordinary_one() {
    let world = World::new().await;
    let mut owner = world.connect(Role::Owner, None).await;
    let is_special: bool = sqlx::query_scalar(
        "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication
             OR rolcanlogin
         FROM pg_roles WHERE rolname = 'gantry_app'",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    assert!(!is_special);
    let becomes: Vec<String> = sqlx::query_scalar(
        "SELECT rolname::text FROM pg_roles WHERE pg_has_role('gantry_app', oid, 'MEMBER')",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert_eq!(becomes, ["gantry_app"]);
    let for_everybody: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class, aclexplode(relacl) right_given
         WHERE relnamespace = current_schema()::regnamespace AND right_given.grantee = 0",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert!(for_everybody.is_empty(), "{for_everybody:?}");
    world.end().await;
}
