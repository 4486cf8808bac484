//! Builds the studio in `web/`, where Node is, and writes the table of its files that the binary embeds.
//!
//! Without Node, or where its packages cannot be had, the table is empty and the binary says how to get the studio. What npm installs stays in
//! `web/node_modules`, shared by all builds; what Vite makes goes to this build's own folder, so the tree stays as it was.

use std::{
    collections::hash_map::DefaultHasher,
    env,
    error::Error,
    ffi::OsStr,
    fmt::Write as _,
    fs::{self, File},
    hash::{Hash, Hasher},
    path::{Path, PathBuf},
    process::Command,
};

/// What the studio is made of. Nothing else makes it again.
const SOURCES: [&str; 7] = ["src", "public", "tools", "index.html", "package.json", "package-lock.json", "vite.config.ts"];

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=FABULIST_WITHOUT_STUDIO");
    let web = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../web");
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", web.join(source).display());
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let made = out.join("studio");
    let files = if ready(&web)? { build(&web, &made)? } else { Vec::new() };
    fs::write(out.join("studio.rs"), table(&made, &files)?)?;
    Ok(())
}

/// Whether Node and the packages are there; installs them where they are missing or were changed.
fn ready(web: &Path) -> Result<bool> {
    if env::var_os("FABULIST_WITHOUT_STUDIO").is_some() {
        return Ok(false);
    }
    if !Command::new("node").arg("--version").output().is_ok_and(|node| node.status.success()) {
        println!("cargo::warning=Node is not installed: the binary is built without the studio");
        return Ok(false);
    }
    // Builds of several profiles and folders may come here at once.
    let lock = File::create(web.join(".install.lock"))?;
    lock.lock()?;
    let wanted = fs::read(web.join("package-lock.json"))?;
    let stamp = web.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(true);
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let args = ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
    let installed = Command::new(npm).args(args).current_dir(web).output();
    if installed.is_ok_and(|npm| npm.status.success()) {
        fs::write(stamp, wanted)?;
        return Ok(true);
    }
    println!("cargo::warning=the studio's packages could not be installed (`npm ci` in web/): the binary is built without the studio");
    Ok(false)
}

/// Lets Vite make the studio; the files that came out, by path.
fn build(web: &Path, made: &Path) -> Result<Vec<PathBuf>> {
    let vite = Command::new("node")
        .args(["node_modules/vite/bin/vite.js", "build", "--emptyOutDir", "--outDir"])
        .arg(made)
        .current_dir(web)
        .output()?;
    if !vite.status.success() {
        return Err(format!("the studio does not build:\n{}", String::from_utf8_lossy(&vite.stderr)).into());
    }
    let mut files = Vec::new();
    collect(made, &mut files)?;
    files.sort();
    Ok(files)
}

/// All files below a folder, but for the compressed ones beside them.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if !path.extension().is_some_and(|end| end == "br" || end == "gz") {
            files.push(path);
        }
    }
    Ok(())
}

/// The table as Rust.
fn table(made: &Path, files: &[PathBuf]) -> Result<String> {
    let mut table = "&[\n".to_owned();
    for file in files {
        let path = file.strip_prefix(made)?.to_str().ok_or("a file of the studio has no readable name")?.replace('\\', "/");
        let bytes = fs::read(file)?;
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        let packed = |end: &str| {
            let packed = PathBuf::from(format!("{}.{end}", file.display()));
            if packed.exists() { format!("Some(include_bytes!({packed:?}))") } else { "None".to_owned() }
        };
        writeln!(
            table,
            "    File {{ path: {path:?}, kind: {:?}, tag: \"\\\"{:016x}\\\"\", plain: include_bytes!({file:?}), brotli: {}, gzip: {} }},",
            kind(file),
            hasher.finish(),
            packed("br"),
            packed("gz"),
        )?;
    }
    table.push(']');
    Ok(table)
}

fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(OsStr::to_str) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
