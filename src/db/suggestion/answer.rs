//! What persons answer: its columns, and how it is written.

use sea_orm::DbErr;
use sea_orm::sea_query::{
    BinOper, DeleteStatement, Expr, ExprTrait as _, InsertStatement, IntoIden, LockType,
    OnConflict, Query, SelectStatement, UpdateStatement,
};

use super::suggested_program::open_way;
use crate::answer::{Reason, SuggestionAnswer};
use crate::auth::PersonPermit;
use crate::clock::Timestamp;
use crate::db::entity::suggestion_answer::Column::{Accepted, Answered, Comment, Reason as Why};
use crate::db::entity::{program, program_suggestion, suggestion_answer, user};
use crate::db::sql::Row;
use crate::db::statement::{Arguments, Shapes, slot};
use crate::db::{Engine, Tx};
use crate::error::Result;

/// Selects what [`decode`] reads, from the alias `a`.
pub(in crate::db) fn columns(query: &mut SelectStatement) {
    query.columns([Accepted, Why, Comment, Answered].map(|column| ("a", column)));
}

pub(in crate::db) fn decode(row: &Row<'_>) -> Result<SuggestionAnswer, DbErr> {
    Ok(SuggestionAnswer {
        accepted: row.take()?,
        reason: decode_reason(row)?,
        comment: row.take()?,
        answered: row.take()?,
    })
}

/// As [`decode`], where there may be none.
pub(in crate::db) fn decode_some(row: &Row<'_>) -> Result<Option<SuggestionAnswer>, DbErr> {
    let accepted: Option<bool> = row.take()?;
    let Some(accepted) = accepted else {
        row.skip(3);
        return Ok(None);
    };
    Ok(Some(SuggestionAnswer {
        accepted,
        reason: decode_reason(row)?,
        comment: row.take()?,
        answered: row.take()?,
    }))
}

fn decode_reason(row: &Row<'_>) -> Result<Option<Reason>, DbErr> {
    let name: Option<String> = row.take()?;
    Ok(name.as_deref().and_then(Reason::of_name))
}

/// A program of the permit's platform, by its id or by its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProgramRef {
    Id(i64),
    Key(String),
}

static OPEN_PROGRAM: Shapes<bool> = Shapes::new("answers.open_program");

/// The id of the program, if a way to the permit's person is open.
pub async fn open_program(
    tx: &Tx,
    permit: &PersonPermit,
    program: &ProgramRef,
    now: Timestamp,
) -> Result<Option<i64>> {
    let mut arguments = key_of(permit, None);
    arguments.add("now", now.0);
    let by_id = match program {
        ProgramRef::Id(id) => {
            arguments.add("program", *id);
            true
        }
        ProgramRef::Key(key) => {
            arguments.add("program", key.as_str());
            false
        }
    };
    let statement = OPEN_PROGRAM.bind(tx.engine(), &by_id, arguments, || {
        use program::Column::{Id, Key, PlatformId};
        let named = Expr::col(("p", if by_id { Id } else { Key }));
        Query::select()
            .column(("p", Id))
            .from_as(program::Entity, "p")
            .and_where(Expr::col(("p", PlatformId)).eq(slot("platform")))
            .and_where(named.eq(slot("program")))
            .and_where(open_way("user"))
            .take()
    })?;
    let found = tx.query(statement, |row| row.take()).await?;
    Ok(found.into_iter().next())
}

fn key_of(permit: &PersonPermit, program_id: Option<i64>) -> Arguments {
    let mut arguments = Arguments::default()
        .with("platform", permit.platform().id)
        .with("user", permit.user_id());
    arguments.add_some("program", program_id);
    arguments
}

/// Whether a row has the platform, the program and the user of the slots.
fn of_key<C: IntoIden>(platform: C, program: C, user: C) -> Expr {
    Expr::col(platform)
        .eq(slot("platform"))
        .and(Expr::col(program).eq(slot("program")))
        .and(Expr::col(user).eq(slot("user")))
}

fn of_suggestion_key() -> Expr {
    use program_suggestion::Column::{PlatformId, ProgramId, UserId};
    of_key(PlatformId, ProgramId, UserId)
}

static LOCK_DIRECT: Shapes<()> = Shapes::new("answers.lock_suggestion");
static LOCK_PERSON: Shapes<()> = Shapes::new("answers.lock_person");

