//! Where build output goes: into a cache outside of the clone, so that a fresh clone builds fast and a clone stays small.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

/// Chooses the folder by the environment, in this order: `FABULIST_BUILD_DIR`, then `fabulist-build` in `XDG_CACHE_HOME`,
/// `~/.cache` or, on Windows, `LOCALAPPDATA`.
pub(crate) fn build_dir(env: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf, String> {
    let path = |name: &str| env(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(chosen) = path("FABULIST_BUILD_DIR") {
        return std::path::absolute(&chosen).map_err(|e| format!("FABULIST_BUILD_DIR cannot be used: {e}"));
    }
    // The specification of XDG has a relative path ignored.
    path("XDG_CACHE_HOME")
        .filter(|cache| cache.is_absolute())
        .or_else(|| path("HOME").map(|home| home.join(".cache")))
        .or_else(|| path("LOCALAPPDATA"))
        .map(|cache| cache.join("fabulist-build"))
        .ok_or_else(|| "no home folder is known: set FABULIST_BUILD_DIR to a folder for build output".to_owned())
}

/// The top of the clone: the folder above this crate, wherever the clone was moved to since.
pub(crate) fn root() -> PathBuf {
    let own = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    own.parent().map_or_else(|| own.clone(), Path::to_path_buf)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(env: &[(&str, &str)]) -> Result<PathBuf, String> {
        build_dir(|name| env.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into()))
    }

    #[test]
    fn the_first_place_that_is_named_is_taken() {
        assert_eq!(chosen(&[("FABULIST_BUILD_DIR", "/b"), ("HOME", "/h")]).unwrap(), Path::new("/b"));
        assert_eq!(
            chosen(&[("FABULIST_BUILD_DIR", ""), ("XDG_CACHE_HOME", "/c"), ("HOME", "/h")]).unwrap(),
            Path::new("/c/fabulist-build")
        );
        assert_eq!(chosen(&[("XDG_CACHE_HOME", "relative"), ("HOME", "/h")]).unwrap(), Path::new("/h/.cache/fabulist-build"));
        assert!(chosen(&[("FABULIST_BUILD_DIR", "near")]).unwrap().is_absolute());
        assert!(chosen(&[]).unwrap_err().contains("FABULIST_BUILD_DIR"));
    }
}
