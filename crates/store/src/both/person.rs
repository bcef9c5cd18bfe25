//! `People`.

use super::{Backend, Row, Tx, changes};
use crate::{
    changes::ChangeKind,
    error::{Result, StoreError},
    limits,
    name::Name,
    person::{Login, Membership, People, Person, TokenHash},
};
use async_trait::async_trait;
use model::{PartnerId, PersonId, Role, UnixMicros};
use sqlx::Row as _;
use uuid::Uuid;

#[async_trait]
impl People for Backend {
    async fn create_person(
        &self,
        email: &str,
        password_hash: &str,
        at: UnixMicros,
    ) -> Result<PersonId> {
        let email = Name::given("email address", email)?;
        let mut tx = self.begin_global().await?;
        let id = insert_person(&mut tx, email, password_hash, at).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn create_first_owner(
        &self,
        partner: &str,
        email: &str,
        password_hash: &str,
        at: UnixMicros,
    ) -> Result<(PartnerId, PersonId)> {
        let name = Name::given("partner's name", partner)?;
        let email = Name::given("email address", email)?;
        // Whoever makes a person waits for whoever does so already, so what is asked stays true.
        let mut tx = self.begin_global().await?;
        if is_anybody_there(&mut tx).await? {
            return Err(StoreError::Taken {
                what: "first owner's place",
            });
        }
        let found: Option<Uuid> =
            sqlx::query_scalar("SELECT id FROM partner WHERE name_folded = $1")
                .bind(&name.folded)
                .fetch_optional(&mut *tx)
                .await?;
        let partner = match found {
            Some(id) => id,
            None => {
                let id = Uuid::now_v7();
                sqlx::query("INSERT INTO partner (id, name, name_folded) VALUES ($1, $2, $3)")
                    .bind(id)
                    .bind(name.shown)
                    .bind(name.folded)
                    .execute(&mut *tx)
                    .await?;
                changes::append(&mut tx, PartnerId(id), ChangeKind::Partner, id).await?;
                id
            }
        };
        let person = insert_person(&mut tx, email, password_hash, at).await?;
        insert_membership(&mut tx, person, PartnerId(partner), Role::Owner).await?;
        tx.commit().await?;
        Ok((PartnerId(partner), person))
    }

    async fn any_person(&self) -> Result<bool> {
        is_anybody_there(&mut self.reading_global().await?).await
    }

    async fn person_by_email(&self, email: &str) -> Result<Option<Person>> {
        let mut tx = self.reading_global().await?;
        let row: Option<(Uuid, String, String)> =
            sqlx::query_as("SELECT id, email, password_hash FROM person WHERE email_folded = $1")
                .bind(email.trim().to_lowercase())
                .fetch_optional(&mut *tx)
                .await?;
        Ok(row.map(|(id, email, password_hash)| Person {
            id: PersonId(id),
            email,
            password_hash,
        }))
    }

    async fn set_password(&self, person: PersonId, password_hash: &str) -> Result<()> {
        let mut tx = self.begin_global().await?;
        let done = sqlx::query("UPDATE person SET password_hash = $2 WHERE id = $1")
            .bind(person.0)
            .bind(password_hash)
            .execute(&mut *tx)
            .await?;
        StoreError::unless_found(done.rows_affected(), "person")?;
        sqlx::query("DELETE FROM login WHERE person_id = $1")
            .bind(person.0)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    async fn set_membership(&self, person: PersonId, partner: PartnerId, role: Role) -> Result<()> {
        let mut tx = self.begin_global().await?;
        let held: Option<String> = sqlx::query_scalar(
            "SELECT role FROM membership WHERE person_id = $1 AND partner_id = $2",
        )
        .bind(person.0)
        .bind(partner.0)
        .fetch_optional(&mut *tx)
        .await?;
        match held.as_deref() {
            None => insert_membership(&mut tx, person, partner, role).await?,
            Some(held) if held == role.name() => {}
            Some(_) => alter_role(&mut tx, person, partner, role).await?,
        }
        tx.commit().await?;
        Ok(())
    }

    async fn memberships(&self, person: PersonId) -> Result<Vec<Membership>> {
        let mut tx = self.reading_global().await?;
        let rows = sqlx::query(
            "SELECT m.person_id, p.email, m.partner_id, t.name AS partner_name, m.role
             FROM membership m
             JOIN person p ON p.id = m.person_id
             JOIN partner t ON t.id = m.partner_id
             WHERE m.person_id = $1 ORDER BY t.name_folded",
        )
        .bind(person.0)
        .fetch_all(&mut *tx)
        .await?;
        rows.iter().map(membership).collect()
    }

    async fn create_login(
        &self,
        token: &TokenHash,
        person: PersonId,
        partner: PartnerId,
        now: UnixMicros,
        expires_at: UnixMicros,
    ) -> Result<()> {
        let mut tx = self.begin_global().await?;
        sqlx::query("DELETE FROM login WHERE expires_at <= $1")
            .bind(now.0)
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "DELETE FROM login WHERE person_id = $1 AND token_hash NOT IN (
                 SELECT token_hash FROM login WHERE person_id = $1
                 ORDER BY seen_at DESC, created_at DESC, token_hash LIMIT $2)",
        )
        .bind(person.0)
        .bind(limits::LOGINS_PER_PERSON_MAX - 1)
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "INSERT INTO login (token_hash, person_id, partner_id, created_at, seen_at, expires_at)
             VALUES ($1, $2, $3, $4, $4, $5)",
        )
        .bind(&token[..])
        .bind(person.0)
        .bind(partner.0)
        .bind(now.0)
        .bind(expires_at.0)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::foreign("partner"))?;
        tx.commit().await?;
        Ok(())
    }

    async fn login(&self, token: &TokenHash, now: UnixMicros) -> Result<Option<Login>> {
        let mut tx = self.reading_global().await?;
        let row = sqlx::query(
            "SELECT l.person_id, p.email, l.partner_id, t.name AS partner_name, m.role,
                    l.created_at, l.seen_at, l.expires_at
             FROM login l
             JOIN membership m ON m.person_id = l.person_id AND m.partner_id = l.partner_id
             JOIN person p ON p.id = l.person_id
             JOIN partner t ON t.id = l.partner_id
             WHERE l.token_hash = $1 AND l.expires_at > $2",
        )
        .bind(&token[..])
        .bind(now.0)
        .fetch_optional(&mut *tx)
        .await?;
        row.as_ref().map(login).transpose()
    }

    async fn touch_login(
        &self,
        token: &TokenHash,
        now: UnixMicros,
        expires_at: UnixMicros,
    ) -> Result<()> {
        let mut tx = self.begin_global().await?;
        sqlx::query("UPDATE login SET seen_at = $2, expires_at = $3 WHERE token_hash = $1")
            .bind(&token[..])
            .bind(now.0)
            .bind(expires_at.0)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    async fn move_login(&self, token: &TokenHash, partner: PartnerId) -> Result<()> {
        let mut tx = self.begin_global().await?;
        let done = sqlx::query("UPDATE login SET partner_id = $2 WHERE token_hash = $1")
            .bind(&token[..])
            .bind(partner.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::foreign("partner"))?;
        StoreError::unless_found(done.rows_affected(), "login")?;
        tx.commit().await?;
        Ok(())
    }

    async fn end_login(&self, token: &TokenHash) -> Result<()> {
        let mut tx = self.begin_global().await?;
        sqlx::query("DELETE FROM login WHERE token_hash = $1")
            .bind(&token[..])
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn is_anybody_there(tx: &mut Tx) -> Result<bool> {
    let first: Option<Uuid> = sqlx::query_scalar("SELECT id FROM person LIMIT 1")
        .fetch_optional(&mut **tx)
        .await?;
    Ok(first.is_some())
}

async fn insert_person(
    tx: &mut Tx,
    email: Name,
    password_hash: &str,
    at: UnixMicros,
) -> Result<PersonId> {
    let id = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO person (id, email, email_folded, password_hash, created_at)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(id)
    .bind(email.shown)
    .bind(email.folded)
    .bind(password_hash)
    .bind(at.0)
    .execute(&mut **tx)
    .await
    .map_err(StoreError::taken("email address"))?;
    Ok(PersonId(id))
}

async fn insert_membership(
    tx: &mut Tx,
    person: PersonId,
    partner: PartnerId,
    role: Role,
) -> Result<()> {
    sqlx::query("INSERT INTO membership (person_id, partner_id, role) VALUES ($1, $2, $3)")
        .bind(person.0)
        .bind(partner.0)
        .bind(role.name())
        .execute(&mut **tx)
        .await
        .map_err(StoreError::missing("person or partner"))?;
    Ok(())
}

async fn alter_role(tx: &mut Tx, person: PersonId, partner: PartnerId, role: Role) -> Result<()> {
    sqlx::query("UPDATE membership SET role = $3 WHERE person_id = $1 AND partner_id = $2")
        .bind(person.0)
        .bind(partner.0)
        .bind(role.name())
        .execute(&mut **tx)
        .await?;
    sqlx::query("DELETE FROM login WHERE person_id = $1 AND partner_id = $2")
        .bind(person.0)
        .bind(partner.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

fn membership(row: &Row) -> Result<Membership> {
    Ok(Membership {
        person: PersonId(row.try_get("person_id")?),
        email: row.try_get("email")?,
        partner: PartnerId(row.try_get("partner_id")?),
        partner_name: row.try_get("partner_name")?,
        role: role(row)?,
    })
}

fn login(row: &Row) -> Result<Login> {
    Ok(Login {
        person: PersonId(row.try_get("person_id")?),
        email: row.try_get("email")?,
        partner: PartnerId(row.try_get("partner_id")?),
        partner_name: row.try_get("partner_name")?,
        role: role(row)?,
        created_at: UnixMicros(row.try_get("created_at")?),
        seen_at: UnixMicros(row.try_get("seen_at")?),
        expires_at: UnixMicros(row.try_get("expires_at")?),
    })
}

fn role(row: &Row) -> Result<Role> {
    let name: String = row.try_get("role")?;
    name.parse().map_err(|_| StoreError::Corrupt {
        detail: "unusable role of a membership".to_owned(),
    })
}
