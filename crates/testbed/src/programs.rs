//! PostgreSQL's programs, and a user to run them as.

use std::{
    fs, io,
    os::unix::fs::chown,
    path::{Path, PathBuf},
    process::Command,
};

/// Where Debian keeps every version beside the others.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The folder with the programs of the newest PostgreSQL that is installed.
pub(crate) fn find() -> Result<PathBuf, String> {
    let versions = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, bin)| is_whole(bin))
        .collect();
    found.sort();
    if let Some((_, bin)) = found.pop() {
        return Ok(bin);
    }
    let told = Command::new("pg_config").arg("--bindir").output().ok().filter(|output| output.status.success());
    told.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
        .filter(|bin| is_whole(bin))
        .ok_or_else(|| "PostgreSQL is not installed, and no test is skipped for that: `cargo xtask test` installs it".to_owned())
}

fn is_whole(bin: &Path) -> bool {
    ["postgres", "initdb", "psql"].iter().all(|program| bin.join(program).is_file())
}

/// Somebody to run a server as.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

impl User {
    /// PostgreSQL refuses to run as root: then it is run as a user who may do little. Otherwise it runs as whoever runs this.
    pub(crate) fn to_run_as() -> Result<Option<Self>, String> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        let known = fs::read_to_string("/etc/passwd").map_err(|e| format!("/etc/passwd cannot be read: {e}"))?;
        let user = ["postgres", "nobody"].iter().find_map(|name| Self::read(&known, name));
        user.map(Some).ok_or_else(|| "there is neither a user `postgres` nor `nobody` to run PostgreSQL as".to_owned())
    }

    fn read(known: &str, name: &str) -> Option<Self> {
        let mut fields =
            known.lines().map(|line| line.split(':')).find_map(|mut fields| (fields.next() == Some(name)).then_some(fields))?;
        Some(Self { uid: fields.nth(1)?.parse().ok()?, gid: fields.next()?.parse().ok()? })
    }

    /// Makes `path` this user's own.
    pub(crate) fn give(&self, path: &Path) -> io::Result<()> {
        chown(path, Some(self.uid), Some(self.gid))
    }
}

#[cfg(test)]
mod tests {
    use super::User;

    #[test]
    fn a_user_is_found_by_name() {
        let known = "root:x:0:0:root:/root:/bin/bash\npostgres:x:105:109:,,,:/var/lib/postgresql:/bin/bash\n";
        let user = User::read(known, "postgres").unwrap();
        assert_eq!((user.uid, user.gid), (105, 109));
        assert!(User::read(known, "post").is_none());
    }
}
