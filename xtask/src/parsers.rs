//! The two Fountain parsers that our files are read by in the tests: screenplain from PyPI, fountain-js from npm.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{build_dir::build_dir, say::complain};

/// Where the tests look for them.
pub(crate) const VARIABLE: &str = "FABULIST_FOUNTAIN_PARSERS";

const SCREENPLAIN: &str = "screenplain==0.12.0";
const FOUNTAIN_JS: &str = "fountain-js@1.2.4";

/// The folder with both, installed into the cache where they are missing.
///
/// With CI=true they must be there; elsewhere the tests go without them where Python, Node or the network is missing, and say so.
pub(crate) fn install_if_missing() -> Result<Option<PathBuf>, String> {
    let named = env::var_os(VARIABLE).map(PathBuf::from).filter(|dir| is_installed(dir));
    if named.is_some() {
        return Ok(named);
    }
    let dir = build_dir(|name| env::var_os(name))?.join("fountain-parsers");
    match install(&dir) {
        Ok(()) => Ok(Some(dir)),
        Err(message) if env::var("CI").is_ok_and(|ci| ci == "true") => Err(message),
        Err(message) => {
            complain(&format!("note: the Fountain parsers are not tried: {message}"));
            Ok(None)
        }
    }
}

fn is_installed(dir: &Path) -> bool {
    dir.join("venv/bin/screenplain").exists() && dir.join("node_modules/fountain-js/package.json").exists()
}

fn install(dir: &Path) -> Result<(), String> {
    if is_installed(dir) {
        return Ok(());
    }
    complain(&format!("── Fountain parsers: {SCREENPLAIN}, {FOUNTAIN_JS}"));
    std::fs::create_dir_all(dir).map_err(|e| format!("{} cannot be made: {e}", dir.display()))?;
    let venv = dir.join("venv");
    ran(Command::new("python3").args(["-m", "venv"]).arg(&venv), "Python 3 with venv")?;
    ran(Command::new(venv.join("bin/pip")).args(["install", "--quiet", "--disable-pip-version-check", SCREENPLAIN]), "PyPI")?;
    let npm = ["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"];
    ran(Command::new("npm").args(npm).arg(dir).arg(FOUNTAIN_JS), "npm and its registry")?;
    if is_installed(dir) { Ok(()) } else { Err(format!("{} holds no parsers after they were installed", dir.display())) }
}

fn ran(command: &mut Command, needed: &str) -> Result<(), String> {
    let done = command.stdin(Stdio::null()).status();
    if done.is_ok_and(|status| status.success()) { Ok(()) } else { Err(format!("they could not be installed\nhint: They need {needed}.")) }
}
