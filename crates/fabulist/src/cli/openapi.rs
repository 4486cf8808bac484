//! `fabulist openapi`: the description of the HTTP API.

use super::output::Output;
use crate::{failure::Failure, http};

/// Prints the OpenAPI document.
pub(crate) fn openapi(output: &Output) -> Result<(), Failure> {
    output.line(http::document().trim_end());
    Ok(())
}
