//! The database of Fabulist: SQLite by default, written so that PostgreSQL is the same code.
//!
//! One hand-written dialect that both understand; what differs stands in `sql.rs`. Every write goes through one writer, which puts what
//! is waiting into one transaction and answers after its commit (`write.rs`). Reads have connections of their own.

mod artifacts;
mod backup;
mod briefs;
mod change;
mod checkpoint;
mod connect;
mod delete;
mod delete_briefs;
mod events;
mod fault;
mod folder;
mod journal;
mod migrate;
mod nodes;
mod page;
mod remembered;
mod restore;
mod row;
mod runs;
mod sql;
mod state;
mod steps;
mod store;
mod tx;
mod write;

pub use connect::Pragmas;
pub use restore::restore;
pub use store::{OpenOptions, Place, Role, Store};
