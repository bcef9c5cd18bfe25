//! A device that goes on reading while the test does something else.

use crate::{
    device::Device,
    race::{Session, now},
};
use std::{sync::Arc, time::Duration};
use timing::ctp01::DeviceRead;
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

const EVERY: Duration = Duration::from_millis(10);

pub struct Load {
    pub device: Arc<Device>,
    stop: watch::Sender<bool>,
    task: JoinHandle<Vec<DeviceRead>>,
}

impl Load {
    /// So many reads a hundredth of a second, all of different tags from `first` on.
    pub fn start(device: Device, locations: &[&str], first: u64, at_once: u64) -> Self {
        let device = Arc::new(device);
        let (stop, stopped) = watch::channel(false);
        let locations: Vec<_> = locations.iter().map(|&name| name.to_owned()).collect();
        let task = tokio::spawn({
            let device = Arc::clone(&device);
            async move {
                let mut session = Session::default();
                let (mut sent, mut tag) = (Vec::new(), first);
                let mut ticks = interval(EVERY);
                ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
                while !*stopped.borrow() {
                    ticks.tick().await;
                    let wall = now();
                    let read = |tag: u64| {
                        let location = &locations[tag as usize % locations.len()];
                        session.read(location, tag, wall)
                    };
                    let reads: Vec<_> = (tag..tag + at_once).map(read).collect();
                    tag += at_once;
                    device.read(&reads);
                    sent.extend(reads);
                }
                sent
            }
        });
        Self { device, stop, task }
    }

    /// Reads no more, and gives what was read.
    pub async fn stop(self) -> (Arc<Device>, Vec<DeviceRead>) {
        self.stop.send_replace(true);
        (self.device, self.task.await.unwrap())
    }
}
