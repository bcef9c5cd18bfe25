//! PostgreSQL to test on: a database of a test's own in the cluster that the tests are given, or a
//! whole cluster of its own, to be stopped.

use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection,
    postgres::{PgConnectOptions, PgSslMode},
};
use std::{
    env,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
};

/// The URL of a database of the cluster, for a login that may make databases.
const VARIABLE: &str = "GANTRY_TEST_POSTGRES";

/// What makes a cluster for the tests, and ends it with whoever holds its input.
const KEEPER: &str = include_str!("../../../xtask/src/postgres.sh");

/// A server that is stopped in the hardest way leaves its writes to the system.
const FSYNC: &str = "off";

/// An empty database. It goes with what holds it.
pub struct Database {
    cluster: PgConnectOptions,
    name: String,
    /// One in a cluster of its own goes with that.
    to_drop: bool,
}

impl Database {
    pub fn new() -> Self {
        Self::make(given(), true, "")
    }

    fn make(cluster: PgConnectOptions, to_drop: bool, place: &str) -> Self {
        let name = format!("processes_{:032x}", rand::random::<u128>());
        run(cluster.clone(), format!("CREATE DATABASE {name} {place}"));
        Self {
            cluster,
            name,
            to_drop,
        }
    }

    pub fn url(&self) -> String {
        self.options().to_url_lossy().to_string()
    }

    /// For a login that row-level security does not hold.
    pub fn url_past_walls(&self) -> String {
        let options = self.options().username("postgres");
        options.to_url_lossy().to_string()
    }

    pub async fn connect_past_walls(&self) -> PgConnection {
        self.options().username("postgres").connect().await.unwrap()
    }

    fn options(&self) -> PgConnectOptions {
        self.cluster.clone().database(&self.name)
    }

    /// A connection as the login that owns the tables.
    pub async fn connect(&self) -> PgConnection {
        self.options().connect().await.unwrap()
    }

    /// Ends every connection to it but the one that asks, and gives how many there were.
    pub async fn end_connections(&self) -> usize {
        let mut connection = self.connect().await;
        let ended: Vec<bool> = sqlx::query_scalar(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()
             -- A vacuum of the server's own is nobody's, and only a superuser may end it.
             AND backend_type = 'client backend'",
        )
        .fetch_all(&mut connection)
        .await
        .unwrap();
        connection.close().await.unwrap();
        ended.len()
    }

    /// How many connections there are to it but the one that asks.
    pub async fn connections(&self) -> i64 {
        let mut connection = self.connect().await;
        let connections = sqlx::query_scalar(
            "SELECT COUNT(*) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()
             AND backend_type = 'client backend'",
        )
        .fetch_one(&mut connection)
        .await
        .unwrap();
        connection.close().await.unwrap();
        connections
    }

    /// Whether a server holds it for itself.
    pub async fn is_held(&self) -> bool {
        let mut connection = self.connect().await;
        let held = sqlx::query_scalar(
            "SELECT EXISTS (
                 SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                 WHERE d.datname = current_database() AND l.locktype = 'advisory'
                 AND l.objid = 4 AND l.objsubid = 2 AND l.granted)",
        )
        .fetch_one(&mut connection)
        .await
        .unwrap();
        connection.close().await.unwrap();
        held
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if self.to_drop {
            // As the superuser: a vacuum of the server's own may be in there, and no other login
            // may end that.
            let sql = format!("DROP DATABASE {} WITH (FORCE)", self.name);
            run(self.cluster.clone().username("postgres"), sql);
        }
    }
}

/// The cluster that the tests are given.
fn given() -> PgConnectOptions {
    let Ok(url) = env::var(VARIABLE) else {
        panic!(
            "{VARIABLE} names no PostgreSQL to test on: run `cargo xtask test`, or \
             `cargo xtask postgres` and set it to what that prints"
        );
    };
    options(&url)
}

fn options(url: &str) -> PgConnectOptions {
    let options: PgConnectOptions = url.parse().unwrap();
    options
        .ssl_mode(PgSslMode::Disable)
        .disable_statement_logging()
}

fn run(options: PgConnectOptions, sql: String) {
    blocking(async move {
        let mut connection = options.connect().await.unwrap();
        connection.execute(AssertSqlSafe(sql)).await.unwrap();
        connection.close().await.unwrap();
    });
}

