//! Whether all who subscribe still may: asked again and again, for all of them at once. What concerns persons
//! and is no event is looked for here as well: memberships, and windows that open or close.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::queue::Ending;
use super::{EventSeat, Live, PersonSeat};
use crate::auth::{PersonPermit, Viewer, policy};
use crate::clock::{self, Timestamp};
use crate::db::suggestion::follow;
use crate::domain::{identity, suggested_program};
use crate::error::Result;

/// How often rights and memberships are asked for.
const EVERY: Duration = Duration::from_millis(2_500);

/// How often windows are looked for.
const WINDOWS: Duration = Duration::from_secs(5);

/// Asks until the service stops.
pub(super) async fn run(live: Live) {
    let mut windows = Windows {
        until: clock::now(),
        looked: Instant::now(),
    };
    loop {
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = live.0.stopping.cancelled() => return,
        }
        if let Err(error) = live.ask_again(&mut windows).await {
            tracing::warn!(%error, "could not ask for the rights of subscriptions");
        }
    }
}

/// Up to when windows were looked for.
struct Windows {
    until: Timestamp,
    looked: Instant,
}

impl Live {
    async fn ask_again(&self, windows: &mut Windows) -> Result<()> {
        let (events, persons) = self.seats(|seats| {
            let events: Vec<Arc<EventSeat>> = seats.events.values().cloned().collect();
            let persons: Vec<Arc<PersonSeat>> = seats.persons.values().cloned().collect();
            (events, persons)
        });
        let of_events = events
            .iter()
            .map(|seat| seat.rights(|rights| Arc::clone(&rights.viewer)));
        let of_persons = persons
            .iter()
            .map(|seat| seat.state(|state| Arc::clone(&state.viewer)));
        let viewers: Vec<Arc<Viewer>> = of_events.chain(of_persons).collect();
        if !viewers.is_empty() {
            let mut asked = identity::ask_again(&self.0.db, &viewers).await?.into_iter();
            for (seat, viewer) in events.iter().zip(&mut asked) {
                if let Err(error) = viewer.and_then(|viewer| seat.admit(viewer)) {
                    seat.queue.end(Ending::Refused(error));
                }
            }
            for (seat, viewer) in persons.iter().zip(asked) {
                if let Err(error) = viewer.and_then(|viewer| seat.admit(viewer)) {
                    seat.queue.end(Ending::Refused(error));
                }
            }
        }
        self.look_at_persons(&persons, windows).await
    }

    async fn look_at_persons(
        &self,
        persons: &[Arc<PersonSeat>],
        windows: &mut Windows,
    ) -> Result<()> {
        let db = &self.0.db;
        let permits: Vec<PersonPermit> = persons.iter().map(|seat| seat.permit.clone()).collect();
        let mut concerned = false;
        let mut concern = |seat: &PersonSeat| {
            concerned = true;
            seat.state(|state| state.concerned = true);
        };
        if !permits.is_empty() {
            let mut groups = follow::groups(db, &permits).await?;
            for seat in persons {
                let user = seat.permit.user_id();
                let now = groups.entry(user).or_default();
                if seat.state(|state| state.groups != *now) {
                    seat.state(|state| state.groups.clone_from(now));
                    concern(seat);
                }
            }
        }
        if windows.looked.elapsed() >= WINDOWS {
            let now = clock::now();
            if !permits.is_empty() {
                let moved = follow::windows(db, &permits, windows.until, now).await?;
                for seat in persons {
                    if moved.contains(&follow::person_key(&seat.permit)) {
                        concern(seat);
                    }
                }
            }
            windows.until = now;
            windows.looked = Instant::now();
        }
        if concerned {
            self.0.called.notify_one();
        }
        Ok(())
    }
}

impl EventSeat {
    /// Decides again, now that the caller is known as this.
    fn admit(&self, viewer: Viewer) -> Result<()> {
        self.rights(|rights| {
            let platform = rights.permit.platform();
            rights.permit = policy::permit(&viewer, platform, self.department_mode)?;
            rights.viewer = Arc::new(viewer);
            Ok(())
        })
    }
}

impl PersonSeat {
    /// Decides again, now that the caller is known as this.
    fn admit(&self, viewer: Viewer) -> Result<()> {
        policy::oneself(&viewer, self.permit.platform())
            .ok_or_else(suggested_program::not_a_member)?;
        self.state(|state| state.viewer = Arc::new(viewer));
        Ok(())
    }
}
