package catalog

import (
	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/signs"
)

// The grammar of the two kinds of files, as Go types. The loader reads node by
// node, so that every fault has its place; these types are what Schema shows
// to editors, and a test holds their keys against those that the loader reads.
// The tag doc describes a key; must says that it cannot be left out.

type flowGrammar struct {
	Flow         name                    `yaml:"flow" must:"1" doc:"The name of the flow, unique in the folder."`
	Version      positive                `yaml:"version" must:"1" doc:"Counts the editions. Add 1 whenever the flow changes."`
	Commands     []name                  `yaml:"commands" doc:"The commands that start the flow, without the slash."`
	Links        []name                  `yaml:"links" doc:"The names of links that open the flow: t.me/yourbot?start=spasm is as its first command."`
	While        whileWords              `yaml:"while" doc:"When the commands and links apply: with a live episode, without one (idle), always (the default), or in episodes of the flows named. One word or a list."`
	Card         cardGrammar             `yaml:"card" doc:"What the card of the episode shows: one message that tells where the person stands, and changes with that."`
	Remember     []name                  `yaml:"remember" doc:"The variables that outlive an episode. All others are forgotten when the next one begins."`
	ForgetAfter  map[name]duration       `yaml:"forget_after" doc:"Variables that hold an instant, and how long after it all that is kept of the person is deleted."`
	ForgetUnless name                    `yaml:"forget_unless" doc:"A variable that is true or false: of people for whom it is not true, all that is kept is deleted as soon as nothing waits for them."`
	History      name                    `yaml:"history" doc:"The variable that is kept of each ended episode, for episodes_in and alike_in."`
	Menu         whole                   `yaml:"menu" doc:"The place in the command menu, from 1. 0 leaves the flow out."`
	Episode      bool                    `yaml:"episode" doc:"Says that the flow begins an episode, with a timeline of its own."`
	Urgent       bool                    `yaml:"urgent" doc:"Says that the flow asks about warning signs: when many messages wait, it goes before other answers."`
	SignsFirst   bool                    `yaml:"signs_first" doc:"Says that the commands of the flow wait until a question about warning signs is answered: signs_first is said, and the question is asked again."`
	Help         bool                    `yaml:"help" doc:"Says that the button \"I need help now\", below every hint, leads to the flow. It has a command that works at any time."`
	Words        whole                   `yaml:"words" doc:"The place, from 1, at which the words of the flow are looked for in what people type; they lead to it at any time. 0 is none."`
	Worse        name                    `yaml:"worse" doc:"The flow behind the button \"Worse\" of every reminder. An episode with rounds or reminders must have one."`
	Stop         name                    `yaml:"stop" doc:"The flow behind the button \"Stop\" of every reminder. An episode with rounds or reminders must have one."`
	Waking       windowGrammar           `yaml:"waking" doc:"The hours in which reminders and waits with \"hours: waking\" may disturb in an episode of this flow. 08:00 to 22:00 if left out."`
	Day          dayGrammar              `yaml:"day" doc:"Plans the days of an episode: what comes when, on whose message, and what is left out."`
	DefaultWait  waitGrammar             `yaml:"default_wait" doc:"The wait of every question of this flow that has none."`
	Rounds       map[name]roundGrammar   `yaml:"rounds" doc:"Treatments with a beginning and an end, such as cold: put on, look at the skin, take off."`
	Reminders    map[name]remindGrammar  `yaml:"reminders" doc:"Reminders that come again and again, such as water."`
	Steps        []stepGrammar           `yaml:"steps" must:"1" doc:"What happens, from top to bottom unless next says otherwise."`
	Retired      map[name]retiredGrammar `yaml:"retired" doc:"Steps, rounds and reminders that are gone, and what becomes of people who still stand there, or have them on or armed."`
	Invariants   []invariantGrammar      `yaml:"invariants" doc:"Promises that hold on every way through the flows."`
	Signs        map[name]signGrammar    `yaml:"signs" doc:"The table of warning signs, which one flow of the folder may have."`
	Papers       papersGrammar           `yaml:"papers" doc:"What the papers of a person are made from, which one flow of the folder may say."`
	SignsVersion positive                `yaml:"signs_version" doc:"Counts the editions of the table of signs. It is kept with each answer about them."`
}

