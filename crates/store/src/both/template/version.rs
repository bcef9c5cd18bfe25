//! The saved states of a template. Only their names change, and the oldest go.

use super::{Held, Tx, whole};
use crate::{
    error::{Result, StoreError},
    limits,
    scope::PartnerScope,
    template::{DraftSave, Publication, Version, VersionOrigin},
};
use model::{TemplateId, UnixMicros};
use uuid::Uuid;

/// Before a change: the draft as it was, where the last version was made long ago.
pub(super) async fn keep_as_it_was(
    tx: &mut Tx,
    scope: &PartnerScope,
    id: TemplateId,
    held: &Held,
    save: DraftSave<'_>,
) -> Result<()> {
    let newest: Option<i64> = sqlx::query_scalar(
        "SELECT made_at FROM template_version
         WHERE partner_id = $1 AND template_id = $2 ORDER BY number DESC LIMIT 1",
    )
    .bind(scope.partner().0)
    .bind(id.0)
    .fetch_optional(&mut **tx)
    .await?;
    let kept_at = newest.map_or(held.created_at, UnixMicros);
    if kept_at >= save.keep_before || is_kept(tx, scope, id, held).await? {
        return Ok(());
    }
    let new = New {
        origin: VersionOrigin::Automatic,
        name: "",
        by: save.by,
        at: save.at,
    };
    insert(tx, scope, id, held, new).await?;
    Ok(())
}

/// Also where it is an old one that somebody went back to.
async fn is_kept(tx: &mut Tx, scope: &PartnerScope, id: TemplateId, held: &Held) -> Result<bool> {
    let kept: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM template_version
         WHERE partner_id = $1 AND template_id = $2 AND document = $3",
    )
    .bind(scope.partner().0)
    .bind(id.0)
    .bind(&held.document)
    .fetch_one(&mut **tx)
    .await?;
    Ok(kept > 0)
}

/// The number under which the draft is published: that of the newest published version, where it is
/// the same.
pub(super) async fn published(
    tx: &mut Tx,
    scope: &PartnerScope,
    id: TemplateId,
    held: &Held,
    publication: Publication<'_>,
) -> Result<u32> {
    let newest: Option<(i64, String)> = sqlx::query_as(
        "SELECT number, document FROM template_version
         WHERE partner_id = $1 AND template_id = $2 AND origin = 'published'
         ORDER BY number DESC LIMIT 1",
    )
    .bind(scope.partner().0)
    .bind(id.0)
    .fetch_optional(&mut **tx)
    .await?;
    match newest {
        Some((number, document)) if document == held.document => Ok(whole(number)),
        _ => {
            let new = New {
                origin: VersionOrigin::Published,
                name: "",
                by: publication.by,
                at: publication.at,
            };
            insert(tx, scope, id, held, new).await
        }
    }
}

/// What is kept of a version besides its document.
#[derive(Clone, Copy)]
pub(super) struct New<'a> {
    pub(super) origin: VersionOrigin,
    pub(super) name: &'a str,
    pub(super) by: &'a str,
    pub(super) at: UnixMicros,
}

pub(super) async fn insert(
    tx: &mut Tx,
    scope: &PartnerScope,
    id: TemplateId,
    held: &Held,
    new: New<'_>,
) -> Result<u32> {
    let (kept, last): (i64, i64) = sqlx::query_as(
        "SELECT COUNT(*), COALESCE(MAX(number), 0) FROM template_version
         WHERE partner_id = $1 AND template_id = $2",
    )
    .bind(scope.partner().0)
    .bind(id.0)
    .fetch_one(&mut **tx)
    .await?;
    let number = last + 1;
    sqlx::query(
        "INSERT INTO template_version (id, partner_id, template_id, number, name, made_at, made_by,
                                       origin, document)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(Uuid::now_v7())
    .bind(scope.partner().0)
    .bind(id.0)
    .bind(number)
    .bind(new.name)
    .bind(new.at.0)
    .bind(new.by)
    .bind(new.origin.name())
    .bind(&held.document)
    .execute(&mut **tx)
    .await?;
    if kept >= limits::VERSIONS_PER_TEMPLATE_MAX {
        // Nobody asked for an automatic one: where there is no room for it, it goes again.
        let spared = match new.origin {
            VersionOrigin::Automatic => 0,
            VersionOrigin::Published | VersionOrigin::Named => number,
        };
        make_room(tx, scope, id, spared).await?;
    }
    Ok(whole(number))
}

