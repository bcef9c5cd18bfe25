//! Who somebody is: first set-up, log in and out, and the people whom the shell makes.
//!
//! Owns passwords, tokens and how often one may try. Knows no cookie and no page. What somebody
//! may do is the business of `authority`.

mod password;
mod people;
mod proven;
mod setup_code;
mod token;
mod tries;

pub use password::random as random_password;
pub use people::{create_person, reset_password, set_role};
pub use token::Token;

use crate::{Caller, Clock, ServiceError, limits, setup};
use model::{PartnerId, PersonId};
use password::Hashing;
use proven::Proven;
use setup_code::SetupCode;
use std::{
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use store::{Login, Membership, Person, Store, StoreError};
use tries::Tries;

/// Those of a running server.
pub struct Accounts {
    store: Arc<dyn Store>,
    clock: Clock,
    hashing: Hashing,
    tries: Mutex<Tries>,
    proven: Mutex<Proven>,
    setup_code: Mutex<SetupCode>,
    /// Once there is somebody there always is.
    set_up: AtomicBool,
}

/// Who makes the first owner, and what proves that they may.
pub struct SetUp<'a> {
    pub partner: &'a str,
    pub email: &'a str,
    pub password: &'a str,
    pub proof: SetUpProof<'a>,
}

#[derive(Clone, Copy)]
pub enum SetUpProof<'a> {
    /// They sit at the server's own computer.
    SameComputer,
    /// They read it in the server's log.
    Code(&'a str),
}

impl Accounts {
    pub fn new(store: Arc<dyn Store>, clock: Clock) -> Self {
        Self {
            store,
            clock,
            hashing: Hashing::new(),
            tries: Mutex::default(),
            proven: Mutex::default(),
            setup_code: Mutex::new(SetupCode::random()),
            set_up: AtomicBool::new(false),
        }
    }

    /// Whether there is anybody who could log in.
    pub async fn is_set_up(&self) -> Result<bool, ServiceError> {
        if self.set_up.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let any = self.store.any_person().await?;
        if any {
            self.set_up.store(true, Ordering::Relaxed);
        }
        Ok(any)
    }

    /// The code that set-up from another computer wants: for the log, while nobody is there.
    pub fn setup_code(&self) -> String {
        lock(&self.setup_code).to_string()
    }

    /// Makes the first owner with their partner, and logs them in.
    pub async fn set_up(&self, from: IpAddr, wanted: SetUp<'_>) -> Result<Token, ServiceError> {
        if self.is_set_up().await? {
            return Err(ServiceError::SetUpAlready);
        }
        let partner = setup::valid_name("partner", wanted.partner)?;
        let email = people::valid_email(wanted.email)?;
        password::check(wanted.password, &email)?;
        if let SetUpProof::Code(code) = wanted.proof {
            self.check_setup_code(from, code)?;
        }
        let hash = self.hashing.hash(wanted.password).await?;
        let now = self.clock.now();
        let made = self
            .store
            .create_first_owner(&partner, &email, &hash, now)
            .await;
        let (partner, person) = made.map_err(|error| match error {
            StoreError::Taken { .. } => ServiceError::SetUpAlready,
            other => other.into(),
        })?;
        tracing::info!(%person, %partner, "the first owner is there");
        self.begin(person, partner).await
    }

    fn check_setup_code(&self, from: IpAddr, code: &str) -> Result<(), ServiceError> {
        let now = self.clock.mono();
        lock(&self.tries).count(from, "", now)?;
        let mut known = lock(&self.setup_code);
        if known.is(code) {
            return Ok(());
        }
        if known.is_spent() {
            *known = SetupCode::random();
            tracing::warn!(code = %known, "the set-up code was tried too often; here is a new one");
        }
        Err(ServiceError::WrongSetUpCode)
    }

    /// A new login, for the first of the person's partners.
    pub async fn log_in(
        &self,
        from: IpAddr,
        email: &str,
        password: &str,
    ) -> Result<Token, ServiceError> {
        lock(&self.tries).count(from, email, self.clock.mono())?;
        let tried = self.try_password(email, password).await;
        if !matches!(tried, Err(ServiceError::WrongLogin)) {
            lock(&self.tries).take_back(from, email);
        }
        let person = tried?;
        lock(&self.tries).forget(from, email);
        let memberships = self.store.memberships(person.id).await?;
        let first = memberships.first().ok_or(ServiceError::NoMembership)?;
        let token = self.begin(person.id, first.partner).await?;
        tracing::info!(person = %person.id, %from, "logged in");
        Ok(token)
    }

