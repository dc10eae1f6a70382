package catalog

import (
	"errors"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"spasmbot/flows/lang"
)

// Bounds on what is handed to the YAML library, which reads nested lists by
// recursion. The largest file that people write by hand is far below them.
const (
	maxFile    = 256 << 10
	maxLine    = 20000
	maxNesting = 200
	// maxItems and maxKeys bound the length of a list and of a mapping.
	maxItems, maxKeys = 1000, 5000
	// maxRepairs bounds the syntax mistakes that one file is told about.
	maxRepairs = 5
)

// file reads one YAML file node by node, so that every fault has its place
// and one fault does not hide the next.
type file struct {
	path   string
	lines  []string
	faults *lang.Faults
	// damaged says that a part of the file could not be read. What seems to
	// be missing may stand there, so nobody is told that it is missing.
	damaged bool
	// unknown holds the keys that nothing reads.
	unknown map[ast.Node]bool
}

func (l *loader) file(path string) *file {
	return &file{path: path, faults: &l.faults, unknown: make(map[ast.Node]bool)}
}

// parse returns the root node of a file, nil if it has none worth reading. A
// part with a mistake of syntax is told, left out and not missed.
func (f *file) parse(fsys fs.FS) ast.Node {
	src, ok := f.read(fsys)
	if !ok {
		f.damaged = true
		return nil
	}
	for range maxRepairs {
		tree, err := parseYAML(src)
		var bad []*lang.Fault
		if err != nil {
			bad = append(bad, f.syntaxFault(err))
		} else if bad = f.foreign(tree); len(bad) == 0 {
			return f.document(tree)
		}
		f.damaged = true
		for _, fault := range bad {
			*f.faults = append(*f.faults, *fault)
			f.cutOut(fault.Line)
		}
		src = strings.Join(f.lines, "\n")
	}
	return nil
}

// parseYAML parses. The library's own mistakes are errors too.
func parseYAML(src string) (tree *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("the YAML cannot be read")
		}
	}()
	return parser.ParseBytes([]byte(src), 0, parser.AllowDuplicateMapKey())
}

// document returns the root of the only document.
func (f *file) document(tree *ast.File) ast.Node {
	var roots []ast.Node
	for _, doc := range tree.Docs {
		if doc.Body != nil {
			roots = append(roots, doc.Body)
		}
	}
	if len(roots) == 0 {
		if !f.damaged {
			f.fault(nil, "the file is empty", "write a flow or texts into it, or remove it")
		}
		f.damaged = true
		return nil
	}
	if len(roots) > 1 {
		f.fault(roots[1], "a second YAML document begins here", `write one document a file, without "---" lines`)
	}
	return roots[0]
}

// foreign finds the parts of YAML that the flow language leaves out.
func (f *file) foreign(tree *ast.File) []*lang.Fault {
	var found []*lang.Fault
	note := func(n ast.Node, what, remedy string) {
		line, column := position(n)
		found = append(found, &lang.Fault{File: f.path, Line: line, Column: column, What: what, Remedy: remedy})
	}
	visit := descend(func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AnchorNode:
			note(n, "flows know no anchors (&name)", "write the value out where it is used; a text that begins with & goes into quotes")
		case *ast.AliasNode:
			note(n, "flows know no aliases (*name)", "write the value out; a text that begins with * goes into quotes")
		case *ast.TagNode:
			note(n, "flows know no tags (!name)", "remove it; a text that begins with ! goes into quotes")
		case *ast.DirectiveNode:
			note(n, "flows know no YAML directives (%NAME)", "remove the line")
		case *ast.MappingKeyNode:
			note(n, `flows know no "? key" lines`, `write it as "key: value"`)
		case *ast.MappingValueNode:
			if n.Key.Type() == ast.MergeKeyType {
				note(n.Key, "flows know no merge keys (<<)", "write the keys out")
				break
			}
			return true
		default:
			return true
		}
		return false
	})
	for _, doc := range tree.Docs {
		if doc.Body != nil {
			ast.Walk(visit, doc.Body)
		}
	}
	return found
}

// descend visits nodes; false leaves out what is below.
type descend func(ast.Node) bool

func (v descend) Visit(n ast.Node) ast.Visitor {
	if v(n) {
		return v
	}
	return nil
}

// syntaxFault says what the YAML library found, at the place it names.
func (f *file) syntaxFault(err error) *lang.Fault {
	fault := &lang.Fault{File: f.path, Line: 1, Column: 1, Remedy: "look at the indentation, quotes and colons here and in the line above"}
	if syntax, ok := errors.AsType[*yaml.SyntaxError](err); ok && syntax.Token != nil && syntax.Token.Position != nil {
		fault.Line, fault.Column = max(1, syntax.Token.Position.Line), max(1, syntax.Token.Position.Column)
		fault.What = "the YAML is broken: " + strings.ReplaceAll(syntax.Message, "\t", `\t`)
	} else {
		fault.What, _, _ = strings.Cut(err.Error(), "\n")
	}
	line := ""
	if fault.Line <= len(f.lines) {
		line = f.lines[fault.Line-1]
	}
	switch {
	case indentTab.MatchString(line):
		fault.What, fault.Remedy = "a tab stands where the line begins", "indent with spaces"
	case strings.Contains(fault.What, "unknown escape"):
		fault.Remedy = `between " and " a backslash is doubled: write \\, or use ' and ' instead`
	case strings.Contains(fault.What, "end character"):
		fault.Remedy = "close the quotes"
	case strings.Contains(fault.What, "must be specified"), strings.Contains(fault.What, "end token"):
		fault.Remedy = "close every [ and { that was opened, here or in the line above"
	case quotedStart.MatchString(line):
		fault.Remedy = `put the whole text into quotes; " and ' inside them are doubled or of the other kind`
	case markStart.MatchString(line):
		fault.Remedy = "put the text into quotes: YAML gives its first character a meaning of its own"
	case strings.Contains(fault.What, "mapping value is not allowed"):
		fault.Remedy = `put a text with ": " in it into quotes; otherwise look at the indentation here and in the line below`
	}
	return fault
}

