//! `Templates`. A document is kept as the JSON that `Document::parse` takes.

mod pin;
mod version;

pub(super) use pin::{pin_show, pinned, resolved};

use super::{Backend, Row, Tx, changes, partner};
use crate::{
    changes::ChangeKind,
    error::{Result, StoreError},
    limits,
    name::Name,
    scope::PartnerScope,
    template::{
        Draft, DraftSave, NewTemplate, Publication, Template, Templates, Version, VersionOrigin,
    },
};
use async_trait::async_trait;
use model::{
    BuiltIn, Document, Panel, PartnerId, TemplateId, UnixMicros, limits::DOCUMENT_BYTES_MAX,
};
use sqlx::Row as _;
use std::collections::HashMap;
use uuid::Uuid;

#[async_trait]
impl Templates for Backend {
    async fn create_template(
        &self,
        scope: &PartnerScope,
        new: NewTemplate,
        at: UnixMicros,
    ) -> Result<TemplateId> {
        let name = Name::given("template's name", &new.name)?;
        let document = text_of(&new.document)?;
        let id = TemplateId(Uuid::now_v7());
        let mut tx = self.begin(scope).await?;
        has_room(&mut tx, scope).await?;
        sqlx::query(
            "INSERT INTO template (id, partner_id, name, made_from, archived, created_at, edited_at,
                                   revision, document)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(id.0)
        .bind(scope.partner().0)
        .bind(name.shown)
        .bind(new.made_from.name())
        .bind(false)
        .bind(at.0)
        .bind(at.0)
        .bind(1_i64)
        .bind(document)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::missing("partner"))?;
        tell(&mut tx, scope, id).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn templates(&self, scope: &PartnerScope, now: UnixMicros) -> Result<Vec<Template>> {
        let mut tx = self.reading(scope).await?;
        let shown: Vec<(Uuid, i64)> = sqlx::query_as(
            "SELECT v.template_id, COUNT(*) FROM display d
             JOIN show_template s ON s.show_id = d.show_id AND s.partner_id = d.partner_id
             JOIN template_version v ON v.id = s.version_id AND v.partner_id = s.partner_id
             WHERE d.partner_id = $1 AND NOT d.ended AND d.expires_at > $2
             GROUP BY v.template_id",
        )
        .bind(scope.partner().0)
        .bind(now.0)
        .fetch_all(&mut *tx)
        .await?;
        let shown: HashMap<Uuid, i64> = shown.into_iter().collect();
        let rows = sqlx::query(
            "SELECT t.id, t.name, t.made_from, t.archived, t.created_at, t.edited_at,
                    (SELECT MAX(v.number) FROM template_version v
                     WHERE v.partner_id = t.partner_id AND v.template_id = t.id
                       AND v.origin = 'published') AS published
             FROM template t WHERE t.partner_id = $1 ORDER BY t.id",
        )
        .bind(scope.partner().0)
        .fetch_all(&mut *tx)
        .await?;
        let template = |row: &Row| {
            let id: Uuid = row.try_get("id")?;
            let displays = shown.get(&id).copied().unwrap_or(0);
            Ok(Template {
                id: TemplateId(id),
                name: row.try_get("name")?,
                made_from: made_from(&row.try_get::<String, _>("made_from")?)?,
                archived: row.try_get("archived")?,
                created_at: UnixMicros(row.try_get("created_at")?),
                edited_at: UnixMicros(row.try_get("edited_at")?),
                published: row.try_get::<Option<i64>, _>("published")?.map(whole),
                displays: whole(displays),
            })
        };
        rows.iter().map(template).collect()
    }

    async fn draft(&self, scope: &PartnerScope, id: TemplateId) -> Result<Draft> {
        let mut tx = self.reading(scope).await?;
        let row = sqlx::query(
            "SELECT name, made_from, archived, edited_at, revision, accepted, panel_width_mm,
                    viewing_distance_mm, document
             FROM template WHERE partner_id = $1 AND id = $2",
        )
        .bind(scope.partner().0)
        .bind(id.0)
        .fetch_optional(&mut *tx)
        .await?;
        let row = row.ok_or(StoreError::NotFound { what: "template" })?;
        let accepted: String = row.try_get("accepted")?;
        let accepted = serde_json::from_str(&accepted).map_err(|error| StoreError::Corrupt {
            detail: format!("unusable accepted warnings of the template {id}: {error}"),
        })?;
        Ok(Draft {
            id,
            partner: scope.partner(),
            name: row.try_get("name")?,
            made_from: made_from(&row.try_get::<String, _>("made_from")?)?,
            archived: row.try_get("archived")?,
            edited_at: UnixMicros(row.try_get("edited_at")?),
            revision: row.try_get::<i64, _>("revision")?.cast_unsigned(),
            accepted,
            panel: panel_of(&row)?,
            document: parsed(id, &row.try_get::<String, _>("document")?)?,
        })
    }

