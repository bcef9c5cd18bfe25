//! What must hold of a whole race, written down as it happens.

use live::rundown::Crossing;
use model::{ReadKey, UnixMicros, WallTime, fold_tag};
use service::ingest::Publication;
use std::collections::{BTreeMap, HashSet};

/// A bib and the location it crossed.
type Passage = (String, String);

#[derive(Default)]
pub struct Ledger {
    committed: HashSet<ReadKey>,
    featured: BTreeMap<Passage, Vec<Feature>>,
    run: u32,
    /// The board as it was last published in this run.
    pub board: Vec<model::Arrival>,
    pub features: u64,
    pub published: u64,
}

struct Feature {
    run: u32,
    read_at: UnixMicros,
    /// Set when its run ends: whether its read had been committed by then.
    committed: Option<bool>,
}

impl Ledger {
    pub fn commit(&mut self, key: ReadKey) {
        assert!(
            self.committed.insert(key.clone()),
            "stored as new for the second time: {key:?}"
        );
    }

    pub fn committed(&self) -> usize {
        self.committed.len()
    }

    /// A crash: what was featured is now either in the store or to come again.
    pub fn crash(&mut self, wall_of: impl Fn(UnixMicros) -> WallTime) {
        let said = |key: &ReadKey| (fold_tag(&key.tag), key.location.clone(), key.wall);
        let stored: HashSet<(String, String, WallTime)> = self.committed.iter().map(said).collect();
        for ((bib, location), features) in &mut self.featured {
            for feature in features
                .iter_mut()
                .filter(|feature| feature.committed.is_none())
            {
                let wall = wall_of(feature.read_at);
                let read = (fold_tag(bib), location.clone(), wall);
                feature.committed = Some(stored.contains(&read));
            }
        }
        self.run += 1;
        self.board.clear();
    }

    /// `live` is the read that came live and led to this, where one did.
    pub fn publish(&mut self, publication: &Publication, live: Option<&ReadKey>) {
        self.published += 1;
        for crossing in &publication.featured {
            let of_it = live.is_some_and(|read| {
                fold_tag(&read.tag) == fold_tag(&crossing.bib)
                    && read.location == crossing.point_name
            });
            assert!(
                of_it,
                "featured without a live read: {crossing:?}, but by {live:?}"
            );
            self.feature(crossing);
        }
        let arrivals = &publication.state.arrivals;
        assert!(arrivals.len() <= model::limits::ARRIVALS_MAX);
        let sorted = arrivals
            .windows(2)
            .all(|pair| pair[0].read_time >= pair[1].read_time);
        assert!(sorted, "the board is out of order: {arrivals:?}");
        self.board.clone_from(arrivals);
    }

    fn feature(&mut self, crossing: &Crossing) {
        self.features += 1;
        let before = self
            .featured
            .entry((crossing.bib.clone(), crossing.point_name.clone()))
            .or_default();
        for earlier in before.iter() {
            let shown_before_commit = earlier.run < self.run && earlier.committed == Some(false);
            assert!(
                shown_before_commit,
                "featured twice: {crossing:?}, first in run {} and now in run {}",
                earlier.run, self.run
            );
        }
        let (run, read_at) = (self.run, crossing.read_at);
        before.push(Feature {
            run,
            read_at,
            committed: None,
        });
    }
}
