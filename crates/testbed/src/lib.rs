//! What tests stand on: a PostgreSQL server of their own, in a temporary folder, gone when they end; and, for tests and figures, a model on
//! loopback that knows nothing of us ([`model`]).

#[cfg(feature = "model")]
pub mod model;
mod programs;

use std::{
    fs, io,
    net::TcpListener,
    os::unix::{fs::PermissionsExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use programs::User;

/// Where `cargo xtask test` says that a server runs for all tests.
pub const SHARED: &str = "FABULIST_TEST_POSTGRES";

/// Where `cargo xtask test` says that programs are which others wrote.
pub const TOOLS: &str = "FABULIST_TEST_TOOLS";

/// A program that others wrote: `python/bin/schemathesis`.
///
/// # Panics
/// Where it is not installed: a test that cannot find what it needs has failed.
pub fn tool(path: &str) -> PathBuf {
    let tool = std::env::var_os(TOOLS).map(|folder| PathBuf::from(folder).join(path));
    tool.filter(|tool| tool.exists()).unwrap_or_else(|| panic!("{path} is not installed: run this test by `cargo xtask test -- NAME`"))
}

/// How long a server may take to come or to go.
const PATIENCE: Duration = Duration::from_secs(60);

/// Starts the server and waits for a word; when nobody is there any more to say one, it ends the server and removes the folder.
///
/// Nobody's death leaves a server behind. `$1`: the program, `$2`: the folder, the rest: the server's arguments.
const GUARD: &str = r#"
trap '' INT TERM HUP
program=$1; folder=$2; shift 2
"$program" "$@" >>"$folder/log" 2>&1 </dev/null &
server=$!
read -r how
kill "-${how:-INT}" "$server"
wait "$server"
[ -n "$how" ] || rm -rf "$folder"
"#;

/// A PostgreSQL server: this process's own, or one that all tests share.
#[derive(Debug)]
pub struct Postgres {
    programs: PathBuf,
    port: u16,
    own: Option<Own>,
}

#[derive(Debug)]
struct Own {
    folder: PathBuf,
    user: Option<User>,
    /// The guard; none while the server is down.
    guard: Mutex<Option<Child>>,
}

/// Whether PostgreSQL's server is installed.
pub fn is_installed() -> bool {
    programs::find().is_ok()
}

impl Postgres {
    /// The server that all tests share: the one that `cargo xtask test` started, else one for this process.
    ///
    /// Fails where PostgreSQL is not installed: no test is skipped in silence.
    pub fn shared() -> Result<&'static Self, String> {
        static SERVER: OnceLock<Result<Postgres, String>> = OnceLock::new();
        let found = SERVER.get_or_init(|| match std::env::var(SHARED) {
            Ok(port) => {
                let port = port.parse().map_err(|_| format!("{SHARED} is no port: {port}"))?;
                Ok(Self { programs: programs::find()?, port, own: None })
            }
            Err(_) => Self::start(),
        });
        found.as_ref().map_err(Clone::clone)
    }

    /// Starts a server in a temporary folder, with a port of its own on the loopback interface. It ends with the guard that is returned,
    /// or with this process.
    pub fn start() -> Result<Self, String> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let programs = programs::find()?;
        let user = User::to_run_as()?;
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("fabulist-postgres-{}-{count}", std::process::id()));
        let made = fs::create_dir(&folder).and_then(|()| fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)));
        made.and_then(|()| user.as_ref().map_or(Ok(()), |user| user.give(&folder))).map_err(|e| failed("its folder cannot be made", &e))?;
        let port = free_port().map_err(|e| failed("no port is free", &e))?;
        let server = Self { programs, port, own: Some(Own { folder, user, guard: Mutex::new(None) }) };
        server.make()?;
        server.boot()?;
        Ok(server)
    }

    /// The port, for those that share it.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address of a database on this server, for the user whom it trusts.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://fabulist@127.0.0.1:{}/{database}", self.port)
    }

    /// The address of a new, empty database.
    pub fn new_database(&self) -> Result<String, String> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("story_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        self.sql(&format!("CREATE DATABASE {name}"))?;
        Ok(self.url(&name))
    }

    /// Executes a statement as the server's owner, outside of any test's database.
    pub fn sql(&self, statement: &str) -> Result<(), String> {
        self.sql_in("postgres", statement)
    }

    /// Executes a statement in a database, given by its name or by its address, as the server's owner.
    pub fn sql_in(&self, database: &str, statement: &str) -> Result<(), String> {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args(["-X", "-q", "-w", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", "fabulist", "-d", database]);
        run(psql.args(["-p", &self.port.to_string(), "-c", statement]))
    }

    /// Stops the server as an administrator would, and starts it again on the same port. Only where it is this process's own.
    pub fn restart(&self) -> Result<(), String> {
        self.stop("INT")?;
        self.boot()
    }

    /// Ends the server without letting it finish anything. [`Self::boot`] starts it again.
    pub fn kill(&self) -> Result<(), String> {
        self.stop("QUIT")
    }

    /// Starts the server again after [`Self::kill`].
    pub fn boot(&self) -> Result<(), String> {
        let own = self.own()?;
        let port = self.port.to_string();
        let mut command = own.command(Path::new("/bin/sh"));
        command.args(["-c", GUARD, "guard"]).arg(self.programs.join("postgres")).arg(&own.folder);
        command.arg("-D").arg(own.folder.join("data")).args(["-p", &port, "-k"]).arg(&own.folder);
        for setting in ["listen_addresses=127.0.0.1", "max_connections=400", "shared_buffers=64MB", "log_min_messages=warning"] {
            command.args(["-c", setting]);
        }
        let guard = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        *own.guard() = Some(guard.map_err(|e| failed("/bin/sh cannot be started", &e))?);
        let begun = Instant::now();
        let ready = || self.sql("SELECT 1");
        while let Err(error) = ready() {
            if begun.elapsed() > PATIENCE {
                let log = fs::read_to_string(own.folder.join("log")).unwrap_or_default();
                return Err(format!("the PostgreSQL server for tests does not come: {error}\n{log}"));
            }
            std::thread::sleep(Duration::from_millis(30));
        }
        Ok(())
    }

    /// Makes the database cluster.
    fn make(&self) -> Result<(), String> {
        let own = self.own()?;
        let data = own.folder.join("data");
        let mut initdb = own.command(&self.programs.join("initdb"));
        // Only the making of an empty cluster goes without fsync: the server itself keeps its promises.
        initdb.args(["-U", "fabulist", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "-D"]).arg(&data);
        run(&mut initdb)?;
        // One user has to give a password: in plain, since the client's part of SCRAM takes long where nothing is optimised.
        let access = "local all all trust\nhost all guarded 127.0.0.1/32 password\nhost all all 127.0.0.1/32 trust\n";
        fs::write(data.join("pg_hba.conf"), access).map_err(|e| failed("pg_hba.conf cannot be written", &e))
    }

    fn stop(&self, signal: &str) -> Result<(), String> {
        let Some(mut guard) = self.own()?.guard().take() else { return Ok(()) };
        let told = guard.stdin.take().map_or(Ok(()), |mut stdin| io::Write::write_all(&mut stdin, format!("{signal}\n").as_bytes()));
        told.and_then(|()| guard.wait()).map(|_| ()).map_err(|e| failed("it cannot be stopped", &e))
    }

    fn own(&self) -> Result<&Own, String> {
        self.own.as_ref().ok_or_else(|| "the server is not this test's own".to_owned())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(own) = &self.own {
            if let Some(mut guard) = own.guard().take() {
                drop(guard.stdin.take());
                let _ = guard.wait();
            }
            let _ = fs::remove_dir_all(&own.folder);
        }
    }
}

impl Own {
    /// A program that runs in the folder, as a user whom the server accepts.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder).env("HOME", &self.folder).env_remove("PGPORT");
        if let Some(user) = &self.user {
            command.uid(user.uid).gid(user.gid);
        }
        command
    }

    fn guard(&self) -> MutexGuard<'_, Option<Child>> {
        self.guard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().map_err(|e| failed(&format!("{name} cannot be started"), &e))?;
    if output.status.success() { Ok(()) } else { Err(format!("{name} failed: {}", String::from_utf8_lossy(&output.stderr).trim())) }
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn failed(what: &str, error: &io::Error) -> String {
    format!("no PostgreSQL server for tests: {what}: {error}")
}
