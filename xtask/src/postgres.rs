//! The PostgreSQL server that all tests share.

use std::{
    env,
    io::{IsTerminal, stdin},
    process::{Command, Stdio},
};

use testbed::Postgres;

use crate::say::complain;

/// The package of Debian, Ubuntu and their kin.
const PACKAGE: &str = "postgresql";

/// Makes sure that there is a server to start, before anybody waits for a build.
pub(crate) fn install_if_missing() -> Result<(), String> {
    if testbed::is_installed() { Ok(()) } else { install() }
}

/// Starts the server. It ends with what is returned.
pub(crate) fn start() -> Result<Postgres, String> {
    let server = Postgres::start()?;
    complain(&format!("── PostgreSQL for the tests: port {}", server.port()));
    Ok(server)
}

fn install() -> Result<(), String> {
    let by_hand = "\nhint: Install PostgreSQL 14 or newer with its server programs, then try again.";
    if !runs(Command::new("apt-get").arg("--version")) {
        return Err(format!("PostgreSQL is not installed, and there is no apt-get to install it with{by_hand}"));
    }
    let unasked = env::var("CI").is_ok_and(|ci| ci == "true");
    if !unasked && !agreed()? {
        return Err(format!("the tests need PostgreSQL{by_hand}"));
    }
    for args in [&["update"][..], &["install", "--yes", "--no-install-recommends", PACKAGE]] {
        complain(&format!("── PostgreSQL: apt-get {}", args.join(" ")));
        let mut command = apt_get(unasked);
        let ended = command.args(args).status().map_err(|e| format!("apt-get cannot be started: {e}"))?;
        // Lists that cannot be read anew may still name the package.
        if !ended.success() && args[0] != "update" {
            return Err(format!("PostgreSQL could not be installed{by_hand}"));
        }
    }
    Ok(())
}

/// Asks the person at the terminal, where there is one.
fn agreed() -> Result<bool, String> {
    if !stdin().is_terminal() {
        return Ok(false);
    }
    complain(&format!("The tests need PostgreSQL. Install Debian's package `{PACKAGE}` now? It also starts a server of its own. [y/N]"));
    let mut answer = String::new();
    stdin().read_line(&mut answer).map_err(|e| format!("no answer: {e}"))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn apt_get(unasked: bool) -> Command {
    let mut command = if rustix::process::geteuid().is_root() {
        Command::new("apt-get")
    } else {
        let mut sudo = Command::new("sudo");
        // Where nobody is there to type a password, none is asked for.
        if unasked {
            sudo.arg("--non-interactive");
        }
        sudo.arg("apt-get");
        sudo
    };
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn runs(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
