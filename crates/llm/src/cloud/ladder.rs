use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

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

/// Which rung holds for which task of which model of one service: a service may take one schema and find another too complex.
pub(super) struct Ladder {
    first: Rung,
    worked: Mutex<BTreeMap<(String, &'static str), Rung>>,
}

impl Ladder {
    pub(super) fn beginning_at(first: Rung) -> Self {
        Self { first, worked: Mutex::default() }
    }

    /// Where to begin.
    pub(super) fn rung(&self, model: &str, task: &'static str) -> Rung {
        let worked = self.worked.lock().unwrap_or_else(PoisonError::into_inner);
        worked.get(&(model.to_owned(), task)).copied().unwrap_or(self.first)
    }

    /// This rung has held.
    pub(super) fn remember(&self, model: &str, task: &'static str, rung: Rung) {
        self.worked.lock().unwrap_or_else(PoisonError::into_inner).insert((model.to_owned(), task), rung);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ladder_goes_on_where_it_held_for_the_same_model_and_task() {
        let ladder = Ladder::beginning_at(Rung::Schema);
        ladder.remember("a", "plan_beats", Rung::Plain);
        assert_eq!(ladder.rung("a", "plan_beats"), Rung::Plain);
        assert_eq!(ladder.rung("a", "extract_facts"), Rung::Schema);
        assert_eq!(ladder.rung("b", "plan_beats"), Rung::Schema);
        assert_eq!(Ladder::beginning_at(Rung::JsonMode).rung("a", "plan_beats"), Rung::JsonMode);
    }
}
