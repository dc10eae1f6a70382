package bottest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// browserPath finds Chromium, or skips.
func browserPath(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	lacks(t, "no Chromium found: install it to test what is seen in a browser")
	return ""
}

// lacks ends a test for which the machine lacks something.
func lacks(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("SPASMBOT_REQUIRE_BROWSER") != "" {
		t.Fatal(what + ", and SPASMBOT_REQUIRE_BROWSER is set")
	}
	t.Skip(what)
}

// startDemo runs the real binary's demo and returns its address.
func startDemo(t *testing.T, flags ...string) string {
	t.Helper()
	name, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(name, append([]string{"demo", "--listen", "127.0.0.1:0"}, flags...)...)
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Errorf("the demo ended with %v", err)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(line, "http://")
	address, _, _ := strings.Cut(rest, " ")
	return "http://" + address
}

// browse opens a page in a browser of its own.
func browse(t *testing.T, url string) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(browserPath(t)), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.NoFirstRun,
		chromedp.UserDataDir(t.TempDir()), chromedp.WSURLReadTimeout(time.Minute),
	)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(func() {
		chromedp.Cancel(ctx)
		cancel()
	})
	phone := chromedp.EmulateViewport(390, 844)
	if err := chromedp.Do(ctx, phone, chromedp.Navigate(url)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel = context.WithTimeout(ctx, 4*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// page drives the chat as a newcomer does.
type chatPage struct {
	t   *testing.T
	ctx context.Context
}

func (p *chatPage) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

// until waits for a JavaScript expression to hold.
func (p *chatPage) until(what, condition string) {
	p.t.Helper()
	_, err := chromedp.Run(p.ctx, chromedp.Poll[any](condition, chromedp.WithPollingTimeout(20*time.Second)))
	if err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

// sees waits until the newest message holds the words.
func (p *chatPage) sees(words string) {
	p.t.Helper()
	p.until("wait for "+words, newest(words))
}

// newest is the condition that the newest message holds words.
func newest(words string) string {
	return fmt.Sprintf(`[...document.querySelectorAll("#log .message")].at(-1)?.textContent.includes(%q)`, words)
}

// presses presses the newest button with the label.
func (p *chatPage) presses(label string) {
	p.t.Helper()
	button := fmt.Sprintf(`[...document.querySelectorAll(".keyboard button")].filter(b => b.textContent.trim() === %q && !b.disabled).at(-1)`, label)
	p.until("look for "+label, "!!"+button)
	if _, err := chromedp.Run(p.ctx, chromedp.Evaluate[any](button+".click()")); err != nil {
		p.t.Fatalf("press %s: %v", label, err)
	}
}

// jumps lets the clock jump to the next timed message.
func (p *chatPage) jumps() {
	p.t.Helper()
	p.until("the clock bar", `document.querySelector("#jump")?.disabled === false`)
	p.do("jump", chromedp.Click("#jump"))
}

// jumpsTo jumps from timer to timer until one brings the words. At some hours of
// the day there is one before that says nothing.
func (p *chatPage) jumpsTo(words string) {
	p.t.Helper()
	for range 3 {
		p.jumps()
		if _, err := chromedp.Run(p.ctx, chromedp.Poll[any](newest(words), chromedp.WithPollingTimeout(10*time.Second))); err == nil {
			return
		}
	}
	p.t.Fatalf("three jumps did not lead to %q", words)
}

func (p *chatPage) types(text string) {
	p.t.Helper()
	p.do("type", chromedp.WaitVisible("#text"), chromedp.SendKeys("#text", text), chromedp.Click("#send"))
}

// phones are the widths of the screens that people have, the usual one last.
var phones = []int64{320, 390}

// fits wants room for each label of the newest buttons on every phone, on one line: a
// messenger breaks none, and cuts the rest off. Pictures are kept where SPASMBOT_SHOTS
// says, by light and in the dark.
func (p *chatPage) fits(name string) {
	p.t.Helper()
	for _, width := range phones {
		p.do("resize", chromedp.EmulateViewport(width, 844))
		long, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]string](broken))
		if err != nil {
			p.t.Fatalf("look at the buttons: %v", err)
		}
		if len(long) > 0 {
			p.t.Errorf("%s: on a phone of %d pixels there is no room for the labels %q", name, width, long)
		}
		for _, scheme := range []string{"dark", "light"} {
			p.shot(fmt.Sprintf("%s-%d-%s", name, width, scheme), scheme)
		}
	}
}

// broken lists the labels of the newest buttons that have more letters than there is
// room for. A letter of the fonts of phones is about 7.3 pixels wide in a label; what
// font the browser of a test has is by chance.
const broken = `(() => {
	const buttons = [...document.querySelectorAll("#log .message:has(.keyboard)")].at(-1)?.querySelectorAll("button") ?? [];
	return [...buttons].filter((b) => {
		const { paddingLeft, paddingRight } = getComputedStyle(b);
		const room = b.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
		return b.textContent.length * 7.3 > room || b.scrollWidth > b.clientWidth || b.scrollHeight > b.clientHeight;
	}).map((b) => b.textContent);
})()`

