//! A PostgreSQL cluster with a small disk, on which a database lies, or its write-ahead log.

use crate::{
    postgres::{Cluster, Database, ordinary_user, ordinary_user_ids},
    small_disk::SmallDisk,
};
use std::{fs::Permissions, os::unix::fs::PermissionsExt};
use tempfile::TempDir;

/// What is dropped first stands first.
pub struct SmallCluster {
    pub cluster: Cluster,
    pub disk: SmallDisk,
    _folder: TempDir,
}

impl SmallCluster {
    pub fn start(mib: u32) -> Self {
        // The server may be another user's.
        let folder = tempfile::Builder::new()
            .prefix("gantry-test-")
            .permissions(Permissions::from_mode(0o755))
            .tempdir()
            .unwrap();
        let disk = SmallDisk::mount(folder.path(), mib);
        let before = disk.enter_as(&ordinary_user(), ordinary_user_ids());
        Self {
            cluster: Cluster::start_behind(before),
            disk,
            _folder: folder,
        }
    }

    /// A database whose tables and indexes lie on the disk, and its log elsewhere.
    pub async fn database_on_disk(&self) -> Database {
        let folder = self.disk.at().join("tables");
        self.cluster.shell("mkdir \"$0\"", &[&folder]);
        let make = format!("CREATE TABLESPACE small LOCATION '{}'", folder.display());
        assert!(self.cluster.run(&make).await);
        let grant = "GRANT CREATE ON TABLESPACE small TO gantry";
        assert!(self.cluster.run(grant).await);
        self.cluster.database_in("small")
    }

    /// A database whose log lies on the disk, and all else elsewhere.
    pub fn database_with_log_on_disk(&self) -> Database {
        self.cluster.stop();
        self.cluster.shell(
            "mv \"$0/pg_wal\" \"$1/pg_wal\" && ln -s \"$1/pg_wal\" \"$0/pg_wal\"",
            &[&self.cluster.data(), self.disk.at()],
        );
        self.cluster.start_again();
        self.cluster.database()
    }
}