/// Keeps others from writing the suggestion of this program to the person until the transaction ends. Where
/// there is none, PostgreSQL has nothing to lock but the person: whoever creates a suggestion to them at the same time
/// waits for that in checking its foreign key, and only then looks for the answer.
pub async fn hold(tx: &Tx, permit: &PersonPermit, program_id: i64) -> Result<()> {
    if tx.engine() == Engine::Sqlite {
        // A write transaction is alone.
        return Ok(());
    }
    let statement = LOCK_DIRECT.bind(tx.engine(), &(), key_of(permit, Some(program_id)), || {
        Query::select()
            .column(program_suggestion::Column::Id)
            .from(program_suggestion::Entity)
            .and_where(of_suggestion_key())
            .lock(LockType::Update)
            .take()
    })?;
    let there = tx.query(statement, |row| row.take::<i64>()).await?;
    if there.is_empty() {
        let arguments = Arguments::default().with("user", permit.user_id());
        let statement = LOCK_PERSON.bind(tx.engine(), &(), arguments, || {
            Query::select()
                .column(user::Column::Id)
                .from(user::Entity)
                .and_where(Expr::col(user::Column::Id).eq(slot("user")))
                .lock(LockType::Update)
                .take()
        })?;
        tx.query(statement, |row| row.take::<i64>()).await?;
    }
    Ok(())
}

static STORE: Shapes<()> = Shapes::new("answers.store");

/// Stores an answer, and returns whether it says something new.
pub async fn store(
    tx: &Tx,
    permit: &PersonPermit,
    program_id: i64,
    answer: &SuggestionAnswer,
) -> Result<bool> {
    let arguments = key_of(permit, Some(program_id))
        .with("accepted", answer.accepted)
        .with(
            "reason",
            answer.reason.map(|reason| reason.name().to_owned()),
        )
        .with("comment", answer.comment.clone())
        .with("answered", answer.answered);
    let statement = STORE.bind(tx.engine(), &(), arguments, || {
        use suggestion_answer::Column::{PlatformId, ProgramId, UserId};
        let said = [Accepted, Why, Comment];
        let differs = said
            .map(|column| {
                let stored = Expr::col((suggestion_answer::Entity, column));
                let new = Expr::col(("excluded", column));
                match tx.engine() {
                    Engine::Postgres => stored.binary(BinOper::Custom("IS DISTINCT FROM"), new),
                    Engine::Sqlite => stored.binary(BinOper::IsNot, new),
                }
            })
            .into_iter()
            .reduce(Expr::or)
            .unwrap_or_else(|| Expr::val(true));
        let mut insert = InsertStatement::new();
        insert.into_table(suggestion_answer::Entity).columns([
            PlatformId, ProgramId, UserId, Accepted, Why, Comment, Answered,
        ]);
        let values = [
            "platform", "program", "user", "accepted", "reason", "comment", "answered",
        ];
        let inserted = insert.values(values.map(slot));
        debug_assert!(inserted.is_ok(), "as many values as columns");
        insert
            .on_conflict(
                OnConflict::columns([PlatformId, ProgramId, UserId])
                    .update_columns([Accepted, Why, Comment, Answered])
                    .action_and_where(differs)
                    .to_owned(),
            )
            .returning(Query::returning().column(Answered))
            .to_owned()
    })?;
    let stored = tx.query(statement, |row| row.take::<i64>()).await?;
    Ok(!stored.is_empty())
}

static TAKE_BACK: Shapes<()> = Shapes::new("answers.take_back");

/// Takes an answer back, and returns whether there was one.
pub async fn take_back(tx: &Tx, permit: &PersonPermit, program_id: i64) -> Result<bool> {
    let arguments = key_of(permit, Some(program_id));
    let statement = TAKE_BACK.bind(tx.engine(), &(), arguments, || {
        use suggestion_answer::Column::{PlatformId, ProgramId, UserId};
        DeleteStatement::new()
            .from_table(suggestion_answer::Entity)
            .and_where(of_key(PlatformId, ProgramId, UserId))
            .to_owned()
    })?;
    Ok(tx.execute(statement).await? > 0)
}

static FLAG: Shapes<()> = Shapes::new("answers.flag");

/// Gives the suggestion of the program to the person, if there is one, the flag that the answer says, and returns
/// its id if that changed it.
pub async fn flag(
    tx: &Tx,
    permit: &PersonPermit,
    program_id: i64,
    accepted: bool,
    now: Timestamp,
) -> Result<Option<i64>> {
    let arguments = key_of(permit, Some(program_id))
        .with("accepted", accepted)
        .with("now", now.0);
    let statement = FLAG.bind(tx.engine(), &(), arguments, || {
        use program_suggestion::Column::{Accepted as Flag, Id, Modified};
        UpdateStatement::new()
            .table(program_suggestion::Entity)
            .value(Flag, slot("accepted"))
            .value(Modified, slot("now"))
            .and_where(of_suggestion_key())
            .and_where(Expr::col(Flag).ne(slot("accepted")))
            .returning(Query::returning().column(Id))
            .to_owned()
    })?;
    let flagged = tx.query(statement, |row| row.take()).await?;
    Ok(flagged.into_iter().next())
}
