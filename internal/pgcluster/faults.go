package pgcluster

import (
	"fmt"
	"strings"

	"github.com/guatu/guatu/internal/fault"
)

// Codes of the faults of this package.
const (
	CodeNoBinaries    = "postgis_not_installed"
	CodeFolderInUse   = "data_folder_in_use"
	CodeNotWritable   = "data_folder_not_writable"
	CodeClusterLost   = "cluster_missing"
	CodeClusterOther  = "cluster_of_another_folder"
	CodeFolderCopied  = "data_folder_copied"
	CodeAnotherExists = "another_data_folder_exists"
	CodeForeignOwner  = "cluster_of_another_user"
	CodeNoAccount     = "no_account_for_postgres"
	CodeDiskFull      = "disk_full"
	CodeSocketFolder  = "socket_folder_unsafe"
	CodeStartFailed   = "postgres_start_failed"
	CodeDied          = "postgres_died"
	CodeNotClean      = "postgres_stop_not_clean"
)

func noBinaries(major string) *fault.Error {
	if major == "" {
		major = defaultMajor
	}
	line := fmt.Sprintf("sudo apt-get install -y postgresql-%s postgresql-%s-postgis-3", major, major)
	return fault.New(fault.KindUnavailable, CodeNoBinaries,
		fmt.Sprintf("本机没有可用的 PostgreSQL %s 与 PostGIS。请先安装：%s", major, line),
		fmt.Sprintf("PostgreSQL %s with PostGIS is not installed on this machine. Install it first: %s", major, line))
}

func folderInUse(dir string, i Info) *fault.Error {
	zhAddr, enAddr := i.Address, i.Address
	if i.Address == "" {
		zhAddr, enAddr = "尚未开始监听", "not listening yet"
	}
	return fault.New(fault.KindConflict, CodeFolderInUse,
		fmt.Sprintf("数据目录 %s 正被另一个 guatu 使用（进程号 %d，地址 %s）。请先停止它，或用 GUATU_DATA 指定另一个数据目录。", dir, i.PID, zhAddr),
		fmt.Sprintf("the data folder %s is in use by another guatu (pid %d, address %s). Stop it first, or name another data folder with GUATU_DATA.", dir, i.PID, enAddr)).With(i)
}

func notWritable(dir string) *fault.Error {
	return fault.New(fault.KindDenied, CodeNotWritable,
		fmt.Sprintf("当前用户无权使用数据目录 %s。请以它的属主启动，或用 GUATU_DATA 指定另一个数据目录。", dir),
		fmt.Sprintf("this user may not use the data folder %s. Start as its owner, or name another data folder with GUATU_DATA.", dir))
}

func clusterLost(dir, home string) *fault.Error {
	return fault.New(fault.KindConflict, CodeClusterLost,
		fmt.Sprintf("数据目录 %s 指向的数据库 %s 不存在或不完整。请把它放回原处或从备份恢复；若确实要从空库开始，请删除 %s 下的 %s 后再启动。", dir, home, dir, pointerFile),
		fmt.Sprintf("the data folder %s points to the database cluster %s, which is missing or incomplete. Put it back or restore a backup; to begin with an empty database, delete %s in %s and start again.", dir, home, pointerFile, dir))
}

func clusterOther(dir, home, owner string) *fault.Error {
	return fault.New(fault.KindConflict, CodeClusterOther,
		fmt.Sprintf("数据目录 %s 指向的数据库 %s 属于另一个数据目录 %s，编号不一致，未启动。请检查是否误拷了 %s。", dir, home, owner, pointerFile),
		fmt.Sprintf("the data folder %s points to the database cluster %s, but that belongs to the data folder %s: the ids differ. Nothing was started. Check whether %s was copied by mistake.", dir, home, owner, pointerFile))
}

func folderCopied(dir, original string) *fault.Error {
	return fault.New(fault.KindConflict, CodeFolderCopied,
		fmt.Sprintf("数据目录 %s 是 %s 的副本，两者指向同一个数据库，未启动。请使用原目录；若要另起一套，请在新的空目录中恢复备份。", dir, original),
		fmt.Sprintf("the data folder %s is a copy of %s and both point to the same database cluster. Nothing was started. Use the original, or restore a backup into a new, empty folder.", dir, original))
}

func anotherExists(dir string, others []string) *fault.Error {
	list := strings.Join(others, ", ")
	return fault.New(fault.KindConflict, CodeAnotherExists,
		fmt.Sprintf("%s 还没有数据库，而本机已有数据目录：%s。为免误建第二个数据库，未启动。要用已有的，请设 GUATU_DATA 为它；要在这里新建，请设 GUATU_DATA=%s。", dir, list, dir),
		fmt.Sprintf("%s holds no database yet, and there are data folders on this machine already: %s. Nothing was started, lest a second database be made by mistake. Set GUATU_DATA to one of them, or to %s to make a new one here.", dir, list, dir)).With(others)
}

func foreignOwner(path, user string) *fault.Error {
	return fault.New(fault.KindDenied, CodeForeignOwner,
		fmt.Sprintf("数据库 %s 属于系统用户 %s，当前用户无权启动。请以该用户或 root 启动，或用 GUATU_DATA 指定另一个数据目录。", path, user),
		fmt.Sprintf("the database cluster %s belongs to the system user %s; this user may not start it. Start as that user or as root, or name another data folder with GUATU_DATA.", path, user))
}

func noAccount(cause error) *fault.Error {
	return fault.New(fault.KindUnavailable, CodeNoAccount,
		"PostgreSQL 不能以 root 运行，而本机没有可用的系统用户，也无法新建。请执行：useradd --system guatu",
		"PostgreSQL does not run as root, and there is no system user for it, nor could one be made. Run: useradd --system guatu").Because(cause)
}

func diskFull(path string, free uint64) *fault.Error {
	mb := free >> 20
	return fault.New(fault.KindUnavailable, CodeDiskFull,
		fmt.Sprintf("磁盘已满：%s 所在磁盘仅剩 %d MB。请腾出空间后重试，已确认的数据没有丢失。", path, mb),
		fmt.Sprintf("the disk is full: %d MB are left where %s lives. Make room and try again; no confirmed data is lost.", mb, path))
}

func unsafeSocket(path string) *fault.Error {
	return fault.New(fault.KindDenied, CodeSocketFolder,
		fmt.Sprintf("数据库套接字目录 %s 已被他人占用或权限不严，未启动。请删除该目录，或换一个路径较短的数据目录。", path),
		fmt.Sprintf("the folder %s for the database socket belongs to somebody else or is open to others. Nothing was started. Delete it, or choose a data folder with a shorter path.", path))
}

func startFailed(log, tail string, cause error) *fault.Error {
	return fault.New(fault.KindUnavailable, CodeStartFailed,
		fmt.Sprintf("PostgreSQL 启动失败。日志在 %s，末尾为：%s", log, tail),
		fmt.Sprintf("PostgreSQL did not start. The log is in %s and ends: %s", log, tail)).Because(cause)
}

func died(cause error) *fault.Error {
	return fault.New(fault.KindUnavailable, CodeDied,
		"PostgreSQL 意外退出，正在重新启动，请稍候再试。",
		"PostgreSQL ended unexpectedly and is being started again; try again in a moment.").Because(cause)
}

func notClean(cause error) *fault.Error {
	return fault.New(fault.KindUnavailable, CodeNotClean,
		"PostgreSQL 未能正常关闭，下次启动时会自动恢复，已确认的数据没有丢失。",
		"PostgreSQL did not shut down cleanly; the next start recovers by itself and no confirmed data is lost.").Because(cause)
}