// shot keeps a picture where SPASMBOT_SHOTS says.
func (p *chatPage) shot(name, scheme string) {
	p.t.Helper()
	dir := os.Getenv("SPASMBOT_SHOTS")
	if dir == "" {
		return
	}
	p.do("colours", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	}))
	p.until("the page to come to rest", `document.getAnimations().length === 0`)
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatalf("screenshot: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// pictured waits until the newest message shows a picture, within a phone.
func (p *chatPage) pictured(name string) {
	p.t.Helper()
	p.until("the picture of "+name, `(() => {
		const img = [...document.querySelectorAll("#log .message")].at(-1)?.querySelector("img");
		const box = img?.getBoundingClientRect();
		return img?.complete && img.naturalWidth > 0 && box.width > 100 && box.left >= 0 && box.right <= innerWidth;
	})()`)
}

// TestDemoInABrowser goes from an empty chat to the first take-off. A browser has
// enough to do without other tests beside it.
func TestDemoInABrowser(t *testing.T) {
	browserPath(t)
	p := &chatPage{t, browse(t, startDemo(t))}
	p.types("/spasm")
	p.sees("Lie down the way that hurts least")
	p.fits("consent")
	p.types("it hurts <b>so</b> much & more")
	p.sees("I cannot understand writing")
	p.presses(agreed)
	p.sees("Since this began, is any of these true?")
	p.fits("first-question")
	time.Sleep(reading)
	p.presses(none)
	p.sees("Lie like one of these")
	p.pictured("the positions")
	p.fits("rest")
	p.presses("Breathe with me")
	p.presses("2 minutes")
	p.sees("Follow the flower")
	p.pictured("the circle")
	p.fits("breathing")
	p.presses("That is enough")
	p.sees("What is true for you?")
	p.fits("facts")
	p.presses(none)
	p.sees("Is any of these true now?")
	p.fits("today")
	time.Sleep(reading)
	p.presses(none)
	p.sees("When did it lock up?")
	p.fits("onset")
	p.presses("The last hour")
	p.sees("Cold may ease it")
	p.pictured("the pack")
	p.fits("cold-pack")
	p.presses(packOn)
	p.until("the start of the round", `document.querySelector("#log").textContent.includes("Cold on now")`)
	p.fits("cold-on")
	p.presses("6")
	p.sees("In which country are you?")
	p.fits("country")
	p.presses("Ireland")
	p.sees("where you are")
	p.fits("clock")
	p.presses("Right, I sleep at night")
	p.sees("What were you doing")
	p.fits("trigger")
	p.presses("Lifting")
	p.sees("Is any of these true?")
	p.fits("days")
	time.Sleep(reading)
	p.presses(none)
	p.sees("Day 1 of 3: cold")
	p.fits("care")
	// The clock bar jumps to the skin check and then to the take-off.
	p.jumpsTo("Look at your skin now")
	p.jumpsTo("Take the cold off now")
	p.fits("cold-off")
	p.presses("Stop all")
	p.sees("Everything is off")
}

// TestCardInABrowser looks at the card, and at what stands pinned above the chat, through
// four days.
func TestCardInABrowser(t *testing.T) {
	longOnly(t)
	p := &chatPage{t, browse(t, startDemo(t))}
	p.settles()
	p.until("the pin", `document.querySelector("#pinned-text")?.textContent === "Day 1 of 3: cold"`)
	p.until("the line of the pin to be gone", `document.querySelector(".service") === null`)
	p.fits("card-1")
	p.presses("More")
	p.sees("What would you like?")
	p.fits("card-more")
	p.presses("Back")
	p.jumpsTo("You have rested for a while")
	time.Sleep(reading)
	p.presses(none)
	p.presses("Not now")
	for day, words := range []string{"Day 2 of 3: cold", "Day 3 of 3: cold", "Day 4"} {
		p.do("speed", chromedp.Click(`#speeds input[value="3600"]`))
		p.untilLate(words, fmt.Sprintf(`document.querySelector("#pinned-text").textContent.startsWith(%q)`, words))
		p.do("speed", chromedp.Click(`#speeds input[value="1"]`))
		p.types("/status")
		p.sees(words)
		p.fits(fmt.Sprintf("card-%d", day+2))
	}
	p.presses("Quiet hour")
	p.sees("I am quiet until")
	p.types("/status")
	p.sees("Quiet until")
	p.fits("card-quiet")
}

// untilLate is until for what takes a day of the demo's clock.
func (p *chatPage) untilLate(what, condition string) {
	p.t.Helper()
	for range 6 {
		if _, err := chromedp.Run(p.ctx, chromedp.Poll[any](condition, chromedp.WithPollingTimeout(20*time.Second))); err == nil {
			return
		}
	}
	p.t.Fatalf("%s does not come", what)
}

// settles answers all that is asked before the time is kept.
func (p *chatPage) settles() {
	p.t.Helper()
	p.types("/spasm")
	p.presses(agreed)
	p.sees("Since this began, is any of these true?")
	time.Sleep(reading)
	p.presses(none)
	p.presses("I am lying")
	p.sees("What is true for you?")
	p.presses(none)
	p.sees("Is any of these true now?")
	time.Sleep(reading)
	p.presses(none)
	for _, label := range []string{"The last hour", packOn, "6", "Ireland", "Right, I sleep at night", "Lifting"} {
		p.presses(label)
	}
	p.sees("Is any of these true?")
	time.Sleep(reading)
	p.presses(none)
	p.sees("Day 1 of 3: cold")
}
