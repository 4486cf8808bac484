//! New ids: UUIDv7 as text, so that rows sort by their birth and a person can read them in a shell.

/// A new id.
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}
