package child

import (
	"fmt"
	"strings"
	"syscall"
	"time"

	"github.com/guatu/guatu/internal/fault"
)

// explain turns the end of a child into a sentence.
func explain(err error, late bool, stderr string, allowed time.Duration) error {
	exit, ok := exitError(err)
	if !ok && !late {
		return fmt.Errorf("start the import child: %w", err)
	}
	if late {
		return tooLong(allowed).Because(err)
	}
	status, _ := exit.Sys().(syscall.WaitStatus)
	const shell = 128 // a shell reports the signal that ended its command so
	switch {
	case status.Signaled():
		return bySignal(status.Signal(), allowed, stderr).Because(err)
	case status.ExitStatus() > shell && status.ExitStatus() < shell+64:
		return bySignal(syscall.Signal(status.ExitStatus()-shell), allowed, stderr).Because(err)
	}
	return byMessage(stderr).Because(err)
}

// bySignal names the limit or the crash behind a signal.
func bySignal(s syscall.Signal, allowed time.Duration, stderr string) *fault.Error {
	switch {
	case s == syscall.SIGXFSZ:
		return tooMuch()
	case s == syscall.SIGXCPU, s == syscall.SIGKILL:
		return tooLong(allowed)
	case outOfMemory(stderr):
		return tooHungry()
	default:
		return fault.New(fault.KindInvalid, "reader_crashed",
			"文件使读取程序异常终止，内容可能已损坏或带有恶意数据；请用 GIS 软件打开检查后另存再导入",
			"The file made the reading program crash; it may be damaged or hostile. Open it in a GIS, save it anew and import that.")
	}
}

// byMessage translates what the tool said before it gave up.
func byMessage(stderr string) *fault.Error {
	if outOfMemory(stderr) {
		return tooHungry()
	}
	// GDAL reports the kernel's refusal to write as a failed write.
	if strings.Contains(stderr, "File too large") {
		return tooMuch()
	}
	return fault.New(fault.KindInvalid, "unreadable_file",
		"文件无法读取，内容已损坏或与扩展名不符；请用 GIS 软件打开检查后另存再导入",
		"The file cannot be read: it is damaged or is not what its name says. Open it in a GIS, save it anew and import that.")
}

func outOfMemory(stderr string) bool {
	for _, s := range []string{"annot allocate", "ut of memory", "bad_alloc", "memory exhausted", "VSI_MALLOC"} {
		if strings.Contains(stderr, s) {
			return true
		}
	}
	return false
}

func tooLong(allowed time.Duration) *fault.Error {
	n := int(allowed / time.Second)
	return fault.New(fault.KindInvalid, "reader_timeout",
		fmt.Sprintf("读取文件超过 %d 秒，已停止；文件可能有循环引用或恶意数据，请拆分或另存后再导入", n),
		fmt.Sprintf("Reading the file took more than %d seconds and was stopped; it may be cyclic or hostile. Split it or save it anew.", n))
}

func tooMuch() *fault.Error {
	return fault.New(fault.KindInvalid, "reader_flood",
		"文件展开后的内容过大，已停止读取；请拆分后再导入",
		"The file unfolds into too much data, so reading was stopped; split it and import the parts.")
}

func tooHungry() *fault.Error {
	return fault.New(fault.KindInvalid, "reader_memory",
		"读取文件所需内存超过上限，已停止；请拆分或简化后再导入",
		"Reading the file needs more memory than allowed, so it was stopped; split or simplify it.")
}