/// Takes away the version that is missed least.
async fn make_room(tx: &mut Tx, scope: &PartnerScope, id: TemplateId, spared: i64) -> Result<()> {
    let done = sqlx::query(
        "DELETE FROM template_version WHERE partner_id = $1 AND id = (
             SELECT v.id FROM template_version v
             WHERE v.partner_id = $1 AND v.template_id = $2 AND v.number <> $3 AND v.name = ''
               AND v.number <> (
                   SELECT COALESCE(MAX(p.number), 0) FROM template_version p
                   WHERE p.partner_id = $1 AND p.template_id = $2 AND p.origin = 'published')
               AND NOT EXISTS (
                   SELECT 1 FROM show_template s
                   WHERE s.partner_id = v.partner_id AND s.version_id = v.id)
             ORDER BY CASE v.origin WHEN 'automatic' THEN 0 ELSE 1 END, v.number LIMIT 1)",
    )
    .bind(scope.partner().0)
    .bind(id.0)
    .bind(spared)
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Err(StoreError::TooMany {
            what: "versions of the template",
            max: limits::VERSIONS_PER_TEMPLATE_MAX.cast_unsigned(),
        });
    }
    Ok(())
}

/// Number, name, when, by whom, origin, displays.
type Row = (i64, String, i64, String, String, i64);

pub(super) async fn all(
    tx: &mut Tx,
    scope: &PartnerScope,
    id: TemplateId,
    now: UnixMicros,
) -> Result<Vec<Version>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT v.number, v.name, v.made_at, v.made_by, v.origin,
                (SELECT COUNT(*) FROM show_template s
                 JOIN display d ON d.show_id = s.show_id AND d.partner_id = s.partner_id
                 WHERE s.partner_id = v.partner_id AND s.version_id = v.id
                   AND NOT d.ended AND d.expires_at > $3)
         FROM template_version v
         WHERE v.partner_id = $1 AND v.template_id = $2 ORDER BY v.number DESC",
    )
    .bind(scope.partner().0)
    .bind(id.0)
    .bind(now.0)
    .fetch_all(&mut **tx)
    .await?;
    let version = |(number, name, made_at, made_by, origin, displays): Row| {
        let mut origins = VersionOrigin::ALL.into_iter();
        let known = origins.find(|known| known.name() == origin);
        Ok(Version {
            number: whole(number),
            name,
            made_at: UnixMicros(made_at),
            made_by,
            displays: whole(displays),
            origin: known.ok_or_else(|| StoreError::Corrupt {
                detail: format!("unusable origin {origin:?} of a version"),
            })?,
        })
    };
    rows.into_iter().map(version).collect()
}

pub(super) async fn document(
    tx: &mut Tx,
    scope: &PartnerScope,
    id: TemplateId,
    number: u32,
) -> Result<String> {
    let document: Option<String> = sqlx::query_scalar(
        "SELECT document FROM template_version
         WHERE partner_id = $1 AND template_id = $2 AND number = $3",
    )
    .bind(scope.partner().0)
    .bind(id.0)
    .bind(i64::from(number))
    .fetch_optional(&mut **tx)
    .await?;
    document.ok_or(StoreError::NotFound { what: "version" })
}

pub(super) async fn rename(
    tx: &mut Tx,
    scope: &PartnerScope,
    id: TemplateId,
    number: u32,
    name: &str,
) -> Result<()> {
    let done = sqlx::query(
        "UPDATE template_version SET name = $1
         WHERE partner_id = $2 AND template_id = $3 AND number = $4",
    )
    .bind(name)
    .bind(scope.partner().0)
    .bind(id.0)
    .bind(i64::from(number))
    .execute(&mut **tx)
    .await?;
    StoreError::unless_found(done.rows_affected(), "version")
}
