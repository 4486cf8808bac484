//! Files in the writer's folder: what a person changed is never overwritten.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use story::canonical::hash_text;

use crate::{
    failure::{Exit, Failure},
    say,
};

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    /// Where the text stands now.
    pub(crate) path: PathBuf,
    /// The file of the wanted name, which a person changed and which was left alone.
    pub(crate) left_alone: Option<PathBuf>,
    /// Whether any byte was written.
    pub(crate) changed: bool,
}

/// What was written to a path last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    /// The SHA-256 of the text.
    hash: String,
    /// The run whose book it was.
    run: String,
}

/// Remembers, in the data folder, what was written where.
pub(crate) struct OutFiles {
    ledger_path: PathBuf,
    ledger: BTreeMap<String, Entry>,
    /// Held until dropped: two commands at once would forget each other's files.
    _turn: Option<fs::File>,
}

impl OutFiles {
    pub(crate) fn open(data_dir: &Path) -> Self {
        let ledger_path = data_dir.join("exports.json");
        let turn = fs::File::create(data_dir.join("exports.lock")).ok().filter(|file| file.lock().is_ok());
        let ledger = fs::read(&ledger_path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        Self { ledger_path, ledger, _turn: turn }
    }

    /// Writes the book of `run` to `dir/name`; beside it as `NAME.new.EXT` where the file there is not the one that we wrote last, and as
    /// `NAME (2).EXT` where it is another run's book.
    pub(crate) fn write(&mut self, dir: &Path, name: &str, run: &str, text: &str) -> Result<Written, Failure> {
        fs::create_dir_all(dir).map_err(|e| cannot(dir, &e))?;
        let dir = fs::canonicalize(dir).map_err(|e| cannot(dir, &e))?;
        let mut name = name.to_owned();
        let plain = name.clone();
        let mut others = 1;
        while self.is_anothers(&dir.join(&name), run) {
            others += 1;
            name = numbered(&plain, others);
        }
        let wanted = dir.join(&name);
        let mut left_alone = None;
        let mut path = wanted.clone();
        let mut n = 1;
        loop {
            match fs::read(&path) {
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => break,
                Err(e) => return Err(cannot(&path, &e)),
                Ok(bytes) if bytes == text.as_bytes() => {
                    self.remember(&path, run, text)?;
                    return Ok(Written { path, left_alone, changed: false });
                }
                Ok(bytes) if self.is_ours(&path, &bytes) => break,
                Ok(_) => {
                    left_alone = Some(wanted.clone());
                    path = dir.join(beside(&name, n));
                    n += 1;
                }
            }
        }
        replace(&path, text).map_err(|e| cannot(&path, &e))?;
        self.remember(&path, run, text)?;
        Ok(Written { path, left_alone, changed: true })
    }

    fn is_ours(&self, path: &Path, bytes: &[u8]) -> bool {
        let Ok(text) = std::str::from_utf8(bytes) else { return false };
        self.ledger.get(&path.to_string_lossy().into_owned()).is_some_and(|entry| entry.hash == hash_text(text))
    }

    /// Whether the book of another run stands there.
    fn is_anothers(&self, path: &Path, run: &str) -> bool {
        path.exists() && self.ledger.get(&path.to_string_lossy().into_owned()).is_some_and(|entry| entry.run != run)
    }

    fn remember(&mut self, path: &Path, run: &str, text: &str) -> Result<(), Failure> {
        let key = path.to_string_lossy().into_owned();
        let entry = Entry { hash: hash_text(text), run: run.to_owned() };
        if self.ledger.get(&key) == Some(&entry) {
            return Ok(());
        }
        self.ledger.insert(key, entry);
        let json = serde_json::to_string_pretty(&self.ledger).unwrap_or_default();
        replace(&self.ledger_path, &json).map_err(|e| cannot(&self.ledger_path, &e))
    }
}

/// `NAME (2).EXT`.
fn numbered(name: &str, n: u32) -> String {
    match name.rsplit_once('.') {
        Some((stem, ext)) => format!("{stem} ({n}).{ext}"),
        None => format!("{name} ({n})"),
    }
}

/// `NAME.new.EXT`, then `NAME.new2.EXT` and so on.
fn beside(name: &str, n: u32) -> String {
    let number = if n == 1 { String::new() } else { n.to_string() };
    match name.rsplit_once('.') {
        Some((stem, ext)) => format!("{stem}.new{number}.{ext}"),
        None => format!("{name}.new{number}"),
    }
}

/// Writes the whole file or nothing: beside it first, then in its place.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(format!(".{}.part", std::process::id()));
    let part = PathBuf::from(part);
    let written = fs::File::create(&part).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    match written.and_then(|()| fs::rename(&part, path)) {
        Ok(()) => Ok(()),
        Err(e) => {
            // Best effort: the fault that is told is the first one.
            let _ = fs::remove_file(&part);
            Err(e)
        }
    }
}

fn cannot(path: &Path, e: &std::io::Error) -> Failure {
    Failure::new(
        Exit::Failed,
        say!("{} cannot be written: {}." | "无法写入 {}：{}。", path.display(), e),
        say!(
            "The book is safe in the data folder. Choose another folder with --out, or free the path, then give the same command again."
                | "书稿已安全保存在数据目录。请用 --out 另选目录，或腾出该路径后重新运行同一命令。"
        ),
    )
}
