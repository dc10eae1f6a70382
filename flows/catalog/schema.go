package catalog

import (
	"encoding/json"
	"reflect"
	"strings"

	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
	"spasmbot/flows/plan"
	"spasmbot/flows/signs"
)

// schema is a JSON Schema, or a part of one.
type schema map[string]any

const dialect = "https://json-schema.org/draft/2020-12/schema"

// Schema returns the JSON Schema of a flow file, for editors that complete and
// underline. It knows the keys and the shapes of values. What hangs together over several
// steps or files, only Load can tell.
func Schema(opts ...Option) []byte {
	g := grammar{defs: make(schema), questions: settingsOf(opts).questions}
	root := g.object(reflect.TypeFor[flowGrammar]())
	root["title"] = "A flow of spasmbot"
	return g.document(root)
}

// TextsSchema returns the JSON Schema of a text file.
func TextsSchema() []byte {
	g := grammar{defs: make(schema)}
	root := g.object(reflect.TypeFor[textsGrammar]())
	root["title"] = "The texts of spasmbot in one language"
	root["additionalProperties"] = schema{
		"description":          "The texts of the step or the reminder of this name.",
		"type":                 "object",
		"additionalProperties": g.of(reflect.TypeFor[text]()),
	}
	sections := root["properties"].(schema)
	g.close(sections["buttons"].(schema), buttonTexts)
	g.close(sections["system"].(schema), systemTexts)
	g.close(sections[lang.OperatorSection].(schema), operatorTexts())
	return g.document(root)
}

// grammar collects the schemas of the types that are met more than once.
type grammar struct {
	defs schema
	// questions are the kinds whose keys a step may have.
	questions []ask.Kind
}

func (g *grammar) document(root schema) []byte {
	root["$schema"] = dialect
	if len(g.defs) > 0 {
		root["$defs"] = g.defs
	}
	out, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic(err) // texts, numbers and maps of them: cannot happen
	}
	return append(out, '\n')
}

