package config

import "time"

func logSettings() []Setting {
	return []Setting{
		{"GUATU_LOG_DAYS", "400", "访问日志保存天数，至少六个月", "days that the access log is kept, six months at least", false},
	}
}

// leastLogDays are six months (网络安全法, article 21), whichever months they are; the database holds the same.
const leastLogDays = 184

func readLog(value map[string]string) (time.Duration, error) {
	days, err := number(value, "GUATU_LOG_DAYS", leastLogDays, 3650)
	return time.Duration(days) * 24 * time.Hour, err
}
