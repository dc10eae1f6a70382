package telegram

import (
	"encoding/json"
	"iter"
)

// Cutting JSON along its outermost commas is all it takes to get at the result
// of a reply and at the updates of a batch. encoding/json reads a text twice
// for every layer that is taken off it, and most of a reply is of no interest:
// with it, a whole turn of the bot takes a tenth more CPU time. And an update
// that is no JSON, or too deep for encoding/json, would take its batch with it.
// The pieces are decoded, and thereby checked, one by one; they share the memory
// of the text.

// elements returns the elements of a JSON array; ok is false if list is none.
func elements(list []byte) (items []json.RawMessage, ok bool) {
	ok = walk(list, '[', ']', func(_, value []byte) bool {
		items = append(items, value)
		return true
	})
	if !ok {
		return nil, false
	}
	return items, true
}

// members yields the members of a JSON object: the name as it is spelled in
// the text, without the quotes, and the value. It stops where the text stops
// being an object.
func members(object []byte) iter.Seq2[string, json.RawMessage] {
	return func(yield func(string, json.RawMessage) bool) {
		walk(object, '{', '}', func(name, value []byte) bool {
			return yield(string(name[1:len(name)-1]), value)
		})
	}
}

// member is the value of the last member of that name; nil if there is none.
func member(object []byte, name string) json.RawMessage {
	var found json.RawMessage
	for n, value := range members(object) {
		if n == name {
			found = value
		}
	}
	return found
}

// walk calls visit for each element of an array, or for each member of an
// object with its quoted name. It returns true if text is a whole array or
// object, as far as can be told without looking into the values.
func walk(text []byte, opening, closing byte, visit func(name, value []byte) bool) bool {
	i := space(text, 0)
	if at(text, i) != opening {
		return false
	}
	i = space(text, i+1)
	if at(text, i) == closing {
		return space(text, i+1) == len(text)
	}
	for {
		var name []byte
		if opening == '{' {
			end := skip(text, i)
			if at(text, i) != '"' || end < 0 {
				return false
			}
			name = text[i:end]
			if i = space(text, end); at(text, i) != ':' {
				return false
			}
			i = space(text, i+1)
		}
		end := skip(text, i)
		// The capacity ends with the value, so that appending to one cannot
		// overwrite the next.
		if end < 0 || !visit(name, text[i:end:end]) {
			return false
		}
		i = space(text, end)
		switch at(text, i) {
		case ',':
			i = space(text, i+1)
		case closing:
			return space(text, i+1) == len(text)
		default:
			return false
		}
	}
}

// at is the byte at i, or 0 past the end.
func at(b []byte, i int) byte {
	if i >= len(b) {
		return 0
	}
	return b[i]
}

// space is the index of the first byte from i on that is no white space.
func space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r') {
		i++
	}
	return i
}

// skip is the index after the value that starts at i; -1 if none starts there
// or it does not end.
func skip(b []byte, i int) int {
	depth := 0
	for start := i; i < len(b); i++ {
		switch b[i] {
		case '"':
			if i = skipString(b, i); i < 0 {
				return -1
			}
			if depth == 0 {
				return i
			}
			i--
		case '[', '{':
			depth++
		case ']', '}':
			if depth--; depth == 0 {
				return i + 1
			}
			if depth < 0 {
				return endOfScalar(start, i)
			}
		case ',', ':', ' ', '\t', '\n', '\r':
			if depth == 0 {
				return endOfScalar(start, i)
			}
		}
	}
	return -1
}

// endOfScalar says that a number, true, false or null has ended, if it has
// begun.
func endOfScalar(start, i int) int {
	if i == start {
		return -1
	}
	return i
}

// skipString is the index after the string that starts at i; -1 if it does not
// end.
func skipString(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch b[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
	return -1
}
