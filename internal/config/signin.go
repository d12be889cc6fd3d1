package config

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// SignIn is how people sign in; the defaults are the habits of 等保 2.0.
type SignIn struct {
	PasswordLength  int
	PasswordClasses int
	PasswordAge     time.Duration // 0: never expires
	Failures        int
	Lock            time.Duration
	Idle            time.Duration
	Lifetime        time.Duration
	Hash            Argon2
}

// Argon2 is what hashing a password takes.
type Argon2 struct {
	MemoryKiB   uint32
	Iterations  uint32
	Parallelism uint8
}

func signInSettings() []Setting {
	return []Setting{
		{"GUATU_PASSWORD_LENGTH", "8", "密码最少位数", "least length of a password", false},
		{"GUATU_PASSWORD_CLASSES", "3", "密码至少含大写、小写、数字、符号中的几种", "how many of upper case, lower case, digits and signs a password has", false},
		{"GUATU_PASSWORD_DAYS", "90", "密码有效天数，0 为不限", "days until a password must be changed, 0 for never", false},
		{"GUATU_SIGN_IN_FAILURES", "5", "连续输错几次后锁定", "wrong attempts in a row before a lock", false},
		{"GUATU_SIGN_IN_LOCK", "30", "锁定分钟数", "minutes of the lock", false},
		{"GUATU_SESSION_IDLE", "30", "未操作多少分钟后退出", "minutes without activity before a session ends", false},
		{"GUATU_SESSION_HOURS", "12", "一次登录最长小时数", "hours after which a session ends in any case", false},
		{"GUATU_ARGON2", "65536,3,2", "口令散列的内存（KiB）、轮数、线程数", "memory (KiB), iterations and threads of password hashing", false},
	}
}

func readSignIn(value map[string]string) (SignIn, error) {
	var s SignIn
	var days, lock, idle, hours int
	for _, n := range []struct {
		name       string
		into       *int
		least, top int
	}{
		{"GUATU_PASSWORD_LENGTH", &s.PasswordLength, 8, 64},
		{"GUATU_PASSWORD_CLASSES", &s.PasswordClasses, 1, 4},
		{"GUATU_PASSWORD_DAYS", &days, 0, 3650},
		{"GUATU_SIGN_IN_FAILURES", &s.Failures, 1, 100},
		{"GUATU_SIGN_IN_LOCK", &lock, 1, 24 * 60},
		{"GUATU_SESSION_IDLE", &idle, 1, 24 * 60},
		{"GUATU_SESSION_HOURS", &hours, 1, 30 * 24},
	} {
		var err error
		if *n.into, err = number(value, n.name, n.least, n.top); err != nil {
			return s, err
		}
	}
	s.PasswordAge = time.Duration(days) * 24 * time.Hour
	s.Lock, s.Idle, s.Lifetime = time.Duration(lock)*time.Minute, time.Duration(idle)*time.Minute, time.Duration(hours)*time.Hour
	var err error
	s.Hash, err = readArgon2(value["GUATU_ARGON2"])
	return s, err
}

// number reads a setting that is a whole number.
func number(value map[string]string, name string, least, top int) (int, error) {
	n, err := strconv.Atoi(value[name])
	if err != nil || n < least || n > top {
		return 0, bad(name, value[name], fmt.Sprintf("应为 %d 到 %d", least, top), fmt.Sprintf("must be %d to %d", least, top)).Because(err)
	}
	return n, nil
}

func readArgon2(text string) (Argon2, error) {
	var memory, iterations uint32
	var threads uint8
	n, err := fmt.Sscanf(text, "%d,%d,%d", &memory, &iterations, &threads)
	if err != nil || n != 3 || memory < 8*uint32(threads) || memory > math.MaxInt32 || iterations == 0 || threads == 0 {
		return Argon2{}, bad("GUATU_ARGON2", text, "应写作 65536,3,2", "write it as 65536,3,2").Because(err)
	}
	return Argon2{MemoryKiB: memory, Iterations: iterations, Parallelism: threads}, nil
}
