//! The demo data set: three invented institutions whose programs of study are real. Always the same,
//! but that due dates and windows lie around the day on which it is made: whatever looks random comes
//! from a generator with a fixed start.
//!
//! The programs are the six-digit rows of the Classification of Instructional Programs, 2020 edition,
//! of the U.S. National Center for Education Statistics, which is in the public domain.

use std::collections::HashSet;
use std::io::Read as _;

use flate2::read::GzDecoder;

use super::names::{FAMILY, GIVEN};
use crate::answer::Reason;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::transfer::record::{
    Answer, Department, DepartmentMember, Facts, Group, GroupMember, Member, Metadata, Notice,
    Platform, Program, ProgramGroupSuggestion, ProgramSuggestion, Record, Role, SuggestionAnswer,
    User,
};

/// Code and title of each program, under a header.
const CATALOGUE: &[u8] = include_bytes!("cip2020.csv.gz");

/// The first platform, on which the callers of the examples stand.
pub(super) const PLATFORM: &str = "acme";
/// A program of [`PLATFORM`] that is suggested neither to [`LEARNER`] nor to any of [`LEARNERS`] yet.
pub(super) const PROGRAM: &str = "program-v1:acme+30.7001+2026";
/// May do everything everywhere. Also what a demo database is known by, with the id.
pub(super) const DM_ADMIN: &str = "demo.admin";
/// The id of [`DM_ADMIN`].
pub(super) const DM_ADMIN_ID: i64 = 1001;
/// Admin of [`PLATFORM`].
pub(super) const PLATFORM_ADMIN: &str = "acme.admin";
/// Admin of one faculty of [`PLATFORM`].
pub(super) const DEPARTMENT_ADMIN: &str = "acme.computing";
/// The learner of [`PLATFORM`] who answers in the examples. See [`OWN`].
pub(super) const LEARNER: &str = "acme.learner";
/// Learners of [`PLATFORM`] beside [`LEARNER`].
pub(super) const LEARNERS: [&str; 3] = ["acme.learner2", "acme.learner3", "acme.learner4"];

/// How many users, groups and suggestions of each kind there are.
const USERS: usize = 5_000;
const GROUPS: usize = 200;
const USER_SUGGESTIONS: usize = 17_600;
const GROUP_SUGGESTIONS: usize = 2_400;

const FIRST_GROUP_ID: i64 = 501;

const FIRST_SECOND: i64 = 1_767_600_000; // 2026-01-05T08:00:00Z
/// The days in which chance suggests something, from [`FIRST_SECOND`] on.
const DAYS: usize = 300;
const DAY: usize = 86_400;

/// What is suggested to [`LEARNER`] alone and comes last, so that it is the first of the list.
const NEWEST: &str = "program-v1:acme+11.0102+2026";
/// What is suggested to [`LEARNER`] and to the first group as well.
const TWO_WAYS: &str = "program-v1:acme+11.0902+2026";

/// What is suggested to [`LEARNER`] whatever chance adds: the program, the day, the answer, the message.
const OWN: [(&str, usize, Said, Option<&str>); 5] = [
    ("program-v1:acme+11.0802+2026", 180, Said::Dismissed, None),
    (
        "program-v1:acme+11.1003+2026",
        200,
        Said::Accepted,
        Some("You asked for something with security in it."),
    ),
    (TWO_WAYS, 240, Said::Nothing, Some(MESSAGES[0])),
    ("program-v1:acme+11.0803+2026", 260, Said::Nothing, None),
    (
        NEWEST,
        DAYS + 1,
        Said::Nothing,
        Some("Your results in statistics make this a good next step."),
    ),
];

/// What suggestions say to people.
const MESSAGES: [&str; 6] = [
    "The next start is in spring; places are limited.",
    "What you finished last term counts towards this program.",
    "Talk to your advisor if you are not sure: we think it suits you.",
    "Please answer before the timetable is made.",
    "Many of your year chose this one.",
    "There is a grant for this program. Ask us about it.",
];

/// What people add to a dismissal.
const COMMENTS: [(Reason, &str); 6] = [
    (Reason::NotRelevant, "I am going into another field."),
    (Reason::NotRelevant, "Too close to what I study already."),
    (Reason::AlreadyDone, "I finished it at my last school."),
    (Reason::NoTime, "Perhaps next year."),
    (Reason::NoTime, "I work full time this term."),
    (Reason::Other, "I would like to talk about it first."),
];

