//! `Displays`.

mod binding;

use super::{
    Backend, Row, Tx, changes, enter, partner,
    template::{pin_show, pinned, resolved},
};
use crate::{
    changes::ChangeKind,
    display::{Display, Displays, NewDisplay, ShowChange},
    error::{Result, StoreError},
    event::Events as _,
    limits,
    name::Name,
    scope::PartnerScope,
};
use async_trait::async_trait;
use model::{
    DisplayCode, DisplayId, EventId, PartnerId, PointId, RundownOverrides, ShowId, StreamId,
    UnixMicros, code,
};
use sqlx::Row as _;
use std::{collections::HashMap, str::FromStr};
use uuid::Uuid;

#[async_trait]
impl Displays for Backend {
    async fn create_display(&self, scope: &PartnerScope, new: NewDisplay) -> Result<Display> {
        binding::has_room(&new.points)?;
        let name = Name::given_or_none("display's name", &new.name)?;
        self.event(scope, new.event).await?;
        let (id, show) = (DisplayId(Uuid::now_v7()), ShowId(Uuid::now_v7()));
        let mut tx = self.begin(scope).await?;
        has_room(&mut tx, scope, new.event).await?;
        insert_show(&mut tx, scope, show, &new).await?;
        sqlx::query(
            "INSERT INTO display (id, partner_id, event_id, show_id, name, expires_at, ended)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(id.0)
        .bind(scope.partner().0)
        .bind(new.event.0)
        .bind(show.0)
        .bind(&name.shown)
        .bind(new.expires_at.0)
        .bind(false)
        .execute(&mut *tx)
        .await?;
        let code = give_code(&mut tx, scope, id).await?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Display, id.0).await?;
        tx.commit().await?;
        Ok(Display {
            id,
            show,
            code,
            partner: scope.partner(),
            event: new.event,
            name: name.shown,
            mode: new.mode,
            template: new.template,
            rundown: new.rundown,
            stream: new.stream,
            points: new.points,
            expires_at: new.expires_at,
            ended: false,
        })
    }

    async fn all_displays(&self) -> Result<Vec<Display>> {
        let mut tx = self.reading_global().await?;
        let mut displays = Vec::new();
        for partner in partner::all(&mut tx).await? {
            enter(&mut tx, partner).await?;
            displays.extend(displays_of(&mut tx, partner, Which::Running).await?);
        }
        Ok(displays)
    }

    async fn displays(&self, scope: &PartnerScope, event: EventId) -> Result<Vec<Display>> {
        let mut tx = self.reading(scope).await?;
        displays_of(&mut tx, scope.partner(), Which::OfEvent(event)).await
    }

    async fn display(&self, scope: &PartnerScope, id: DisplayId) -> Result<Display> {
        let mut tx = self.reading(scope).await?;
        let mut found = displays_of(&mut tx, scope.partner(), Which::Only(id)).await?;
        found.pop().ok_or(StoreError::NotFound { what: "display" })
    }

    async fn owner_of_display(&self, id: DisplayId) -> Result<Option<PartnerId>> {
        let mut tx = self.reading_global().await?;
        let lookup = "SELECT id FROM display WHERE partner_id = $1 AND id = $2";
        partner::owner_of(&mut tx, lookup, id.0).await
    }

    async fn owner_of_code(&self, code: &DisplayCode) -> Result<Option<(PartnerId, DisplayId)>> {
        let mut tx = self.reading_global().await?;
        let row: Option<(Uuid, Uuid)> =
            sqlx::query_as("SELECT partner_id, display_id FROM display_code WHERE code = $1")
                .bind(code.as_str())
                .fetch_optional(&mut *tx)
                .await?;
        Ok(row.map(|(partner, display)| (PartnerId(partner), DisplayId(display))))
    }

