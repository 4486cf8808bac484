//! The database of Fabulist: SQLite in a folder, or PostgreSQL, by the same code.
//!
//! One hand-written dialect that both understand; what differs stands in `sql.rs`, and what only one of them has in `file.rs` and
//! `postgres/`. Every write is a job: on SQLite one writer puts what is waiting into one transaction (`write.rs`), on PostgreSQL each
//! job is a transaction, several at once (`postgres/writer.rs`). Reads have connections of their own.

mod artifacts;
mod backup;
mod bin;
mod briefs;
mod change;
mod checkpoint;
mod connect;
mod delete;
mod delete_briefs;
mod events;
mod fault;
mod feed;
mod file;
mod folder;
mod fork;
mod imports;
mod journal;
mod knowledge;
mod load;
mod locks;
mod memory;
mod migrate;
mod nodes;
mod page;
mod pins;
mod postgres;
mod project;
mod proposals;
mod put_away;
mod remembered;
mod requests;
mod restore;
mod row;
mod runs;
mod settings;
mod sql;
mod state;
mod steps;
mod store;
mod tx;
mod write;

pub use connect::Pragmas;
pub use folder::data_folder;
pub use restore::restore;
pub use store::{About, OpenOptions, Place, Role, Store};
