//! A new migration is a reason to build this crate anew, which `sqlx::migrate!` does not say.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}
