//! What a person answers about a program that is suggested to them, and the state that follows.

use serde::{Deserialize, Serialize};

/// The longest message of a suggestion, in characters.
pub const MAX_MESSAGE: usize = 2_000;

/// The longest comment on a dismissal, in characters.
pub const MAX_COMMENT: usize = 1_000;

/// The state of a suggested program for one person. The numbers are those of the column `state`, which
/// the database computes (see the migration of the person's side).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum State {
    Pending,
    Accepted,
    Dismissed,
}

impl State {
    pub const ALL: [Self; 3] = [Self::Pending, Self::Accepted, Self::Dismissed];

    /// As it is stored.
    pub const fn number(self) -> i16 {
        match self {
            Self::Pending => 0,
            Self::Accepted => 1,
            Self::Dismissed => 2,
        }
    }

    /// Reads what [`State::number`] writes.
    pub fn of_number(number: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.number() == number)
    }

    /// The answer decides; without one, the flag `accepted` of the suggestion to the person.
    pub fn new(answer: Option<&SuggestionAnswer>, accepted: bool) -> Self {
        match answer {
            Some(answer) if answer.accepted => Self::Accepted,
            Some(_) => Self::Dismissed,
            None if accepted => Self::Accepted,
            None => Self::Pending,
        }
    }
}

/// A set of states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct States([bool; 3]);

impl States {
    pub const ALL: Self = Self([true; 3]);

    pub fn new(states: impl IntoIterator<Item = State>) -> Self {
        let mut set = [false; 3];
        for state in states {
            set[state as usize] = true;
        }
        Self(set)
    }

    pub fn contains(self, state: State) -> bool {
        self.0[state as usize]
    }

    /// The numbers of its states, as they are stored.
    pub fn numbers(self) -> Vec<i16> {
        let states = State::ALL.into_iter();
        let states = states.filter(|state| self.contains(*state));
        states.map(State::number).collect()
    }
}

/// Why a person dismissed a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Reason {
    NotRelevant,
    AlreadyDone,
    NoTime,
    Other,
}

impl Reason {
    pub const ALL: [Self; 4] = [
        Self::NotRelevant,
        Self::AlreadyDone,
        Self::NoTime,
        Self::Other,
    ];

    /// As it is stored, imported and exported.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotRelevant => "not_relevant",
            Self::AlreadyDone => "already_done",
            Self::NoTime => "no_time",
            Self::Other => "other",
        }
    }

    /// Reads what [`Reason::name`] writes.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// What a person answered about a program of a platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuggestionAnswer {
    /// False: dismissed.
    pub accepted: bool,
    /// Of a dismissal only.
    pub reason: Option<Reason>,
    /// Of a dismissal only.
    pub comment: Option<String>,
    /// When, in microseconds since 1970.
    pub answered: i64,
}

/// How many rows of a list are in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StateCounts {
    pub pending: i64,
    pub accepted: i64,
    pub dismissed: i64,
}

impl StateCounts {
    pub fn of(self, state: State) -> i64 {
        match state {
            State::Pending => self.pending,
            State::Accepted => self.accepted,
            State::Dismissed => self.dismissed,
        }
    }

    /// How many rows are in one of these states.
    pub fn total(self, states: States) -> i64 {
        let states_in = State::ALL.into_iter();
        let states_in = states_in.filter(|state| states.contains(*state));
        states_in.map(|state| self.of(state)).sum()
    }
}
