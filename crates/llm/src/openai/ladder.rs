use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use story::tasks::Wanted;

/// How a JSON answer is asked for, the surest way first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rung {
    /// With the schema, which the service holds the model to.
    Schema,
    /// In JSON mode, with the schema in the prompt.
    JsonMode,
    /// With the schema in the prompt, and nothing else.
    Plain,
}

impl Rung {
    pub(super) fn below(self) -> Option<Self> {
        match self {
            Self::Schema => Some(Self::JsonMode),
            Self::JsonMode => Some(Self::Plain),
            Self::Plain => None,
        }
    }
}

/// Services of which it is known that their first rung is not the first one.
const FIRST_RUNGS: [(&str, Rung); 1] = [("api.deepseek.com", Rung::JsonMode)];

/// Which rung holds for which model of one service.
pub(super) struct Ladder {
    first: Rung,
    worked: Mutex<BTreeMap<String, Rung>>,
}

impl Ladder {
    pub(super) fn of(host: &str) -> Self {
        let first = FIRST_RUNGS.iter().find(|(known, _)| *known == host).map_or(Rung::Schema, |(_, rung)| *rung);
        Self { first, worked: Mutex::default() }
    }

    /// Where to begin; none for prose, which is never put into JSON.
    pub(super) fn rung(&self, model: &str, wanted: &Wanted) -> Option<Rung> {
        match wanted {
            Wanted::Prose => None,
            Wanted::Json { .. } => {
                let worked = self.worked.lock().unwrap_or_else(PoisonError::into_inner);
                Some(worked.get(model).copied().unwrap_or(self.first))
            }
        }
    }

    /// This rung has held.
    pub(super) fn remember(&self, model: &str, rung: Option<Rung>) {
        if let Some(rung) = rung {
            self.worked.lock().unwrap_or_else(PoisonError::into_inner).insert(model.to_owned(), rung);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_ladder_begins_where_the_service_is_known_to_stand_and_goes_on_where_it_held() {
        let json = Wanted::Json { schema: json!({}).into(), check: |_| Ok(()) };
        assert_eq!(Ladder::of("api.deepseek.com").rung("deepseek-flash", &json), Some(Rung::JsonMode));
        let ladder = Ladder::of("127.0.0.1");
        assert_eq!(ladder.rung("a", &json), Some(Rung::Schema));
        assert_eq!(ladder.rung("a", &Wanted::Prose), None);
        ladder.remember("a", Some(Rung::Plain));
        assert_eq!(ladder.rung("a", &json), Some(Rung::Plain));
        assert_eq!(ladder.rung("b", &json), Some(Rung::Schema));
    }
}
