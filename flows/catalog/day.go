package catalog

import (
	"fmt"
	"slices"
	"time"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows/lang"
	"spasmbot/flows/plan"
)

// classes are those that a reminder can have. A round is one of its own.
var classes = slices.DeleteFunc(plan.Classes(), func(c plan.Class) bool { return c == plan.ClassRound })

// day reads how the days of an episode are planned.
func (l *loader) day(f *file, n ast.Node, fl *flowPlace) {
	l.byClock(f, n)
	d := &lang.Day{
		Order: plan.Classes(), Apart: []plan.Class{plan.ClassExercise, plan.ClassMove, plan.ClassWater},
		Quarter: 15 * time.Minute, Evening: 2 * time.Hour, Awake: time.Hour,
	}
	f.fields(n, "the planning of a day", readers{
		"invitations": func(v ast.Node) { l.expr(f, v, lang.NumberType, &d.Invitations) },
		"rings":       func(v ast.Node) { l.expr(f, v, lang.NumberType, &d.Rings) },
		"quarter":     func(v ast.Node) { d.Quarter = f.duration(v) },
		"evening":     func(v ast.Node) { d.Evening = f.duration(v) },
		"awake":       func(v ast.Node) { d.Awake = f.duration(v) },
		"order":       func(v ast.Node) { d.Order = f.order(v) },
		"apart":       func(v ast.Node) { d.Apart = f.classes(v, "apart", classes) },
	})
	fl.Day = d
}

// order reads the classes, the most important first.
func (f *file) order(n ast.Node) []plan.Class {
	before := len(*f.faults)
	list := f.classes(n, "order", plan.Classes())
	for _, c := range plan.Classes() {
		if !slices.Contains(list, c) && len(*f.faults) == before {
			f.fault(n, fmt.Sprintf("the order lacks %q", c), "name all of safety, round, check_in, exercise, move and water, the most important first")
		}
	}
	return list
}

// classes reads a list of classes, each once.
func (f *file) classes(n ast.Node, what string, from []plan.Class) []plan.Class {
	var list []plan.Class
	for _, item := range f.items(n, what) {
		c := pick(f, item, "class", from)
		if slices.Contains(list, c) && c != "" {
			f.fault(item, fmt.Sprintf("the class %q is given twice", c), "keep one of them")
		}
		list = append(list, c)
	}
	return list
}