type papersGrammar struct {
	Pain     name   `yaml:"pain" doc:"The measurement of the pain."`
	Function []name `yaml:"function" doc:"The other measurements, such as minutes of walking."`
	Cold     []name `yaml:"cold" doc:"The rounds and reminders of cold."`
	Warmth   []name `yaml:"warmth" doc:"The rounds and reminders of warmth."`
	Moves    []name `yaml:"moves" doc:"The rounds and reminders of small moves and walks."`
	Exercise []name `yaml:"exercise" doc:"The rounds and reminders of exercises."`
	Checks   []name `yaml:"checks" doc:"The reminders that ask how the person is, for the calendar."`
	Medicine []name `yaml:"medicine" doc:"The questions that are answered with what was taken, in the person's own words."`
	Since    name   `yaml:"since" doc:"The variable of the earliest instant at which it may have begun. The latest is the onset."`
	Country  name   `yaml:"country" doc:"The variable of the country where the person is: it decides the size of the paper."`
	Dark     name   `yaml:"dark" doc:"The variable that says that the person's chat is dark, and the chart with it."`
	Older    name   `yaml:"older" doc:"The variable that says that the person is 65 or older."`
	Cause    name   `yaml:"cause" doc:"The question what set it off."`
	Place    name   `yaml:"place" doc:"The question where it hurts."`
	Facts    name   `yaml:"facts" doc:"The question about what lastingly matters."`
	Seen     name   `yaml:"seen" doc:"The question who has had a look at the person."`
	Found    name   `yaml:"found" doc:"The question what they said of it."`
}

type windowGrammar struct {
	From clockOr `yaml:"from" must:"1" doc:"When the day begins: a time, or an expression that gives the person's own hour."`
	To   clockOr `yaml:"to" must:"1" doc:"When the day ends. It may be after midnight."`
}

type dayGrammar struct {
	Invitations number     `yaml:"invitations" doc:"How many rings a day may ask for something new: a number, or an expression. Without bound if left out."`
	Rings       number     `yaml:"rings" doc:"How many messages a day may come with a sound: a number, or an expression. Without bound if left out."`
	Quarter     duration   `yaml:"quarter" doc:"How near two rings of different things must not be; 15m if left out."`
	Evening     duration   `yaml:"evening" doc:"How long before the end of the waking hours the last round of a day is called; 2h if left out."`
	Awake       duration   `yaml:"awake" doc:"For how long somebody is awake who has done something at night; 1h if left out."`
	Order       []anyClass `yaml:"order" doc:"All classes, the most important first. As listed here if left out."`
	Apart       []ownClass `yaml:"apart" doc:"The classes with no place while a pack is on or a question stands; exercise, move and water if left out."`
}