/// An institution. The parts of a hundred say how much of the people and groups it has.
struct Institution {
    key: &'static str,
    org: &'static str,
    name: &'static str,
    parts: usize,
    faculties: &'static [Faculty],
}

/// The upper level of departments.
struct Faculty {
    key: &'static str,
    name: &'static str,
    schools: &'static [School],
}

/// The lower level, and the two-digit families of the classification that it teaches.
struct School(&'static str, &'static str, &'static [&'static str]);

const INSTITUTIONS: [Institution; 3] = [
    Institution {
        key: PLATFORM,
        org: "acme-u",
        name: "Acme University",
        parts: 46,
        faculties: &[
            Faculty {
                key: "computing",
                name: "Computing and Data",
                schools: &[
                    School("computer-science", "Computer Science", &["11"]),
                    School("mathematics", "Mathematics and Statistics", &["27"]),
                    School("interdisciplinary", "Interdisciplinary Studies", &["30"]),
                ],
            },
            Faculty {
                key: "engineering",
                name: "Engineering and Science",
                schools: &[
                    School("engineering-school", "School of Engineering", &["14"]),
                    School("architecture", "Architecture", &["04"]),
                    School("physical-sciences", "Physical Sciences", &["40"]),
                ],
            },
            Faculty {
                key: "humanities",
                name: "Humanities and Arts",
                schools: &[
                    School("languages", "Languages and Literature", &["16", "23"]),
                    School("history", "History and Philosophy", &["38", "39", "54"]),
                    School("cultures", "Area and Cultural Studies", &["05", "24", "25"]),
                    School("arts", "Visual and Performing Arts", &["50"]),
                ],
            },
            Faculty {
                key: "society",
                name: "Society and Education",
                schools: &[
                    School("social-sciences", "Social Sciences", &["44", "45"]),
                    School("law", "Law", &["22"]),
                    School("education", "Education", &["13"]),
                    School("communication", "Communication and Journalism", &["09"]),
                ],
            },
        ],
    },
    Institution {
        key: "meridian",
        org: "meridian-health",
        name: "Meridian Health College",
        parts: 30,
        faculties: &[
            Faculty {
                key: "care",
                name: "Health Professions",
                schools: &[
                    School("professions", "Clinical and Allied Professions", &["51"]),
                    School(
                        "wellbeing",
                        "Health Knowledge and Well-being",
                        &["34", "37"],
                    ),
                    School("kinesiology", "Kinesiology and Recreation", &["31"]),
                ],
            },
            Faculty {
                key: "residency",
                name: "Residency and Fellowship",
                schools: &[
                    School("health-residency", "Health Residencies", &["60"]),
                    School("medical-residency", "Medical Residencies", &["61"]),
                ],
            },
            Faculty {
                key: "life-sciences",
                name: "Life and Human Sciences",
                schools: &[
                    School("biology", "Biology and Biomedicine", &["26"]),
                    School("psychology", "Psychology", &["42"]),
                    School("human-sciences", "Family and Consumer Sciences", &["19"]),
                ],
            },
        ],
    },
    Institution {
        key: "harbor",
        org: "harbor-tech",
        name: "Harbor Technical Institute",
        parts: 24,
        faculties: &[
            Faculty {
                key: "trades",
                name: "Trades and Technology",
                schools: &[
                    School("construction", "Construction Trades", &["46"]),
                    School("mechanics", "Mechanics and Repair", &["47"]),
                    School("production", "Precision Production", &["48"]),
                    School("technology", "Engineering Technology", &["10", "15", "41"]),
                ],
            },
            Faculty {
                key: "business",
                name: "Business and Service",
                schools: &[
                    School("management", "Business and Management", &["52"]),
                    School(
                        "hospitality",
                        "Culinary and Personal Services",
                        &["12", "35", "36"],
                    ),
                    School("transport", "Transport and Logistics", &["49"]),
                ],
            },
            Faculty {
                key: "land-and-safety",
                name: "Land, Safety and Foundations",
                schools: &[
                    School(
                        "agriculture",
                        "Agriculture and Natural Resources",
                        &["01", "03"],
                    ),
                    School(
                        "protection",
                        "Protective and Military Services",
                        &["28", "29", "43"],
                    ),
                    School("foundations", "Foundation Courses", &["32", "33", "53"]),
                ],
            },
        ],
    },
];

