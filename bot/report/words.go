package report

// Words are what the papers say of themselves, in one language. Names in braces stand
// for what is filled in.
type Words struct {
	// Months and Weekdays are short. The year begins with January and the week with
	// Sunday.
	Months   [12]string
	Weekdays [7]string

	// Of the chart and its caption.
	ChartTitle string
	Day        string // {n}
	Days       string // {from} to {to}
	Zone       string // times in {city}
	Shaded     string // what the shade stands for, as told
	Guessed    string // and as guessed
	NoPain     string
	Now        string
	Kinds      [kinds]string // by Kind
	Times      string        // {kind} was done {n} times
	PainThen   string        // {from} at first, {to} last
	PainWorst  string        // {n} at {time}

	// Of what is kept, in words.
	KeptKinds   [6]string // facts, episodes, entries, timers, messages, updates nobody could read
	KeptSpan    string    // {from} to {to}
	KeptFor     string    // {n} days
	KeptForEver string
	// Of what lies ahead, in words.
	Check      string // what is asked
	NoPlan     string
	PlanOnce   string // {what} at {time}
	PlanWeekly string // {what} on {days} at {time}, first on {from}
	EveryDay   string

	// Of the page as a whole.
	Title, Subtitle string
	Name, Born      string
	Made            string // at {time}
	Page            string // {n} of {all}
	Unknown         string
	NotAsked        string
	More            string // {n} had no room

	// Of its parts.
	Course       string
	Began        string
	Between      string // {from} and {to}
	Today        string // is day {n}
	Over         string // since {time}
	Cause, Place string
	Pain         string
	PainLine     string // {from} at first, {worst} at worst, {to} last
	Earlier      string
	About        string
	Age          string
	Younger      string // under 65
	Older        string
	NoFacts      string // of what was asked
	Asleep       string // {from} to {to}, as told
	Nights       string // and as guessed
	Seen, NoSeen string
	Signs        string
	NoSigns      string
	SignYes      string
	SignUnsure   string
	SignNo       string // at {time}, before the signs
	Done         string
	NoneDone     string
	DoneHead     [4]string // what, times, minutes, last
	Function     string
	Medicine     string
	NoMedicine   string
	Exercise     string

	// Of the table.
	TableHead [5]string // time, kind, what, answer, value
	Yes, No   string
}

// English are the words in English.
func English() *Words {
	return &Words{
		Months:   [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		Weekdays: [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},

		ChartTitle: "Your pain, 0 to 10",
		Day:        "Day {n}",
		Days:       "Days {from} to {to}",
		Zone:       "times in {city}",
		Shaded:     "Shaded: your sleep",
		Guessed:    "Shaded: usual nights",
		NoPain:     "No pain was noted yet",
		Now:        "now",
		Kinds:      [kinds]string{"Cold", "Warmth", "Moves", "Exercise", "Medicine"},
		Times:      "{kind}: {n}×",
		PainThen:   "Pain: {from} at first, {to} last",
		PainWorst:  "Worst: {n} on {time}",

		KeptKinds: [6]string{
			"Things I know of you", "Spasms and exercise plans", "Answers and events", "Reminders and timers",
			"Messages, when and how they came", "What I could not read",
		},
		KeptSpan:    "From {from} to {to}",
		KeptFor:     "What is over goes after {n} days.",
		KeptForEver: "It stays until you send /forget.",

		Check:      "How is your back?",
		NoPlan:     "No day is planned yet.",
		PlanOnce:   "{what}: {time}",
		PlanWeekly: "{what}: {days} at {time}, from {from}",
		EveryDay:   "every day",

		Title:    "Back pain: what I noted",
		Subtitle: "Self-reported to a program. Nobody has checked it.",
		Name:     "Name",
		Born:     "Born",
		Made:     "Made on {time}",
		Page:     "Page {n} of {all}",
		Unknown:  "not told",
		NotAsked: "Not asked yet",
		More:     "and {n} more, in the data",

		Course:     "How it went",
		Began:      "Began",
		Between:    "between {from} and {to}",
		Today:      "Today is day {n}",
		Over:       "Over since {time}",
		Cause:      "Set off by",
		Place:      "Where",
		Pain:       "Pain, 0 to 10",
		PainLine:   "{from} at first, {worst} at worst, {to} last",
		Earlier:    "Earlier spasms",
		About:      "About me",
		Age:        "Age",
		Younger:    "under 65",
		Older:      "65 or older",
		NoFacts:    "None of what I asked about",
		Asleep:     "Sleep: {from} to {to}",
		Nights:     "Sleep, not told (a guess): {from} to {to}",
		Seen:       "Seen by",
		NoSeen:     "Nobody yet",
		Signs:      "Warning signs",
		NoSigns:    "No sign was asked about yet",
		SignYes:    "YES",
		SignUnsure: "NOT SURE",
		SignNo:     "No, {time}:",
		Done:       "What I did",
		NoneDone:   "Nothing was noted yet",
		DoneHead:   [4]string{"What", "Times", "Minutes", "Last"},
		Function:   "What I can do",
		Medicine:   "Medicine, in my own words",
		NoMedicine: "Nothing was noted",
		Exercise:   "Exercises",

		TableHead: [5]string{"Time", "Kind", "What", "Answer", "Value"},
		Yes:       "yes",
		No:        "no",
	}
}
