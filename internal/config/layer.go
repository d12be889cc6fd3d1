package config

func layerSettings() []Setting {
	return []Setting{
		{"GUATU_LAYER_MB", "512", "一个图层的图形最多占用内存 MB，超出部分随用随读", "megabytes of memory for the geometries of a layer; those beyond are read when they are asked for", false},
	}
}

// readLayers is bytes.
func readLayers(value map[string]string) (int64, error) {
	mb, err := number(value, "GUATU_LAYER_MB", 0, 1<<20)
	return int64(mb) << 20, err
}
