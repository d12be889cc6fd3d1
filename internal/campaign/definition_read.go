package campaign

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed rectify2020.json
var rectify2020 []byte

//go:embed rectify2020-tracks.json
var rectify2020Tracks []byte // sheets, rules of eligibility, lists and bans of the same campaign

// Rectify2020 is the campaign of 秀洲政办发〔2020〕22号 as it is offered to an empty database.
func Rectify2020() (Definition, error) { return ParseDefinition(rectify2020, rectify2020Tracks) }

// ParseDefinition reads a campaign from JSON, which may come in parts, and checks it.
func ParseDefinition(parts ...[]byte) (Definition, error) {
	var d Definition
	for _, text := range parts {
		if err := json.Unmarshal(text, &d); err != nil {
			return Definition{}, fmt.Errorf("read campaign: %w", err)
		}
	}
	return d, d.Check()
}

// ReadDefinition reads a campaign as somebody wrote it: an unknown key is a slip, not to be dropped in silence.
func ReadDefinition(text []byte) (Definition, error) {
	var d Definition
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		return Definition{}, fmt.Errorf("read campaign: %w", err)
	}
	return d, nil
}
