//! The PostgreSQL server that all tests share.

use testbed::Postgres;

use crate::{debian, say::complain};

/// Makes sure that there is a server to start, before anybody waits for a build.
pub(crate) fn install_if_missing() -> Result<(), String> {
    if testbed::is_installed() {
        return Ok(());
    }
    debian::install("postgresql", "PostgreSQL", "Install PostgreSQL 14 or newer with its server programs, then try again.")
}

/// Starts the server. It ends with what is returned.
pub(crate) fn start() -> Result<Postgres, String> {
    let server = Postgres::start()?;
    complain(&format!("── PostgreSQL for the tests: port {}", server.port()));
    Ok(server)
}
