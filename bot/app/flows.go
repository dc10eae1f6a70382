package app

import (
	"sync/atomic"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/flows/engine"
	"spasmbot/flows/lang"
)

// inUse is the catalog in use, which may be edited under a running bot, and
// what the bot asks of it.
type inUse struct{ current atomic.Pointer[lang.Catalog] }

func newInUse(c *lang.Catalog) *inUse {
	f := new(inUse)
	f.current.Store(c)
	return f
}

func (f *inUse) step(s flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
	return engine.Step(f.current.Load(), s, ev, now)
}

func (f *inUse) media(name string) (flows.Media, bool) {
	m, ok := f.current.Load().Media[name]
	return m, ok
}

// groupReply sends people from a group to the private chat. It says the same
// to everybody: nothing about a person belongs in a group.
func (f *inUse) groupReply(username string) (string, [][]flows.Key) {
	c := f.current.Load()
	text := c.Text(lang.English, "system", "group").HTML(func(string) string { return "" })
	if username == "" {
		return text, nil
	}
	label := c.Text(lang.English, "buttons", "private").Plain()
	return text, [][]flows.Key{{{Label: label, URL: "https://t.me/" + username}}}
}

// profiles is what the messenger shows of the bot in each language, in English for
// all that have no texts.
func profiles(c *lang.Catalog) map[string]chat.Profile {
	out := make(map[string]chat.Profile)
	for _, language := range append(c.Languages(), lang.English) {
		words := func(key string) string { return c.Text(language, "profile", key).Plain() }
		p := chat.Profile{Description: words("description"), About: words("about")}
		for _, l := range c.Menu(language) {
			p.Menu = append(p.Menu, chat.MenuCommand{Name: l.Command, Description: l.Description})
		}
		if language == lang.English {
			language = ""
		}
		out[language] = p
	}
	return out
}
