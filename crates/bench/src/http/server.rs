//! `fabulist serve` as a child process.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use testbed::model::Model;

use super::client::Client;
use crate::{bench_studio::Anyhow, host};

/// How long a server may take to come, whatever is measured.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server; dropped, it is killed.
pub(crate) struct Server {
    child: Child,
    /// Asks it.
    pub(crate) client: Client,
    /// From before the process existed until `/readyz` said yes.
    pub(crate) ready: Duration,
}

/// What a server works on.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    /// The data folder.
    pub(crate) data: &'a Path,
    /// The address of a PostgreSQL database.
    pub(crate) database: Option<&'a str>,
    /// What it asks.
    pub(crate) model: &'a Model,
}

/// The product that is measured: beside this program, unless the environment names another one.
pub(crate) fn binary() -> Anyhow<PathBuf> {
    let binary = match std::env::var_os("FABULIST_BENCH_BINARY") {
        Some(named) => PathBuf::from(named),
        None => std::env::current_exe()?.with_file_name("fabulist"),
    };
    if binary.exists() { Ok(binary) } else { Err(format!("{} is not there: build the product first", binary.display()).into()) }
}

impl Server {
    /// Starts a server on a free port and waits until it is ready.
    pub(crate) async fn start(place: Place<'_>) -> Anyhow<Self> {
        fs::create_dir_all(place.data)?;
        let log = place.data.join("serve.log");
        let mut command = Command::new(binary()?);
        command.args(["serve", "--listen", "127.0.0.1:0", "--json", "--data-dir"]).arg(place.data);
        command.env_remove("FABULIST_DATABASE_URL").env_remove("FABULIST_PUBLIC_URL").env_remove("FABULIST_LISTEN");
        command.env("OPENAI_BASE_URL", place.model.base_url()).env("OPENAI_API_KEY", "sk-bench").env("FABULIST_MODEL", "openai/nonsense");
        if let Some(url) = place.database {
            command.env("FABULIST_DATABASE_URL", url);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(fs::File::create(&log)?);
        let begun = Instant::now();
        let mut child = command.spawn()?;
        let stdout = child.stdout.take().ok_or("the server has a stdout")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let told: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
        let Some(url) = told["url"].as_str() else {
            child.wait()?;
            return Err(format!("the server did not start: {}", fs::read_to_string(&log)?).into());
        };
        let mut server = Self { child, client: Client::new(url)?, ready: Duration::ZERO };
        while !server.client.is_ready().await {
            if begun.elapsed() > PATIENCE {
                return Err("the server is never ready".into());
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        server.ready = begun.elapsed();
        Ok(server)
    }

    /// Kills it with SIGKILL; an error when it was not that what ended it.
    pub(crate) fn kill(mut self) -> Anyhow<()> {
        use std::os::unix::process::ExitStatusExt;
        self.child.kill()?;
        let status = self.child.wait()?;
        if status.signal() == Some(9) { Ok(()) } else { Err(format!("the server had ended by itself: {status}").into()) }
    }

    /// Ends it as a system does that shuts down.
    pub(crate) fn end(mut self) -> Anyhow<()> {
        rustix::process::kill_process(rustix::process::Pid::from_child(&self.child), rustix::process::Signal::TERM)?;
        let status = self.child.wait()?;
        if status.success() { Ok(()) } else { Err(format!("the server ended badly: {status}").into()) }
    }

    /// The processor time that it has taken so far.
    pub(crate) fn cpu_seconds(&self) -> f64 {
        host::cpu_seconds(&self.child.id().to_string())
    }

    /// Its resident set, and the part of it that is no file, in MB.
    pub(crate) fn memory_mb(&self) -> (f64, f64) {
        let text = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let mb = |key: &str| {
            let line = text.lines().find(|line| line.starts_with(key)).and_then(|line| line.split_whitespace().nth(1));
            line.and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1024.0
        };
        (mb("VmRSS"), mb("RssAnon"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
