//! The two databases have the same tables: what one promises by name, the other promises too.

use crate::{
    catalog,
    world::{Role, World},
};
use sqlx::{Connection, PgConnection, Row, SqliteConnection, migrate::Migrator};
use std::collections::{BTreeMap, BTreeSet};

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");

/// Checks that a type of PostgreSQL's makes itself: UUID, and BOOLEAN.
const CHECKED_BY_TYPE: [&str; 2] = ["_is_uuid", "_is_truth"];

/// In SQLite the number that never comes back needs its key to be written without a name.
const NAMED_IN_POSTGRES_ONLY: [&str; 2] = ["change_pk", "quarantine_pk"];

/// A file of few partners is paged through along its journal, a server of many is not.
const INDEX_IN_POSTGRES_ONLY: &str = "read_by_stream";

#[derive(Debug, Default, PartialEq, Eq)]
struct Shape {
    /// Name, kind, whether it may be NULL; in order.
    columns: Vec<(String, &'static str, bool)>,
    constraints: BTreeSet<String>,
    indexes: BTreeSet<String>,
    /// `(partner_id, event_id) to event (partner_id, id)`
    keys: BTreeSet<String>,
}

#[tokio::test]
async fn both_databases_have_the_same_schema() {
    let world = World::new().await;
    let mut owner = world.connect(Role::Owner, None).await;
    let postgres = postgres_shapes(&mut owner).await;
    let sqlite = sqlite_shapes().await;
    let names = |shapes: &BTreeMap<String, Shape>| shapes.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&sqlite), names(&postgres));
    for (table, shape) in &sqlite {
        assert_eq!(
            shape, &postgres[table],
            "{table}: SQLite's, then PostgreSQL's"
        );
    }
    world.end().await;
}

/// An index over text in a language's order is damaged by an update of the system's locales, and
/// answers in another order than SQLite does.
#[tokio::test]
async fn every_key_of_text_is_ordered_by_bytes() {
    let world = World::new().await;
    let mut owner = world.connect(Role::Owner, None).await;
    let otherwise: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT c.relname || '.' || a.attname
         FROM pg_index i
         JOIN pg_class c ON c.oid = i.indrelid
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
         WHERE c.relnamespace = current_schema()::regnamespace
           AND a.attcollation NOT IN (0, '\"C\"'::regcollation)",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert!(otherwise.is_empty(), "{otherwise:?}");
    world.end().await;
}

async fn postgres_shapes(connection: &mut PgConnection) -> BTreeMap<String, Shape> {
    let mut shapes = BTreeMap::new();
    for table in catalog::tables(connection).await {
        let mut constraints = names(
            connection,
            "SELECT conname::text FROM pg_constraint
             WHERE conrelid = quote_ident($1)::regclass AND contype IN ('p', 'u', 'f', 'c')",
            &table.name,
        )
        .await;
        for name in NAMED_IN_POSTGRES_ONLY {
            constraints.remove(name);
        }
        let mut indexes = names(
            connection,
            "SELECT c.relname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
             WHERE i.indrelid = quote_ident($1)::regclass
               AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)",
            &table.name,
        )
        .await;
        indexes.remove(INDEX_IN_POSTGRES_ONLY);
        let keys = table.keys.iter();
        shapes.insert(
            table.name,
            Shape {
                columns: table
                    .columns
                    .into_iter()
                    .map(|column| (column.name, kind(&column.kind), column.is_nullable))
                    .collect(),
                constraints,
                indexes,
                keys: keys
                    .map(|key| shown(&key.columns, &key.parent, &key.parent_columns))
                    .collect(),
            },
        );
    }
    shapes
}

async fn names(connection: &mut PgConnection, select: &'static str, of: &str) -> BTreeSet<String> {
    sqlx::query_scalar(select)
        .bind(of)
        .fetch_all(connection)
        .await
        .unwrap()
        .into_iter()
        .collect()
}

async fn sqlite_shapes() -> BTreeMap<String, Shape> {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    SQLITE_MIGRATIONS.run(&mut connection).await.unwrap();
    let tables: Vec<(String, String)> = sqlx::query_as(
        "SELECT name, sql FROM sqlite_schema
         WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> '_sqlx_migrations'",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let mut shapes = BTreeMap::new();
    for (table, sql) in tables {
        let shape = Shape {
            columns: sqlite_columns(&mut connection, &table).await,
            constraints: constraints_in(&sql),
            indexes: sqlx::query_scalar(
                "SELECT name FROM sqlite_schema
                 WHERE type = 'index' AND tbl_name = $1 AND sql IS NOT NULL",
            )
            .bind(&table)
            .fetch_all(&mut connection)
            .await
            .unwrap()
            .into_iter()
            .collect(),
            keys: sqlite_keys(&mut connection, &table).await,
        };
        shapes.insert(table, shape);
    }
    shapes
}

async fn sqlite_columns(
    connection: &mut SqliteConnection,
    table: &str,
) -> Vec<(String, &'static str, bool)> {
    sqlx::query("SELECT name, type, \"notnull\", pk FROM pragma_table_info($1) ORDER BY cid")
        .bind(table)
        .fetch_all(connection)
        .await
        .unwrap()
        .iter()
        .map(|row| {
            let (not_null, key): (bool, i64) = (row.get(2), row.get(3));
            let is_nullable = !not_null && key == 0;
            (row.get(0), kind(row.get(1)), is_nullable)
        })
        .collect()
}

async fn sqlite_keys(connection: &mut SqliteConnection, table: &str) -> BTreeSet<String> {
    let rows = sqlx::query(
        "SELECT id, \"table\", \"from\", \"to\" FROM pragma_foreign_key_list($1) ORDER BY id, seq",
    )
    .bind(table)
    .fetch_all(connection)
    .await
    .unwrap();
    let mut keys: BTreeMap<i64, (String, Vec<String>, Vec<String>)> = BTreeMap::new();
    for row in rows {
        let key = keys.entry(row.get(0)).or_default();
        key.0 = row.get(1);
        key.1.push(row.get(2));
        key.2.push(row.get(3));
    }
    keys.into_values()
        .map(|(parent, columns, parent_columns)| shown(&columns, &parent, &parent_columns))
        .collect()
}

fn shown(columns: &[String], parent: &str, parent_columns: &[String]) -> String {
    let (columns, parent_columns) = (columns.join(", "), parent_columns.join(", "));
    format!("({columns}) to {parent} ({parent_columns})")
}

/// What a column can hold, where both have a type for it.
fn kind(of_column: &str) -> &'static str {
    match of_column {
        "INTEGER" | "bigint" | "boolean" => "number or truth",
        "BLOB" | "uuid" | "bytea" => "bytes or id",
        "TEXT" | "text" => "text",
        other => panic!("{other}: say here what it is in the other database"),
    }
}

/// The names that a CREATE TABLE gives.
fn constraints_in(sql: &str) -> BTreeSet<String> {
    let words: Vec<&str> = sql.split_whitespace().collect();
    words
        .windows(2)
        .filter(|pair| pair[0] == "CONSTRAINT")
        .map(|pair| pair[1].to_owned())
        .filter(|name| !CHECKED_BY_TYPE.iter().any(|ending| name.ends_with(ending)))
        .collect()
}
