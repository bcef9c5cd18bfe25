//! A database of a test's own in a real PostgreSQL, copied from a template that is migrated once.

use sqlx::{
    ConnectOptions, Connection, Executor, PgConnection,
    postgres::{PgConnectOptions, PgSslMode},
};
use std::{
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher},
    net::SocketAddr,
    path::PathBuf,
};
use store::{Location, OpenMode};

/// The URL of a database of the cluster, for a login that may make databases.
const VARIABLE: &str = "GANTRY_TEST_POSTGRES";

/// Goes with what holds it.
pub struct Scratch {
    name: String,
}

impl Scratch {
    /// With our schema.
    pub async fn new() -> Self {
        let template = template().await;
        Self::make(&format!("TEMPLATE {template}")).await
    }

    pub async fn empty() -> Self {
        Self::make("").await
    }

    async fn make(from: &str) -> Self {
        let name = format!("contract_{}", uuid::Uuid::now_v7().simple());
        let mut cluster = connect(cluster()).await;
        run(&mut cluster, format!("CREATE DATABASE {name} {from}")).await;
        Self { name }
    }

    pub fn location(&self) -> Location {
        location(&self.name)
    }

    /// The same for the superuser of the cluster, whom row-level security does not hold.
    pub fn location_of_superuser(&self) -> Location {
        let options = cluster().database(&self.name).username("postgres");
        Location::Postgres(options.to_url_lossy().as_str().parse().unwrap())
    }

    /// The same by another way, which leads to `socket`.
    pub fn location_at(&self, address: SocketAddr) -> Location {
        let (host, port) = (address.ip(), address.port());
        let url = format!(
            "postgres://gantry@{host}:{port}/{}?sslmode=disable",
            self.name
        );
        Location::Postgres(url.parse().unwrap())
    }

    pub fn socket(&self) -> PathBuf {
        let cluster = cluster();
        let folder = cluster.get_socket().unwrap();
        folder.join(format!(".s.PGSQL.{}", cluster.get_port()))
    }

    /// As the login, which owns the tables. Row-level security holds it too.
    pub async fn raw(&self) -> PgConnection {
        connect(cluster().database(&self.name)).await
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let name = std::mem::take(&mut self.name);
        // A test's own runtime cannot be waited for in a drop.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                // As the superuser: a vacuum of the server's own may be in there, and no other
                // login may end that.
                let mut cluster = connect(cluster().username("postgres")).await;
                run(&mut cluster, format!("DROP DATABASE {name} WITH (FORCE)")).await;
            });
        });
        if dropped.join().is_err() && !std::thread::panicking() {
            panic!("the scratch database could not be dropped");
        }
    }
}

pub fn location(database: &str) -> Location {
    Location::Postgres(url(database).parse().unwrap())
}

pub fn url(database: &str) -> String {
    cluster().database(database).to_url_lossy().to_string()
}

fn cluster() -> PgConnectOptions {
    let Ok(url) = std::env::var(VARIABLE) else {
        panic!(
            "{VARIABLE} names no PostgreSQL to test on: run `cargo xtask test`, or \
             `cargo xtask postgres` and set it to what that prints"
        );
    };
    let options: PgConnectOptions = url.parse().unwrap();
    options
        .ssl_mode(PgSslMode::Disable)
        .disable_statement_logging()
}

async fn connect(options: PgConnectOptions) -> PgConnection {
    options.connect().await.unwrap()
}

pub async fn run(connection: &mut PgConnection, sql: String) {
    connection.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
}

/// The database that is copied. Tests are processes of their own: the first of them makes it, and
/// it is there for all binaries with the same migrations.
async fn template() -> String {
    let name = format!("contract_template_{:016x}", migrations_hash());
    let mut cluster = connect(cluster()).await;
    let mut tx = cluster.begin().await.unwrap();
    run(&mut tx, "SELECT pg_advisory_xact_lock(1)".to_owned()).await;
    let known: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
            .bind(&name)
            .fetch_one(&mut *tx)
            .await
            .unwrap();
    if !known {
        let mut maker = connect(self::cluster()).await;
        let draft = format!("draft_{}", uuid::Uuid::now_v7().simple());
        run(&mut maker, format!("CREATE DATABASE {draft}")).await;
        let store = store::open(&location(&draft), OpenMode::Migrate)
            .await
            .unwrap();
        store.close().await;
        run(
            &mut maker,
            format!("ALTER DATABASE {draft} RENAME TO {name}"),
        )
        .await;
    }
    tx.commit().await.unwrap();
    name
}

fn migrations_hash() -> u64 {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/postgres");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let texts: Vec<String> = files
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect();
    BuildHasherDefault::<DefaultHasher>::default().hash_one(texts)
}
