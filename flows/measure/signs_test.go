package measure

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"spasmbot/flows"
	"spasmbot/flows/catalog"
)

// TestSignsAnswered: a script presses a sign by its name, and one that it has no answer
// for is named with what is offered: the signs that concern the person.
func TestSignsAnswered(t *testing.T) {
	archive, err := txtar.ParseFile("../catalog/testdata/signs.txtar")
	if err != nil {
		t.Fatal(err)
	}
	fsys := make(fstest.MapFS)
	for _, f := range archive.Files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	c, err := catalog.Load(fsys, "UTC")
	if err != nil {
		t.Fatal(err)
	}
	script := `~answers: {name: nobody}
begins: "08:30"
days: 1
sends: [{text: /back}]
answers: {facts: [man, done], now_signs: any, now_which: SIGN}
`
	got, err := playOne(t, c, strings.Replace(script, "SIGN", "erection", 1))
	if err != nil {
		t.Fatal(err)
	}
	if s := got.player.State(); s.Var("now_which") != flows.TextOf("erection") || !slices.ContainsFunc(got.player.Timeline, func(e flows.Entry) bool { return e.Kind == flows.EntryEnd }) {
		t.Errorf("the sign is %+v", s.Var("now_which"))
	}
	_, err = playOne(t, c, strings.Replace(script, "SIGN", "fever", 1))
	if err == nil || !strings.Contains(err.Error(), "now_which") || !strings.Contains(err.Error(), "saddle, legs, crash, erection, unsure, mistake") {
		t.Errorf("of a sign that is not offered: %v", err)
	}
}
