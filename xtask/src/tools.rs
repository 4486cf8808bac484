//! Programs that strangers wrote, for tests that hold our answers and files against them: in the cache, at fixed versions.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    debian::{self, runs},
    say::complain,
};

/// From PyPI. `schemathesis` asks the server what its description allows, and what it does not; `screenplain` reads Fountain.
const PYTHON: &[&str] = &["schemathesis==4.32.5", "screenplain==0.12.0"];

/// From npm. Reads Fountain.
const NODE: &[&str] = &["fountain-js@1.2.4"];

/// Installs what is missing into `cache`, and returns the folder that tests look into: `python/bin`, `node/node_modules`.
pub(crate) fn install(cache: &Path) -> Result<PathBuf, String> {
    let folder = cache.join("tools");
    fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    once(&folder.join("python"), PYTHON, python)?;
    once(&folder.join("node"), NODE, node)?;
    Ok(folder)
}

/// Installs into `folder` unless exactly these stand there already.
fn once(folder: &Path, packages: &[&str], install: impl FnOnce(&Path) -> Result<(), String>) -> Result<(), String> {
    let (list, note) = (packages.join("\n"), folder.join("installed"));
    if fs::read_to_string(&note).is_ok_and(|installed| installed == list) {
        return Ok(());
    }
    complain(&format!("── tools: {}", packages.join(", ")));
    // Half an installation is none.
    let _ = fs::remove_dir_all(folder);
    install(folder)?;
    fs::write(&note, list).map_err(|e| format!("{}: {e}", note.display()))
}

fn python(folder: &Path) -> Result<(), String> {
    if !runs(Command::new("python3").args(["-c", "import venv, ensurepip"])) {
        debian::install("python3-venv", "Python", "Install Python 3.10 or newer with its module `venv`, then try again.")?;
    }
    done(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    done(Command::new(folder.join("bin/python")).args(pip).args(PYTHON))
}

fn node(folder: &Path) -> Result<(), String> {
    if !runs(Command::new("npm").arg("--version")) {
        debian::install("npm", "Node.js", "Install Node.js 18 or newer with npm, then try again.")?;
    }
    let npm = ["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"];
    done(Command::new("npm").args(npm).arg(folder).args(NODE))
}

fn done(command: &mut Command) -> Result<(), String> {
    let ended = command.stdin(Stdio::null()).status().map_err(|e| format!("{}: {e}", command.get_program().display()))?;
    if ended.success() { Ok(()) } else { Err(format!("{command:?} has failed: {ended}")) }
}
