//! Logins that were proved a moment ago: whoever has the studio open still hears what is wrong
//! while the database, which knows who they are, cannot be asked.
//!
//! Pure: time comes in as an argument. In memory only.

use crate::{Caller, limits};
use model::MonoMs;
use std::collections::HashMap;
use store::TokenHash;

#[derive(Default)]
pub struct Proven {
    callers: HashMap<TokenHash, (Caller, MonoMs)>,
}

impl Proven {
    pub fn remember(&mut self, token: &TokenHash, caller: &Caller, now: MonoMs) {
        if self.callers.len() >= limits::LOGINS_PROVEN_MAX && !self.callers.contains_key(token) {
            self.callers.retain(|_, (_, until)| now < *until);
            if self.callers.len() >= limits::LOGINS_PROVEN_MAX {
                return;
            }
        }
        let until = now.plus_ms(limits::LOGIN_PROVEN_MS);
        self.callers.insert(*token, (caller.clone(), until));
    }

    pub fn caller(&self, token: &TokenHash, now: MonoMs) -> Option<Caller> {
        let (caller, until) = self.callers.get(token)?;
        (now < *until).then(|| caller.clone())
    }

    pub fn forget(&mut self, token: &TokenHash) {
        self.callers.remove(token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_remembered_for_a_while_and_not_once_it_is_over() {
        let mut proven = Proven::default();
        let token = |number: u8| [number; 32];
        let (begun, ends) = (MonoMs(5), MonoMs(5 + limits::LOGIN_PROVEN_MS));
        let who = Caller::Shell;
        assert_eq!(proven.caller(&token(1), begun), None);
        proven.remember(&token(1), &who, begun);
        assert_eq!(proven.caller(&token(2), begun), None);
        assert_eq!(
            proven.caller(&token(1), MonoMs(ends.0 - 1)),
            Some(who.clone())
        );
        assert_eq!(proven.caller(&token(1), ends), None);
        proven.remember(&token(1), &who, ends);
        proven.forget(&token(1));
        assert_eq!(proven.caller(&token(1), ends), None);
    }

    #[test]
    fn no_more_are_remembered_than_may_be() {
        let mut proven = Proven::default();
        let token = |number: usize| {
            let mut bytes: TokenHash = [0; 32];
            bytes[..8].copy_from_slice(&number.to_le_bytes());
            bytes
        };
        let max = limits::LOGINS_PROVEN_MAX;
        for number in 0..=max {
            proven.remember(&token(number), &Caller::Shell, MonoMs(0));
        }
        assert_eq!(proven.caller(&token(max), MonoMs(0)), None);
        let later = MonoMs(limits::LOGIN_PROVEN_MS);
        proven.remember(&token(max), &Caller::Shell, later);
        assert_eq!(proven.caller(&token(max), later), Some(Caller::Shell));
    }
}