// stepGrammar is a step without its question, whose keys the kinds of questions
// have.
type stepGrammar struct {
	ID          name                 `yaml:"id" must:"1" doc:"The name of the step: the key of its words in the texts, and of its answer in conditions."`
	When        expression           `yaml:"when" doc:"A condition. If it does not hold, the step is left out. A question that was interrupted goes on then as if its wait were over."`
	Call        name                 `yaml:"call" doc:"Runs another flow, then goes on."`
	Start       name                 `yaml:"start" doc:"Starts a round or a reminder."`
	Begin       name                 `yaml:"begin" doc:"Begins a round now, because the person asks for it, if there may be one."`
	Stop        name                 `yaml:"stop" doc:"Stops a round or a reminder, or all of them."`
	End         name                 `yaml:"end" doc:"Ends the episode with this outcome."`
	Forget      everything           `yaml:"forget" doc:"Says the words of the step, ends everything and deletes all that is kept of the person."`
	Go          ways                 `yaml:"go" doc:"Shows nothing and only leads on."`
	Show        shown                `yaml:"show" doc:"card puts the card of the episode at the end of the chat. why says what has come by itself last, what has moved it, and what comes next."`
	Paper       flows.Paper          `yaml:"paper" doc:"Hands over a paper of the person, with the words of the step above what the paper says of itself."`
	Picture     name                 `yaml:"picture" doc:"A file in media/ to show with the text, without its ending: .png, .jpg or .jpeg."`
	Animation   name                 `yaml:"animation" doc:"A file in media/ to show with the text, without its ending: .gif or .mp4."`
	Copies      map[name]copyGrammar `yaml:"copies" doc:"Buttons above the answers that put a text on the clipboard, in their order. They answer nothing."`
	Keep        bool                 `yaml:"keep" doc:"Leaves the question in the chat when it is answered. Otherwise the next message takes its place."`
	SameMessage bool                 `yaml:"same_message" doc:"Shows the text and the picture in the message of the question before, if that shows one too. The message changes without a sound."`
	Set         map[name]expression  `yaml:"set" doc:"Variables to set when the step is done. onset is when the pain began, zone the time zone."`
	Next        ways                 `yaml:"next" doc:"Where to go on: a step, return, or branches with conditions. The step below if left out."`
	Wait        waitGrammar          `yaml:"wait" doc:"How long the question stands, and where to go on without an answer."`
	Back        wayBack              `yaml:"back" doc:"A button below the answers that leads to the question before: a step, or with next and set. It answers nothing."`
}

type cardGrammar struct {
	Values  map[name]expression        `yaml:"values" doc:"Numbers that the lines show by these names."`
	Lines   map[name]cardLineGrammar   `yaml:"lines" must:"1" doc:"The lines, in their order. One whose words name what there is not is left out."`
	Buttons map[name]cardButtonGrammar `yaml:"buttons" doc:"The buttons, in their order, two in a row."`
}

type cardLineGrammar struct {
	When expression `yaml:"when" doc:"A condition. If it does not hold, the line is left out."`
	Of   name       `yaml:"of" doc:"The round or reminder that the line tells of, for {off}, {next} and {count}."`
}

type cardButtonGrammar struct {
	Flow  name        `yaml:"flow" must:"1" doc:"The flow whose command the button stands for."`
	When  expression  `yaml:"when" doc:"A condition. If it does not hold, the button is left out, and a press of an old one counts for nothing."`
	Style flows.Style `yaml:"style" doc:"The colour of the button."`
}

type backGrammar struct {
	Next name                `yaml:"next" must:"1" doc:"The question before, or return, which leaves the flow."`
	Set  map[name]expression `yaml:"set" doc:"Variables to set on the way back."`
}

type choiceGrammar struct {
	Next    name                `yaml:"next" doc:"Where this choice leads: a step, or return. As the step says if left out. Not in ask: ticks."`
	Set     map[name]expression `yaml:"set" doc:"Variables to set if this is chosen. Not in ask: ticks."`
	Style   flows.Style         `yaml:"style" doc:"The colour of the button. In ask: ticks of none alone."`
	After   duration            `yaml:"after" doc:"The reading time, 1s to 1m: a press sooner than that after the message was sent is told to read first, and counts for nothing. In ask: ticks of none alone."`
	Lasting name                `yaml:"lasting" doc:"The flow that the button leads to once its question is over, as long as the episode lasts. In ask: choice alone."`
}

type groupGrammar struct {
	Next name                `yaml:"next" doc:"Where a sign of this group leads: a step, or return. As the step says if left out."`
	Set  map[name]expression `yaml:"set" doc:"Variables to set if it is a sign of this group."`
}

