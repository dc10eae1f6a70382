package page_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"spasmbot/bot/simulator"
	"spasmbot/bot/simulator/page"
)

// demo is a simulator with the chat page and a stand-in for the demo's own addresses.
type demo struct {
	t      *testing.T
	server *simulator.Server
	web    *httptest.Server

	mu     sync.Mutex
	asked  []string // bodies of POST /demo/clock
	faults []string
}

func newDemo(t *testing.T, withClock bool) *demo {
	t.Helper()
	d := &demo{t: t, server: simulator.New(simulator.Config{BotName: "Back Spasm Helper", BotUsername: "back_bot"})}
	mux := http.NewServeMux()
	mux.Handle("/", page.Handler())
	mux.Handle("/sim/", d.server.PageAPI())
	if withClock {
		mux.HandleFunc("GET /demo/clock", func(w http.ResponseWriter, _ *http.Request) {
			_ = json.NewEncoder(w).Encode(map[string]any{"now": time.Now(), "speed": 60, "next": time.Now().Add(100 * time.Minute)})
		})
		mux.HandleFunc("POST /demo/clock", func(_ http.ResponseWriter, r *http.Request) {
			var body bytes.Buffer
			_, _ = body.ReadFrom(r.Body)
			d.mu.Lock()
			defer d.mu.Unlock()
			d.asked = append(d.asked, body.String())
		})
		mux.HandleFunc("GET /demo/faults", func(w http.ResponseWriter, _ *http.Request) {
			d.mu.Lock()
			defer d.mu.Unlock()
			_ = json.NewEncoder(w).Encode(append([]string{}, d.faults...))
		})
	}
	d.web = httptest.NewServer(mux)
	t.Cleanup(func() {
		d.web.CloseClientConnections() // event streams have no end of their own
		d.web.Close()
	})
	return d
}

