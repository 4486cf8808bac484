//! The craft, told in stories: what the rules find, how a book comes about, what a model is asked.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod bench;
mod book;
mod book_fixing;
mod book_windows;
mod books;
mod brief;
mod cast;
mod context;
mod draws;
mod edits;
mod find_json;
mod forms;
mod interventions;
mod knowledge;
mod locks;
mod memory;
mod numerals;
mod output_spec;
mod passages;
mod presets;
mod prompts;
mod prompts_of_hand;
mod prompts_of_scripts;
mod reading;
mod reread;
mod rewriting;
mod rule_dead_character;
mod rule_forbidden;
mod rule_length;
mod rule_mending;
mod rule_meta_text;
mod rule_repetition;
mod rule_truncated;
mod rules_all;
mod scripts;
mod split;
mod stage;
mod text;
