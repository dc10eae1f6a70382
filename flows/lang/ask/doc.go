// Package ask holds the kinds of questions that a flow can ask, each in one
// file. Nothing outside of the package knows which kinds there are: the loader
// reads the keys that a kind names, the engine shows its buttons and takes what
// it takes for an answer, the checker tries the samples that it gives.
//
// # How to add a kind of question
//
//  1. Write one file. In it, a type that implements [Kind]: the word behind
//     "ask:", a few words on how it is answered, the keys that its steps have
//     besides those of every step ([Part] says what an editor is told about keys
//     that are missing or out of place), and Read, which makes a question of a
//     step and tells what is wrong with its values.
//  2. In the same file, a type that implements [Question], all of it. Embed the
//     traits that fit, such as [ByButtons], [ForEverybody] and [OneText]; write
//     the rest. A question is a value: what a person has put together so far is
//     in [View], and an [Outcome] says what it becomes.
//  3. Add the kind to [Kinds], where it is explained: after the one it is most
//     like.
//  4. Run go test ./flows/catalog -update, which writes the schema that editors
//     complete from, and add to flows/catalog/testdata/broken a case for each
//     fault that the kind tells. Say in docs/flows.md what the keys mean.
//
// guide_test.go does all of this for a kind that only it knows. In ticks.go is one
// that is answered by several presses.
package ask
