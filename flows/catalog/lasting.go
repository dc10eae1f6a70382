package catalog

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"
)

// lasting reads the flow that a choice leads to once its question is over. An old
// button tells its choice and not its step, so that all choices of one name lead to one
// flow.
func (l *loader) lasting(f *file, n ast.Node, choice string) string {
	flow := l.flowTarget(f, n)
	first, again := l.lasts[choice]
	switch {
	case !again && flow != "":
		l.lasts[choice] = flow
	case again && flow != "" && flow != first:
		f.fault(n, fmt.Sprintf("the choice %q lasts and leads to %q here, and to %q elsewhere", choice, flow, first),
			"name one flow in both places, or give the choice another name: an old button does not tell its step")
	}
	l.checks = append(l.checks, func() {
		l.checkNoEpisode(f, n, fmt.Sprintf("the lasting choice %q", choice))
	})
	return flow
}
