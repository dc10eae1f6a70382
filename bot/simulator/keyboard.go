package simulator

import (
	"bytes"
	"encoding/json"
	"slices"
)

// The limits of an inline keyboard are not in the documentation; these are what people observed.
const (
	maxButtons      = 100
	maxRowButtons   = 8
	maxMarkupBytes  = 10 << 10
	maxCallbackData = 64  // bytes; documented
	maxCopyText     = 256 // UTF-16 units; documented
)

// actions are the fields of a button of which it must have exactly one.
func actions() []string {
	return []string{
		"callback_data", "url", "copy_text", "web_app", "login_url", "switch_inline_query",
		"switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "callback_game", "pay",
	}
}

// markup is a reply_markup: an inline keyboard, or something else that is kept as it came.
type markup struct {
	keyboard [][]Button
	other    json.RawMessage
}

func (p params) markup() (markup, *apiError) {
	raw := p.values["reply_markup"]
	if raw == "" || raw == "null" {
		return markup{}, nil
	}
	if len(raw) > maxMarkupBytes {
		return markup{}, badRequest("reply markup is too long")
	}
	var shape struct {
		Inline   [][]map[string]json.RawMessage `json:"inline_keyboard"`
		Keyboard json.RawMessage                `json:"keyboard"`
		Remove   bool                           `json:"remove_keyboard"`
		Force    bool                           `json:"force_reply"`
	}
	if err := json.Unmarshal([]byte(raw), &shape); err != nil {
		return markup{}, badRequest("object expected as reply markup: %s", err)
	}
	if shape.Keyboard != nil || shape.Remove || shape.Force {
		return markup{other: json.RawMessage(raw)}, nil
	}
	keyboard, err := readKeyboard(shape.Inline)
	return markup{keyboard: keyboard}, err
}

func readKeyboard(rows [][]map[string]json.RawMessage) ([][]Button, *apiError) {
	var keyboard [][]Button
	count := 0
	for _, row := range rows {
		if len(row) == 0 {
			continue // the server drops empty rows
		}
		count += len(row)
		if len(row) > maxRowButtons || count > maxButtons {
			return nil, badRequest("reply markup is too long")
		}
		buttons := make([]Button, len(row))
		for i, fields := range row {
			var err *apiError
			if buttons[i], err = readButton(fields); err != nil {
				return nil, err
			}
		}
		keyboard = append(keyboard, buttons)
	}
	return keyboard, nil
}

func readButton(fields map[string]json.RawMessage) (Button, *apiError) {
	const cannot = "can't parse inline keyboard button: "
	var b Button
	for _, field := range []struct {
		name string
		into any
	}{{"text", &b.Text}, {"style", &b.Style}, {"disabled", &b.Disabled}} {
		if raw, ok := fields[field.name]; ok && json.Unmarshal(raw, field.into) != nil {
			return b, badRequest(cannot+"field %q has the wrong type", field.name)
		}
	}
	if !hasVisible(b.Text) {
		return b, badRequest(cannot + "field \"text\" must not be empty")
	}
	switch b.Style {
	case "", "danger", "success", "primary":
	default:
		return b, badRequest(cannot + "invalid button style specified")
	}
	chosen := slices.DeleteFunc(actions(), func(name string) bool {
		raw, ok := fields[name]
		return !ok || bytes.Equal(raw, []byte("null"))
	})
	switch len(chosen) {
	case 0:
		return b, badRequest(cannot + "text buttons are unallowed in the inline keyboard")
	case 1:
		return b, b.setAction(chosen[0], fields[chosen[0]])
	default:
		return b, badRequest(cannot+"a button must have exactly one action, this one has %q", chosen)
	}
}

func (b *Button) setAction(name string, raw json.RawMessage) *apiError {
	into := map[string]any{"callback_data": &b.CallbackData, "url": &b.URL, "copy_text": &b.CopyText}[name]
	if into == nil {
		b.OtherAction, b.Other = name, raw
		return nil
	}
	if json.Unmarshal(raw, into) != nil {
		return badRequest("can't parse inline keyboard button: field %q has the wrong type", name)
	}
	switch name {
	case "callback_data":
		if n := len(b.CallbackData); n < 1 || n > maxCallbackData {
			return badRequest("BUTTON_DATA_INVALID")
		}
	case "url":
		link, ok := linkURL(b.URL)
		if !ok {
			return badRequest("inline keyboard button URL '%s' is invalid: wrong HTTP URL", b.URL)
		}
		b.URL = link
	case "copy_text":
		if n := utf16Len(b.CopyText.Text); n < 1 || n > maxCopyText {
			return badRequest("BUTTON_COPY_TEXT_INVALID")
		}
	}
	return nil
}

// MarshalJSON writes the button with its one action, whichever it is.
func (b Button) MarshalJSON() ([]byte, error) {
	type plain Button
	encoded, err := json.Marshal(plain(b))
	if err != nil || b.OtherAction == "" {
		return encoded, err
	}
	name, _ := json.Marshal(b.OtherAction) // a string always marshals
	encoded = append(encoded[:len(encoded)-1], ',')
	encoded = append(append(encoded, name...), ':')
	return append(append(encoded, b.Other...), '}'), nil
}

func sameKeyboard(a, b [][]Button) bool {
	return slices.EqualFunc(a, b, func(x, y []Button) bool { return slices.EqualFunc(x, y, sameButton) })
}

func sameButton(a, b Button) bool {
	if (a.CopyText == nil) != (b.CopyText == nil) || a.CopyText != nil && *a.CopyText != *b.CopyText {
		return false
	}
	return a.Text == b.Text && a.CallbackData == b.CallbackData && a.URL == b.URL && a.Style == b.Style &&
		a.Disabled == b.Disabled && a.OtherAction == b.OtherAction && bytes.Equal(a.Other, b.Other)
}