    async fn rename_template(
        &self,
        scope: &PartnerScope,
        id: TemplateId,
        name: &str,
    ) -> Result<()> {
        let name = Name::given("template's name", name)?;
        let mut tx = self.begin(scope).await?;
        let done = sqlx::query("UPDATE template SET name = $1 WHERE partner_id = $2 AND id = $3")
            .bind(name.shown)
            .bind(scope.partner().0)
            .bind(id.0)
            .execute(&mut *tx)
            .await?;
        StoreError::unless_found(done.rows_affected(), "template")?;
        tell(&mut tx, scope, id).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn archive_template(
        &self,
        scope: &PartnerScope,
        id: TemplateId,
        archived: bool,
    ) -> Result<()> {
        let mut tx = self.begin(scope).await?;
        let archive = "UPDATE template SET archived = $1 WHERE partner_id = $2 AND id = $3";
        let done = sqlx::query(archive)
            .bind(archived)
            .bind(scope.partner().0)
            .bind(id.0)
            .execute(&mut *tx)
            .await?;
        StoreError::unless_found(done.rows_affected(), "template")?;
        tell(&mut tx, scope, id).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn set_panel(
        &self,
        scope: &PartnerScope,
        id: TemplateId,
        panel: Option<Panel>,
    ) -> Result<()> {
        let mut tx = self.begin(scope).await?;
        let done = sqlx::query(
            "UPDATE template SET panel_width_mm = $1, viewing_distance_mm = $2
             WHERE partner_id = $3 AND id = $4",
        )
        .bind(panel.map(|panel| i64::from(panel.width_mm)))
        .bind(panel.map(|panel| i64::from(panel.distance_mm)))
        .bind(scope.partner().0)
        .bind(id.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::NotFound { what: "template" });
        }
        tell(&mut tx, scope, id).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn save_draft(
        &self,
        scope: &PartnerScope,
        id: TemplateId,
        save: DraftSave<'_>,
    ) -> Result<u64> {
        let document = text_of(save.document)?;
        let mut tx = self.begin(scope).await?;
        let held = hold(&mut tx, scope, id).await?;
        held.is_of(save.base)?;
        version::keep_as_it_was(&mut tx, scope, id, &held, save).await?;
        sqlx::query(
            "UPDATE template SET document = $1, revision = $2, edited_at = $3
             WHERE partner_id = $4 AND id = $5",
        )
        .bind(document)
        .bind(held.revision + 1)
        .bind(save.at.0)
        .bind(scope.partner().0)
        .bind(id.0)
        .execute(&mut *tx)
        .await?;
        tell(&mut tx, scope, id).await?;
        tx.commit().await?;
        Ok(save.base + 1)
    }

    async fn publish_draft(
        &self,
        scope: &PartnerScope,
        id: TemplateId,
        publication: Publication<'_>,
    ) -> Result<u32> {
        let accepted = serde_json::to_string(publication.accepted).expect("texts are JSON");
        StoreError::unless_fits(
            accepted.len(),
            limits::ACCEPTED_BYTES_MAX,
            "bytes of accepted warnings",
        )?;
        let mut tx = self.begin(scope).await?;
        let held = hold(&mut tx, scope, id).await?;
        held.is_of(publication.revision)?;
        let number = version::published(&mut tx, scope, id, &held, publication).await?;
        sqlx::query("UPDATE template SET accepted = $1 WHERE partner_id = $2 AND id = $3")
            .bind(accepted)
            .bind(scope.partner().0)
            .bind(id.0)
            .execute(&mut *tx)
            .await?;
        tell(&mut tx, scope, id).await?;
        pin::pin_displays(&mut tx, scope, (id, number), publication.displays).await?;
        tx.commit().await?;
        Ok(number)
    }

    async fn keep_draft(
        &self,
        scope: &PartnerScope,
        id: TemplateId,
        name: &str,
        by: &str,
        at: UnixMicros,
    ) -> Result<u32> {
        let name = Name::given("version's name", name)?;
        let mut tx = self.begin(scope).await?;
        let held = hold(&mut tx, scope, id).await?;
        let new = version::New {
            origin: VersionOrigin::Named,
            name: &name.shown,
            by,
            at,
        };
        let number = version::insert(&mut tx, scope, id, &held, new).await?;
        tell(&mut tx, scope, id).await?;
        tx.commit().await?;
        Ok(number)
    }

    async fn versions(
        &self,
        scope: &PartnerScope,
        id: TemplateId,
        now: UnixMicros,
    ) -> Result<Vec<Version>> {
        version::all(&mut self.reading(scope).await?, scope, id, now).await
    }

    async fn version_document(
        &self,
        scope: &PartnerScope,
        id: TemplateId,
        number: u32,
    ) -> Result<Document> {
        let mut tx = self.reading(scope).await?;
        let text = version::document(&mut tx, scope, id, number).await?;
        parsed(id, &text)
    }

    async fn name_version(
        &self,
        scope: &PartnerScope,
        id: TemplateId,
        number: u32,
        name: &str,
    ) -> Result<()> {
        let name = Name::given_or_none("version's name", name)?;
        let mut tx = self.begin(scope).await?;
        version::rename(&mut tx, scope, id, number, &name.shown).await?;
        tell(&mut tx, scope, id).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn owner_of_template(&self, id: TemplateId) -> Result<Option<PartnerId>> {
        let mut tx = self.reading_global().await?;
        let lookup = "SELECT id FROM template WHERE partner_id = $1 AND id = $2";
        partner::owner_of(&mut tx, lookup, id.0).await
    }
}

/// A draft that nobody else changes before the transaction ends, nor are versions of it made.
struct Held {
    revision: i64,
    created_at: UnixMicros,
    document: String,
}

impl Held {
    fn is_of(&self, revision: u64) -> Result<()> {
        match self.revision.cast_unsigned() == revision {
            true => Ok(()),
            false => Err(StoreError::Stale { what: "template" }),
        }
    }
}

async fn hold(tx: &mut Tx, scope: &PartnerScope, id: TemplateId) -> Result<Held> {
    // Writing holds the row on both databases.
    let row: Option<(i64, i64, String)> = sqlx::query_as(
        "UPDATE template SET revision = revision WHERE partner_id = $1 AND id = $2
         RETURNING revision, created_at, document",
    )
    .bind(scope.partner().0)
    .bind(id.0)
    .fetch_optional(&mut **tx)
    .await?;
    let (revision, created_at, document) = row.ok_or(StoreError::NotFound { what: "template" })?;
    Ok(Held {
        revision,
        created_at: UnixMicros(created_at),
        document,
    })
}

async fn has_room(tx: &mut Tx, scope: &PartnerScope) -> Result<()> {
    let templates: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM template WHERE partner_id = $1")
        .bind(scope.partner().0)
        .fetch_one(&mut **tx)
        .await?;
    StoreError::unless_room(
        templates,
        limits::TEMPLATES_PER_PARTNER_MAX,
        "templates of the partner",
    )
}

async fn tell(tx: &mut Tx, scope: &PartnerScope, id: TemplateId) -> Result<()> {
    changes::append(tx, scope.partner(), ChangeKind::Template, id.0).await
}

fn text_of(document: &Document) -> Result<String> {
    let text = serde_json::to_string(document).expect("a document is JSON");
    StoreError::unless_fits(text.len(), DOCUMENT_BYTES_MAX, "bytes in the template")?;
    Ok(text)
}

fn parsed(id: TemplateId, text: &str) -> Result<Document> {
    Document::parse(text).map_err(|fault| StoreError::Corrupt {
        detail: format!("unusable document of the template {id}: {fault}"),
    })
}

fn made_from(name: &str) -> Result<BuiltIn> {
    name.parse().map_err(|_| StoreError::Corrupt {
        detail: format!("unusable origin {name:?} of a template"),
    })
}

fn panel_of(row: &Row) -> Result<Option<Panel>> {
    let width_mm: Option<i64> = row.try_get("panel_width_mm")?;
    let distance_mm: Option<i64> = row.try_get("viewing_distance_mm")?;
    let of = |(width_mm, distance_mm)| Panel {
        width_mm: whole(width_mm),
        distance_mm: whole(distance_mm),
    };
    Ok(width_mm.zip(distance_mm).map(of))
}

/// A count or a version's number: never below zero.
fn whole(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
