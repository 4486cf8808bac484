//! What the flags, the environment, `config.toml` and the defaults say, in this order.

use std::path::{Path, PathBuf};

use etcetera::{AppStrategy, AppStrategyArgs, choose_app_strategy};
use serde::Deserialize;

use crate::{failure::Failure, say};

/// `config.toml` in the data folder. Every key may be missing.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfigFile {
    /// `rehearsal`, or `provider/model`.
    pub(crate) model: Option<String>,
    /// `postgres://user:password@host:port/database`; SQLite in the data folder when absent.
    pub(crate) database_url: Option<String>,
}

/// The data folder: `--data-dir` or `FABULIST_DATA_DIR`, else the platform's own.
pub(crate) fn data_dir(flag: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(dir) = flag {
        return Ok(dir.to_owned());
    }
    let args = AppStrategyArgs { top_level_domain: "org".into(), author: "Fabulist".into(), app_name: "fabulist".into() };
    choose_app_strategy(args).map(|strategy| strategy.data_dir()).map_err(|_| {
        Failure::usage(
            say!("There is no home folder to keep data in." | "找不到可以存放数据的用户目录。"),
            say!("Say where with --data-dir." | "请用 --data-dir 指定。"),
        )
    })
}

/// Reads `config.toml`, if there is one.
pub(crate) fn read(data_dir: &Path) -> Result<ConfigFile, Failure> {
    let path = data_dir.join("config.toml");
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if matches!(e.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => return Ok(ConfigFile::default()),
        Err(e) => {
            return Err(Failure::usage(
                format!("{} cannot be read: {e}.", path.display()),
                say!("Correct or remove it." | "请更正或删除它。"),
            ));
        }
    };
    toml::from_str(&text)
        .map_err(|e| Failure::usage(format!("{}: {e}", path.display()), say!("Correct or remove it." | "请更正或删除它。")))
}
