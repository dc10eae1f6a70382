// Package plan says when things may begin, are due and may ring: waking hours,
// times of day, gaps and bounds. It is pure, and knows no flows: whatever rests
// on an expression arrives evaluated.
//
// [Rules] is the one gate that every start of a track passes: when it is armed,
// again when its timer comes due, and when a person asks for it or a flow asks
// whether they could.
//
// # The planner of a day
//
// A gate knows one track. [Policy.Plan] knows all that is armed for a person, and
// says of everything when it comes until they next wake up, on whose message it
// rides, whether it is heard, or why it does not come. What it goes by is data: the
// order of the classes, how near two rings must not be, what is kept apart from
// packs and questions, and how many rings and invitations a day has.
//
//	things ──▶ by order ──▶ First of their gate ──▶ rides? ──▶ in the way? ──▶ room? ──▶ entry
//	                              ▲                                │             └──▶ a later ride, or left out
//	                              └─────── from when it is not ────┘
//
// What it promises, whatever is armed, wherever the person is, and however long the
// bot was away:
//
//   - A take-off and a look come when they are due, or at once if that is over.
//   - No other thing rings within a quarter of an hour of one that has rung, or is to.
//     A round is one thing: its call, its look and its take-off.
//   - Nothing that is kept apart comes while a pack is on or a question stands. It
//     rides on the take-off, or on the answer to the person.
//   - Nobody is woken up but by a take-off, a look, and what may come at night.
//   - No gate is passed by: nothing comes sooner than its least gap, or more often than
//     it may on a date.
//   - What the planner is free to place stays within the budgets, and nothing is left
//     out for them for which they have room.
//   - If nothing happens meanwhile, what was planned next is planned still when its
//     time has come.
//
// So it is asked again whenever something has come or changed, and lets come what it
// has for that instant. A plan after an absence is no other than any.
//
// # Caveats
//
// What a person asks for comes at once and is planned by nobody. Its take-off may ring
// near another thing then.
//
// Of a condition ([Rules.When]) nobody knows yet what it will be. It is judged by what is
// known now: what it leaves out then has no place, and is asked about at its time.
//
// A day is the person's own, from waking to waking, and so are the budgets. What a gate
// counts a day is of a date. Whoever is awake at midnight has both within one waking
// time, and what was planned may be another then.
package plan
