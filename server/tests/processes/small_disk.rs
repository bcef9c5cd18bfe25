//! A small disk of its own for a data folder: a tmpfs in a mount namespace, which a user who is
//! not root can have as well.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
};

/// It is there for as long as this is held, and for those who enter it.
pub struct SmallDisk {
    /// Holds the namespace, and ends with its standard input: with the test, however that ends.
    keeper: Child,
    enter: Vec<String>,
}

impl SmallDisk {
    pub fn mount(at: &Path, mib: u32) -> Self {
        fs::create_dir_all(at).unwrap();
        let mut whys = Vec::new();
        // Root need not be allowed to make a user namespace, nor a user to do without.
        for namespaces in [&["--user", "--mount"][..], &["--mount"]] {
            match keep(at, mib, namespaces) {
                Ok(keeper) => {
                    let mut enter = vec!["nsenter".to_owned(), "--preserve-credentials".to_owned()];
                    enter.extend(namespaces.iter().map(|&word| word.to_owned()));
                    enter.extend(["--target".to_owned(), keeper.id().to_string()]);
                    return Self { keeper, enter };
                }
                Err(why) => whys.push(why),
            }
        }
        panic!(
            "no small disk can be mounted for this test; run it as root, or allow user \
             namespaces (on Ubuntu: sysctl kernel.apparmor_restrict_unprivileged_userns=0): {}",
            whys.join("; ")
        );
    }

    /// What is typed before a command that is to see the disk.
    pub fn enter(&self) -> &[String] {
        &self.enter
    }

    /// Writes a file until not a byte more goes in.
    pub fn fill(&self, file: &Path) {
        let status = self.run("cat /dev/zero > \"$0\" 2> /dev/null", file);
        assert!(!status, "the disk takes everything");
    }

    pub fn remove(&self, file: &Path) {
        assert!(self.run("rm \"$0\"", file));
    }

    fn run(&self, script: &str, file: &Path) -> bool {
        let mut command = Command::new(&self.enter[0]);
        command.args(&self.enter[1..]).args(["sh", "-c", script]);
        command.arg(file).status().unwrap().success()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// The keeper of new namespaces, once it has mounted the disk there; else why not.
fn keep(at: &Path, mib: u32, namespaces: &[&str]) -> Result<Child, String> {
    let script = format!("mount -t tmpfs -o size={mib}m small \"$0\" && echo mounted && exec cat");
    let mut command = Command::new("unshare");
    command.args(namespaces);
    if namespaces.contains(&"--user") {
        command.arg("--map-root-user");
    }
    command.args(["sh", "-c", &script]).arg(at);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut keeper = command
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("unshare of util-linux: {error}"))?;
    let mut first = String::new();
    let mut stdout = BufReader::new(keeper.stdout.take().unwrap());
    stdout.read_line(&mut first).unwrap();
    if first == "mounted\n" {
        return Ok(keeper);
    }
    keeper.wait().unwrap();
    let mut said = String::new();
    keeper
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    Err(said.trim().replace('\n', ", "))
}
