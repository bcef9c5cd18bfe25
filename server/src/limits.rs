//! Named limits of the server's edges, and what happens past each.

/// Bytes read from a timing socket at a time.
pub const TIMING_READ_BYTES: usize = 16 * 1024;

/// A timing socket that takes no bytes of ours for this long is closed.
pub const TIMING_WRITE_MS_MAX: u64 = 10_000;

/// Between two tries to find the stream of a connection while the database does not answer.
pub const ROUTE_RETRY_MS: u64 = 1_000;

/// Lines of one connection that are not understood and go to the log. Further ones are counted.
pub const UNKNOWN_LINES_LOGGED_MAX: u64 = 100;

/// Bytes read from a display socket at a time; its buffer lives as long as the socket.
pub const SOCKET_READ_BYTES: usize = 2 * 1024;

/// Bytes of a message that go to a display socket in one frame. The buffer for it lives as long as
/// the socket; a frame's header of four bytes makes it whole.
pub const SOCKET_PIECE_BYTES: usize = 4 * 1024 - 4;

/// A display socket that has not taken a whole message by then is closed; the screen comes back.
pub const SOCKET_WRITE_MS_MAX: u64 = 20_000;

/// Between two tries to open a port that somebody else holds.
pub const PORT_RETRY_MS: u64 = 2_000;

/// How long a look at readiness waits for the database. Past it: not ready.
pub const READY_MS_MAX: u64 = 1_500;

/// How long a stop waits for reads on their way to the journal.
pub const STOP_MS_MAX: u64 = 10_000;

/// Bytes of a password's line on standard input that are read. Past it: it is cut, and refused as
/// too long.
pub const PASSWORD_LINE_BYTES_MAX: u64 = 1_024;

/// Between two looks at disk, backups, ports and addresses, for the alarms.
pub const HOST_LOOK_MS: u64 = 2_000;

// Backups.

/// Bytes of a backup that are written before they are brought to the disk. A slow stick then has no
/// heap of them to work off while the journal waits for its own.
pub const BACKUP_UNSYNCED_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// Bytes of a backup's manifest. Past them it is refused as no backup.
pub const BACKUP_MANIFEST_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Uploaded files in one backup. Past it: no backup is made, none is restored.
pub const BACKUP_ASSETS_MAX: usize = 50_000;

/// Folders in folders of uploaded files. Past it: no backup is made, none is restored.
pub const BACKUP_ASSET_DEPTH_MAX: usize = 16;

/// Bytes of the name of an uploaded file, with its folders. Past it: as above.
pub const BACKUP_NAME_BYTES_MAX: usize = 512;

/// Bytes of all that a backup holds, unpacked: 256 GiB, a thousand million reads. Past it, it is
/// refused; less than that, where there is no room for it on the disk.
pub const BACKUP_BYTES_MAX: u64 = 256 * 1024 * 1024 * 1024;

/// How long the folder of the backups may take to answer. Past it: the alarm says so.
pub const BACKUP_FOLDER_MS_MAX: u64 = 10_000;

/// Between two looks whether that folder is there, with the newest backup in it.
pub const BACKUP_LOOK_MS: u64 = 1_000;

/// Between two tries at a backup that fails.
pub const BACKUP_RETRY_MS: u64 = 30_000;

/// Backups kept at most. Past it, the setting is refused.
pub const BACKUPS_KEPT_MAX: u32 = 10_000;

// What `gantry doctor` waits for, and what it finds few, slow or wrong.

/// How long the doctor waits for the data folder, its free space and its writes, each. Past it,
/// the finding says that there is no answer.
pub const DOCTOR_FOLDER_MS_MAX: u64 = 5_000;

/// How long the doctor waits for the database to open. Past it, the finding says that it is busy.
pub const DOCTOR_DATABASE_MS_MAX: u64 = 5_000;

/// How long the doctor waits for an answer on a port. Past it, the finding says that whoever has
/// the port does not answer.
pub const DOCTOR_ANSWER_MS_MAX: u64 = 2_000;

/// Bytes of such an answer that are read. Past them it is cut, and is not Gantry's.
pub const DOCTOR_ANSWER_BYTES_MAX: u64 = 16 * 1024;

/// Writes from which the doctor tells the speed of a disk.
pub const DOCTOR_WRITES: usize = 15;

/// The doctor begins no further write after so long; those before are enough to tell.
pub const DOCTOR_WRITES_MS_MAX: u64 = 2_000;

/// Addresses of this computer that the doctor names. Further ones are left out.
pub const DOCTOR_ADDRESSES_MAX: usize = 6;

/// What a stored read takes on the disk, with its indexes: measured with a million of them.
pub const READ_BYTES: u64 = 230;

/// Less free space than this is bad: the log of the database alone may take 64 MB.
pub const DISK_FREE_BYTES_MIN: u64 = 200_000_000;

/// Less free space than this is worth a warning.
pub const DISK_FREE_BYTES_FEW: u64 = 2_000_000_000;

/// A synced write that takes longer is worth a warning: reads wait that long before the device is
/// told that they are safe.
pub const WRITE_MS_SLOW: u64 = 50;

/// Fewer open files than this are worth a warning.
pub const OPEN_FILES_FEW: u64 = 4_096;

/// A clock before 2026-11-21 UTC is wrong: this program was written later. In seconds since 1970.
pub const CLOCK_S_MIN: i64 = 1_795_219_200;

/// So is one twenty years later.
pub const CLOCK_S_MAX: i64 = CLOCK_S_MIN + 20 * 365 * 24 * 60 * 60;

/// A page of the studio. Past it: it is not shown, and the log says so.
pub const PAGE_BYTES_MAX: usize = 16 * 1024 * 1024;
