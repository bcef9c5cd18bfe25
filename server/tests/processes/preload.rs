//! Small libraries in C that are loaded before the server, and stand between it and the system:
//! the binary under test stays the one that is shipped.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Compiles a library into the folder.
pub fn library(folder: &Path, name: &str, source: &str) -> PathBuf {
    let (source_path, path) = (
        folder.join(format!("{name}.c")),
        folder.join(format!("{name}.so")),
    );
    fs::write(&source_path, source).unwrap();
    let compiler = env::var_os("CC").unwrap_or_else(|| "cc".into());
    let output = Command::new(&compiler)
        .args(["-std=gnu11", "-O2", "-shared", "-fPIC", "-pthread", "-o"])
        .args([&path, &source_path])
        .output()
        .unwrap_or_else(|error| {
            panic!("install a C compiler, or name yours in CC: {compiler:?}: {error}")
        });
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{compiler:?} {name}.c: {said}");
    path
}
