//! How often somebody may try: counts of what failed, by network address and by what was tried at.
//!
//! Pure: time comes in as an argument. In memory only; a restart forgets.

use crate::{ServiceError, limits};
use model::MonoMs;
use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    net::IpAddr,
};

#[derive(Default)]
pub struct Tries {
    counts: HashMap<Key, Count>,
    hasher: RandomState,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Address(IpAddr),
    /// A hash of what was tried at is enough, and a fixed size.
    Email(IpAddr, u64),
}

struct Count {
    failed: u32,
    over_at: MonoMs,
}

impl Tries {
    /// Counts one as failed. `TooManyTries` where it may not even be begun.
    pub fn count(&mut self, from: IpAddr, email: &str, now: MonoMs) -> Result<(), ServiceError> {
        let keys = self.keys(from, email);
        for (key, max) in keys {
            if let Some(count) = self.counts.get(&key)
                && count.over_at > now
                && count.failed >= max
            {
                let wait_ms = count.over_at.0 - now.0;
                return Err(ServiceError::TooManyTries { wait_ms });
            }
        }
        for (key, _) in keys {
            if !self.counts.contains_key(&key) {
                self.make_room(now);
            }
            let over_at = now.plus_ms(limits::TRIES_MS);
            let fresh = || Count { failed: 0, over_at };
            let count = self.counts.entry(key).or_insert_with(fresh);
            if count.over_at <= now {
                *count = fresh();
            }
            count.failed += 1;
        }
        Ok(())
    }

    /// One that was counted did not fail.
    pub fn take_back(&mut self, from: IpAddr, email: &str) {
        for (key, _) in self.keys(from, email) {
            if let Some(count) = self.counts.get_mut(&key) {
                count.failed = count.failed.saturating_sub(1);
            }
        }
    }

    /// Somebody who got in has shown that those before were theirs.
    pub fn forget(&mut self, from: IpAddr, email: &str) {
        let [_, (key, _)] = self.keys(from, email);
        self.counts.remove(&key);
    }

    fn keys(&self, from: IpAddr, email: &str) -> [(Key, u32); 2] {
        let from = network(from);
        let email = self.hasher.hash_one(email.trim().to_lowercase());
        [
            (Key::Address(from), limits::TRIES_PER_ADDRESS_MAX),
            (Key::Email(from, email), limits::TRIES_PER_EMAIL_MAX),
        ]
    }

    fn make_room(&mut self, now: MonoMs) {
        if self.counts.len() < limits::TRIES_COUNTED_MAX {
            return;
        }
        self.counts.retain(|_, count| count.over_at > now);
        if self.counts.len() < limits::TRIES_COUNTED_MAX {
            return;
        }
        let soonest = self.counts.iter().min_by_key(|(_, count)| count.over_at);
        if let Some(key) = soonest.map(|(key, _)| *key) {
            self.counts.remove(&key);
        }
    }
}

/// What one subscriber has: with IPv6 that is 2 to the 64th power of addresses.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            [a, b, c, d, 0, 0, 0, 0].into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "192.0.2.1";
    const THERE: &str = "198.51.100.1";

    struct World(Tries);

    impl World {
        fn new() -> Self {
            Self(Tries::default())
        }

        /// What is waited for, where a try at that second is refused.
        fn fails(&mut self, from: &str, email: &str, second: u64) -> Option<u64> {
            let at = MonoMs(second * 1_000);
            match self.0.count(from.parse().unwrap(), email, at) {
                Ok(()) => None,
                Err(ServiceError::TooManyTries { wait_ms }) => Some(wait_ms / 1_000),
                Err(other) => panic!("{other}"),
            }
        }

        fn fails_often(&mut self, from: &str, email: &str, second: u64) {
            for _ in 0..limits::TRIES_PER_EMAIL_MAX {
                assert_eq!(self.fails(from, email, second), None);
            }
        }
    }

    #[test]
    fn ten_failures_make_one_address_wait_at_one_person() {
        let mut world = World::new();
        world.fails_often(HERE, "ada@example.com", 0);
        assert_eq!(world.fails(HERE, " ADA@example.com", 60), Some(840));
        assert_eq!(world.fails(HERE, "bo@example.com", 60), None);
        assert_eq!(world.fails(THERE, "ada@example.com", 60), None);
        assert_eq!(world.fails(HERE, "ada@example.com", 899), Some(1));
        assert_eq!(world.fails(HERE, "ada@example.com", 900), None);
    }

    #[test]
    fn a_hundred_make_it_wait_at_everybody() {
        let mut world = World::new();
        for number in 0..limits::TRIES_PER_ADDRESS_MAX {
            let email = format!("{number}@example.com");
            assert_eq!(world.fails(HERE, &email, 0), None);
        }
        assert_eq!(world.fails(HERE, "another@example.com", 0), Some(900));
        assert_eq!(world.fails(THERE, "another@example.com", 0), None);
    }

    #[test]
    fn what_did_not_fail_is_not_counted() {
        let mut world = World::new();
        for _ in 0..1_000 {
            assert_eq!(world.fails(HERE, "ada@example.com", 0), None);
            world.0.take_back(HERE.parse().unwrap(), "ada@example.com");
        }
        world.fails_often(HERE, "ada@example.com", 0);
        world.0.forget(HERE.parse().unwrap(), "ada@example.com");
        assert_eq!(world.fails(HERE, "ada@example.com", 0), None);
    }

    #[test]
    fn addresses_of_one_subscriber_are_one() {
        let mut world = World::new();
        world.fails_often("2001:db8:1:2::3", "ada@example.com", 0);
        let refused = world.fails("2001:db8:1:2:ffff::", "ada@example.com", 0);
        assert_eq!(refused, Some(900));
        assert_eq!(world.fails("2001:db8:1:3::3", "ada@example.com", 0), None);
        world.fails_often(HERE, "ada@example.com", 0);
        let refused = world.fails("::ffff:192.0.2.1", "ada@example.com", 0);
        assert_eq!(refused, Some(900));
    }

    #[test]
    fn what_is_counted_has_an_end() {
        let mut world = World::new();
        for number in 0..limits::TRIES_COUNTED_MAX as u128 {
            let from = std::net::Ipv6Addr::from(number << 64).to_string();
            assert_eq!(world.fails(&from, "ada@example.com", 0), None);
        }
        assert!(world.0.counts.len() <= limits::TRIES_COUNTED_MAX);
        assert_eq!(world.fails(HERE, "ada@example.com", 2_000), None);
        assert_eq!(world.0.counts.len(), 2);
    }
}
