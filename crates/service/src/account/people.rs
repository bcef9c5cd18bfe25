//! People whom the operator makes and rescues at a shell.

use super::password;
use crate::{Caller, ServiceError, authority, limits, setup};
use model::{PersonId, Role, UnixMicros};
use store::Store;

/// Somebody new, who may do that for the partner of that name or id.
pub async fn create_person(
    store: &dyn Store,
    caller: &Caller,
    partner: &str,
    email: &str,
    role: Role,
    password: &str,
    now: UnixMicros,
) -> Result<PersonId, ServiceError> {
    authority::operator(caller)?;
    let partner = setup::partner_named(store, partner).await?;
    let email = valid_email(email)?;
    password::check(password, &email)?;
    let hash = hash(password).await?;
    let person = store.create_person(&email, &hash, now).await?;
    store.set_membership(person, partner.id, role).await?;
    Ok(person)
}

/// Gives somebody a role for a partner, or another one.
pub async fn set_role(
    store: &dyn Store,
    caller: &Caller,
    partner: &str,
    email: &str,
    role: Role,
) -> Result<PersonId, ServiceError> {
    authority::operator(caller)?;
    let partner = setup::partner_named(store, partner).await?;
    let person = person(store, email).await?;
    store.set_membership(person, partner.id, role).await?;
    Ok(person)
}

/// A new password, which logs them out everywhere.
pub async fn reset_password(
    store: &dyn Store,
    caller: &Caller,
    email: &str,
    password: &str,
) -> Result<PersonId, ServiceError> {
    authority::operator(caller)?;
    let person = person(store, email).await?;
    password::check(password, email.trim())?;
    let hash = hash(password).await?;
    store.set_password(person, &hash).await?;
    Ok(person)
}

async fn person(store: &dyn Store, email: &str) -> Result<PersonId, ServiceError> {
    let person = store.person_by_email(email).await?;
    let person = person.ok_or_else(|| ServiceError::NotFound {
        what: "person",
        which: email.trim().to_owned(),
        hint: "make one with gantry user create",
    })?;
    Ok(person.id)
}

/// At a shell nobody else waits for the pool.
async fn hash(password: &str) -> Result<String, ServiceError> {
    let password = password.to_owned();
    let hashed = tokio::task::spawn_blocking(move || password::hash(&password)).await;
    hashed.map_err(|_| ServiceError::Busy)
}

/// Something with an `@` in it that mail could go to. Whether it does is for mail to show.
pub fn valid_email(text: &str) -> Result<String, ServiceError> {
    let text = text.trim();
    let invalid = |problem: &str| Err(ServiceError::invalid("email", problem));
    if text.chars().count() > limits::EMAIL_CHARS_MAX {
        return invalid("it is too long");
    }
    let mut halves = text.split('@');
    let is_address = match (halves.next(), halves.next(), halves.next()) {
        (Some(name), Some(host), None) => !name.is_empty() && !host.is_empty(),
        _ => false,
    };
    if !is_address
        || text
            .chars()
            .any(|sign| sign.is_whitespace() || sign.is_control())
    {
        return invalid("it is no address like ada@example.com");
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_address_has_two_halves() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(valid_email(text).ok().as_deref(), expected, "{text:?}");
        };
        check(" Ada@example.com ", Some("Ada@example.com"));
        check("åsa@laptop", Some("åsa@laptop"));
        check("ada", None);
        check("@example.com", None);
        check("ada@", None);
        check("a@b@c", None);
        check("ada @example.com", None);
        check("ada@example.com\0", None);
        check("", None);
        check(&format!("{}@example.com", "a".repeat(200)), None);
    }
}