type signGrammar struct {
	Class    signs.Class `yaml:"class" must:"1" doc:"How soon somebody is to look at whoever has it."`
	Group    name        `yaml:"group" must:"1" doc:"The group whose signs lead to the same, in every class."`
	Asked    name        `yaml:"asked" must:"1" doc:"The moment at which it is asked, by which questions choose it."`
	Of       expression  `yaml:"of" doc:"A condition: whom it concerns. Everybody if left out."`
	Source   string      `yaml:"source" must:"1" doc:"Where it is from."`
	SignedBy string      `yaml:"signed_by" doc:"The clinicians who have looked at its class; empty until one has."`
}

type copyGrammar struct {
	Text  name        `yaml:"text" must:"1" doc:"The key of what is copied, in the texts of the step: 1 to 256 characters once it is filled in."`
	Style flows.Style `yaml:"style" doc:"The colour of the button."`
}

type branchGrammar struct {
	When expression `yaml:"when" doc:"The condition. The first branch that holds is taken; one without a condition always holds."`
	To   name       `yaml:"to" must:"1" doc:"The step to go to, or return."`
}

type waitGrammar struct {
	Nudge   duration   `yaml:"nudge" doc:"Repeats the question once after this long."`
	Timeout duration   `yaml:"timeout" doc:"Leaves the question after this long. A wait has either timeout or until."`
	Until   expression `yaml:"until" doc:"Leaves the question at this instant, such as onset + 72h."`
	Hours   hours      `yaml:"hours" doc:"waking moves the nudge and the end of the wait into waking hours."`
	Next    name       `yaml:"next" must:"1" doc:"Where to go on without an answer: a step, or return."`
}

type trackGrammar struct {
	First      duration   `yaml:"first" doc:"How long after the start the first one comes; at once if left out."`
	MostPerDay whole      `yaml:"most_per_day" doc:"How many begin on one day at most; 0 is without bound."`
	From       expression `yaml:"from" doc:"An instant before which none begins, such as onset + 72h."`
	Until      expression `yaml:"until" doc:"An instant by which the last one has ended, such as onset + 7d."`
	Hours      hours      `yaml:"hours" doc:"waking lets them begin in waking hours only. A round in progress always ends on time."`
	Days       dayWords   `yaml:"days" doc:"The days of the week on which they come; all if left out. A list, or an expression that gives them as one text."`
	When       expression `yaml:"when" doc:"A condition, judged when one is due. If it does not hold, that one is left out."`
	LeastGap   duration   `yaml:"least_gap" doc:"The shortest gap that is safe, whatever the person chooses."`
	Silent     bool       `yaml:"silent" doc:"true lets it come without a sound; the look and the take-off of a round are always heard."`
	Late       lang.Late  `yaml:"late" doc:"What becomes of one that comes too late: expire or drop (wait for the next one), deliver (always told)."`
	Grace      duration   `yaml:"grace" doc:"How late is too late; 15m if left out."`
}

type roundGrammar struct {
	Hold         span     `yaml:"hold" must:"1" doc:"How long a round lasts, from putting on to taking off."`
	MostHold     duration `yaml:"most_hold" doc:"The longest it may be on since the call, however late somebody says that it is on. Must be given if hold is an expression; hold if left out."`
	Wrong        name     `yaml:"wrong" doc:"The flow that runs when a person says at the look that the skin looks wrong. The round is ended first."`
	RestsAfter   whole    `yaml:"rests_after" doc:"How many calls in a row nobody answers before none comes until the person is heard; 0 is without bound."`
	QuietChecks  bool     `yaml:"quiet_checks" doc:"true lets the look at the skin come without a sound from the second round of an episode on."`
	Check        span     `yaml:"check" doc:"When, within the round, the skin is to be looked at."`
	Gap          span     `yaml:"gap" must:"1" doc:"How long from the end of a round to the next."`
	trackGrammar `yaml:",inline"`
}

