package bottest

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"spasmbot/bot/simulator"
)

// TestProfileInEachLanguage: what is seen of the bot before anything is said comes
// from the files of the languages, is set once, and again only when these say
// something else.
func TestProfileInEachLanguage(t *testing.T) {
	t.Parallel()
	inMediaBubble(t, func(b *mediaBubble) {
		words := func(menu, about string) *fstest.MapFile {
			return &fstest.MapFile{Data: []byte(strings.Replace(mediaTexts, "%s", menu, 1) + "profile: {description: \"*Before* all\", about: " + about + "}\n")}
		}
		b.files["texts/en.yaml"], b.files["texts/de.yaml"] = words("Help my back", "Back"), words("Mein Rücken", "Rücken")
		b.begin()
		const private = `{"type":"all_private_chats"}`
		b.wrote(
			`setMyCommands  `+private+` [{"command":"spasm","description":"Help my back"}]`,
			`setMyCommands de `+private+` [{"command":"spasm","description":"Mein Rücken"}]`,
			`setMyDescription  Before all`, `setMyDescription de Before all`,
			`setMyShortDescription  Back`, `setMyShortDescription de Rücken`,
		)
		b.end()
		b.begin()
		b.wrote()
		b.end()
		b.files["texts/de.yaml"] = words("Mein Rücken", "Kurz")
		b.begin()
		b.wrote(`setMyShortDescription de Kurz`)
	})
}

// wrote compares what the bot has set of its profile since the last time.
func (b *mediaBubble) wrote(want ...string) {
	b.t.Helper()
	var got []string
	for c := range b.sim.Calls() {
		if strings.HasPrefix(c.Method, "setMy") || strings.HasPrefix(c.Method, "deleteMy") {
			got = append(got, profileCall(c))
		}
	}
	b.sim.ForgetCalls()
	slices.Sort(got)
	if !slices.Equal(got, want) {
		b.t.Errorf("the bot called\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// profileCall is a call that sets a part of the profile: its method, language, and what
// it says.
func profileCall(c simulator.Call) string {
	list := []string{c.Method, c.Params["language_code"]}
	for _, key := range []string{"scope", "commands", "description", "short_description"} {
		if c.Params[key] != "" {
			list = append(list, c.Params[key])
		}
	}
	return strings.Join(list, " ")
}