    async fn end_display(&self, scope: &PartnerScope, id: DisplayId) -> Result<()> {
        let mut tx = self.begin(scope).await?;
        let done = sqlx::query("UPDATE display SET ended = $1 WHERE partner_id = $2 AND id = $3")
            .bind(true)
            .bind(scope.partner().0)
            .bind(id.0)
            .execute(&mut *tx)
            .await?;
        StoreError::unless_found(done.rows_affected(), "display")?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Display, id.0).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn extend_display(
        &self,
        scope: &PartnerScope,
        id: DisplayId,
        expires_at: UnixMicros,
    ) -> Result<()> {
        let mut tx = self.begin(scope).await?;
        let ended: Option<bool> = sqlx::query_scalar(
            "UPDATE display SET expires_at = $1 WHERE partner_id = $2 AND id = $3 RETURNING ended",
        )
        .bind(expires_at.0)
        .bind(scope.partner().0)
        .bind(id.0)
        .fetch_optional(&mut *tx)
        .await?;
        match ended {
            None => return Err(StoreError::NotFound { what: "display" }),
            Some(true) => return Err(StoreError::Stale { what: "display" }),
            Some(false) => {}
        }
        changes::append(&mut tx, scope.partner(), ChangeKind::Display, id.0).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn update_show(
        &self,
        scope: &PartnerScope,
        id: DisplayId,
        change: ShowChange,
    ) -> Result<()> {
        let ShowChange { template, rundown } = change;
        let mut tx = self.begin(scope).await?;
        let (event, show) = show_of(&mut tx, scope, id).await?;
        if let Some(pin) = template {
            let to = resolved(&mut tx, scope, pin).await?;
            pin_show(&mut tx, scope, (event, show), &to).await?;
        }
        if let Some(rundown) = rundown {
            sqlx::query("UPDATE show SET rundown = $1 WHERE partner_id = $2 AND id = $3")
                .bind(rundown_text(&rundown))
                .bind(scope.partner().0)
                .bind(show.0)
                .execute(&mut *tx)
                .await?;
        }
        changes::append(&mut tx, scope.partner(), ChangeKind::Display, id.0).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn bind_show(
        &self,
        scope: &PartnerScope,
        id: DisplayId,
        stream: StreamId,
        points: &[PointId],
    ) -> Result<()> {
        let mut tx = self.begin(scope).await?;
        let of = show_of(&mut tx, scope, id).await?;
        binding::bind(&mut tx, scope, of, stream, points).await?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Display, id.0).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn rename_display(&self, scope: &PartnerScope, id: DisplayId, name: &str) -> Result<()> {
        let name = Name::given_or_none("display's name", name)?;
        let mut tx = self.begin(scope).await?;
        let done = sqlx::query("UPDATE display SET name = $1 WHERE partner_id = $2 AND id = $3")
            .bind(name.shown)
            .bind(scope.partner().0)
            .bind(id.0)
            .execute(&mut *tx)
            .await?;
        StoreError::unless_found(done.rows_affected(), "display")?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Display, id.0).await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn has_room(tx: &mut Tx, scope: &PartnerScope, event: EventId) -> Result<()> {
    let displays: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM display WHERE partner_id = $1 AND event_id = $2")
            .bind(scope.partner().0)
            .bind(event.0)
            .fetch_one(&mut **tx)
            .await?;
    StoreError::unless_room(
        displays,
        limits::DISPLAYS_PER_EVENT_MAX,
        "displays of the event",
    )
}

async fn insert_show(
    tx: &mut Tx,
    scope: &PartnerScope,
    show: ShowId,
    new: &NewDisplay,
) -> Result<()> {
    let template = resolved(tx, scope, new.template).await?;
    sqlx::query(
        "INSERT INTO show (id, partner_id, event_id, mode, template, stream_id, rundown)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(show.0)
    .bind(scope.partner().0)
    .bind(new.event.0)
    .bind(new.mode.name())
    .bind(template.built_in.name())
    .bind(new.stream.0)
    .bind(rundown_text(&new.rundown))
    .execute(&mut **tx)
    .await
    .map_err(StoreError::foreign("stream"))?;
    if template.version.is_some() {
        pin_show(tx, scope, (new.event, show), &template).await?;
    }
    binding::insert(tx, scope, (new.event, show), &new.points).await
}

/// The event and the show of a display that is not switched off.
async fn show_of(tx: &mut Tx, scope: &PartnerScope, id: DisplayId) -> Result<(EventId, ShowId)> {
    let display: Option<(Uuid, Uuid, bool)> = sqlx::query_as(
        "SELECT event_id, show_id, ended FROM display WHERE partner_id = $1 AND id = $2",
    )
    .bind(scope.partner().0)
    .bind(id.0)
    .fetch_optional(&mut **tx)
    .await?;
    match display {
        None => Err(StoreError::NotFound { what: "display" }),
        Some((_, _, true)) => Err(StoreError::Stale { what: "display" }),
        Some((event, show, false)) => Ok((EventId(event), ShowId(show))),
    }
}

async fn give_code(tx: &mut Tx, scope: &PartnerScope, display: DisplayId) -> Result<DisplayCode> {
    for _ in 0..limits::CODE_TRIES_MAX {
        let Some(code) = random_code() else { continue };
        let done = sqlx::query(
            "INSERT INTO display_code (code, partner_id, display_id) VALUES ($1, $2, $3)
             ON CONFLICT (code) DO NOTHING",
        )
        .bind(code.as_str())
        .bind(scope.partner().0)
        .bind(display.0)
        .execute(&mut **tx)
        .await?;
        if done.rows_affected() == 1 {
            return Ok(code);
        }
    }
    Err(StoreError::Taken {
        what: "display code",
    })
}

fn random_code() -> Option<DisplayCode> {
    // Some of the bytes are left out to keep the signs even; twice as many are plenty.
    let mut bytes = [0; code::LENGTH * 2];
    getrandom::fill(&mut bytes).ok()?;
    DisplayCode::from_random(&bytes)
}

/// Which of a partner's displays.
enum Which {
    /// Those that were not ended.
    Running,
    OfEvent(EventId),
    Only(DisplayId),
}

async fn displays_of(tx: &mut Tx, partner: PartnerId, which: Which) -> Result<Vec<Display>> {
    let (event, only) = match which {
        Which::Running => (None, None),
        Which::OfEvent(event) => (Some(event.0), None),
        Which::Only(id) => (None, Some(id.0)),
    };
    let rows = sqlx::query(
        "SELECT d.id, d.show_id, c.code, d.partner_id, d.event_id, d.name, s.mode, s.template,
                s.rundown, s.stream_id, d.expires_at, d.ended, v.template_id, v.number
         FROM display d
         JOIN show s ON s.id = d.show_id AND s.partner_id = d.partner_id
         LEFT JOIN show_template t ON t.show_id = s.id AND t.partner_id = s.partner_id
         LEFT JOIN template_version v ON v.id = t.version_id AND v.partner_id = t.partner_id
         JOIN display_code c ON c.display_id = d.id AND c.partner_id = d.partner_id
         WHERE d.partner_id = $1
           AND (d.event_id = $2 OR d.id = $3 OR ($2 IS NULL AND $3 IS NULL AND NOT d.ended))
         ORDER BY d.id",
    )
    .bind(partner.0)
    .bind(event)
    .bind(only)
    .fetch_all(&mut **tx)
    .await?;
    let bound: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "SELECT b.show_id, b.point_id FROM show_point b
         JOIN timing_point p ON p.id = b.point_id AND p.partner_id = b.partner_id
         JOIN display d ON d.show_id = b.show_id AND d.partner_id = b.partner_id
         WHERE d.partner_id = $1
           AND (d.event_id = $2 OR d.id = $3 OR ($2 IS NULL AND $3 IS NULL AND NOT d.ended))
         ORDER BY b.show_id, p.position",
    )
    .bind(partner.0)
    .bind(event)
    .bind(only)
    .fetch_all(&mut **tx)
    .await?;
    let mut points: HashMap<Uuid, Vec<PointId>> = HashMap::new();
    for (show, point) in bound {
        points.entry(show).or_default().push(PointId(point));
    }
    rows.iter()
        .map(|row| {
            let show: Uuid = row.try_get("show_id")?;
            from_row(row, points.remove(&show).unwrap_or_default())
        })
        .collect()
}

fn from_row(row: &Row, points: Vec<PointId>) -> Result<Display> {
    Ok(Display {
        id: DisplayId(row.try_get("id")?),
        show: ShowId(row.try_get("show_id")?),
        code: stored(row, "code")?,
        partner: PartnerId(row.try_get("partner_id")?),
        event: EventId(row.try_get("event_id")?),
        name: row.try_get("name")?,
        mode: stored(row, "mode")?,
        template: pinned(row)?,
        rundown: rundown(row)?,
        stream: StreamId(row.try_get("stream_id")?),
        points,
        expires_at: UnixMicros(row.try_get("expires_at")?),
        ended: row.try_get("ended")?,
    })
}

fn rundown_text(set: &RundownOverrides) -> String {
    serde_json::to_string(set).expect("numbers are JSON")
}

fn rundown(row: &Row) -> Result<RundownOverrides> {
    let text: String = row.try_get("rundown")?;
    serde_json::from_str(&text).map_err(|error| StoreError::Corrupt {
        detail: format!("unusable settings of a show: {error}"),
    })
}

/// A value of a closed set, kept as its name.
fn stored<T: FromStr>(row: &Row, column: &'static str) -> Result<T> {
    let text: String = row.try_get(column)?;
    text.parse().map_err(|_| StoreError::Corrupt {
        detail: format!("unusable {column} of a display"),
    })
}
