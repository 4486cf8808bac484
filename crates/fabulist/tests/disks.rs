//! Disks as they are: full, and read-only. Each is a real one, a small file system of the test's own, mounted where only the test sees it.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests say what they did, and stop at what they did not expect")]

mod support;

use std::process::{Command, Stdio};

use support::{SHORT, Said, Writer};

/// Runs a script in a mount namespace of its own, with the binary as `$FAB` and the data folder as `$DATA`.
fn with_own_mounts(writer: &Writer, script: &str) -> Said {
    std::fs::create_dir_all(writer.data()).unwrap();
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-euc", script]).current_dir(writer.dir.path()).stdin(Stdio::null());
    for (key, value) in writer.command(&[]).get_envs() {
        if let Some(value) = value {
            command.env(key, value);
        }
    }
    command.env("FAB", env!("CARGO_BIN_EXE_fabulist")).env("DATA", writer.data());
    Said::of(command.output().expect("`unshare` of util-linux is needed for this test"))
}

fn book(writer: &Writer) -> String {
    std::fs::read_to_string(writer.path("out/The Salt Road.md")).unwrap()
}

#[test]
fn a_full_disk_is_waited_for_and_the_book_is_the_same() {
    let calm = Writer::new();
    calm.file("brief.toml", SHORT);
    calm.ok(&["write", "brief.toml"]);

    let writer = Writer::new();
    writer.file("brief.toml", SHORT);
    let said = with_own_mounts(
        &writer,
        r#"
        mount -t tmpfs -o size=8m tmpfs "$DATA"
        head -c 6600k /dev/zero > "$DATA/filler"
        "$FAB" write brief.toml > said.txt 2> told.txt & pid=$!
        tries=0
        until grep -q "disk is full" told.txt; do
            tries=$((tries + 1))
            kill -0 $pid || { echo "it ended, and the disk was never full" >&2; cat told.txt >&2; exit 8; }
            [ $tries -lt 300 ] || { echo "it never said that the disk is full" >&2; cat told.txt >&2; exit 9; }
            sleep 0.1
        done
        sleep 1
        kill -0 $pid || { echo "it did not wait" >&2; cat told.txt >&2; exit 7; }
        rm "$DATA/filler"
        wait $pid
        "$FAB" doctor > doctor.txt
        "$FAB" runs list --json > runs.json
        "#,
    );
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert_eq!(book(&writer), book(&calm), "not a word is lost");
    let told = std::fs::read_to_string(writer.path("told.txt")).unwrap();
    assert!(told.contains("Free some space"), "it says what to do: {told}");
    let runs = std::fs::read_to_string(writer.path("runs.json")).unwrap();
    assert!(runs.contains("\"succeeded\""), "{runs}");
}

#[test]
fn a_disk_that_is_full_from_the_start_is_said_and_the_same_command_goes_on() {
    let writer = Writer::new();
    writer.file("brief.toml", SHORT);
    let said = with_own_mounts(
        &writer,
        r#"
        mount -t tmpfs -o size=6m tmpfs "$DATA"
        head -c 6140k /dev/zero > "$DATA/filler"
        code=0; "$FAB" write brief.toml 2> told.txt || code=$?
        [ $code -eq 1 ] || { echo "ended with $code" >&2; cat told.txt >&2; exit 9; }
        rm "$DATA/filler"
        "$FAB" write brief.toml
        "#,
    );
    assert_eq!(said.code, 0, "{}", said.stderr);
    let told = std::fs::read_to_string(writer.path("told.txt")).unwrap();
    assert!(told.contains("full") && told.contains("hint:") && !told.contains("panicked"), "{told}");
    assert!(book(&writer).contains("## Chapter 2"));
}

#[test]
fn a_read_only_data_folder_is_named_and_left_alone() {
    let writer = Writer::new();
    writer.file("brief.toml", SHORT);
    writer.ok(&["write", "brief.toml"]);
    let said = with_own_mounts(
        &writer,
        r#"
        mount --bind "$DATA" "$DATA"
        mount -o remount,bind,ro "$DATA"
        code=0; "$FAB" runs list 2> told.txt || code=$?
        [ $code -eq 1 ] || { echo "ended with $code" >&2; cat told.txt >&2; exit 9; }
        "#,
    );
    assert_eq!(said.code, 0, "{}", said.stderr);
    let told = std::fs::read_to_string(writer.path("told.txt")).unwrap();
    assert!(told.contains("data") && told.contains("hint:") && !told.contains("panicked"), "{told}");
    assert_eq!(writer.only_run()["status"], "succeeded", "nothing is lost");
}