var (
	indentTab   = regexp.MustCompile(`^ *\t`)
	quotedStart = regexp.MustCompile(`: +["'].*["'].*\S`)
	markStart   = regexp.MustCompile("^[^:]*: +[*&!%@`|>{\\[]")
	blockStart  = regexp.MustCompile(`^( {0,4}- |[^\s#])`)
	isKey       = regexp.MustCompile(`^[^\s#-]`)
)

// cutOut blanks the step or section that a line belongs to. If the line begins
// one, the mistake may well be in the one before it, which goes too. The items of a
// key go with it: alone, they would seem to belong to what stands above.
func (f *file) cutOut(line int) {
	at := min(line, len(f.lines)) - 1
	begins := func(i int) bool { return blockStart.MatchString(f.lines[i]) }
	start := at
	for start > 0 && !begins(start) {
		start--
	}
	if start == at {
		for start--; start > 0 && !begins(start); start-- {
		}
		start = max(start, 0)
	}
	ends := begins
	if isKey.MatchString(f.lines[at]) {
		ends = func(i int) bool { return isKey.MatchString(f.lines[i]) }
	}
	end := at + 1
	for end < len(f.lines) && !ends(end) {
		end++
	}
	f.lines = slices.Clone(f.lines)
	clear(f.lines[start:end])
}

// faultAt notes a fault at a place that has no node.
func (f *file) faultAt(line, column int, what, remedy string) {
	what = strings.ReplaceAll(what, "\n", " ") // of a text that it quotes
	*f.faults = append(*f.faults, lang.Fault{File: f.path, Line: line, Column: column, What: what, Remedy: remedy})
}

func (f *file) fault(n ast.Node, what, remedy string) {
	line, column := position(n)
	f.faultAt(line, column, what, remedy)
}

// faultAtEnd notes that something is missing, where it can be added.
func (f *file) faultAtEnd(what, remedy string) {
	last := len(f.lines)
	f.faultAt(last, utf8.RuneCountInString(f.lines[last-1])+1, what, remedy)
}

// faultAtName notes a fault at a name within an expression, and faultAtText at a
// text, as far as it can be found where the value begins.
func (f *file) faultAtName(n ast.Node, name, what, remedy string) {
	f.faultWithin(n, name, false, what, remedy)
}

func (f *file) faultAtText(n ast.Node, text, what, remedy string) {
	f.faultWithin(n, text, true, what, remedy)
}

func (f *file) faultWithin(n ast.Node, word string, quoted bool, what, remedy string) {
	line, column := position(n)
	src, quotes := f.written(n)
	if at := lang.Word(src, word, quoted); at >= 0 {
		column += quotes + utf8.RuneCountInString(src[:at])
	}
	f.faultAt(line, column, what, remedy)
}

// columnIn is the column of a character of a value: where the value begins, if it is
// not written in the file as it is.
func (f *file) columnIn(n ast.Node, value string, at int) int {
	_, column := position(n)
	if src, quotes := f.written(n); strings.HasPrefix(src, value) {
		column += quotes + at
	}
	return column
}

// written is the rest of the line on which a value begins, without the quotes before
// it, which are counted.
func (f *file) written(n ast.Node) (src string, quotes int) {
	line, column := position(n)
	if line > len(f.lines) {
		return "", 0
	}
	runes := []rune(f.lines[line-1])
	if column > len(runes) {
		return "", 0
	}
	rest := string(runes[column-1:])
	src = strings.TrimLeft(rest, `"'`)
	return src, len(rest) - len(src)
}

// textFault notes a fault in the words of a text: where the wrong part of them
// stands, or where they begin.
func (f *file) textFault(e entry, fault *lang.TextFault) {
	what := "the text cannot be read: " + fault.What
	_, margin := position(e.keyNode)
	begin, column := position(e.value)
	for i := begin - 1; i < len(f.lines); i++ {
		line := []rune(f.lines[i])
		from := 0
		if i == begin-1 {
			from = min(column-1, len(line))
		} else if words := strings.TrimLeft(f.lines[i], " "); words != "" && len(f.lines[i])-len(words) < margin {
			break // the next key
		}
		if before, _, found := strings.Cut(string(line[from:]), fault.At); found {
			f.faultAt(i+1, from+utf8.RuneCountInString(before)+fault.Into+1, what, fault.Remedy)
			return
		}
	}
	f.faultAt(begin, column, what, fault.Remedy)
}

func line(n ast.Node) int {
	line, _ := position(n)
	return line
}

// position is where a node begins, counted from 1.
func position(n ast.Node) (line, column int) {
	switch m := n.(type) {
	case *ast.MappingNode: // its own token is a colon somewhere in it
		if !m.IsFlowStyle && len(m.Values) > 0 {
			n = m.Values[0].Key
		} else if m.Start != nil && m.Start.Position != nil {
			return max(1, m.Start.Position.Line), max(1, m.Start.Position.Column)
		}
	case *ast.MappingValueNode:
		n = m.Key
	}
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return 1, 1
	}
	return max(1, n.GetToken().Position.Line), max(1, n.GetToken().Position.Column)
}