type remindGrammar struct {
	Every        span      `yaml:"every" doc:"How long from one reminder to the next. A reminder has one of every, at and once."`
	At           timeWords `yaml:"at" doc:"The times of day at which it comes: a list, or an expression that gives an hour."`
	Once         duration  `yaml:"once" doc:"How long after its start it comes, a single time."`
	Done         name      `yaml:"done" doc:"The flow that runs when a person presses Done."`
	Class        ownClass  `yaml:"class" doc:"What it is to the person, for the planning of the day; check_in if left out."`
	Run          name      `yaml:"run" doc:"The flow that runs instead of a message with buttons."`
	trackGrammar `yaml:",inline"`
}

type retiredGrammar struct {
	MovedTo name `yaml:"moved_to" doc:"What is in its place: a step of this flow, or a round or reminder of the same kind."`
	Ends    bool `yaml:"ends" doc:"Says that a round or a reminder just ends. A round that is on is still taken off in time."`
}

type invariantGrammar struct {
	Before     string     `yaml:"before" doc:"What must not happen until require holds: any_reminder, a step, a round, a reminder or the kind of one (cold-on)."`
	Require    expression `yaml:"require" doc:"The condition for before. emergency.none stands for emergency == \"none\", numb.legs for numb_legs if that can be ticked."`
	Never      string     `yaml:"never" doc:"What must not happen while the condition holds: a step, a round, a reminder or the kind of one."`
	While      expression `yaml:"while" doc:"The condition for never."`
	Bounds     name       `yaml:"bounds" doc:"A round or a reminder whose figures stay within those that follow, however it is edited."`
	MostHold   duration   `yaml:"most_hold" doc:"With bounds: a round never lasts longer."`
	LeastGap   duration   `yaml:"least_gap" doc:"With bounds: it never comes again sooner, whatever the person chooses."`
	MostPerDay whole      `yaml:"most_per_day" doc:"With bounds: it never comes more often in one day."`
	Hours      hours      `yaml:"hours" doc:"With bounds, waking: it only comes in waking hours."`
}

// textsGrammar are the sections that every text file has. Any other is the
// name of a step or the kind of a reminder.
type textsGrammar struct {
	Buttons  map[string]text `yaml:"buttons" must:"1" doc:"The words on the buttons of every reminder, and done and the mark of a tick for ask: ticks."`
	System   map[string]text `yaml:"system" must:"1" doc:"What the bot says outside of any step."`
	Menu     map[string]text `yaml:"menu" doc:"The lines of the command menu, by flow."`
	Words    map[string]text `yaml:"words" doc:"Words in what people type that lead to a flow at any time, a phrase a line, by flow."`
	Signs    map[string]text `yaml:"signs" doc:"The warning signs of the table: SIGN is its line in a list, SIGN_name its button, SIGN_more what makes it clearer."`
	Operator map[string]text `yaml:"operator" doc:"What is said in the place of what the operator has not told: name, phone, urgent_line and reads."`
	Profile  map[string]text `yaml:"profile" doc:"What the messenger shows of the bot: description, in a chat that is still empty, and about, on its page."`
}

// The single values.
type (
	name       string   // a-z, 0-9 and _
	expression string   // of the expression language
	duration   string   // 20m, 2h, 3d
	span       string   // a duration, or an expression that gives one
	whileWords struct{} // one word or several
	nameWords  struct{} // one name or several
	everything string   // all
	dayWords   struct{} // days, or an expression
	timeWords  struct{} // times of day, or an expression
	clock      string   // 08:00
	clockOr    string   // 08:00, or an expression that gives an hour
	shown      string   // card, why
	hours      string   // waking, any
	number     string   // a number, or an expression that gives one
	anyClass   string   // what something timed is to the person
	ownClass   string   // what a reminder is to the person
	day        string   // mon
	text       string   // the words of a text file
	positive   int      // 1 and more
	whole      int      // 0 and more
	ways       struct{} // a step, or branches
	wayBack    struct{} // a step, or that with what it sets
)
