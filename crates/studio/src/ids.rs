//! New ids: UUIDv7 as text, so that rows sort by their birth and a person can read them in a shell.

tokio::task_local! {
    static TICKET: String;
}

/// A new id.
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// Does `work`, whose [`made_id`] is `ticket`: when it is done again, what it has made before can be found.
pub async fn with_ticket<T>(ticket: String, work: impl Future<Output = T>) -> T {
    TICKET.scope(ticket, work).await
}

/// The id that was given out for what this request makes; none where it carries no key.
pub fn ticket() -> Option<String> {
    TICKET.try_with(Clone::clone).ok()
}

/// The id of the one thing that a request makes: the one that was given out for it, or a new one.
pub fn made_id() -> String {
    ticket().unwrap_or_else(new_id)
}
