//! What a password must be, and what is kept of one.
//!
//! Working on one takes a share of memory and tens of milliseconds on purpose, so a bounded pool
//! does it beside the tasks of the race. Knows nobody.

use crate::{ServiceError, limits};
use argon2::password_hash::PasswordHasher;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordVerifier, phc::PasswordHash},
};
use model::code;
use std::sync::Arc;
use store::StoreError;
use tokio::sync::Semaphore;

/// A new password. No rule about kinds of signs: length is what counts.
pub fn check(password: &str, email: &str) -> Result<(), ServiceError> {
    let invalid = |problem: String| Err(ServiceError::invalid("password", problem));
    if password.len() > limits::PASSWORD_BYTES_MAX {
        let max = limits::PASSWORD_BYTES_MAX;
        return invalid(format!("it is too long; {max} bytes are the most"));
    }
    if password.chars().count() < limits::PASSWORD_CHARS_MIN {
        let min = limits::PASSWORD_CHARS_MIN;
        return invalid(format!("it is too short; give it {min} characters or more"));
    }
    if password.chars().any(char::is_control) {
        return invalid("it has a control character in it; leave that out".to_owned());
    }
    let first = password.chars().next();
    if password.chars().all(|sign| Some(sign) == first) {
        return invalid("it is one sign again and again; choose another".to_owned());
    }
    if password.trim().to_lowercase() == email.to_lowercase() {
        return invalid("it is the email address; choose another".to_owned());
    }
    Ok(())
}

/// One that nobody can guess, easy to type.
pub fn random() -> String {
    const SIGNS: usize = 16;
    let all = code::ALPHABET;
    let sign = |_| char::from(all[rand::random_range(0..all.len())]);
    (0..SIGNS).map(sign).collect()
}

/// The pool in which a server works on passwords.
pub struct Hashing {
    waiting: Arc<Semaphore>,
    working: Arc<Semaphore>,
}

impl Hashing {
    pub fn new() -> Self {
        Self {
            waiting: Arc::new(Semaphore::new(limits::PASSWORDS_WAITING_MAX)),
            working: Arc::new(Semaphore::new(limits::PASSWORDS_AT_ONCE)),
        }
    }

    pub async fn hash(&self, password: &str) -> Result<String, ServiceError> {
        let password = password.to_owned();
        self.work(move || hash(&password)).await
    }

    /// Whether it is the password of that hash. Without one it takes as long, and it is not.
    pub async fn verify(&self, password: &str, hash: Option<String>) -> Result<bool, ServiceError> {
        let password = password.to_owned();
        self.work(move || {
            let nobodys = hash.is_none();
            let hash = hash.unwrap_or_else(nobodys_hash);
            is_of(&password, &hash) && !nobodys
        })
        .await
    }

    /// The permits go with the work and not with whoever asked for it: somebody who hangs up does
    /// not make room.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ServiceError> {
        let waiting = Arc::clone(&self.waiting).try_acquire_owned();
        let waiting = waiting.map_err(|_| ServiceError::Busy)?;
        let working = Arc::clone(&self.working).acquire_owned().await;
        let working = working.map_err(|_| ServiceError::Busy)?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop((working, waiting));
            done
        });
        done.await.map_err(|_| ServiceError::Busy)
    }
}

/// The text that is kept, with its parameters and a random salt in it.
pub fn hash(password: &str) -> String {
    let hash = argon2().hash_password(password.as_bytes());
    hash.expect("the system gives random bytes, and the limits are within argon2's")
        .to_string()
}

