package transcript

import (
	"fmt"
	"html"
	"io"
	"regexp"
	"slices"
	"strings"

	"spasmbot/flows"
)

// Describe writes the effects of the last event.
func (p *Player) Describe(out io.Writer) {
	since := p.Now.Sub(p.begun)
	stamp := fmt.Sprintf("%3d:%02d", int(since.Hours()), int(since.Minutes())%60)
	if p.Copied != "" {
		fmt.Fprintf(out, "%s  copied    %s\n", stamp, p.Copied)
	}
	for _, e := range p.Effects {
		switch e := e.(type) {
		case flows.Say:
			if p.describesCard(out, stamp, e.Message) {
				continue
			}
			if e.Message.Delete {
				fmt.Fprintf(out, "%s  deletes   %s\n", stamp, p.beginning(p.Changes(e.Message)))
				continue
			}
			describeMessage(out, stamp, e.Message)
		case flows.Forget:
			fmt.Fprintf(out, "%s  forgets   everything\n", stamp)
		case flows.Toast:
			fmt.Fprintf(out, "%s  toast     %s\n", stamp, e.Text)
		case flows.Record:
			line := fmt.Sprintf("%s  timeline  %s %s %s", stamp, e.Entry.Kind, e.Entry.Step, e.Entry.Choice)
			fmt.Fprintln(out, strings.TrimRight(line, " ")+inFull(e.Entry))
		case flows.Remind:
			r := e.Reminder
			if p.ofCard(r.ID) {
				continue
			}
			fmt.Fprintf(out, "%s  arm       #%d %s at %s\n", stamp, r.ID, r.Kind, r.Due.In(p.begun.Location()).Format("Mon 15:04"))
		case flows.Settle:
			if p.ofCard(e.ID) {
				continue
			}
			fmt.Fprintf(out, "%s  settle    #%d %s\n", stamp, e.ID, e.State)
		}
	}
}

// ofCard reports whether a timer is that of a card, which shows what comes of it.
func (p *Player) ofCard(id uint64) bool {
	return slices.ContainsFunc(p.Armed, func(r flows.Reminder) bool { return r.ID == id && r.Phase == flows.PhaseCard })
}

// beginning is how a message of the chat begins, for who knows it.
func (p *Player) beginning(id int64) string {
	for _, m := range p.Chat {
		if m.ID == id {
			first, _, more := strings.Cut(Readable(m.Text), "\n")
			if runes := []rune(first); len(runes) > mostOfBeginning {
				first, more = strings.TrimSpace(string(runes[:mostOfBeginning])), true
			}
			if more {
				first += "…"
			}
			return first
		}
	}
	return ""
}

const mostOfBeginning = 40

// inFull is what an answer says besides the button that stands for it: what was
// ticked.
func inFull(e flows.Entry) string {
	if value, ok := e.Value.(string); ok && e.Choice != "" && value != e.Choice {
		return " (" + value + ")"
	}
	return ""
}

func describeMessage(out io.Writer, stamp string, m flows.Message) {
	verb := "says"
	switch {
	case m.Edit != 0 || m.Of != 0:
		verb = "edits"
	case m.Silent:
		verb = "whispers"
	}
	if m.Text == "" {
		what := "(buttons removed)"
		if len(m.Keyboard) > 0 {
			what = "(only the buttons)"
		}
		fmt.Fprintf(out, "%s  edits     %s\n", stamp, what)
		describeKeyboard(out, stamp, m.Keyboard)
		return
	}
	if m.Paper != "" {
		fmt.Fprintf(out, "%s  hands     (paper: %s)\n", stamp, m.Paper)
	}
	if m.Picture+m.Animation != "" {
		fmt.Fprintf(out, "%s  shows     (%s)\n", stamp, m.Picture+m.Animation)
	}
	lead := fmt.Sprintf("%s  %-9s ", stamp, verb)
	for i, line := range strings.Split(Readable(m.Text), "\n") {
		if i > 0 {
			lead = strings.Repeat(" ", len(stamp)+12)
		}
		fmt.Fprintln(out, strings.TrimRight(lead+line, " "))
	}
	describeKeyboard(out, stamp, m.Keyboard)
}

func describeKeyboard(out io.Writer, stamp string, keyboard [][]flows.Key) {
	for _, row := range keyboard {
		fmt.Fprint(out, strings.Repeat(" ", len(stamp)+11))
		for _, key := range row {
			fmt.Fprintf(out, " [%s]", Face(key))
		}
		fmt.Fprintln(out)
	}
}

// Face is what is seen of a key, with its colour and what it copies.
func Face(key flows.Key) string {
	var more []string
	if key.Style != "" {
		more = append(more, string(key.Style))
	}
	if key.Copy != "" {
		more = append(more, "copies "+key.Copy)
	}
	if more == nil {
		return key.Label
	}
	return key.Label + " (" + strings.Join(more, ", ") + ")"
}

var (
	instantTag = regexp.MustCompile(`<tg-time unix="(\d+)" format="\w+">([^<]*)</tg-time>`)
	boldTag    = regexp.MustCompile(`</?b>`)
)

// Readable turns a message's HTML into what a person reads, with *words* for
// bold.
func Readable(text string) string {
	text = instantTag.ReplaceAllString(text, "$2")
	return html.UnescapeString(boldTag.ReplaceAllString(text, "*"))
}
