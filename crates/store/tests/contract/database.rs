//! The databases that the contract is tried on, and a fresh one for each test.

use crate::scratch::Scratch;
use std::{collections::BTreeMap, path::PathBuf, sync::Arc};
use store::{Location, OpenMode, Store};
use tempfile::TempDir;

#[derive(Clone, Copy, Debug)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// Stamps a test for each database out of each of these functions; `threads` gives them a runtime
/// with several.
macro_rules! on_both {
    (threads $($name:ident),+ $(,)?) => {
        on_both!(@stamp [tokio::test(flavor = "multi_thread", worker_threads = 4)] $($name)+);
    };
    ($($name:ident),+ $(,)?) => {
        on_both!(@stamp [tokio::test] $($name)+);
    };
    (@stamp $test:tt $($name:ident)+) => {
        mod sqlite {
            $(on_both!(@one $test $name Sqlite);)+
        }
        mod postgres {
            $(on_both!(@one $test $name Postgres);)+
        }
    };
    (@one [$($test:tt)+] $name:ident $database:ident) => {
        #[$($test)+]
        async fn $name() {
            super::$name(crate::database::Database::$database).await;
        }
    };
}

/// A database of one test's own; it goes with it.
pub enum Home {
    File(TempDir),
    Server(Scratch),
}

impl Home {
    pub async fn new(on: Database) -> Self {
        match on {
            Database::Sqlite => Self::File(tempfile::tempdir().unwrap()),
            Database::Postgres => Self::Server(Scratch::new().await),
        }
    }

    pub fn location(&self) -> Location {
        match self {
            Self::File(folder) => Location::Sqlite(folder.path().join("gantry.db")),
            Self::Server(scratch) => scratch.location(),
        }
    }

    /// Opens it as one more process would.
    pub async fn open(&self) -> Arc<dyn Store> {
        store::open(&self.location(), OpenMode::Migrate)
            .await
            .unwrap()
    }

    /// The file of a database that is one.
    pub fn file(&self) -> PathBuf {
        match self.location() {
            Location::Sqlite(file) => file,
            Location::Postgres(address) => panic!("{address} is no file"),
        }
    }

    /// Does what no function of the store does, as a program with wrong code could.
    pub async fn execute(&self, sql: String) {
        let sql = sqlx::raw_sql(sqlx::AssertSqlSafe(sql));
        match self {
            Self::File(_) => sql.execute(&mut raw(self.file()).await).await.map(drop),
            Self::Server(scratch) => sql.execute(&mut scratch.raw().await).await.map(drop),
        }
        .unwrap();
    }

    /// The texts that a query has in its one column.
    pub async fn texts(&self, sql: String) -> Vec<String> {
        let sql = sqlx::AssertSqlSafe(sql);
        match self {
            Self::File(_) => {
                sqlx::query_scalar(sql)
                    .fetch_all(&mut raw(self.file()).await)
                    .await
            }
            Self::Server(scratch) => {
                sqlx::query_scalar(sql)
                    .fetch_all(&mut scratch.raw().await)
                    .await
            }
        }
        .unwrap()
    }

    /// Ends the connections to a database of a server that fit, as somebody's hand or a restart
    /// does; they are gone when this returns. Answers how many there were.
    pub async fn end_connections(&self, which: &str) -> usize {
        let ended = format!(
            "WITH those AS MATERIALIZED (
                 SELECT pid FROM pg_stat_activity
                 WHERE datname = current_database() AND backend_type = 'client backend'
                 AND pid <> pg_backend_pid() AND {which})
             SELECT pid::text FROM those WHERE pg_terminate_backend(pid, 5000)"
        );
        self.texts(ended).await.len()
    }

    /// A change with a number far ahead, and all later ones after it.
    pub async fn number_a_change(&self, seq: u64) {
        let (given, going_on) = match self {
            Self::File(_) => ("", String::new()),
            Self::Server(_) => (
                "OVERRIDING SYSTEM VALUE",
                format!("; SELECT setval('change_seq_seq', {seq})"),
            ),
        };
        self.execute(format!(
            "INSERT INTO change (seq, partner_id, kind, subject) {given}
             SELECT {seq}, partner_id, kind, subject FROM change LIMIT 1 {going_on}"
        ))
        .await;
    }

    /// Every row of every table, as text.
    pub async fn dump(&self) -> BTreeMap<String, Vec<String>> {
        let mut tables = BTreeMap::new();
        for table in self.tables().await {
            let row = match self {
                Self::File(_) => {
                    let columns = format!(
                        "SELECT 'quote(\"' || name || '\")' FROM pragma_table_info('{table}')"
                    );
                    self.texts(columns).await.join(" || '|' || ")
                }
                Self::Server(_) => format!("\"{table}\"::text"),
            };
            let rows = format!("SELECT {row} FROM \"{table}\" ORDER BY 1");
            tables.insert(table, self.texts(rows).await);
        }
        tables
    }

    /// All tables but the migrator's.
    pub async fn tables(&self) -> Vec<String> {
        let names = match self {
            Self::File(_) => {
                "SELECT name FROM sqlite_schema WHERE type = 'table'
                 AND name NOT LIKE 'sqlite%' AND name <> '_sqlx_migrations' ORDER BY name"
            }
            Self::Server(_) => {
                "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'
                 AND tablename <> '_sqlx_migrations' ORDER BY 1"
            }
        };
        self.texts(names.to_owned()).await
    }
}

/// A connection to a file that may do anything.
pub async fn raw(file: PathBuf) -> sqlx::SqliteConnection {
    use sqlx::ConnectOptions;
    sqlx::sqlite::SqliteConnectOptions::new()
        .filename(file)
        .connect()
        .await
        .unwrap()
}
