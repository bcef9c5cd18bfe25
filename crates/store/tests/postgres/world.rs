//! A database of its own for a test, made by the ordinary login, with one full row of each of two
//! partners in every table behind a wall.

use crate::{
    catalog::{self, Table},
    rows::{self, Partner},
};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, migrate::Migrator,
    postgres::PgConnectOptions,
};
use std::collections::BTreeSet;
use uuid::Uuid;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/postgres");

/// Tables without a wall; the migration says why each has none.
pub const GLOBAL: [&str; 8] = [
    "change",
    "login",
    "membership",
    "node",
    "partner",
    "person",
    "quarantine",
    "quarantine_dropped",
];

/// Tables that everybody reads, and in which each makes rows of its own only.
pub const FOUND_BY_ALL: [&str; 2] = ["display_code", "route_rule"];

/// As whom a statement is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The server, after SET ROLE.
    App,
    /// The login, which owns the tables.
    Owner,
    /// Past every wall: to set a scene, never to try one.
    Superuser,
}

/// What became of a statement.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    Rows(u64),
    Refused {
        code: String,
        constraint: Option<String>,
        message: String,
    },
}

pub struct World {
    pub tables: Vec<Table>,
    options: PgConnectOptions,
}

impl World {
    pub async fn new() -> Self {
        let options = empty_database().await;
        let mut owner = options.connect().await.unwrap();
        MIGRATIONS.run(&mut owner).await.unwrap();
        let tables = catalog::tables(&mut owner).await;
        let world = Self { tables, options };
        for partner in [Partner::Harbour, Partner::Meadow] {
            let mut app = world.connect(Role::App, Some(&partner.id())).await;
            for table in world.parents_first() {
                let insert = rows::insert(table, &rows::row(&world.tables, table, partner, 0));
                app.execute(AssertSqlSafe(insert)).await.unwrap();
            }
        }
        world
    }

    /// `partner` is the text of the setting.
    pub async fn connect(&self, role: Role, partner: Option<&str>) -> PgConnection {
        let login = match role {
            Role::App | Role::Owner => self.options.clone(),
            Role::Superuser => self.options.clone().username("postgres"),
        };
        let mut connection = login.connect().await.unwrap();
        if role == Role::App {
            become_app(&mut connection).await;
        }
        if let Some(partner) = partner {
            set_partner(&mut connection, partner).await;
        }
        connection
    }

    pub fn behind_walls(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter().filter(|table| {
            !GLOBAL.contains(&table.name.as_str()) && !FOUND_BY_ALL.contains(&table.name.as_str())
        })
    }

    pub fn found_by_all(&self) -> impl Iterator<Item = &Table> {
        self.tables
            .iter()
            .filter(|table| FOUND_BY_ALL.contains(&table.name.as_str()))
    }

    /// Those that hold something of a partner's, and the partner.
    fn parents_first(&self) -> Vec<&Table> {
        let mut waiting: Vec<&Table> = vec![rows::named(&self.tables, "partner")];
        waiting.extend(self.behind_walls());
        waiting.extend(self.found_by_all());
        let mut done: BTreeSet<&str> = BTreeSet::new();
        let mut ordered = Vec::new();
        while !waiting.is_empty() {
            let (ready, rest): (Vec<&Table>, Vec<&Table>) = waiting
                .into_iter()
                .partition(|table| table.keys.iter().all(|key| done.contains(&*key.parent)));
            assert!(!ready.is_empty(), "tables point at each other in a ring");
            done.extend(ready.iter().map(|table| table.name.as_str()));
            ordered.extend(ready);
            waiting = rest;
        }
        ordered
    }

    /// A test that failed leaves its database to be looked at.
    pub async fn end(self) {
        let name = self.options.get_database().unwrap().to_owned();
        let mut server = cluster().username("postgres").connect().await.unwrap();
        let drop = format!("DROP DATABASE \"{name}\" WITH (FORCE)");
        server.execute(AssertSqlSafe(drop)).await.unwrap();
    }
}

/// Runs statements in a transaction that is undone; the outcome is that of the last one.
pub async fn attempt(connection: &mut PgConnection, statements: &[&str]) -> Outcome {
    let mut tx = connection.begin().await.unwrap();
    let mut outcome = Outcome::Rows(0);
    for statement in statements {
        let done = tx.execute(AssertSqlSafe((*statement).to_owned())).await;
        outcome = match done {
            Ok(done) => Outcome::Rows(done.rows_affected()),
            Err(error) => refused(error),
        };
    }
    tx.rollback().await.unwrap();
    outcome
}

pub async fn count(connection: &mut PgConnection, table: &Table) -> i64 {
    let count = format!("SELECT COUNT(*) FROM \"{}\"", table.name);
    sqlx::query_scalar(AssertSqlSafe(count))
        .fetch_one(connection)
        .await
        .unwrap()
}

impl Outcome {
    pub fn code(&self) -> &str {
        match self {
            Self::Rows(_) => "",
            Self::Refused { code, .. } => code,
        }
    }

    pub fn is_refused_by_wall(&self) -> bool {
        matches!(self, Self::Refused { code, message, .. }
            if code == INSUFFICIENT_PRIVILEGE && message.contains("row-level security"))
    }
}

pub const INSUFFICIENT_PRIVILEGE: &str = "42501";

fn refused(error: sqlx::Error) -> Outcome {
    let error = error.into_database_error().unwrap();
    Outcome::Refused {
        code: error.code().unwrap_or_default().into_owned(),
        constraint: error.constraint().map(str::to_owned),
        message: error.message().to_owned(),
    }
}

pub async fn become_app(connection: &mut PgConnection) {
    connection.execute("SET ROLE gantry_app").await.unwrap();
}

pub async fn set_partner(connection: &mut PgConnection, partner: &str) {
    sqlx::query("SELECT set_config('gantry.partner', $1, false)")
        .bind(partner)
        .execute(connection)
        .await
        .unwrap();
}

fn cluster() -> PgConnectOptions {
    let Ok(url) = std::env::var("GANTRY_TEST_POSTGRES") else {
        panic!(
            "GANTRY_TEST_POSTGRES is not set: run `cargo xtask test`, or keep `cargo xtask \
             postgres` running and set what it prints"
        );
    };
    url.parse::<PgConnectOptions>()
        .unwrap()
        .disable_statement_logging()
}

async fn empty_database() -> PgConnectOptions {
    let name = format!("walls_{}", Uuid::now_v7().simple());
    let mut server = cluster().connect().await.unwrap();
    let create = format!("CREATE DATABASE \"{name}\"");
    server.execute(AssertSqlSafe(create)).await.unwrap();
    cluster().database(&name)
}
