//! A small disk of its own for a data folder or a database: a tmpfs in a mount namespace, which a
//! user who is not root can have as well.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// It is there for as long as this is held, and for those who enter it.
pub struct SmallDisk {
    at: PathBuf,
    /// Holds the namespace, and ends with its standard input: with the test, however that ends.
    keeper: Child,
    enter: Vec<String>,
    /// In a user namespace, where nobody but its maker is known.
    is_alone: bool,
}

impl SmallDisk {
    pub fn mount(at: &Path, mib: u32) -> Self {
        fs::create_dir_all(at).unwrap();
        Self::over(&[at.to_owned()], mib)
    }

    /// One over each of these folders, so that what they hold is not seen.
    pub fn over(folders: &[PathBuf], mib: u32) -> Self {
        let mut whys = Vec::new();
        // A user is not allowed to do without a user namespace, nor need root be to make one.
        for namespaces in [&["--mount"][..], &["--user", "--mount"]] {
            match keep(folders, mib, namespaces) {
                Ok(keeper) => {
                    let mut enter = vec!["nsenter".to_owned(), "--preserve-credentials".to_owned()];
                    enter.extend(namespaces.iter().map(|&word| word.to_owned()));
                    enter.extend(["--target".to_owned(), keeper.id().to_string()]);
                    return Self {
                        at: folders[0].clone(),
                        keeper,
                        enter,
                        is_alone: namespaces.contains(&"--user"),
                    };
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

    pub fn at(&self) -> &Path {
        &self.at
    }

    /// What is typed before a command that is to see the disk.
    pub fn enter(&self) -> &[String] {
        &self.enter
    }

    /// The same for a program that refuses to run as root. `user` is what is typed before it
    /// elsewhere, and `id` who that is: in a user namespace, everybody but its maker is nobody.
    pub fn enter_as(&self, user: &[String], (id, group): (u32, u32)) -> Vec<String> {
        let mut words = self.enter.clone();
        if self.is_alone {
            words.extend(["unshare".to_owned(), "--user".to_owned()]);
            words.extend([format!("--map-user={id}"), format!("--map-group={group}")]);
        } else {
            words.extend_from_slice(user);
        }
        words
    }

    /// Takes all the room there is, until not a byte more goes in.
    pub fn fill(&self) {
        let took_all = self.run("cat /dev/zero > \"$0\" 2> /dev/null");
        assert!(!took_all, "the disk takes everything");
    }

    pub fn free(&self) {
        assert!(self.run("rm \"$0\""));
    }

    fn run(&self, script: &str) -> bool {
        let mut command = Command::new(&self.enter[0]);
        command.args(&self.enter[1..]).args(["sh", "-c", script]);
        let status = command.arg(self.at.join("filler")).status();
        status.unwrap().success()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// The keeper of new namespaces, once it has mounted the disks there; else why not.
fn keep(folders: &[PathBuf], mib: u32, namespaces: &[&str]) -> Result<Child, String> {
    let script = format!(
        "for at do mount -t tmpfs -o size={mib}m small \"$at\" || exit; done
         echo mounted && exec cat"
    );
    let mut command = Command::new("unshare");
    command.args(namespaces);
    if namespaces.contains(&"--user") {
        command.arg("--map-root-user");
    }
    command
        .args(["sh", "-c", &script, "small_disk"])
        .args(folders);
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
