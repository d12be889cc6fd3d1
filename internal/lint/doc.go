// Package lint proves that the import arrows of ARCHITECTURE.md are held: its
// test gives golangci-lint one offending file for each arrow and looks whether
// the arrow bites. It holds no code of the program.
package lint
