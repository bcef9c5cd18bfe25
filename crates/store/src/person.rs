//! People, what they may do for which partner, and the browsers they are logged in with.
//!
//! Global: asked before anybody knows for which partner somebody speaks. Knows no password and no
//! token, only what was made of them.

use crate::error::Result;
use async_trait::async_trait;
use model::{PartnerId, PersonId, Role, UnixMicros};
use std::fmt;

#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub email: String,
    /// The text that argon2 makes.
    pub password_hash: String,
}

/// Not what could be tried against: a log is read by more people than the database.
impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Person({})", self.id)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub person: PersonId,
    pub email: String,
    pub partner: PartnerId,
    pub partner_name: String,
    pub role: Role,
}

/// A browser that is logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    pub person: PersonId,
    pub email: String,
    pub partner: PartnerId,
    pub partner_name: String,
    pub role: Role,
    pub created_at: UnixMicros,
    pub seen_at: UnixMicros,
    pub expires_at: UnixMicros,
}

/// SHA-256 of a token.
pub type TokenHash = [u8; 32];

/// Addresses are compared without case.
#[async_trait]
pub trait People {
    /// `Taken` where somebody has that address.
    async fn create_person(
        &self,
        email: &str,
        password_hash: &str,
        at: UnixMicros,
    ) -> Result<PersonId>;

    /// The first person, as the owner of the partner of that name, which is made where it is
    /// missing. `Taken` where anybody is there already: of two that try, one wins.
    async fn create_first_owner(
        &self,
        partner: &str,
        email: &str,
        password_hash: &str,
        at: UnixMicros,
    ) -> Result<(PartnerId, PersonId)>;

    async fn any_person(&self) -> Result<bool>;

    async fn person_by_email(&self, email: &str) -> Result<Option<Person>>;

    /// Ends all logins of theirs. `NotFound` where there is no such person.
    async fn set_password(&self, person: PersonId, password_hash: &str) -> Result<()>;

    /// Makes it or alters the role. Ends their logins for that partner where the role is another.
    /// `NotFound` where there is no such person or partner.
    async fn set_membership(&self, person: PersonId, partner: PartnerId, role: Role) -> Result<()>;

    /// By the partner's name.
    async fn memberships(&self, person: PersonId) -> Result<Vec<Membership>>;

    /// Ends those of the person beyond `limits::LOGINS_PER_PERSON_MAX`, the ones first that were
    /// not seen for longest, and everybody's that have expired. `Foreign` where the person is no
    /// member.
    async fn create_login(
        &self,
        token: &TokenHash,
        person: PersonId,
        partner: PartnerId,
        now: UnixMicros,
        expires_at: UnixMicros,
    ) -> Result<()>;

    /// `None` where it is unknown, expired, or of a membership that is no more.
    async fn login(&self, token: &TokenHash, now: UnixMicros) -> Result<Option<Login>>;

    /// Seen now, and so for a while longer. Nothing where there is none.
    async fn touch_login(
        &self,
        token: &TokenHash,
        now: UnixMicros,
        expires_at: UnixMicros,
    ) -> Result<()>;

    /// From here on the browser speaks for that partner. `NotFound` where there is no such login,
    /// `Foreign` where the person is no member.
    async fn move_login(&self, token: &TokenHash, partner: PartnerId) -> Result<()>;

    /// Nothing where there is none.
    async fn end_login(&self, token: &TokenHash) -> Result<()>;
}
