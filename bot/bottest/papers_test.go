package bottest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
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
