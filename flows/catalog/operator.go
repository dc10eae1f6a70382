package catalog

import (
	"fmt"
	"slices"

	"spasmbot/flows/lang"
)

// operatorTexts are said in the place of what the operator has not told.
func operatorTexts() want {
	w := make(want, len(lang.OperatorTexts))
	for _, name := range lang.OperatorTexts {
		w[name] = key{plain: true, most: lang.MostOperator}
	}
	return w
}

// checkOperator finds texts that show something of the operator for which there are no
// words where the operator tells nothing.
func checkOperator(t *textFile) {
	said := t.sections[lang.OperatorSection]
	for _, name := range keysOf(t.sections) {
		for _, text := range t.sections[name].inOrder() {
			for _, placeholder := range t.sections[name].templates[text].Placeholders() {
				shown := lang.OperatorKey(placeholder)
				if shown == "" || said != nil && slices.Contains(keysOf(said.templates), shown) {
					continue
				}
				t.file.fault(t.sections[name].nodes[text], fmt.Sprintf("{%s} in %s.%s has no words for an operator who has told nothing", placeholder, name, text),
					fmt.Sprintf("write the text %s.%s", lang.OperatorSection, shown))
			}
		}
	}
}
