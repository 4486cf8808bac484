//! Debian's packages that the tests need: installed where they are missing, after asking.

use std::{
    env,
    io::{IsTerminal, stdin},
    process::{Command, Stdio},
};

use crate::say::complain;

/// Installs `package`. `what` is the thing that is missing, `by_hand` what somebody does who is not on Debian, Ubuntu or their kin.
pub(crate) fn install(package: &str, what: &str, by_hand: &str) -> Result<(), String> {
    let by_hand = format!("\nhint: {by_hand}");
    if !runs(Command::new("apt-get").arg("--version")) {
        return Err(format!("{what} is not installed, and there is no apt-get to install it with{by_hand}"));
    }
    let unasked = env::var("CI").is_ok_and(|ci| ci == "true");
    if !unasked && !agreed(package, what)? {
        return Err(format!("the tests need {what}{by_hand}"));
    }
    for args in [&["update"][..], &["install", "--yes", "--no-install-recommends", package]] {
        complain(&format!("── {what}: apt-get {}", args.join(" ")));
        let mut command = apt_get(unasked);
        let ended = command.args(args).status().map_err(|e| format!("apt-get cannot be started: {e}"))?;
        // Lists that cannot be read anew may still name the package.
        if !ended.success() && args[0] != "update" {
            return Err(format!("{what} could not be installed{by_hand}"));
        }
    }
    Ok(())
}

/// Whether a command can be started and ends well.
pub(crate) fn runs(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Asks the person at the terminal, where there is one.
fn agreed(package: &str, what: &str) -> Result<bool, String> {
    if !stdin().is_terminal() {
        return Ok(false);
    }
    complain(&format!("The tests need {what}. Install Debian's package `{package}` now? [y/N]"));
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
