package app

import (
	"fmt"
	"strings"
	"time"

	"spasmbot/bot"
	"spasmbot/bot/chat"
	"spasmbot/bot/report"
	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/markup"
	"spasmbot/storage"
)

// papers makes the papers that people ask for, by the flows that are in use.
type papers struct {
	flows   *inUse
	version string
	// keep is how long records are kept of what is over; 0 is for ever.
	keep time.Duration
}

// PaperFile is a paper as a file.
type PaperFile struct {
	Name string
	Kind chat.MediaKind
	Make func(report.Person) ([]byte, error)
	// Says is what it says of itself, in plain words; nil is nothing.
	Says func(report.Person) string
}

// PaperFiles are the files of all papers.
var PaperFiles = map[flows.Paper]PaperFile{
	flows.TimelinePaper: {"chart.png", chat.Photo, chart, report.Caption},
	flows.ReportPaper:   {"report.pdf", chat.Document, report.Report, nil},
	flows.CalendarPaper: {"calendar.ics", chat.Document, report.Calendar, report.Ahead},
	flows.TablePaper:    {"timeline.csv", chat.Document, report.CSV, nil},
	flows.DataPaper:     {"mydata.json", chat.Document, report.JSON, report.Kept},
}

func chart(p report.Person) ([]byte, error) { return report.Chart(p, p.Look()) }

// draft reads what the paper of a message is made from.
func (p *papers) draft(r storage.Reader, m storage.Message, now time.Time) (bot.Draft, error) {
	c := p.flows.current.Load()
	kept, err := ReadKept(r, m.User, SleepIn(c))
	if err != nil {
		return bot.Draft{}, err
	}
	return bot.Draft{
		Make:  func() (bot.Paper, error) { return p.make(c, kept, m, now) },
		Sorry: c.Text(kept.State.Lang, "system", lang.PaperFailed).HTML(func(string) string { return "" }),
	}, nil
}

// make makes a paper.
func (p *papers) make(c *lang.Catalog, kept Kept, m storage.Message, now time.Time) (bot.Paper, error) {
	file, ok := PaperFiles[m.Paper]
	if !ok {
		return bot.Paper{}, fmt.Errorf("there is no paper %q", m.Paper)
	}
	person := Account(c, kept, p.version, now)
	person.Keep = p.keep
	data, err := file.Make(person)
	if err != nil {
		return bot.Paper{}, err
	}
	text := m.Text
	if file.Says != nil {
		text = below(text, file.Says(person))
	}
	return bot.Paper{Kind: file.Kind, Name: file.Name, Data: data, Text: text}, nil
}

// below puts plain words below a text, as far as both fit into a caption.
func below(text, words string) string {
	const gap = "\n\n"
	room := markup.MaxCaption - markup.Length(text) - len(gap)
	if words = markup.Clip(words, room); room <= 0 || strings.TrimSpace(words) == "" {
		return text
	}
	return text + gap + markup.Escape(words)
}
