// Package page is the chat page of the demo: plain HTML, CSS and JavaScript, embedded, with no dependencies.
//
// It expects, on its own origin, the simulator's PageAPI under /sim/. It also asks for /demo/clock and /demo/faults, and
// does without them where they answer 404.
//
// A browser test can hold on to these: #log .message[data-id][data-from="bot" or "me"], in it .text, .picture and
// .keyboard button[data-data]; #text and #send; #start; #commands-button and #commands button; #toasts div; #alert;
// #clock, #clock-now, #speeds input, #jump; #faults; #person and #new-person.
package page

import (
	"embed"
	"net/http"
)

// policy keeps the page to what it was shipped with. Pictures may also be data, for the icon.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src 'self'; " +
	"img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

//go:embed index.html *.css *.js
var files embed.FS

// Handler serves the page at /.
func Handler() http.Handler {
	serve := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cache-Control", "no-cache") // embedded files have no dates to compare
		serve.ServeHTTP(w, r)
	})
}
