//! What the store promises, told to each database that it runs on.

#![allow(clippy::unwrap_used, reason = "a story that cannot be told is not true")]

mod artifacts;
mod changes;
mod deleting;
mod desk;
mod door;
mod feed;
mod forks;
mod imports;
mod journal;
mod knowledge;
mod liveness;
mod locks;
mod memory;
mod opening;
mod projects;
mod requests;
mod servers;
mod sqlite_files;
mod upgrades;

use std::io::Write as _;

use futures::{StreamExt as _, future::BoxFuture};

/// A database that the stories are told to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Database {
    /// One file.
    Sqlite,
    /// A server.
    Postgres,
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
            what_is_loaded_together_is_of_one_moment,
            due_runs_come_longest_waiting_first;
        journal:
            an_answer_adds_to_the_usage_of_run_and_attempt,
            an_open_answer_is_found_until_it_is_spent_or_rejected,
            a_prompt_comes_back_word_by_word_and_is_stored_once,
            partial_text_is_left_without_a_claim,
            an_answer_that_is_written_down_twice_counts_once;
        artifacts:
            a_version_is_kept_only_against_the_latest,
            a_chapter_that_moved_on_undoes_the_whole_change,
            repeated_paragraphs_are_found_in_earlier_chapters,
            what_was_read_last_of_a_chapter_stands_for_it,
            findings_hang_from_their_version;
        knowledge:
            a_version_brings_its_own_facts,
            forks_share_facts_and_diverge,
            facts_go_with_their_run_and_with_no_other,
            made_anew_from_the_versions_it_is_the_same,
            what_is_known_is_known_elsewhere;
        memory:
            passages_are_found_in_the_latest_texts_of_their_run,
            passages_go_with_their_words,
            a_very_long_text_is_found_whole_and_again_when_made_anew;
        locks:
            locked_words_stand_in_every_version,
            a_lock_outlives_the_run_that_its_words_were_in,
            a_fork_keeps_the_locks_whose_words_it_has;
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
            the_sweeper_goes_on_after_a_restart,
            two_processes_sweep_at_once,
            a_text_that_a_run_is_made_from_outlives_its_own_run;
        forks:
            a_fork_has_the_state_and_the_versions_of_its_step,
            a_fork_has_rows_of_its_own_and_shares_the_words,
            a_fork_is_whole_when_its_source_is_gone,
            only_a_success_can_be_forked,
            what_was_read_in_one_line_is_not_read_in_another,
            forks_are_listed_with_their_own_forks,
            a_fork_and_a_deletion_at_once_leave_a_whole_fork_or_none;
        projects:
            a_project_is_the_same_elsewhere_byte_for_byte,
            what_is_here_already_is_refused,
            a_file_that_is_no_whole_project_is_refused,
            a_run_at_work_arrives_at_rest,
            a_file_lies_in_the_bin_before_the_first_row_goes,
            words_that_were_kept_go_back_into_their_run,
            a_deleted_brief_comes_back_with_everything_under_it,
            a_deleted_snapshot_comes_back_with_its_runs,
            the_bin_forgets_after_thirty_days,
            no_table_is_forgotten_in_a_project;
        imports:
            an_import_is_there_whole,
            an_import_that_breaks_off_is_never_seen_and_is_swept,
            an_import_into_a_deleted_brief_is_refused,
            while_an_import_is_written_others_write_too,
            a_setting_is_what_was_put_down_last;
        requests:
            a_key_is_for_one_request_and_its_answer_is_kept,
            a_request_that_came_to_no_answer_is_taken_again_with_its_ticket,
            a_request_of_a_process_that_is_gone_is_free,
            sixteen_who_come_at_once_are_one,
            an_answer_is_kept_for_a_day_and_no_longer_than_its_run,
            a_setting_is_swapped_only_as_it_was_seen;
        liveness:
            a_process_that_closed_is_no_dead_one,
            a_dead_process_is_found_with_its_runs,
            the_mark_changes_when_another_process_writes;
        feed:
            the_feed_tells_of_all_runs_in_pages,
            the_feed_loses_no_event_while_many_write,
            the_feed_tells_that_a_run_was_deleted,
            a_position_that_the_feed_does_not_know_is_told;
        upgrades:
            a_database_of_the_first_version_is_taken_along;
        opening:
            a_newer_database_is_refused,
            somebody_elses_database_is_refused,
            a_database_opens_again_as_it_was_left,
            two_processes_may_make_the_database_at_once,
            an_upgrade_that_fails_changes_nothing,
            a_closed_store_says_so;
    }
}

/// Tells every story, several at once, and says which ones were not true.
async fn tell_to(database: Database) -> usize {
    let only = std::env::var("STORY").ok();
    let stories: Vec<_> = stories().into_iter().filter(|story| only.as_deref().is_none_or(|only| story.name.contains(only))).collect();
    let told = stories.len();
    let telling = stories.into_iter().map(|story| async move { (story.name, tokio::spawn((story.tell)(database)).await) });
    let ends: Vec<_> = futures::stream::iter(telling).buffer_unordered(4).collect().await;
    let untrue: Vec<_> = ends.into_iter().filter_map(|(name, end)| Some(format!("{name}: {}", end.err()?))).collect();
    assert!(untrue.is_empty(), "untrue to {database:?}:\n{}", untrue.join("\n"));
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_story_is_true_on_both_databases() {
    let (sqlite, postgres) = (tell_to(Database::Sqlite).await, tell_to(Database::Postgres).await);
    // Past what captures the output of tests: it is to be seen.
    writeln!(std::io::stdout(), "stories told to SQLite: {sqlite}, to PostgreSQL: {postgres}").unwrap();
    assert_eq!(sqlite, postgres);
}
