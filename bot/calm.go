package bot

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// calmEvery is the least distance of two warnings of one cause, in real time.
const calmEvery = time.Minute

// calm is a handler whose warnings come at most once a minute for one cause. What
// comes meanwhile is told by one line at the end of that minute, with its number.
// Other levels pass.
//
// A cause is the words of the line and those of its attributes. Numbers and errors
// are circumstances: they differ each time.
type calm struct {
	slog.Handler
	// under is the attributes and groups of the handler's logger.
	under string
	spans *spans
}

// spans are the minutes under way, by cause.
type spans struct {
	mu  sync.Mutex
	all map[string]*span
}

// span counts the lines of a minute that were held back, and keeps the last.
type span struct {
	held uint64
	last slog.Record
}

func newCalm(h slog.Handler) slog.Handler {
	return &calm{Handler: h, spans: &spans{all: make(map[string]*span)}}
}

// Handle passes a line on or counts it.
func (c *calm) Handle(ctx context.Context, r slog.Record) error {
	if r.Level != slog.LevelWarn {
		return c.Handler.Handle(ctx, r)
	}
	key := c.under + causeOf(r)
	c.spans.mu.Lock()
	s, runs := c.spans.all[key]
	if runs {
		s.held, s.last = s.held+1, r.Clone()
	} else {
		c.begin(key)
	}
	c.spans.mu.Unlock()
	if runs {
		return nil
	}
	return c.Handler.Handle(ctx, r)
}

// begin begins a minute. It is called with the lock held.
func (c *calm) begin(key string) {
	c.spans.all[key] = new(span)
	time.AfterFunc(calmEvery, func() { c.end(key) })
}

// end tells of what was held back, which begins another minute.
func (c *calm) end(key string) {
	c.spans.mu.Lock()
	s := c.spans.all[key]
	delete(c.spans.all, key)
	if s.held > 0 {
		c.begin(key)
	}
	c.spans.mu.Unlock()
	if s.held == 0 {
		return
	}
	s.last.AddAttrs(slog.Uint64("times", s.held))
	_ = c.Handler.Handle(context.Background(), s.last) // nobody is left to tell
}

// WithAttrs is a handler of the same minutes.
func (c *calm) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &calm{Handler: c.Handler.WithAttrs(attrs), under: c.under + words(attrs), spans: c.spans}
}

// WithGroup is a handler of the same minutes.
func (c *calm) WithGroup(name string) slog.Handler {
	return &calm{Handler: c.Handler.WithGroup(name), under: c.under + name + "\n", spans: c.spans}
}

func causeOf(r slog.Record) string {
	var attrs []slog.Attr
	r.Attrs(func(a slog.Attr) bool {
		attrs = append(attrs, a)
		return true
	})
	return r.Message + "\n" + words(attrs)
}

// words are the attributes that are text.
func words(attrs []slog.Attr) string {
	var b strings.Builder
	for _, a := range attrs {
		if a.Value.Kind() == slog.KindString {
			b.WriteString(a.Key + "=" + a.Value.String() + "\n")
		}
	}
	return b.String()
}
