package telegram

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"spasmbot/bot/chat"
)

// profileServer keeps what is set, and counts the calls that set something.
type profileServer struct {
	kept   map[string]string
	writes []string
}

func (s *profileServer) serve(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	method := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	at := r.PostForm.Get("scope") + r.PostForm.Get("language_code")
	var result any = true
	switch method {
	case "setMyCommands", "deleteMyCommands":
		s.kept["menu"+at] = r.PostForm.Get("commands")
	case "getMyCommands":
		result = json.RawMessage("[]")
		if there := s.kept["menu"+at]; there != "" {
			result = json.RawMessage(there)
		}
	case "setMyDescription", "setMyShortDescription":
		s.kept[method+at] = r.PostForm.Get("description") + r.PostForm.Get("short_description")
	case "getMyDescription":
		result = map[string]string{"description": s.kept["setMyDescription"+at]}
	case "getMyShortDescription":
		result = map[string]string{"short_description": s.kept["setMyShortDescription"+at]}
	}
	if !strings.HasPrefix(method, "get") {
		s.writes = append(s.writes, method)
	}
	body, _ := json.Marshal(result)
	_, _ = fmt.Fprintf(w, `{"ok":true,"result":%s}`, body)
}

// TestSetProfile: each part is set once for its language; an older menu for all
// scopes is taken away; what is there already is not set again.
func TestSetProfile(t *testing.T) {
	const private = `{"type":"all_private_chats"}`
	server := &profileServer{kept: map[string]string{
		"menu": `[{"command":"old","description":"Old"}]`, "setMyDescriptionde": "Alt",
	}}
	g := newGateway(t, handlerTransport(server.serve))
	profile := chat.Profile{Menu: []chat.MenuCommand{{Name: "spasm", Description: "Help"}}, Description: "Before", About: "Short"}
	set := func(lang string, p chat.Profile, want ...string) {
		t.Helper()
		server.writes = nil
		for _, part := range chat.ProfileParts {
			if err := g.SetProfile(t.Context(), part, lang, p); err != nil {
				t.Fatalf("%s: %v", part, err)
			}
		}
		if !slices.Equal(server.writes, want) {
			t.Errorf("for %q these were called: %q, want %q", lang, server.writes, want)
		}
	}
	set("", profile, "setMyCommands", "deleteMyCommands", "setMyDescription", "setMyShortDescription")
	set("", profile)
	set("pt-BR", profile, "setMyCommands", "setMyDescription", "setMyShortDescription")
	set("DE", chat.Profile{}) // what is empty stays as it is
	profile.About = "Shorter"
	set("", profile, "setMyShortDescription")
	for key, want := range map[string]string{
		"menu": "", "menu" + private: `[{"command":"spasm","description":"Help"}]`, "menu" + private + "pt": `[{"command":"spasm","description":"Help"}]`,
		"setMyDescription": "Before", "setMyDescriptionpt": "Before", "setMyDescriptionde": "Alt", "setMyShortDescription": "Shorter",
	} {
		if server.kept[key] != want {
			t.Errorf("%s is %q, want %q", key, server.kept[key], want)
		}
	}
	if e := failureOf(t, g.SetProfile(t.Context(), chat.AboutPart, "deu", profile)); e.Kind != chat.Rejected {
		t.Errorf("a three-letter language: %v", e)
	}
}

// TestAMenuIsTakenAwayForNone: an empty list is sent as one; null would be refused.
func TestAMenuIsTakenAwayForNone(t *testing.T) {
	const private = `{"type":"all_private_chats"}`
	server := &profileServer{kept: map[string]string{"menu" + private: `[{"command":"old","description":"Old"}]`}}
	g := newGateway(t, handlerTransport(server.serve))
	if err := g.SetProfile(t.Context(), chat.MenuPart, "", chat.Profile{}); err != nil {
		t.Fatal(err)
	}
	if got := server.kept["menu"+private]; got != "[]" {
		t.Errorf("the menu is %q", got)
	}
}
