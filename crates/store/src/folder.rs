//! The data folder: that it is there, ours, and on a disk that keeps locks.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    path::{Path, PathBuf},
};

use studio::ports::{Micros, StoreError};

use crate::fault::{from_io, unusable};

/// The data folder.
#[derive(Debug, Clone)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Makes sure that the folder is there and can be used.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        if path.exists() && !path.is_dir() {
            return Err(unusable(
                format!("{} is a file, not a folder", path.display()),
                "Move the file away, or choose another folder with --data-dir.",
            ));
        }
        create(path).map_err(|e| from_io(&format!("the data folder {} cannot be made", path.display()), &e))?;
        let path = path.canonicalize().map_err(|e| from_io(&format!("the data folder {} cannot be opened", path.display()), &e))?;
        let folder = Self(path);
        if let Some(kind) = network::kind(&folder.0) {
            return Err(unusable(
                format!("{} lies on a network file system ({kind}), where a database can be damaged", folder.0.display()),
                "Choose a folder on a local disk with --data-dir.",
            ));
        }
        Ok(folder)
    }

    /// Bytes that are free for this user on its disk.
    pub(crate) fn free_space(&self) -> Option<u64> {
        let disk = rustix::fs::statvfs(&self.0).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// The database.
    pub(crate) fn database(&self) -> PathBuf {
        self.0.join("fabulist.db")
    }

    /// The write-ahead log beside it.
    pub(crate) fn log(&self) -> PathBuf {
        self.0.join("fabulist.db-wal")
    }

    /// Where the lock files of the processes are.
    pub(crate) fn nodes(&self) -> PathBuf {
        self.0.join("nodes")
    }

    /// Where the copy goes that is made before the database is brought to a newer version.
    pub(crate) fn backup_before(&self, version: i64, now: Micros) -> Result<PathBuf, StoreError> {
        let folder = self.0.join("backups");
        create(&folder).map_err(|e| from_io("the folder `backups` cannot be made", &e))?;
        Ok(folder.join(format!("before-version-{version}-{now}.db")))
    }

    /// The lock that one process holds while it opens, migrates or replaces the database. Waits for it.
    pub(crate) async fn lock(&self) -> Result<File, StoreError> {
        let path = self.0.join("migrate.lock");
        let locked = tokio::task::spawn_blocking(move || {
            let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
            file.lock()?;
            Ok::<_, std::io::Error>(file)
        });
        match locked.await {
            Ok(Ok(file)) => Ok(file),
            Ok(Err(e)) => Err(from_io(&format!("the data folder {} cannot be locked", self.0.display()), &e)),
            Err(e) => Err(StoreError::Database(e.to_string())),
        }
    }

    /// Makes renames in the folder last.
    pub(crate) fn sync(&self) -> std::io::Result<()> {
        File::open(&self.0)?.sync_all()
    }
}

/// Makes sure that the data folder is there, for whatever is kept beside a database on a server.
pub fn data_folder(path: &Path) -> Result<(), StoreError> {
    create(path).map_err(|e| from_io(&format!("the data folder {} cannot be made", path.display()), &e))
}

/// Creates a folder that only this user may read.
pub(crate) fn create(path: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(target_os = "linux")]
mod network {
    use std::path::Path;

    /// FUSE is local or remote: the mount table says which.
    const FUSE: u64 = 0x6573_5546;

    /// The name of the network file system that `path` lies on, if it does.
    pub(super) fn kind(path: &Path) -> Option<String> {
        let magic = u64::try_from(rustix::fs::statfs(path).ok()?.f_type).ok()? & 0xffff_ffff;
        if magic == FUSE {
            return std::fs::read_to_string("/proc/self/mountinfo").ok().and_then(|mounts| remote_fuse(&mounts, &path.to_string_lossy()));
        }
        named(magic).map(Into::into)
    }

    pub(super) fn named(magic: u64) -> Option<&'static str> {
        Some(match magic {
            0x6969 => "NFS",
            0x517b | 0xff53_4d42 | 0xfe53_4d42 => "SMB",
            0x0102_1997 => "9P",
            0x5346_414f | 0x6b41_4653 => "AFS",
            0x7375_7245 => "Coda",
            0x00c3_6400 => "Ceph",
            0x0bd0_0bd0 => "Lustre",
            0x564c => "NCP",
            _ => return None,
        })
    }

    /// The kind of the remote FUSE mount that holds `path`.
    pub(super) fn remote_fuse(mounts: &str, path: &str) -> Option<String> {
        let mut best: Option<(&str, &str)> = None;
        for line in mounts.lines() {
            let (Some(point), Some(kind)) = (line.split(' ').nth(4), line.split(" - ").nth(1).and_then(|rest| rest.split(' ').next()))
            else {
                continue;
            };
            let holds = point == "/" || path == point || path.strip_prefix(point).is_some_and(|rest| rest.starts_with('/'));
            if holds && best.is_none_or(|(longest, _)| longest.len() <= point.len()) {
                best = Some((point, kind));
            }
        }
        let kind = best?.1;
        let remote = ["sshfs", "s3fs", "rclone", "davfs", "gvfsd", "glusterfs", "ceph", "smb", "nfs", "gcsfuse", "goofys"];
        remote.iter().any(|name| kind.contains(name)).then(|| kind.to_owned())
    }
}

#[cfg(not(target_os = "linux"))]
mod network {
    /// Not looked at here.
    pub(super) fn kind(_: &std::path::Path) -> Option<String> {
        None
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::network::{named, remote_fuse};

    #[test]
    fn network_disks_are_known_by_their_number() {
        assert_eq!(named(0x6969), Some("NFS"));
        assert_eq!(named(0xfe53_4d42), Some("SMB"));
        assert_eq!(named(0xef53), None, "ext4 is local");
    }

    #[test]
    fn fuse_is_refused_only_where_it_is_remote() {
        let mounts = "22 1 0:2 / / rw - ext4 /dev/vda rw\n40 22 0:3 / /home/a/far rw - fuse.sshfs host:/ rw\n\
            41 22 0:4 / /mnt/disk rw - fuseblk /dev/sdb1 rw\n";
        assert_eq!(remote_fuse(mounts, "/home/a/far/books").as_deref(), Some("fuse.sshfs"));
        assert_eq!(remote_fuse(mounts, "/home/a/farther"), None);
        assert_eq!(remote_fuse(mounts, "/mnt/disk/books"), None);
    }
}
