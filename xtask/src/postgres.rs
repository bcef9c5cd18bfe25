//! A PostgreSQL cluster for tests: started from the server that is installed, thrown away after.
//! What the cluster is like stands in `postgres.sh`; which databases are in it, tests decide.
//! Knows the one variable by which tests find it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::tools;

/// Where tests find the cluster: the URL of its database `postgres`, for an ordinary login that
/// may make databases. The superuser of the cluster is called `postgres`.
pub const VARIABLE: &str = "GANTRY_TEST_POSTGRES";

/// The oldest release line that the migrations run on.
const MAJOR_MIN: u32 = 15;

const BY_HAND: &str = "install PostgreSQL 15 or newer (Debian: `apt-get install postgresql`)";

/// Runs as long as this lives: its keeper, a shell, waits for the end of the pipe from here. That
/// comes with this process too, whatever ends it, so that nothing has to be caught.
pub struct Cluster {
    keeper: Child,
    pipe: Option<ChildStdin>,
    url: String,
}

impl Cluster {
    /// Fast, as nothing in it outlives a crash of the machine.
    pub fn start() -> Result<Cluster> {
        Self::run("off")
    }

    /// For measuring: what is committed is on the disk.
    pub fn durable() -> Result<Cluster> {
        Self::run("on")
    }

    fn run(fsync: &str) -> Result<Cluster> {
        let programs = match installed() {
            Some(dir) => dir,
            None => {
                tools::install("postgresql", BY_HAND)?;
                installed().context(BY_HAND)?
            }
        };
        let mut keeper = as_ordinary_user()?
            .args(["sh", "-c", include_str!("postgres.sh"), "postgres.sh"])
            .arg(&programs)
            .arg(fsync)
            // Not a folder that another user may not enter.
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("start a shell")?;
        let pipe = keeper.stdin.take();
        let mut folder = String::new();
        if let Some(stdout) = keeper.stdout.take() {
            BufReader::new(stdout).read_line(&mut folder)?;
        }
        if folder.is_empty() {
            drop(pipe);
            let status = keeper.wait()?;
            bail!("no PostgreSQL for the tests ({status}): read what it says above");
        }
        Ok(Cluster {
            keeper,
            pipe,
            url: url(folder.trim_end()),
        })
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Keeps it until somebody ends this process.
    pub fn keep(mut self) -> Result<()> {
        println!("{VARIABLE}={}", self.url);
        eprintln!("running until Ctrl-C");
        // `Child::wait` closes the child's input first: that is why the pipe is held apart.
        let status = self.keeper.wait()?;
        bail!("the PostgreSQL for the tests ended ({status})");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.pipe = None;
        if let Err(error) = self.keeper.wait() {
            eprintln!("the PostgreSQL for the tests may still be running: {error}");
        }
    }
}

/// A socket's folder stands where a host would, with its signs encoded.
fn url(folder: &str) -> String {
    format!(
        "postgres://gantry@{}:5432/postgres",
        folder.replace('/', "%2F")
    )
}

/// The folder of the server's programs: that of `pg_config`, else Debian's newest.
fn installed() -> Option<PathBuf> {
    let configured = Command::new("pg_config")
        .arg("--bindir")
        .output()
        .ok()
        .map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    let debians = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    // The last of the greatest is taken, so `pg_config` decides between two of one release.
    debians
        .chain(configured)
        .filter_map(|dir| Some((major_of(&dir)?, dir)))
        .filter(|(major, _)| MAJOR_MIN <= *major)
        .max_by_key(|(major, _)| *major)
        .map(|(_, dir)| dir)
}

/// The release line of the server in that folder, if there is one.
fn major_of(dir: &Path) -> Option<u32> {
    let output = Command::new(dir.join("postgres"))
        .arg("--version")
        .output()
        .ok()?;
    major(&String::from_utf8_lossy(&output.stdout))
}

/// From `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`, or `17beta1` for its number.
fn major(version: &str) -> Option<u32> {
    let (_, number) = version.split_once("(PostgreSQL) ")?;
    let digits = number.find(|sign: char| !sign.is_ascii_digit())?;
    number[..digits].parse().ok()
}

/// What runs the rest of its arguments as a program: the server refuses to run as root, so there
/// it is the user that PostgreSQL's package makes.
fn as_ordinary_user() -> Result<Command> {
    if !tools::is_root() {
        return Ok(Command::new("env"));
    }
    let words = [
        "--reuid=postgres",
        "--regid=postgres",
        "--init-groups",
        "--",
    ];
    if !tools::answers(Command::new("setpriv").args(words).arg("true")) {
        bail!(
            "PostgreSQL does not run as root, and `setpriv` finds no user `postgres`: \
             run this as another user"
        );
    }
    let mut command = Command::new("setpriv");
    command.args(words);
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_tells_its_release_line() {
        let check = |version, expected| assert_eq!(major(version), expected, "{version}");
        check(
            "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n",
            Some(15),
        );
        check("postgres (PostgreSQL) 17beta1\n", Some(17));
        check("postgres (PostgreSQL) 18devel\n", Some(18));
        check("pg_config: not found\n", None);
        check("", None);
    }

    /// Two at a time, as two checkouts on one machine have them.
    #[test]
    fn a_cluster_leaves_nothing_behind() {
        let folder_of = |cluster: &Cluster| {
            let (_, rest) = cluster.url().split_once('@').unwrap();
            let (folder, _) = rest.split_once(':').unwrap();
            PathBuf::from(folder.replace("%2F", "/"))
        };
        let [first, second] = [Cluster::start().unwrap(), Cluster::start().unwrap()];
        let folders = [folder_of(&first), folder_of(&second)];
        assert_ne!(folders[0], folders[1]);
        for folder in &folders {
            assert!(folder.join(".s.PGSQL.5432").exists(), "{folder:?}");
        }
        drop(first);
        assert!(!folders[0].exists());
        assert!(folders[1].join(".s.PGSQL.5432").exists());
        drop(second);
        assert!(!folders[1].exists());
    }
}
