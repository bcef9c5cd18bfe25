//! Makes the folder that `http/assets.rs` embeds, so that a checkout compiles before its bundles
//! are built. `cargo xtask build` fills it.

fn main() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/site");
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    println!("cargo::rerun-if-changed={}", folder.display());
}
