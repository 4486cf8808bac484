//! What the studio is built with and tried in.

use std::{env, path::Path, process::Command};

use crate::debian;

/// Makes sure that there are Node and a browser, before anybody waits for a build.
pub(crate) fn install_if_missing() -> Result<(), String> {
    for (program, package) in [("node", "nodejs"), ("npm", "npm")] {
        if !debian::runs(Command::new(program).arg("--version")) {
            debian::install(package, program, "Install Node 20.19 or newer with npm, then try again.")?;
        }
    }
    let browser = env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".into());
    if Path::new(&browser).exists() {
        return Ok(());
    }
    debian::install("chromium", "Chromium", "Install Chromium, or name one in CHROMIUM, then try again.")
}
