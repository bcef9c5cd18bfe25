//! Whole races in memory: simulator, protocol machines, journal, live path and rundown on a
//! virtual clock, with a fault possible at every step.
//!
//! Goal: each read is stored exactly once; nobody is featured twice but for a read that was shown
//! and not yet committed at a crash; a late read is never featured. Method: a seed decides the
//! race, the knobs and every step. The store is the real one; a crash drops all that is in memory.
//!
//! `GANTRY_SEED=n` replays one seed and tells each step; `GANTRY_SEEDS=n` runs that many.

#![expect(
    clippy::unwrap_used,
    reason = "in a test a failed unwrap is the failure"
)]

mod simulation {
    pub mod ledger;
    pub mod server;
    pub mod world;
}

use simulation::world::{Ground, World};

const SEEDS: u64 = 2_000;

/// Two of these run side by side, on two cores.
const PARTS: u64 = 2;

fn run(part: u64) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        if let Some(seed) = number("GANTRY_SEED") {
            if seed % PARTS == part {
                let mut ground = Ground::new().await;
                World::new(&mut ground, seed, true).await.run().await;
            }
            return;
        }
        let seeds = number("GANTRY_SEEDS").unwrap_or(SEEDS);
        let mut ground = Ground::new().await;
        let mut featured = 0;
        let mut crashes = 0;
        for seed in (0..seeds).filter(|seed| seed % PARTS == part) {
            let told = Told(seed);
            let world = World::new(&mut ground, seed, false).await.run().await;
            featured += world.featured;
            crashes += world.crashes;
            std::mem::forget(told);
        }
        // A simulation in which nothing happens proves nothing.
        assert!(featured > seeds, "only {featured} runners were featured");
        assert!(
            crashes > seeds / PARTS / 4,
            "only {crashes} crashes happened"
        );
    });
}

/// Says which seed was running when a test fails.
struct Told(u64);

impl Drop for Told {
    fn drop(&mut self) {
        eprintln!("failed with seed {0}: GANTRY_SEED={0} replays it", self.0);
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name)
        .ok()
        .map(|text| text.parse().expect("a whole number"))
}

#[test]
fn races_with_faults_even_seeds() {
    run(0);
}

#[test]
fn races_with_faults_odd_seeds() {
    run(1);
}