    /// Takes as long for an address that nobody has.
    async fn try_password(&self, email: &str, password: &str) -> Result<Person, ServiceError> {
        if password.len() > limits::PASSWORD_BYTES_MAX {
            return Err(ServiceError::WrongLogin);
        }
        let person = self.store.person_by_email(email).await?;
        let hash = person.as_ref().map(|person| person.password_hash.clone());
        let is_right = self.hashing.verify(password, hash).await?;
        person.filter(|_| is_right).ok_or(ServiceError::WrongLogin)
    }

    async fn begin(&self, person: PersonId, partner: PartnerId) -> Result<Token, ServiceError> {
        let (token, now) = (Token::random(), self.clock.now());
        let idle = now.plus_ms(limits::LOGIN_IDLE_MS_MAX);
        self.store
            .create_login(&token.hash(), person, partner, now, idle)
            .await?;
        Ok(token)
    }

    /// Who shows that token. `None` where it is worth nothing, or no longer. Whoever was asked for
    /// a moment ago stays who they are while the database does not answer.
    pub async fn authenticate(&self, token: &Token) -> Result<Option<Caller>, ServiceError> {
        let (hash, now) = (token.hash(), self.clock.now());
        let known = lock(&self.proven).caller(&hash, self.clock.mono());
        let asked = self.store.login(&hash, now);
        let login = match known {
            None => asked.await?,
            Some(known) => match in_time(asked).await {
                Some(Ok(login)) => login,
                Some(Err(_)) | None => return Ok(Some(known)),
            },
        };
        let Some(login) = login else {
            lock(&self.proven).forget(&hash);
            return Ok(None);
        };
        if now.ms_since(login.seen_at) >= limits::LOGIN_TOUCH_MS {
            let until = expiry(&login, now);
            // Whoever is logged in stays so while the database is busy.
            if let Some(Err(error)) = in_time(self.store.touch_login(&hash, now, until)).await {
                tracing::debug!(%error, "a login's use could not be written down");
            }
        }
        let caller = Caller::Person {
            person: login.person,
            email: login.email,
            partner: login.partner,
            role: login.role,
        };
        lock(&self.proven).remember(&hash, &caller, self.clock.mono());
        Ok(Some(caller))
    }

    /// Nothing where the token is worth nothing.
    pub async fn log_out(&self, token: &Token) -> Result<(), ServiceError> {
        lock(&self.proven).forget(&token.hash());
        Ok(self.store.end_login(&token.hash()).await?)
    }

    /// All partners that the caller may speak for, by name.
    pub async fn memberships(&self, caller: &Caller) -> Result<Vec<Membership>, ServiceError> {
        match caller {
            Caller::Shell => Ok(Vec::new()),
            Caller::Person { person, .. } => Ok(self.store.memberships(*person).await?),
        }
    }

    /// From here on the login is for that partner. One of whom they are no member does not exist
    /// for them.
    pub async fn switch_partner(
        &self,
        token: &Token,
        partner: PartnerId,
    ) -> Result<(), ServiceError> {
        let moved = self.store.move_login(&token.hash(), partner).await;
        moved.map_err(|error| match error {
            StoreError::Foreign { .. } => ServiceError::NotFound {
                what: "partner",
                which: partner.to_string(),
                hint: "choose one of those you belong to",
            },
            other => other.into(),
        })
    }
}

/// When a login ends that is used now.
fn expiry(login: &Login, now: model::UnixMicros) -> model::UnixMicros {
    let idle = now.plus_ms(limits::LOGIN_IDLE_MS_MAX);
    idle.min(login.created_at.plus_ms(limits::LOGIN_MS_MAX))
}

/// What a store says at once.
async fn in_time<T>(asked: impl Future<Output = T>) -> Option<T> {
    let patience = Duration::from_millis(limits::LOGIN_ANSWER_MS_MAX);
    tokio::time::timeout(patience, asked).await.ok()
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Role, UnixMicros};

    #[test]
    fn a_login_lives_on_by_use_but_not_for_ever() {
        let day_ms = 24 * 60 * 60 * 1_000;
        let begun = UnixMicros(1_772_800_000_000_000);
        let login = Login {
            person: PersonId(uuid::Uuid::nil()),
            email: String::new(),
            partner: PartnerId(uuid::Uuid::nil()),
            partner_name: String::new(),
            role: Role::Viewer,
            created_at: begun,
            seen_at: begun,
            expires_at: begun,
        };
        let check = |used_day: i64, ends_day: i64| {
            let ends = expiry(&login, begun.plus_ms(used_day * day_ms));
            assert_eq!(ends, begun.plus_ms(ends_day * day_ms));
        };
        check(0, 14);
        check(70, 84);
        check(80, 90);
        check(90, 90);
    }
}
