use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use studio::ports::{FeedPage, Store as _};

use crate::{
    Database,
    desk::{Desk, a_told_run, always, event},
};

/// On a server the feed is held back while anybody's transaction is at work, also in another database: one that hangs is ended after fifteen
/// seconds.
const PATIENCE: Duration = Duration::from_secs(40);
/// How long between two looks.
const PAUSE: Duration = Duration::from_millis(25);

/// A page, once it has so many events.
async fn page_with(desk: &Desk, after: Option<&str>, events: usize) -> FeedPage {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let page = desk.store.feed(after.map(str::to_owned), 100).await.unwrap();
        if page.events.len() >= events {
            return page;
        }
        tokio::time::sleep(PAUSE).await;
    }
    panic!("the feed does not tell of {events} events");
}

/// What a page tells, run by run.
fn told(page: &FeedPage) -> Vec<(String, i64)> {
    page.events.iter().map(|(_, event)| (event.run_id.clone(), event.number)).collect()
}

pub(crate) async fn the_feed_tells_of_all_runs_in_pages(database: Database) {
    let desk = Desk::new(database).await;
    let beginning = desk.store.feed_latest().await.unwrap();
    let (first, second) = (desk.run().await, desk.run().await);
    desk.write(&second, vec![event("a"), event("b")]).await;
    desk.write(&first, vec![event("c")]).await;
    let all = page_with(&desk, None, 5).await;
    let expected = [(&first, 1), (&second, 1), (&second, 2), (&second, 3), (&first, 2)].map(|(run, number)| (run.id.clone(), number));
    assert_eq!(told(&all), expected);
    assert_eq!(all.events[4].1.name, "c");
    assert_eq!(desk.store.feed(Some(beginning.clone()), 100).await.unwrap(), all);
    assert_eq!((all.next.clone(), all.known), (desk.store.feed_latest().await.unwrap(), true));

    let (mut after, mut paged) = (None, Vec::new());
    loop {
        let page = desk.store.feed(after.clone(), 2).await.unwrap();
        if page.events.is_empty() {
            break;
        }
        assert_eq!(page.events.last().unwrap().0, page.next);
        paged.extend(told(&page));
        after = Some(page.next);
    }
    assert_eq!(paged, expected);
    desk.write(&first, vec![event("d")]).await;
    assert_eq!(told(&page_with(&desk, Some(&all.next), 1).await), [(first.id.clone(), 3)]);
}

pub(crate) async fn the_feed_loses_no_event_while_many_write(database: Database) {
    let desk = Desk::new(database).await;
    let neighbour = desk.neighbour().await;
    let mut runs = Vec::new();
    for _ in 0..8 {
        runs.push(desk.run().await);
    }
    let mut writing = Vec::new();
    for (n, run) in runs.iter().enumerate() {
        let (store, id) = (if n % 2 == 0 { desk.store.clone() } else { neighbour.clone() }, run.id.clone());
        writing.push(tokio::spawn(async move {
            for _ in 0..25 {
                store.change(&id, always(vec![event("a"), event("b")])).await.unwrap();
            }
        }));
    }
    let (mut after, mut heard, mut positions) = (None, BTreeMap::<String, Vec<i64>>::new(), BTreeSet::new());
    let mut idle_since = None;
    while idle_since.is_none_or(|since: Instant| since.elapsed() < PATIENCE) {
        let done = writing.iter().all(tokio::task::JoinHandle::is_finished);
        let page = desk.store.feed(after.clone(), 7).await.unwrap();
        if page.events.is_empty() && done {
            if heard.values().map(Vec::len).sum::<usize>() == 8 * 51 {
                break;
            }
            idle_since.get_or_insert_with(Instant::now);
            tokio::time::sleep(PAUSE).await;
        }
        for (position, event) in page.events {
            assert!(positions.insert(position), "told twice");
            heard.entry(event.run_id).or_default().push(event.number);
        }
        after = Some(page.next);
    }
    for writer in writing {
        writer.await.unwrap();
    }
    assert_eq!(heard.len(), 8);
    for (run, numbers) in heard {
        assert_eq!(numbers, (1..=51).collect::<Vec<_>>(), "of run {run}");
    }
}

pub(crate) async fn the_feed_tells_that_a_run_was_deleted(database: Database) {
    let desk = Desk::new(database).await;
    let (run, _) = a_told_run(&desk).await;
    let after = page_with(&desk, None, 2).await.next;
    desk.store.delete_run(&run.id, true).await.unwrap();
    let deleted = page_with(&desk, Some(&after), 1).await;
    assert_eq!(deleted.events.iter().map(|(_, event)| event.name.as_str()).collect::<Vec<_>>(), ["run.deleted"]);
    while desk.store.sweep().await.unwrap() {}
    assert_eq!(desk.store.feed(None, 9).await.unwrap().events, deleted.events, "what it was is told no more");
    assert!(desk.store.feed(Some(after.clone()), 9).await.unwrap().known);
}

pub(crate) async fn a_position_that_the_feed_does_not_know_is_told(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    let latest = page_with(&desk, None, 1).await.next;
    assert_eq!(desk.store.feed_latest().await.unwrap(), latest);
    let beyond = match database {
        Database::Sqlite => "999",
        Database::Postgres => "999999999999.1",
    };
    for unknown in [beyond, "", "x", "-1", "1.2.3"] {
        let page = desk.store.feed(Some(unknown.to_owned()), 9).await.unwrap();
        assert_eq!(page, FeedPage { events: Vec::new(), next: latest.clone(), known: false }, "after `{unknown}`");
    }
    let page = desk.store.feed(Some(latest.clone()), 9).await.unwrap();
    assert_eq!(page, FeedPage { events: Vec::new(), next: latest.clone(), known: true });
    desk.write(&run, vec![event("a")]).await;
    assert_ne!(page_with(&desk, Some(&latest), 1).await.next, latest);
}