/// A small generator (splitmix64): the same numbers on every machine.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap_or(0)
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

/// A school while its people and programs are gathered.
struct Place {
    platform: usize,
    faculty: &'static str,
    key: &'static str,
    name: &'static str,
    programs: Vec<String>,
    learners: Vec<String>,
}

/// An institution while its people are gathered.
struct Staff {
    admins: Vec<String>,
    learners: Vec<String>,
    places: Vec<usize>,
}

/// A group while something is suggested to it.
struct Cohort {
    id: i64,
    place: usize,
    /// The active ones.
    members: Vec<String>,
}

/// What a person says to a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Accepted,
    Dismissed,
    Nothing,
}

/// The whole data set, as an import takes it. Due dates and windows lie around `start`.
///
/// # Errors
/// [`Error::Internal`] if the compiled-in catalogue cannot be read.
pub(super) fn records(start: Timestamp) -> Result<Vec<Record>> {
    let mut data = Data {
        dice: Dice(2026),
        start,
        records: Vec::with_capacity(100_000),
        usernames: HashSet::new(),
        next_user: DM_ADMIN_ID,
        places: Vec::new(),
        staff: Vec::new(),
        cohorts: Vec::new(),
        asked: HashSet::new(),
    };
    data.structure(&catalogue()?);
    data.people();
    data.groups();
    data.user_suggestions();
    data.group_suggestions();
    Ok(data.records)
}

/// Code and title of every program.
fn catalogue() -> Result<Vec<(String, String)>> {
    let unreadable =
        |error: &dyn std::fmt::Display| Error::internal(format!("the demo catalogue: {error}"));
    let mut text = String::new();
    GzDecoder::new(CATALOGUE)
        .read_to_string(&mut text)
        .map_err(|error| unreadable(&error))?;
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|error| unreadable(&error))
}

struct Data {
    dice: Dice,
    start: Timestamp,
    records: Vec<Record>,
    usernames: HashSet<String>,
    next_user: i64,
    places: Vec<Place>,
    staff: Vec<Staff>,
    cohorts: Vec<Cohort>,
    /// The programs and people whose answer is decided already.
    asked: HashSet<(String, String)>,
}

impl Data {
    fn structure(&mut self, catalogue: &[(String, String)]) {
        for (platform, institution) in INSTITUTIONS.iter().enumerate() {
            let key = institution.key.to_owned();
            self.records.push(Record::Platform(Platform {
                key: key.clone(),
                org: institution.org.to_owned(),
                name: institution.name.to_owned(),
            }));
            let first = self.places.len();
            for faculty in institution.faculties {
                self.department(&key, faculty.key, faculty.name, None);
                for School(school, name, families) in faculty.schools {
                    self.department(&key, school, name, Some(faculty.key));
                    let taught = catalogue
                        .iter()
                        .filter(|(code, _)| families.iter().any(|family| code.starts_with(family)));
                    let mut programs = Vec::new();
                    for (code, title) in taught {
                        let program = format!("program-v1:{key}+{code}+2026");
                        self.records.push(Record::Program(Program {
                            platform: key.clone(),
                            key: program.clone(),
                            name: title.clone(),
                            org: Some(Some(institution.org.to_owned())),
                            description: Some(Some(format!(
                                "{title}: taught by {name} at {}.",
                                institution.name
                            ))),
                            url: Some(Some(format!("https://{key}.example/programs/{code}"))),
                            image_url: None,
                        }));
                        programs.push(program);
                    }
                    self.places.push(Place {
                        platform,
                        faculty: faculty.key,
                        key: school,
                        name,
                        programs,
                        learners: Vec::new(),
                    });
                }
            }
            self.staff.push(Staff {
                admins: Vec::new(),
                learners: Vec::new(),
                places: (first..self.places.len()).collect(),
            });
        }
    }