// object is the schema of a mapping whose keys are the fields of a struct.
func (g *grammar) object(t reflect.Type) schema {
	properties, required := make(schema), []string{}
	for _, f := range reflect.VisibleFields(t) {
		if f.Anonymous {
			continue
		}
		key := f.Tag.Get("yaml")
		property := g.of(f.Type)
		property["description"] = f.Tag.Get("doc")
		properties[key] = property
		if f.Tag.Get("must") != "" {
			required = append(required, key)
		}
	}
	if t == reflect.TypeFor[stepGrammar]() {
		g.addQuestions(properties)
	}
	s := schema{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

// addQuestions adds the keys of the kinds of questions.
func (g *grammar) addQuestions(properties schema) {
	words := make([]string, len(g.questions))
	for i, k := range g.questions {
		words[i] = k.Word()
	}
	kind := g.define("AskKind", schema{"enum": words})
	kind["description"] = "Asks a question and waits: " + explained(g.questions) + "."
	properties["ask"] = kind
	for _, p := range partsOf(g.questions) {
		for _, key := range p.Keys {
			property := g.key(key)
			property["description"] = key.Doc
			properties[key.Name] = property
		}
	}
}

// explained lists the kinds with what they say of themselves. Neighbours that
// say the same say it once.
func explained(kinds []ask.Kind) string {
	var list []string
	for i := 0; i < len(kinds); {
		words, doc := kinds[i].Word(), kinds[i].Doc()
		for i++; i < len(kinds) && kinds[i].Doc() == doc; i++ {
			words += " or " + kinds[i].Word()
		}
		if doc != "" {
			words += " (" + doc + ")"
		}
		list = append(list, words)
	}
	last := len(list) - 1
	return strings.Join(list[:last], ", ") + ", or " + list[last]
}

// key is the schema of a key of a kind of question.
func (g *grammar) key(k ask.Key) schema {
	if t := keyTypes[k.Type].grammar; t != nil {
		return g.of(t)
	}
	return g.define(k.Name, schema{"type": "integer", "minimum": k.Least, "maximum": k.Most})
}

// of is the schema of a value of a type.
func (g *grammar) of(t reflect.Type) schema {
	if single, ok := singles[t]; ok {
		return g.ref(t, func() schema { return single })
	}
	switch t.Kind() {
	case reflect.Struct:
		if types := eithers[t]; types != nil {
			return g.ref(t, func() schema { return g.either(types...) })
		}
		return g.ref(t, func() schema { return g.object(t) })
	case reflect.Map:
		s := schema{"type": "object", "additionalProperties": g.valueOf(t.Elem())}
		if t.Key() == reflect.TypeFor[name]() {
			s["propertyNames"] = g.of(t.Key())
		}
		return s
	case reflect.Slice:
		return schema{"type": "array", "minItems": 1, "items": g.of(t.Elem())}
	case reflect.Bool:
		return schema{"type": "boolean"}
	case reflect.Float64:
		return schema{"type": "number"}
	}
	return schema{"type": "string"}
}

// valueOf is the schema of a value in a mapping of names. A choice may be
// written without anything behind its colon.
func (g *grammar) valueOf(t reflect.Type) schema {
	if t == reflect.TypeFor[choiceGrammar]() || t == reflect.TypeFor[groupGrammar]() || t == reflect.TypeFor[cardLineGrammar]() {
		return schema{"anyOf": []schema{g.of(t), {"type": "null"}}}
	}
	return g.of(t)
}

// ref defines a type once and refers to it.
func (g *grammar) ref(t reflect.Type, define func() schema) schema {
	id := t.Name()
	if _, ok := g.defs[id]; !ok {
		g.defs[id] = schema{} // for a type that contains itself
		g.defs[id] = define()
	}
	return schema{"$ref": "#/$defs/" + id}
}

// define gives a schema a name and refers to it.
func (g *grammar) define(id string, s schema) schema {
	g.defs[id] = s
	return schema{"$ref": "#/$defs/" + id}
}

// either is the schema of a value that is of one type or another.
func (g *grammar) either(types ...reflect.Type) schema {
	list := make([]schema, len(types))
	for i, t := range types {
		list[i] = g.of(t)
	}
	return schema{"anyOf": list}
}

// close limits a section to its keys.
func (g *grammar) close(section schema, keys want) {
	properties, required := make(schema), []string{}
	for _, key := range keysOf(keys) {
		properties[key] = g.of(reflect.TypeFor[text]())
		if keys[key].required {
			required = append(required, key)
		}
	}
	section["properties"], section["required"], section["additionalProperties"] = properties, required, false
}

// eithers are the values that are of one type or another.
var eithers = map[reflect.Type][]reflect.Type{
	reflect.TypeFor[ways]():       {reflect.TypeFor[name](), reflect.TypeFor[[]branchGrammar]()},
	reflect.TypeFor[wayBack]():    {reflect.TypeFor[name](), reflect.TypeFor[backGrammar]()},
	reflect.TypeFor[whileWords](): {reflect.TypeFor[name](), reflect.TypeFor[[]name]()},
	reflect.TypeFor[nameWords]():  {reflect.TypeFor[name](), reflect.TypeFor[[]name]()},
	reflect.TypeFor[dayWords]():   {reflect.TypeFor[expression](), reflect.TypeFor[[]day]()},
	reflect.TypeFor[timeWords]():  {reflect.TypeFor[expression](), reflect.TypeFor[[]clock]()},
}

// singles are the schemas of single values.
var singles = map[reflect.Type]schema{
	reflect.TypeFor[name]():       {"type": []string{"string", "integer"}, "pattern": "^[a-z0-9_]{1,40}$"},
	reflect.TypeFor[expression](): {"type": []string{"string", "boolean", "number"}},
	reflect.TypeFor[duration]():   {"type": []string{"string", "integer"}, "pattern": `^(([0-9]+(\.[0-9]*)?(ms|s|m|h))+|[0-9.]+d|0)$`, "examples": []string{"20m", "2h", "3d"}},
	reflect.TypeFor[span]():       {"type": []string{"string", "integer"}},
	reflect.TypeFor[clock]():      {"type": "string", "pattern": "^([01]?[0-9]|2[0-3]):[0-5][0-9]$", "examples": []string{"08:00"}},
	reflect.TypeFor[clockOr]():    {"type": "string"},
	reflect.TypeFor[text]():       {"type": []string{"string", "number", "boolean"}, "description": `*words* are bold, {name} is filled in; \* and \{ are a star and a brace.`},
	reflect.TypeFor[positive]():   {"type": "integer", "minimum": 1},
	reflect.TypeFor[whole]():      {"type": "integer", "minimum": 0},
	reflect.TypeFor[hours]():      {"enum": hourKinds},
	reflect.TypeFor[shown]():      {"enum": lang.Shown},
	reflect.TypeFor[number]():     {"type": []string{"string", "number"}},
	reflect.TypeFor[anyClass]():   {"enum": plan.Classes()},
	reflect.TypeFor[ownClass]():   {"enum": classes},
	reflect.TypeFor[everything](): {"enum": []string{lang.Everything}},
	reflect.TypeFor[day]():        {"enum": lang.WeekdayNames},

	reflect.TypeFor[lang.Late]():   {"enum": lates},
	reflect.TypeFor[flows.Style](): {"enum": styles},
	reflect.TypeFor[flows.Paper](): {"enum": flows.Papers},
	reflect.TypeFor[signs.Class](): {"enum": signs.Classes()},
}
