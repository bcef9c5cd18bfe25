//! What the server tells of its computer: disk, backups, ports and addresses.

use model::timing_view::ConnectHint;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostReport {
    /// Of the data folder; `None` where it cannot be seen.
    pub disk_free_bytes: Option<u64>,
    pub disk: DiskRoom,
    /// Why no backup is made, where it should be.
    pub backup_trouble: Option<String>,
    /// What is wrong with each timing port that is not open.
    pub listeners: Vec<String>,
    pub connect: ConnectHint,
    /// Where others open the studio and displays.
    pub web: ConnectHint,
    /// What share links begin with, where it is set.
    pub base_url: Option<String>,
}

/// What the free space means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DiskRoom {
    #[default]
    Enough,
    Low,
    NearlyFull,
}
