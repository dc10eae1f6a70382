package page_test

import (
	"fmt"
	"testing"
)

// testButtons: a button has its colour, which is readable in the light and in the
// dark and is not the others'; one that copies tells the bot nothing, and says so
// where the browser does not let it.
func testButtons(t *testing.T, c *tab, d *demo) {
	c.visit(d.web.URL)
	c.await(`!document.getElementById("empty").hidden`)
	var person int64
	c.eval(`Number(document.getElementById("person").textContent)`, &person)
	d.server.Person(person).SendCommand("/start")
	const words = "112, „Bitte kommen Sie“"
	key := func(more ...any) map[string]any {
		out := make(map[string]any)
		for i := 0; i < len(more); i += 2 {
			out[more[i].(string)] = more[i+1]
		}
		return out
	}
	id := d.bot("sendMessage", map[string]any{
		"chat_id": person, "parse_mode": "HTML", "text": "<b>Call 112 now.</b>\n\nIs help on its way?",
		"reply_markup": map[string]any{"inline_keyboard": [][]any{
			{key("text", "Copy what to say to whoever answers", "copy_text", key("text", words))},
			{key("text", "Copy the number", "style", "primary", "copy_text", key("text", "112")), key("text", "Help is on its way", "style", "success", "callback_data", "s")},
			{key("text", "I cannot call", "style", "danger", "callback_data", "d"), key("text", "Not sure", "callback_data", "n")},
		}},
	})
	c.await(message(id) + `?.querySelectorAll("button").length === 5`)
	for _, width := range []int{390, 320} {
		for _, scheme := range []string{"light", "dark"} {
			c.screen(width, 640, scheme)
			c.picture(fmt.Sprintf("buttons-%d-%s", width, scheme))
			var colours, weak, cut int
			c.eval(`new Set([...`+message(id)+`.querySelectorAll("button")].map((b) => getComputedStyle(b).color)).size`, &colours)
			c.eval(`(() => {
				const rgb = (css) => css.match(/[\d.]+/g).slice(0, 3).map(Number);
				const light = (css) => rgb(css).map((v) => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
					.reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
				return [...`+message(id)+`.querySelectorAll("button")].filter((b) => {
					const [a, z] = [light(getComputedStyle(b).color), light(getComputedStyle(b).backgroundColor)];
					return (Math.max(a, z) + .05) / (Math.min(a, z) + .05) < 4.5;
				}).length;
			})()`, &weak)
			c.eval(`[...`+message(id)+`.querySelectorAll("button")].filter((b) => b.scrollWidth > b.clientWidth || b.scrollHeight > b.clientHeight).length`, &cut)
			if colours != 4 || weak != 0 || cut != 0 {
				t.Errorf("%d %s: %d colours, %d buttons with little contrast, %d that are cut off", width, scheme, colours, weak, cut)
			}
		}
	}

	c.eval(`Object.defineProperty(navigator, "clipboard", { configurable: true, value: { writeText: async (text) => { window.copied = text; } } }),
		`+message(id)+`.querySelector("button").click()`, nil)
	c.await(fmt.Sprintf(`window.copied === %q && document.querySelector("#toasts div:last-child")?.textContent === "Copied"`, words))
	c.eval(`Object.defineProperty(navigator, "clipboard", { configurable: true, value: undefined }), `+message(id)+`.querySelectorAll("button")[1].click()`, nil)
	c.await(`document.querySelector("#toasts div:last-child")?.textContent === "Your browser did not allow copying"`)
	c.eval(message(id)+`.querySelectorAll("button")[2].click()`, nil)
	d.bot("answerCallbackQuery", map[string]any{"callback_query_id": pressedQuery(t, d), "text": "Please read the message first."})
	c.await(`document.querySelector("#toasts div:last-child")?.textContent === "Please read the message first."`)
	c.picture("buttons-toast")
	if query := len(d.server.Person(person).Answers()); query != 1 {
		t.Errorf("%d presses were answered, want the one that the bot heard of", query)
	}
}
