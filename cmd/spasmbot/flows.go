package main

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"spasmbot/bot/app"
	"spasmbot/flows/catalog"
	"spasmbot/flows/graph"
	"spasmbot/flows/lang"
)

// flowsCommand is "spasmbot flows": what helps to write flows.
type flowsCommand struct {
	Check   flowsCheckCommand   `cmd:"" help:"Say what is wrong with flows, and prove what they promise."`
	Graph   flowsGraphCommand   `cmd:"" help:"Draw an overview of flows, or all of one flow, as a chart."`
	Diff    flowsDiffCommand    `cmd:"" help:"Say what changed between two versions of flows, and whom it touches."`
	Measure flowsMeasureCommand `cmd:"" help:"Count what flows ask of scripted people, and hold it against budgets."`
	Play    flowsPlayCommand    `cmd:"" help:"Talk with the flows in the terminal."`
	Replay  flowsReplayCommand  `cmd:"" help:"Play a transcript again and say where it goes another way."`
	Reload  flowsReloadCommand  `cmd:"" help:"Have the bot that runs read its folder of flows again."`
	Schema  flowsSchemaCommand  `cmd:"" help:"Print the JSON Schema of a flow file, for editors."`
}

// folder is the flows that a command works on.
type folder struct {
	Dir string `arg:"" optional:"" name:"dir" type:"existingdir" help:"A folder of flows: *.yaml, and texts/*.yaml. Default: the built-in ones."`
}

// flowsIn is a folder of flows, the built-in ones if dir is empty.
func flowsIn(dir string) fs.FS {
	if dir == "" {
		return catalog.Shipped()
	}
	return app.Dir(dir)
}

// loadFlows reads the flows of a folder; its error names every fault.
func loadFlows(dir, zone string) (*lang.Catalog, error) {
	cat, err := catalog.Load(flowsIn(dir), zone)
	if faults, ok := errors.AsType[lang.Faults](err); ok {
		what := "1 fault"
		if len(faults) != 1 {
			what = fmt.Sprintf("%d faults", len(faults))
		}
		return nil, fmt.Errorf("the flows have %s:\n%w", what, err)
	}
	if err != nil && dir != "" {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return cat, err
}

// flowsGraphCommand is "spasmbot flows graph".
type flowsGraphCommand struct {
	folder
	Flow   string `placeholder:"NAME" help:"Draw this flow, with all its steps, instead of an overview of all flows."`
	Format string `default:"mermaid" enum:"mermaid,dot" help:"mermaid, which Markdown shows, or dot, for Graphviz."`
}

// Run prints the chart.
func (c *flowsGraphCommand) Run(w *world) error {
	cat, err := loadFlows(c.Dir, "UTC")
	if err != nil {
		return err
	}
	chart := graph.Overview(cat)
	if c.Flow != "" {
		f := cat.Flow(c.Flow)
		if f == nil {
			return usagef("--flow %s: there is no such flow: name one of %s", c.Flow, flowNames(cat))
		}
		chart = graph.Flow(cat, f)
	}
	if c.Format == "dot" {
		_, err = fmt.Fprint(w.stdout, chart.DOT())
		return err
	}
	if why := chart.TooLarge(); why != "" {
		fmt.Fprintf(w.stderr, "spasmbot: the chart is too large: %s, unless its maxEdges and maxTextSize are raised; --format dot is for Graphviz, which has no limit\n", why)
	}
	_, err = fmt.Fprint(w.stdout, chart.Mermaid())
	return err
}

// flowNames lists the flows of a catalog.
func flowNames(cat *lang.Catalog) string {
	var names []string
	for _, f := range cat.Flows() {
		names = append(names, f.ID)
	}
	return strings.Join(names, ", ")
}

// flowsSchemaCommand is "spasmbot flows schema".
type flowsSchemaCommand struct {
	Texts bool `help:"The schema of a text file instead."`
}

// Run prints the schema.
func (c *flowsSchemaCommand) Run(w *world) error {
	schema := catalog.Schema()
	if c.Texts {
		schema = catalog.TextsSchema()
	}
	_, err := w.stdout.Write(schema)
	return err
}