    fn department(&mut self, platform: &str, key: &str, name: &str, parent: Option<&str>) {
        self.records.push(Record::Department(Department {
            id: None,
            platform: platform.to_owned(),
            key: key.to_owned(),
            name: name.to_owned(),
            parent: Some(parent.map(str::to_owned)),
        }));
    }

    /// A person; where no username is said, one made of the name.
    fn user(&mut self, username: Option<&str>, domain: &str, dm_admin: bool) -> String {
        let given = self.dice.pick(&GIVEN).copied().unwrap_or_default();
        let family = self.dice.pick(&FAMILY).copied().unwrap_or_default();
        let wanted = username.map_or_else(|| format!("{}.{}", given.1, family.1), str::to_owned);
        let mut username = wanted.clone();
        let mut number = 2;
        while !self.usernames.insert(username.clone()) {
            username = format!("{wanted}{number}");
            number += 1;
        }
        let email = (!self.dice.percent(4)).then(|| format!("{username}@{domain}.example"));
        self.records.push(Record::User(User {
            id: self.next_user,
            username: username.clone(),
            name: format!("{} {}", given.0, family.0),
            email: Some(email),
            dm_admin: Some(dm_admin),
        }));
        self.next_user += 1;
        username
    }

    fn member(&mut self, platform: &str, user: &str, role: Role, active: bool) {
        self.records.push(Record::Member(Member {
            platform: platform.to_owned(),
            user: user.to_owned(),
            role,
            active: Some(active),
        }));
    }

    fn department_member(&mut self, platform: &str, department: &str, user: &str, admin: bool) {
        self.records
            .push(Record::DepartmentMember(DepartmentMember {
                platform: platform.to_owned(),
                department: department.to_owned(),
                user: user.to_owned(),
                admin: Some(admin),
            }));
    }

    fn people(&mut self) {
        self.user(Some(DM_ADMIN), "waymark", true);
        let all = USERS - 1;
        for (platform, institution) in INSTITUTIONS.iter().enumerate() {
            let key = institution.key;
            let share = match platform {
                0 => {
                    all - INSTITUTIONS[1..]
                        .iter()
                        .map(|it| all * it.parts / 100)
                        .sum::<usize>()
                }
                _ => all * institution.parts / 100,
            };
            let before = self.usernames.len();
            // Two admins of the platform, and one of each faculty.
            for number in 0..2 {
                let wanted = (number == 0).then(|| format!("{key}.admin"));
                let admin = self.user(wanted.as_deref(), key, false);
                self.member(key, &admin, Role::Admin, true);
                self.staff[platform].admins.push(admin);
            }
            for faculty in institution.faculties {
                let wanted = format!("{key}.{}", faculty.key);
                let admin = self.user(Some(&wanted), key, false);
                self.member(key, &admin, Role::Learner, true);
                self.department_member(key, faculty.key, &admin, true);
                self.staff[platform].admins.push(admin);
            }
            if key == PLATFORM {
                for learner in [LEARNER].into_iter().chain(LEARNERS) {
                    let learner = self.user(Some(learner), key, false);
                    self.member(key, &learner, Role::Learner, true);
                    // The first school of the first faculty: below the department admin.
                    self.department_member(key, self.places[0].key, &learner, false);
                    self.places[0].learners.push(learner);
                }
            }
            while self.usernames.len() - before < share {
                let learner = self.user(None, key, false);
                let active = !self.dice.percent(3);
                self.member(key, &learner, Role::Learner, active);
                let places = &self.staff[platform].places;
                let place = self.dice.pick(places).copied().unwrap_or_default();
                self.department_member(key, self.places[place].key, &learner, false);
                if active {
                    self.places[place].learners.push(learner.clone());
                    self.staff[platform].learners.push(learner);
                }
            }
        }
        // Some people learn in two places.
        let guests: Vec<String> = self.staff[1].learners.iter().step_by(12).cloned().collect();
        for guest in guests {
            self.member(PLATFORM, &guest, Role::Learner, true);
            self.staff[0].learners.push(guest);
        }
    }

