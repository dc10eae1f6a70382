package flows

// Paper names a paper of a person, which is made from what is kept of them when it is
// sent. Nothing of it is kept.
type Paper string

// The papers.
const (
	TimelinePaper Paper = "timeline" // the chart, a picture
	ReportPaper   Paper = "report"   // the page for a doctor
	CalendarPaper Paper = "calendar" // the days of the exercises
	TablePaper    Paper = "table"    // the timeline, for a spreadsheet
	DataPaper     Paper = "data"     // all that is kept
)

// Papers are all of them.
var Papers = []Paper{TimelinePaper, ReportPaper, CalendarPaper, TablePaper, DataPaper}
