package campaign_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/campaign"
)

// TestABulletinNamesNobody: numbers and names that were planted are found however they are written; figures and units are not taken for them.
func TestABulletinNamesNobody(t *testing.T) {
	t.Parallel()
	people := []string{"沈根", "费 明华", "王", ""}
	for words, clean := range map[string]bool{
		"": true,
		"抓紧办理，逐件明确完成时间。":             true,
		"王店镇完成12家，腾退13800.12亩。":      true, // a name of one character is in a town's
		"累计1380000123456789元。":       true, // longer than a telephone number
		"联系电话13800001234。":           false,
		"330411199001011234":         false,
		"身份证33041119900101123x，请核对。": false,
		"由沈根负责。":                     false,
		"由沈　根负责。":                    false,
		"请费明华\n到场":                   false,
		"联系费明\n华":                    false,
	} {
		err := campaign.NamesNobody(words, people)
		assert.Equal(t, clean, err == nil, "%s: %v", words, err)
		if err != nil {
			assert.Contains(t, err.Error(), "personal_data", words)
		}
	}
	require.NoError(t, campaign.NamesNobody("由沈根负责。", nil), "only people who are known")
}
