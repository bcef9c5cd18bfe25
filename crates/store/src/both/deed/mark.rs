//! Edits of guns and of marks that put reads aside: one after the other, each in one row.

use super::super::{Tx, race};
use crate::{
    error::{Result, StoreError},
    limits,
    scope::PartnerScope,
};
use model::{Edit, EventId, Gun, GunId, PointId, TagRange, UnixMicros, WaveId, fold_tag};
use uuid::Uuid;

/// Does an edit that is about no participant.
pub(super) async fn apply(
    tx: &mut Tx,
    scope: &PartnerScope,
    event: EventId,
    edit: &Edit,
) -> Result<()> {
    let mut of = Event { tx, scope, event };
    match edit {
        Edit::Participant { .. } => Ok(()),
        Edit::Gun { id, before, after } => of.gun(*id, before.as_ref(), after.as_ref()).await,
        Edit::WaveGun {
            wave,
            before,
            after,
        } => of.wave_gun(*wave, *before, *after).await,
        Edit::ZeroCount {
            point,
            before,
            after,
        } => of.zero_count(*point, *before, *after).await,
        Edit::IgnoredTags {
            tags,
            before,
            after,
        } => of.ignored_tags(tags, *before, *after).await,
        Edit::SimulatedUntil { before, after } => of.simulated_until(*before, *after).await,
    }
}

struct Event<'a> {
    tx: &'a mut Tx,
    scope: &'a PartnerScope,
    event: EventId,
}

