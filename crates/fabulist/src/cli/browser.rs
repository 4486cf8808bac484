//! The browser of whoever sits at this machine.

use std::{env, io::IsTerminal as _};

/// Opens an address, where somebody sits at a terminal and there is a screen; nothing happens elsewhere, and nobody waits for it.
pub(crate) fn open(url: &str) {
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let screen = cfg!(any(windows, target_os = "macos")) || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
    if screen && std::io::stderr().is_terminal() {
        // The address stands on the terminal already.
        let _ = open::that_detached(url);
    }
}
