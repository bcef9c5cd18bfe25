//! What shows draw with. A show always names a built-in template; one that draws with an own one
//! has a row more.

use super::super::{Row, Tx, changes};
use super::{made_from, whole};
use crate::{
    changes::ChangeKind,
    error::{Result, StoreError},
    scope::PartnerScope,
};
use model::{BuiltIn, DisplayId, EventId, ShowId, TemplateId, TemplatePin};
use sqlx::Row as _;
use uuid::Uuid;

/// A pin as it is stored of a show.
pub(in super::super) struct Resolved {
    pub(in super::super) built_in: BuiltIn,
    pub(in super::super) version: Option<Uuid>,
}

/// `Foreign` where the version is none of the partner's.
pub(in super::super) async fn resolved(
    tx: &mut Tx,
    scope: &PartnerScope,
    pin: TemplatePin,
) -> Result<Resolved> {
    let (template, number) = match pin {
        TemplatePin::BuiltIn(built_in) => {
            let version = None;
            return Ok(Resolved { built_in, version });
        }
        TemplatePin::Version { template, number } => (template, number),
    };
    let row: Option<(Uuid, String)> = sqlx::query_as(
        "SELECT v.id, t.made_from FROM template_version v
         JOIN template t ON t.id = v.template_id AND t.partner_id = v.partner_id
         WHERE v.partner_id = $1 AND v.template_id = $2 AND v.number = $3",
    )
    .bind(scope.partner().0)
    .bind(template.0)
    .bind(i64::from(number))
    .fetch_optional(&mut **tx)
    .await?;
    let (version, built_in) = row.ok_or(StoreError::Foreign { what: "template" })?;
    Ok(Resolved {
        built_in: made_from(&built_in)?,
        version: Some(version),
    })
}

/// The show draws with it from now on.
pub(in super::super) async fn pin_show(
    tx: &mut Tx,
    scope: &PartnerScope,
    (event, show): (EventId, ShowId),
    to: &Resolved,
) -> Result<()> {
    sqlx::query("UPDATE show SET template = $1 WHERE partner_id = $2 AND id = $3")
        .bind(to.built_in.name())
        .bind(scope.partner().0)
        .bind(show.0)
        .execute(&mut **tx)
        .await?;
    match to.version {
        None => {
            sqlx::query("DELETE FROM show_template WHERE partner_id = $1 AND show_id = $2")
                .bind(scope.partner().0)
                .bind(show.0)
                .execute(&mut **tx)
                .await?
        }
        Some(version) => {
            sqlx::query(
                "INSERT INTO show_template (show_id, partner_id, event_id, version_id)
                 VALUES ($1, $2, $3, $4)
                 ON CONFLICT (show_id) DO UPDATE SET version_id = excluded.version_id",
            )
            .bind(show.0)
            .bind(scope.partner().0)
            .bind(event.0)
            .bind(version)
            .execute(&mut **tx)
            .await?
        }
    };
    Ok(())
}

/// All of them or, where one is not there or was ended, none.
pub(super) async fn pin_displays(
    tx: &mut Tx,
    scope: &PartnerScope,
    (template, number): (TemplateId, u32),
    displays: &[DisplayId],
) -> Result<()> {
    let to = resolved(tx, scope, TemplatePin::Version { template, number }).await?;
    for display in displays {
        let row: Option<(Uuid, Uuid, bool)> = sqlx::query_as(
            "SELECT event_id, show_id, ended FROM display WHERE partner_id = $1 AND id = $2",
        )
        .bind(scope.partner().0)
        .bind(display.0)
        .fetch_optional(&mut **tx)
        .await?;
        let (event, show) = match row {
            None => return Err(StoreError::NotFound { what: "display" }),
            Some((_, _, true)) => return Err(StoreError::Stale { what: "display" }),
            Some((event, show, false)) => (EventId(event), ShowId(show)),
        };
        pin_show(tx, scope, (event, show), &to).await?;
        changes::append(tx, scope.partner(), ChangeKind::Display, display.0).await?;
    }
    Ok(())
}

/// From the columns `template`, `template_id` and `number` of a show.
pub(in super::super) fn pinned(row: &Row) -> Result<TemplatePin> {
    let template: Option<Uuid> = row.try_get("template_id")?;
    let number: Option<i64> = row.try_get("number")?;
    Ok(match (template, number) {
        (Some(template), Some(number)) => TemplatePin::Version {
            template: TemplateId(template),
            number: whole(number),
        },
        _ => TemplatePin::BuiltIn(made_from(&row.try_get::<String, _>("template")?)?),
    })
}