impl Event<'_> {
    fn partner(&self) -> Uuid {
        self.scope.partner().0
    }

    async fn gun(&mut self, id: GunId, before: Option<&Gun>, after: Option<&Gun>) -> Result<()> {
        let both = [before, after].into_iter().flatten();
        if both.into_iter().any(|gun| gun.id != id) {
            return Err(StoreError::Invalid {
                what: "edit",
                rule: "be about one gun",
            });
        }
        let known = race::gun(self.tx, self.scope, self.event, id).await?;
        let now = known.as_ref().filter(|known| !known.taken_back);
        fits(now.map(|now| &now.gun) == before, "gun")?;
        match (known.is_some(), after) {
            (_, None) => self.take_gun_back(id).await,
            (true, Some(gun)) => race::update_gun(self.tx, self.scope, self.event, gun).await,
            (false, Some(gun)) => race::insert_gun(self.tx, self.scope, self.event, gun).await,
        }
    }

    /// The row stays, so that a device's gun is known when it is sent again.
    async fn take_gun_back(&mut self, id: GunId) -> Result<()> {
        let waves: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM wave WHERE partner_id = $1 AND gun_id = $2")
                .bind(self.partner())
                .bind(id.0)
                .fetch_one(&mut **self.tx)
                .await?;
        if waves > 0 {
            return Err(StoreError::InUse { what: "gun" });
        }
        sqlx::query(
            "UPDATE gun SET taken_back = $1 WHERE partner_id = $2 AND event_id = $3 AND id = $4",
        )
        .bind(true)
        .bind(self.partner())
        .bind(self.event.0)
        .bind(id.0)
        .execute(&mut **self.tx)
        .await?;
        Ok(())
    }

    async fn wave_gun(
        &mut self,
        wave: WaveId,
        before: Option<GunId>,
        after: Option<GunId>,
    ) -> Result<()> {
        let now: Option<Option<Uuid>> = sqlx::query_scalar(
            "SELECT gun_id FROM wave WHERE partner_id = $1 AND event_id = $2 AND id = $3",
        )
        .bind(self.partner())
        .bind(self.event.0)
        .bind(wave.0)
        .fetch_optional(&mut **self.tx)
        .await?;
        let now = now.ok_or(StoreError::Foreign { what: "wave" })?;
        fits(now.map(GunId) == before, "wave's gun")?;
        if let Some(gun) = after {
            let known = race::gun(self.tx, self.scope, self.event, gun).await?;
            if known.is_none_or(|known| known.taken_back) {
                return Err(StoreError::Foreign { what: "gun" });
            }
        }
        sqlx::query("UPDATE wave SET gun_id = $1 WHERE partner_id = $2 AND id = $3")
            .bind(after.map(|gun| gun.0))
            .bind(self.partner())
            .bind(wave.0)
            .execute(&mut **self.tx)
            .await?;
        Ok(())
    }

    async fn zero_count(
        &mut self,
        point: PointId,
        before: Option<UnixMicros>,
        after: Option<UnixMicros>,
    ) -> Result<()> {
        let now: Option<i64> = sqlx::query_scalar(
            "SELECT counts_from FROM zero_count
             WHERE partner_id = $1 AND event_id = $2 AND point_id = $3",
        )
        .bind(self.partner())
        .bind(self.event.0)
        .bind(point.0)
        .fetch_optional(&mut **self.tx)
        .await?;
        fits(
            now.map(UnixMicros) == before,
            "moment from which reads count",
        )?;
        let done = match after {
            None => sqlx::query(
                "DELETE FROM zero_count WHERE partner_id = $1 AND event_id = $2 AND point_id = $3",
            ),
            Some(_) => sqlx::query(
                "INSERT INTO zero_count (partner_id, event_id, point_id, counts_from)
                 VALUES ($1, $2, $3, $4)
                 ON CONFLICT (partner_id, event_id, point_id)
                 DO UPDATE SET counts_from = excluded.counts_from",
            ),
        };
        let done = done.bind(self.partner()).bind(self.event.0).bind(point.0);
        let done = match after {
            None => done,
            Some(from) => done.bind(from.0),
        };
        done.execute(&mut **self.tx)
            .await
            .map_err(StoreError::foreign("point"))?;
        Ok(())
    }

    async fn ignored_tags(&mut self, tags: &TagRange, before: bool, after: bool) -> Result<()> {
        for text in [&tags.first, &tags.last] {
            let is_folded = !text.is_empty() && fold_tag(text) == **text;
            let is_odd = text.contains('\0') || text.chars().count() > limits::TAG_CHARS_MAX;
            if !is_folded || is_odd {
                return Err(StoreError::Invalid {
                    what: "ignored tag",
                    rule: "be written as it is compared, without leading zeros and in capitals",
                });
            }
        }
        let (here, all): (i64, i64) = sqlx::query_as(
            "SELECT COALESCE(SUM(CASE WHEN first_folded = $3 AND last_folded = $4
                                 THEN 1 ELSE 0 END), 0), COUNT(*)
             FROM ignored_tag WHERE partner_id = $1 AND event_id = $2",
        )
        .bind(self.partner())
        .bind(self.event.0)
        .bind(&tags.first)
        .bind(&tags.last)
        .fetch_one(&mut **self.tx)
        .await?;
        fits((here > 0) == before, "ignored tag")?;
        let change = match (before, after) {
            (true, false) => sqlx::query(
                "DELETE FROM ignored_tag WHERE partner_id = $1 AND event_id = $2
                 AND first_folded = $3 AND last_folded = $4",
            ),
            (false, true) if all >= limits::IGNORED_RANGES_PER_EVENT_MAX => {
                return Err(StoreError::TooMany {
                    what: "ignored tags or ranges in the event",
                    max: limits::IGNORED_RANGES_PER_EVENT_MAX.cast_unsigned(),
                });
            }
            (false, true) => sqlx::query(
                "INSERT INTO ignored_tag (partner_id, event_id, first_folded, last_folded)
                 VALUES ($1, $2, $3, $4)",
            ),
            _ => return Ok(()),
        };
        change
            .bind(self.partner())
            .bind(self.event.0)
            .bind(&tags.first)
            .bind(&tags.last)
            .execute(&mut **self.tx)
            .await?;
        Ok(())
    }

    async fn simulated_until(
        &mut self,
        before: Option<UnixMicros>,
        after: Option<UnixMicros>,
    ) -> Result<()> {
        let now: Option<i64> = sqlx::query_scalar(
            "SELECT simulated_until FROM event WHERE partner_id = $1 AND id = $2",
        )
        .bind(self.partner())
        .bind(self.event.0)
        .fetch_one(&mut **self.tx)
        .await?;
        let what = "moment from which the simulator's reads count";
        fits(now.map(UnixMicros) == before, what)?;
        sqlx::query("UPDATE event SET simulated_until = $1 WHERE partner_id = $2 AND id = $3")
            .bind(after.map(|until| until.0))
            .bind(self.partner())
            .bind(self.event.0)
            .execute(&mut **self.tx)
            .await?;
        Ok(())
    }
}

fn fits(as_said: bool, what: &'static str) -> Result<()> {
    if as_said {
        Ok(())
    } else {
        Err(StoreError::Stale { what })
    }
}
