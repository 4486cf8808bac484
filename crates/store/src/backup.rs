//! A copy of the whole database as one file.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use sea_orm::{ConnectionTrait, DatabaseConnection};
use studio::ports::StoreError;

use crate::{
    fault::{from_db, from_io, unusable},
    sql::{self, params},
};

/// Copies the database to `to`, which must not exist yet: it appears there only once it is whole.
pub(crate) async fn copy(db: &DatabaseConnection, to: &Path) -> Result<(), StoreError> {
    if to.symlink_metadata().is_ok() {
        return Err(exists(to));
    }
    let partial = with_suffix(to, ".partial");
    let failed = |e: std::io::Error| from_io(&format!("the backup {} cannot be written", to.display()), &e);
    match std::fs::remove_file(&partial) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(failed(e)),
        _ => {}
    }
    let target = partial.to_str().ok_or_else(|| unusable("the backup's name is not Unicode", "Choose another name."))?;
    // The file is made by us, empty and for this user alone: the copy goes into it.
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&partial).map_err(failed)?;
    let copied = db.execute_raw(sql::statement(db.get_database_backend(), "VACUUM INTO $1", params![target])).await;
    if let Err(error) = copied {
        let _ = std::fs::remove_file(&partial);
        return Err(from_db(error));
    }
    File::open(&partial).and_then(|file| file.sync_all()).map_err(failed)?;
    // A link never replaces what came meanwhile; where there are no links, a rename has to do.
    let linked = std::fs::hard_link(&partial, to);
    match linked {
        Ok(()) => std::fs::remove_file(&partial).map_err(failed),
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            let _ = std::fs::remove_file(&partial);
            Err(exists(to))
        }
        Err(_) => std::fs::rename(&partial, to).map_err(failed),
    }
}

fn exists(to: &Path) -> StoreError {
    unusable(format!("{} exists already", to.display()), "Choose a name that is not taken yet.")
}

/// `path` with `suffix` after its name.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
