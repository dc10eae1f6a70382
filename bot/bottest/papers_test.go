package bottest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"

	"spasmbot/bot/simulator"
)

// TestPapersInABrowser asks for each paper as a person does, presses the chart to see it
// larger, and opens each document: what the browser has saved is looked into.
func TestPapersInABrowser(t *testing.T) {
	p := &chatPage{t, browse(t, startDemo(t))}
	saved := t.TempDir()
	_, err := chromedp.CallBrowser(p.ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: saved,
	})
	if err != nil {
		t.Fatalf("allow downloads: %v", err)
	}
	p.settles()

	p.types("/timeline")
	p.until("the chart", `[...document.querySelectorAll("#log .message")].some((m) => m.textContent.includes("Pain: 6 at first") && m.querySelector("img.picture")?.naturalWidth === 1080)`)
	p.enlarges()

	p.jumpsTo("You have rested for a while") // from then on the days have a plan
	time.Sleep(reading)
	p.presses(none)
	for _, c := range []struct{ command, words, file, holds string }{
		{"/report", "One page for your doctor.", "report.pdf", "%PDF-"},
		{"/calendar", "How is your back?", "calendar.ics", "SUMMARY:How is your back?"},
		{"/mydata", "Answers and events:", "mydata.json", `"record": "entry"`},
		{"/mydata", "for a spreadsheet", "timeline.csv", "lifting"},
	} {
		if c.file != "timeline.csv" { // it comes with the data
			p.types(c.command)
		}
		content := p.opens(c.words, c.file, saved)
		if !strings.Contains(strings.ToLower(content), strings.ToLower(c.holds)) {
			t.Errorf("%s of %s has not %q: %.200q", c.file, c.command, c.holds, content)
		}
		if c.file == "mydata.json" && !json.Valid([]byte(content)) {
			t.Error("the data are no JSON")
		}
	}

	// The chart is as dark as the chat.
	light := p.brightness()
	for _, press := range []string{"Light or dark chart", "Dark"} {
		if press != "Dark" {
			p.types("/me")
		}
		p.presses(press)
	}
	p.sees("What I know of you")
	p.presses("Close")
	p.types("/timeline")
	p.until("the second chart", `document.querySelectorAll('img.picture[height="1200"]').length === 2 && [...document.querySelectorAll("img.picture")].at(-1).complete`)
	if dark := p.brightness(); dark > light/2 {
		t.Errorf("the chart for a dark chat is of brightness %.0f, the other of %.0f", dark, light)
	}
}

// chart is the newest chart in the chat.
const chart = `[...document.querySelectorAll('img.picture[height="1200"]')].at(-1)`

// enlarges presses the chart, and wants it larger than in the chat until it is closed.
func (p *chatPage) enlarges() {
	p.t.Helper()
	p.until("the chart to be there", chart+"?.complete")
	if _, err := chromedp.Run(p.ctx, chromedp.Evaluate[any](chart+`.closest("button").click()`)); err != nil {
		p.t.Fatalf("press the chart: %v", err)
	}
	p.until("the chart to be larger", `document.querySelector("#enlarged").open && document.querySelector("#large").complete
		&& document.querySelector("#large").clientWidth > 1.2 * `+chart+`.clientWidth`)
	p.fits("chart-enlarged")
	p.do("close the chart", chromedp.Click("#enlarged button"))
	p.until("the chart to be closed", `!document.querySelector("#enlarged").open`)
}

// opens presses the document of the message with the words, and reads what was saved.
func (p *chatPage) opens(words, name, saved string) string {
	p.t.Helper()
	link := fmt.Sprintf(`[...document.querySelectorAll("#log .message")].findLast((m) => m.textContent.includes(%q))?.querySelector("a.file")`, words)
	p.until("the document "+name, link+fmt.Sprintf("?.download === %q", name))
	if _, err := chromedp.Run(p.ctx, chromedp.Evaluate[any](link+".click()")); err != nil {
		p.t.Fatalf("press %s: %v", name, err)
	}
	for range 100 {
		if content, err := os.ReadFile(filepath.Join(saved, name)); err == nil && len(content) > 0 {
			return string(content)
		}
		time.Sleep(100 * time.Millisecond)
	}
	p.t.Fatalf("%s was not saved", name)
	return ""
}

// brightness is how bright the newest chart is, from 0 to 255.
func (p *chatPage) brightness() float64 {
	p.t.Helper()
	bright, err := chromedp.Run(p.ctx, chromedp.Evaluate[float64](`(() => {
		const canvas = Object.assign(document.createElement("canvas"), {width: 54, height: 60});
		const pen = canvas.getContext("2d");
		pen.drawImage(`+chart+`, 0, 0, 54, 60);
		const all = pen.getImageData(0, 0, 54, 60).data;
		return all.reduce((sum, v, i) => i % 4 === 3 ? sum : sum + v, 0) / (54 * 60 * 3);
	})()`))
	if err != nil {
		p.t.Fatalf("look at the chart: %v", err)
	}
	return bright
}

