//! The tables as the database describes them.

use sqlx::{PgConnection, Row};

pub struct Table {
    pub name: String,
    pub has_wall: bool,
    pub holds_owner: bool,
    pub columns: Vec<Column>,
    pub keys: Vec<ForeignKey>,
}

pub struct Column {
    pub name: String,
    pub kind: String,
    pub is_nullable: bool,
}

pub struct ForeignKey {
    pub name: String,
    pub columns: Vec<String>,
    pub parent: String,
    pub parent_columns: Vec<String>,
    /// What happens to a child when its parent goes or moves: `a` is nothing.
    pub actions: [String; 2],
}

impl Table {
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// Every table of ours, by name.
pub async fn tables(connection: &mut PgConnection) -> Vec<Table> {
    let rows = sqlx::query(
        "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class
         WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
           AND relname <> '_sqlx_migrations'
         ORDER BY relname",
    )
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    let mut tables = Vec::new();
    for row in rows {
        let name: String = row.get(0);
        tables.push(Table {
            has_wall: row.get(1),
            holds_owner: row.get(2),
            columns: columns(connection, &name).await,
            keys: keys(connection, &name).await,
            name,
        });
    }
    tables
}

async fn columns(connection: &mut PgConnection, table: &str) -> Vec<Column> {
    sqlx::query(
        "SELECT attname, format_type(atttypid, NULL), NOT attnotnull FROM pg_attribute
         WHERE attrelid = quote_ident($1)::regclass AND attnum > 0 AND NOT attisdropped
         ORDER BY attnum",
    )
    .bind(table)
    .fetch_all(connection)
    .await
    .unwrap()
    .iter()
    .map(|row| Column {
        name: row.get(0),
        kind: row.get(1),
        is_nullable: row.get(2),
    })
    .collect()
}

async fn keys(connection: &mut PgConnection, table: &str) -> Vec<ForeignKey> {
    sqlx::query(
        "SELECT k.conname, p.relname, k.confdeltype::text, k.confupdtype::text,
                ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY n (at, place)
                      JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = n.at
                      ORDER BY n.place),
                ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY n (at, place)
                      JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = n.at
                      ORDER BY n.place)
         FROM pg_constraint k JOIN pg_class p ON p.oid = k.confrelid
         WHERE k.contype = 'f' AND k.conrelid = quote_ident($1)::regclass
         ORDER BY k.conname",
    )
    .bind(table)
    .fetch_all(connection)
    .await
    .unwrap()
    .iter()
    .map(|row| ForeignKey {
        name: row.get(0),
        parent: row.get(1),
        actions: [row.get(2), row.get(3)],
        columns: row.get(4),
        parent_columns: row.get(5),
    })
    .collect()
}