    fn groups(&mut self) {
        const COHORTS: [&str; 6] = [
            "Spring 2026",
            "Autumn 2026",
            "Evening class",
            "Honours",
            "Study abroad",
            "First year",
        ];
        let mut id = FIRST_GROUP_ID;
        for (platform, institution) in INSTITUTIONS.iter().enumerate() {
            let share = match platform {
                0 => {
                    GROUPS
                        - INSTITUTIONS[1..]
                            .iter()
                            .map(|it| GROUPS * it.parts / 100)
                            .sum::<usize>()
                }
                _ => GROUPS * institution.parts / 100,
            };
            for number in 0..share {
                let places = &self.staff[platform].places;
                let place = places[number % places.len()];
                let round = number / places.len();
                let cohort = COHORTS[round % COHORTS.len()];
                // Some groups belong to no department.
                let linked = round != 3;
                let section = match round / COHORTS.len() {
                    0 => String::new(),
                    more => format!(", section {}", more + 1),
                };
                let name = format!("{}, {cohort}{section}", self.places[place].name);
                self.records.push(Record::Group(Group {
                    id,
                    platform: institution.key.to_owned(),
                    name,
                    department: Some(linked.then(|| self.places[place].key.to_owned())),
                }));
                let size = 8 + self.dice.below(33);
                let mut members = HashSet::new();
                let mut active = Vec::new();
                // The learner of the examples is in two groups at least.
                if place == 0 && round < 2 {
                    self.group_member(id, LEARNER, true);
                    members.insert(LEARNER.to_owned());
                    active.push(LEARNER.to_owned());
                }
                for _ in 0..size {
                    let from = if linked && !self.dice.percent(10) {
                        &self.places[place].learners
                    } else {
                        &self.staff[platform].learners
                    };
                    let Some(user) = self.dice.pick(from).cloned() else {
                        continue;
                    };
                    if members.insert(user.clone()) {
                        let stays = !self.dice.percent(5);
                        self.group_member(id, &user, stays);
                        if stays {
                            active.push(user);
                        }
                    }
                }
                self.cohorts.push(Cohort {
                    id,
                    place,
                    members: active,
                });
                id += 1;
            }
        }
    }

    fn group_member(&mut self, group: i64, user: &str, active: bool) {
        self.records.push(Record::GroupMember(GroupMember {
            group,
            user: user.to_owned(),
            active: Some(active),
        }));
    }

    /// A program of this school, or sometimes of another one of the same platform.
    fn program(&mut self, place: usize) -> Option<String> {
        let platform = self.places[place].platform;
        let place = if self.dice.percent(75) {
            place
        } else {
            let places = &self.staff[platform].places;
            self.dice.pick(places).copied().unwrap_or(place)
        };
        self.dice.pick(&self.places[place].programs).cloned()
    }

    fn suggester(&mut self, place: usize) -> Option<String> {
        let Place {
            platform, faculty, ..
        } = self.places[place];
        let key = INSTITUTIONS[platform].key;
        match self.dice.below(10) {
            0..=5 => Some(format!("{key}.{faculty}")),
            6..=8 => self.dice.pick(&self.staff[platform].admins).cloned(),
            _ => None,
        }
    }

