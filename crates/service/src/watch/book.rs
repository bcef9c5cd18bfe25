//! Which alarms stand: what is wrong for long enough, until it is right for long enough.

use super::{
    Snapshot,
    rules::{holds_ms, troubles},
};
use model::{Alarm, PartnerId, UnixMicros, alarm::Trouble};
use std::{cmp::Reverse, collections::BTreeMap};

/// By id.
#[derive(Debug, Default)]
pub struct AlarmBook {
    entries: BTreeMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    /// `None`: all of them.
    partner: Option<PartnerId>,
    /// As it was last.
    trouble: Trouble,
    first_at: UnixMicros,
    last_at: UnixMicros,
    stands: bool,
}

/// What is different from the look before.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    Raised(Trouble),
    Over(Trouble),
}

impl AlarmBook {
    pub fn look(&mut self, snapshot: &Snapshot) -> Vec<News> {
        let now = snapshot.now;
        let stands = |id: &str| self.entries.get(id).is_some_and(|entry| entry.stands);
        let found = troubles(snapshot, stands);
        let mut news = Vec::new();
        for (partner, trouble) in found {
            let (raise_ms, _) = holds_ms(&trouble);
            let entry = self.entries.entry(trouble.id()).or_insert_with(|| Entry {
                partner,
                trouble: trouble.clone(),
                first_at: now,
                last_at: now,
                stands: false,
            });
            entry.trouble = trouble;
            entry.last_at = now;
            if !entry.stands && now.ms_since(entry.first_at) >= raise_ms {
                entry.stands = true;
                news.push(News::Raised(entry.trouble.clone()));
            }
        }
        self.entries.retain(|_, entry| {
            let (_, clear_ms) = holds_ms(&entry.trouble);
            let is_true = entry.last_at == now;
            let lingers = entry.stands && now.ms_since(entry.last_at) < clear_ms;
            let stays = is_true || lingers;
            if !stays && entry.stands {
                news.push(News::Over(entry.trouble.clone()));
            }
            stays
        });
        news
    }

    /// A partner's own, and those of all; the urgent ones first, then the oldest.
    pub fn list(&self, partner: PartnerId) -> Vec<Alarm> {
        let standing = self.entries.values().filter(|entry| entry.stands);
        let own = standing.filter(|entry| entry.partner.is_none_or(|owner| owner == partner));
        let mut alarms: Vec<_> = own
            .map(|entry| Alarm::new(entry.trouble.clone(), entry.first_at))
            .collect();
        alarms.sort_by_key(|alarm| (Reverse(alarm.trouble.severity()), alarm.since));
        alarms.truncate(model::limits::ALARMS_PER_VIEW_MAX);
        alarms
    }
}