/// A test's own runtime cannot be waited for where a site is made or dropped.
fn blocking<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    let worker = thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(work)
    });
    worker.join().expect("PostgreSQL does what it is told")
}

/// A cluster that a test may stop. It goes with what holds it.
pub struct Cluster {
    keeper: Child,
    /// What is typed before its programs.
    before: Vec<String>,
    folder: PathBuf,
    programs: PathBuf,
}

impl Cluster {
    /// Of the same programs as the one that the tests are given.
    pub fn start() -> Self {
        Self::start_behind(ordinary_user())
    }

    /// The same with other words before its programs, which must make them those of a user who is
    /// not root.
    pub fn start_behind(before: Vec<String>) -> Self {
        // Only a superuser may ask where they are.
        let asked = given().username("postgres");
        let programs: String = blocking(async move {
            let mut connection = asked.connect().await.unwrap();
            sqlx::query_scalar("SELECT setting FROM pg_config WHERE name = 'BINDIR'")
                .fetch_one(&mut connection)
                .await
                .unwrap()
        });
        let mut keeper = behind(&before)
            .args(["sh", "-c", KEEPER, "postgres.sh", &programs, FSYNC])
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut folder = String::new();
        let stdout = keeper.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut folder).unwrap();
        assert!(!folder.is_empty(), "no cluster: read what it says above");
        Self {
            keeper,
            before,
            folder: folder.trim_end().into(),
            programs: programs.into(),
        }
    }

    pub fn database(&self) -> Database {
        Database::make(self.login("gantry"), false, "")
    }

    pub fn database_in(&self, tablespace: &str) -> Database {
        let place = format!("TABLESPACE {tablespace}");
        Database::make(self.login("gantry"), false, &place)
    }

    fn login(&self, name: &str) -> PgConnectOptions {
        let folder = self.folder.to_str().unwrap().replace('/', "%2F");
        options(&format!("postgres://{name}@{folder}:5432/postgres"))
    }

    /// As its superuser. Gives whether it was done.
    pub async fn run(&self, sql: &str) -> bool {
        let connected = self.login("postgres").connect().await;
        let Ok(mut connection) = connected else {
            return false;
        };
        let sql = AssertSqlSafe(sql.to_owned());
        connection.execute(sql).await.is_ok()
    }

    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Has a shell do something as the user whose the server is.
    pub fn shell(&self, script: &str, words: &[&Path]) {
        let mut command = behind(&self.before);
        command.args(["sh", "-c", script]).args(words);
        let status = command.current_dir("/").stdin(Stdio::null()).status();
        assert!(status.unwrap().success(), "{script}");
    }

    /// As if its power was cut.
    pub fn stop(&self) {
        self.control(&["stop", "-m", "immediate"]);
    }

    /// Whether it runs. Its own trouble may have ended it.
    pub fn is_running(&self) -> bool {
        self.asked(&["status"])
    }

    pub fn start_again(&self) {
        let log = self.folder.join("log");
        self.control(&["start", "-w", "-l", log.to_str().unwrap()]);
    }

    fn control(&self, words: &[&str]) {
        assert!(self.asked(words), "pg_ctl {words:?}");
    }

    fn asked(&self, words: &[&str]) -> bool {
        let status = behind(&self.before)
            .arg(self.programs.join("pg_ctl"))
            .args(words)
            .args([Path::new("-s"), Path::new("-D"), &self.data()])
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status()
            .unwrap();
        status.success()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

fn behind(before: &[String]) -> Command {
    let mut command = Command::new(&before[0]);
    command.args(&before[1..]);
    command
}

/// What is typed before a program: PostgreSQL refuses to run as root, so there it is the user that
/// its package makes.
pub fn ordinary_user() -> Vec<String> {
    let words = match tells("-u", None) {
        0 => &[
            "setpriv",
            "--reuid=postgres",
            "--regid=postgres",
            "--init-groups",
            "--",
        ][..],
        _ => &["env"],
    };
    words.iter().map(|&word| word.to_owned()).collect()
}

/// The numbers of that user and of the group.
pub fn ordinary_user_ids() -> (u32, u32) {
    let name = (tells("-u", None) == 0).then_some("postgres");
    (tells("-u", name), tells("-g", name))
}

fn tells(what: &str, name: Option<&str>) -> u32 {
    let output = Command::new("id").arg(what).args(name).output().unwrap();
    let number = String::from_utf8(output.stdout).unwrap();
    number.trim().parse().unwrap()
}
