package catalog

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows"
)

//go:embed shipped
var embedded embed.FS

// Shipped returns the flows and texts that come with the program.
func Shipped() fs.FS {
	sub, err := fs.Sub(embedded, "shipped")
	if err != nil {
		panic(err) // the name is a valid path: cannot happen
	}
	return sub
}

// Load reads and checks the flows in the *.yaml files of fsys and their texts
// in texts/*.yaml, one file a language. defaultZone is the IANA zone of people
// who have not told theirs. The error holds every fault found, as
// flows.Faults.
func Load(fsys fs.FS, defaultZone string) (*flows.Catalog, error) {
	if _, err := time.LoadLocation(defaultZone); err != nil {
		return nil, fmt.Errorf("time zone %q: %w: use an IANA name such as Europe/Berlin", defaultZone, err)
	}
	l := &loader{vars: map[string]any{"onset": time.Time{}, "zone": ""}, owners: make(map[string]place)}
	if err := l.flows(fsys); err != nil {
		return nil, err
	}
	l.compile()
	media := l.loadMedia(fsys)
	texts, err := l.texts(fsys)
	if err != nil {
		return nil, err
	}
	if len(l.faults) > 0 {
		return nil, l.faults.Sort()
	}
	c := flows.NewCatalog(l.list, texts, defaultZone)
	c.Vars, c.Media = l.vars, media
	return c, nil
}

// loader gathers everything before it judges anything: names may be used
// before they are declared.
type loader struct {
	faults flows.Faults
	list   []*flows.Flow
	// steps remembers where each step stands, in the order of reading.
	steps []*stepPlace
	// owners tells which file and node declared a step or track name.
	owners map[string]place
	// vars maps each variable to a value of its type.
	vars map[string]any
	// pending are the expressions, compiled once all variables are known.
	pending []*pendingExpr
	// media are the pictures and animations that steps show.
	media []mediaPlace
	// checks run when every flow has been read.
	checks []func()
}

type place struct {
	f *file
	n ast.Node
}

// stepPlace is a step and where it was read.
type stepPlace struct {
	place
	flow  *flows.Flow
	index int
}

func (s *stepPlace) step() *flows.Step { return &s.flow.Steps[s.index] }

type pendingExpr struct {
	place
	src    string
	want   flows.Type
	into   **flows.Expr
	assign string // the variable whose type it gives, if any
	extra  map[string]any
}

func yamlFiles(fsys fs.FS, dir string) ([]string, error) {
	list, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range list {
		if ext := path.Ext(e.Name()); !e.IsDir() && (ext == ".yaml" || ext == ".yml") {
			names = append(names, path.Join(dir, e.Name()))
		}
	}
	return names, nil
}

func (l *loader) flows(fsys fs.FS) error {
	names, err := yamlFiles(fsys, ".")
	if err != nil {
		return fmt.Errorf("read the flows folder: %w", err)
	}
	if len(names) == 0 {
		return errors.New("the flows folder holds no .yaml file: put each flow into a file of its own there")
	}
	for _, name := range names {
		f := &file{name, &l.faults}
		root := f.parse(fsys)
		if root == nil {
			continue
		}
		if fl := l.flow(f, root); fl != nil {
			l.list = append(l.list, fl)
		}
	}
	for _, check := range l.checks {
		check()
	}
	l.checkFlows()
	return nil
}

// own claims a name that must be unique in the whole catalog: step and track
// names are the keys of the timeline, the variables and the texts.
func (l *loader) own(f *file, n ast.Node, name string) {
	if p, ok := l.owners[name]; ok {
		f.fault(n, fmt.Sprintf("the name %q is taken in %s:%d", name, p.f.path, p.n.GetToken().Position.Line),
			"choose another: steps, rounds and reminders share one set of names")
		return
	}
	l.owners[name] = place{f, n}
}

// expr notes an expression to be compiled later.
func (l *loader) expr(f *file, n ast.Node, want flows.Type, into **flows.Expr) *pendingExpr {
	p := &pendingExpr{place: place{f, n}, src: f.str(n), want: want, into: into}
	l.pending = append(l.pending, p)
	return p
}

// compile compiles the noted expressions. Assignments come first, round by
// round, since each may give a type to a variable that the next one uses.
func (l *loader) compile() {
	waiting := l.pending
	for {
		var stuck []*pendingExpr
		for _, p := range waiting {
			if !l.known(p) {
				stuck = append(stuck, p)
				continue
			}
			l.compileOne(p)
		}
		if len(stuck) == len(waiting) {
			for _, p := range stuck {
				l.compileOne(p) // reports the unknown name
			}
			return
		}
		waiting = stuck
	}
}

func (l *loader) known(p *pendingExpr) bool {
	names, err := flows.Names(p.src)
	if err != nil {
		return true // compiling will say so
	}
	for _, name := range names {
		_, isVar := l.vars[name]
		_, isExtra := p.extra[name]
		if !isVar && !isExtra && !flows.Reserved(name) {
			return false
		}
	}
	return true
}

func (l *loader) compileOne(p *pendingExpr) {
	env := make(map[string]any, len(l.vars)+len(p.extra))
	for name, v := range l.vars {
		env[name] = v
	}
	for name, v := range p.extra {
		env[name] = v
	}
	e, err := flows.CompileExpr(p.src, env, p.want)
	if err != nil {
		p.f.fault(p.n, fmt.Sprintf("%q is not a valid expression: %v", p.src, err),
			"see the flow language's expressions; the names known here are "+oneOf(env))
		return
	}
	*p.into = e
	if p.assign == "" {
		return
	}
	zero := e.Returns()
	if zero == nil {
		p.f.fault(p.n, fmt.Sprintf("%q is none of text, number, true/false or instant", p.src), "a variable must be one of these")
		return
	}
	if old, ok := l.vars[p.assign]; ok && fmt.Sprintf("%T", old) != fmt.Sprintf("%T", zero) {
		p.f.fault(p.n, fmt.Sprintf("%q is set to a %s here and to a %s elsewhere", p.assign, typeName(zero), typeName(old)), "a variable keeps one type: use another name")
		return
	}
	l.vars[p.assign] = zero
}

func typeName(v any) string {
	switch v.(type) {
	case string:
		return "text"
	case float64:
		return "number"
	case bool:
		return "true/false"
	}
	return "instant"
}

// syntaxFault reports what the YAML library found, at the place it names.
func (f *file) syntaxFault(err error) {
	fault := flows.Fault{File: f.path, Line: 1, Column: 1, Remedy: "mend the YAML here; look at indentation, quotes and colons"}
	var syntax *yaml.SyntaxError
	if errors.As(err, &syntax) && syntax.Token != nil {
		fault.Line, fault.Column = syntax.Token.Position.Line, syntax.Token.Position.Column
		fault.What = syntax.Message
	} else {
		fault.What, _, _ = strings.Cut(err.Error(), "\n")
	}
	*f.faults = append(*f.faults, fault)
}
