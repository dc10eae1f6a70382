package simulator

import (
	"cmp"
	"encoding/json"
	"strings"
)

const (
	maxCommands           = 100
	maxCommandName        = 32
	maxCommandDescription = 256
)

// command is a BotCommand.
type command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// commandsKey names one list of commands: whom it is for, and in which language ("" for all others).
type commandsKey struct {
	scope    string
	chat     int64
	user     int64
	language string
}

func (s *Server) setMyCommands(q *request) (any, *apiError) {
	key, err := q.commandsKey()
	if err != nil {
		return nil, err
	}
	var list []command
	if json.Unmarshal([]byte(q.values["commands"]), &list) != nil {
		return nil, badRequest("can't parse commands: an array of BotCommand is expected")
	}
	if len(list) > maxCommands {
		return nil, badRequest("BOT_COMMANDS_TOO_MUCH")
	}
	for i, c := range list {
		list[i].Command = strings.TrimPrefix(c.Command, "/")
		if !isCommandName(list[i].Command) {
			return nil, badRequest("BOT_COMMAND_INVALID")
		}
		if n := utf16Len(c.Description); !hasVisible(c.Description) || n > maxCommandDescription {
			return nil, badRequest("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commands[key] = list
	return true, nil
}

func (s *Server) getMyCommands(q *request) (any, *apiError) {
	key, err := q.commandsKey()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]command{}, s.commands[key]...), nil
}

func (s *Server) deleteMyCommands(q *request) (any, *apiError) {
	key, err := q.commandsKey()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.commands, key)
	return true, nil
}

func isCommandName(name string) bool {
	return name != "" && len(name) <= maxCommandName && asciiWord(name) == len(name) && strings.ToLower(name) == name
}

// commandsKey reads scope and language_code.
func (p params) commandsKey() (commandsKey, *apiError) {
	key := commandsKey{scope: "default"}
	var failure *apiError
	if key.language, failure = p.languageCode(); failure != nil {
		return key, failure
	}
	raw := p.values["scope"]
	if raw == "" || raw == "null" {
		return key, nil
	}
	var scope struct {
		Type string      `json:"type"`
		Chat json.Number `json:"chat_id"`
		User int64       `json:"user_id"`
	}
	if json.Unmarshal([]byte(raw), &scope) != nil {
		return key, badRequest("can't parse BotCommandScope: a JSON object is expected")
	}
	key.scope = cmp.Or(scope.Type, "default")
	chat, _ := scope.Chat.Int64() // no number is no chat: 0 is refused below
	switch key.scope {
	case "default", "all_private_chats", "all_group_chats", "all_chat_administrators":
		return key, nil
	case "chat", "chat_administrators", "chat_member":
		key.chat, key.user = chat, scope.User
		if chat == 0 {
			return key, badRequest("chat not found")
		}
		if (key.scope == "chat_member") != (scope.User != 0) {
			return key, badRequest("invalid user_id specified")
		}
		return key, nil
	default:
		return key, badRequest("can't parse BotCommandScope: unsupported type specified")
	}
}

// languageCode reads language_code: two small letters, or nothing.
func (p params) languageCode() (string, *apiError) {
	l := p.values["language_code"]
	if l != "" && (len(l) != 2 || asciiWord(l) != 2 || strings.ToLower(l) != l) {
		return "", badRequest("invalid language code specified")
	}
	return l, nil
}

// commandsFor finds the list a person sees in the private chat: the most specific scope that has one, each looked up in
// the person's language first. The lock is held.
func (s *Server) commandsFor(id int64, language string) []command {
	language, _, _ = strings.Cut(strings.ToLower(language), "-")
	for _, key := range []commandsKey{{scope: "chat", chat: id}, {scope: "all_private_chats"}, {scope: "default"}} {
		for _, l := range []string{language, ""} {
			key.language = l
			if list := s.commands[key]; len(list) > 0 {
				return list
			}
		}
	}
	return []command{}
}