// bot makes a call as the bot would and returns the id of the message in the result.
func (d *demo) bot(method string, params map[string]any) int64 {
	d.t.Helper()
	body, _ := json.Marshal(params)
	r := httptest.NewRequest(http.MethodPost, "/bot"+d.server.Token()+"/"+method, bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return d.do(r)
}

func (d *demo) do(r *http.Request) int64 {
	d.t.Helper()
	w := httptest.NewRecorder()
	d.server.Handler().ServeHTTP(w, r)
	var reply struct {
		Result json.RawMessage `json:"result"`
	}
	var message struct {
		ID int64 `json:"message_id"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &reply); err != nil || w.Code != 200 {
		d.t.Fatalf("%s: %d %s", r.URL.Path, w.Code, w.Body)
	}
	_ = json.Unmarshal(reply.Result, &message) // true, for some methods
	return message.ID
}

func (d *demo) sendFile(method, kind, name string, data []byte, chat int64, caption string) int64 {
	d.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	_ = w.WriteField("chat_id", fmt.Sprint(chat))
	_ = w.WriteField("caption", caption)
	part, _ := w.CreateFormFile(kind, name)
	_, _ = part.Write(data)
	_ = w.Close()
	r := httptest.NewRequest(http.MethodPost, "/bot"+d.server.Token()+"/"+method, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return d.do(r)
}

func chart() []byte {
	picture := image.NewRGBA(image.Rect(0, 0, 600, 300))
	for x := range 600 {
		for y := range 300 {
			c := color.RGBA{240, 246, 244, 255}
			if line := 60 + x*x/2400; y > line && y < line+6 {
				c = color.RGBA{14, 124, 116, 255}
			}
			picture.Set(x, y, c)
		}
	}
	var out bytes.Buffer
	_ = png.Encode(&out, picture)
	return out.Bytes()
}

// rows makes a keyboard with one button a row, from label and data in turn.
func rows(pairs ...string) map[string]any {
	var rows [][]map[string]string
	for i := 0; i < len(pairs); i += 2 {
		rows = append(rows, []map[string]string{{"text": pairs[i], "callback_data": pairs[i+1]}})
	}
	return map[string]any{"inline_keyboard": rows}
}

func message(id int64) string {
	return fmt.Sprintf(`document.querySelector('.message[data-id="%d"]')`, id)
}

// One browser serves all tests, as it takes longest to start.
func TestPage(t *testing.T) {
	b := startBrowser(t)
	for _, test := range []struct {
		name  string
		clock bool
		run   func(*testing.T, *tab, *demo)
	}{
		{"Chat", false, testChat},
		{"StartScreen", false, testStartScreen},
		{"TextIsNeverMarkup", false, testTextIsNeverMarkup},
		{"Buttons", false, testButtons},
		{"Reconnect", false, testReconnect},
		{"EntitiesAndTimes", false, testEntitiesAndTimes},
		{"DemoBars", true, testDemoBars},
		{"End", false, testEnd},
		{"Looks", true, testLooks},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, b.open(t), newDemo(t, test.clock)) })
	}
}

// testStartScreen: before the first message stands what the bot says of itself, in
// the person's language, and the button takes the payload of a link along.
func testStartScreen(t *testing.T, c *tab, d *demo) {
	d.bot("setMyDescription", map[string]any{"description": "Has your back locked up?\n\nThen <b>press</b> Start."})
	d.bot("setMyDescription", map[string]any{"description": "Ist dein Rücken steif?", "language_code": "de"})
	c.screen(320, 568, "dark")
	c.visit(d.web.URL + "/?start=spasm")
	c.await(`document.querySelector("#empty:not([hidden]) #description")?.textContent.includes("Then <b>press</b> Start.")`)
	c.picture("start-screen")
	c.eval(`(() => { const l = document.getElementById("language"); l.value = "de"; l.dispatchEvent(new Event("change")); })()`, nil)
	c.await(`document.getElementById("description").textContent === "Ist dein Rücken steif?"`)
	c.eval(`document.getElementById("start").click()`, nil)
	c.await(message(1) + `.querySelector(".text").textContent === "/start spasm" && document.getElementById("empty").hidden`)
}

func testChat(t *testing.T, c *tab, d *demo) {
	c.screen(390, 780, "light")
	c.visit(d.web.URL)
	c.await(`document.querySelector("#empty:not([hidden])") && document.title === "Back Spasm Helper"`)
	c.picture("empty-phone")

	// The start button begins the chat as a person of six digits.
	var person int64
	c.eval(`document.getElementById("start").click(), Number(document.getElementById("person").textContent)`, &person)
	c.await(message(1) + `.querySelector(".text").textContent === "/start"`)
	if person < 100000 || d.server.Person(person).Last().Text != "/start" {
		t.Fatalf("person %d wrote %+v", person, d.server.Person(person).Last())
	}

	// A question, whose button waits for the answer, which is a toast; the edit keeps the place and the focus.
	id := d.bot("sendMessage", map[string]any{
		"chat_id": person, "text": "<b>Where</b> does it hurt?", "parse_mode": "HTML",
		"reply_markup": rows("Low in the back", "low", "Elsewhere", "else"),
	})
	c.await(message(id) + `.querySelector("b").textContent === "Where"`)
	c.eval(`(() => { const b = `+message(id)+`.querySelector("button"); b.focus(); b.click(); })()`, nil)
	c.await(message(id) + `.querySelector("button").ariaBusy === "true"`)
	query := pressedQuery(t, d)
	d.bot("answerCallbackQuery", map[string]any{"callback_query_id": query, "text": "Noted"})
	c.await(`document.querySelector("#toasts div")?.textContent === "Noted" && ` + message(id) + `.querySelector("button").ariaBusy === "false"`)
	d.bot("editMessageText", map[string]any{"chat_id": person, "message_id": id, "text": "And how much?", "reply_markup": rows("A lot", "9", "A bit", "2")})
	c.await(message(id) + `.querySelector(".text").textContent === "And how much?" && document.activeElement.textContent === "A lot"`)

	// An alert is a dialog.
	c.eval(`document.activeElement.click()`, nil)
	d.bot("answerCallbackQuery", map[string]any{"callback_query_id": pressedQuery(t, d), "text": "Call 112", "show_alert": true})
	c.await(`document.getElementById("alert").open && document.getElementById("alert-text").textContent === "Call 112"`)
	c.eval(`document.querySelector("#alert button").click()`, nil)

	// Typing, sending with Enter, and taking back.
	c.eval(`document.getElementById("text").focus()`, nil)
	c.must("Input.insertText", map[string]any{"text": "seven"}, nil)
	c.must("Input.dispatchKeyEvent", map[string]any{"type": "keyDown", "key": "Enter", "code": "Enter"}, nil)
	c.await(`[...document.querySelectorAll('[data-from="me"] .text')].at(-1).textContent === "seven" && document.getElementById("text").value === ""`)
	d.bot("deleteMessage", map[string]any{"chat_id": person, "message_id": id})
	c.await(message(id) + ` === null`)

	// Without a demo around it there is no clock.
	var clockHidden, faultsHidden bool
	c.eval(`document.getElementById("clock").hidden`, &clockHidden)
	c.eval(`document.getElementById("faults").hidden`, &faultsHidden)
	if !clockHidden || !faultsHidden {
		t.Error("the demo's bars show without a demo")
	}

	// Blocking, and a new person.
	c.eval(`document.getElementById("block").click()`, nil)
	c.await(`document.getElementById("composer").hidden && !document.getElementById("unblock").hidden`)
	if !d.server.Person(person).Blocked() {
		t.Error("the bot is not blocked")
	}
	c.eval(`document.getElementById("unblock").click()`, nil)
	c.await(`!document.getElementById("composer").hidden`)
	c.eval(`document.getElementById("new-person").click()`, nil)
	c.await(fmt.Sprintf(`!document.getElementById("empty").hidden && Number(document.getElementById("person").textContent) !== %d`, person))
}

// pressedQuery fetches the newest callback query as the bot would.
func pressedQuery(t *testing.T, d *demo) string {
	t.Helper()
	for range 100 {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/bot"+d.server.Token()+"/getUpdates?offset=-1&timeout=5", nil)
		d.server.Handler().ServeHTTP(w, r)
		var reply struct {
			Result []struct {
				ID    int64                `json:"update_id"`
				Query *struct{ ID string } `json:"callback_query"`
			} `json:"result"`
		}
		if err := json.Unmarshal(w.Body.Bytes(), &reply); err != nil {
			t.Fatal(err)
		}
		if len(reply.Result) == 0 {
			break
		}
		r = httptest.NewRequest(http.MethodGet, fmt.Sprintf("/bot%s/getUpdates?offset=%d", d.server.Token(), reply.Result[0].ID+1), nil)
		d.server.Handler().ServeHTTP(httptest.NewRecorder(), r)
		if q := reply.Result[0].Query; q != nil {
			return q.ID
		}
	}
	t.Fatal("no callback query came")
	return ""
}

// Whatever a text contains, it is text.
func testTextIsNeverMarkup(t *testing.T, c *tab, d *demo) {
	c.visit(d.web.URL)
	c.await(`document.getElementById("person")?.textContent`)
	var person int64
	c.eval(`Number(document.getElementById("person").textContent)`, &person)
	const nasty = `<img src=x onerror="document.title='hacked'"><script>document.title='hacked'</script>`
	p := d.server.Person(person)
	p.SendText(nasty)
	id := d.bot("sendMessage", map[string]any{
		"chat_id": person, "text": nasty, "reply_markup": rows(nasty[:40], "x"),
		"entities": []map[string]any{{"type": "text_link", "offset": 0, "length": 4, "url": "javascript:document.title='hacked'"}},
	})
	c.await(message(id))
	var got struct {
		Text, Title, Label string
		Scripts, Images    int
		Href               *string
	}
	c.eval(`({Text: `+message(id)+`.querySelector(".text").textContent, Title: document.title, Label: `+message(id)+`.querySelector(".keyboard button").textContent,
		Scripts: document.querySelectorAll("#log script").length, Images: document.querySelectorAll("#log img").length,
		Href: `+message(id)+`.querySelector(".text a")?.getAttribute("href") ?? null})`, &got)
	if got.Text != nasty || got.Title == "hacked" || got.Label != nasty[:40] || got.Scripts+got.Images != 0 || got.Href != nil {
		t.Errorf("the page shows %+v", got)
	}
}

// A demo that restarts comes back to the page by itself, and what the old one said is gone.
func testReconnect(t *testing.T, c *tab, d *demo) {
	c.visit(d.web.URL)
	c.await(`!document.getElementById("empty").hidden`)
	var person int64
	c.eval(`Number(document.getElementById("person").textContent)`, &person)
	p := d.server.Person(person)
	p.SendText("one")
	c.await(message(1))
	d.web.CloseClientConnections()
	p.SendText("two")
	c.await(message(2) + ` && document.querySelectorAll(".message").length === 2`)
}

func testEntitiesAndTimes(t *testing.T, c *tab, d *demo) {
	c.visit(d.web.URL)
	c.await(`!document.getElementById("empty").hidden`)
	var person int64
	c.eval(`Number(document.getElementById("person").textContent)`, &person)
	d.server.Person(person).SendText("x")
	soon := time.Now().Add(2*time.Hour + 10*time.Second).Unix()
	for _, test := range []struct{ html, want string }{
		{"<b>a<i>b</i></b>👍<u>c</u>", "<b>a<i>b</i></b>👍<u>c</u>"},
		{"<code>x &lt; y</code>", "<code>x &lt; y</code>"},
		{`<a href="https://a.org">go</a>`, `<a href="https://a.org/" target="_blank" rel="noopener noreferrer">go</a>`},
		{"1 &lt; 2 &amp; 3", "1 &lt; 2 &amp; 3"},
		// 2022-03-17 15:45 UTC is 21:30 in Kathmandu, whose offset is 5:45.
		{`<tg-time unix="1647531900" format="wDT">x</tg-time>`, "Thursday, 17 March 2022 at 21:30:00"},
		{`<tg-time unix="1647531900" format="dt">x</tg-time>`, "17 Mar, 21:30"},
		{`<tg-time unix="1647531900" format="t">x</tg-time>`, "21:30"},
		{`<tg-time unix="1647531900">as written</tg-time>`, "as written"},
		{fmt.Sprintf(`<tg-time unix="%d" format="r">x</tg-time>`, soon), "in 2 hours"},
	} {
		id := d.bot("sendMessage", map[string]any{"chat_id": person, "text": test.html, "parse_mode": "HTML"})
		c.await(message(id))
		var got string
		property := "innerHTML"
		if strings.Contains(test.html, "tg-time") {
			property = "textContent"
		}
		c.eval(message(id)+`.querySelector(".text").`+property, &got)
		if got != test.want {
			t.Errorf("%s: shown as %s, want %s", test.html, got, test.want)
		}
	}
}

func testDemoBars(t *testing.T, c *tab, d *demo) {
	d.faults = []string{"spasm.yaml:12:7: step \"rest\": there is no step \"slep\": did you mean \"sleep\"?"}
	c.screen(390, 780, "light")
	c.visit(d.web.URL)
	c.await(`!document.getElementById("clock").hidden && !document.getElementById("faults").hidden`)
	c.await(`/^Next in (99|100) minutes$/.test(document.getElementById("clock-next").textContent) && document.querySelector("#speeds input:checked").value === "60"`)
	c.picture("demo-phone")
	c.eval(`document.querySelector('#speeds input[value="3600"]').click()`, nil)
	c.eval(`document.getElementById("jump").click()`, nil)
	c.await(`performance.getEntriesByType("resource").filter((e) => e.name.endsWith("/demo/clock")).length >= 5`)
	d.mu.Lock()
	defer d.mu.Unlock()
	if got := strings.Join(d.asked, " "); got != `{"speed":3600} {"jump":true}` {
		t.Errorf("the clock was asked for %s", got)
	}
}

// The page stays at its end when the window changes, with longer lines than before and a picture among them; whoever
// reads further up stays there.
func testEnd(t *testing.T, c *tab, d *demo) {
	c.screen(1280, 860, "light")
	c.visit(d.web.URL)
	c.await(`!document.getElementById("empty").hidden`)
	var person int64
	c.eval(`Number(document.getElementById("person").textContent)`, &person)
	d.server.Person(person).SendCommand("spasm")
	var last int64
	for i := range 40 {
		last = d.bot("sendMessage", map[string]any{"chat_id": person, "text": strings.Repeat(fmt.Sprintf("Lie down, %d. ", i), 20)})
		if i == 20 {
			d.sendFile("sendPhoto", "photo", "pain.png", chart(), person, "Your pain since it began")
		}
	}
	below := `document.getElementById("scroller").scrollHeight - document.getElementById("scroller").clientHeight - document.getElementById("scroller").scrollTop`
	c.await(message(last) + ` && document.querySelector("img.picture").complete && ` + below + ` < 2`)
	for _, size := range [][2]int{{390, 780}, {320, 600}, {320, 300}, {1280, 860}} {
		c.screen(size[0], size[1], "light")
		c.await(fmt.Sprintf("innerWidth === %d && innerHeight === %d && %s < 2", size[0], size[1], below))
	}
	var stays bool
	frames := func(then string) {
		c.eval(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(`+then+`))))`, &stays)
	}
	frames("true") // the last change is observed
	c.eval(`document.getElementById("scroller").scrollTop = 100`, nil)
	frames("true")
	c.screen(390, 780, "light")
	c.await("innerWidth === 390")
	if frames(below + " > 1000"); !stays {
		t.Error("whoever reads further up is led to the end")
	}
}

