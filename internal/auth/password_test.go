package auth_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
)

func TestPasswordsByTheRules(t *testing.T) {
	t.Parallel()
	for password, allowed := range map[string]bool{
		"Tuanjie-7lu": true, "雨Xi湖34567": true, "correct Horse 9": true,
		"Kx7mPq3": false, "kx7mpq3w": false, "Passw0rd": false, "P@ssw0rd2026": false, "Admin@123": false, "Qwer1234": false,
		"Aa123456": false, "Abc@12345": false, "Guatu2026!": false, "Jiaxing@2020": false, "Aa1Aa1Aa1": false, "Aaaa1111": false,
		"wangmei-X9": false, "X9WangMei": false, "\xff\xfeAbc12345": false,
	} {
		err := auth.UsualRules().CheckPassword("wangmei", password)
		if allowed {
			assert.NoError(t, err, password)
		} else {
			assert.Error(t, err, password)
		}
	}
}

func TestARandomPasswordIsByTheRulesAndNeverTheSame(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 20_000 {
		p := auth.RandomPassword("mei")
		require.NoError(t, auth.UsualRules().CheckPassword("mei", p), p)
		require.Len(t, p, 17)
		require.False(t, seen[p])
		seen[p] = true
	}
}