// papersOf are the files that the bot has sent in a chat, each with the beginning of its
// words.
func papersOf(messages []simulator.Message) (list []string) {
	for _, m := range messages {
		if m.FromBot && m.Media != nil && !strings.HasPrefix(m.Media.Name, "ease") {
			words, _, _ := strings.Cut(m.Text, "\n")
			list = append(list, m.Media.Kind+" "+m.Media.Name+": "+words)
		}
	}
	return list
}

// allPapers are what the four commands bring.
var allPapers = []string{
	"photo chart.png: Your chart", "document report.pdf: One page for your doctor. Read it before you show it.",
	"document calendar.ics: Your days. Open the file to put them into your calendar.",
	"document mydata.json: All that I keep of you. This file is for other programs.",
	"document timeline.csv: The same days as a table, for a spreadsheet.",
}

// TestPapersArrive: over a line that fails at first, beyond the end of a process, each
// paper arrives once; the chat is told that one is on its way; and neither a paper nor
// what Telegram calls it stays in the file. In a group there are none.
func TestPapersArrive(t *testing.T) {
	inBubble(t, rates{}, func(b *bubble) {
		anna := b.sim.Person(5)
		anna.SendCommand("/spasm")
		pressed(t, anna, "Yes, I am 18")
		pressed(t, anna, "None")
		b.sim.SetFault(func(c simulator.Call) *simulator.Fault {
			if c.Method == "sendPhoto" || c.Method == "sendDocument" {
				return &simulator.Fault{Code: 502, Delay: 6 * time.Second}
			}
			return nil
		})
		for _, command := range []string{"/timeline", "/report", "/calendar", "/mydata"} {
			anna.SendCommand(command)
		}
		time.Sleep(7 * time.Second)
		b.finish()
		b.sim.SetFault(nil)
		b.restart()
		time.Sleep(5 * time.Minute)
		if got := papersOf(anna.Messages()); !slices.Equal(got, allPapers) {
			t.Errorf("there came\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(allPapers, "\n"))
		}
		told := 0
		for c := range b.sim.Calls("sendChatAction") {
			if c.ChatID == 5 && c.Params["action"] == "upload_photo" {
				told++
			}
		}
		if told == 0 {
			t.Error("the chat was not told that the chart was on its way")
		}
		raw, err := os.ReadFile(b.file)
		if err != nil {
			t.Fatal(err)
		}
		for _, kept := range []string{"%PDF", "BEGIN:VCALENDAR", "/document/", "document-"} {
			if bytes.Contains(raw, []byte(kept)) {
				t.Errorf("the file holds %q", kept)
			}
		}

		group := b.sim.Group(-1001234567890)
		for i, command := range []string{"/timeline", "/report", "/calendar", "/mydata"} {
			group.Member(int64(1<<40 + i)).SendCommand(command + "@back_bot")
			settle()
			if m := group.Last(); m.Media != nil || !strings.Contains(m.Text, "in private") {
				t.Errorf("%s in a group was answered by %q with %+v", command, m.Text, m.Media)
			}
		}
	})
}

// TestPapersRefused: where the server takes no files, the person is told of each that they
// cannot have it, and goes on.
func TestPapersRefused(t *testing.T) {
	inBubble(t, rates{}, func(b *bubble) {
		anna := b.sim.Person(5)
		anna.SendCommand("/start")
		pressed(t, anna, "Yes, I am 18")
		b.sim.SetFault(func(c simulator.Call) *simulator.Fault {
			if c.Method == "sendPhoto" || c.Method == "sendDocument" {
				return &simulator.Fault{Code: 400, Description: "Bad Request: IMAGE_PROCESS_FAILED"}
			}
			return nil
		})
		anna.SendCommand("/timeline")
		anna.SendCommand("/report")
		anna.SendCommand("/privacy")
		time.Sleep(time.Minute)
		sorry, last := 0, ""
		for _, m := range anna.Messages() {
			if strings.HasPrefix(m.Text, "I could not make that file") {
				sorry++
			}
			if m.FromBot && len(m.Keyboard) == 0 {
				last = m.Text
			}
		}
		if got := papersOf(anna.Messages()); len(got) != 0 || sorry != 2 || !strings.HasPrefix(last, "What I keep") {
			t.Errorf("there came %q, %d times that it could not be made, and last %q", got, sorry, last)
		}
	})
}
