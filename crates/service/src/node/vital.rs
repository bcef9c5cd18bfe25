//! Tasks that nothing works without. One of them that ends, ends the server: a screen that keeps
//! its last picture until the next start is better than reads that nobody stores any more.

use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::{sync::watch, task::JoinSet};

/// Notices the end of tasks, also by a panic.
pub struct Vital {
    tasks: Mutex<JoinSet<()>>,
    ended: watch::Sender<Option<&'static str>>,
}

/// Dropped with its task.
struct Guard {
    name: &'static str,
    ended: watch::Sender<Option<&'static str>>,
}

impl Default for Vital {
    fn default() -> Self {
        Self {
            tasks: Mutex::default(),
            ended: watch::Sender::new(None),
        }
    }
}

impl Vital {
    pub fn spawn(&self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let guard = Guard {
            name,
            ended: self.ended.clone(),
        };
        self.tasks().spawn(async move {
            let _guard = guard;
            task.await;
        });
    }

    /// Ends them all where they are.
    pub fn end(&self) {
        self.tasks().abort_all();
    }

    fn tasks(&self) -> MutexGuard<'_, JoinSet<()>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until one of them has ended, and gives its name.
    pub async fn ended(&self) -> &'static str {
        let mut ended = self.ended.subscribe();
        let first = ended.wait_for(Option::is_some).await;
        first
            .ok()
            .and_then(|name| *name)
            .expect("the sender lives as long as this is borrowed")
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.ended.send_if_modified(|first| {
            let is_first = first.is_none();
            first.get_or_insert(self.name);
            is_first
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{future::pending, time::Duration};
    use tokio::time::timeout;

    #[tokio::test]
    async fn a_task_that_panics_is_named() {
        let vital = Vital::default();
        vital.spawn("one that goes on", pending());
        let early = timeout(Duration::from_millis(10), vital.ended()).await;
        assert!(early.is_err(), "all of them go on");
        vital.spawn("one that panics", async { panic!("on purpose") });
        assert_eq!(vital.ended().await, "one that panics");
        vital.spawn("one that ends", async {});
        assert_eq!(vital.ended().await, "one that panics", "the first");
    }

    #[tokio::test]
    async fn at_the_end_tasks_let_go_of_what_they_have() {
        let (held, mut dropped) = watch::channel(());
        let vital = Vital::default();
        vital.spawn("one that goes on", async move {
            let _held = held;
            pending::<()>().await;
        });
        vital.end();
        assert!(dropped.changed().await.is_err(), "the sender is gone");
    }
}
