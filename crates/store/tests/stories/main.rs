//! What the store promises, told to each database that it runs on.

#![allow(clippy::unwrap_used, reason = "a story that cannot be told is not true")]

mod artifacts;
mod changes;
mod deleting;
mod desk;
mod door;
mod journal;
mod liveness;
mod opening;
mod upkeep;

use futures::future::BoxFuture;

/// A database that the stories are told to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Database {
    /// One file.
    Sqlite,
}

/// One promise, kept before our eyes.
pub(crate) struct Story {
    name: &'static str,
    tell: fn(Database) -> BoxFuture<'static, ()>,
}

macro_rules! stories {
    ($($module:ident: $($name:ident),+ $(,)?;)+) => {
        vec![$($(Story { name: stringify!($name), tell: |database| Box::pin($module::$name(database)) }),+),+]
    };
}

/// All stories.
fn stories() -> Vec<Story> {
    stories! {
        changes:
            a_run_comes_back_with_every_field,
            briefs_and_snapshots_come_back,
            runs_are_listed_newest_first_in_pages,
            a_change_is_whole,
            a_change_that_is_refused_leaves_no_trace,
            a_lost_claim_is_told,
            fifty_changes_at_once_leave_no_hole_in_the_events,
            one_of_two_processes_wins_each_claim,
            a_failing_write_does_not_hurt_its_neighbours,
            a_panic_in_a_change_is_its_callers_alone,
            a_caller_who_leaves_breaks_nothing,
            steps_come_back_with_every_field,
            the_state_after_each_step_can_be_read,
            due_runs_come_longest_waiting_first;
        journal:
            an_answer_adds_to_the_usage_of_run_and_attempt,
            an_open_answer_is_found_until_it_is_spent_or_rejected,
            a_prompt_comes_back_word_by_word_and_is_stored_once,
            partial_text_is_left_without_a_claim;
        artifacts:
            a_version_is_kept_only_against_the_latest,
            a_chapter_that_moved_on_undoes_the_whole_change,
            repeated_paragraphs_are_found_in_earlier_chapters,
            findings_hang_from_their_version;
        door:
            briefs_and_snapshots_are_listed_newest_first_in_pages,
            a_brief_is_changed_only_as_it_was_seen,
            a_deleted_brief_takes_everything_under_it,
            a_deleted_snapshot_leaves_what_a_person_wrote,
            artifacts_and_versions_are_listed_and_read,
            attempts_come_in_pages,
            the_feed_tells_of_all_runs_in_one_order;
        deleting:
            a_deleted_run_is_invisible_at_once,
            the_sweeper_removes_every_row_and_no_neighbour,
            what_a_person_wrote_is_kept,
            what_a_person_wrote_goes_where_that_was_asked,
            the_sweeper_goes_on_after_a_restart;
        liveness:
            a_process_that_closed_is_no_dead_one,
            a_dead_process_is_found_once_its_lock_is_gone,
            the_mark_changes_when_another_process_writes;
        opening:
            the_connections_have_the_pragmas_that_were_promised,
            a_newer_database_is_refused,
            an_upgrade_begins_with_a_backup,
            somebody_elses_file_is_refused,
            a_folder_that_cannot_be_used_is_refused_with_a_hint,
            a_database_opens_again_as_it_was_left,
            two_processes_may_make_the_database_at_once;
        upkeep:
            the_log_is_folded_in_while_we_write,
            a_backup_is_restored_with_claims_that_nobody_holds,
            a_backup_replaces_no_file,
            a_folder_in_use_is_not_restored_over,
            what_is_no_backup_is_not_restored;
    }
}

#[expect(clippy::print_stdout, reason = "says how many stories were told to which database")]
/// Tells every story, and says which ones were not true.
async fn tell_to(database: Database) {
    let only = std::env::var("STORY").ok();
    let (mut told, mut untrue) = (0, Vec::new());
    for story in stories().into_iter().filter(|story| only.as_deref().is_none_or(|only| story.name.contains(only))) {
        if let Err(error) = tokio::spawn((story.tell)(database)).await {
            untrue.push(format!("{}: {error}", story.name));
        }
        told += 1;
    }
    println!("{database:?}: {told} stories told, {} untrue", untrue.len());
    assert!(untrue.is_empty(), "untrue to {database:?}:\n{}", untrue.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_story_is_true_on_sqlite() {
    tell_to(Database::Sqlite).await;
}
