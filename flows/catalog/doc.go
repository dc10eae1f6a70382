// Package catalog loads flows and their texts and checks them, and carries the
// ones that come with the program.
//
// Schema and TextsSchema describe the files to editors, which then complete
// and underline. The first line of a file asks for it, with the path from the
// file to the schema:
//
//	# yaml-language-server: $schema=../docs/flow.schema.json
//
// # Caveats
//
// Load reads a whole folder and returns every fault at once, each with file,
// line, column and what to do. A catalog with a fault is not returned: nobody
// should meet a half-read flow.
//
// A mistake of YAML syntax hides the step or section around it, and no more:
// the rest of the file is read. What depends on the hidden part is not judged,
// so a second load may find what the first could not.
//
// Anchors, aliases, merge keys and tags are refused. They would make a step
// say something that does not stand there.
package catalog