// Not a test of much by itself: it fills the page for the pictures, and checks that nothing sticks out sideways.
func testLooks(t *testing.T, c *tab, d *demo) {
	c.screen(390, 780, "light")
	c.visit(d.web.URL)
	c.await(`!document.getElementById("empty").hidden`)
	var person int64
	c.eval(`Number(document.getElementById("person").textContent)`, &person)
	p := d.server.Person(person)
	d.bot("setMyCommands", map[string]any{"commands": []map[string]string{
		{"command": "spasm", "description": "My back has locked up"},
		{"command": "timeline", "description": "What has happened so far"},
		{"command": "stop", "description": "End the reminders"},
	}})
	send := func(html string, markup map[string]any) int64 {
		return d.bot("sendMessage", map[string]any{"chat_id": person, "text": html, "parse_mode": "HTML", "reply_markup": markup})
	}
	p.SendCommand("spasm")
	send("<b>Stop. Lie down.</b>\nOn your back with the knees up, or on your side. Is any of this true?\n\n"+
		"• numb between the legs\n• no control of bladder or bowel\n• a fall or an accident before it", map[string]any{"inline_keyboard": []any{
		[]any{map[string]any{"text": "None of these", "callback_data": "none", "style": "success"}},
		[]any{map[string]any{"text": "Yes, one or more", "callback_data": "any", "style": "danger"}, map[string]any{"text": "I am not sure", "callback_data": "unsure"}},
	}})
	p.SendText("It began when I lifted a box, about two hours ago")
	d.sendFile("sendPhoto", "photo", "pain.png", chart(), person, "Your pain since it began")
	d.sendFile("sendDocument", "document", "for-your-doctor.html", []byte(strings.Repeat("x", 5000)), person, "")
	p.SendSticker("💪")
	last := send(fmt.Sprintf("<b>Cold on.</b> A pack over a thin towel, until <tg-time unix=\"%d\" format=\"t\">soon</tg-time> "+
		"(<tg-time unix=\"%d\" format=\"r\">soon</tg-time>).\n<blockquote expandable>Why: the muscles lock to shield something.\nCold calms them.\nLine three.\nLine four, hidden at first.</blockquote>"+
		"<tg-spoiler>Hidden</tg-spoiler> <code>/stop</code> ends it, or tap /stop. <a href=\"https://www.nhs.uk/conditions/back-pain/\">Read more</a>",
		time.Now().Add(20*time.Minute).Unix(), time.Now().Add(20*time.Minute).Unix()),
		map[string]any{"inline_keyboard": []any{
			[]any{map[string]any{"text": "Done", "callback_data": "d", "style": "primary"}, map[string]any{"text": "Skip this one", "callback_data": "s"}},
			[]any{map[string]any{"text": "Emergency numbers", "url": "https://112.eu"}, map[string]any{"text": "Copy 112", "copy_text": map[string]string{"text": "112"}}},
			[]any{
				map[string]any{"text": "0", "callback_data": "0"},
				map[string]any{"text": "1", "callback_data": "1"},
				map[string]any{"text": "2", "callback_data": "2"},
				map[string]any{"text": "3", "callback_data": "3"},
				map[string]any{"text": "4", "callback_data": "4"},
				map[string]any{"text": "5", "callback_data": "5"},
			},
		}})
	c.await(message(last) + ` && document.querySelector("img.picture").complete`)
	for _, look := range []struct {
		name          string
		width, height int
		scheme        string
	}{{"phone-light", 390, 780, "light"}, {"phone-dark", 390, 780, "dark"}, {"desktop-light", 1280, 860, "light"}, {"desktop-dark", 1280, 860, "dark"}, {"narrow", 320, 600, "light"}} {
		c.screen(look.width, look.height, look.scheme)
		c.eval(`document.getElementById("scroller").scrollTop = 1e6`, nil)
		c.picture(look.name)
		var sideways int
		c.eval(`document.documentElement.scrollWidth - innerWidth + document.getElementById("scroller").scrollWidth - document.getElementById("scroller").clientWidth`, &sideways)
		if sideways > 0 {
			t.Errorf("%s: %d pixels stick out sideways", look.name, sideways)
		}
		c.eval(`document.getElementById("scroller").scrollTop = 0`, nil)
		c.picture(look.name + "-top")
	}
	c.screen(390, 780, "light")
	c.eval(`document.getElementById("commands-button").click()`, nil)
	c.await(`document.querySelectorAll("#commands button").length === 3`)
	c.picture("phone-commands")
	c.eval(`document.getElementById("commands").hidePopover(), document.getElementById("menu-button").click()`, nil)
	c.picture("phone-menu")
}