fn is_of(password: &str, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else {
        let error = StoreError::Corrupt {
            detail: "unusable password hash of a person".to_owned(),
        };
        tracing::error!(%error, "somebody cannot log in");
        return false;
    };
    argon2().verify_password(password.as_bytes(), &hash).is_ok()
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(
        limits::PASSWORD_KIB,
        limits::PASSWORD_PASSES,
        limits::PASSWORD_LANES,
        None,
    );
    let params = params.expect("the limits are within argon2's");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Costs as much to try as any other; what it is of is unknown to everybody.
fn nobodys_hash() -> String {
    format!(
        "$argon2id$v=19$m={},t={},p={}$bm9ib2R5IGhhcyB0aGlz${}",
        limits::PASSWORD_KIB,
        limits::PASSWORD_PASSES,
        limits::PASSWORD_LANES,
        "A".repeat(43),
    )
}

#[cfg(test)]
mod tests {
    use super::{check as check_password, *};

    #[test]
    fn a_password_is_long_enough_and_nothing_silly() {
        let check = |password: &str, problem: Option<&str>| {
            let said = check_password(password, "ada@example.com");
            let said = said.err().map(|error| error.to_string());
            let fits = match (&said, problem) {
                (None, None) => true,
                (Some(said), Some(part)) => said.contains(part),
                _ => false,
            };
            assert!(fits, "{password:?}: {said:?}");
            assert!(said.is_none_or(|said| !said.contains(password) || password.is_empty()));
        };
        check("ten signs!", None);
        check("ääääääääöö", None);
        check("correct horse battery", None);
        check("ten signs", Some("too short"));
        check("", Some("too short"));
        check(&"ab".repeat(100), None);
        check(&"ab".repeat(101), Some("too long"));
        check("aaaaaaaaaaaa", Some("again and again"));
        check("Ada@Example.com", Some("email"));
        check("tab\tin the middle", Some("control"));
    }

    #[test]
    fn a_random_password_is_one() {
        check_password(&random(), "ada@example.com").unwrap();
        assert_ne!(random(), random());
    }

    #[test]
    fn a_hash_is_of_its_password_alone_and_salted() {
        let (one, other) = (hash("correct horse"), hash("correct horse"));
        assert_ne!(one, other);
        assert!(!one.contains("correct"));
        assert!(is_of("correct horse", &one) && is_of("correct horse", &other));
        assert!(!is_of("correct horsE", &one));
        assert!(!is_of("", &one));
        assert!(!is_of("correct horse", "no hash at all"));
    }

    #[test]
    fn nobodys_hash_costs_what_any_other_costs() {
        let (nobodys, made) = (nobodys_hash(), hash("correct horse"));
        let nobodys = PasswordHash::new(&nobodys).unwrap();
        let made = PasswordHash::new(&made).unwrap();
        assert_eq!(nobodys.algorithm, made.algorithm);
        assert_eq!(nobodys.version, made.version);
        assert_eq!(nobodys.params, made.params);
        let length = |hash: &PasswordHash| hash.hash.as_ref().map(|output| output.len());
        assert_eq!(length(&nobodys), length(&made));
    }

    #[tokio::test]
    async fn past_its_limit_the_pool_refuses_at_once() {
        let hashing = Hashing::new();
        let (gate, wait) = std::sync::mpsc::channel::<()>();
        let wait = Arc::new(std::sync::Mutex::new(wait));
        let mut jobs = Vec::new();
        for _ in 0..limits::PASSWORDS_WAITING_MAX {
            let wait = Arc::clone(&wait);
            let job = hashing.work(move || wait.lock().unwrap().recv());
            jobs.push(Box::pin(job));
        }
        // Each is polled once, and so has its place.
        for job in &mut jobs {
            let polled = std::future::poll_fn(|context| {
                std::task::Poll::Ready(job.as_mut().poll(context).is_pending())
            });
            assert!(polled.await);
        }
        let refused = hashing.verify("correct horse", None).await;
        assert!(matches!(refused, Err(ServiceError::Busy)));
        for _ in 0..jobs.len() {
            gate.send(()).unwrap();
        }
        for job in jobs {
            job.await.unwrap().unwrap();
        }
        assert!(!hashing.verify("correct horse", None).await.unwrap());
    }
}
