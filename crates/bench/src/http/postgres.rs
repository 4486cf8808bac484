//! The same on PostgreSQL, with two servers on one database.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use tempfile::TempDir;
use testbed::{Postgres, model::Model};

use super::{
    autoruns, kill, model, next,
    server::{Place, Server},
};
use crate::bench_studio::Anyhow;

pub(crate) async fn postgres(times: usize) -> Anyhow<()> {
    let postgres = Postgres::start()?;
    println!(
        "\n== HTTP on PostgreSQL: one step by `next`, two nodes (a book of {} chapters on each, a step here and a step there)",
        next::CHAPTERS
    );
    let mut figures = next::Figures::default();
    for n in 1..=times {
        let model = model(Duration::ZERO, 0)?;
        let nodes = Nodes::start(&postgres, &model).await?;
        figures.take(n, &next::by_next(&[&nodes.one.client, &nodes.other.client], &model).await?);
    }
    figures.conclude();

    autoruns::title(" on PostgreSQL, two nodes");
    let mut parts = Vec::new();
    for n in 1..=times {
        let model = autoruns::patient_model()?;
        let nodes = Nodes::start(&postgres, &model).await?;
        parts.push(autoruns::against_bare(n, &[&nodes.one, &nodes.other], &model).await?);
    }
    autoruns::conclude(parts);

    kill::title(" on PostgreSQL, two nodes", "one of them");
    let model = model(Duration::from_secs(1), 0)?;
    let mut nodes = Nodes::start(&postgres, &model).await?;
    let snapshot = kill::begin(&[&nodes.one.client, &nodes.other.client]).await?;
    let mut back = Vec::new();
    for n in 1..=times {
        tokio::time::sleep(Duration::from_secs(5)).await;
        let killed = Timestamp::now().as_microsecond();
        let begun = Instant::now();
        let Nodes { one, other, folders, url } = nodes;
        one.kill()?;
        let one = Server::start(Place { data: folders[0].path(), database: Some(&url), model: &model }).await?;
        nodes = Nodes { one, other, folders, url };
        back.push(kill::until_back(n, &nodes.other.client, &snapshot, killed, begun).await?);
    }
    kill::conclude(&nodes.other.client, &snapshot, back, 25.0).await
}

/// Two servers on a new database.
struct Nodes {
    one: Server,
    other: Server,
    folders: [TempDir; 2],
    url: String,
}

impl Nodes {
    async fn start(postgres: &Postgres, model: &Model) -> Anyhow<Self> {
        let url = postgres.new_database()?;
        let folders = [tempfile::tempdir()?, tempfile::tempdir()?];
        let start = async |folder: &TempDir| Server::start(Place { data: folder.path(), database: Some(&url), model }).await;
        let (one, other) = (start(&folders[0]).await?, start(&folders[1]).await?);
        Ok(Self { one, other, folders, url })
    }
}
