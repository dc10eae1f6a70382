package page_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// browser is a headless Chromium, driven by the DevTools protocol over a pipe: messages that end with a zero byte.
type browser struct {
	in *os.File

	mu      sync.Mutex
	count   int
	waiting map[int]chan devtoolsReply
}

type devtoolsReply struct {
	ID     int             `json:"id"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// startBrowser skips the test where no browser is installed, unless one is required.
func startBrowser(t *testing.T) *browser {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("SPASMBOT_REQUIRE_BROWSER") != "" {
			t.Fatal("no chromium here, and SPASMBOT_REQUIRE_BROWSER is set")
		}
		t.Skip("no chromium here: the chat page is not tested")
	}
	toBrowser, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, fromBrowser, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--no-first-run", "--remote-debugging-pipe",
		"--user-data-dir="+t.TempDir(), "about:blank")
	cmd.Env = append(os.Environ(), "TZ=Asia/Kathmandu") // a zone with minutes, to see local time
	cmd.ExtraFiles = []*os.File{toBrowser, fromBrowser}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = toBrowser.Close()
	_ = fromBrowser.Close()
	b := &browser{in: in, waiting: map[int]chan devtoolsReply{}}
	read := make(chan struct{})
	go func() {
		defer close(read)
		b.read(out)
	}()
	t.Cleanup(func() {
		_, _ = b.send("", "Browser.close", nil)
		_ = in.Close()
		_ = cmd.Wait() // a browser that was told to close may leave with any status
		<-read
	})
	return b
}

// tab is one page of the browser, for one test.
type tab struct {
	*browser
	t       *testing.T
	session string
}

func (b *browser) open(t *testing.T) *tab {
	t.Helper()
	c := &tab{browser: b, t: t}
	var target struct{ TargetID string }
	c.must("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	c.must("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	c.session = attached.SessionID
	c.must("Page.enable", nil, nil)
	c.must("Emulation.setLocaleOverride", map[string]any{"locale": "en-GB"}, nil)
	t.Cleanup(func() {
		_, _ = b.send("", "Target.closeTarget", map[string]any{"targetId": target.TargetID})
	})
	return c
}

func (b *browser) read(out *os.File) {
	scan := bufio.NewScanner(out)
	scan.Buffer(nil, 64<<20)
	scan.Split(func(data []byte, atEOF bool) (int, []byte, error) {
		if i := bytes.IndexByte(data, 0); i >= 0 {
			return i + 1, data[:i], nil
		}
		return 0, nil, nil
	})
	for scan.Scan() {
		var reply devtoolsReply
		if json.Unmarshal(scan.Bytes(), &reply) != nil || reply.ID == 0 {
			continue // an event; this driver asks instead
		}
		b.mu.Lock()
		if ch := b.waiting[reply.ID]; ch != nil {
			ch <- reply
		}
		b.mu.Unlock()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, ch := range b.waiting {
		close(ch)
	}
	b.waiting = map[int]chan devtoolsReply{}
}

func (b *browser) send(session, method string, params map[string]any) (devtoolsReply, error) {
	reply := make(chan devtoolsReply, 1)
	b.mu.Lock()
	b.count++
	id := b.count
	b.waiting[id] = reply
	b.mu.Unlock()
	command := map[string]any{"id": id, "method": method, "params": params}
	if session != "" {
		command["sessionId"] = session
	}
	message, err := json.Marshal(command)
	if err != nil {
		return devtoolsReply{}, err
	}
	if _, err := b.in.Write(append(message, 0)); err != nil {
		return devtoolsReply{}, err
	}
	r, ok := <-reply
	if !ok {
		return r, fmt.Errorf("%s: the browser has gone", method)
	}
	if r.Error != nil {
		return r, fmt.Errorf("%s: %s", method, r.Error.Message)
	}
	return r, nil
}

func (c *tab) must(method string, params map[string]any, into any) {
	c.t.Helper()
	r, err := c.send(c.session, method, params)
	if err == nil && into != nil {
		err = json.Unmarshal(r.Result, into)
	}
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *tab) visit(address string) {
	c.t.Helper()
	c.must("Page.navigate", map[string]any{"url": address}, nil)
}

// eval runs an expression, waits for it if it is a promise, and decodes its value.
func (c *tab) eval(expression string, into any) {
	c.t.Helper()
	if err := c.try(expression, into); err != nil {
		c.t.Fatal(err)
	}
}

func (c *tab) try(expression string, into any) error {
	reply, err := c.send(c.session, "Runtime.evaluate",
		map[string]any{"expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true})
	if err != nil {
		return err
	}
	var result struct {
		Result  struct{ Value json.RawMessage }
		Details *struct {
			Text      string
			Exception struct{ Description string }
		} `json:"exceptionDetails"`
	}
	if err := json.Unmarshal(reply.Result, &result); err != nil {
		return err
	}
	if result.Details != nil {
		return fmt.Errorf("%s: %s %s", expression, result.Details.Text, result.Details.Exception.Description)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(result.Result.Value, into)
}

// await lets the browser wait until the condition holds. A page that is just being replaced is asked again.
func (c *tab) await(condition string) {
	c.t.Helper()
	var ok bool
	var err error
	for range 5 {
		err = c.try(`new Promise((resolve) => {
			const deadline = performance.now() + 10000;
			const look = () => {
				let holds = false;
				try { holds = Boolean(`+condition+`); } catch {}
				if (holds || performance.now() > deadline) return resolve(holds);
				setTimeout(look, 20);
			};
			look();
		})`, &ok)
		if err == nil {
			break
		}
	}
	if !ok {
		var log string
		_ = c.try(`document.body?.innerText ?? ""`, &log) // only to tell more
		c.t.Fatalf("never came true: %s (%v)\nthe page shows:\n%s", condition, err, log)
	}
}

// screen sets the size of the window and the colour scheme.
func (c *tab) screen(width, height int, scheme string) {
	c.t.Helper()
	c.must("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}, nil)
	c.must("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{
		{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"},
	}}, nil)
}

// picture saves a screenshot in the folder that SPASMBOT_SCREENSHOTS names, if it names one.
func (c *tab) picture(name string) {
	c.t.Helper()
	folder := os.Getenv("SPASMBOT_SCREENSHOTS")
	if folder == "" {
		return
	}
	c.eval(`new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))`, nil)
	var shot struct{ Data string }
	c.must("Page.captureScreenshot", nil, &shot)
	data, err := base64.StdEncoding.DecodeString(shot.Data)
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name+".png"), data, 0o644)
	}
	if err != nil {
		c.t.Fatal(err)
	}
}
