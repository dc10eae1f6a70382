package telegram

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"spasmbot/bot/chat"
)

// SetProfile brings a part of what people see of the bot whose language is lang, an
// IETF tag, to what p says; of all whose language has none of its own if lang is
// empty. It asks first, and sets nothing that is so already: the server allows few
// such calls.
func (g *Gateway) SetProfile(ctx context.Context, part chat.ProfilePart, lang string, p chat.Profile) error {
	// The server knows languages by two letters, without a region.
	code, _, _ := strings.Cut(strings.ToLower(lang), "-")
	if code != "" && len(code) != 2 {
		return rejected(string(part), "the language must be a two-letter code")
	}
	switch part {
	case chat.MenuPart:
		return g.setMenu(ctx, code, p.Menu)
	case chat.DescriptionPart:
		return g.setWords(ctx, part, "description", code, p.Description)
	case chat.AboutPart:
		return g.setWords(ctx, part, "short_description", code, p.About)
	}
	return rejected(string(part), "no such part of a profile")
}

// setWords sets a text, if there is one.
func (g *Gateway) setWords(ctx context.Context, part chat.ProfilePart, key, code, text string) error {
	if text = clean(text); text == "" {
		return nil
	}
	params := inLanguage(code)
	result, err := g.call(ctx, g.sends, strings.Replace(string(part), "set", "get", 1), params)
	if err != nil {
		return err
	}
	var there map[string]string
	if json.Unmarshal(result, &there) == nil && there[key] == text {
		return nil
	}
	params[key] = text
	_, err = g.call(ctx, g.sends, string(part), params)
	return err
}

// menuLine is a line of a menu as the server knows it.
type menuLine struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// Whom a menu is for.
const (
	toAll     = ""
	toPrivate = `{"type":"all_private_chats"}`
)

// setMenu sets the menu of private chats. A menu for toAll would be shown in
// groups, where the bot takes no commands: when the other is there, it is taken away.
func (g *Gateway) setMenu(ctx context.Context, code string, menu []chat.MenuCommand) error {
	want := make([]menuLine, 0, len(menu)) // never nil: that would be sent as null
	for _, m := range menu {
		want = append(want, menuLine{m.Name, m.Description})
	}
	there, err := g.menu(ctx, toPrivate, code)
	if err == nil && !slices.Equal(there, want) {
		err = g.writeMenu(ctx, code, want)
	}
	if err != nil {
		return err
	}
	if there, err = g.menu(ctx, toAll, code); err != nil || len(there) == 0 {
		return err
	}
	_, err = g.call(ctx, g.sends, "deleteMyCommands", inScope(toAll, code))
	return err
}

// menu is the menu that is set for a scope. One that cannot be read is like none.
func (g *Gateway) menu(ctx context.Context, scope, code string) ([]menuLine, error) {
	result, err := g.call(ctx, g.sends, "getMyCommands", inScope(scope, code))
	if err != nil {
		return nil, err
	}
	var lines []menuLine
	if err := json.Unmarshal(result, &lines); err != nil {
		lines = nil
	}
	return lines, nil
}

func (g *Gateway) writeMenu(ctx context.Context, code string, lines []menuLine) error {
	list, err := json.Marshal(lines)
	if err != nil {
		return rejected(string(chat.MenuPart), "the menu cannot be encoded")
	}
	params := inScope(toPrivate, code)
	params["commands"] = string(list)
	_, err = g.call(ctx, g.sends, string(chat.MenuPart), params)
	return err
}

func inLanguage(code string) tgbotapi.Params {
	params := make(tgbotapi.Params)
	params.AddNonEmpty("language_code", code)
	return params
}

func inScope(scope, code string) tgbotapi.Params {
	params := inLanguage(code)
	params.AddNonEmpty("scope", scope)
	return params
}
