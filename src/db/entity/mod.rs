//! The tables as sea-orm entities. The rows are plain data that every layer may hold; how they are
//! read (always from a scope) and written (always with a permit) is the business of the modules beside.

pub mod api_key;
pub mod department;
pub mod department_member;
pub mod group_member;
pub mod idempotency_record;
pub mod membership;
pub mod platform;
pub mod program;
pub mod program_group_suggestion;
pub mod program_suggestion;
pub mod suggestion_answer;
pub mod suggestion_batch;
pub mod suggestion_count;
pub mod suggestion_event;
pub mod user;
pub mod user_group;
pub mod webhook_delivery;
pub mod webhook_endpoint;
