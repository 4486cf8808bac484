//! Killing a child process at a fail point, and what must be true afterwards.

use std::{
    io::{BufRead, BufReader},
    os::unix::process::ExitStatusExt,
    process::{Child, Stdio},
};

use super::Writer;

/// What became of a child that was to stop at a fail point.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It stood still at the point, and was killed with SIGKILL.
    Killed,
    /// It never came to the point so often, and ended by itself with this code.
    Ended(i32),
}

/// Starts `write` so that it stands still at `point` for the `nth` time, and kills it there. `poke` is called once it runs.
pub(crate) fn kill_at(writer: &Writer, args: &[&str], point: &str, nth: u32, poke: impl FnOnce(&Child)) -> Fate {
    let mut command = writer.command(args);
    command.env("FABULIST_STOP_AT", format!("{point}#{nth}")).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    let stderr = child.stderr.take().expect("its stderr");
    poke(&child);
    let stood = BufReader::new(stderr).lines().map_while(Result::ok).any(|line| line.starts_with(&format!("fail point {point}:")));
    if stood {
        child.kill().expect("SIGKILL is sent");
        let status = child.wait().expect("the child is gone");
        assert_eq!(status.signal(), Some(9), "the child was killed, it did not end by itself");
        return Fate::Killed;
    }
    Fate::Ended(child.wait().expect("the child is gone").code().unwrap_or(-1))
}

/// What is sent to a child.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// As a system does that shuts down.
    Terminate,
    /// It stands still, with everything in its hands.
    Stop,
    /// It goes on.
    Continue,
    /// It ends at once.
    Kill,
}

/// Sends a signal to a child that this test started.
pub(crate) fn signal(child: &Child, signal: Signal) {
    let pid = rustix::process::Pid::from_child(child);
    let signal = match signal {
        Signal::Interrupt => rustix::process::Signal::INT,
        Signal::Terminate => rustix::process::Signal::TERM,
        Signal::Stop => rustix::process::Signal::STOP,
        Signal::Continue => rustix::process::Signal::CONT,
        Signal::Kill => rustix::process::Signal::KILL,
    };
    rustix::process::kill_process(pid, signal).expect("the signal is sent");
}