    fn metadata(&mut self) -> Metadata {
        let score = self.dice.below(60) + 40;
        Metadata(match self.dice.below(8) {
            0..=2 => "{}".to_owned(),
            3 | 4 => r#"{"source":"advisor"}"#.to_owned(),
            // As the import writes it: without a zero at the end.
            5 => format!(
                r#"{{"score":0.{},"source":"placement-test"}}"#,
                score.to_string().trim_end_matches('0')
            ),
            6 => format!(r#"{{"campaign":"autumn-2026","priority":{}}}"#, score % 3 + 1),
            _ => r#"{"reason":"Builds on what was finished last term","source":"advisor","tags":["next-step"]}"#.to_owned(),
        })
    }

    /// When something was suggested: within ten months of 2026.
    fn created(&mut self) -> i64 {
        FIRST_SECOND + self.seconds(DAYS)
    }

    /// When it was answered or accepted: within two weeks.
    fn answered(&mut self, created: i64) -> i64 {
        created + self.seconds(14)
    }

    fn seconds(&mut self, days: usize) -> i64 {
        i64::try_from(self.dice.below(days * DAY)).unwrap_or(0)
    }

    /// So many days after the day on which the data is made, at five o'clock.
    fn day(&self, days: i64) -> Timestamp {
        const DAY: i64 = 86_400_000_000;
        Timestamp(self.start.0 - self.start.0.rem_euclid(DAY) + days * DAY + DAY * 17 / 24)
    }

    fn days(&mut self, from: i64, count: usize) -> Timestamp {
        let days = i64::try_from(self.dice.below(count)).unwrap_or(0);
        self.day(from + days)
    }

    /// Some say something, some want an answer until a day, and a few are not shown yet or no longer.
    fn notice(&mut self) -> Notice {
        let mut notice = Notice::default();
        if self.dice.percent(30) {
            notice.message = self.dice.pick(&MESSAGES).map(|&text| Some(text.to_owned()));
        }
        if self.dice.percent(35) {
            let due = if self.dice.percent(20) {
                self.days(-21, 20)
            } else {
                self.days(1, 120)
            };
            notice.due_at = Some(Some(due));
        }
        let (from, until) = match self.dice.below(100) {
            0..=3 => (None, Some(self.days(-30, 29))),
            4..=6 => (Some(self.days(1, 60)), None),
            7..=18 => (Some(self.days(-90, 60)), Some(self.days(30, 150))),
            _ => (None, None),
        };
        notice.visible_from = from.map(Some);
        notice.visible_until = until.map(Some);
        notice
    }

    /// About half accept, and a quarter dismiss.
    fn say(&mut self) -> Said {
        match self.dice.below(100) {
            0..=49 => Said::Accepted,
            50..=74 => Said::Dismissed,
            _ => Said::Nothing,
        }
    }

    /// A person's answer, which is the same whatever led to it.
    fn answer(&mut self, platform: &str, program: &str, user: &str, said: Said, answered: i64) {
        self.asked.insert((program.to_owned(), user.to_owned()));
        let (answer, reason, comment) = match said {
            Said::Nothing => return,
            Said::Accepted => (Answer::Accepted, None, None),
            Said::Dismissed => {
                let reason = self.dice.pick(&Reason::ALL).copied();
                let comments: Vec<&str> = COMMENTS
                    .iter()
                    .filter(|(of, _)| Some(*of) == reason)
                    .map(|(_, text)| *text)
                    .collect();
                let commented = self.dice.percent(20);
                let comment = self.dice.pick(&comments).filter(|_| commented);
                (
                    Answer::Dismissed,
                    reason,
                    comment.map(|&text| text.to_owned()),
                )
            }
        };
        self.records
            .push(Record::SuggestionAnswer(SuggestionAnswer {
                platform: platform.to_owned(),
                program: program.to_owned(),
                user: user.to_owned(),
                answer,
                reason: reason.map(Some),
                comment: comment.map(Some),
                answered: Some(Timestamp(answered * 1_000_000)),
            }));
    }

    fn user_suggestions(&mut self) {
        let own = OWN.map(|(program, ..)| (LEARNER.to_owned(), program.to_owned()));
        let mut taken = HashSet::from(own);
        while taken.len() < USER_SUGGESTIONS {
            let place = self.dice.below(self.places.len());
            let user = self.dice.pick(&self.places[place].learners).cloned();
            let (Some(user), Some(program)) = (user, self.program(place)) else {
                continue;
            };
            let spared = program == PROGRAM && (user == LEARNER || LEARNERS.contains(&&*user));
            if spared || !taken.insert((user.clone(), program.clone())) {
                continue;
            }
            let said = self.say();
            let created = self.created();
            let suggestion = ProgramSuggestion {
                id: None,
                platform: INSTITUTIONS[self.places[place].platform].key.to_owned(),
                program,
                user,
                facts: Facts {
                    visible: Some(!self.dice.percent(8)),
                    direct: Some(!self.dice.percent(15)),
                    metadata: Some(self.metadata()),
                    suggested_by: Some(self.suggester(place)),
                    notice: self.notice(),
                    ..Facts::default()
                },
            };
            self.user_suggestion(suggestion, said, created);
        }
        for (program, day, said, message) in OWN {
            let suggestion = ProgramSuggestion {
                id: None,
                platform: PLATFORM.to_owned(),
                program: program.to_owned(),
                user: LEARNER.to_owned(),
                facts: Facts {
                    visible: Some(true),
                    direct: Some(true),
                    metadata: Some(self.metadata()),
                    suggested_by: Some(Some(DEPARTMENT_ADMIN.to_owned())),
                    notice: Notice {
                        message: message.map(|text| Some(text.to_owned())),
                        due_at: Some(Some(self.days(14, 60))),
                        ..Notice::default()
                    },
                    ..Facts::default()
                },
            };
            let created = FIRST_SECOND + i64::try_from(day * DAY).unwrap_or(0);
            self.user_suggestion(suggestion, said, created);
        }
    }

    /// A suggestion with what the person said to it: the stored `accepted` agrees with the answer.
    fn user_suggestion(&mut self, suggestion: ProgramSuggestion, said: Said, created: i64) {
        let accepted = said == Said::Accepted;
        let answered = self.answered(created);
        let modified = if accepted { answered } else { created };
        let ProgramSuggestion {
            platform,
            program,
            user,
            ..
        } = &suggestion;
        self.answer(platform, program, user, said, answered);
        self.records
            .push(Record::ProgramSuggestion(ProgramSuggestion {
                facts: Facts {
                    accepted: Some(accepted),
                    created: Some(Timestamp(created * 1_000_000)),
                    modified: Some(Timestamp(modified * 1_000_000)),
                    ..suggestion.facts
                },
                ..suggestion
            }));
    }

    fn group_suggestions(&mut self) {
        let mut taken = HashSet::from([(0, TWO_WAYS.to_owned())]);
        while taken.len() < GROUP_SUGGESTIONS {
            let cohort = self.dice.below(self.cohorts.len());
            let place = self.cohorts[cohort].place;
            let Some(program) = self.program(place) else {
                return;
            };
            // The groups of the learner of the examples are of the first place.
            let spared = place == 0 && (program == NEWEST || program == PROGRAM);
            if spared || !taken.insert((cohort, program.clone())) {
                continue;
            }
            self.group_suggestion(cohort, program, None);
        }
        self.group_suggestion(0, TWO_WAYS.to_owned(), Some(Notice::default()));
    }

    fn group_suggestion(&mut self, cohort: usize, program: String, notice: Option<Notice>) {
        let Cohort { id, place, .. } = self.cohorts[cohort];
        let members = self.cohorts[cohort].members.clone();
        let platform = INSTITUTIONS[self.places[place].platform].key;
        let accepted = self.dice.percent(25);
        let created = self.created();
        let modified = if accepted {
            self.answered(created)
        } else {
            created
        };
        for user in members {
            if !self.asked.contains(&(program.clone(), user.clone())) {
                let said = self.say();
                let answered = self.answered(created);
                self.answer(platform, &program, &user, said, answered);
            }
        }
        let suggestion = ProgramGroupSuggestion {
            id: None,
            platform: platform.to_owned(),
            program,
            group: id,
            facts: Facts {
                accepted: Some(accepted),
                visible: Some(notice.is_some() || !self.dice.percent(8)),
                direct: None,
                metadata: Some(self.metadata()),
                suggested_by: Some(self.suggester(place)),
                notice: notice.unwrap_or_else(|| self.notice()),
                created: Some(Timestamp(created * 1_000_000)),
                modified: Some(Timestamp(modified * 1_000_000)),
            },
        };
        self.records
            .push(Record::ProgramGroupSuggestion(suggestion));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp(1_790_000_000_000_000);

    fn records() -> Vec<Record> {
        super::records(START).unwrap()
    }

    fn count(records: &[Record], which: fn(&Record) -> bool) -> usize {
        records.iter().filter(|record| which(record)).count()
    }

    #[test]
    fn the_data_set_has_the_promised_size() {
        let records = records();
        assert_eq!(count(&records, |it| matches!(it, Record::Platform(_))), 3);
        assert_eq!(count(&records, |it| matches!(it, Record::Program(_))), 2295);
        assert_eq!(count(&records, |it| matches!(it, Record::User(_))), USERS);
        assert_eq!(count(&records, |it| matches!(it, Record::Group(_))), GROUPS);
        let suggestions = count(&records, |it| {
            matches!(
                it,
                Record::ProgramSuggestion(_) | Record::ProgramGroupSuggestion(_)
            )
        });
        assert_eq!(suggestions, 20_000);
    }

    #[test]
    fn the_data_set_is_always_the_same() {
        assert_eq!(records(), records());
    }

    #[test]
    fn the_callers_of_the_examples_are_there() {
        let records = records();
        let user = |name: &str| {
            records
                .iter()
                .find_map(|record| match record {
                    Record::User(user) if user.username == name => Some(user),
                    _ => None,
                })
                .unwrap()
        };
        let admin = user(DM_ADMIN);
        assert_eq!((admin.id, admin.dm_admin), (DM_ADMIN_ID, Some(true)));
        let role = |name: &str| {
            records.iter().find_map(|record| match record {
                Record::Member(member) if member.user == name => Some(member.role),
                _ => None,
            })
        };
        assert_eq!(role(PLATFORM_ADMIN), Some(Role::Admin));
        assert_eq!(role(DEPARTMENT_ADMIN), Some(Role::Learner));
        assert!(records.iter().any(|record| matches!(
            record,
            Record::DepartmentMember(DepartmentMember { user, admin: Some(true), .. })
                if user == DEPARTMENT_ADMIN
        )));
        for learner in [LEARNER].into_iter().chain(LEARNERS) {
            assert_eq!(role(learner), Some(Role::Learner));
            let suggested: Vec<&str> = records
                .iter()
                .filter_map(|record| match record {
                    Record::ProgramSuggestion(it) if it.user == learner => Some(&*it.program),
                    _ => None,
                })
                .collect();
            assert!(!suggested.is_empty() && !suggested.contains(&PROGRAM));
        }
        let program = records.iter().find_map(|record| match record {
            Record::Program(program) if program.key == PROGRAM => Some(program.name.as_str()),
            _ => None,
        });
        assert_eq!(program, Some("Data Science, General"));
    }

    #[test]
    fn about_half_accept_and_a_quarter_dismiss() {
        let records = records();
        let mut answers = std::collections::HashMap::new();
        for record in &records {
            if let Record::SuggestionAnswer(it) = record {
                let before = answers.insert((&it.program, &it.user), it);
                assert_eq!(before, None, "one answer");
            }
        }
        let (mut accepted, mut dismissed) = (0, 0);
        for record in &records {
            if let Record::ProgramSuggestion(it) = record {
                let answer = answers.get(&(&it.program, &it.user));
                let answer = answer.map(|answer| answer.answer);
                assert_eq!(it.facts.accepted, Some(answer == Some(Answer::Accepted)));
                accepted += usize::from(answer == Some(Answer::Accepted));
                dismissed += usize::from(answer == Some(Answer::Dismissed));
            }
        }
        let percent = |number: usize| number * 100 / USER_SUGGESTIONS;
        assert!((48..=52).contains(&percent(accepted)), "{accepted}");
        assert!((23..=27).contains(&percent(dismissed)), "{dismissed}");
        for reason in Reason::ALL {
            let given = answers
                .values()
                .filter(|it| it.reason == Some(Some(reason)));
            assert!(given.count() > 100, "{reason:?}");
        }
        let comments = answers.values().filter(|it| it.comment.is_some());
        assert!(comments.count() > 100);
    }

    #[test]
    fn most_suggestions_are_open_and_few_overdue() {
        let records = records();
        let (mut messages, mut due, mut overdue, mut closed) = (0, 0, 0, 0);
        for record in &records {
            let notice = match record {
                Record::ProgramSuggestion(it) => &it.facts.notice,
                Record::ProgramGroupSuggestion(it) => &it.facts.notice,
                _ => continue,
            };
            let at = |patch: Option<Option<Timestamp>>| patch.flatten();
            messages += usize::from(notice.message.is_some());
            due += usize::from(at(notice.due_at).is_some());
            overdue += usize::from(at(notice.due_at).is_some_and(|at| at < START));
            let (from, until) = (at(notice.visible_from), at(notice.visible_until));
            closed += usize::from(from.is_some_and(|at| at > START));
            closed += usize::from(until.is_some_and(|at| at <= START));
            assert!(from.is_none() || until.is_none() || from < until);
        }
        assert!((5_000..8_000).contains(&messages), "{messages}");
        assert!((6_000..8_000).contains(&due), "{due}");
        assert!((1_000..2_000).contains(&overdue), "{overdue}");
        assert!((1_000..2_000).contains(&closed), "{closed}");
    }
}
