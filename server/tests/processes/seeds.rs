//! Chance that can be had again.

use rand::{SeedableRng, rngs::StdRng};
use std::env;

const SEED: &str = "GANTRY_TEST_SEED";

/// A source of chance whose seed is printed. The same seed chooses the same moments, as far as
/// processes and a disk keep to them.
pub fn rng() -> StdRng {
    let seed = match env::var(SEED) {
        Ok(text) => text.parse().unwrap_or_else(|error| {
            panic!("{SEED} is a whole number from 0 on, not {text:?}: {error}")
        }),
        Err(_) => rand::random::<u64>(),
    };
    eprintln!("seed {seed}; {SEED}={seed} chooses the same");
    StdRng::seed_from_u64(seed)
}
