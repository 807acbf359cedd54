//! Departments, whose tree can only be judged as a whole.

use std::collections::{HashMap, HashSet};

use super::Run;
use super::rows::Rows;
use crate::db::directory_write::{self as db, ByPlatform, KeyOnPlatform, Stored as _};
use crate::domain::fold;
use crate::error::Result;
use crate::transfer::fields::Subject;
use crate::transfer::names::{Misplaced, Placing, misplaced_departments};
use crate::transfer::read::{Batch, Line};
use crate::transfer::record::{Department, Kind};

impl Run<'_> {
    pub(super) async fn all_departments(&mut self, batch: &mut Batch) -> Result<()> {
        let Some(lines) = batch.portions::<Department>()?.next(usize::MAX)? else {
            return Ok(());
        };
        self.look_up(&lines, |line, to| {
            to.platforms.insert(&line.platform);
        })
        .await?;
        let platforms = lines.iter().map(|line| line.record.platform.as_str());
        let platforms = self.by_platform(platforms.collect());
        self.departments(&platforms, lines).await
    }

    /// Of those platforms that are there.
    pub(super) fn by_platform(&self, keys: HashSet<&str>) -> Vec<ByPlatform> {
        let ids = keys
            .into_iter()
            .filter_map(|key| self.known.platforms.get(key));
        ids.map(|id| ByPlatform { platform_id: *id }).collect()
    }

    /// Writes departments of these platforms, and remembers all departments there. All that is there
    /// is looked up for both, so that lines which only speak of departments come here with none.
    pub(super) async fn departments(
        &mut self,
        platforms: &[ByPlatform],
        lines: Vec<Line<Department>>,
    ) -> Result<()> {
        let total = lines.len();
        let stored: Vec<db::Department> = db::load(self.tx, platforms).await?;
        let said = lines.iter().filter_map(|line| line.record.id);
        let mut ids = self.ids(&stored, said).await?;

        let mut good: Vec<Line<Department>> = Vec::with_capacity(total);
        let mut placings = Vec::with_capacity(total);
        for line in lines {
            let Department { platform, key, .. } = &line.record;
            let claimed = self
                .known
                .on_platform(platform, key)
                .and_then(|department| {
                    ids.claim("department", &department, line.record.id)?;
                    Ok(department)
                });
            match claimed {
                Ok(department) => {
                    let parent = line.record.parent.clone();
                    placings.push(Placing { department, parent });
                    good.push(line);
                }
                Err(reason) => self.fail(line.at, subject(&line.record), reason),
            }
        }
        let keys: HashMap<i64, &str> = stored
            .iter()
            .filter_map(|row| Some((row.id?, row.key.as_str())))
            .collect();
        let parents = stored
            .iter()
            .map(|row| {
                let parent = row.parent_id.and_then(|id| keys.get(&id));
                (row.key(), parent.map(|key| (*key).to_owned()))
            })
            .collect();
        let mut misplaced = HashSet::new();
        for (index, what) in misplaced_departments(&placings, &parents) {
            let Line { at, record } = &good[index];
            let reason = match what {
                Misplaced::UnknownParent => {
                    let parent = record.parent.clone().flatten().unwrap_or_default();
                    let parent = Subject::Department(record.platform.clone(), parent);
                    format!("`parent`: {}", self.known.absent(&parent))
                }
                Misplaced::Cycle(way) => format!(
                    "`parent` makes a circle: {}; a department cannot be above itself",
                    way.join(" > ")
                ),
            };
            self.fail(*at, subject(record), reason);
            misplaced.insert(index);
        }
        let placed: Vec<(Placing, Line<Department>)> = placings
            .into_iter()
            .zip(good)
            .enumerate()
            .filter_map(|(index, placed)| (!misplaced.contains(&index)).then_some(placed))
            .collect();

        // New departments go in without a parent: that may be a new one, too.
        let mut rows = Rows::of(stored);
        let mut blank = Rows::of(Vec::new());
        for (Placing { department, .. }, line) in &placed {
            if rows.get(department).is_none() {
                let id = ids.of.get(department).copied();
                blank.put(row(id, department, &line.record.name, None));
            }
        }
        let (blank, _) = blank.changes();
        self.save(&blank, &[], total).await?;
        let stored: Vec<db::Department> = db::load(self.tx, platforms).await?;
        let with_ids = stored.iter().filter_map(|row| Some((row.key(), row.id?)));
        self.known.departments.extend(with_ids);

        for (Placing { department, parent }, line) in placed {
            let known = &self.known.departments;
            let platform_id = department.platform_id;
            let parent_id = match parent {
                Some(parent) => {
                    let place = parent.map(|key| KeyOnPlatform { platform_id, key });
                    place.and_then(|place| known.get(&place).copied())
                }
                None => rows.get(&department).and_then(|row| row.parent_id),
            };
            let id = known.get(&department).copied();
            let outcome = rows.put(row(id, &department, &line.record.name, parent_id));
            self.count(Kind::Department, outcome);
        }
        let (new, mut changed) = rows.changes();
        changed.extend(new);
        self.save(&[], &changed, 0).await
    }
}

fn subject(record: &Department) -> Option<Subject> {
    let Department { platform, key, .. } = record;
    Some(Subject::Department(platform.clone(), key.clone()))
}

fn row(
    id: Option<i64>,
    department: &KeyOnPlatform,
    name: &str,
    parent_id: Option<i64>,
) -> db::Department {
    db::Department {
        id,
        platform_id: department.platform_id,
        key: department.key.clone(),
        name: name.to_owned(),
        parent_id,
        key_folded: fold(&department.key),
        name_folded: fold(name),
    }
}
