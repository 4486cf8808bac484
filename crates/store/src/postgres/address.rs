//! Where the server is, and connections to it.

use std::{str::FromStr, time::Duration};

use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use sqlx::{
    Connection as _, PgConnection, Row as _,
    postgres::{PgConnectOptions, PgDatabaseError, PgPoolOptions},
};
use studio::ports::StoreError;

use crate::fault::{from_db, unusable};

/// The oldest server that will do, as it numbers itself.
const OLDEST: i32 = 140_000;
/// How long one that is just starting is waited for.
const STARTING: Duration = Duration::from_secs(20);
/// How long a connection may take to come.
const CONNECTING: Duration = Duration::from_secs(5);

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// One transaction for each job.
    Write,
    /// Sees one moment in each transaction, cannot write.
    Read,
    /// Waits for its turn to bring the database up to date, for as long as that takes.
    Migrate,
}

/// Where the server is.
#[derive(Clone)]
pub(crate) struct Address {
    options: PgConnectOptions,
    /// Host, port and database: never a password.
    shown: String,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

impl Address {
    /// Reads `postgres://user:password@host:port/database`.
    pub(crate) fn read(url: &str) -> Result<Self, StoreError> {
        const HINT: &str = "Give one like postgres://user:password@host:5432/fabulist with --database-url.";
        let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
        if !matches!(scheme, "postgres" | "postgresql") {
            let detail = if scheme.is_empty() {
                "the address of the database is none".to_owned()
            } else {
                format!("databases at {scheme}:// are not supported")
            };
            return Err(unusable(detail, HINT));
        }
        let options =
            PgConnectOptions::from_str(url).map_err(|e| unusable(format!("the address of the database cannot be read: {e}"), HINT))?;
        let host = options.get_socket().map_or_else(|| options.get_host().to_owned(), |socket| socket.display().to_string());
        let shown = format!("{host}:{}/{}", options.get_port(), options.get_database().unwrap_or_else(|| options.get_username()));
        Ok(Self { options, shown })
    }

    /// Looks whether the server is there and new enough, and returns its version. One that is just starting is waited for.
    pub(crate) async fn check(&self) -> Result<String, StoreError> {
        let begun = tokio::time::Instant::now();
        let mut connection = loop {
            match tokio::time::timeout(CONNECTING, PgConnection::connect_with(&self.with_settings(Use::Read))).await {
                Ok(Ok(connection)) => break connection,
                Ok(Err(e)) if code(&e).as_deref() == Some("57P03") && begun.elapsed() < STARTING => {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                Ok(Err(e)) => return Err(self.refused(&e)),
                Err(_) => return Err(self.away("it does not answer")),
            }
        };
        let asked = sqlx::query("SELECT current_setting('server_version'), current_setting('server_version_num')::INT4")
            .fetch_one(&mut connection)
            .await
            .and_then(|row| Ok((row.try_get::<String, _>(0)?, row.try_get::<i32, _>(1)?)));
        let (version, number) = asked.map_err(|e| self.refused(&e))?;
        let _ = connection.close().await;
        if number < OLDEST {
            return Err(unusable(
                format!("the server at {self} is PostgreSQL {version}, which is too old"),
                format!("Use PostgreSQL {} or newer.", OLDEST / 10_000),
            ));
        }
        Ok(version)
    }

    /// Opens at most `most` connections, the first of them at once.
    pub(crate) async fn connect(&self, purpose: Use, most: u32) -> Result<DatabaseConnection, StoreError> {
        let mut options = ConnectOptions::new("postgres://fabulist");
        options
            .max_connections(most)
            .min_connections(1)
            .acquire_timeout(CONNECTING)
            .idle_timeout(Duration::from_secs(300))
            .max_lifetime(None)
            .test_before_acquire(false)
            .record_stmt_in_spans(false)
            .sqlx_logging(false);
        let own = self.with_settings(purpose);
        options.map_sqlx_postgres_opts(move |_| own.clone());
        Database::connect(options).await.map_err(from_db)
    }

    /// One connection alone.
    pub(crate) async fn connect_one(&self) -> Result<PgConnection, sqlx::Error> {
        PgConnection::connect_with(&self.with_settings(Use::Write)).await
    }

    /// Connections for what the process does beside its work: at most two.
    pub(crate) fn connect_beside(&self) -> sqlx::PgPool {
        PgPoolOptions::new()
            .max_connections(2)
            .acquire_timeout(CONNECTING)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_lazy_with(self.with_settings(Use::Write))
    }

    fn with_settings(&self, purpose: Use) -> PgConnectOptions {
        let isolation = if purpose == Use::Read { "repeatable read" } else { "read committed" };
        let read_only = if purpose == Use::Read { "on" } else { "off" };
        let waiting = if purpose == Use::Migrate { "0" } else { "10s" };
        let options = self.options.clone().application_name("fabulist").statement_cache_capacity(256).options([
            ("default_transaction_isolation", isolation),
            ("default_transaction_read_only", read_only),
            ("lock_timeout", waiting),
            // A process that hangs inside of a transaction, or whose machine is gone, keeps no row from the others for long.
            ("idle_in_transaction_session_timeout", "15s"),
            ("tcp_keepalives_idle", "10"),
            ("tcp_keepalives_interval", "5"),
            ("tcp_keepalives_count", "2"),
            ("client_min_messages", "warning"),
            ("jit", "off"),
        ]);
        sqlx::ConnectOptions::disable_statement_logging(options)
    }

    /// Why the first connection did not come.
    fn refused(&self, error: &sqlx::Error) -> StoreError {
        let user = self.options.get_username();
        match (error, code(error).as_deref()) {
            (_, Some("28P01" | "28000")) => unusable(
                format!("the server at {self} refuses the user {user}"),
                "Check user and password in --database-url, and the server's pg_hba.conf.",
            ),
            (_, Some("3D000")) => {
                unusable(format!("there is no such database: {self}"), "Make it with `createdb`, or name another in --database-url.")
            }
            (_, Some("42501")) => unusable(
                format!("the user {user} may not use the database at {self}"),
                "Let it own the database, or grant it CONNECT and all rights on the schema `public`.",
            ),
            (_, Some("53300")) => {
                unusable(format!("the server at {self} has no connection left"), "Raise its max_connections, or stop what holds them.")
            }
            (sqlx::Error::Tls(e), _) => {
                unusable(format!("no secure connection to {self}: {e}"), "Check the server's certificate, or `sslmode` in --database-url.")
            }
            (_, Some(_)) => {
                unusable(format!("the server at {self} refuses: {}", message(error)), "Check --database-url and the server's log.")
            }
            _ => self.away(&message(error)),
        }
    }

    fn away(&self, why: &str) -> StoreError {
        unusable(
            format!("no database server can be reached at {self}: {why}"),
            "Check that PostgreSQL runs there, and host and port in --database-url.",
        )
    }
}

fn code(error: &sqlx::Error) -> Option<String> {
    Some(error.as_database_error()?.try_downcast_ref::<PgDatabaseError>()?.code().to_owned())
}

fn message(error: &sqlx::Error) -> String {
    error.as_database_error().map_or_else(|| error.to_string(), |e| e.message().to_owned())
}
